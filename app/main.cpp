#include "app/commands/commands.h"
#include "app/gui.h"
#include "app/output.h"
#include "app/text.h"
#include "base/names.h"
#include "base/platform.h"
#include "runs/presetfile.h"

#include <algorithm>
#include <filesystem>

namespace losslab::app {

int exitCodeOf(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Usage:
        return exitcode::wrongUse;
    case ErrorKind::Data:
        return exitcode::dataProblem;
    case ErrorKind::Training:
        break;
    }
    return exitcode::failed;
}

namespace {

/// The command that the arguments name, else the program itself.
const CLI::App &calledIn(const CLI::App &program)
{
    const auto called = program.get_subcommands();
    return called.empty() ? program : calledIn(*called.front());
}

std::string nameOf(const CLI::App &command)
{
    return command.get_parent() ? nameOf(*command.get_parent()) + " " + command.get_name() : "losslab";
}

Error unexpectedWord(const CLI::App &program)
{
    const CLI::App &command = calledIn(program);
    const std::vector<std::string> words = program.remaining(true);
    const std::string word = words.empty() ? std::string() : words.front();
    if (!word.starts_with('-'))
        return {ErrorKind::Usage, fmt::format("{} does not take “{}”.", nameOf(command), word)};
    const std::string option = word.substr(0, word.find('='));
    std::vector<std::string> options;
    for (const CLI::Option *known : command.get_options())
        if (!known->get_lnames().empty())
            options.push_back("--" + known->get_lnames().front());
    const std::string near = nearestName(option, options);
    return {ErrorKind::Usage, fmt::format("{} has no option “{}”{} It has: {}.", nameOf(command), option,
                                          near.empty() ? "." : fmt::format("; did you mean {}?", near),
                                          fmt::join(options, ", "))};
}

/// CLI11's complaint begins with the option's name: "--seed: 1 required N missing".
Error badOption(const CLI::App &program, const CLI::ParseError &complaint)
{
    const CLI::App &command = calledIn(program);
    const std::string text = complaint.what();
    const CLI::Option *option = command.get_option_no_throw(text.substr(0, text.find(':')));
    if (!option)
        return {ErrorKind::Usage, fmt::format("{}: {}.", nameOf(command), text)};
    return {ErrorKind::Usage, fmt::format("{} needs a value, {}: {}.", option->get_name(),
                                          option->get_type_name(), option->get_description())};
}

Result<int> runCommand(CLI::App &program, int argc, char **argv, const Result<int> &outcome)
{
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success &helpOrVersion) {
        return program.exit(helpOrVersion);
    } catch (const CLI::ExtrasError &) {
        return tl::unexpected(unexpectedWord(program));
    } catch (const CLI::ParseError &complaint) {
        return tl::unexpected(badOption(program, complaint));
    }
    return outcome;
}

std::vector<std::string> commandNames(const CLI::App &program)
{
    std::vector<std::string> names;
    for (const CLI::App *command : program.get_subcommands({}))
        names.push_back(command->get_name());
    return names;
}

/// Of the program, or of the command named.
Result<int> help(const CLI::App &program, const std::vector<std::string> &commands,
                 const std::string &command)
{
    if (!command.empty() && std::find(commands.begin(), commands.end(), command) == commands.end())
        return usageError("losslab help takes " + notOneOf(command, commands));
    print("{}", command.empty() ? program.help() : program.get_subcommand(command)->help(program.get_name()));
    return exitcode::done;
}

/// Nothing, the folder of a run or the file of a preset: the window. Else a command.
Result<int> runProgram(int argc, char **argv)
{
    CLI::App program("Classic experiments on how networks learn.", "losslab");
    Result<int> outcome = exitcode::done;
    program.set_version_flag("--version", "LossLab " LOSSLAB_VERSION, "Print the version and exit");
    program.set_help_flag("-h,--help", "Print this help and exit");
    program.get_formatter()->column_width(26);
    program.get_formatter()->label("SUBCOMMAND", "COMMAND");
    addList(program, outcome);
    addRun(program, outcome);
    addResume(program, outcome);
    addRuns(program, outcome);
    addShow(program, outcome);
    addExport(program, outcome);
    addVerify(program, outcome);
    addPresets(program, outcome);
    addQueue(program, outcome);
    program.require_subcommand(0, 1); // else a word behind one command would be another
    addDoctor(program, outcome);
    program.footer("Without a command, losslab opens its window; with the folder of a run, or the file of "
                   "a preset,\nit opens that there.\n"
                   "losslab COMMAND --help explains a command.");

    for (CLI::App *command : program.get_subcommands({}))
        command->group("Commands");

    const std::vector<std::string> commands = commandNames(program);
    const std::string word = argc > 1 ? argv[1] : "";
    if (word == "help")
        return help(program, commands, argc > 2 ? argv[2] : "");
    if (word.empty())
        return openWindow(argc, argv, std::nullopt);
    if (word.starts_with('-') || std::find(commands.begin(), commands.end(), word) != commands.end())
        return runCommand(program, argc, argv, outcome);
    std::error_code unreadable;
    if (std::filesystem::is_directory(word, unreadable))
        return openWindow(argc, argv, word);
    if (word.ends_with(presetSuffix))
        return readPreset(word).and_then([&](const OwnPreset &) { return openWindow(argc, argv, word); });
    return usageError(
        fmt::format("“{}” is neither a run's folder, nor a preset's file, nor a command: losslab takes {}",
                    word, notOneOf(word, commands)));
}

} // namespace

} // namespace losslab::app

int main(int argc, char **argv)
try {
    using namespace losslab;
    platform::makeWritesFailInWords();
    const Result<int> outcome = app::runProgram(argc, argv);
    if (!outcome)
        app::tell("{}\n", outcome.error().message);
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
        if (platform::readerOfOutputIsGone()) // it had enough, as in "losslab list | head"
            platform::endAsReaderIsGone();
        app::tell("The results could not be written to standard output.\n");
        return app::exitcode::dataProblem;
    }
    return outcome ? *outcome : app::exitCodeOf(outcome.error().kind);
} catch (const std::exception &unforeseen) {
    losslab::app::tell("LossLab ended unexpectedly: {}. Everything saved so far is intact.\n",
                       unforeseen.what());
    return losslab::app::exitcode::failed;
}
