#include "analysis/spectrum.h"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <cmath>
#include <limits>

namespace losslab {

namespace {

constexpr std::int64_t panelColumns = 32;

/// What a panel's columns take from the matrix: it is A - V Wᵀ - W Vᵀ. Row i belongs to row i of A; rows up
/// to a column's own hold zeros.
struct Panel
{
    explicit Panel(std::int64_t rows, const at::TensorOptions &options)
        : v(at::zeros({rows, panelColumns}, options)), w(at::zeros({rows, panelColumns}, options))
    {}

    /// Of the first `count` columns' share, times x, for rows from `first` on.
    at::Tensor times(const at::Tensor &vRows, const at::Tensor &wRows, std::int64_t first,
                     std::int64_t count) const
    {
        return at::mv(v.slice(0, first).slice(1, 0, count), wRows)
               + at::mv(w.slice(0, first).slice(1, 0, count), vRows);
    }

    at::Tensor v, w;
};

/// The unit vector v whose reflection 1 - 2 v vᵀ takes x to a multiple of the first axis, which is returned.
double reflect(const at::Tensor &x, const at::Tensor &v)
{
    const double first = x[0].item<double>(), others = x.slice(0, 1).norm().item<double>();
    v.zero_();
    if (others == 0) // it is one already
        return first;
    const double to = -std::copysign(std::hypot(first, others), first);
    v.copy_(x);
    v[0] -= to;
    v.div_(v.norm());
    return to;
}

} // namespace

Tridiagonal tridiagonalOf(const at::Tensor &symmetric, const Pulse &pulse)
{
    const at::NoGradGuard noGraph;
    at::Tensor a = symmetric.clone(at::MemoryFormat::Contiguous);
    const std::int64_t size = a.size(0);
    Tridiagonal result;
    for (std::int64_t start = 0; start < size; start += panelColumns) {
        const std::int64_t width = std::min(panelColumns, size - start);
        const at::Tensor rest = a.slice(0, start).slice(1, start); // row 0 is row `start`
        Panel panel(size - start, a.options());
        for (std::int64_t k = 0; k < width; ++k) {
            beat(pulse);
            const at::Tensor column =
                rest.slice(0, k).select(1, k)
                - panel.times(panel.v[k].slice(0, 0, k), panel.w[k].slice(0, 0, k), k, k);
            result.diagonal.push_back(column[0].item<double>());
            if (start + k + 1 == size)
                break;
            const at::Tensor v = panel.v.slice(0, k + 1).select(1, k);
            result.beside.push_back(reflect(column.slice(0, 1), v));
            const at::Tensor below = rest.slice(0, k + 1).slice(1, k + 1);
            const at::Tensor image =
                at::mv(below, v)
                - panel.times(at::mv(panel.v.slice(0, k + 1).slice(1, 0, k).t(), v),
                              at::mv(panel.w.slice(0, k + 1).slice(1, 0, k).t(), v), k + 1, k);
            panel.w.slice(0, k + 1).select(1, k).copy_(2 * (image - v * at::dot(v, image)));
        }
        if (start + width < size) {
            at::Tensor next = rest.slice(0, width).slice(1, width);
            const at::Tensor v = panel.v.slice(0, width), w = panel.w.slice(0, width);
            next.sub_(at::mm(v, w.t()));
            beat(pulse);
            next.sub_(at::mm(w, v.t()));
        }
    }
    return result;
}

std::vector<double> eigenvaluesOf(Tridiagonal matrix)
{
    std::vector<double> &d = matrix.diagonal, &e = matrix.beside;
    double norm = 0;
    for (std::size_t i = 0; i < d.size(); ++i)
        norm = std::max(norm, std::abs(d[i]) + (i < e.size() ? std::abs(e[i]) : 0));
    const auto isSmall = [&](std::size_t i) { // the element between i and i + 1
        return std::abs(e[i]) <= std::numeric_limits<double>::epsilon()
                                     * std::max(std::abs(d[i]) + std::abs(d[i + 1]), 1e-3 * norm);
    };
    for (std::size_t last = d.empty() ? 0 : d.size() - 1; last > 0;) {
        if (isSmall(last - 1)) {
            --last;
            continue;
        }
        std::size_t first = last - 1;
        while (first > 0 && !isSmall(first - 1))
            --first;
        // One step of QR on rows first … last, with the eigenvalue of the last two that is nearer to the
        // last.
        const double half = (d[last - 1] - d[last]) / 2, side = e[last - 1];
        const double shift = d[last] - side * side / (half + std::copysign(std::hypot(half, side), half));
        double x = d[first] - shift, z = e[first];
        for (std::size_t k = first; k < last; ++k) {
            const double length = std::hypot(x, z);
            const double c = length > 0 ? x / length : 1, s = length > 0 ? z / length : 0;
            if (k > first)
                e[k - 1] = length;
            const double top = d[k], between = e[k], bottom = d[k + 1];
            d[k] = c * c * top + 2 * c * s * between + s * s * bottom;
            d[k + 1] = s * s * top - 2 * c * s * between + c * c * bottom;
            e[k] = c * s * (bottom - top) + (c * c - s * s) * between;
            if (k + 1 < last) {
                x = e[k];
                z = s * e[k + 1];
                e[k + 1] *= c;
            }
        }
    }
    std::sort(d.begin(), d.end());
    return d;
}

std::vector<double> symmetricSpectrum(const at::Tensor &symmetric, const Pulse &pulse)
{
    return eigenvaluesOf(tridiagonalOf(symmetric, pulse));
}

} // namespace losslab
