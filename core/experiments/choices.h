#pragma once

#include "experiments/networkchoice.h"
#include "experiments/optimizerchoice.h"
#include "lab/experiment.h"
#include "nn/engine.h"
#include "train/images.h"

#include <cstdint>
#include <optional>
#include <utility>

/// What several experiments let one choose, said once. Each is a member of the experiment, which it registers
/// its parameters with.
namespace losslab {

/// How many epochs classifiers are trained.
class EpochsChoice final : public Int
{
public:
    EpochsChoice(Experiment *owner, std::int64_t standard, std::optional<std::int64_t> quick = {},
                 std::int64_t max = 10000, std::optional<std::int64_t> slides = {})
        : Int(
            owner, "epochs", "Training",
            {.standard = standard, .min = 1, .max = max, .unit = "epochs", .quick = quick, .slides = slides})
    {}
};

/// Of images.
class BatchSizeChoice final : public Int
{
public:
    BatchSizeChoice(Experiment *owner, std::int64_t standard, std::optional<Condition> when = {})
        : Int(owner, "batch", "Batch size",
              {.standard = standard, .min = 1, .max = 60000, .unit = "images", .when = std::move(when)})
    {}
};

/// How images are handed to networks.
class PixelsChoice
{
public:
    /// `when`: where networks may learn something else than images.
    explicit PixelsChoice(Experiment *owner, const std::optional<Condition> &when = {})
        : m_choice(
            owner, "pixels", "Pixels",
            {.standard = "scaled",
             .options = {{"scaled", "from 0 to 1"}, {"normalized", "mean 0, deviation 1"}},
             .help = "Mean and deviation are those of all training images' pixels, channel by channel.",
             .group = "Data",
             .when = when})
    {}

    operator Pixels() const { return m_choice.is("normalized") ? Pixels::Normalized : Pixels::Scaled; }

private:
    Choice m_choice;
};

/// The precision that a dense classifier is trained in.
class PrecisionChoice
{
public:
    /// `when`: as PixelsChoice has it.
    explicit PrecisionChoice(Experiment *owner, const std::optional<Condition> &when = {})
        : m_choice(
            owner, "precision", "Precision",
            {.standard = "float32",
             .options = {{"float32", "float32"}, {"bfloat16", "bfloat16"}},
             .help =
                 "bfloat16 rounds the operands of training's matrix products to 8 significant bits, and on "
                 "a GPU their results, too. Weights, optimizer and every evaluation stay in float32. This is "
                 "faster, "
                 "above all where the processor has instructions for it.",
             .when = when})
    {}

    /// Why a network cannot be trained in it.
    std::optional<Conflict> conflict(const Architecture &architecture) const
    {
        if (m_choice.is("float32") || denseForm(architecture))
            return std::nullopt;
        return Conflict{"precision", "bfloat16 is for dense layers alone, without convolutions and dropout."};
    }

    operator Precision() const { return m_choice.is("bfloat16") ? Precision::BFloat16 : Precision::Full; }

private:
    Choice m_choice;
};

} // namespace losslab
