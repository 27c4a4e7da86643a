#include "analysis/interpolation.h"

#include "data/targets.h"
#include "experiments/choices.h"
#include "experiments/classifierfigures.h"
#include "experiments/pairchoice.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"
#include "train/footprint.h"
#include "train/images.h"
#include "train/kept.h"
#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace losslab {

namespace {

constexpr double trainingShare = 0.7; ///< of the work, for the progress bar
constexpr double sameAlpha = 1e-9;    ///< less is rounding
constexpr std::int64_t fineTuningBatch = 500;

/// Is the way from one minimum to another flat? Two pairs of networks, and the lines through their weights.
class Interpolation final : public Experiment
{
public:
    Interpolation()
        : Experiment({.id = "interpolation",
                      .title = "Interpolation",
                      .question = "Do small batches, or small learning rates, end in flatter minima?",
                      .promise =
                          "train two pairs of networks, with small and large batches and with small and "
                          "large learning rates, and see loss and accuracy along the line through each "
                          "pair's weights.",
                      .part = Part::Generalization,
                      .needsImages = true})
    {}

    std::optional<Conflict> check() const override
    {
        const RunSpec spec = settingsOf(*this);
        const Architecture architecture = m_hidden.network(m_activation);
        for (const PairChoice *pair : {&m_a, &m_b})
            if (auto conflict = pair->conflict(spec, architecture, images().trainingImages))
                return conflict;
        if (!(m_from < m_to))
            return Conflict{"to", "The line is empty: it ends where it begins, or before."};
        return m_precision.conflict(architecture);
    }

    MemoryNeed memoryNeed() const override
    {
        const Architecture architecture = m_hidden.network(m_activation);
        MemoryNeed need{.parameters = m_a.batchKeys()};
        const auto add = [&](const std::string &name, std::int64_t batchSize) {
            need.models.emplace_back(
                name, trainingBytes(architecture, Loss::CrossEntropy, batchSize, {.precision = m_precision}));
        };
        for (const Pair &pair : pairs()) {
            add(pair.first.name, pair.first.batchSize);
            add(pair.second.name, pair.second.batchSize);
            add(pair.name, fineTuningBatch);
        }
        return need;
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run, m_pixels);
        const Lab lab{m_hidden.network(images.task, m_activation), images};
        const std::vector<Pair> pairs = this->pairs();

        std::vector<PairChoice::End> ends;
        for (const Pair &pair : pairs)
            ends.insert(ends.end(), {pair.first, pair.second});
        const double training =
            trainingShare
            * static_cast<double>(std::ranges::count(ends, std::string(), &PairChoice::End::file))
            / static_cast<double>(ends.size());
        run.stage(training);
        const std::vector<at::Tensor> trained =
            run.collect(ends, &PairChoice::End::name, [&](const PairChoice::End &end, Task &task) {
                return end.file.empty() ? train(task, end, lab) : loaded(task, end, lab);
            });
        std::map<std::string, at::Tensor> minima;
        for (std::size_t i = 0; i < ends.size(); ++i)
            minima[ends[i].name] = trained[i].to(images.training.targets.device());

        run.stage(1 - training);
        run.each(pairs, &Pair::name, [&](const Pair &pair, Task &task) {
            follow(task, pair, minima.at(pair.first.name), minima.at(pair.second.name), lab);
        });
    }

private:
    struct Lab
    {
        Architecture architecture;
        const Images &images;
    };

    struct Pair
    {
        std::string name;
        PairChoice::End first; ///< at α = 0
        PairChoice::End second;
        Optimizer fineTuning;
    };

    std::vector<Pair> pairs() const
    {
        const RunSpec spec = settingsOf(*this);
        const Optimizer optimizer = m_method.with(0, 0);
        std::vector<Pair> pairs;
        for (const PairChoice *pair : pairsIn(spec)) {
            const auto [first, second] = pair->ends(spec, optimizer);
            pairs.push_back({std::string(1, pair->letter()), first, second, pair->tuning(optimizer)});
        }
        return pairs;
    }

    /// The parameters [P] at the end.
    at::Tensor train(Task &task, const PairChoice::End &end, const Lab &lab)
    {
        Trainer trainer(task, lab.architecture, lab.images.training,
                        {.optimizer = end.optimizer,
                         .batchSize = end.batchSize,
                         .precision = m_precision,
                         .weights = m_start,
                         .schedule = m_schedule.over(m_epochs)});
        task.saveModel(trainer.network().tensors(), "-init");
        m_trainingLoss.follow(task, end.name);
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer))
            m_trainingLoss.add(task, end.name, static_cast<double>(epoch), trainer.epoch().loss);
        task.saveModel(trainer.network().tensors());
        measure(task, trainer, lab);
        return trainer.network().parameters();
    }

    /// The same of a network that was trained elsewhere.
    at::Tensor loaded(Task &task, const PairChoice::End &end, const Lab &lab)
    {
        const auto tensors = readModel(end.file);
        if (!tensors)
            throw RunError(tensors.error());
        if (const auto mismatch = mismatchOf(lab.architecture, *tensors))
            throw RunError(
                dataError(fmt::format("{} is no network of these hidden layers: {}.", end.file, *mismatch))
                    .value());
        Trainer trainer(
            task, lab.architecture, lab.images.training,
            {.optimizer = {},
             .precision = m_precision,
             .start = parametersOf(lab.architecture, *tensors).to(lab.images.training.targets.device())});
        task.saveModel(trainer.network().tensors());
        measure(task, trainer, lab);
        return trainer.network().parameters();
    }

    void measure(Task &task, Trainer &trainer, const Lab &lab) const
    {
        const Evaluation trained = evaluate(task, trainer, lab.images.training, lab.images.classes());
        const Evaluation tested = evaluate(task, trainer, lab.images.test, lab.images.classes());
        m_figures.set(task, lab.architecture, trained, tested);
    }

    /// Equally spaced, and the two networks themselves, at 0 and 1, where the line reaches them; ascending.
    std::vector<double> alphas() const
    {
        std::vector<double> alphas = linspace(m_from, m_to, static_cast<std::size_t>(m_alphas));
        for (const double end : {0.0, 1.0}) {
            if (end < m_from || end > m_to)
                continue;
            const auto place = std::lower_bound(alphas.begin(), alphas.end(), end - sameAlpha);
            if (*place > end + sameAlpha)
                alphas.insert(place, end);
            else
                *place = end;
        }
        return alphas;
    }

    /// The line through both minima, ends and middle first.
    void follow(Task &task, const Pair &pair, const at::Tensor &first, const at::Tensor &second,
                const Lab &lab)
    {
        const std::vector<double> alphas = this->alphas();
        const ChartPart path = m_path.of(pair.name);
        const std::vector<std::size_t> places = coarseToFine(alphas.size());
        Kept<double> least(task, "least", 2); // of the test accuracies between both
        for (const std::int64_t piece : task.pieces(std::ssize(places))) {
            const double alpha = alphas[places[static_cast<std::size_t>(piece - 1)]];
            task.at(fmt::format("α = {:.2f}", alpha));
            Trainer trainer(task, lab.architecture, lab.images.training,
                            {.optimizer = pair.fineTuning,
                             .batchSize = fineTuningBatch,
                             .precision = m_precision,
                             .start = interpolate(first, second, alpha)});
            for (std::int64_t epoch = 0; epoch < m_fineTuning; ++epoch)
                trainer.epoch();
            const Evaluation trained = evaluate(task, trainer, lab.images.training, lab.images.classes());
            const Evaluation tested = evaluate(task, trainer, lab.images.test, lab.images.classes());
            path.add(task, "train-loss", alpha, trained.loss);
            path.add(task, "test-loss", alpha, tested.loss);
            path.add(task, "train-accuracy", alpha, trained.accuracy);
            path.add(task, "test-accuracy", alpha, tested.accuracy);
            if (alpha >= 0 && alpha <= 1)
                least = std::min(*least, tested.accuracy);
        }
        if (*least <= 1)
            m_leastBetween.set(task, pair.name, *least);
    }

    /// The pairs that there are.
    std::vector<const PairChoice *> pairsIn(const RunSpec &spec) const
    {
        std::vector<const PairChoice *> pairs;
        for (const PairChoice *pair : {&m_a, &m_b})
            if (pair->isThere(spec))
                pairs.push_back(pair);
        return pairs;
    }
    std::vector<Facet> facetsIn(const RunSpec &spec) const
    {
        std::vector<Facet> facets;
        for (const PairChoice *pair : pairsIn(spec))
            facets.push_back({std::string(1, pair->letter()), {}});
        return facets;
    }
    /// Whether some network is trained here.
    bool trainsAny(const RunSpec &spec) const
    {
        return std::ranges::any_of(pairsIn(spec), [&](const PairChoice *pair) {
            const auto [first, second] = pair->ends(spec);
            return first.file.empty() || second.file.empty();
        });
    }
    void followPair(ChartInfo &info, const RunSpec &spec) const
    {
        const PairChoice &pair = info.facet == "a" ? m_a : m_b;
        const auto [first, second] = pair.ends(spec);
        info.title = fmt::format("Pair {}: {}", info.facet, pair.title(spec));
        info.references = {{0, first.label, true}, {1, second.label, true}};
    }
    void followTrainings(ChartInfo &info, const RunSpec &spec) const
    {
        info.series.clear();
        for (const PairChoice *pair : pairsIn(spec)) {
            const auto [first, second] = pair->ends(spec);
            for (const PairChoice::End *end : {&first, &second})
                if (end->file.empty())
                    info.series.push_back({end->name, fmt::format("{}: {}", pair->letter(), end->label)});
        }
    }

    PixelsChoice m_pixels{this};
    PairChoice m_a{this,
                   'a',
                   {.differsIn = "batch",
                    .learningRate = 1.5e-3,
                    .weightDecay = 1e-4,
                    .tuningRate = 4e-4,
                    .tuningDecay = 1e-4,
                    .keys = {"small-batch", "large-batch"}}};
    PairChoice m_b{this, 'b', {.differsIn = "rate", .keys = {"low-rate", "high-rate"}, .optional = true}};
    Layers m_hidden{this, "hidden", "Hidden layers", {.standard = "500", .task = imageTask()}};
    ActivationChoice m_activation{this};
    StartChoice m_start{this};
    MethodChoice m_method{this};
    ScheduleChoice m_schedule{this};
    EpochsChoice m_epochs{this, 20, 2};
    Real m_from{this,
                "from",
                "α from",
                {.standard = -2, .min = -100, .max = 100, .slides = -1, .group = "Line", .decides = false}};
    Real m_to{
        this, "to", "α to", {.standard = 2, .min = -100, .max = 100, .group = "Line", .decides = false}};
    Int m_alphas{
        this,
        "alphas",
        "Points on the line",
        {.standard = 31,
         .min = 3,
         .max = 1001,
         .help =
             "Equally spaced α. The two networks themselves, at 0 and 1, are always measured where the line "
             "reaches them, even where they lie between.",
         .group = "Line",
         .decides = false}};
    Int m_fineTuning{
        this,
        "fine-tune",
        "Fine-tune at each α",
        {.standard = 0,
         .min = 0,
         .max = 100,
         .unit = "epochs",
         .help =
             "0 measures the line itself. 1, as published, measures networks that were trained further from "
             "there, in batches of 500, with the pair's rate and decay of fine-tuning.",
         .group = "Line",
         .decides = false}};
    PrecisionChoice m_precision{this};

    Chart m_trainingLoss{
        this,
        "training-loss",
        "Training loss",
        epochAxis(),
        Axis{"Cross entropy", Scale::Log},
        {.follow = [this](ChartInfo &info, const RunSpec &spec) { followTrainings(info, spec); },
         .facets = [this](const RunSpec &spec) { return std::vector<Facet>(trainsAny(spec) ? 1 : 0); }}};
    Chart m_path{this,
                 "path",
                 "Line",
                 Axis{"α"},
                 Axis{"Cross entropy", Scale::Log},
                 {.series = {{"train-loss", "training loss", Mark::LinePoints},
                             {"test-loss", "test loss", Mark::LinePoints},
                             {"train-accuracy", "training accuracy, right axis", Mark::LinePoints, true},
                             {"test-accuracy", "test accuracy, right axis", Mark::LinePoints, true}},
                  .right = Axis{.title = "Accuracy", .format = Format::Percent, .min = 0, .max = 1},
                  .sorted = true,
                  .follow = [this](ChartInfo &info, const RunSpec &spec) { followPair(info, spec); },
                  .facets = [this](const RunSpec &spec) { return facetsIn(spec); }}};

    ClassifierFigures m_figures{this,
                                {.parameters = {{.model = "a64", .value = 397510},
                                                {.model = "a1024", .value = 397510},
                                                {.model = "b0.001", .value = 397510},
                                                {.model = "b0.01", .value = 397510}}},
                                {}};
    /// The slides draw one pair, whose networks they do not tell.
    Figure m_leastBetween{
        this,
        "least-test-accuracy",
        "Least test accuracy between both",
        Format::Percent,
        {{.model = "a", .value = 0.2, .where = {{"from", {"-1"}}}, .source = homeworkSlides()}}};
};

} // namespace

std::unique_ptr<Experiment> makeInterpolation()
{
    return std::make_unique<Interpolation>();
}

} // namespace losslab
