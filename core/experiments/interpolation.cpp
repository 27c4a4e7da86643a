#include "analysis/interpolation.h"

#include "base/numbertext.h"
#include "data/targets.h"
#include "experiments/choices.h"
#include "experiments/classifierfigures.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "train/footprint.h"
#include "train/images.h"
#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <mutex>

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
        if (std::int64_t{m_smallBatch} == m_largeBatch)
            return Conflict{"large-batch",
                            "Both networks of pair a have the same batch size. Choose two that differ."};
        if (double{m_lowRate} == m_highRate)
            return Conflict{"high-rate",
                            "Both networks of pair b have the same learning rate. Choose two that differ."};
        if (!(m_from < m_to))
            return Conflict{"to", "The line is empty: it ends where it begins, or before."};
        const std::int64_t trainingImages = images().trainingImages;
        if (trainingImages == 0 || std::min<std::int64_t>(m_smallBatch, m_largeBatch) < trainingImages)
            return m_precision.conflict(m_hidden.network(m_activation));
        return Conflict{std::int64_t{m_smallBatch} < m_largeBatch ? "small-batch" : "large-batch",
                        fmt::format("The training set has {} images, so both batches of pair a would be all "
                                    "of it. Choose one below {}.",
                                    countText(trainingImages), countText(trainingImages))};
    }

    MemoryNeed memoryNeed() const override
    {
        MemoryNeed need{.parameters = {"large-batch", "small-batch"}};
        const auto add = [&](const std::string &name, std::int64_t batchSize) {
            need.models.emplace_back(name, trainingBytes(m_hidden.network(m_activation), Loss::CrossEntropy,
                                                         batchSize, {.precision = m_precision}));
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

        run.stage(trainingShare);
        std::vector<Model> models;
        for (const Pair &pair : pairs)
            models.insert(models.end(), {pair.first, pair.second});
        std::map<std::string, at::Tensor> minima;
        std::mutex mutex;
        run.each(models, &Model::name, [&](const Model &model, Task &task) {
            const at::Tensor parameters = train(task, model, lab);
            const std::lock_guard lock(mutex);
            minima[model.name] = parameters;
        });

        run.stage(1 - trainingShare);
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

    struct Model
    {
        std::string name;
        std::int64_t batchSize;
        Optimizer optimizer;
    };

    struct Pair
    {
        std::string name;
        Model first; ///< at α = 0
        Model second;
        const Chart &path;
        Optimizer fineTuning;
    };

    static std::string sizeName(std::int64_t size) { return fmt::format("a{}", size); }
    static std::string rateName(double rate) { return fmt::format("b{}", rate); }

    std::vector<Pair> pairs() const
    {
        const auto bySize = [&](std::int64_t size) {
            return Model{sizeName(size), size, m_method.with(1.5e-3, 1e-4)};
        };
        const auto byRate = [&](double rate) { return Model{rateName(rate), 500, m_method.with(rate, 0)}; };
        return {{"a", bySize(m_smallBatch), bySize(m_largeBatch), m_pathA, m_method.with(4e-4, 1e-4)},
                {"b", byRate(m_lowRate), byRate(m_highRate), m_pathB, m_method.with(1e-3, 0)}};
    }

    /// The parameters [P] at the end.
    at::Tensor train(Task &task, const Model &model, const Lab &lab)
    {
        Trainer trainer(task, lab.architecture, lab.images.training,
                        {.optimizer = model.optimizer,
                         .batchSize = model.batchSize,
                         .precision = m_precision,
                         .weights = m_start,
                         .schedule = m_schedule.over(m_epochs)});
        task.saveModel(trainer.network().tensors(), "-init");
        m_trainingLoss.follow(task, model.name);
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer))
            m_trainingLoss.add(task, model.name, static_cast<double>(epoch), trainer.epoch().loss);
        task.saveModel(trainer.network().tensors());

        const Evaluation trained = evaluate(task, trainer, lab.images.training, lab.images.classes());
        const Evaluation tested = evaluate(task, trainer, lab.images.test, lab.images.classes());
        m_figures.set(task, lab.architecture, trained, tested);
        return trainer.network().parameters();
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
        std::size_t done = 0;
        for (const std::size_t place : coarseToFine(alphas.size())) {
            const double alpha = alphas[place];
            task.tell(static_cast<double>(done++) / static_cast<double>(alphas.size()),
                      fmt::format("α = {:.2f}", alpha));
            Trainer trainer(task, lab.architecture, lab.images.training,
                            {.optimizer = pair.fineTuning,
                             .batchSize = fineTuningBatch,
                             .precision = m_precision,
                             .start = interpolate(first, second, alpha)});
            for (std::int64_t epoch = 0; epoch < m_fineTuning; ++epoch)
                trainer.epoch();
            const Evaluation trained = evaluate(task, trainer, lab.images.training, lab.images.classes());
            const Evaluation tested = evaluate(task, trainer, lab.images.test, lab.images.classes());
            pair.path.add(task, "train-loss", alpha, trained.loss);
            pair.path.add(task, "test-loss", alpha, tested.loss);
            pair.path.add(task, "train-accuracy", alpha, trained.accuracy);
            pair.path.add(task, "test-accuracy", alpha, tested.accuracy);
        }
    }

    static ChartOptions path(std::function<void(ChartInfo &, const RunSpec &)> follow)
    {
        return {.series = {{"train-loss", "training loss", Mark::LinePoints},
                           {"test-loss", "test loss", Mark::LinePoints},
                           {"train-accuracy", "training accuracy, right axis", Mark::LinePoints, true},
                           {"test-accuracy", "test accuracy, right axis", Mark::LinePoints, true}},
                .right = Axis{.title = "Accuracy", .format = Format::Percent, .min = 0, .max = 1},
                .sorted = true,
                .follow = std::move(follow)};
    }

    /// The pair's models are told apart by what they have, whichever is larger.
    template <class Number>
    static void nameEnds(ChartInfo &info, char pair, const char *what, Number first, Number second)
    {
        info.title = fmt::format("Pair {}: {} {} to {}", pair, what, first, second);
        info.references = {{0, fmt::format("{} {}", what, first), true},
                           {1, fmt::format("{} {}", what, second), true}};
    }

    PixelsChoice m_pixels{this};
    Int m_smallBatch{this,
                     "small-batch",
                     "Pair a, first batch size",
                     {.standard = 64,
                      .min = 1,
                      .max = 60000,
                      .unit = "images",
                      .help = "Of θ₁, at α = 0.",
                      .group = "Pairs"}};
    Int m_largeBatch{this,
                     "large-batch",
                     "Pair a, second batch size",
                     {.standard = 1024,
                      .min = 1,
                      .max = 60000,
                      .unit = "images",
                      .help = "Of θ₂, at α = 1.",
                      .group = "Pairs"}};
    Real m_lowRate{this,
                   "low-rate",
                   "Pair b, first learning rate",
                   {.standard = 1e-3,
                    .min = 1e-7,
                    .max = 1,
                    .scale = Scale::Log,
                    .help = "Of θ₁, at α = 0.",
                    .group = "Pairs"}};
    Real m_highRate{this,
                    "high-rate",
                    "Pair b, second learning rate",
                    {.standard = 1e-2,
                     .min = 1e-7,
                     .max = 1,
                     .scale = Scale::Log,
                     .help = "Of θ₂, at α = 1.",
                     .group = "Pairs"}};
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
             "there (pair a: learning rate 4e-4, weight decay 1e-4; pair b: 1e-3).",
         .group = "Line",
         .decides = false}};
    PrecisionChoice m_precision{this};

    Chart m_trainingLoss{
        this,
        "training-loss",
        "Training loss",
        epochAxis(),
        Axis{"Cross entropy", Scale::Log},
        {.follow = [this](ChartInfo &info, const RunSpec &spec) {
            info.series.clear();
            for (const std::int64_t size : {m_smallBatch.in(spec), m_largeBatch.in(spec)})
                info.series.push_back({sizeName(size), fmt::format("a: batch {}", size)});
            for (const double rate : {m_lowRate.in(spec), m_highRate.in(spec)})
                info.series.push_back({rateName(rate), fmt::format("b: learning rate {}", rate)});
        }}};
    Chart m_pathA{this,
                  "path-a",
                  "Pair a",
                  Axis{"α"},
                  Axis{"Cross entropy", Scale::Log},
                  path([this](ChartInfo &info, const RunSpec &spec) {
                      nameEnds(info, 'a', "batch", m_smallBatch.in(spec), m_largeBatch.in(spec));
                  })};
    Chart m_pathB{this,
                  "path-b",
                  "Pair b",
                  Axis{"α"},
                  Axis{"Cross entropy", Scale::Log},
                  path([this](ChartInfo &info, const RunSpec &spec) {
                      nameEnds(info, 'b', "rate", m_lowRate.in(spec), m_highRate.in(spec));
                  })};

    ClassifierFigures m_figures{this,
                                {.parameters = {{.model = "a64", .value = 397510},
                                                {.model = "a1024", .value = 397510},
                                                {.model = "b0.001", .value = 397510},
                                                {.model = "b0.01", .value = 397510}}},
                                {}};
};

} // namespace

std::unique_ptr<Experiment> makeInterpolation()
{
    return std::make_unique<Interpolation>();
}

} // namespace losslab
