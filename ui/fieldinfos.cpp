#include "ui/fieldinfos.h"

#include "base/platform.h"
#include "lab/experiment.h"
#include "lab/runspec.h"
#include "ui/datasetfield.h"

#include <algorithm>

namespace losslab::ui {

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

ParameterInfo seedInfo()
{
    ParameterInfo info = wholeNumber("seed", "Seed", 1, 0, 4294967295.0);
    info.group = "Repeats";
    info.help = "Decides the initial weights, the order of the samples, and everything else that is random.";
    return info;
}

ParameterInfo repeatsInfo(const Experiment &experiment)
{
    ParameterInfo info = wholeNumber("repeats", "Repeats", experiment.info().repeats, 1, mostRepeats);
    info.group = "Repeats";
    info.unit = "seeds";
    info.help = "Trains this many times, with consecutive seeds; charts show how the runs differ.";
    return info;
}

ParameterInfo threadsInfo()
{
    const int cores = platform::cpuCount();
    ParameterInfo info = wholeNumber("threads", "Cores", 0, 0, cores);
    info.group = "Machine";
    info.unit = "of " + std::to_string(cores);
    info.zero = "all";
    info.help = "Cores to train on.";
    return info;
}

/// Parameters of one group stand together, groups in the order of their first parameter.
std::vector<ParameterInfo> grouped(std::vector<ParameterInfo> infos)
{
    std::vector<std::string> groups;
    for (const ParameterInfo &info : infos)
        if (std::find(groups.begin(), groups.end(), info.group) == groups.end())
            groups.push_back(info.group);
    const auto rank = [&](const ParameterInfo &info) {
        return std::find(groups.begin(), groups.end(), info.group);
    };
    std::stable_sort(infos.begin(), infos.end(),
                     [&](const auto &a, const auto &b) { return rank(a) < rank(b); });
    return infos;
}

} // namespace

std::vector<ParameterInfo> fieldInfos(const Experiment &experiment)
{
    std::vector<ParameterInfo> infos;
    if (experiment.info().needsImages)
        infos.push_back(DatasetField::declaration());
    for (const Parameter *parameter : experiment.parameters())
        infos.push_back(parameter->info());
    infos.push_back(seedInfo());
    infos.push_back(repeatsInfo(experiment));
    infos.push_back(threadsInfo());
    return grouped(std::move(infos));
}

} // namespace losslab::ui
