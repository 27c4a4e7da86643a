#include "lab/runsettings.h"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace losslab {

namespace {

ParameterInfo wholeNumber(std::string key, std::string label, std::int64_t standard, double min, double max)
{
    ParameterInfo info;
    info.kind = ParameterInfo::Kind::Int;
    info.key = std::move(key);
    info.label = std::move(label);
    info.report = info.quick = standard;
    info.min = min;
    info.max = max;
    return info;
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
    ParameterInfo info = wholeNumber("threads", "Cores", 0, 0, cores);
    info.group = "Machine";
    info.unit = "of " + std::to_string(cores);
    info.zero = "all";
    info.help = "Cores to train on.";
    return info;
}

} // namespace losslab
