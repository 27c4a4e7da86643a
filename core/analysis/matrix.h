#pragma once

#include <ATen/ATen.h>
#include <Eigen/Core>

namespace losslab {

/// What analyses compute with: Eigen's matrices in double, column by column in memory.
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// A matrix's own memory as a tensor, for products so large that LibTorch's are faster. [rows, columns] of
/// the matrix is [columns, rows] of the tensor, whose rows lie one after another. Valid as long as the matrix
/// keeps its size.
inline at::Tensor transposedView(const Matrix &matrix)
{
    // from_blob() asks for memory that may be written; who passes a constant matrix reads it only.
    return at::from_blob(const_cast<double *>(matrix.data()), {matrix.cols(), matrix.rows()}, at::kDouble);
}

/// A copy in double of a tensor [n, m], or [n] as one column, whatever its type and device.
inline Matrix toMatrix(const at::Tensor &tensor)
{
    const at::Tensor columns = tensor.dim() == 1 ? tensor.unsqueeze(0) : tensor.t();
    Matrix result(columns.size(1), columns.size(0));
    transposedView(result).copy_(columns.detach());
    return result;
}

} // namespace losslab
