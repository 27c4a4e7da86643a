#include "experiments/classifierfigures.h"
#include "experiments/optimizerchoice.h"
#include "experiments/taskchoice.h"
#include "experiments/weightpaths.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace losslab {

namespace {

/// What path do the weights take? Several trainings of one network, and the PCA of all weights on the way.
class WeightPca final : public Experiment
{
public:
    WeightPca()
        : Experiment(
            {.id = "weight-pca",
             .title = "Paths of the weights",
             .question =
                 "What path do a network's weights take while it learns, and do different starts meet?",
             .promise =
                 "train a network several times from different starts, and watch the paths of its weights, "
                 "projected to two dimensions, grow as it learns.",
             .part = Part::Optimization,
             .needsImages = true,
             .imagesWhen = TaskChoice::onImages()})
    {}

    MemoryNeed memoryNeed() const override
    {
        const Architecture network = m_task.network(m_activation);
        const std::int64_t rows = m_runs * (m_task.epochs() + 1);
        MemoryNeed need{.together = WeightHistory::bytes(rows, weightCount(weightsOf(network))),
                        .parameters = {m_task.key("epochs"), "runs"}};
        for (std::int64_t i = 0; i < m_runs; ++i)
            need.models.emplace_back(nameOf(i), m_task.bytes(network, m_precision));
        return need;
    }

    void normalize() override { m_task.normalize(); }

    std::optional<Conflict> check() const override
    {
        const Architecture network = m_task.network(m_activation);
        if (const auto layers = std::ssize(weightsOf(network)); m_layer > layers)
            return Conflict{
                "layer", layers == 1
                             ? std::string("The network has one layer with weights: choose layer 1.")
                             : fmt::format("The network has {} layers with weights: choose one from 1 to {}.",
                                           layers, layers)};
        return m_precision.conflict(network);
    }

    void run(Run &run) override
    {
        const TaskChoice::Data data = m_task.data(run);
        const Architecture architecture = m_task.network(m_activation);
        const std::vector<ParameterSlice> weights = weightsOf(architecture);

        WeightPaths paths(m_runs, m_task.epochs(), weightCount(weights), weights.front().size);
        std::vector<std::int64_t> runs;
        for (std::int64_t i = 0; i < m_runs; ++i)
            runs.push_back(i);
        try {
            run.each(
                runs, &nameOf,
                [&](std::int64_t index, Task &task) { train(run, task, architecture, index, data, paths); },
                [&](std::int64_t index, const TaskCheckpoint &kept) {
                    paths.take(index, 0, kept.loops.empty() ? TrainingState() : kept.loops.back().state);
                });
        } catch (...) { // at once: the picture that was drawn last stays
            draw(run, paths, paths.history.lastFit(), {}, true);
            throw;
        }
        const WeightHistory::Fit fit = paths.history.finalFit([&run] { run.checkpoint(); });
        WeightHistory::Fit walk; // nothing where it is not asked for
        if (m_randomWalk)
            walk = {{}, walkOf(run, weights.front().size), walkOf(run, weightCount(weights))};
        draw(run, paths, fit, walk, true);
        tellShares(run, "model", layerName(), fit);
        if (m_randomWalk)
            tellShares(run, "random-walk", "random-walk-" + layerName(), walk);
    }

private:
    static std::string nameOf(std::int64_t run) { return fmt::format("run{}", run); }

    std::string layerName() const { return fmt::format("layer{}", std::int64_t{m_layer}); }

    /// Without the biases: those of the layer chosen first, where there is such a layer.
    std::vector<ParameterSlice> weightsOf(const Architecture &architecture) const
    {
        std::vector<ParameterSlice> weights = architecture.parameters();
        std::erase_if(weights, [](const ParameterSlice &slice) { return slice.bias; });
        if (m_layer <= std::ssize(weights))
            std::rotate(weights.begin(), weights.begin() + m_layer - 1, weights.begin() + m_layer);
        return weights;
    }

    static std::int64_t weightCount(const std::vector<ParameterSlice> &weights)
    {
        std::int64_t count = 0;
        for (const ParameterSlice &slice : weights)
            count += slice.size;
        return count;
    }

    /// A random walk of as many steps as epochs.
    Pca walkOf(Run &run, std::int64_t dimensions) const
    {
        const Pulse pulse = [&run] { run.checkpoint(); };
        return pcaOfGram(
            randomWalkGram(m_task.epochs() + 1, dimensions, run.sharedSeed("random walk"), pulse), pulse);
    }

    TrainerOptions options() const
    {
        return {.optimizer = m_optimizer,
                .batchSize = m_task.batchSize(),
                .precision = m_precision,
                .weights = m_start,
                .schedule = m_schedule.over(m_task.epochs())};
    }

    void train(Run &run, Task &task, const Architecture &architecture, std::int64_t index,
               const TaskChoice::Data &data, WeightPaths &paths)
    {
        Trainer trainer(task, architecture, data.training, options());
        task.saveModel(trainer.network().tensors(), "-init");
        KeptPath path(task, paths, index);
        const Evaluation start = evaluate(task, trainer, data.training, data.classes);
        path.record(weightsOf(trainer.network()), {.loss = start.loss, .accuracy = start.accuracy});
        for (const std::int64_t epoch : task.epochs(m_task.epochs(), trainer)) {
            const EpochFigures seen = trainer.epoch();
            path.record(weightsOf(trainer.network()), seen);
            if (m_keepWeights)
                task.saveModel(trainer.network().tensors(), fmt::format("-epoch{:03}", epoch));
            drawNowAndThen(run, task, paths);
        }
        if (data.test)
            m_figures.set(task, architecture, trainer.figures(),
                          evaluate(task, trainer, *data.test, data.classes));
        else
            m_figures.setOfRegression(task, architecture, trainer.figures());
        task.saveModel(trainer.network().tensors());
    }

    /// [columns], as the slices are.
    at::Tensor weightsOf(const Network &network) const
    {
        std::vector<at::Tensor> weights;
        for (const ParameterSlice &slice : weightsOf(network.architecture()))
            weights.push_back(network.parameters().narrow(0, slice.offset, slice.size));
        return at::cat(weights);
    }

    /// At most once a second, by whichever run has something new.
    void drawNowAndThen(Run &run, Task &task, WeightPaths &paths) const
    {
        std::unique_lock lock(paths.drawing, std::try_to_lock);
        if (!lock || std::chrono::steady_clock::now() - paths.drawn < std::chrono::seconds(1))
            return;
        draw(run, paths, paths.history.fit([&task] { task.pulse(1); }), {}, false);
        paths.drawn = std::chrono::steady_clock::now();
    }

    void draw(Run &run, const WeightPaths &paths, const WeightHistory::Fit &fit,
              const WeightHistory::Fit &walk, bool last) const
    {
        if (fit.places.empty())
            return;
        std::vector<std::size_t> drawn; // of the fit's places
        const std::vector<std::int64_t> ends = lastEpochs(fit.places, paths);
        for (std::size_t i = 0; i < fit.places.size(); ++i) {
            const std::int64_t epoch = paths.epochOf(fit.places[i]);
            if (epoch % m_every == 0 || epoch == ends[static_cast<std::size_t>(paths.runOf(fit.places[i]))])
                drawn.push_back(i);
        }
        drawPaths(run, m_pcaModel, fit.places, drawn, fit.all, walk.all, paths, last);
        drawPaths(run, m_pcaLayer, fit.places, drawn, fit.leading, walk.leading, paths, last);
        if (!last)
            return;
        for (const std::size_t i : drawn) {
            const std::int64_t place = fit.places[i];
            const auto &[x, y] = fit.all.scores[i];
            const EpochFigures &seen = paths.at(place);
            m_rows.add(run, {x, y, paths.epochOf(place), paths.runOf(place),
                             m_task.ofImages() ? Value(seen.accuracy) : Value(std::string()), seen.loss});
        }
    }

    /// Of each run the last epoch that is among the places.
    std::vector<std::int64_t> lastEpochs(const std::vector<std::int64_t> &places,
                                         const WeightPaths &paths) const
    {
        std::vector<std::int64_t> last(static_cast<std::size_t>(m_runs));
        for (const std::int64_t place : places) {
            std::int64_t &epoch = last[static_cast<std::size_t>(paths.runOf(place))];
            epoch = std::max(epoch, paths.epochOf(place));
        }
        return last;
    }

    std::string label(std::int64_t epoch, const EpochFigures &seen) const
    {
        const Choice &labels = m_task.ofImages() ? m_labels : m_functionLabels;
        return labels.is("epoch")  ? fmt::format("{}", epoch)
               : labels.is("loss") ? fmt::format("{:.2g}", seen.loss)
                                   : fmt::format("{:.0f}", 100 * seen.accuracy);
    }

    static std::string sharesText(const Pca &pca)
    {
        return fmt::format("{:.1f} % + {:.1f} %", 100 * pca.share[0], 100 * pca.share[1]);
    }

    void drawPaths(Run &run, const Chart &chart, const std::vector<std::int64_t> &places,
                   const std::vector<std::size_t> &drawn, const Pca &pca, const Pca &walk,
                   const WeightPaths &paths, bool last) const
    {
        std::vector<Chart::Curve> curves(static_cast<std::size_t>(m_runs));
        for (const std::size_t i : drawn) {
            Chart::Curve &curve = curves[static_cast<std::size_t>(paths.runOf(places[i]))];
            curve.x.push_back(pca.scores[i][0]);
            curve.y.push_back(pca.scores[i][1]);
            curve.labels.push_back(label(paths.epochOf(places[i]), paths.at(places[i])));
        }
        for (std::size_t i = 0; i < curves.size(); ++i)
            if (!curves[i].x.empty())
                chart.put(run, nameOf(static_cast<std::int64_t>(i)), std::move(curves[i]), last);
        std::string remark = pca.scores.size() < 2 ? "a single point: there is no variance to share"
                                                   : sharesText(pca) + " of variance";
        if (!walk.scores.empty())
            remark += fmt::format("; a single random walk: {}", sharesText(walk));
        chart.annotate(run, std::move(remark), {}, last);
    }

    void tellShares(Run &run, const std::string &all, const std::string &layer,
                    const WeightHistory::Fit &fit) const
    {
        for (const auto &[of, pca] : {std::pair(&all, &fit.all), std::pair(&layer, &fit.leading)}) {
            m_variance1.set(run, *of, pca->share[0]);
            m_variance2.set(run, *of, pca->share[1]);
        }
    }

    void follow(ChartInfo &info, const RunSpec &spec) const
    {
        if (info.id == "pca-layer1") // whichever is chosen: older folders have charts of this name
            info.title = fmt::format("PCA of layer {}'s weights", m_layer.in(spec));
        info.series.clear();
        for (std::int64_t i = 0; i < m_runs.in(spec); ++i)
            info.series.push_back({nameOf(i), fmt::format("run {}", i), Mark::LinePoints});
    }
    ChartOptions ofRuns() const
    {
        return {.equalScales = true,
                .follow = [this](ChartInfo &info, const RunSpec &spec) { follow(info, spec); }};
    }

    static std::vector<Published> ofEveryRun(double from, std::optional<double> to)
    {
        std::vector<Published> published;
        for (std::int64_t i = 0; i < 8; ++i)
            published.push_back({.model = nameOf(i), .value = from, .upTo = to});
        return published;
    }

    TaskChoice m_task{this,
                      {.learns = TaskChoice::Learns::Images,
                       .function = {.layers = "50, 50", .epochs = 100, .batchSize = 10},
                       .images = {.layers = "500, 50", .epochs = 45, .quickEpochs = 9, .batchSize = 1000}}};
    Int m_runs{this, "runs", "Runs", {.standard = 8, .min = 1, .max = 64, .quick = 3, .decides = false}};
    ActivationChoice m_activation{this};
    StartChoice m_start{this};
    OptimizerChoice m_optimizer{this, {.learningRate = 4e-4}};
    ScheduleChoice m_schedule{this};
    PrecisionChoice m_precision{this, TaskChoice::onImages()};
    Int m_layer{this,
                "layer",
                "Layer drawn",
                {.standard = 1,
                 .min = 1,
                 .max = 1000,
                 .help =
                     "Whose weights the second chart is of: 1 is the first layer that has some, the output "
                     "layer the last.",
                 .group = "Picture",
                 .decides = false}};
    Int m_every{
        this,
        "draw-every",
        "Draw every",
        {.standard = 3,
         .min = 1,
         .max = 10000,
         .unit = "epochs",
         .quick = 1,
         .help = "The PCA is that of the start's weights (epoch 0) and those after every epoch; this many "
                 "epochs lie between two points that are drawn. The start and the last epoch always are.",
         .group = "Picture",
         .decides = false}};
    Choice m_labels{this,
                    "labels",
                    "Label points with",
                    {.standard = "accuracy",
                     .options = {{"accuracy", "accuracy in %"}, {"loss", "loss"}, {"epoch", "epoch"}},
                     .group = "Picture",
                     .decides = false,
                     .when = TaskChoice::onImages()}};
    Choice m_functionLabels{this,
                            "function-labels",
                            "Label points with",
                            {.standard = "loss",
                             .options = {{"loss", "loss"}, {"epoch", "epoch"}},
                             .group = "Picture",
                             .decides = false,
                             .when = TaskChoice::onFunction()}};
    Flag m_randomWalk{this,
                      "random-walk",
                      "Compare with a random walk",
                      {.standard = false,
                       .help =
                           "Tells the shares of variance of a random walk of as many steps as epochs, in as "
                           "many dimensions as weights. To be compared with those of a single run.",
                       .group = "Picture",
                       .decides = false}};
    Flag m_keepWeights{
        this,
        "keep-weights",
        "Keep the weights of every epoch",
        {.standard = false,
         .help = "Writes each as models/<run>-epoch<NNN>.safetensors, 1.7 MB each: 0.6 GB in the report "
                 "preset.",
         .group = "Files",
         .decides = false}};

    Chart m_pcaModel{
        this, "pca-model", "PCA of all weights", Axis{"First component"}, Axis{"Second component"}, ofRuns()};
    Chart m_pcaLayer{
        this,    "pca-layer1", "PCA of layer 1's weights", Axis{"First component"}, Axis{"Second component"},
        ofRuns()};

    Table m_rows{this,
                 "points",
                 "Points of the PCA of all weights",
                 {{"x", "First component"},
                  {"y", "Second component"},
                  {"epoch", "Epoch"},
                  {"run", "Run"},
                  {"accuracy", "Training accuracy", Format::Percent},
                  {"loss", "Training loss"}}};

    Figure m_variance1{this, "variance-1", "Variance, first component", Format::Percent};
    Figure m_variance2{this, "variance-2", "Variance, second component", Format::Percent};
    ClassifierFigures m_figures{this,
                                {.parameters = ofEveryRun(418060, std::nullopt),
                                 .testAccuracy = ofEveryRun(0.9796, 0.9811),
                                 .testLoss = ofEveryRun(0.059, 0.065),
                                 .trainingAccuracy = {{.model = "run7", .value = 0.9981}},
                                 .trainingLoss = {{.model = "run7", .value = 0.0161}}},
                                ", last epoch",
                                m_task.sizeKeys()};
};

} // namespace

std::unique_ptr<Experiment> makeWeightPca()
{
    return std::make_unique<WeightPca>();
}

} // namespace losslab
