#include "ui/fieldinfos.h"

#include "base/platform.h"
#include "data/datasetting.h"
#include "lab/experiment.h"
#include "lab/runsettings.h"

#include <algorithm>

namespace losslab::ui {

namespace {

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
    const std::optional<Condition> &when = experiment.info().imagesWhen;
    if (experiment.info().needsImages) {
        infos.push_back(dataSetting());
        infos.back().when = when;
    }
    for (const Parameter *parameter : experiment.parameters()) {
        const bool isAskedByData = when && parameter->info().key == when->parameter; // stands above it
        infos.insert(isAskedByData ? infos.begin() : infos.end(), parameter->info());
    }
    infos.push_back(seedSetting());
    infos.push_back(repeatsSetting(experiment.info().repeats));
    infos.push_back(threadsSetting(platform::cpuCount()));
    return grouped(std::move(infos));
}

} // namespace losslab::ui
