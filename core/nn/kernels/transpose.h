#pragma once

#include <cstddef>
#include <cstdint>

namespace losslab::kernels {

/// A number of matrices of one shape, in steps from one another.
struct Transposition
{
    std::size_t count = 1;
    std::size_t rows = 0; ///< of what is read
    std::size_t columns = 0;
    std::size_t fromStep = 0;   ///< from matrix to matrix
    std::size_t fromStride = 0; ///< from row to row
    std::size_t toStep = 0;
    std::size_t toStride = 0;
};

/// to[m · toStep + c · toStride + r] = from[m · fromStep + r · fromStride + c].
void transpose(const Transposition &shape, const float *from, float *to);
void transpose(const Transposition &shape, const std::int32_t *from, std::int32_t *to);

} // namespace losslab::kernels
