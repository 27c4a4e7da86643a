#include "lab/memory.h"

#include "base/platform.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace losslab {

namespace {

constexpr double share = 0.8; ///< of the machine's memory

} // namespace

double memoryBudget()
{
    return share * static_cast<double>(platform::memoryBytes());
}

std::optional<Conflict> memoryConflict(const Experiment &experiment, double budget)
{
    const MemoryNeed need = experiment.memoryNeed();
    double largest = 0;
    for (const auto &[model, bytes] : need.models)
        largest = std::max(largest, bytes);
    const double total = need.together + largest;
    if (total <= budget)
        return std::nullopt;
    std::vector<std::string> labels;
    for (const std::string &key : need.parameters)
        labels.push_back(fmt::format("“{}”", experiment.findParameter(key)->info().label));
    return Conflict{
        need.parameters.front(),
        fmt::format("With these settings, training takes about {:.1f} GB of memory, and this machine has "
                    "room for {:.1f} GB. Lower {}.",
                    total / 1e9, budget / 1e9, fmt::join(labels, " or "))};
}

double memoryOf(const MemoryNeed &need, const std::string &model)
{
    const auto found = std::find_if(need.models.begin(), need.models.end(),
                                    [&](const auto &one) { return one.first == model; });
    return found == need.models.end() ? 0 : found->second;
}

} // namespace losslab
