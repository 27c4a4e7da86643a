#pragma once

#include <cstdint>

namespace losslab {

/// How the learning rate changes from epoch to epoch, as a factor of the optimizer's.
struct Schedule
{
    enum class Shape {
        Constant,
        Step,   ///< times `factor` every `every` epochs (torch.optim.lr_scheduler.StepLR)
        Cosine, ///< half a cosine from 1 to 0 over all epochs (CosineAnnealingLR; Loshchilov and Hutter 2017)
        WarmUp, ///< less in the first `every` epochs, rising evenly to 1
    };

    Shape shape = Shape::Constant;
    std::int64_t every = 1;
    double factor = 0.1;
    std::int64_t epochs = 1; ///< of the whole training

    /// For an epoch, from 1.
    double factorIn(std::int64_t epoch) const;
};

} // namespace losslab
