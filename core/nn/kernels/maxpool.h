#pragma once

#include "nn/kernels/conv.h"

namespace losslab::kernels {

/// What convForward() without a pool and ReLU has made [out, outHeight(), outWidth(), 16 samples], activated,
/// with the activation's slopes.
struct ActivatedMaps
{
    const float *values = nullptr;
    const float *slopes = nullptr;
    const std::int32_t *origins = nullptr;
};

/// Where convForward() with a pool would put it; rows of slopes are as far apart as those of values.
struct PooledMaps
{
    float *values = nullptr;
    float *slopes = nullptr;
    std::size_t stride = 0;
    std::int32_t *origins = nullptr;
};

/// The layer's 2×2 max pool behind its activation: the largest value of a window, the first of equal ones.
void maxPool(const PooledConv &layer, const ActivatedMaps &maps, const PooledMaps &pooled);

} // namespace losslab::kernels
