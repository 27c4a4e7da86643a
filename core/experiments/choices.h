#pragma once

#include "data/targets.h"
#include "lab/experiment.h"
#include "lab/runerror.h"
#include "nn/engine.h"
#include "nn/optimizer.h"
#include "nn/weightstart.h"
#include "train/images.h"
#include "train/layerskind.h"
#include "train/schedule.h"

#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What several experiments let one choose, said once. Each is a member of the experiment, which it registers
/// its parameters with.
namespace losslab {

/// How many epochs classifiers are trained.
class EpochsChoice final : public Int
{
public:
    EpochsChoice(Experiment *owner, std::int64_t standard, std::optional<std::int64_t> quick = {},
                 std::int64_t max = 10000)
        : Int(owner, "epochs", "Training",
              {.standard = standard, .min = 1, .max = max, .unit = "epochs", .quick = quick})
    {}
};

/// Of images.
class BatchSizeChoice final : public Int
{
public:
    BatchSizeChoice(Experiment *owner, std::int64_t standard)
        : Int(owner, "batch", "Batch size", {.standard = standard, .min = 1, .max = 60000, .unit = "images"})
    {}
};

/// The task of a network that learns a function of one variable.
inline NetworkTask functionTask()
{
    return {std::vector<std::int64_t>(1, 1), 1};
}

/// What regressions learn: a function of one variable on an interval.
class TargetChoice
{
public:
    /// `slidesLow`: where the interval begins in the slides preset.
    explicit TargetChoice(Experiment *owner, std::optional<double> slidesLow = {})
        : m_function(owner, "function", "Function",
                     {.standard = "sinc",
                      .options = {{"square", "sgn(sin(5*pi*x))"}, {"sinc", "sinc(5*pi*x)"}},
                      .takes = "an expression in x",
                      .accepts = checkFunction,
                      .help = "What the networks learn: one of the two published functions, or one of your "
                              "own, such as x^3 - x or exp(-x^2) * cos(9*x).",
                      .group = "Data"}),
          m_low(owner, "low", "Lowest x",
                {.standard = -1,
                 .min = -1000,
                 .max = 1000,
                 .slides = slidesLow,
                 .help = "Where the interval begins.",
                 .group = "Data"}),
          m_high(
              owner, "high", "Highest x",
              {.standard = 1, .min = -1000, .max = 1000, .help = "Where the interval ends.", .group = "Data"})
    {}

    bool is(std::string_view function) const { return m_function.is(function); }

    /// Equally spaced. Throws RunError where the function has no value somewhere.
    TargetSamples sampled(std::int64_t points) const
    {
        Result<TargetSamples> samples = sampledOrNot(points);
        if (!samples)
            throw RunError(samples.error());
        return std::move(*samples);
    }

    std::optional<Conflict> conflict(std::int64_t points) const
    {
        if (!(m_low < m_high))
            return Conflict{"high", fmt::format("The interval is empty: it goes from {} to {}.",
                                                toText(m_low.value()), toText(m_high.value()))};
        if (const auto samples = sampledOrNot(points); !samples)
            return Conflict{"function", samples.error().message};
        return std::nullopt;
    }

    /// A function that is one of the named ones in another spelling goes by its name.
    void normalize(std::int64_t points)
    {
        const auto samples = m_low < m_high ? sampledOrNot(points) : TargetSamples();
        if (samples && samples->target)
            (void)m_function.set(std::string(targetName(*samples->target)));
    }

private:
    Result<TargetSamples> sampledOrNot(std::int64_t points) const
    {
        return sample(std::string(m_function), static_cast<std::size_t>(points), {m_low, m_high});
    }

    Text m_function;
    Real m_low;
    Real m_high;
};

/// How many samples of a function of one variable.
class SamplesChoice final : public Int
{
public:
    /// `of`: in "Equally spaced points of …."
    SamplesChoice(Experiment *owner, std::int64_t standard, const std::string &of)
        : Int(owner, "points", "Samples",
              {.standard = standard,
               .min = 2,
               .max = 10000,
               .help = "Equally spaced points of " + of + ".",
               .group = "Data"})
    {}
};

/// A choice of one of some values, each with a name for files and a title for people.
template <class Chosen, class All, class Name, class Title>
std::vector<Option> optionsOf(const All &all, const Name &name, const Title &title)
{
    std::vector<Option> options;
    for (const Chosen chosen : all)
        options.push_back({std::string(name(chosen)), std::string(title(chosen))});
    return options;
}

/// What follows hidden layers.
class ActivationChoice
{
public:
    explicit ActivationChoice(Experiment *owner)
        : m_choice(owner, "activation", "Activation",
                   {.standard = "relu",
                    .options = optionsOf<Activation>(allActivations, activationName, activationTitle),
                    .help = "What follows every hidden layer, by PyTorch's definitions.",
                    .group = "Network"})
    {}

    operator Activation() const { return *activationFromName(std::string(m_choice)); }

private:
    Choice m_choice;
};

/// How weights are drawn before training.
class StartChoice
{
public:
    explicit StartChoice(Experiment *owner)
        : m_choice(owner, "start", "Start of weights",
                   {.standard = "standard",
                    .options = optionsOf<WeightStart>(allWeightStarts, weightStartName, weightStartTitle),
                    .help = "PyTorch's: uniform in ±1/√fan-in. Xavier's and He's as in torch.nn.init. Biases "
                            "are always drawn as PyTorch's.",
                    .group = "Network"})
    {}

    operator WeightStart() const { return *weightStartFromName(std::string(m_choice)); }

private:
    Choice m_choice;
};

/// The optimizer's step size.
class LearningRateChoice final : public Real
{
public:
    LearningRateChoice(Experiment *owner, double standard, std::optional<double> quick = {})
        : Real(owner, "lr", "Learning rate",
               {.standard = standard,
                .min = 1e-7,
                .max = 10,
                .scale = Scale::Log,
                .quick = quick,
                .help = "The optimizer's step size."})
    {}
};

/// The optimizer, without its rate and its weight decay.
class MethodChoice
{
public:
    /// `decays`: whether there is a weight decay; without one, AdamW is Adam.
    explicit MethodChoice(Experiment *owner, bool decays = true)
        : m_method(owner, "optimizer", "Optimizer",
                   {.standard = "adam", .options = methods(decays), .help = "As torch.optim has them."}),
          m_momentum(owner, "momentum", "Momentum",
                     {.standard = 0, .max = 0.9999, .when = Condition{"optimizer", {"sgd", "rmsprop"}}}),
          m_nesterov(owner, "nesterov", "Nesterov momentum",
                     {.help = "Takes the gradient where momentum leads. Counts with momentum alone.",
                      .when = Condition{"optimizer", {"sgd"}}})
    {}

    Optimizer with(double learningRate, double weightDecay) const
    {
        return {.method = *methodFromName(std::string(m_method)),
                .learningRate = learningRate,
                .weightDecay = weightDecay,
                .momentum = m_momentum,
                .nesterov = m_nesterov};
    }

private:
    static std::vector<Option> methods(bool decays)
    {
        std::vector<Option> options = optionsOf<Optimizer::Method>(allMethods, methodName, methodTitle);
        if (!decays)
            std::erase_if(options, [](const Option &option) { return option.key == "adamw"; });
        return options;
    }

    Choice m_method;
    Real m_momentum;
    Flag m_nesterov;
};

/// The optimizer, its step size and its weight decay.
class OptimizerChoice
{
public:
    struct Standards
    {
        double learningRate = 1e-3;
        double weightDecay = 1e-4;
        std::optional<double> quickRate = {};
        std::string ofDecay = {}; ///< more to say of it
        Scale decayScale = Scale::Log;
    };

    OptimizerChoice(Experiment *owner, const Standards &standards)
        : m_method(owner),
          m_learningRate(owner, standards.learningRate, standards.quickRate),
          m_weightDecay(owner, "weight-decay", "Weight decay",
                        {.standard = standards.weightDecay,
                         .max = 1,
                         .scale = standards.decayScale,
                         .help = "The L2 term added to the gradient; AdamW shrinks the weights by it instead"
                                 + standards.ofDecay + "."})
    {}

    operator Optimizer() const { return m_method.with(m_learningRate, m_weightDecay); }

private:
    MethodChoice m_method;
    LearningRateChoice m_learningRate;
    Real m_weightDecay;
};

/// How the learning rate changes during training.
class ScheduleChoice
{
public:
    explicit ScheduleChoice(Experiment *owner)
        : m_shape(owner, "schedule", "Rate schedule",
                  {.standard = "constant",
                   .options = {{"constant", "constant"},
                               {"step", "in steps"},
                               {"cosine", "cosine to zero"},
                               {"warm-up", "warm-up"}},
                   .help = "How the learning rate changes from epoch to epoch."}),
          m_every(owner, "schedule-epochs", "Each step takes",
                  {.standard = 10,
                   .min = 1,
                   .max = 1000000,
                   .unit = "epochs",
                   .help = "Epochs between two steps, or of the warm-up.",
                   .when = Condition{"schedule", {"step", "warm-up"}}}),
          m_factor(owner, "schedule-factor", "Factor of a step",
                   {.standard = 0.1,
                    .min = 1e-6,
                    .max = 10,
                    .scale = Scale::Log,
                    .when = Condition{"schedule", {"step"}}})
    {}

    Schedule over(std::int64_t epochs) const
    {
        using Shape = Schedule::Shape;
        const Shape shape = m_shape.is("step")      ? Shape::Step
                            : m_shape.is("cosine")  ? Shape::Cosine
                            : m_shape.is("warm-up") ? Shape::WarmUp
                                                    : Shape::Constant;
        return {.shape = shape, .every = m_every, .factor = m_factor, .epochs = epochs};
    }

private:
    Choice m_shape;
    Int m_every;
    Real m_factor;
};

/// How images are handed to networks.
class PixelsChoice
{
public:
    explicit PixelsChoice(Experiment *owner)
        : m_choice(
            owner, "pixels", "Pixels",
            {.standard = "scaled",
             .options = {{"scaled", "from 0 to 1"}, {"normalized", "mean 0, deviation 1"}},
             .help = "Mean and deviation are those of all training images' pixels, channel by channel.",
             .group = "Data"})
    {}

    operator Pixels() const { return m_choice.is("normalized") ? Pixels::Normalized : Pixels::Scaled; }

private:
    Choice m_choice;
};

/// The precision that a dense classifier is trained in.
class PrecisionChoice
{
public:
    explicit PrecisionChoice(Experiment *owner)
        : m_choice(
            owner, "precision", "Precision",
            {.standard = "float32",
             .options = {{"float32", "float32"}, {"bfloat16", "bfloat16"}},
             .help =
                 "bfloat16 rounds the operands of training's matrix products to 8 significant bits, and on "
                 "a GPU their results, too. Weights, Adam and every evaluation stay in float32. This is "
                 "faster, "
                 "above all where the processor has instructions for it."})
    {}

    /// Why a network cannot be trained in it.
    std::optional<Conflict> conflict(const Architecture &architecture) const
    {
        if (m_choice.is("float32") || !denseWidths(architecture).empty())
            return std::nullopt;
        return Conflict{"precision", "bfloat16 is for dense layers with ReLU."};
    }

    operator Precision() const { return m_choice.is("bfloat16") ? Precision::BFloat16 : Precision::Full; }

private:
    Choice m_choice;
};

} // namespace losslab
