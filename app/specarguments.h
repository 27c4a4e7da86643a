#pragma once

#include "base/result.h"
#include "lab/runspec.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace losslab {
class Experiment;
}

namespace losslab::app {

/// What a command is told of a run's settings: those of a preset, and what differs. Empty: as standard.
struct SpecArguments
{
    std::string experiment;
    std::string preset;
    std::vector<std::string> settings; ///< KEY=VALUE
    std::string seed, repeats, data;
};

/// Adds EXPERIMENT.
void addExperiment(CLI::App &command, SpecArguments &arguments);
/// Adds --preset, --set, --seed, --repeats and --data.
void addSettings(CLI::App &command, SpecArguments &arguments);

/// Usage error: none was given (`command`: which wants one), or there is none of that id.
Result<std::unique_ptr<Experiment>> experimentNamed(const std::string &id, std::string_view command);

/// The setting's value as given to the option of that name; its standard where nothing was.
Result<Value> parsedOption(const ParameterInfo &setting, const std::string &text);

/// The settings asked for, which the experiment takes. Named after the person's own preset where they are as
/// that has them.
Result<RunSpec> specOf(const SpecArguments &arguments, Experiment &experiment);

} // namespace losslab::app
