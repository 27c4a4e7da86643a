#include "runs/verify.h"
#include "app/commands/commands.h"
#include "app/output.h"
#include "base/numbertext.h"
#include "base/platform.h"
#include "base/text.h"
#include "lab/jsonfields.h"

#include <fmt/ranges.h>
#include <memory>

namespace losslab::app {

namespace {

struct VerifyArguments
{
    std::string folder;
    bool asJson = false;
};

/// "3 models", "1 model".
std::string counted(std::size_t count, std::string_view what)
{
    return fmt::format("{} {}{}", countText(static_cast<std::int64_t>(count)), what, count == 1 ? "" : "s");
}

/// "run.json, 1,204 lines of metrics.jsonl, summary.json and 3 models".
std::string whatWasChecked(const Verification &verification)
{
    std::vector<std::string> parts{"run.json", counted(verification.lines, "line") + " of metrics.jsonl"};
    if (verification.summary)
        parts.emplace_back("summary.json");
    if (!verification.models.empty())
        parts.push_back(counted(verification.models.size(), "model"));
    if (!verification.checkpoints.empty())
        parts.push_back(counted(verification.checkpoints.size(), "checkpoint"));
    if (!verification.exports.empty())
        parts.push_back(counted(verification.exports.size(), "CSV file"));
    const std::string last = parts.back();
    parts.pop_back();
    return fmt::format("{} and {}", fmt::join(parts, ", "), last);
}

void printJson(const std::string &folder, const Verification &verification)
{
    Json findings = Json::array();
    for (const Finding &finding : verification.findings.first()) {
        findings.push_back({{"file", finding.file}, {"what", finding.what}});
        if (finding.line > 0)
            findings.back()["line"] = finding.line;
    }
    const Json json{{"folder", folder},
                    {"state", verification.standing},
                    {"sound", verification.isSound()},
                    {"checked",
                     {{"lines", verification.lines},
                      {"summary", verification.summary},
                      {"models", verification.models},
                      {"checkpoints", verification.checkpoints},
                      {"exports", verification.exports}}},
                    {"found", verification.findings.count()},
                    {"findings", findings},
                    {"unchecked", verification.unchecked}};
    print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

void printForPeople(const Verification &verification)
{
    const std::vector<Finding> &findings = verification.findings.first();
    for (const Finding &finding : findings)
        print("{}\n", plainText(finding.what, true));
    if (verification.findings.count() > findings.size())
        print("{} more were found.\n",
              countText(static_cast<std::int64_t>(verification.findings.count() - findings.size())));
    if (verification.isSound())
        print("All is as it was written: {}. The run: {}\n", whatWasChecked(verification),
              withStop(plainText(verification.standing, true)));
    for (const std::string &sentence : verification.unchecked)
        print("{}\n", plainText(sentence, true));
}

Result<int> verify(const VerifyArguments &arguments)
{
    if (arguments.folder.empty())
        return usageError("losslab verify needs a RUN-FOLDER.");
    const Result<Verification> verification = verifyRun(arguments.folder);
    if (!verification)
        return tl::unexpected(verification.error());
    if (arguments.asJson)
        printJson(arguments.folder, *verification);
    else
        printForPeople(*verification);
    if (verification->isSound())
        return exitcode::done;
    const std::uint64_t count = verification->findings.count();
    return dataError(fmt::format(
        "The run in {} is not as it was written: {}.", platform::quoted(arguments.folder),
        count == 1 ? "one thing was found"
                   : fmt::format("{} things were found", countText(static_cast<std::int64_t>(count)))));
}

} // namespace

void addVerify(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<VerifyArguments>();
    CLI::App *command = program.add_subcommand(
        "verify", "Check that a run's files are as they were written, and follow from each other");
    command->add_option("RUN-FOLDER", arguments->folder, "Folder of a run, as losslab run prints it")
        ->type_name("");
    command->add_flag("--json", arguments->asJson, "Print what was checked and found, as JSON");
    command->footer(
        "Reads everything but pictures: checksums and numbers of the journal's lines, the models' SHA-256,\n"
        "checkpoints, and whether summary and CSV files follow from the journal. What is wrong is named, a\n"
        "line each.\n"
        "\nExit codes: 0 all is as it was written, 2 wrong use, 3 something is not, or there is no run.\n"
        "\nExamples:\n"
        "  losslab verify runs/cnn\n"
        "  losslab verify runs/cnn --json | jq '.findings[].what'");
    command->callback([arguments, &outcome] { outcome = verify(*arguments); });
}

} // namespace losslab::app
