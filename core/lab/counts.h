#pragma once

namespace losslab {

class Experiment;
struct ParameterInfo;
struct RunSpec;

/// Whether the experiment's parameter counts with the spec's values: the one that its condition asks for has
/// such a value (that of the report preset where an older spec has none), and counts itself.
bool counts(const ParameterInfo &parameter, const Experiment &experiment, const RunSpec &spec);

} // namespace losslab
