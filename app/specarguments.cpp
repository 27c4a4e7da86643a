#include "app/specarguments.h"

#include "data/dataset.h"
#include "data/datasetting.h"
#include "experiments/registry.h"
#include "lab/runsettings.h"
#include "runs/presetlibrary.h"

#include <fmt/ranges.h>
#include <map>

namespace losslab::app {

namespace {

/// Puts KEY=VALUE into the spec.
Result<void> putSettings(const std::vector<std::string> &settings, const Experiment &experiment,
                         RunSpec &spec)
{
    for (const std::string &setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos)
            return usageError(
                fmt::format("--set takes KEY=VALUE, as in --set epochs=100, not “{}”.", setting));
        const std::string key = setting.substr(0, equals);
        const std::string text = setting.substr(equals + 1);
        if (Value *value = spec.find(key)) {
            const Result<Value> parsed = experiment.findParameter(key)->info().parse(text);
            if (!parsed)
                return usageError("--set: " + parsed.error().message);
            *value = *parsed;
        } else {
            spec.parameters.emplace_back(key, text);
        }
    }
    return {};
}

/// "; 5 for function-fit and gradient-norm": those that train several seeds as standard.
std::string severalRepeats()
{
    std::map<int, std::vector<std::string>> ids;
    for (const ExperimentFactory make : registry())
        if (const auto experiment = make(); experiment->info().repeats > 1)
            ids[experiment->info().repeats].push_back(experiment->info().id);
    std::string text;
    for (const auto &[repeats, several] : ids)
        text += fmt::format("; {} for {}", repeats, fmt::join(several, " and "));
    return text;
}

/// The data set, where the command says it; the experiment then takes what suits its images.
Result<void> applyData(const SpecArguments &arguments, Experiment &experiment, RunSpec &spec)
{
    const auto data = chooseDataset(arguments.data.empty() ? spec.data : arguments.data);
    if (!data)
        return tl::unexpected(Error{data.error().kind, "--data: " + data.error().message});
    spec.data = *data;
    setImagesOf(*data, experiment);
    return {};
}

/// Seed and repeats, where the command says them.
Result<void> applyOptions(const SpecArguments &arguments, RunSpec &spec)
{
    const auto number = [](ParameterInfo setting, const std::string &text, auto &to) -> Result<void> {
        if (text.empty())
            return {};
        return parsedOption(setting, text).map([&to](const Value &value) {
            to = static_cast<std::remove_reference_t<decltype(to)>>(std::get<std::int64_t>(value));
        });
    };
    if (const auto seed = number(seedSetting(), arguments.seed, spec.seed); !seed)
        return seed;
    return number(repeatsSetting(), arguments.repeats, spec.repeats);
}

} // namespace

void addExperiment(CLI::App &command, SpecArguments &arguments)
{
    command.add_option("EXPERIMENT", arguments.experiment, "Name of an experiment, as losslab list shows it")
        ->type_name("");
}

void addSettings(CLI::App &command, SpecArguments &arguments)
{
    command
        .add_option(
            "--preset", arguments.preset,
            "report: the published settings; quick: a shorter version, at most a minute; slides: "
            "what the assignment asks for; another one that losslab list shows; or one of your own, by its "
            "name or as a file (report)")
        ->type_name("NAME|FILE");
    command
        .add_option("--set", arguments.settings,
                    "Set a parameter that losslab list shows; may be given several times")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command.add_option("--seed", arguments.seed, "The first seed (1)")->type_name("N");
    command
        .add_option("--repeats", arguments.repeats,
                    "How many seeds to train with, counted up from --seed (1" + severalRepeats() + ")")
        ->type_name("N");
    command
        .add_option("--data", arguments.data,
                    "Data set for experiments with images: a name that losslab list shows, downloaded if "
                    "necessary, or a folder with its files ("
                        + RunSpec().data + ")")
        ->type_name("NAME|DIR");
}

Result<std::unique_ptr<Experiment>> experimentNamed(const std::string &id, std::string_view command)
{
    if (!id.empty())
        return makeExperiment(id);
    std::vector<std::string> ids;
    for (const ExperimentFactory make : registry())
        ids.push_back(make()->info().id);
    return usageError(
        fmt::format("losslab {} needs an EXPERIMENT, one of {}.", command, fmt::join(ids, ", ")));
}

Result<Value> parsedOption(const ParameterInfo &setting, const std::string &text)
{
    const Result<Value> value = text.empty() ? Result<Value>(setting.report) : setting.parse(text);
    return value ? value : usageError("--" + value.error().message);
}

Result<RunSpec> specOf(const SpecArguments &arguments, Experiment &experiment)
{
    const auto preset = arguments.preset.empty() ? Result<NamedPreset>(NamedPreset())
                                                 : findPreset(experiment, arguments.preset);
    if (!preset)
        return tl::unexpected(Error{preset.error().kind, "--preset: " + preset.error().message});
    RunSpec spec = makeSpec(experiment, *preset);
    if (const auto applied = applyData(arguments, experiment, spec); !applied)
        return tl::unexpected(applied.error());
    if (const auto put = putSettings(arguments.settings, experiment, spec); !put)
        return tl::unexpected(put.error());
    dropUnused(spec, experiment, *preset);
    if (const auto applied = applyParameters(spec, experiment); !applied)
        return tl::unexpected(applied.error());
    takeParameters(experiment, spec);
    if (const auto applied = applyOptions(arguments, spec); !applied)
        return tl::unexpected(applied.error());
    if (!isOf(spec, experiment, *preset))
        spec.ownPreset.clear();
    return spec;
}

} // namespace losslab::app
