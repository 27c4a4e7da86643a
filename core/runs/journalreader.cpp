#include "runs/journalreader.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "lab/jsonfields.h"
#include "runs/journalline.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace losslab {

namespace {

constexpr std::size_t mostReasons = 20; ///< told for lines that are left out
const std::string otherReasons = "for other reasons like these";

/// Walks along a line as long as it reads as expected.
class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_rest(text) {}

    bool skip(std::string_view expected)
    {
        if (!m_rest.starts_with(expected))
            return false;
        m_rest.remove_prefix(expected.size());
        return true;
    }

    /// A number; it must begin as JSON has it, for from_chars takes "inf" and "nan" as well.
    template <class Number>
    bool number(Number &to)
    {
        if (m_rest.empty() || (m_rest[0] != '-' && !isDigit(m_rest[0])))
            return false;
        const auto [end, error] = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), to);
        m_rest.remove_prefix(static_cast<std::size_t>(end - m_rest.data()));
        return error == std::errc{};
    }

    /// A string in quotation marks of ASCII, without escapes.
    bool text(std::string &to)
    {
        if (!skip("\""))
            return false;
        const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
        const auto end = std::find_if_not(m_rest.begin(), m_rest.end(), plain);
        to.assign(m_rest.begin(), end);
        m_rest.remove_prefix(to.size());
        return skip("\"");
    }

    bool atEnd() const { return m_rest.empty(); }

private:
    static bool isDigit(char c) { return c >= '0' && c <= '9'; }

    std::string_view m_rest;
};

/// The fields of a plain point exactly as JournalWriter writes it: nearly every line of a journal is one, and
/// this is several times as fast as reading JSON. False for any other line.
bool scanPoint(std::string_view fields, int repeats, std::string &task, PointEvent &point)
{
    Scanner scanner(fields);
    task.clear();
    if (scanner.skip("\"task\":") && !(scanner.text(task) && scanner.skip(",")))
        return false;
    return scanner.skip("\"chart\":") && scanner.text(point.chart) && scanner.skip(",\"series\":")
           && scanner.text(point.series) && scanner.skip(",\"repeat\":") && scanner.number(point.repeat)
           && point.repeat >= 0 && point.repeat < repeats && scanner.skip(",\"x\":")
           && scanner.number(point.x) && scanner.skip(",\"y\":") && scanner.number(point.y)
           && scanner.atEnd();
}

Event readPoint(JsonFields &fields)
{
    PointEvent point;
    fields.read("chart", point.chart);
    fields.read("series", point.series);
    fields.read("repeat", point.repeat);
    fields.read("x", point.x);
    fields.read("y", point.y);
    if (fields.has("label"))
        fields.read("label", point.label);
    bool replace = false;
    if (fields.has("replace"))
        fields.read("replace", replace);
    if (replace) {
        CurveEvent curve{point.chart, point.series, point.repeat, {point.x}, {point.y}, true};
        if (!point.label.empty())
            curve.labels = {point.label};
        return curve;
    }
    return point;
}

Event readAnnotation(JsonFields &fields)
{
    AnnotationEvent annotation;
    annotation.last = true;
    fields.read("chart", annotation.chart);
    fields.read("repeat", annotation.repeat);
    fields.read("remark", annotation.remark);
    std::vector<Json> lines;
    fields.read("lines", lines);
    for (const Json &line : lines) {
        JsonFields parts(line);
        ReferenceLine &read = annotation.lines.emplace_back();
        parts.read("at", read.at);
        parts.read("label", read.label);
        parts.read("vertical", read.vertical);
        if (!parts.problem().empty())
            fields.refuse(parts.problem());
    }
    return annotation;
}

Event readRow(JsonFields &fields)
{
    RowEvent row;
    fields.read("table", row.table);
    fields.read("repeat", row.repeat);
    fields.read("row", row.cells);
    return row;
}

Event readFigure(JsonFields &fields)
{
    FigureEvent figure;
    fields.read("figure", figure.figure);
    fields.read("model", figure.model);
    fields.read("repeat", figure.repeat);
    fields.read("value", figure.value);
    return figure;
}

Event readRemark(JsonFields &fields)
{
    RemarkEvent remark;
    std::string kind;
    fields.read("training", kind);
    if (const auto known = remarkFromName(kind))
        remark.kind = *known;
    else
        fields.refuse(fmt::format("“training” cannot be “{}”", kind));
    fields.read("model", remark.model);
    fields.read("repeat", remark.repeat);
    fields.read("epoch", remark.epoch);
    fields.read("charts", remark.charts);
    constexpr std::size_t mostCharts = 100; // an experiment has a few
    if (remark.charts.size() > mostCharts)
        fields.refuse(fmt::format("“charts” holds {} names", remark.charts.size()));
    return remark;
}

ModelLine readSaved(JsonFields &fields)
{
    ModelLine model;
    fields.read("saved", model.file);
    fields.read("bytes", model.bytes);
    fields.read("sha256", model.sha256);
    if (!isFileName(model.file))
        fields.refuse("“saved” is no name of a file");
    return model;
}

/// What a line of a known kind says; false of another kind.
bool readKind(JsonFields &fields, JournalEntry &entry)
{
    if (fields.has("remark"))
        entry.event = readAnnotation(fields);
    else if (fields.has("chart"))
        entry.event = readPoint(fields);
    else if (fields.has("table"))
        entry.event = readRow(fields);
    else if (fields.has("figure"))
        entry.event = readFigure(fields);
    else if (fields.has("training"))
        entry.event = readRemark(fields);
    else if (fields.has("saved"))
        entry.saved = readSaved(fields);
    else if (fields.has("ended"))
        fields.read("ended", entry.endedWith.emplace());
    else
        return false;
    return true;
}

} // namespace

bool JournalReader::read(std::string_view part, const Take &take)
{
    return m_lines.read(
        part, [&](std::string_view line, JournalLines::Length length) { takeLine(line, length, take); });
}

void JournalReader::takeLine(std::string_view line, JournalLines::Length length, const Take &take)
{
    ++m_line;
    std::string problem;
    if (length == JournalLines::Length::Fits)
        problem = problemOf(line);
    else
        problem =
            fmt::format("it is longer than {} bytes{}", JournalLines::longest,
                        length == JournalLines::Length::Endless ? ", and what follows is not read" : "");
    if (!problem.empty()) {
        ++m_leftOutSince;
        return leaveOut(problem);
    }
    const auto refusal = m_entry.event && m_rules ? m_rules->refusalOf(*m_entry.event) : std::nullopt;
    if (refusal)
        leaveOut(*refusal);
    else
        take(m_entry);
}

/// Why the line is not taken; else the entry is what it says.
std::string JournalReader::problemOf(std::string_view line)
{
    m_entry = {};
    std::uint64_t number = 0;
    std::string object;
    if (m_form.format < 2) {
        object = line;
    } else {
        JournalLine parts;
        if (!readJournalLine(line, parts))
            return "it is damaged: its checksum is another";
        m_entry.fields = parts.fields;
        PointEvent point;
        if (scanPoint(parts.fields, m_form.repeats, m_entry.task.second, point)) {
            m_entry.task.first = point.repeat;
            m_entry.event = std::move(point);
            return placed(parts.number);
        }
        object = fmt::format("{}}}", parts.object);
    }
    std::string problem = problemOfObject(object, number);
    return problem.empty() ? placed(number) : problem;
}

std::string JournalReader::problemOfObject(const std::string &object, std::uint64_t &number)
{
    const ParsedJson json = parseJson(object);
    JsonFields fields(json);
    fields.read("seq", number);
    if (fields.has("task"))
        fields.read("task", m_entry.task.second);
    const bool isKnown = readKind(fields, m_entry);
    int &repeat = m_entry.task.first;
    if (isKnown)
        fields.read("repeat", repeat);
    if (repeat < 0 || repeat >= m_form.repeats)
        fields.refuse(fmt::format("there is no repeat {}", repeat));
    if (!fields.problem().empty())
        return "it is damaged: " + fields.problem();
    return isKnown ? std::string() : "this LossLab does not know lines of this kind";
}

/// Why a line of that number is not taken here. Of those that should have come before it, as many as were
/// left out since the last one are there; the others are missed.
std::string JournalReader::placed(std::uint64_t number)
{
    if (number < m_due)
        return fmt::format("it has the number {}, {} is due", number, m_due);
    const std::uint64_t between = number - m_due;
    if (between > m_leftOutSince && m_missing++ == 0)
        m_missingBefore = m_line;
    m_missing += between > m_leftOutSince ? between - m_leftOutSince - 1 : 0;
    m_entry.number = number;
    m_due = number + 1;
    m_leftOutSince = 0;
    return {};
}

void JournalReader::leaveOut(const std::string &why)
{
    const auto counted = [&](const std::string &reason) {
        const auto known = std::find_if(m_leftOut.begin(), m_leftOut.end(),
                                        [&](const LeftOut &leftOut) { return leftOut.why == reason; });
        if (known != m_leftOut.end())
            ++known->count;
        return known != m_leftOut.end();
    };
    if (!counted(why) && (m_leftOut.size() < mostReasons || !counted(otherReasons)))
        m_leftOut.push_back({m_leftOut.size() < mostReasons ? why : otherReasons, m_line});
}

JournalEnd JournalReader::end() const
{
    JournalEnd end{m_line, m_lines.begun(), {}};
    for (const LeftOut &leftOut : m_leftOut)
        end.leftOut.push_back(
            leftOut.count == 1
                ? fmt::format("Line {} of metrics.jsonl is left out: {}.", leftOut.first, leftOut.why)
                : fmt::format("{} lines of metrics.jsonl are left out, the first of them line {}: {}.",
                              leftOut.count, leftOut.first, leftOut.why));
    if (m_missing > 0)
        end.leftOut.push_back(fmt::format("{} of metrics.jsonl {} missing, {}before line {}.",
                                          m_missing == 1 ? "A line" : fmt::format("{} lines", m_missing),
                                          m_missing == 1 ? "is" : "are",
                                          m_missing == 1 ? "" : "the first of them ", m_missingBefore));
    return end;
}

Result<JournalEnd> readJournal(const std::filesystem::path &path, const JournalForm &form,
                               const JournalReader::Take &take, JournalRules *rules)
{
    JournalReader reader(form, rules);
    const auto read =
        platform::readParts(path, [&](std::string_view part) { return reader.read(part, take); });
    if (!read)
        return tl::unexpected(read.error());
    return reader.end();
}

} // namespace losslab
