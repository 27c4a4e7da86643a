#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

/// Where is computed, and what LibTorch has for it on this machine, without its headers.
namespace losslab {

/// Where tensors live. Auto is for the program to choose (resolveDevice()).
enum class Device {
    Auto,
    Cpu,
    Cuda,
};

/// "auto", "cpu" or "cuda".
std::string_view deviceName(Device device);
Result<Device> deviceFromName(std::string_view name);

/// Auto becomes CUDA where LibTorch has a usable GPU and the work is on images, else the CPU: a step on a
/// function of one variable takes it some 20 µs, and a GPU is reckoned to take longer (not measured). Usage
/// error where CUDA is asked for and missing.
Result<Device> resolveDevice(Device device, bool onImages = true);

/// "cpu: AMD EPYC, 2 threads" or "cuda: NVIDIA GeForce RTX 4090"; "cuda" where the driver names no one card.
std::string deviceDescription(Device device, int threads);

bool cudaAvailable();
std::string libTorchVersion();

/// Whatever is computed on a GPU from now on takes all of a float's bits, as on the CPU: by itself cuDNN's
/// convolutions take TF32, with ten bits of mantissa.
void useFullPrecision();

/// Cores LibTorch uses for work started from the calling thread; fewer where the system has no more threads.
void setThreads(int threads);

/// While it lives, LibTorch works in the calling thread alone: where a second core gains little, or where
/// sums are to have the same bits whatever the number of cores.
class OneThread
{
public:
    OneThread();
    ~OneThread();
    OneThread(const OneThread &) = delete;
    OneThread &operator=(const OneThread &) = delete;

private:
    int m_before;
};

/// While it lives, what the calling thread has a GPU do waits for nothing that other threads have it do, so
/// that small models fill the GPU together. On the CPU it is nothing.
class DeviceQueue
{
public:
    explicit DeviceQueue(Device device);
    ~DeviceQueue();
    DeviceQueue(const DeviceQueue &) = delete;
    DeviceQueue &operator=(const DeviceQueue &) = delete;

private:
    struct Guard;
    std::unique_ptr<Guard> m_guard;
};

} // namespace losslab
