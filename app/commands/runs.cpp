#include "app/commands/commands.h"
#include "app/output.h"
#include "app/text.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "library/runfilter.h"
#include "library/runindex.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <memory>

namespace losslab::app {

namespace {

constexpr std::size_t longestCell = 60;
constexpr std::size_t resultsShown = 3;

struct RunsArguments
{
    std::vector<std::string> filter;
    std::string folder;
    bool asJson = false;
};

Json toJson(const RunEntry &entry)
{
    Json json{{"folder", entry.folder.string()}, {"name", entry.notes.name},
              {"experiment", entry.experiment},  {"started", entry.started},
              {"state", entry.standing()},       {"settings", Json::object()},
              {"figures", Json::array()},        {"note", entry.notes.note},
              {"tags", entry.notes.tags},        {"starred", entry.notes.starred}};
    if (entry.seconds >= 0)
        json["seconds"] = entry.seconds;
    for (const auto &[key, value] : entry.settings)
        json["settings"][key] = value;
    for (const RunResult &result : entry.results)
        json["figures"].push_back(
            {{"model", result.model}, {"figure", result.figure}, {"value", numberJson(result.value)}});
    if (!entry.problem.empty())
        json["problem"] = entry.problem;
    return json;
}

std::string resultsText(const RunEntry &entry)
{
    std::vector<std::string> texts = entry.resultTexts();
    texts.resize(std::min(texts.size(), resultsShown));
    return fmt::format("{}{}", fmt::join(texts, ", "), entry.results.size() > resultsShown ? ", …" : "");
}

std::string cell(const std::string &text)
{
    return cutTo(plainText(text, true), longestCell);
}

void printForPeople(const std::vector<const RunEntry *> &entries)
{
    std::vector<std::vector<std::string>> rows{{"NAME", "STATE", "SETTINGS", "RESULTS"}};
    for (const RunEntry *entry : entries)
        rows.push_back({cell((entry->notes.starred ? "* " : "") + entry->name()), entry->standing(),
                        cell(entry->problem.empty() ? entry->caption : entry->problem),
                        cell(resultsText(*entry))});
    print("{}", alignedRows(rows));
}

/// What the shell has taken apart, as it is typed in the window. `negated` begin with a hyphen, as options
/// do.
Result<RunFilter> filterOf(std::vector<std::string> words, const std::vector<std::string> &negated)
{
    for (const std::string &word : negated) {
        if (word.starts_with("--") && word.size() > 2)
            return usageError(
                fmt::format("losslab runs has no option “{}”. It has: --help, --in, --json.", word));
        if (word != "--")
            words.push_back(word);
    }
    std::string text;
    for (const std::string &word : words)
        text += word.find(' ') == std::string::npos ? word + ' ' : fmt::format("\"{}\" ", word);
    return RunFilter::parse(text);
}

Result<int> runs(const RunsArguments &arguments, const std::vector<std::string> &negated)
{
    const auto filter = filterOf(arguments.filter, negated);
    if (!filter)
        return tl::unexpected(filter.error());
    RunIndex index(arguments.folder.empty() ? platform::runsFolder()
                                            : std::filesystem::path(arguments.folder));
    index.refresh();
    std::vector<const RunEntry *> found;
    for (const RunEntry &entry : index.entries())
        if (filter->matches(entry))
            found.push_back(&entry);
    if (arguments.asJson) {
        Json json = Json::array();
        for (const RunEntry *entry : found)
            json.push_back(toJson(*entry));
        print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    } else if (!found.empty()) {
        printForPeople(found);
    } else {
        tell("{}\n", index.entries().empty() ? "There are no runs yet." : "No run is like that.");
    }
    return exitcode::done;
}

} // namespace

void addRuns(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<RunsArguments>();
    CLI::App *command =
        program.add_subcommand("runs", "List the runs that there are, or those that are like a filter");
    command->add_option("FILTER", arguments->filter, "Words and conditions, all of which hold")
        ->type_name("");
    command->add_option("--in", arguments->folder, "Folder of runs (the window's)")->type_name("FOLDER");
    command->add_flag("--json", arguments->asJson, "Print settings, figures and notes as JSON");
    command->footer(
        "Conditions are on a setting, a result, or experiment, state, started, seconds, name, note,\n"
        "tag and star, with =, !=, <, >, <= or >=. A - before one turns it around.\n"
        "\nExamples:\n"
        "  losslab runs lr=0.01\n"
        "  losslab runs experiment=cnn-mnist 'test-accuracy>0.98' 'started>2026-11'\n"
        "  losslab runs deep state=finished -tag=draft");
    command->allow_extras(); // "-tag=draft" is no option
    command->callback([arguments, command, &outcome] { outcome = runs(*arguments, command->remaining()); });
}

} // namespace losslab::app
