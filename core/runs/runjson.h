#pragma once

#include "lab/figure.h"
#include "lab/jsonfields.h"
#include "runs/runrecord.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace losslab {

/// Of a run folder, as this LossLab writes it.
inline constexpr int runFormat = 2;

/// How run.json tells that a run stands.
struct RunStanding
{
    RunState state = RunState::Running;
    std::string message;
};

/// Values of an experiment's parameters, by key, as files have them.
Json parametersJson(const std::string &experiment, const std::vector<std::pair<std::string, Value>> &values);

/// A spec as files have it, every parameter written out.
Json specJson(const RunSpec &spec);
/// Reads it against the experiment's declaration. What is wrong with it is refused in `outer`.
RunSpec readSpec(const Json &json, JsonFields &outer);

/// The text of run.json: format version, spec, versions, device, data set's check sum, state, times.
std::string runJson(const RunSpec &spec, const RunFacts &facts, const RunStanding &standing);

/// Reads run.json into all of a record but its data, against the experiment's declaration. Data error naming
/// the file.
Result<RunRecord> readRunJson(const std::filesystem::path &path);

/// Data error where the folder has no run.json.
Result<void> checkIsRun(const std::filesystem::path &folder);

/// Whether a run.json of format 2 has the checksum that it was written with.
bool isRunJsonWhole(std::string_view text);

/// What tells a run from others.
struct RunHead
{
    std::string experiment;
    std::string started; ///< UTC, ISO 8601
    int format = 1;
};

/// Reads no more of run.json than that, and checks none of it against an experiment. Data error naming the
/// file.
Result<RunHead> readRunHead(const std::filesystem::path &path);

/// Puts a published value into an object: "published", and for a range its upper end, "publishedUpTo".
void putPublished(Json &object, const Published &published);

/// Puts "figures" into an object: every figure with its mean over the repeats, and the published value where
/// one holds for the run; beside them "publishedBy", whose these are, and "publishedNote", which are left out
/// and why.
void putFigures(Json &object, const Experiment &experiment, const RunSpec &spec, const RunData &data);

/// The text of summary.json: state and figures.
std::string summaryJson(const Experiment &experiment, const RunSpec &spec, const RunData &data,
                        RunState state);

} // namespace losslab
