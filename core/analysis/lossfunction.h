#pragma once

#include "nn/architecture.h"
#include "nn/engine.h"
#include "nn/pulse.h"
#include "train/samples.h"

#include <memory>

namespace losslab {

/// A network's mean loss over all of some samples, as a function of its parameters [P] (in the samples' type,
/// on their device).
class LossFunction
{
public:
    LossFunction(const Architecture &architecture, Samples samples, const Pulse &pulse = {});

    struct Point
    {
        double loss = 0;
        at::Tensor gradient; ///< [P]
        double gradientNorm = 0;
    };
    Point at(const at::Tensor &parameters);
    double loss(const at::Tensor &parameters);

    const Samples &samples() const { return m_samples; }

private:
    Samples m_samples;
    std::unique_ptr<Engine> m_engine;
};

/// A way down a loss to where its gradient is zero, iteration by iteration.
class Minimizer
{
public:
    virtual ~Minimizer() = default;

    /// One iteration, to a point that is lower, or as low but for rounding. False where it finds none: it
    /// stays where it was, and a further call would find none either.
    virtual bool step() = 0;

    const at::Tensor &parameters() const { return m_parameters; } ///< [P]
    const LossFunction::Point &point() const { return m_point; }

protected:
    Minimizer(LossFunction function, const at::Tensor &start);

    /// By more than rounding, or not a number.
    bool isHigher(const LossFunction::Point &point) const;
    /// Lower by more than rounding, or as low with a smaller gradient.
    bool isBetter(const LossFunction::Point &point) const;

    LossFunction m_function;
    at::Tensor m_parameters;
    LossFunction::Point m_point; ///< at the parameters

private:
    double rounding() const;
};

} // namespace losslab
