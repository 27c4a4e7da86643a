#include "experiments/classifierfigures.h"
#include "experiments/classifiertraining.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/sweepkind.h"

#include <fmt/format.h>

namespace losslab {

namespace {

/// Do more parameters generalize worse? Networks with one hidden layer, from narrow to wide.
class Capacity final : public Experiment
{
public:
    Capacity()
        : Experiment({.id = "capacity",
                      .title = "Capacity",
                      .question = "Do networks with more parameters generalize worse?",
                      .promise =
                          "train networks from narrow to wide, on the same images; each "
                          "adds its points to the charts when it is done, and the curves of those still "
                          "training are drawn alongside.",
                      .part = Part::Generalization,
                      .needsImages = true})
    {}

    MemoryNeed memoryNeed() const override
    {
        MemoryNeed need{.parameters = {m_widths.values().empty() ? "largest" : "widths", "batch"}};
        for (const std::int64_t width : widths())
            need.models.emplace_back(nameOf(width), m_training.bytes(built(width, imageTask(images()))));
        return need;
    }

    std::optional<Conflict> check() const override
    {
        if (m_widths.values().empty() && m_models > m_largest)
            return Conflict{"models",
                            fmt::format("There are only {} widths up to {} hidden units. Choose at most {} "
                                        "networks, or a wider one.",
                                        std::int64_t{m_largest}, std::int64_t{m_largest},
                                        std::int64_t{m_largest})};
        return m_training.conflict(built(widths().back(), imageTask(images())));
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run, m_pixels);
        const auto equations = static_cast<double>(images.training.count() * images.classes());
        for (const Chart *chart : {&m_loss, &m_accuracy})
            chart->annotate(run, {}, {{equations, "samples × classes", true}});
        run.each(widths(), nameOf,
                 [&](std::int64_t width, Task &task) { train(task, built(width, images.task), images); });
    }

private:
    /// As many hidden layers of this width as are asked for.
    Architecture built(std::int64_t width, const NetworkTask &task) const
    {
        std::vector<std::int64_t> widths{task.input[0] * task.input[1] * task.input[2]};
        widths.insert(widths.end(), static_cast<std::size_t>(m_depth), width);
        widths.push_back(task.outputs);
        return mlp(widths, m_activation);
    }

    static std::string nameOf(std::int64_t width) { return fmt::format("h{}", width); }

    /// Those listed, or in equal steps up to the largest; ascending, and all differ where there are no more
    /// than `largest`.
    static std::vector<std::int64_t> widths(const std::vector<double> &listed, std::int64_t largest,
                                            std::int64_t models)
    {
        std::vector<std::int64_t> widths;
        widths.reserve(listed.size());
        for (const double width : listed)
            widths.push_back(static_cast<std::int64_t>(width));
        for (std::int64_t i = 1; listed.empty() && i <= models; ++i)
            widths.push_back(largest * i / models);
        return widths;
    }
    std::vector<std::int64_t> widths() const { return widths(m_widths.values(), m_largest, m_models); }

    void train(Task &task, const Architecture &architecture, const Images &images)
    {
        const std::string &model = task.name();
        TrainerOptions options = m_training.options();
        options.sharedStart = true;
        Trainer trainer(task, architecture, images.training, options);
        task.saveModel(trainer.network().tensors(), "-init");
        m_curves.follow(task, model);
        EpochFigures seen;
        for (const std::int64_t epoch : task.epochs(m_training.epochs(), trainer)) {
            seen = trainer.epoch();
            m_curves.add(task, model, static_cast<double>(epoch), seen.loss);
        }
        const Evaluation trained = evaluate(task, trainer, images.training, images.classes());
        const Evaluation tested = evaluate(task, trainer, images.test, images.classes());
        task.saveModel(trainer.network().tensors());
        const auto parameters = static_cast<double>(architecture.parameterCount());
        m_loss.add(task, "train", parameters, trained.loss);
        m_loss.add(task, "test", parameters, tested.loss);
        m_accuracy.add(task, "train", parameters, trained.accuracy);
        m_accuracy.add(task, "test", parameters, tested.accuracy);
        m_figures.set(task, architecture, seen, tested);
        m_afterTraining.set(task, trained);
    }

    static std::vector<SeriesInfo> pair()
    {
        return {{"train", "training images", Mark::LinePoints}, {"test", "test images", Mark::LinePoints}};
    }

    PixelsChoice m_pixels{this};
    Int m_largest{this,
                  "largest",
                  "Widest network",
                  {.standard = 1000,
                   .min = 1,
                   .max = 10000,
                   .unit = "units",
                   .help = "Of its hidden layers. The others are narrower in equal steps.",
                   .group = "Network",
                   .decides = false,
                   .when = Condition{"widths", {""}}}};
    Int m_models{this,
                 "models",
                 "Number of networks",
                 {.standard = 10,
                  .min = 1,
                  .max = 40,
                  .quick = 5,
                  .help = "How many, from the narrowest to the widest.",
                  .group = "Network",
                  .decides = false,
                  .when = Condition{"widths", {""}}}};
    Sweep m_widths{this,
                   "widths",
                   "Widths of one's own",
                   {.min = 1,
                    .max = 10000,
                    .whenEmpty = "in equal steps, as above",
                    .help = "In their place, such as 50, 100, 250 or 16..1024 double.",
                    .group = "Network",
                    .decides = false}};
    Int m_depth{this,
                "depth",
                "Hidden layers",
                {.standard = 1,
                 .min = 1,
                 .max = 20,
                 .help = "Of each network, all of its width.",
                 .group = "Network"}};
    ActivationChoice m_activation{this};
    ClassifierTraining m_training{
        this, {.epochs = 10, .batchSize = 500, .optimizer = {.weightDecay = 0, .decayScale = Scale::Linear}}};

    Chart m_loss{this,
                 "loss",
                 "Loss after training",
                 Axis{.title = "Parameters", .whole = true},
                 Axis{"Cross entropy"},
                 {.series = pair(), .sorted = true}};
    Chart m_accuracy{this,
                     "accuracy",
                     "Accuracy after training",
                     Axis{.title = "Parameters", .whole = true},
                     Axis{.title = "Accuracy", .format = Format::Percent},
                     {.series = pair(), .sharesX = "loss", .sorted = true}};
    Chart m_curves{this,
                   "curves",
                   "Training loss",
                   epochAxis(),
                   Axis{"Cross entropy", Scale::Log},
                   {.follow = [this](ChartInfo &info, const RunSpec &spec) {
                       info.series.clear();
                       for (const std::int64_t width :
                            widths(m_widths.in(spec), m_largest.in(spec), m_models.in(spec)))
                           info.series.push_back({nameOf(width), fmt::format("{} units", width)});
                   }}};

    ClassifierFigures m_figures{
        this,
        {.parameters = {{.model = "h100", .value = 79510},
                        {.model = "h200", .value = 159010},
                        {.model = "h300", .value = 238510},
                        {.model = "h400", .value = 318010},
                        {.model = "h500", .value = 397510},
                        {.model = "h600", .value = 477010},
                        {.model = "h700", .value = 556510},
                        {.model = "h800", .value = 636010},
                        {.model = "h900", .value = 715510},
                        {.model = "h1000", .value = 795010}},
         .testAccuracy = {{.model = "h100", .value = 0.9657},
                          {.model = "h200", .value = 0.9738},
                          {.model = "h900", .value = 0.9807},
                          {.model = "h1000", .value = 0.9813}},
         .testLoss = {{.model = "h100", .value = 0.117},
                      {.model = "h200", .value = 0.090},
                      {.model = "h900", .value = 0.062},
                      {.model = "h1000", .value = 0.061}},
         .trainingAccuracy = {{.model = "h100", .value = 0.970}, {.model = "h1000", .value = 0.9947}}},
        ", last epoch",
        {"depth"}};
    TrainingFigures m_afterTraining{this};
};

} // namespace

std::unique_ptr<Experiment> makeCapacity()
{
    return std::make_unique<Capacity>();
}

} // namespace losslab
