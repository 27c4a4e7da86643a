#include "runs/journalreader.h"

#include "base/platform.h"
#include "lab/jsonfields.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace losslab {

namespace {

constexpr std::size_t longestLine = std::size_t{1} << 20; ///< bytes; a row is the longest that is written
constexpr std::size_t mostReasons = 20;                   ///< told for lines that are left out
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

/// A plain point exactly as JournalWriter writes it: nearly every line of a journal is one, and this is
/// several times as fast as reading JSON. False for any other line.
bool scanPoint(std::string_view line, std::uint64_t number, int repeats, PointEvent &point)
{
    Scanner scanner(line);
    std::uint64_t sequence = 0;
    return scanner.skip("{\"seq\":") && scanner.number(sequence) && sequence == number
           && scanner.skip(",\"chart\":") && scanner.text(point.chart) && scanner.skip(",\"series\":")
           && scanner.text(point.series) && scanner.skip(",\"repeat\":") && scanner.number(point.repeat)
           && point.repeat >= 0 && point.repeat < repeats && scanner.skip(",\"x\":")
           && scanner.number(point.x) && scanner.skip(",\"y\":") && scanner.number(point.y)
           && scanner.skip("}") && scanner.atEnd();
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

/// The event of a line of a known kind.
std::optional<Event> readEvent(JsonFields &fields)
{
    if (fields.has("remark"))
        return readAnnotation(fields);
    if (fields.has("chart"))
        return readPoint(fields);
    if (fields.has("table"))
        return readRow(fields);
    if (fields.has("figure"))
        return readFigure(fields);
    if (fields.has("training"))
        return readRemark(fields);
    return std::nullopt;
}

/// The event, nothing for a line of another kind, or in words what is wrong with the line.
tl::expected<std::optional<Event>, std::string> readLine(std::string_view line, std::uint64_t number,
                                                         int repeats)
{
    if (PointEvent point; scanPoint(line, number, repeats, point))
        return std::optional<Event>(point);
    const ParsedJson json = parseJson(line);
    JsonFields fields(json);
    std::uint64_t sequence = 0;
    fields.read("seq", sequence);
    if (sequence != number)
        fields.refuse(fmt::format("it has the number {}, {} is due", sequence, number));
    const std::optional<Event> event = readEvent(fields);
    int repeat = 0;
    if (event)
        fields.read("repeat", repeat);
    if (repeat < 0 || repeat >= repeats)
        fields.refuse(fmt::format("there is no repeat {}", repeat));
    if (!fields.problem().empty())
        return tl::unexpected(fields.problem());
    return event;
}

/// Takes a journal apart into lines, and hands on the events.
class JournalReader
{
public:
    JournalReader(int repeats, const std::function<void(const Event &)> &take, JournalRules *rules)
        : m_repeats(repeats), m_take(take), m_rules(rules)
    {}

    /// Reads on; false once something is wrong.
    bool read(std::string_view part);

    /// In words; empty where all is well.
    const std::string &problem() const { return m_problem; }
    std::uint64_t line() const { return m_line; }
    JournalEnd end() const;

private:
    void readWhole(std::string_view line);
    void leaveOut(const std::string &why);

    struct LeftOut
    {
        std::string why;
        std::uint64_t first = 0;
        std::uint64_t count = 1;
    };

    int m_repeats;
    const std::function<void(const Event &)> &m_take;
    JournalRules *m_rules;
    std::uint64_t m_line = 1;
    std::string m_begun; ///< a line that the part before broke off in
    std::string m_problem;
    std::vector<LeftOut> m_leftOut;
};

bool JournalReader::read(std::string_view part)
{
    while (m_problem.empty() && !part.empty()) {
        const auto end = part.find('\n');
        m_begun += part.substr(0, end);
        if (m_begun.size() > longestLine)
            m_problem = fmt::format("it is longer than {} bytes", longestLine);
        if (end == std::string_view::npos || !m_problem.empty())
            break;
        part.remove_prefix(end + 1);
        readWhole(m_begun);
        m_begun.clear();
    }
    return m_problem.empty();
}

void JournalReader::readWhole(std::string_view line)
{
    const auto event = readLine(line, m_line, m_repeats);
    if (!event) {
        m_problem = event.error();
        return;
    }
    const auto refusal = *event && m_rules ? m_rules->refusalOf(**event) : std::nullopt;
    if (refusal && refusal->damaged) {
        m_problem = refusal->why;
        return;
    }
    if (refusal)
        leaveOut(refusal->why);
    else if (*event)
        m_take(**event);
    else
        leaveOut("this LossLab does not know lines of this kind");
    ++m_line;
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
    JournalEnd end{m_line - 1, m_begun, {}};
    for (const LeftOut &leftOut : m_leftOut)
        end.leftOut.push_back(
            leftOut.count == 1
                ? fmt::format("Line {} of metrics.jsonl is left out: {}.", leftOut.first, leftOut.why)
                : fmt::format("{} lines of metrics.jsonl are left out, the first of them line {}: {}.",
                              leftOut.count, leftOut.first, leftOut.why));
    return end;
}

} // namespace

Result<JournalEnd> readJournal(const std::filesystem::path &path, int repeats,
                               const std::function<void(const Event &)> &take, JournalRules *rules)
{
    JournalReader reader(repeats, take, rules);
    const auto read = platform::readParts(path, [&](std::string_view part) { return reader.read(part); });
    if (!read)
        return tl::unexpected(read.error());
    if (!reader.problem().empty())
        return dataError(fmt::format("Line {} of {} is damaged: {}. Copy the run folder again, "
                                     "or delete this line and those after it.",
                                     reader.line(), platform::quoted(path), reader.problem()));
    return reader.end();
}

} // namespace losslab
