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
        : m_choice(owner, "precision", "Precision",
                   {.standard = "float32",
                    .options = {{"float32", "float32"}, {"bfloat16", "bfloat16: faster, rougher"}},
                    .help = "bfloat16 rounds what enters training's matrix products to 8 significant bits. "
                            "Sums, weights, Adam and every evaluation stay in float32. Its figures are no "
                            "longer those of the report."})
    {}

    operator Precision() const { return m_choice.is("bfloat16") ? Precision::BFloat16 : Precision::Full; }

private:
    Choice m_choice;
};

} // namespace losslab
