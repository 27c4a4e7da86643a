#pragma once

#include "lab/runspec.h"

#include <string>

/// What LibTorch has on this machine, without its headers.
namespace losslab {

/// Auto becomes CUDA where LibTorch has a usable GPU, else the CPU. Usage error where CUDA is asked for and
/// missing.
Result<Device> resolveDevice(Device device);

/// "cpu: AMD EPYC, 2 threads" or "cuda: NVIDIA GeForce RTX 4090"; "cuda" where the driver names no one card.
std::string deviceDescription(Device device, int threads);

bool cudaAvailable();
std::string libTorchVersion();

/// Cores LibTorch uses for work started from the calling thread.
void setThreads(int threads);

} // namespace losslab
