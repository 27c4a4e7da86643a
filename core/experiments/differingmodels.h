#pragma once

#include "experiments/classifiertraining.h"
#include "experiments/variablechoice.h"
#include "lab/optionlist.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

/// The optimizer of one of the names of DifferingModels::optimizers(), with the rate and decay of this one.
Optimizer optimizerCalled(const std::string &name, Optimizer optimizer);

/// Models that differ in one variable of a person's choice. A member of the experiment, which it registers
/// its parameters with; all that the models have in common are parameters of its own, of which the one that
/// is varied counts only where another is: see elsewhere().
class DifferingModels
{
public:
    struct Model
    {
        std::string name; ///< "batch64", "adam"
        double value = 0; ///< of the variable; of optimizers, which one in the list
    };

    explicit DifferingModels(Experiment *owner)
        : m_over(owner, "over", "Models differ in", "The other settings are the same for all of them.",
                 variables(), /*decides=*/false),
          m_optimizers(owner, "optimizers", "Optimizers",
                       {.standard = "sgd, momentum, adagrad, rmsprop, adam",
                        .options = optimizers(),
                        .help = "Each with the same learning rate. momentum and nesterov are SGD with a "
                                "momentum of 0.9.",
                        .decides = false,
                        .when = Condition{"over", {"optimizer"}}}),
          m_smallest(owner, "smallest", "Smallest batch", batchEnd(10)),
          m_largest(owner, "largest", "Largest batch", batchEnd(1510)),
          m_steps(owner, "models", "Number of batch sizes",
                  {.standard = 5,
                   .min = 1,
                   .max = mostModels,
                   .quick = 3,
                   .help = "Equally spaced from the smallest to the largest.",
                   .decides = false,
                   .when = Condition{"batches", {""}}})
    {}

    /// The condition of a parameter that a variable takes the place of: another one is chosen.
    static Condition elsewhere(const std::string &variable);

    /// Those of a spec's settings.
    std::vector<Model> in(const RunSpec &spec) const;

    /// How they lie along an axis.
    Axis axis(const RunSpec &spec) const;
    /// Whether the values are names, between which there is nothing.
    bool areNamed(const RunSpec &spec) const { return m_over.in(spec) == "optimizer"; }

    /// The model's network, where these are the hidden layers and what they follow. Usage error: it cannot
    /// be.
    Result<Architecture> network(const Model &model, const Layers &hidden, const NetworkTask &task,
                                 Activation activation) const;
    /// How it is trained, where this is how all are.
    TrainerOptions options(const Model &model, TrainerOptions options) const;

    /// What is wrong with the models of a spec's settings, for these images.
    std::optional<Conflict> conflict(const RunSpec &spec, const Layers &hidden,
                                     const ImageSurvey &images) const;
    /// Keys of the parameters that say how large models are.
    std::vector<std::string> sizeKeys() const;

    /// Those that models may differ in, by name.
    static std::vector<Option> optimizers()
    {
        return {{"adam", "Adam"},
                {"adamw", "AdamW"},
                {"sgd", "SGD"},
                {"momentum", "SGD, momentum"},
                {"nesterov", "SGD, Nesterov"},
                {"rmsprop", "RMSprop"},
                {"adagrad", "Adagrad"}};
    }

private:
    std::vector<VariableChoice::Variable> variables() const;
    static IntOptions batchEnd(std::int64_t standard)
    {
        return {.standard = standard,
                .min = 1,
                .max = 60000,
                .unit = "images",
                .decides = false,
                .when = Condition{"batches", {""}}};
    }

    std::vector<double> equalSteps(const RunSpec &spec) const;
    std::optional<Conflict> conflictOfBatches(const RunSpec &spec, std::int64_t images) const;

    VariableChoice m_over;
    OptionList m_optimizers;
    Int m_smallest;
    Int m_largest;
    Int m_steps;
};

} // namespace losslab
