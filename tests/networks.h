#pragma once

#include "nn/architecture.h"

/// The reference's convolutional networks for 28 × 28 images, written out apart from the experiments.
namespace losslab::test {

/// Two convolutions with ReLU and 2×2 pool, then these layers.
inline Architecture convolutional(std::int64_t kernel, std::int64_t channels, const std::vector<Layer> &head)
{
    Architecture architecture{{1, 28, 28},
                              {Conv2d{1, 10, kernel}, Activate{}, MaxPool2d{2}, Conv2d{10, channels, kernel},
                               Activate{}, MaxPool2d{2}, Flatten{}}};
    architecture.layers.insert(architecture.layers.end(), head.begin(), head.end());
    return architecture;
}

inline Architecture cnn1()
{
    return convolutional(
        4, 20, {Linear{320, 50}, Activate{}, Dropout{0.25}, Linear{50, 80}, Activate{}, Linear{80, 10}});
}

inline Architecture cnn2()
{
    return convolutional(4, 20, mlp({320, 50, 50, 30, 20, 10}).layers);
}

inline Architecture cnn3()
{
    return convolutional(5, 15, mlp({240, 80, 10}).layers);
}

} // namespace losslab::test
