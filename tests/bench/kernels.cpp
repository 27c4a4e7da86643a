// How close the kernels come to what a core can do: GFLOP/s counted of the multiplications and additions that
// they really carry out. Rows stand in order of the networks they are from.

#include "nn/kernels/conv.h"
#include "nn/kernels/transpose.h"
#include "tests/bench/measure.h"

#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

using namespace losslab::kernels;
using losslab::bench::measure;

namespace {

/// 16 samples of noise on their way through a convolution.
struct ConvWork
{
    explicit ConvWork(const PooledConv &shape) : layer(shape)
    {
        const Transposition apart{.count = layer.out,
                                  .rows = layer.pooled(),
                                  .columns = convLanes,
                                  .fromStep = layer.pooled() * convLanes,
                                  .fromStride = convLanes,
                                  .toStep = layer.pooledStride(),
                                  .toStride = layer.out * layer.pooledStride()};
        forward();
        transpose(apart, origins.const_data_ptr<std::int32_t>(), origin.mutable_data_ptr<std::int32_t>());
    }

    static at::Tensor noise(std::size_t count)
    {
        return at::rand({static_cast<std::int64_t>(count)}, at::kFloat).sub_(0.5);
    }

    static at::Tensor places(std::size_t count)
    {
        return at::full({static_cast<std::int64_t>(count)}, -1, at::kInt);
    }

    void forward()
    {
        convForward(layer, weight.const_data_ptr<float>(), bias.const_data_ptr<float>(),
                    x.const_data_ptr<float>(), y.mutable_data_ptr<float>(), convLanes,
                    origins.mutable_data_ptr<std::int32_t>());
    }

    void backward(bool first)
    {
        const std::size_t step = layer.out * layer.pooledStride();
        for (std::size_t sample = 0; sample < convLanes; ++sample) {
            const ConvGradient to{dy.const_data_ptr<float>() + sample * step,
                                  origin.const_data_ptr<std::int32_t>() + sample * step,
                                  gradient.mutable_data_ptr<float>(), bias.mutable_data_ptr<float>()};
            const float *image = apart.const_data_ptr<float>() + sample * layer.pixels() * layer.paddedIn();
            if (first)
                convBackwardFirst(layer, to, image);
            else
                convBackward(layer, to, image, weight.const_data_ptr<float>(), dx.mutable_data_ptr<float>());
        }
    }

    double patch() const { return 2e-9 * static_cast<double>(layer.in * layer.kernel * layer.kernel); }
    double forwardWork() const
    {
        return patch() * static_cast<double>(4 * layer.out * layer.pooled() * convLanes);
    }
    double backwardWork(bool first) const
    {
        return patch() * (first ? 1 : 2) * static_cast<double>(origin.ge(0).sum().item<std::int64_t>());
    }

    PooledConv layer;
    at::Tensor weight = noise(layer.out * layer.paddedIn() * layer.kernel * layer.kernel);
    at::Tensor bias = noise(layer.out);
    at::Tensor x = noise(layer.in * layer.pixels() * convLanes);
    at::Tensor y = noise(layer.out * layer.pooled() * convLanes);
    at::Tensor origins = places(layer.out * layer.pooled() * convLanes);
    at::Tensor apart =
        noise(layer.pixels() * layer.paddedIn() * convLanes + firstRow); ///< x, sample by sample
    at::Tensor dx = noise(layer.pixels() * layer.paddedIn());
    at::Tensor dy = noise(layer.out * layer.pooledStride() * convLanes);
    at::Tensor origin = places(layer.out * layer.pooledStride() * convLanes);
    at::Tensor gradient = noise(layer.out * layer.paddedIn() * layer.kernel * firstRow);
};

void convolutionForward(benchmark::State &state, const PooledConv &layer)
{
    ConvWork work(layer);
    measure(state, work.forwardWork(), [&] { work.forward(); });
}

void convolutionBackward(benchmark::State &state, const PooledConv &layer, bool first)
{
    ConvWork work(layer);
    measure(state, work.backwardWork(first), [&] { work.backward(first); });
}

BENCHMARK_CAPTURE(convolutionForward, cnn1 first, PooledConv{1, 28, 28, 10, 4})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convolutionForward, cnn1 second, PooledConv{10, 12, 12, 20, 4})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convolutionForward, cnn3 first, PooledConv{1, 28, 28, 10, 5})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convolutionForward, cnn3 second, PooledConv{10, 12, 12, 15, 5})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convolutionBackward, cnn1 first, PooledConv{1, 28, 28, 10, 4}, true)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convolutionBackward, cnn1 second, PooledConv{10, 12, 12, 20, 4}, false)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convolutionBackward, cnn3 first, PooledConv{1, 28, 28, 10, 5}, true)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convolutionBackward, cnn3 second, PooledConv{10, 12, 12, 15, 5}, false)
    ->Unit(benchmark::kMicrosecond);

} // namespace
