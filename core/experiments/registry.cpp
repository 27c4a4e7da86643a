#include "experiments/registry.h"

#include "base/names.h"
#include "lab/runspec.h"

#include <algorithm>
#include <fmt/ranges.h>

/// One line an experiment, in the order of the homework; its file defines make<Name>().
#define LOSSLAB_EXPERIMENTS(EXPERIMENT)                                                                      \
    EXPERIMENT(FunctionFit)                                                                                  \
    EXPERIMENT(CnnMnist)                                                                                     \
    EXPERIMENT(WeightPca)                                                                                    \
    EXPERIMENT(GradientNorm)                                                                                 \
    EXPERIMENT(GradientZero)                                                                                 \
    EXPERIMENT(RandomLabels)                                                                                 \
    EXPERIMENT(Capacity)                                                                                     \
    EXPERIMENT(Interpolation)                                                                                \
    EXPERIMENT(Sensitivity)

namespace losslab {

#define DECLARE(Name) std::unique_ptr<Experiment> make##Name();
LOSSLAB_EXPERIMENTS(DECLARE)
#undef DECLARE

const std::vector<ExperimentFactory> &registry()
{
#define LIST(Name) make##Name,
    static const std::vector<ExperimentFactory> factories{LOSSLAB_EXPERIMENTS(LIST)};
#undef LIST
    return factories;
}

Result<std::unique_ptr<Experiment>> makeExperiment(std::string_view id)
{
    static const std::vector<std::string> ids = [] { // made once: each experiment reads the catalogue
        std::vector<std::string> all;
        for (const ExperimentFactory make : registry())
            all.push_back(make()->info().id);
        return all;
    }();
    if (const auto found = std::find(ids.begin(), ids.end(), id); found != ids.end())
        return registry()[static_cast<std::size_t>(found - ids.begin())]();
    const std::string near = nearestName(id, ids);
    return usageError(fmt::format("There is no experiment “{}”{} There are: {}.", id,
                                  near.empty() ? "." : fmt::format("; did you mean {}?", near),
                                  fmt::join(ids, ", ")));
}

} // namespace losslab
