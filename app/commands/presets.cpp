#include "app/commands/commands.h"
#include "app/output.h"
#include "app/specarguments.h"
#include "app/text.h"
#include "experiments/registry.h"
#include "runs/presetlibrary.h"
#include "runs/runjson.h"

#include <memory>

namespace losslab::app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longestSettings = 100; ///< columns, where they are for people

struct PresetArguments
{
    SpecArguments spec; ///< of save; its experiment is everyone's
    std::string name;
    std::string run; ///< whose settings are saved
    std::string file;
    bool replace = false;
    bool asJson = false;
};

void printAsJson(const std::vector<OwnPreset> &presets)
{
    Json all = Json::array();
    for (const OwnPreset &own : presets) {
        Json json = presetJson(own);
        json["file"] = own.file.string();
        if (!own.misfit.empty())
            json["misfit"] = own.misfit;
        all.push_back(std::move(json));
    }
    print("{}\n", all.dump(2, ' ', false, Json::error_handler_t::replace));
}

Result<int> list(const PresetArguments &arguments)
{
    if (!arguments.spec.experiment.empty())
        if (const auto known = makeExperiment(arguments.spec.experiment); !known)
            return tl::unexpected(known.error());
    OwnPresets all;
    for (const ExperimentFactory make : registry()) {
        const std::string id = make()->info().id;
        if (!arguments.spec.experiment.empty() && arguments.spec.experiment != id)
            continue;
        OwnPresets own = ownPresets(id);
        all.presets.insert(all.presets.end(), own.presets.begin(), own.presets.end());
        all.unreadable.insert(all.unreadable.end(), own.unreadable.begin(), own.unreadable.end());
    }
    for (const std::string &sentence : all.unreadable)
        tell("{}\n", sentence);
    std::vector<std::vector<std::string>> rows{{"EXPERIMENT", "NAME", "SETTINGS"}};
    for (const OwnPreset &own : all.presets)
        rows.push_back({own.experiment, own.preset.name,
                        own.misfit.empty() ? cutTo(settingsText(own), longestSettings) : own.misfit});
    if (arguments.asJson)
        printAsJson(all.presets);
    else if (rows.size() > 1)
        print("{}", alignedRows(rows));
    else
        tell("There are no presets of your own. losslab presets save makes one; losslab list shows the "
             "experiments' presets.\n");
    return all.unreadable.empty() ? exitcode::done : exitcode::dataProblem;
}

/// Says where a preset is now.
Result<int> told(const Result<OwnPreset> &own, std::string_view done)
{
    if (!own)
        return tl::unexpected(own.error());
    tell("{} the preset “{}” of {}.\n", done, own->preset.name, own->experiment);
    printPath(own->file);
    return exitcode::done;
}

/// Of the run given, or else of the options.
Result<RunSpec> specToSave(const PresetArguments &arguments, Experiment &experiment)
{
    if (arguments.run.empty())
        return specOf(arguments.spec, experiment);
    const SpecArguments &more = arguments.spec;
    if (!more.preset.empty() || !more.settings.empty() || !more.seed.empty() || !more.repeats.empty()
        || !more.data.empty())
        return usageError(
            "--from takes all settings of the run: leave --preset, --set, --seed, --repeats and "
            "--data out.");
    const auto run = readRunJson(fs::path(arguments.run) / "run.json");
    if (!run)
        return tl::unexpected(run.error());
    if (run->spec.experiment != experiment.info().id)
        return usageError(fmt::format("{} is a run of {}, not of {}.", platform::quoted(arguments.run),
                                      run->spec.experiment, experiment.info().id));
    return run->spec;
}

Result<int> save(const PresetArguments &arguments)
{
    const auto experiment = experimentNamed(arguments.spec.experiment, "presets save");
    if (!experiment)
        return tl::unexpected(experiment.error());
    const auto spec = specToSave(arguments, **experiment);
    const auto own = spec ? makePreset(arguments.name, *spec) : tl::unexpected(spec.error());
    if (!own)
        return tl::unexpected(own.error());
    if (!arguments.replace && findOwnPreset(own->experiment, own->preset.name))
        return usageError(
            fmt::format("{} has a preset “{}” already. Choose another name, or overwrite it with "
                        "--replace.",
                        own->experiment, own->preset.name));
    if ((*experiment)->needsImages(*spec) && !own->preset.find("data"))
        tell("Its data set is a folder of this machine, which the preset leaves out.\n");
    return told(savePreset(*own), "Saved");
}

Result<int> exportPreset(const PresetArguments &arguments)
{
    const auto experiment = experimentNamed(arguments.spec.experiment, "presets export");
    if (!experiment)
        return tl::unexpected(experiment.error());
    auto own = findOwnPreset(arguments.spec.experiment, arguments.name);
    if (!own)
        return tl::unexpected(own.error());
    std::error_code ignored;
    const fs::path given = arguments.file;
    own->file =
        given.empty() || fs::is_directory(given, ignored) ? given / presetFileName(own->preset.name) : given;
    const auto there = platform::look(own->file);
    if (!there)
        return tl::unexpected(there.error());
    if (*there && !arguments.replace)
        return usageError(
            fmt::format("{} is there already. Choose another file, or overwrite it with --replace.",
                        platform::quoted(own->file)));
    return told(losslab::exportPreset(own->file, *own).map([&] { return *own; }), "Exported");
}

Result<int> import(const PresetArguments &arguments)
{
    if (arguments.file.empty())
        return usageError("losslab presets import needs a FILE.");
    const auto own = readPreset(arguments.file);
    return told(own ? addPreset(*own) : own, "Added");
}

Result<int> remove(const PresetArguments &arguments)
{
    const auto experiment = experimentNamed(arguments.spec.experiment, "presets delete");
    if (!experiment)
        return tl::unexpected(experiment.error());
    const auto removed = removePreset(arguments.spec.experiment, arguments.name);
    if (!removed)
        return tl::unexpected(removed.error());
    tell("Deleted the preset “{}” of {}.\n", removed->preset.name, removed->experiment);
    return exitcode::done;
}

using Arguments = std::shared_ptr<PresetArguments>;

CLI::App *addOne(CLI::App &presets, const char *name, const char *about, const Arguments &arguments,
                 Result<int> &outcome, Result<int> (*act)(const PresetArguments &))
{
    CLI::App *command = presets.add_subcommand(name, about);
    command->group("Commands");
    command->callback([arguments, act, &outcome] { outcome = act(*arguments); });
    return command;
}

void addName(CLI::App &command, const Arguments &arguments)
{
    addExperiment(command, arguments->spec);
    command.add_option("NAME", arguments->name, "Name of the preset")->type_name("");
}

void addReplace(CLI::App &command, const Arguments &arguments)
{
    command.add_flag("--replace", arguments->replace, "Overwrite one that is there");
}

void addSave(CLI::App &presets, const Arguments &arguments, Result<int> &outcome)
{
    CLI::App *command = addOne(presets, "save", "Save settings under a name", arguments, outcome, save);
    addName(*command, arguments);
    command->add_option("--from", arguments->run, "Save the settings of this run, and no others")
        ->type_name("RUN-FOLDER");
    addSettings(*command, arguments->spec);
    addReplace(*command, arguments);
    command->footer(
        "Examples:\n"
        "  losslab presets save function-fit 'Homework 1' --set function=square --set epochs=5000\n"
        "  losslab presets save cnn-mnist mine --from runs/cnn");
}

} // namespace

void addPresets(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<PresetArguments>();
    CLI::App *command =
        program.add_subcommand("presets", "List, save, hand on and delete presets of your own");
    addExperiment(*command, arguments->spec);
    command->get_option("EXPERIMENT")->description("Only this one's (all)");
    command->add_flag("--json", arguments->asJson, "Print everything as JSON");
    CLI::App *listed =
        addOne(*command, "list", "The same as without a word behind it", arguments, outcome, list);
    addExperiment(*listed, arguments->spec);
    listed->add_flag("--json", arguments->asJson, "Print everything as JSON");
    addSave(*command, arguments, outcome);
    CLI::App *toFile = addOne(*command, "export", "Write a preset into a file, to hand it on", arguments,
                              outcome, exportPreset);
    addName(*toFile, arguments);
    toFile->add_option("FILE", arguments->file, "File or folder to write to (named after the preset, here)")
        ->type_name("");
    addReplace(*toFile, arguments);
    CLI::App *fromFile =
        addOne(*command, "import", "Add the preset in a file to your own", arguments, outcome, import);
    fromFile->add_option("FILE", arguments->file, "File that was exported")->type_name("");
    addName(*addOne(*command, "delete", "Delete a preset of your own", arguments, outcome, remove),
            arguments);
    command->footer(
        "losslab run EXPERIMENT --preset NAME, or a file, runs with one. A preset that is added under a "
        "name\nthat another one has gets a number.\n"
        "\nExit codes: 0 done, 2 wrong use, 3 a preset could not be read, written or used.\n"
        "\nExamples:\n"
        "  losslab presets\n"
        "  losslab presets save function-fit 'Homework 1' --set function=square\n"
        "  losslab presets export function-fit 'Homework 1'\n"
        "  losslab presets import 'Homework 1.losslab-preset'");
    command->callback([command, arguments, &outcome] {
        if (command->get_subcommands().empty())
            outcome = list(*arguments);
    });
}

} // namespace losslab::app
