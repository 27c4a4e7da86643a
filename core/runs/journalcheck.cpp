#include "runs/journalcheck.h"

#include "base/platform.h"
#include "lab/jsonfields.h"
#include "runs/journalline.h"

#include <fmt/format.h>
#include <iterator>

namespace losslab {

namespace {

constexpr std::size_t mostFindings = 1000;
constexpr std::size_t mostModels = 100'000; ///< far more than any run has
constexpr const char *journal = "metrics.jsonl";

/// Which numbers have come. Those that have not, and are below one that has, are gaps.
class Numbering
{
public:
    enum class Place { InOrder, AfterGap, OutOfOrder, Again };

    /// A line that cannot be read stands for the number that is due.
    void skip()
    {
        ++m_due;
        ++m_skipped;
    }

    Place take(std::uint64_t number, std::uint64_t line)
    {
        if (number + m_skipped >= m_due && number <= m_due) { // of some that cannot be read, one may be two
            m_due = number + 1;
            m_skipped = 0;
            return Place::InOrder;
        }
        m_skipped = 0;
        if (number > m_due) {
            m_gaps[m_due] = {number - 1, line};
            m_due = number + 1;
            return Place::AfterGap;
        }
        return fill(number) ? Place::OutOfOrder : Place::Again;
    }

    struct Gap
    {
        std::uint64_t last = 0; ///< number in it
        std::uint64_t line = 0; ///< before which it is
    };
    const std::map<std::uint64_t, Gap> &gaps() const { return m_gaps; }

private:
    bool fill(std::uint64_t number)
    {
        auto gap = m_gaps.upper_bound(number);
        if (gap == m_gaps.begin() || number > (--gap)->second.last)
            return false;
        const auto [first, rest] = *gap;
        m_gaps.erase(gap);
        if (first < number)
            m_gaps[first] = {number - 1, rest.line};
        if (number < rest.last)
            m_gaps[number + 1] = rest;
        return true;
    }

    std::uint64_t m_due = 1;
    std::uint64_t m_skipped = 0;         ///< since the last line that could be read
    std::map<std::uint64_t, Gap> m_gaps; ///< by the first number in it
};

class Checker
{
public:
    explicit Checker(Findings &findings) : m_findings(findings) {}

    bool read(std::string_view part)
    {
        return m_lines.read(part, [this](std::string_view line, JournalLines::Length length) {
            ++m_check.lines;
            takeLine(line, length);
        });
    }

    JournalCheck end()
    {
        for (const auto &[first, gap] : m_numbering.gaps()) {
            const std::string numbers =
                first == gap.last ? fmt::format("The line with the number {} is", first)
                                  : fmt::format("The lines with the numbers {} to {} are", first, gap.last);
            add(gap.line, fmt::format("{} missing before line {} of {}.", numbers, gap.line, journal));
        }
        m_check.breaksOff = !m_lines.begun().empty();
        return std::move(m_check);
    }

private:
    void add(std::uint64_t line, std::string what) { m_findings.add({journal, line, std::move(what)}); }

    void takeLine(std::string_view text, JournalLines::Length length)
    {
        JournalLine line;
        if (length == JournalLines::Length::Endless)
            add(m_check.lines, fmt::format("Line {} of {} does not end, and what follows is not read.",
                                           m_check.lines, journal));
        if (length != JournalLines::Length::Fits || !readJournalLine(text, line)) {
            m_numbering.skip();
            return add(m_check.lines, fmt::format("Line {} of {} is damaged: its checksum does not fit it.",
                                                  m_check.lines, journal));
        }
        const Numbering::Place place = m_numbering.take(line.number, m_check.lines);
        if (place == Numbering::Place::OutOfOrder)
            add(m_check.lines, fmt::format("Line {} of {} is out of its place: it has the number {}.",
                                           m_check.lines, journal, line.number));
        if (place == Numbering::Place::Again)
            return add(m_check.lines,
                       fmt::format("Line {} of {} is there twice: a line before it has its number, {}.",
                                   m_check.lines, journal, line.number));
        if (line.fields.find("\"saved\":") != std::string_view::npos)
            takeModel(line);
    }

    void takeModel(const JournalLine &line)
    {
        const ParsedJson json = parseJson(std::string(line.object) + "}");
        JsonFields fields(json);
        if (!fields.has("saved"))
            return; // a text that says so
        std::string file;
        ModelEntry entry{m_check.lines, 0, {}};
        fields.read("saved", file);
        fields.read("bytes", entry.bytes);
        fields.read("sha256", entry.sha256);
        if (fields.problem().empty() && m_check.models.size() < mostModels)
            m_check.models[file] = std::move(entry);
        else
            add(m_check.lines,
                fmt::format("Line {} of {} cannot be read: {}.", m_check.lines, journal, fields.problem()));
    }

    Findings &m_findings;
    JournalCheck m_check;
    Numbering m_numbering;
    JournalLines m_lines;
};

} // namespace

void Findings::add(Finding finding)
{
    if (m_count++ < mostFindings)
        m_first.push_back(std::move(finding));
}

Result<JournalCheck> checkJournal(const std::filesystem::path &path, Findings &findings)
{
    Checker checker(findings);
    const auto read = platform::readParts(path, [&](std::string_view part) { return checker.read(part); });
    if (!read)
        return tl::unexpected(read.error());
    return checker.end();
}

} // namespace losslab
