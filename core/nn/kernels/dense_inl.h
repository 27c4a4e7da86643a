// What the kernels of dense layers are made of, in any precision. Compiled once for every kind of processor.

#if defined(LOSSLAB_KERNELS_DENSE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LOSSLAB_KERNELS_DENSE_INL
#undef LOSSLAB_KERNELS_DENSE_INL
#else
#define LOSSLAB_KERNELS_DENSE_INL
#endif

#include "nn/kernels/dense.h"
#include "nn/kernels/optimizer_inl.h"

#include <algorithm>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

using D = hn::CappedTag<float, padding>;
using V = hn::Vec<D>;

constexpr std::size_t sparseVectors = manyRegisters ? 16 : 8; ///< columns of a sparse tile
constexpr std::size_t secondLevelCache = 512 * 1024;          ///< bytes of one operand that should stay there

HWY_INLINE std::size_t lanes()
{
    return hn::Lanes(D());
}

/// Calls work(std::integral_constant<n>) for an n of 1 … most known only at run time.
template <std::size_t most, class Work>
HWY_INLINE void withConstant(std::size_t n, const Work &work)
{
    if constexpr (most > 1) {
        if (n < most)
            return withConstant<most - 1>(n, work);
    }
    work(std::integral_constant<std::size_t, most>());
}

/// Calls work(first, constant) for tiles of at most `limit` vectors, about equally wide, that cover
/// `vectors`.
template <std::size_t most, class Work>
HWY_INLINE void overTiles(std::size_t vectors, std::size_t limit, const Work &work)
{
    const std::size_t tiles = (vectors + limit - 1) / limit;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const std::size_t first = vectors * tile / tiles, last = vectors * (tile + 1) / tiles;
        withConstant<most>(last - first, [&](auto count) HWY_ATTR { work(first, count); });
    }
}

/// work(0) … work(count - 1), each with a constant: indices of arrays that are to stay in registers.
template <std::size_t count, class Work>
HWY_INLINE void unrolled(const Work &work)
{
    [&]<std::size_t... i>(std::index_sequence<i...>) HWY_ATTR
    {
        (work(std::integral_constant<std::size_t, i>()), ...);
    }
    (std::make_index_sequence<count>());
}

/// max(value, 0); not-a-number stays what it is.
HWY_INLINE V relued(V value)
{
    const V zero = hn::Zero(D());
    return hn::IfThenZeroElse(hn::Le(value, zero), value);
}

/// Where the gradient of a row of parameters goes.
struct ToMemory
{
    float *gradient;

    HWY_INLINE explicit ToMemory(const GradientTarget &target) : gradient(target.gradient) {}
    HWY_INLINE void operator()(V value, std::size_t place) const { hn::StoreU(value, D(), gradient + place); }
};

template <class Update>
struct ToUpdate
{
    Update update;
    float *parameters, *momentum, *squares;

    HWY_INLINE explicit ToUpdate(const GradientTarget &target)
        : update(D(), *target.update),
          parameters(target.parameters),
          momentum(target.momentum),
          squares(target.squares)
    {}
    HWY_INLINE void operator()(V value, std::size_t place) const
    {
        update(value, parameters + place, momentum + place, squares + place);
    }
};

/// What a sum over rows begins with.
struct Begin
{
    const float *begun;

    HWY_INLINE explicit Begin(const GradientTarget &target) : begun(target.begun) {}
    HWY_INLINE V operator()(std::size_t place) const
    {
        return begun ? hn::LoadU(D(), begun + place) : hn::Zero(D());
    }
};

template <class Work>
HWY_INLINE void withTarget(const GradientTarget &target, const Work &work)
{
    if (!target.update)
        work(ToMemory(target));
    else if (isAdam(*target.update))
        work(ToUpdate<AdamUpdate<D>>(target));
    else
        work(ToUpdate<PlainUpdate<D>>(target));
}

/// What the tiles of a matrix product are made of: elements of T, of which a vector of the one matrix times
/// one element of the other is added to a sum; and how many rows and vectors of sums fit the registers.
struct SinglePrecision
{
    using T = float;
    static constexpr std::size_t rows = manyRegisters ? 6 : 4;
    static constexpr std::size_t vectors = manyRegisters ? 4 : 2;

    static HWY_INLINE V load(const float *from) { return hn::LoadU(D(), from); }
    static HWY_INLINE V broadcast(float value) { return hn::Set(D(), value); }
    static HWY_INLINE V add(V sum, V value, V row) { return hn::MulAdd(value, row, sum); }
};

/// A matrix whose element (row, k) is at first[row · rowStep + k · step]: as it stands, or transposed.
template <class T>
struct Left
{
    const T *first;
    std::size_t rowStep;
    std::size_t step;
};

/// take(row, vector, sum) for each of the tile's sums begin(row, vector) + Σₖ left(row, k) · right[k].
template <class Elements, std::size_t rows, std::size_t count, class Start, class Take>
HWY_INLINE void multiplyTile(const Left<typename Elements::T> &left, std::size_t depth,
                             const typename Elements::T *HWY_RESTRICT right, std::size_t stride,
                             const Start &begin, const Take &take)
{
    const D d;
    V sums[rows][count];
    unrolled<rows>([&](auto r)
                       HWY_ATTR { unrolled<count>([&](auto i) HWY_ATTR { sums[r][i] = begin(r, i); }); });
    const typename Elements::T *HWY_RESTRICT a = left.first;
    for (std::size_t k = 0; k < depth; ++k, a += left.step, right += stride) {
        V b[count];
        unrolled<count>([&](auto i) HWY_ATTR { b[i] = Elements::load(right + i * hn::Lanes(d)); });
        unrolled<rows>([&](auto r) HWY_ATTR {
            const V value = Elements::broadcast(a[r * left.rowStep]);
            unrolled<count>([&](auto i) HWY_ATTR { sums[r][i] = Elements::add(sums[r][i], value, b[i]); });
        });
    }
    unrolled<rows>([&](auto r)
                       HWY_ATTR { unrolled<count>([&](auto i) HWY_ATTR { take(r, i, sums[r][i]); }); });
}

/// take(row, column, sum) for all of left [rows, depth] · right [depth, vectors], right's rows `stride`
/// apart, each sum begun with begin(row, column).
template <class Elements, class Start, class Take>
HWY_INLINE void multiply(const Left<typename Elements::T> &left, std::size_t rows, std::size_t depth,
                         const typename Elements::T *right, std::size_t stride, std::size_t vectors,
                         const Start &begin, const Take &take)
{
    overTiles<Elements::vectors>(vectors, Elements::vectors, [&](std::size_t tile, auto count) HWY_ATTR {
        const std::size_t column = tile * lanes();
        for (std::size_t row = 0; row < rows; row += Elements::rows) {
            const Left<typename Elements::T> here{left.first + row * left.rowStep, left.rowStep, left.step};
            withConstant<Elements::rows>(std::min(Elements::rows, rows - row), [&](auto height) HWY_ATTR {
                multiplyTile<Elements, height, count>(
                    here, depth, right + column, stride,
                    [&](std::size_t r, std::size_t i)
                        HWY_ATTR { return begin(row + r, column + i * lanes()); },
                    [&](std::size_t r, std::size_t i, V sum)
                        HWY_ATTR { take(row + r, column + i * lanes(), sum); });
            });
        }
    });
}

inline constexpr auto fromZero = [](std::size_t, std::size_t) HWY_ATTR { return hn::Zero(D()); };

/// A product that goes through a layer: its bias is added, and with relu, max(·, 0) taken.
template <class Elements>
HWY_INLINE void productForward(const DenseShape &layer, const float *bias,
                               const Left<typename Elements::T> &left, std::size_t rows, std::size_t depth,
                               const typename Elements::T *weights, bool relu, float *outputs)
{
    const D d;
    const std::size_t stride = layer.stride();
    multiply<Elements>(left, rows, depth, weights, stride, stride / lanes(), fromZero,
                       [&](std::size_t row, std::size_t column, V sum) HWY_ATTR {
                           const V value = hn::Add(sum, hn::LoadU(d, bias + column));
                           hn::StoreU(relu ? relued(value) : value, d, outputs + row * stride + column);
                       });
}

/// A product that goes back through an activation: with relu, zero where that is; else times the slopes that
/// stand where it comes to.
template <class Elements>
HWY_INLINE void productBackward(const DenseShape &layer, const Left<typename Elements::T> &left,
                                std::size_t rows, std::size_t depth, const typename Elements::T *transposed,
                                const float *relu, float *inputGradients)
{
    const D d;
    const std::size_t inStride = padded(layer.in);
    multiply<Elements>(left, rows, depth, transposed, inStride, inStride / lanes(), fromZero,
                       [&](std::size_t row, std::size_t column, V sum) HWY_ATTR {
                           const std::size_t place = row * inStride + column;
                           float *const to = inputGradients + place;
                           hn::StoreU(
                               relu ? hn::IfThenElseZero(hn::Gt(hn::LoadU(d, relu + place), hn::Zero(d)), sum)
                                    : hn::Mul(sum, hn::LoadU(d, to)),
                               d, to);
                       });
}

/// A product that is the gradient of weight rows first … last - 1.
template <class Elements>
HWY_INLINE void productGradient(const DenseShape &layer, const Left<typename Elements::T> &left,
                                std::size_t depth, const typename Elements::T *gradients, std::size_t first,
                                std::size_t last, const GradientTarget &target)
{
    const std::size_t stride = layer.stride();
    const Begin begin(target);
    withTarget(target, [&](const auto &take) HWY_ATTR {
        multiply<Elements>(
            left, last - first, depth, gradients, stride, stride / lanes(),
            [&](std::size_t row, std::size_t column)
                HWY_ATTR { return begin((first + row) * stride + column); },
            [&](std::size_t row, std::size_t column, V sum)
                HWY_ATTR { take(sum, (first + row) * stride + column); });
    });
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
