#pragma once

#include <benchmark/benchmark.h>
#include <chrono>

namespace losslab::bench {

/// Times once(), which carries out that many GFLOP.
template <class Work>
void measure(benchmark::State &state, double work, const Work &once)
{
    const auto start = std::chrono::steady_clock::now();
    for (auto _ : state)
        once();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    state.counters["GFLOP/s"] = work * static_cast<double>(state.iterations()) / taken.count();
}

} // namespace losslab::bench
