#pragma once

#include "experiments/networkchoice.h"
#include "lab/experiment.h"
#include "nn/optimizer.h"
#include "train/schedule.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

/// The optimizer's step size.
class LearningRateChoice final : public Real
{
public:
    LearningRateChoice(Experiment *owner, double standard, std::optional<double> quick = {},
                       std::optional<Condition> when = {})
        : Real(owner, "lr", "Learning rate",
               {.standard = standard,
                .min = 1e-7,
                .max = 10,
                .scale = Scale::Log,
                .quick = quick,
                .help = "The optimizer's step size.",
                .when = std::move(when)})
    {}
};

/// The optimizer, without its rate and its weight decay.
class MethodChoice
{
public:
    /// `decays`: whether there is a weight decay; without one, AdamW is Adam.
    explicit MethodChoice(Experiment *owner, bool decays = true, std::optional<Condition> when = {})
        : m_method(owner, "optimizer", "Optimizer",
                   {.standard = "adam",
                    .options = methods(decays),
                    .help = "As torch.optim has them.",
                    .when = std::move(when)}),
          m_momentum(owner, "momentum", "Momentum",
                     {.standard = 0, .max = 0.9999, .when = Condition{"optimizer", {"sgd", "rmsprop"}}}),
          m_nesterov(
              owner, "nesterov", "Nesterov momentum",
              {.help = "Takes the gradient where momentum leads.", .when = Condition{"optimizer", {"sgd"}}})
    {
        owner->addRule([this]() -> std::optional<Conflict> {
            if (m_method.is("sgd") && m_nesterov && m_momentum == 0)
                return Conflict{"momentum", "With Nesterov's momentum, the momentum is above 0."};
            return std::nullopt;
        });
    }

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
        /// Where each is chosen here, and not by another parameter.
        std::optional<Condition> methodWhen = {}, rateWhen = {}, decayWhen = {};
    };

    OptimizerChoice(Experiment *owner, const Standards &standards)
        : m_method(owner, /*decays=*/true, standards.methodWhen),
          m_learningRate(owner, standards.learningRate, standards.quickRate, standards.rateWhen),
          m_weightDecay(owner, "weight-decay", "Weight decay",
                        {.standard = standards.weightDecay,
                         .max = 1,
                         .scale = standards.decayScale,
                         .help = "The L2 term added to the gradient; AdamW shrinks the weights by it instead"
                                 + standards.ofDecay + ".",
                         .when = standards.decayWhen})
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
          m_every(owner, "schedule-epochs", "Step or warm-up",
                  {.standard = 10,
                   .min = 1,
                   .max = 1000000,
                   .unit = "epochs",
                   .help = "Epochs between two steps of the rate, or of its warm-up.",
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

} // namespace losslab
