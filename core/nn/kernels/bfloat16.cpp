#include "nn/kernels/bfloat16.h"

#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/bfloat16.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/dense_inl.h"

// The instruction for products of bfloat16, which Highway 1.0 does without: in processors with AVX-512, where
// it is asked for at run time.
#define LOSSLAB_HAS_DOT (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3 && (HWY_COMPILER_GCC || HWY_COMPILER_CLANG))

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

using Words = hn::RebindToUnsigned<D>;

/// The numbers in the words' lower and upper halves, as floats.
HWY_INLINE V lower(V words)
{
    return hn::BitCast(D(), hn::ShiftLeft<16>(hn::BitCast(Words(), words)));
}

HWY_INLINE V upper(V words)
{
    return hn::BitCast(D(), hn::And(hn::BitCast(Words(), words), hn::Set(Words(), 0xffff0000U)));
}

/// Two products a word, summed.
struct WordPairs
{
    using T = Word;
    static constexpr std::size_t rows = 4;
    static constexpr std::size_t vectors = manyRegisters ? 4 : 2;

    static HWY_INLINE V load(const Word *from) { return hn::BitCast(D(), hn::LoadU(Words(), from)); }
    static HWY_INLINE V broadcast(Word value) { return hn::BitCast(D(), hn::Set(Words(), value)); }
    static HWY_INLINE V add(V sum, V value, V row)
    {
        return hn::MulAdd(upper(value), upper(row), hn::MulAdd(lower(value), lower(row), sum));
    }
};

#if LOSSLAB_HAS_DOT
/// The same, for processors that have an instruction for it.
struct DotPairs : WordPairs
{
    static constexpr std::size_t rows = SinglePrecision::rows;

    static HWY_INLINE V add(V sum, V value, V row)
    {
        asm("vdpbf16ps %2, %1, %0" : "+v"(sum.raw) : "v"(value.raw), "v"(row.raw));
        return sum;
    }
};
#endif

/// work(Elements()) for the elements that suit this processor.
template <class Work>
HWY_INLINE void withElements(const Work &work)
{
#if LOSSLAB_HAS_DOT
    static const bool hasDot = __builtin_cpu_supports("avx512bf16");
    if (hasDot)
        return work(DotPairs());
#endif
    work(WordPairs());
}

/// A float's bits rounded to bfloat16 in their upper half; not-a-number stays so, as arithmetic makes it.
HWY_INLINE std::uint32_t rounded(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return bits + 0x7fffU + ((bits >> 16) & 1U);
}

HWY_INLINE Word word(float low, float high)
{
    return (rounded(low) >> 16) | (rounded(high) & 0xffff0000U);
}

void PackHalves(const float *HWY_RESTRICT from, std::size_t rows, std::size_t stride, Word *HWY_RESTRICT to)
{
    const std::size_t width = lanes();
    for (std::size_t row = 0; row < rows; ++row, from += stride, to += halvesStride(stride)) {
        Word *block = to;
        std::size_t column = 0;
        for (; column + 2 * width <= stride; column += 2 * width, block += width)
            for (std::size_t i = 0; i < width; ++i)
                block[i] = word(from[column + i], from[column + width + i]);
        if (column < stride)
            for (std::size_t i = 0; i < width; ++i)
                block[i] = word(from[column + i], 0);
    }
}

void PackColumns(const float *HWY_RESTRICT from, std::size_t rows, std::size_t stride, Word *HWY_RESTRICT to)
{
    for (std::size_t i = 0; i < rows * stride / 2; ++i)
        to[i] = word(from[2 * i], from[2 * i + 1]);
}

void PackRows(const float *HWY_RESTRICT from, std::size_t rows, std::size_t stride, Word *HWY_RESTRICT to)
{
    for (; rows > 1; rows -= 2, from += 2 * stride, to += stride)
        for (std::size_t i = 0; i < stride; ++i)
            to[i] = word(from[i], from[stride + i]);
    if (rows == 1)
        for (std::size_t i = 0; i < stride; ++i)
            to[i] = word(from[i], 0);
}

/// low, high += Σ value · rows of `matrix`, over the entries; both belong to the same vectors of words.
template <std::size_t count>
HWY_INLINE void addHalves(V (&low)[count], V (&high)[count], const NonZero *first, const NonZero *last,
                          const Word *HWY_RESTRICT matrix, std::size_t stride)
{
    const D d;
    V lows[count], highs[count]; // of this function, so that they stay in registers
    for (std::size_t i = 0; i < count; ++i)
        lows[i] = low[i], highs[i] = high[i];
    for (; first != last; ++first) {
        const V value = hn::Set(d, first->value);
        const Word *HWY_RESTRICT row = matrix + first->index * stride;
        for (std::size_t i = 0; i < count; ++i) {
            const V words = WordPairs::load(row + i * hn::Lanes(d));
            lows[i] = hn::MulAdd(value, lower(words), lows[i]);
            highs[i] = hn::MulAdd(value, upper(words), highs[i]);
        }
    }
    for (std::size_t i = 0; i < count; ++i)
        low[i] = lows[i], high[i] = highs[i];
}

/// The sums that a tile of `count` vectors of words stands for, from `column` on: begin(column) starts each,
/// take(sum, column) has it in the end. What would be beyond the row is left out.
template <std::size_t count, class Begin, class Take>
HWY_INLINE void sparseTile(const NonZero *first, const NonZero *last, const Word *matrix, std::size_t stride,
                           std::size_t column, const Begin &begin, const Take &take)
{
    const auto isThere = [&](std::size_t vector) { return column + vector * lanes() < stride; };
    V low[count], high[count];
    for (std::size_t i = 0; i < count; ++i) {
        low[i] = begin(column + 2 * i * lanes());
        high[i] = isThere(2 * i + 1) ? begin(column + (2 * i + 1) * lanes()) : hn::Zero(D());
    }
    addHalves(low, high, first, last, matrix + column / 2, halvesStride(stride));
    for (std::size_t i = 0; i < count; ++i) {
        take(low[i], column + 2 * i * lanes());
        if (isThere(2 * i + 1))
            take(high[i], column + (2 * i + 1) * lanes());
    }
}

constexpr std::size_t sparseWords = sparseVectors / 2;

/// Vectors of words in a row of `stride` floats.
HWY_INLINE std::size_t wordVectors(std::size_t stride)
{
    return (stride + 2 * lanes() - 1) / (2 * lanes());
}

void ForwardSparse(const DenseShape &layer, const Word *weights, const float *bias, const NonZero *entries,
                   const std::uint32_t *starts, std::size_t rows, bool relu, float *outputs)
{
    const D d;
    const std::size_t stride = layer.stride();
    overTiles<sparseWords>(wordVectors(stride), sparseWords, [&](std::size_t tile, auto count) HWY_ATTR {
        for (std::size_t row = 0; row < rows; ++row)
            sparseTile<count>(
                entries + starts[row], entries + starts[row + 1], weights, stride, 2 * tile * lanes(),
                [&](std::size_t column) HWY_ATTR { return hn::LoadU(d, bias + column); },
                [&](V sum, std::size_t column)
                    HWY_ATTR { hn::StoreU(relu ? relued(sum) : sum, d, outputs + row * stride + column); });
    });
}

void WeightGradientSparse(const DenseShape &layer, const NonZero *entries, const std::uint32_t *starts,
                          const Word *gradients, std::size_t rows, std::size_t first, std::size_t last,
                          const GradientTarget &target)
{
    const std::size_t stride = layer.stride();
    const std::size_t limit =
        std::clamp<std::size_t>(secondLevelCache / (rows * lanes() * sizeof(Word) + 1), 1, sparseWords);
    const Begin begin(target);
    withTarget(target, [&](const auto &take) HWY_ATTR {
        overTiles<sparseWords>(wordVectors(stride), limit, [&](std::size_t tile, auto count) HWY_ATTR {
            for (std::size_t row = first; row < last; ++row)
                sparseTile<count>(
                    entries + starts[row - first], entries + starts[row - first + 1], gradients, stride,
                    2 * tile * lanes(),
                    [&](std::size_t column) HWY_ATTR { return begin(row * stride + column); },
                    [&](V sum, std::size_t column) HWY_ATTR { take(sum, row * stride + column); });
        });
    });
}

void ForwardDense(const DenseShape &layer, const Word *weights, const float *bias, const Word *inputs,
                  std::size_t inputStride, std::size_t rows, bool relu, float *outputs)
{
    withElements([&](auto elements) HWY_ATTR {
        productForward<decltype(elements)>(layer, bias, {inputs, inputStride, 1}, rows, pairs(layer.in),
                                           weights, relu, outputs);
    });
}

void BackwardDense(const DenseShape &layer, const Word *transposed, const Word *gradients, std::size_t rows,
                   const float *relu, float *inputGradients)
{
    withElements([&](auto elements) HWY_ATTR {
        productBackward<decltype(elements)>(layer, {gradients, layer.stride() / 2, 1}, rows, pairs(layer.out),
                                            transposed, relu, inputGradients);
    });
}

void WeightGradientDense(const DenseShape &layer, const Word *inputs, std::size_t inputStride,
                         const Word *gradients, std::size_t rows, std::size_t first, std::size_t last,
                         const GradientTarget &target)
{
    withElements([&](auto elements) HWY_ATTR {
        productGradient<decltype(elements)>(layer, {inputs + first, 1, inputStride}, pairs(rows), gradients,
                                            first, last, target);
    });
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(PackHalves);
HWY_EXPORT(PackColumns);
HWY_EXPORT(PackRows);
HWY_EXPORT(ForwardSparse);
HWY_EXPORT(WeightGradientSparse);
HWY_EXPORT(ForwardDense);
HWY_EXPORT(BackwardDense);
HWY_EXPORT(WeightGradientDense);

void packHalves(const float *from, std::size_t rows, std::size_t stride, Word *to)
{
    HWY_DYNAMIC_DISPATCH(PackHalves)(from, rows, stride, to);
}

void packColumns(const float *from, std::size_t rows, std::size_t stride, Word *to)
{
    HWY_DYNAMIC_DISPATCH(PackColumns)(from, rows, stride, to);
}

void packRows(const float *from, std::size_t rows, std::size_t stride, Word *to)
{
    HWY_DYNAMIC_DISPATCH(PackRows)(from, rows, stride, to);
}

void forwardSparseBFloat16(const DenseShape &layer, const Word *weights, const float *bias,
                           const NonZero *entries, const std::uint32_t *starts, std::size_t rows, bool relu,
                           float *outputs)
{
    HWY_DYNAMIC_DISPATCH(ForwardSparse)(layer, weights, bias, entries, starts, rows, relu, outputs);
}

void forwardDenseBFloat16(const DenseShape &layer, const Word *weights, const float *bias, const Word *inputs,
                          std::size_t inputStride, std::size_t rows, bool relu, float *outputs)
{
    HWY_DYNAMIC_DISPATCH(ForwardDense)(layer, weights, bias, inputs, inputStride, rows, relu, outputs);
}

void backwardDenseBFloat16(const DenseShape &layer, const Word *transposed, const Word *gradients,
                           std::size_t rows, const float *relu, float *inputGradients)
{
    HWY_DYNAMIC_DISPATCH(BackwardDense)(layer, transposed, gradients, rows, relu, inputGradients);
}

void weightGradientDenseBFloat16(const DenseShape &layer, const Word *inputs, std::size_t inputStride,
                                 const Word *gradients, std::size_t rows, std::size_t first, std::size_t last,
                                 const GradientTarget &target)
{
    HWY_DYNAMIC_DISPATCH(WeightGradientDense)
    (layer, inputs, inputStride, gradients, rows, first, last, target);
}

void weightGradientSparseBFloat16(const DenseShape &layer, const NonZero *entries,
                                  const std::uint32_t *starts, const Word *gradients, std::size_t rows,
                                  std::size_t first, std::size_t last, const GradientTarget &target)
{
    HWY_DYNAMIC_DISPATCH(WeightGradientSparse)(layer, entries, starts, gradients, rows, first, last, target);
}

} // namespace losslab::kernels
#endif
