#pragma once

#include "lab/parameter.h"
#include "nn/activation.h"
#include "nn/weightstart.h"
#include "train/layerskind.h"

#include <string>
#include <vector>

namespace losslab {

/// A choice of one of some values, each with a name for files and a title for people.
template <class Chosen, class All, class Name, class Title>
std::vector<Option> optionsOf(const All &all, const Name &name, const Title &title)
{
    std::vector<Option> options;
    options.reserve(all.size());
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

} // namespace losslab
