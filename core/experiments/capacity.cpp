#include "base/numbertext.h"
#include "experiments/classifierfigures.h"
#include "experiments/classifiertraining.h"
#include "experiments/trainingdata.h"
#include "experiments/variablechoice.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "train/networklist.h"

#include <algorithm>
#include <fmt/format.h>

namespace losslab {

namespace {

/// Do more parameters generalize worse? Networks from narrow to wide, from shallow to deep, or a list of
/// them.
class Capacity final : public Experiment
{
public:
    Capacity()
        : Experiment({.id = "capacity",
                      .title = "Capacity",
                      .question = "Do networks with more parameters generalize worse?",
                      .promise =
                          "train networks from small to large, on the same images; each "
                          "adds its points to the charts when it is done, and the curves of those still "
                          "training are drawn alongside.",
                      .part = Part::Generalization,
                      .needsImages = true,
                      .presets = {doubleDescent()}})
    {}

    MemoryNeed memoryNeed() const override
    {
        const RunSpec spec = settingsOf(*this);
        MemoryNeed need{.parameters = {inSteps(spec) ? "largest" : sizeKey(spec), "batch"}};
        for (const Model &model : models(spec))
            need.models.emplace_back(model.network.name, m_training.bytes(built(model, imageTask(images()))));
        return need;
    }

    std::optional<Conflict> check() const override
    {
        const RunSpec spec = settingsOf(*this);
        if (inSteps(spec) && m_steps > m_largest)
            return Conflict{"models",
                            fmt::format("There are only {} widths up to {} hidden units. Choose at most {} "
                                        "networks, or a wider one.",
                                        std::int64_t{m_largest}, std::int64_t{m_largest},
                                        std::int64_t{m_largest})};
        const std::vector<Model> models = this->models(spec);
        if (models.size() > mostModels)
            return Conflict{sizeKey(spec), fmt::format("There are {} networks. Choose at most {}.",
                                                       models.size(), mostModels)};
        for (const Model &model : models) {
            const auto network = networkOf(model.network.layers, imageTask(images()), m_activation);
            if (!network)
                return Conflict{inSteps(spec) ? "largest" : sizeKey(spec), network.error().message};
            if (auto conflict = m_training.conflict(*network))
                return conflict;
        }
        return std::nullopt;
    }

    void run(Run &run) override
    {
        Images images = imagesOf(run, m_pixels);
        images.training = m_images.of(images.training);
        const at::Tensor given = images.training.targets;
        images.training.targets = m_noise.corrupted(run, given, images.classes());
        const std::vector<Model> models = this->models(settingsOf(*this));
        annotate(run, models, images);
        for (const Model &model : models)
            if (!m_noise.isNone())
                m_wrongLabels.set(run, model.network.name, changedShare(images.training.targets, given));
        run.each(
            models, [](const Model &model) { return model.network.name; },
            [&](const Model &model, Task &task) { train(task, model.network, images); });
    }

private:
    static DeclaredPreset doubleDescent()
    {
        return {"double-descent",
                "Double descent",
                "With noisy labels, test loss that falls, rises and falls again: a minute of one core",
                {{"images", std::int64_t{4000}},
                 {"corruption", std::string("drawn")},
                 {"share", 20.0},
                 {"widths", std::string("3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 50, 64, 96, 128, 256, 512")},
                 {"epochs", std::int64_t{600}},
                 {"batch", std::int64_t{100}}}};
    }

    struct Model
    {
        NamedNetwork network;
        std::string label; ///< in a legend
    };

    Architecture built(const Model &model, const NetworkTask &task) const
    {
        return NetworkList::built(model.network, task, m_activation);
    }

    std::vector<Model> models(const RunSpec &spec) const
    {
        std::vector<Model> models;
        if (m_by.in(spec) == "networks")
            for (const NamedNetwork &network : m_networks.in(spec))
                models.push_back({network, network.name});
        for (const double value : m_by.values(spec)) {
            const auto count = static_cast<std::int64_t>(value);
            const std::string name = m_by.nameOf(spec, value);
            if (m_by.in(spec) == "depth")
                models.push_back({{name, alike(count, m_width.in(spec))},
                                  fmt::format("{} layer{}", count, count == 1 ? "" : "s")});
            else
                models.push_back({{name, alike(m_depth.in(spec), count)}, fmt::format("{} units", count)});
        }
        return models;
    }

    /// So many hidden layers of this width.
    static std::vector<LayerWord> alike(std::int64_t layers, std::int64_t width)
    {
        return std::vector<LayerWord>(static_cast<std::size_t>(layers), DenseWord{width});
    }

    /// Whether the widths are in equal steps.
    bool inSteps(const RunSpec &spec) const { return m_by.in(spec) == "width" && m_by.isEmpty(spec); }

    /// Up to the largest; all differ where there are no more than it is wide.
    std::vector<double> equalSteps(const RunSpec &spec) const
    {
        std::vector<double> widths;
        for (std::int64_t i = 1; i <= m_steps.in(spec); ++i)
            widths.push_back(static_cast<double>(m_largest.in(spec)*i / m_steps.in(spec)));
        return widths;
    }

    /// Key of the parameter that says which networks there are.
    std::string sizeKey(const RunSpec &spec) const
    {
        const std::string &by = m_by.in(spec);
        return by == "networks" ? "networks" : by == "depth" ? "depths" : "widths";
    }

    /// Of all networks, for these images; those that cannot be are left out. Ascending.
    std::vector<double> sizes(const std::vector<Model> &models, const NetworkTask &task) const
    {
        std::vector<double> sizes;
        for (const Model &model : models)
            if (const auto network = networkOf(model.network.layers, task, m_activation))
                sizes.push_back(static_cast<double>(network->parameterCount()));
        std::sort(sizes.begin(), sizes.end());
        return sizes;
    }

    /// Marks where there are as many parameters as numbers to fit: n images with K outputs each.
    void annotate(Run &run, const std::vector<Model> &models, const Images &images)
    {
        const std::int64_t samples = images.training.count();
        const auto equations = static_cast<double>(samples * images.classes());
        const std::vector<double> sizes = this->sizes(models, images.task);
        std::string remark = m_images.remark(samples);
        if (equations < sizes.front() || equations > sizes.back())
            remark += fmt::format("{}samples × classes: {}, {} all networks", remark.empty() ? "" : " · ",
                                  groupedText(equations), equations < sizes.front() ? "below" : "above");
        for (const Chart *chart : {&m_loss, &m_accuracy})
            chart->annotate(run, remark, {{equations, "samples × classes", true}});
    }

    void train(Task &task, const NamedNetwork &network, const Images &images)
    {
        const Architecture architecture = NetworkList::built(network, images.task, m_activation);
        TrainerOptions options = m_training.options();
        options.sharedStart = true;
        options.optimizer.learningRate = network.learningRate.value_or(options.optimizer.learningRate);
        options.optimizer.weightDecay = network.weightDecay.value_or(options.optimizer.weightDecay);
        Trainer trainer(task, architecture, images.training, options);
        task.saveModel(trainer.network().tensors(), "-init");
        m_curves.follow(task, network.name);
        for (const std::int64_t epoch : task.epochs(m_training.epochs(), trainer))
            m_curves.add(task, network.name, static_cast<double>(epoch), trainer.epoch().loss);
        const Evaluation trained = evaluate(task, trainer, images.training, images.classes());
        const Evaluation tested = evaluate(task, trainer, images.test, images.classes());
        task.saveModel(trainer.network().tensors());
        const auto parameters = static_cast<double>(architecture.parameterCount());
        const std::string name =
            m_by.is("networks") ? task.name() : std::string(); // in no order of their own
        m_loss.add(task, "train", parameters, trained.loss);
        m_loss.add(task, "test", parameters, tested.loss, name);
        m_accuracy.add(task, "train", parameters, trained.accuracy);
        m_accuracy.add(task, "test", parameters, tested.accuracy, name);
        m_figures.set(task, architecture, trainer.figures(), tested);
        m_afterTraining.set(task, trained);
    }

    /// Of charts against size.
    ChartOptions pair(std::string sharesX = {}) const
    {
        return {.sharesX = std::move(sharesX),
                .sorted = true,
                .follow = [this](ChartInfo &info, const RunSpec &spec) {
                    const Mark mark = m_by.in(spec) == "networks" ? Mark::Points : Mark::LinePoints;
                    info.series = {{"train", "training images", mark}, {"test", "test images", mark}};
                    if (!inSteps(spec))
                        info.x.scale = scaleOf(sizes(models(spec), imageTask()));
                }};
    }

    PixelsChoice m_pixels{this};
    TrainingImagesChoice m_images{this, 0};
    LabelNoise m_noise{this, {.none = true, .share = 20}};
    VariableChoice m_by{this,
                        "by",
                        "Networks differ in",
                        "By width or depth, all hidden layers are dense and alike.",
                        {{{"width", "width"},
                          {{"widths",
                            "Widths of one's own",
                            {.min = 1,
                             .max = 10000,
                             .whenEmpty = "in equal steps, as below",
                             .help = "In place of equal steps, such as 50, 100, 250 or 16..1024 double.",
                             .group = "Network"},
                            "h",
                            [this](const RunSpec &spec) { return equalSteps(spec); }}}},
                         {{"depth", "depth"},
                          {{"depths",
                            "Numbers of hidden layers",
                            {.standard = "1..10 step 1",
                             .min = 0,
                             .max = 50,
                             .help = "Such as 1, 2, 4 or 1..10 step 1.",
                             .group = "Network"},
                            "d"}}},
                         {{"networks", "own list"}}},
                        /*decides=*/true};
    Int m_largest{this,
                  "largest",
                  "Widest network",
                  {.standard = 1000,
                   .min = 1,
                   .max = 10000,
                   .unit = "units",
                   .slides = 1500,
                   .help = "Of its hidden layers. The others are narrower in equal steps.",
                   .group = "Network",
                   .decides = false,
                   .when = Condition{"widths", {""}}}};
    Int m_steps{this,
                "models",
                "Number of networks",
                {.standard = 10,
                 .min = 1,
                 .max = mostModels,
                 .quick = 5,
                 .slides = 75,
                 .help = "How many, from the narrowest to the widest.",
                 .group = "Network",
                 .decides = false,
                 .when = Condition{"widths", {""}}}};
    Int m_depth{this,
                "depth",
                "Hidden layers",
                {.standard = 1,
                 .min = 1,
                 .max = 20,
                 .help = "Of each network, all of its width.",
                 .group = "Network",
                 .when = Condition{"by", {"width"}}}};
    Int m_width{this,
                "width",
                "Width of hidden layers",
                {.standard = 100,
                 .min = 1,
                 .max = 10000,
                 .unit = "units",
                 .help = "Of each network, all of its hidden layers.",
                 .group = "Network",
                 .when = Condition{"by", {"depth"}}}};
    NetworkList m_networks{this,
                           "networks",
                           "Networks",
                           {.standard = "small: 50; medium: 200; large: 200, 200; cnn: conv 10 5, pool 2, 50",
                            .task = imageTask(),
                            .help = "Dense or convolutional, up to 100.",
                            .decides = false,
                            .when = Condition{"by", {"networks"}}}};
    ActivationChoice m_activation{this};
    ClassifierTraining m_training{
        this, {.epochs = 10, .batchSize = 500, .optimizer = {.weightDecay = 0, .decayScale = Scale::Linear}}};

    Chart m_loss{this,
                 "loss",
                 "Loss after training",
                 Axis{.title = "Parameters", .whole = true},
                 Axis{"Cross entropy"},
                 pair()};
    Chart m_accuracy{this,
                     "accuracy",
                     "Accuracy after training",
                     Axis{.title = "Parameters", .whole = true},
                     Axis{.title = "Accuracy", .format = Format::Percent},
                     pair("loss")};
    Chart m_curves{this,
                   "curves",
                   "Training loss",
                   epochAxis(),
                   Axis{"Cross entropy", Scale::Log},
                   {.follow = [this](ChartInfo &info, const RunSpec &spec) {
                       info.series.clear();
                       for (const Model &model : models(spec))
                           info.series.push_back({model.network.name, model.label});
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
        {"by", "depth"}};
    TrainingFigures m_afterTraining{this};
    Figure m_wrongLabels{this, "wrong-labels", "Wrong labels", Format::Percent};
};

} // namespace

std::unique_ptr<Experiment> makeCapacity()
{
    return std::make_unique<Capacity>();
}

} // namespace losslab
