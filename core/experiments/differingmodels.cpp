#include "experiments/differingmodels.h"

#include "base/numbertext.h"
#include "nn/layertext.h"
#include "train/imagetask.h"
#include "train/trainer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <variant>

namespace losslab {

namespace {

constexpr double usualMomentum = 0.9; ///< of an optimizer that is called by its momentum

const std::array<Option, 6> variableOptions{{{"batch", "batch size"},
                                             {"rate", "learning rate"},
                                             {"width", "width"},
                                             {"decay", "weight decay"},
                                             {"dropout", "dropout"},
                                             {"optimizer", "optimizer"}}};

Option optionOf(std::string_view key)
{
    for (const Option &option : variableOptions)
        if (option.key == key)
            return option;
    return {};
}

/// Every dense hidden layer of this width.
std::vector<LayerWord> ofWidth(std::vector<LayerWord> words, std::int64_t width)
{
    for (LayerWord &word : words)
        if (auto *dense = std::get_if<DenseWord>(&word))
            dense->width = width;
    return words;
}

/// With this dropout after every dense hidden layer, and no other; without any where it is 0.
std::vector<LayerWord> withDropout(const std::vector<LayerWord> &words, double probability)
{
    std::vector<LayerWord> dropping;
    for (const LayerWord &word : words) {
        if (std::holds_alternative<DropoutWord>(word))
            continue;
        dropping.push_back(word);
        if (std::holds_alternative<DenseWord>(word) && probability > 0)
            dropping.emplace_back(DropoutWord{probability});
    }
    return dropping;
}

bool hasDense(const std::vector<LayerWord> &words)
{
    return std::any_of(words.begin(), words.end(),
                       [](const LayerWord &word) { return std::holds_alternative<DenseWord>(word); });
}

} // namespace

Optimizer optimizerCalled(const std::string &name, Optimizer optimizer)
{
    const bool byMomentum = name == "momentum" || name == "nesterov";
    optimizer.method = *methodFromName(byMomentum ? "sgd" : name);
    optimizer.momentum = byMomentum ? usualMomentum : 0;
    optimizer.nesterov = name == "nesterov";
    return optimizer;
}

Condition DifferingModels::elsewhere(const std::string &variable)
{
    std::vector<std::string> others;
    for (const Option &option : variableOptions)
        if (option.key != variable)
            others.push_back(option.key);
    return {"over", others};
}

std::vector<VariableChoice::Variable> DifferingModels::variables() const
{
    return {{optionOf("batch"),
             {{"batches",
               "Batch sizes of one's own",
               {.min = 1,
                .max = 60000,
                .whenEmpty = "equally spaced, as below",
                .slides = "16..1024 double",
                .help = "In place of equal steps, such as 16, 64, 256, 1024 or 16..1024 double. Of values "
                        "that lie far apart, the axis is logarithmic."},
               "batch",
               [this](const RunSpec &spec) { return equalSteps(spec); }}}},
            {optionOf("rate"),
             {{"rates",
               "Learning rates",
               {.standard = "0.0001, 0.0003, 0.001, 0.003, 0.01",
                .min = 1e-7,
                .max = 10,
                .whole = false,
                .help = "Such as 0.0001, 0.001, 0.01 or 0.00001..0.1 times 10."},
               "rate"}}},
            {optionOf("width"),
             {{"widths",
               "Widths",
               {.standard = "32..1024 double",
                .min = 1,
                .max = 10000,
                .help = "Units of every dense hidden layer, in place of its own."},
               "width"}}},
            {optionOf("decay"),
             {{"decays",
               "Weight decays",
               {.standard = "0.000001..0.01 times 10",
                .min = 0,
                .max = 1,
                .whole = false,
                .help = "Such as 0.0001, 0.001 or 0.00001..0.01 times 10. On a logarithmic axis, 0 is marked "
                        "at its left end."},
               "decay"}}},
            {optionOf("dropout"),
             {{"dropouts",
               "Dropouts",
               {.standard = "0..0.8 step 0.2",
                .min = 0,
                .max = 0.99,
                .whole = false,
                .help = "Shares of units left out in training, after every dense hidden layer."},
               "dropout"}}},
            {optionOf("optimizer")}};
}

std::vector<DifferingModels::Model> DifferingModels::in(const RunSpec &spec) const
{
    std::vector<Model> models;
    if (areNamed(spec))
        for (const Option &method : m_optimizers.in(spec))
            models.push_back({method.key, static_cast<double>(models.size())});
    for (const double value : m_over.values(spec))
        models.push_back({m_over.nameOf(spec, value), value});
    return models;
}

/// From the smallest to the largest batch.
std::vector<double> DifferingModels::equalSteps(const RunSpec &spec) const
{
    const std::int64_t count = m_steps.in(spec), smallest = m_smallest.in(spec);
    std::vector<double> sizes;
    for (std::int64_t i = 0; i < count; ++i)
        sizes.push_back(static_cast<double>(
            count > 1 ? smallest + (m_largest.in(spec)-smallest) * i / (count - 1) : smallest));
    return sizes;
}

Axis DifferingModels::axis(const RunSpec &spec) const
{
    const std::string &over = m_over.in(spec);
    if (over == "rate")
        return {.title = "Learning rate", .scale = scaleOf(m_over.values(spec))};
    if (over == "width")
        return {.title = "Units of every hidden layer", .scale = scaleOf(m_over.values(spec)), .whole = true};
    if (over == "decay")
        return {.title = "Weight decay", .scale = scaleOf(m_over.values(spec))};
    if (over == "dropout")
        return {.title = "Dropout"};
    Axis axis{.title = "Batch size", .whole = true};
    if (over == "batch") {
        // Equal steps lie as they are, however far they reach.
        axis.scale = m_over.isEmpty(spec) ? Scale::Linear : scaleOf(m_over.values(spec));
        return axis;
    }
    axis = {.title = "Optimizer"};
    for (const Option &method : m_optimizers.in(spec))
        axis.ticks.emplace_back(static_cast<double>(axis.ticks.size()), method.label);
    axis.min = -0.5;
    axis.max = static_cast<double>(axis.ticks.size()) - 0.5;
    return axis;
}

Result<Architecture> DifferingModels::network(const Model &model, const Layers &hidden,
                                              const NetworkTask &task, Activation activation) const
{
    auto words = readLayers(hidden.text(), task);
    if (!words)
        return tl::unexpected(words.error());
    if (m_over.is("width"))
        words = ofWidth(std::move(*words), static_cast<std::int64_t>(model.value));
    if (m_over.is("dropout"))
        words = withDropout(*words, model.value);
    return networkOf(*words, task, activation);
}

TrainerOptions DifferingModels::options(const Model &model, TrainerOptions options) const
{
    if (m_over.is("batch"))
        options.batchSize = static_cast<std::int64_t>(model.value);
    else if (m_over.is("rate"))
        options.optimizer.learningRate = model.value;
    else if (m_over.is("decay"))
        options.optimizer.weightDecay = model.value;
    else if (m_over.is("optimizer"))
        options.optimizer = optimizerCalled(model.name, options.optimizer);
    return options;
}

std::optional<Conflict> DifferingModels::conflict(const RunSpec &spec, const Layers &hidden,
                                                  const ImageSurvey &images) const
{
    const NetworkTask task = imageTask(images);
    const auto words = readLayers(hidden.text(), task);
    if (!words)
        return Conflict{hidden.info().key, words.error().message};
    if ((m_over.is("width") || m_over.is("dropout")) && !hasDense(*words))
        return Conflict{hidden.info().key, m_over.is("width")
                                               ? "There is no dense hidden layer whose width could differ."
                                               : "There is no dense hidden layer that dropout could follow."};
    for (const Model &model : in(spec))
        if (const auto network = this->network(model, hidden, task, Activation::Relu); !network)
            return Conflict{sizeKeys().front(), network.error().message};
    return m_over.is("batch") ? conflictOfBatches(spec, images.trainingImages) : std::nullopt;
}

std::optional<Conflict> DifferingModels::conflictOfBatches(const RunSpec &spec, std::int64_t images) const
{
    const bool listed = !m_over.isEmpty(spec);
    if (!listed && m_smallest > m_largest)
        return Conflict{"largest", fmt::format("The largest batch ({}) is smaller than the smallest ({}).",
                                               std::int64_t{m_largest}, std::int64_t{m_smallest})};
    if (const std::int64_t sizes = m_largest - m_smallest + 1; !listed && m_steps > sizes)
        return Conflict{"models",
                        fmt::format("From {} to {} there {} only {} batch size{}. Choose at most {}, or "
                                    "batches further apart.",
                                    std::int64_t{m_smallest}, std::int64_t{m_largest},
                                    sizes == 1 ? "is" : "are", sizes, sizes == 1 ? "" : "s", sizes)};
    // Of a set that is smaller than two of the batches, both are all of it: one training under two names.
    const std::vector<double> sizes = m_over.values(spec);
    const std::size_t count = sizes.size();
    if (images == 0 || count < 2 || sizes[count - 2] < static_cast<double>(images))
        return std::nullopt;
    return Conflict{listed ? "batches" : "largest",
                    fmt::format("The training set has {} images, so batches of {} and of {} would both "
                                "be all of it. Choose at most {}.",
                                countText(images), groupedText(sizes[count - 2]),
                                groupedText(sizes[count - 1]), countText(images))};
}

std::vector<std::string> DifferingModels::sizeKeys() const
{
    if (m_over.is("batch"))
        return {"hidden", m_over.isEmpty(settingsOf(m_over.owner())) ? "largest" : "batches"};
    return {m_over.is("width") ? "widths" : "hidden", "batch"};
}

} // namespace losslab
