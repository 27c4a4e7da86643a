// As kernels.cpp, for the dense classifiers' kernels, in float and in bfloat16: the first layers take lists
// of the pixels that are not zero, of which there are as many as in MNIST.

#include "nn/kernels/bfloat16.h"
#include "nn/kernels/dense.h"
#include "nn/memory/buffer.h"
#include "tests/bench/measure.h"

#include <benchmark/benchmark.h>
#include <random>
#include <string>
#include <vector>

using namespace losslab::kernels;
using losslab::bench::measure;

namespace {

constexpr double density = 0.19;

std::vector<float> noise(std::size_t count)
{
    static std::mt19937 generator(1);
    std::uniform_real_distribution<float> uniform(-0.5F, 0.5F);
    std::vector<float> values(count);
    for (float &value : values)
        value = uniform(generator);
    return values;
}

/// Entries of `lines` rows or columns, of `length` places each.
struct Lists
{
    Lists(std::size_t lines, std::size_t length)
    {
        std::mt19937 generator(2);
        std::bernoulli_distribution isThere(density);
        for (std::size_t line = 0; line < lines; ++line) {
            starts.push_back(static_cast<std::uint32_t>(entries.size()));
            for (std::size_t i = 0; i < length; ++i)
                if (isThere(generator))
                    entries.push_back({static_cast<std::uint32_t>(i), 0.5F});
        }
        starts.push_back(static_cast<std::uint32_t>(entries.size()));
    }

    std::vector<NonZero> entries;
    std::vector<std::uint32_t> starts;
};

/// A layer and a batch of noise on its way through it.
struct DenseWork
{
    DenseWork(const DenseShape &of, std::size_t batch) : layer(of), rows(batch)
    {
        packHalves(weights.data(), layer.in, layer.stride(), halves.sized(layer.in * layer.stride()));
        packHalves(gradients.data(), rows, layer.stride(), gradientHalves.sized(rows * layer.stride()));
        packRows(weights.data(), layer.in, layer.stride(), weightRows.sized(layer.size()));
        packRows(gradients.data(), rows, layer.stride(), gradientRows.sized((rows + 1) * layer.stride()));
        packRows(inputs.data(), rows, inStride, inputRows.sized((rows + 1) * inStride));
        packColumns(gradients.data(), rows, layer.stride(), gradientColumns.sized(rows * layer.stride()));
        packColumns(inputs.data(), rows, inStride, inputColumns.sized(rows * inStride));
    }

    const float *bias() const { return weights.data() + layer.in * layer.stride(); }
    double product() const { return 2e-9 * static_cast<double>(layer.in * layer.stride() * rows); }
    double sparseProduct(const Lists &lists) const
    {
        return 2e-9 * static_cast<double>(lists.entries.size() * layer.stride());
    }

    DenseShape layer;
    std::size_t rows;
    std::size_t inStride = padded(layer.in);
    std::vector<float> weights = noise(layer.size());
    std::vector<float> transposed = noise((layer.out + 1) * inStride);
    std::vector<float> inputs = noise(rows * inStride);
    std::vector<float> inputGradients = noise(rows * inStride);
    std::vector<float> gradients = noise(rows * layer.stride());
    std::vector<float> outputs = noise(rows * layer.stride());
    std::vector<float> gradient = noise(layer.size());
    losslab::Buffer<Word> halves, gradientHalves, weightRows, gradientRows, inputRows, gradientColumns,
        inputColumns;
    GradientTarget target{.gradient = gradient.data()};
};

void sparseForward(benchmark::State &state, const DenseShape &layer, std::size_t rows, bool rough)
{
    DenseWork w(layer, rows);
    const Lists lists(rows, layer.in);
    measure(state, w.sparseProduct(lists), [&] {
        if (rough)
            forwardSparseBFloat16(layer, w.halves.data(), w.bias(), lists.entries.data(), lists.starts.data(),
                                  rows, true, w.outputs.data());
        else
            forwardSparse(layer, w.weights.data(), lists.entries.data(), lists.starts.data(), rows, true,
                          w.outputs.data());
    });
}

void sparseGradient(benchmark::State &state, const DenseShape &layer, std::size_t rows, bool rough)
{
    DenseWork w(layer, rows);
    const Lists lists(layer.in, rows);
    measure(state, w.sparseProduct(lists), [&] {
        if (rough)
            weightGradientSparseBFloat16(layer, lists.entries.data(), lists.starts.data(),
                                         w.gradientHalves.data(), rows, 0, layer.in, w.target);
        else
            weightGradientSparse(layer, lists.entries.data(), lists.starts.data(), w.gradients.data(), rows,
                                 0, layer.in, w.target);
    });
}

void forward(benchmark::State &state, const DenseShape &layer, std::size_t rows, bool rough)
{
    DenseWork w(layer, rows);
    measure(state, w.product(), [&] {
        if (rough)
            forwardDenseBFloat16(layer, w.weightRows.data(), w.bias(), w.inputColumns.data(), w.inStride / 2,
                                 rows, true, w.outputs.data());
        else
            forwardDense(layer, w.weights.data(), w.inputs.data(), w.inStride, rows, true, w.outputs.data());
    });
}

void backward(benchmark::State &state, const DenseShape &layer, std::size_t rows, bool rough)
{
    DenseWork w(layer, rows);
    const auto *words = reinterpret_cast<const Word *>(w.transposed.data());
    measure(state, w.product(), [&] {
        if (rough)
            backwardDenseBFloat16(layer, words, w.gradientColumns.data(), rows, w.inputs.data(),
                                  w.inputGradients.data());
        else
            backwardDense(layer, w.transposed.data(), w.gradients.data(), rows, w.inputs.data(),
                          w.inputGradients.data());
    });
}

void gradient(benchmark::State &state, const DenseShape &layer, std::size_t rows, bool rough)
{
    DenseWork w(layer, rows);
    measure(state, w.product(), [&] {
        if (rough)
            weightGradientDenseBFloat16(layer, w.inputRows.data(), w.inStride, w.gradientRows.data(), rows, 0,
                                        layer.in, w.target);
        else
            weightGradientDense(layer, w.inputs.data(), w.inStride, w.gradients.data(), rows, 0, layer.in,
                                w.target);
    });
}

using Kernel = void (*)(benchmark::State &, const DenseShape &, std::size_t, bool);

[[maybe_unused]] const bool registered = [] {
    for (const bool rough : {false, true}) {
        const auto add = [&](const char *name, Kernel kernel, const DenseShape &layer, std::size_t rows) {
            const std::string whole = std::string(name) + (rough ? ", bfloat16" : ", float32");
            benchmark::RegisterBenchmark(whole.c_str(), [=](benchmark::State &state) {
                kernel(state, layer, rows, rough);
            })->Unit(benchmark::kMicrosecond);
        };
        add("sparse forward, weight-pca", sparseForward, {784, 500}, 1000);
        add("sparse gradient, weight-pca", sparseGradient, {784, 500}, 1000);
        add("sparse forward, random-labels", sparseForward, {784, 256}, 200);
        add("sparse gradient, random-labels", sparseGradient, {784, 256}, 200);
        add("forward, random-labels", forward, {256, 256}, 200);
        add("backward, random-labels", backward, {256, 256}, 200);
        add("gradient, random-labels", gradient, {256, 256}, 200);
    }
    return true;
}();

} // namespace
