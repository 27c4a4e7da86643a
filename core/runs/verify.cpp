#include "runs/verify.h"

#include "base/numbertext.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "base/sha256.h"
#include "experiments/registry.h"
#include "lab/jsonfields.h"
#include "runs/checkpointfile.h"
#include "runs/csv.h"
#include "runs/export.h"
#include "runs/runjson.h"
#include "runs/runrecord.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <map>
#include <set>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largestJson = std::uint64_t{64} << 20; ///< bytes
constexpr std::string_view modelSuffix = ".safetensors";

/// Where two texts first differ: the number of the line.
std::uint64_t firstLineThatDiffers(std::string_view a, std::string_view b)
{
    const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return 1 + static_cast<std::uint64_t>(std::count(a.begin(), end, '\n'));
}

/// Holds a file to the text that it should have, part by part.
class ExpectedFile
{
public:
    explicit ExpectedFile(const fs::path &path) : m_file(path, std::ios::binary) {}

    void expect(std::string_view text)
    {
        if (m_differs)
            return;
        m_part.resize(text.size());
        m_file.read(m_part.data(), std::ssize(text));
        const auto [end, other] =
            std::mismatch(text.begin(), text.end(), m_part.begin(),
                          m_part.begin() + static_cast<std::ptrdiff_t>(m_file.gcount()));
        m_line += static_cast<std::uint64_t>(std::count(text.begin(), end, '\n'));
        m_differs = end != text.end();
    }

    /// After all of it: the first line that differs, 0 where none does.
    std::uint64_t firstThatDiffers()
    {
        const bool goesOn = !m_differs && m_file.peek() != std::ifstream::traits_type::eof();
        return m_differs || goesOn ? m_line : 0;
    }

private:
    std::ifstream m_file;
    std::string m_part;
    std::uint64_t m_line = 1;
    bool m_differs = false;
};

/// The files right in a folder, by name; none where there is no folder.
std::set<std::string> filesIn(const fs::path &folder)
{
    std::set<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code unreadable;
        const std::string name = entry->path().filename().string();
        if (!name.starts_with('.') && entry->is_regular_file(unreadable))
            names.insert(name);
    }
    return names;
}

class Verifier
{
public:
    explicit Verifier(fs::path folder) : m_folder(std::move(folder)) {}

    Result<Verification> verify();

private:
    void readRecord();
    void checkRunJson();
    void checkJournalFile();
    void checkEnd();
    void checkSummary();
    bool hasSameFigures(const std::string &text, const std::string &expected) const;
    void checkModels();
    void checkModel(const std::string &file, const ModelEntry &entry);
    void checkCheckpoints();
    void checkExports();
    void checkExport(const std::string &file, const std::function<Result<void>(const TakeText &)> &expected);
    void checkUnknown(const std::string &folder, const std::vector<std::string> &known);
    void find(const std::string &file, std::string what, std::uint64_t line = 0);

    bool hasEnded() const { return isEnded(m_record->state); }
    /// Of one whose run.json cannot be read, nothing is known.
    bool hasChecksums() const { return !m_record || m_record->format >= 2; }

    fs::path m_folder;
    std::unique_ptr<Experiment> m_experiment;
    std::optional<RunRecord> m_record; ///< none where it cannot be read
    JournalCheck m_journal;
    Verification m_result;
};

void Verifier::find(const std::string &file, std::string what, std::uint64_t line)
{
    m_result.findings.add({file, line, std::move(what)});
}

void Verifier::readRecord()
{
    auto record = readRun(m_folder);
    if (!record) {
        find(readRunJson(m_folder / "run.json") ? "metrics.jsonl" : "run.json", record.error().message);
        m_result.unchecked.emplace_back(
            "As the run cannot be read, summary.json, charts and tables were held to nothing.");
        return;
    }
    m_record = std::move(*record);
    m_experiment = std::move(*makeExperiment(m_record->spec.experiment));
    m_result.standing = standingText(*m_record);
}

void Verifier::checkRunJson()
{
    const auto text = platform::readFile(m_folder / "run.json", largestJson);
    if (!text)
        return find("run.json", text.error().message);
    const bool hasSum = parseJson(*text).json.contains("crc");
    if (!hasSum && !hasChecksums())
        m_result.unchecked.emplace_back("An earlier LossLab has written this run, without checksums: whether "
                                        "run.json, the journal's lines and "
                                        "the models are as they were written cannot be told.");
    else if (!isRunJsonWhole(*text))
        find("run.json", "run.json is not as it was written: its checksum does not fit it.");
}

void Verifier::checkJournalFile()
{
    Findings ofNothing;
    const auto checked =
        checkJournal(m_folder / "metrics.jsonl", hasChecksums() ? m_result.findings : ofNothing);
    if (!checked) {
        const auto &told = m_result.findings.first();
        if (std::none_of(told.begin(), told.end(),
                         [&](const Finding &one) { return one.what == checked.error().message; }))
            find("metrics.jsonl", checked.error().message);
        return;
    }
    m_journal = *checked;
    m_result.lines = checked->lines;
}

/// Of a journal whose lines are as they were written: whether it is all of it, and can be read.
void Verifier::checkEnd()
{
    const bool isWhole = m_result.isSound();
    const auto lines = static_cast<std::int64_t>(m_journal.lines);
    if (hasEnded() && m_record->facts.lines >= 0 && lines != m_record->facts.lines)
        find("metrics.jsonl", fmt::format("metrics.jsonl has {} lines, and run.json says that there are {}.",
                                          countText(lines), countText(m_record->facts.lines)));
    if (hasEnded() && m_journal.breaksOff)
        find("metrics.jsonl",
             fmt::format("The last line of metrics.jsonl, line {}, breaks off.", m_journal.lines + 1),
             m_journal.lines + 1);
    if (isWhole && m_result.isSound())
        for (const std::string &sentence : m_record->unread)
            find("metrics.jsonl", sentence);
}

/// Whether the figures of two summaries are the same, whatever else is said in them.
bool Verifier::hasSameFigures(const std::string &text, const std::string &expected) const
{
    using Values = std::pair<Json, Json>;
    const auto figuresOf = [](const std::string &summary) {
        std::map<std::pair<std::string, std::string>, Values> figures;
        const Json json = parseJson(summary).json;
        const Json list = json.is_object() ? json.value("figures", Json()) : Json();
        for (const Json &figure : list)
            if (figure.is_object())
                figures[{figure.value("model", Json()).dump(), figure.value("figure", Json()).dump()}] = {
                    figure.value("value", Json()), figure.value("values", Json())};
        return figures;
    };
    return figuresOf(text) == figuresOf(expected);
}

void Verifier::checkSummary()
{
    const fs::path path = m_folder / "summary.json";
    const auto there = platform::look(path);
    if (there && !*there) {
        if (hasEnded())
            find("summary.json", "summary.json is missing.");
        return;
    }
    if (!hasEnded()) {
        m_result.unchecked.emplace_back("summary.json is of before the run went on.");
        return;
    }
    const auto text = platform::readFile(path, largestJson);
    if (!text)
        return find("summary.json", text.error().message);
    m_result.summary = true;
    const std::string expected = summaryJson(*m_experiment, m_record->spec, m_record->data, m_record->state);
    if (*text == expected)
        return;
    const bool isOwn = m_record->facts.program == LOSSLAB_VERSION;
    if (isOwn || !hasSameFigures(*text, expected)) {
        const std::uint64_t line = firstLineThatDiffers(*text, expected);
        return find("summary.json",
                    fmt::format("summary.json does not follow from metrics.jsonl: line {} differs.", line),
                    line);
    }
    m_result.unchecked.push_back(
        fmt::format("Of summary.json, which LossLab {} has written, only the figures were compared.",
                    plainText(m_record->facts.program, true)));
}

void Verifier::checkModel(const std::string &file, const ModelEntry &entry)
{
    const std::string name = "models/" + file + std::string(modelSuffix);
    const std::string shown = plainText(name, true);
    if (!isFileName(file))
        return find(
            "metrics.jsonl",
            fmt::format("Line {} of metrics.jsonl tells of a model file “{}”, which no file may be called.",
                        entry.line, plainText(file, true)),
            entry.line);
    const auto facts = platform::look(m_folder / name);
    if (facts && !*facts)
        return find(name, fmt::format("{} is missing.", shown));
    const auto sum = sha256OfFile(m_folder / name);
    if (!sum)
        return find(name, sum.error().message);
    m_result.models.push_back(name);
    if ((*facts)->size != entry.bytes)
        find(name,
             fmt::format("{} is not the file that was written: it has {} bytes, and line {} of metrics.jsonl "
                         "says {}.",
                         shown, (*facts)->size, entry.line, entry.bytes));
    else if (*sum != entry.sha256)
        find(name, fmt::format("{} is not the file that was written: its SHA-256 is {}, and line {} of "
                               "metrics.jsonl says {}.",
                               shown, *sum, entry.line, plainText(entry.sha256, true)));
}

void Verifier::checkModels()
{
    for (const auto &[file, entry] : m_journal.models)
        checkModel(file, entry);
    for (const std::string &name : filesIn(m_folder / "models"))
        if (!name.ends_with(modelSuffix)
            || !m_journal.models.contains(name.substr(0, name.size() - modelSuffix.size())))
            m_result.unchecked.push_back(
                fmt::format("metrics.jsonl does not tell of models/{}.", plainText(name, true)));
}

void Verifier::checkCheckpoints()
{
    const fs::path folder = checkpointsFolder(m_folder);
    for (const fs::path &files : {folder, partsFolder(folder)})
        for (const std::string &name : filesIn(files)) {
            const auto whole = checkCheckpoint(files / name);
            m_result.checkpoints.push_back((files / name).lexically_relative(m_folder).generic_string());
            if (!whole)
                find(m_result.checkpoints.back(), whole.error().message);
        }
    if (m_result.checkpoints.empty() && m_record && hasChecksums() && m_record->state == RunState::Finished)
        m_result.unchecked.emplace_back(
            "There are no checkpoints: to be trained for longer, the run would begin anew.");
}

void Verifier::checkExport(const std::string &file,
                           const std::function<Result<void>(const TakeText &)> &expected)
{
    const auto facts = platform::look(m_folder / file);
    if (!facts)
        return find(file, facts.error().message);
    if (!*facts)
        return;
    m_result.exports.push_back(file);
    if (!(*facts)->isFile)
        return find(file, fmt::format("{} is no file.", file));
    ExpectedFile there(m_folder / file);
    const auto told = expected([&](std::string_view text) -> Result<void> {
        there.expect(text);
        return {};
    });
    if (!told)
        return find(file, told.error().message);
    if (const std::uint64_t line = there.firstThatDiffers())
        find(file,
             fmt::format("{} does not follow from metrics.jsonl: line {} differs. Export it again.", file,
                         line),
             line);
}

/// Exports are made when they are asked for: what is not there is not missing.
void Verifier::checkExports()
{
    const auto nameOf = [&](const std::string &folder, const std::string &id) {
        return folder + '/' + exportFileName(m_record->spec.experiment, id, ExportFormat::Csv);
    };
    std::vector<std::string> known;
    for (const ChartData &chart : m_record->data.charts())
        checkExport(known.emplace_back(nameOf("charts", chart.id)),
                    [&](const TakeText &take) { return chartCsv(chart, m_folder, take); });
    for (const TableData &table : m_record->data.tables())
        checkExport(known.emplace_back(nameOf("tables", table.id)),
                    [&](const TakeText &take) { return take(tableCsv(table)); });
    checkUnknown("charts", known);
    checkUnknown("tables", known);
}

void Verifier::checkUnknown(const std::string &folder, const std::vector<std::string> &known)
{
    std::size_t pictures = 0;
    for (const std::string &name : filesIn(m_folder / folder)) {
        const std::string file = folder + '/' + name;
        if (name.ends_with(".png") || name.ends_with(".svg"))
            ++pictures;
        else if (std::find(known.begin(), known.end(), file) == known.end())
            m_result.unchecked.push_back(
                fmt::format("{} is no export of a chart or table of this run.", plainText(file, true)));
    }
    if (pictures > 0)
        m_result.unchecked.push_back(fmt::format("{} in {} {} not checked.",
                                                 pictures == 1 ? "The picture" : "The pictures", folder,
                                                 pictures == 1 ? "is" : "are"));
}

Result<Verification> Verifier::verify()
{
    if (const auto is = checkIsRun(m_folder); !is)
        return tl::unexpected(is.error());
    readRecord();
    checkRunJson();
    checkJournalFile();
    if (m_record) {
        checkEnd();
        checkSummary();
        checkExports();
    }
    if (hasChecksums())
        checkModels();
    checkCheckpoints();
    return std::move(m_result);
}

} // namespace

Result<Verification> verifyRun(const fs::path &folder)
{
    return Verifier(folder).verify();
}

} // namespace losslab
