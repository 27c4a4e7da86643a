#pragma once

#include "nn/engine.h"

#include <memory>
#include <span>
#include <string_view>

namespace losslab {

/// What an engine is to do.
struct EngineTask
{
    const Architecture &architecture;
    Loss loss;
    const Workload &workload;
    Objective objective;
};

/// One of the ways to compute that there are.
struct EngineKind
{
    std::string_view name;
    bool (*suits)(const EngineTask &task); ///< whether it can, and gains anything by it
    std::unique_ptr<Engine> (*make)(const EngineTask &task);
    /// Bytes that it keeps beside parameters, gradient, moments and batch while so many rows are at work,
    /// roughly.
    double (*bytes)(const EngineTask &task, double rows);
};

/// All there are, in the order in which they are asked: who gains most comes first, who takes anything last.
std::span<const EngineKind> engineKinds();

/// The first that suits.
const EngineKind &engineKindFor(const EngineTask &task);

/// The engine for this architecture and workload. All engines give the reference's values, up to rounding.
/// Throws std::invalid_argument where bfloat16 is asked for other than a dense classifier's loss in float.
std::unique_ptr<Engine> makeEngine(const Architecture &architecture, Loss loss, const Workload &workload,
                                   Objective objective = Objective::Loss);

} // namespace losslab
