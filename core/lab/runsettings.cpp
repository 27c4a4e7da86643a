#include "lab/runsettings.h"

#include "base/device.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

namespace {

ParameterInfo setting(std::string key, std::string label, Value standard,
                      std::shared_ptr<const ValueKind> kind)
{
    ParameterInfo info;
    info.key = std::move(key);
    info.label = std::move(label);
    info.report = info.quick = info.slides = std::move(standard);
    info.kind = std::move(kind);
    return info;
}

/// `zero`: see IntKind.
ParameterInfo wholeNumber(std::string key, std::string label, std::int64_t standard, double min, double max,
                          std::string zero = {})
{
    return setting(std::move(key), std::move(label), standard,
                   std::make_shared<IntKind>(Limits{.min = min, .max = max}, std::move(zero)));
}

} // namespace

ParameterInfo seedSetting()
{
    ParameterInfo info =
        wholeNumber("seed", "Seed", 1, 0, static_cast<double>(std::numeric_limits<std::uint32_t>::max()));
    info.group = "Repeats";
    info.help = "Decides the initial weights, the order of the samples, and everything else that is random.";
    return info;
}

ParameterInfo repeatsSetting(int standard)
{
    ParameterInfo info = wholeNumber("repeats", "Repeats", standard, 1, mostRepeats);
    info.group = "Repeats";
    info.unit = "seeds";
    info.help = "Trains this many times, with consecutive seeds; charts show how the runs differ.";
    return info;
}

ParameterInfo threadsSetting(int cores)
{
    ParameterInfo info = wholeNumber("threads", "Cores", 0, 0, cores, "all");
    info.group = "Machine";
    info.unit = "of " + std::to_string(cores);
    info.help = "Cores to train on.";
    return info;
}

ParameterInfo deviceSetting()
{
    const std::vector<Option> options{{std::string(deviceName(Device::Auto)), "Auto"},
                                      {std::string(deviceName(Device::Cpu)), "CPU"},
                                      {std::string(deviceName(Device::Cuda)), "CUDA"}};
    ParameterInfo info =
        setting("device", "Device", options.front().key, std::make_shared<ChoiceKind>(options));
    info.group = "Machine";
    info.help = "Where to train.";
    return info;
}

} // namespace losslab
