#include "base/device.h"

#include "base/platform.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <fmt/format.h>
#include <latch>
#include <system_error>
#include <thread>
#include <torch/version.h>
#include <vector>

namespace losslab {

std::string_view deviceName(Device device)
{
    switch (device) {
    case Device::Auto:
        return "auto";
    case Device::Cpu:
        return "cpu";
    case Device::Cuda:
        return "cuda";
    }
    return "auto";
}

Result<Device> deviceFromName(std::string_view name)
{
    for (const Device device : {Device::Auto, Device::Cpu, Device::Cuda})
        if (name == deviceName(device))
            return device;
    return usageError(fmt::format("There is no device “{}”: use auto, cpu or cuda.", name));
}

bool cudaAvailable()
{
    return at::hasCUDA() && at::detail::getCUDAHooks().deviceCount() > 0;
}

Result<Device> resolveDevice(Device device, bool onImages)
{
    const bool cuda = cudaAvailable();
    if (device == Device::Auto)
        return cuda && onImages ? Device::Cuda : Device::Cpu;
    if (device == Device::Cuda && !cuda)
        return usageError(
            at::hasCUDA()
                ? "device cuda: LibTorch finds no usable NVIDIA GPU here. Take cpu or auto."
                : "device cuda: this LibTorch is a build without CUDA. Take cpu or auto, or install "
                  "a CUDA build of LibTorch.");
    return device;
}

std::string deviceDescription(Device device, int threads)
{
    if (device == Device::Cuda) {
        const std::string name = platform::gpuName();
        return name.empty() ? "cuda" : "cuda: " + name;
    }
    return fmt::format("cpu: {}, {} thread{}", platform::cpuName(), threads, threads == 1 ? "" : "s");
}

std::string libTorchVersion()
{
    return TORCH_VERSION;
}

void useFullPrecision()
{
    at::globalContext().setAllowTF32CuDNN(false);
}

namespace {

/// So many threads, or as many as the system has: OpenMP's library ends the program where it gets fewer than
/// it was told to take.
int threadsThereAre(int wished)
{
    std::vector<std::jthread> others;
    std::latch counted(1);
    try {
        while (static_cast<int>(others.size()) + 1 < wished)
            others.emplace_back([&counted] { counted.wait(); });
    } catch (const std::system_error &) {
    }
    counted.count_down();
    return static_cast<int>(others.size()) + 1;
}

} // namespace

void setThreads(int threads)
{
    at::get_num_threads(); // the first call on a thread sets the process's number: before ours, not after
    at::set_num_threads(threadsThereAre(threads));
    at::Context::setFlushDenormal(true);
}

OneThread::OneThread() : m_before(at::get_num_threads())
{
    at::set_num_threads(1);
}

OneThread::~OneThread()
{
    at::set_num_threads(m_before);
}

struct DeviceQueue::Guard
{
    explicit Guard(c10::Stream stream) : m_stream(stream) {}

    c10::StreamGuard m_stream;
};

DeviceQueue::DeviceQueue(Device device)
{
    if (device != Device::Cuda)
        return;
    const c10::impl::VirtualGuardImpl cuda(at::kCUDA);
    m_guard = std::make_unique<Guard>(cuda.getStreamFromGlobalPool(cuda.getDevice()));
}

DeviceQueue::~DeviceQueue() = default;

} // namespace losslab
