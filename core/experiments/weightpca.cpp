#include "analysis/pca.h"

#include "experiments/classifierfigures.h"
#include "experiments/classifiertraining.h"
#include "lab/experiment.h"
#include "lab/run.h"

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
             .needsImages = true})
    {}

    MemoryNeed memoryNeed() const override
    {
        const Architecture network = m_hidden.network(m_activation);
        MemoryNeed need{.together = WeightHistory::bytes(m_runs * m_training.epochs(), weightCount(network)),
                        .parameters = {"epochs", "runs"}};
        for (std::int64_t i = 0; i < m_runs; ++i)
            need.models.emplace_back(nameOf(i), m_training.bytes(network));
        return need;
    }

    std::optional<Conflict> check() const override
    {
        return m_training.conflict(m_hidden.network(m_activation));
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run, m_pixels);
        const Architecture architecture = m_hidden.network(images.task, m_activation);

        Paths paths(m_runs, m_training.epochs(), weightCount(architecture),
                    architecture.parameters().front().size);
        std::vector<std::int64_t> runs;
        for (std::int64_t i = 0; i < m_runs; ++i)
            runs.push_back(i);
        try {
            run.each(runs, &nameOf, [&](std::int64_t index, Task &task) {
                train(run, task, architecture, index, images, paths);
            });
        } catch (...) { // at once: the picture that was drawn last stays
            draw(run, paths, paths.history.lastFit(), true);
            throw;
        }
        const WeightHistory::Fit fit = paths.history.finalFit([&run] { run.checkpoint(); });
        draw(run, paths, fit, true);
        if (fit.places.size() < 2)
            return;
        tellShares(run, "model", fit.all);
        tellShares(run, "layer1", fit.leading);
    }

private:
    /// Weights and figures of every epoch of every run, by run and epoch.
    struct Paths
    {
        Paths(std::int64_t runs, std::int64_t epochsOfEach, std::int64_t columns, std::int64_t leading)
            : epochs(epochsOfEach),
              history(runs * epochsOfEach, columns, leading),
              figures(static_cast<std::size_t>(runs * epochsOfEach))
        {}

        std::int64_t place(std::int64_t run, std::int64_t epoch) const { return run * epochs + epoch - 1; }

        std::int64_t epochs;
        WeightHistory history;
        std::vector<EpochFigures> figures;
        std::mutex drawing;
        std::chrono::steady_clock::time_point drawn{};
    };

    static std::string nameOf(std::int64_t run) { return fmt::format("run{}", run); }

    static std::int64_t weightCount(const Architecture &architecture)
    {
        std::int64_t count = 0;
        for (const ParameterSlice &slice : architecture.parameters())
            count += slice.bias ? 0 : slice.size;
        return count;
    }

    void train(Run &run, Task &task, const Architecture &architecture, std::int64_t index,
               const Images &images, Paths &paths)
    {
        Trainer trainer(task, architecture, images.training, m_training.options());
        task.saveModel(trainer.network().tensors(), "-init");
        EpochFigures seen;
        for (const std::int64_t epoch : task.epochs(m_training.epochs(), trainer)) {
            seen = trainer.epoch();
            const std::int64_t place = paths.place(index, epoch);
            paths.figures[static_cast<std::size_t>(place)] = seen;
            paths.history.record(place, weightsOf(trainer.network()));
            if (m_keepWeights)
                task.saveModel(trainer.network().tensors(), fmt::format("-epoch{:03}", epoch));
            drawNowAndThen(run, task, paths);
        }
        const Evaluation tested = evaluate(task, trainer, images.test, images.classes());
        task.saveModel(trainer.network().tensors());
        m_figures.set(task, architecture, seen, tested);
    }

    /// Without the biases, [columns].
    static at::Tensor weightsOf(const Network &network)
    {
        std::vector<at::Tensor> weights;
        for (const ParameterSlice &slice : network.architecture().parameters())
            if (!slice.bias)
                weights.push_back(network.parameters().narrow(0, slice.offset, slice.size));
        return at::cat(weights);
    }

    /// At most once a second, by whichever run has something new.
    void drawNowAndThen(Run &run, Task &task, Paths &paths) const
    {
        std::unique_lock lock(paths.drawing, std::try_to_lock);
        if (!lock || std::chrono::steady_clock::now() - paths.drawn < std::chrono::seconds(1))
            return;
        draw(run, paths, paths.history.fit([&task] { task.pulse(1); }), false);
        paths.drawn = std::chrono::steady_clock::now();
    }

    void draw(Run &run, const Paths &paths, const WeightHistory::Fit &fit, bool last) const
    {
        if (fit.places.empty())
            return;
        drawPaths(run, m_pcaModel, fit.places, fit.all, paths, last);
        drawPaths(run, m_pcaLayer1, fit.places, fit.leading, paths, last);
        const std::vector<std::int64_t> ends = lastEpochs(fit.places, paths);
        for (std::size_t i = 0; last && i < fit.places.size(); ++i) {
            const std::int64_t epoch = fit.places[i] % paths.epochs + 1;
            const std::int64_t path = fit.places[i] / paths.epochs;
            const EpochFigures &seen = paths.figures[static_cast<std::size_t>(fit.places[i])];
            if (isDrawn(epoch, ends[static_cast<std::size_t>(path)]))
                m_rows.add(
                    run, {fit.all.scores[i][0], fit.all.scores[i][1], epoch, path, seen.accuracy, seen.loss});
        }
    }

    /// Of each run the last epoch that is among the places.
    std::vector<std::int64_t> lastEpochs(const std::vector<std::int64_t> &places, const Paths &paths) const
    {
        std::vector<std::int64_t> last(static_cast<std::size_t>(m_runs));
        for (const std::int64_t place : places) {
            std::int64_t &epoch = last[static_cast<std::size_t>(place / paths.epochs)];
            epoch = std::max(epoch, place % paths.epochs + 1);
        }
        return last;
    }

    /// Every so many, and both ends of a path.
    bool isDrawn(std::int64_t epoch, std::int64_t last) const
    {
        return epoch % m_every == 0 || epoch == 1 || epoch == last;
    }

    void drawPaths(Run &run, const Chart &chart, const std::vector<std::int64_t> &places, const Pca &pca,
                   const Paths &paths, bool last) const
    {
        std::vector<Chart::Curve> curves(static_cast<std::size_t>(m_runs));
        const std::vector<std::int64_t> ends = lastEpochs(places, paths);
        for (std::size_t i = 0; i < places.size(); ++i) {
            const std::int64_t epoch = places[i] % paths.epochs + 1;
            const auto path = static_cast<std::size_t>(places[i] / paths.epochs);
            if (!isDrawn(epoch, ends[path]))
                continue;
            Chart::Curve &curve = curves[path];
            curve.x.push_back(pca.scores[i][0]);
            curve.y.push_back(pca.scores[i][1]);
            const double accuracy = paths.figures[static_cast<std::size_t>(places[i])].accuracy;
            curve.labels.push_back(m_labels.is("epoch") ? fmt::format("{}", epoch)
                                                        : fmt::format("{:.0f}", 100 * accuracy));
        }
        for (std::size_t i = 0; i < curves.size(); ++i)
            if (!curves[i].x.empty())
                chart.put(run, nameOf(static_cast<std::int64_t>(i)), std::move(curves[i]), last);
        chart.annotate(run,
                       places.size() < 2 ? std::string("a single point: there is no variance to share")
                                         : fmt::format("{:.1f} % + {:.1f} % of variance", 100 * pca.share[0],
                                                       100 * pca.share[1]),
                       {}, last);
    }

    void tellShares(Run &run, const std::string &of, const Pca &pca) const
    {
        m_variance1.set(run, of, pca.share[0]);
        m_variance2.set(run, of, pca.share[1]);
    }

    ChartOptions runSeries() const
    {
        ChartOptions options{.equalScales = true};
        options.follow = [this](ChartInfo &info, const RunSpec &spec) {
            info.series.clear();
            for (std::int64_t i = 0; i < m_runs.in(spec); ++i)
                info.series.push_back({nameOf(i), fmt::format("run {}", i), Mark::LinePoints});
        };
        return options;
    }

    static std::vector<Published> ofEveryRun(double from, std::optional<double> to)
    {
        std::vector<Published> published;
        for (std::int64_t i = 0; i < 8; ++i)
            published.push_back({.model = nameOf(i), .value = from, .upTo = to});
        return published;
    }

    PixelsChoice m_pixels{this};
    Int m_runs{this, "runs", "Runs", {.standard = 8, .min = 1, .max = 64, .quick = 3, .decides = false}};
    Layers m_hidden{this, "hidden", "Hidden layers", {.standard = "500, 50", .task = imageTask()}};
    ActivationChoice m_activation{this};
    ClassifierTraining m_training{
        this, {.epochs = 45, .quickEpochs = 9, .batchSize = 1000, .optimizer = {.learningRate = 4e-4}}};
    Int m_every{
        this,
        "draw-every",
        "Draw every",
        {.standard = 3,
         .min = 1,
         .max = 10000,
         .unit = "epochs",
         .quick = 1,
         .help = "The PCA is that of the weights after every epoch; this many epochs lie between two points "
                 "that are drawn. The first and the last epoch always are.",
         .group = "Picture",
         .decides = false}};
    Choice m_labels{this,
                    "labels",
                    "Label points with",
                    {.standard = "accuracy",
                     .options = {{"accuracy", "accuracy in %"}, {"epoch", "epoch"}},
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
        this,       "pca-model", "PCA of all weights", Axis{"First component"}, Axis{"Second component"},
        runSeries()};
    Chart m_pcaLayer1{this,
                      "pca-layer1",
                      "PCA of layer 1's weights",
                      Axis{"First component"},
                      Axis{"Second component"},
                      runSeries()};

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
                                 .trainingLoss = {{.model = "run7", .value = 0.0161}}}};
};

} // namespace

std::unique_ptr<Experiment> makeWeightPca()
{
    return std::make_unique<WeightPca>();
}

} // namespace losslab
