#include "experiments/pairchoice.h"

#include "base/numbertext.h"
#include "experiments/differingmodels.h"
#include "lab/runspec.h"
#include "nn/network.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <tuple>
#include <vector>

namespace losslab {

namespace {

std::string titleOf(const std::vector<Option> &options, const std::string &key)
{
    for (const Option &option : options)
        if (option.key == key)
            return option.label;
    return key;
}

} // namespace

/// Keys, labels and conditions of a pair's fields.
struct PairChoice::Fields
{
    char letter;
    Standards standards;

    std::string key(const std::string &name) const { return fmt::format("{}-{}", letter, name); }
    /// Of the first or second of what it may differ in.
    std::string keyOf(int place, const std::string &differsIn, const std::string &name) const
    {
        if (differsIn == standards.differsIn && !standards.keys.first.empty())
            return place == 1 ? standards.keys.first : standards.keys.second;
        return key((place == 1 ? "first-" : "second-") + name);
    }
    std::string label(const char *name) const { return fmt::format("Pair {}, {}", letter, name); }
    std::string group() const { return fmt::format("Pair {}", letter); }
    Condition when(std::vector<std::string> differsIn) const
    {
        return {key("differs"), std::move(differsIn)};
    }
    /// What both have: all but what they differ in, where they are trained here.
    Condition whenShared(std::string_view what) const
    {
        std::vector<std::string> values{"batch", "rate", "decay", "optimizer", "seed"};
        std::erase(values, what);
        return when(values);
    }
    static Condition whenTuned() { return {.parameter = "fine-tune", .values = {"0"}, .isExcept = true}; }
    static std::string helpOf(int place) { return place == 1 ? "Of θ₁, at α = 0." : "Of θ₂, at α = 1."; }

    std::vector<Option> differences() const
    {
        std::vector<Option> options{{"batch", "batch size"},   {"rate", "learning rate"},
                                    {"decay", "weight decay"}, {"optimizer", "optimizer"},
                                    {"seed", "start alone"},   {"models", "saved models"}};
        if (standards.optional)
            options.push_back({"none", "(none)"});
        return options;
    }
    IntOptions batch(int place) const
    {
        return {.standard = place == 1 ? 64 : 1024,
                .min = 1,
                .max = 60000,
                .unit = "images",
                .help = helpOf(place),
                .group = group(),
                .when = when({"batch"})};
    }
    RealOptions rate(int place) const
    {
        return {.standard = place == 1 ? 1e-3 : 1e-2,
                .min = 1e-7,
                .max = 1,
                .scale = Scale::Log,
                .help = helpOf(place),
                .group = group(),
                .when = when({"rate"})};
    }
    RealOptions decay(int place) const
    {
        return {.standard = place == 1 ? 0 : 1e-3,
                .max = 1,
                .scale = Scale::Log,
                .help = helpOf(place),
                .group = group(),
                .when = when({"decay"})};
    }
    ChoiceOptions method(int place) const
    {
        return {.standard = place == 1 ? "adam" : "sgd",
                .options = DifferingModels::optimizers(),
                .help =
                    helpOf(place) + " Both have one learning rate. With momentum, SGD has a momentum of 0.9.",
                .group = group(),
                .when = when({"optimizer"})};
    }
    TextOptions model(int place) const
    {
        return {.standard = {},
                .takes = {},
                .accepts = nullptr,
                .help = helpOf(place)
                        + " The .safetensors file of a model of these hidden layers, or the folder of a run "
                          "that has one model.",
                .group = group(),
                .when = when({"models"})};
    }
};

PairChoice::PairChoice(Experiment *owner, char letter, const Standards &standards)
    : PairChoice(owner, Fields{letter, standards})
{}

PairChoice::PairChoice(Experiment *owner, const Fields &fields)
    : m_letter(fields.letter),
      m_differsIn(owner, fields.key("differs"), fmt::format("Pair {} differs in", fields.letter),
                  {.standard = fields.standards.differsIn,
                   .options = fields.differences(),
                   .help = "What the two networks are told apart by. All else they have in common, but for "
                           "their start, which each draws anew.",
                   .group = fields.group()}),
      m_firstBatch(owner, fields.keyOf(1, "batch", "batch"), fields.label("first batch size"),
                   fields.batch(1)),
      m_secondBatch(owner, fields.keyOf(2, "batch", "batch"), fields.label("second batch size"),
                    fields.batch(2)),
      m_firstRate(owner, fields.keyOf(1, "rate", "rate"), fields.label("first learning rate"),
                  fields.rate(1)),
      m_secondRate(owner, fields.keyOf(2, "rate", "rate"), fields.label("second learning rate"),
                   fields.rate(2)),
      m_firstDecay(owner, fields.keyOf(1, "decay", "decay"), fields.label("first weight decay"),
                   fields.decay(1)),
      m_secondDecay(owner, fields.keyOf(2, "decay", "decay"), fields.label("second weight decay"),
                    fields.decay(2)),
      m_firstMethod(owner, fields.keyOf(1, "optimizer", "optimizer"), fields.label("first optimizer"),
                    fields.method(1)),
      m_secondMethod(owner, fields.keyOf(2, "optimizer", "optimizer"), fields.label("second optimizer"),
                     fields.method(2)),
      m_firstModel(owner, fields.keyOf(1, "models", "model"), fields.label("first model"), fields.model(1)),
      m_secondModel(owner, fields.keyOf(2, "models", "model"), fields.label("second model"), fields.model(2)),
      m_batchSize(owner, fields.key("batch"), fields.label("batch size"),
                  {.standard = fields.standards.batchSize,
                   .min = 1,
                   .max = 60000,
                   .unit = "images",
                   .help = "Of both.",
                   .group = fields.group(),
                   .when = fields.whenShared("batch")}),
      m_learningRate(owner, fields.key("lr"), fields.label("learning rate"),
                     {.standard = fields.standards.learningRate,
                      .min = 1e-7,
                      .max = 1,
                      .scale = Scale::Log,
                      .help = "Of both.",
                      .group = fields.group(),
                      .when = fields.whenShared("rate")}),
      m_weightDecay(owner, fields.key("weight-decay"), fields.label("weight decay"),
                    {.standard = fields.standards.weightDecay,
                     .max = 1,
                     .scale = Scale::Log,
                     .help = "Of both.",
                     .group = fields.group(),
                     .when = fields.whenShared("decay")}),
      m_tuningRate(owner, fields.key("tuning-lr"), fields.label("fine-tuning rate"),
                   {.standard = fields.standards.tuningRate,
                    .min = 1e-7,
                    .max = 1,
                    .scale = Scale::Log,
                    .help = "Where networks are trained further at each α.",
                    .group = fields.group(),
                    .decides = false,
                    .when = fields.whenTuned()}),
      m_tuningDecay(owner, fields.key("tuning-decay"), fields.label("fine-tuning decay"),
                    {.standard = fields.standards.tuningDecay,
                     .max = 1,
                     .scale = Scale::Log,
                     .help = "The same.",
                     .group = fields.group(),
                     .decides = false,
                     .when = fields.whenTuned()})
{}

std::pair<PairChoice::End, PairChoice::End> PairChoice::ends(const RunSpec &spec,
                                                             const Optimizer &optimizer) const
{
    End shared{.batchSize = m_batchSize.in(spec), .optimizer = optimizer};
    shared.optimizer.learningRate = m_learningRate.in(spec);
    shared.optimizer.weightDecay = m_weightDecay.in(spec);
    const auto named = [&](End &end, const auto &name, std::string label) {
        end.name = fmt::format("{}{}", m_letter, name);
        end.label = std::move(label);
    };
    const auto both = [&](const auto &first, const auto &second, const auto &change) {
        const auto made = [&](const auto &value) {
            End end = shared;
            change(end, value);
            return end;
        };
        return std::pair(made(first), made(second));
    };
    const std::string &differsIn = m_differsIn.in(spec);
    if (differsIn == "batch")
        return both(m_firstBatch.in(spec), m_secondBatch.in(spec), [&](End &end, std::int64_t size) {
            named(end, size, fmt::format("batch {}", size));
            end.batchSize = size;
        });
    if (differsIn == "rate")
        return both(m_firstRate.in(spec), m_secondRate.in(spec), [&](End &end, double rate) {
            named(end, rate, fmt::format("rate {}", rate));
            end.optimizer.learningRate = rate;
        });
    if (differsIn == "decay")
        return both(m_firstDecay.in(spec), m_secondDecay.in(spec), [&](End &end, double decay) {
            named(end, decay, fmt::format("decay {}", decay));
            end.optimizer.weightDecay = decay;
        });
    if (differsIn == "optimizer")
        return both(m_firstMethod.in(spec), m_secondMethod.in(spec),
                    [&](End &end, const std::string &method) {
                        end.optimizer = optimizerCalled(method, end.optimizer);
                        named(end, '-' + method, titleOf(DifferingModels::optimizers(), method));
                    });
    if (differsIn == "models") {
        const std::string first = toText(m_firstModel.valueIn(spec)),
                          second = toText(m_secondModel.valueIn(spec));
        const bool alike = modelName(first) == modelName(second);
        return both(std::pair("-first", first), std::pair("-second", second),
                    [&](End &end, const auto &file) {
                        named(end, file.first, modelName(file.second, alike));
                        end.file = file.second;
                    });
    }
    return both(1, 2, [&](End &end, int number) {
        named(end, fmt::format("-{}", number), fmt::format("start {}", number));
    });
}

std::string PairChoice::title(const RunSpec &spec) const
{
    const auto [first, second] = ends(spec);
    const std::size_t space = first.label.find(' ');
    const bool same =
        space != std::string::npos && second.label.starts_with(first.label.substr(0, space + 1));
    return fmt::format("{} to {}", first.label, same ? second.label.substr(space + 1) : second.label);
}

std::vector<std::string> PairChoice::batchKeys() const
{
    if (m_differsIn.is("batch"))
        return {m_secondBatch.info().key, m_firstBatch.info().key};
    return {m_batchSize.info().key};
}

Optimizer PairChoice::tuning(Optimizer optimizer) const
{
    optimizer.learningRate = m_tuningRate;
    optimizer.weightDecay = m_tuningDecay;
    return optimizer;
}

std::optional<Conflict> PairChoice::conflict(const RunSpec &spec, const Architecture &architecture,
                                             std::int64_t trainingImages) const
{
    if (!isThere(spec))
        return std::nullopt;
    const auto [first, second] = ends(spec);
    const Parameter &changed = m_differsIn.is("batch")       ? static_cast<const Parameter &>(m_secondBatch)
                               : m_differsIn.is("rate")      ? static_cast<const Parameter &>(m_secondRate)
                               : m_differsIn.is("decay")     ? static_cast<const Parameter &>(m_secondDecay)
                               : m_differsIn.is("optimizer") ? static_cast<const Parameter &>(m_secondMethod)
                                                             : static_cast<const Parameter &>(m_secondModel);
    if (m_differsIn.is("models")) {
        std::vector<std::filesystem::path> files;
        for (const auto &[end, field] :
             {std::pair(&first, &m_firstModel), std::pair(&second, &m_secondModel)}) {
            if (end->file.empty())
                return Conflict{field->info().key,
                                "Choose a model’s file, or the folder of a run with one model."};
            const auto model = describeModel(end->file);
            if (!model)
                return Conflict{field->info().key, model.error().message};
            if (const auto mismatch = mismatchOf(architecture, model->tensors))
                return Conflict{
                    field->info().key,
                    fmt::format("This model is no network of the hidden layers chosen here: {}.", *mismatch)};
            const std::string activation(activationName(activationOf(architecture)));
            const std::string pixels = toText(*spec.find("pixels"));
            for (const auto &[what, there, here] : {std::tuple("activation", model->activation, activation),
                                                    std::tuple("pixels", model->pixels, pixels)})
                if (!there.empty() && there != here)
                    return Conflict{
                        field->info().key,
                        fmt::format("This model was trained with the {} “{}”; here “{}” is chosen.", what,
                                    there, here)};
            files.push_back(model->file);
        }
        if (files.front() != files.back())
            return std::nullopt;
    }
    if (first.name == second.name || m_differsIn.is("models"))
        return Conflict{changed.info().key,
                        fmt::format("Both networks of pair {} are the same ({}). Choose two that differ.",
                                    m_letter, first.label)};
    const std::int64_t smaller = std::min(first.batchSize, second.batchSize);
    if (!m_differsIn.is("batch") || trainingImages == 0 || smaller < trainingImages)
        return std::nullopt;
    return Conflict{
        (first.batchSize == smaller ? m_firstBatch : m_secondBatch).info().key,
        fmt::format("The training set has {} images, so both batches of pair {} would be all of it. "
                    "Choose one below {}.",
                    countText(trainingImages), m_letter, countText(trainingImages))};
}

} // namespace losslab
