#pragma once

#include "lab/parameter.h"
#include "nn/adamoptions.h"
#include "nn/engine.h"

#include <cstdint>
#include <optional>
#include <string>

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

/// Adam's step size.
class LearningRateChoice final : public Real
{
public:
    LearningRateChoice(Experiment *owner, double standard, std::optional<double> quick = {})
        : Real(owner, "lr", "Learning rate",
               {.standard = standard,
                .min = 1e-7,
                .max = 1,
                .scale = Scale::Log,
                .quick = quick,
                .help = "Adam's step size."})
    {}
};

/// What of Adam is free: its step size and its L2 term.
class AdamChoice
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

    AdamChoice(Experiment *owner, const Standards &standards)
        : m_learningRate(owner, standards.learningRate, standards.quickRate),
          m_weightDecay(owner, "weight-decay", "Weight decay",
                        {.standard = standards.weightDecay,
                         .max = 1,
                         .scale = standards.decayScale,
                         .help = "Adam's L2 term, added to the gradient" + standards.ofDecay + "."})
    {}

    operator AdamOptions() const { return {.learningRate = m_learningRate, .weightDecay = m_weightDecay}; }

private:
    LearningRateChoice m_learningRate;
    Real m_weightDecay;
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

    operator Precision() const { return m_choice.is("bfloat16") ? Precision::BFloat16 : Precision::Full; }

private:
    Choice m_choice;
};

} // namespace losslab
