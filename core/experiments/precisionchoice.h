#pragma once

#include "lab/parameter.h"
#include "nn/engine.h"

namespace losslab {

/// The precision that a dense classifier is trained in. A member of the experiment, which it registers itself
/// with.
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

    operator Precision() const { return m_choice.is("bfloat16") ? Precision::BFloat16 : Precision::Full; }

private:
    Choice m_choice;
};

} // namespace losslab
