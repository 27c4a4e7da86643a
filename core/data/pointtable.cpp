#include "data/pointtable.h"

#include "base/numbertext.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "base/sha256.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>
#include <mutex>
#include <numeric>
#include <utility>
#include <vector>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largestTable = std::uint64_t{64} << 20; ///< bytes
constexpr std::size_t longestLine = 10'000;                     ///< bytes: two numbers have a few dozen
constexpr std::size_t mostTold = 5;                             ///< of gaps
constexpr double largest = 1e15;                                // its square is still a float

/// As a message tells it.
std::string nameOf(const fs::path &path)
{
    return plainText(path.filename().string(), true);
}

/// Between commas, semicolons or tabs, or the words where the separator is a space; each without quotes.
std::vector<std::string_view> cellsOf(std::string_view line, char separator)
{
    std::vector<std::string_view> cells;
    for (line = trimmed(line);;) {
        const std::size_t end = line.find(separator);
        std::string_view cell = trimmed(line.substr(0, end));
        if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
            cell = trimmed(cell.substr(1, cell.size() - 2));
        cells.push_back(cell);
        if (end == std::string_view::npos)
            return cells;
        line.remove_prefix(end + 1);
        if (separator == ' ')
            line = trimmed(line);
    }
}

std::optional<double> numberOf(std::string_view cell)
{
    if (cell.starts_with('+'))
        cell.remove_prefix(1);
    const auto number = readNumber<double>(cell);
    return number && std::abs(*number) <= largest ? number : std::nullopt;
}

/// A cell as a message tells it.
std::string shown(std::string_view cell)
{
    constexpr std::size_t longest = 40;
    return cutTo(plainText(cell, true), longest);
}

bool hasDecimalComma(std::string_view cell)
{
    std::string pointed(cell);
    std::replace(pointed.begin(), pointed.end(), ',', '.');
    return cell.find(',') != std::string_view::npos && readNumber<double>(pointed);
}

/// Whether someone meant a number, well written or not.
bool looksLikeNumber(std::string_view cell)
{
    constexpr std::string_view minus = "\u2212";
    const std::string low = lowered(cell);
    return cell.empty() || std::string_view("0123456789+-.").find(cell.front()) != std::string_view::npos
           || cell.starts_with(minus) || low == "nan" || low == "inf" || low == "infinity";
}

/// Headings have no number among them.
bool isHeading(const std::vector<std::string_view> &cells)
{
    return std::none_of(cells.begin(), cells.end(), looksLikeNumber);
}

/// The separator of a file whose first line is this one.
char separatorOf(std::string_view line)
{
    for (const char separator : {';', '\t', ','})
        if (trimmed(line).find(separator) != std::string_view::npos)
            return separator;
    return ' ';
}

/// Takes a table's lines one after the other.
class Reader
{
public:
    /// False where what is wrong ends the reading.
    bool take(std::string_view line);
    Result<TargetSamples> result(const fs::path &path) const;

private:
    bool refuse(std::string what)
    {
        m_problem = std::move(what);
        return false;
    }
    bool takePoint(const std::vector<std::string_view> &cells);
    void noteGap(std::string what);
    std::string gaps() const;

    std::size_t m_line = 0;
    char m_separator = 0;
    bool m_hasHeading = false;
    bool m_begun = false; ///< the points have
    std::vector<std::pair<double, double>> m_points;
    std::vector<std::string> m_told; ///< of the gaps, the first
    std::size_t m_gaps = 0;
    std::size_t m_emptyLines = 0; ///< since the last point: no gap at the end of a file
    std::string m_problem;
};

bool Reader::take(std::string_view line)
{
    ++m_line;
    if (trimmed(line).starts_with('#')) // a remark, as NumPy and gnuplot write them
        return true;
    if (line.size() > longestLine)
        return refuse(fmt::format("Line {} has {} characters. A line has x and y alone, as in 0.5, 1.2.",
                                  m_line, countText(static_cast<std::int64_t>(line.size()))));
    if (trimmed(line).empty()) {
        ++m_emptyLines;
        return true;
    }
    if (m_begun && m_emptyLines > 0)
        noteGap(fmt::format("line {} is empty", m_line - m_emptyLines));
    m_emptyLines = 0;
    if (!m_begun)
        m_separator = separatorOf(line);
    std::vector<std::string_view> cells = cellsOf(line, m_separator);
    if (cells.size() == 3 && cells.back().empty()) // as spreadsheets leave one behind
        cells.pop_back();
    if (!m_begun && !m_hasHeading && isHeading(cells)) {
        m_hasHeading = true;
        return true;
    }
    m_begun = true;
    return takePoint(cells);
}

bool Reader::takePoint(const std::vector<std::string_view> &cells)
{
    for (const std::string_view cell : cells)
        if (m_separator != ',' && hasDecimalComma(cell))
            return refuse(fmt::format("Line {}: “{}” has a decimal comma. Write decimals with a point.",
                                      m_line, shown(cell)));
    if (cells.size() > 2)
        return refuse(fmt::format("Line {} has {} values. A line has x and y alone; decimals have a point, "
                                  "not a comma.",
                                  m_line, cells.size()));
    if (cells.size() < 2 || cells[0].empty() || cells[1].empty()) {
        noteGap(fmt::format("line {} has no {}", m_line, cells[0].empty() ? "x" : "y"));
        return true;
    }
    const auto x = numberOf(cells[0]), y = numberOf(cells[1]);
    const bool spaced = cells[0].find(' ') != std::string_view::npos
                        || cells[1].find(' ') != std::string_view::npos; // "0,5 1,2"
    if ((!x || !y) && m_separator == ',' && spaced)
        return refuse(fmt::format(
            "Line {} has decimal commas, or several values. Write decimals with a point.", m_line));
    if (!x || !y)
        return refuse(
            fmt::format("Line {}: “{}” is no number from -1e15 to 1e15. Put it right, or take the line out.",
                        m_line, shown(x ? cells[1] : cells[0])));
    if (m_points.size() == mostPoints)
        return refuse(fmt::format("There are more than {} points. Take fewer.", countText(mostPoints)));
    m_points.emplace_back(*x, *y);
    return true;
}

void Reader::noteGap(std::string what)
{
    if (++m_gaps <= mostTold)
        m_told.push_back(std::move(what));
}

std::string Reader::gaps() const
{
    std::string text = fmt::format("{}", fmt::join(m_told, ", "));
    text.front() = 'L';
    const std::size_t more = m_gaps - m_told.size();
    if (more > 0)
        text +=
            more == 1 ? ", and one more line has a gap" : fmt::format(", and {} more lines have gaps", more);
    return text + ". Fill what is missing, or take such lines out.";
}

Result<TargetSamples> Reader::result(const fs::path &path) const
{
    const auto wrong = [&](std::string_view what) {
        return usageError(fmt::format("{}: {}", nameOf(path), what));
    };
    if (!m_problem.empty())
        return wrong(m_problem);
    if (m_gaps > 0)
        return wrong(gaps());
    if (m_points.size() < 2)
        return wrong("There are fewer than two points. Write x and y into each line, as in 0.5, 1.2.");
    std::vector<std::pair<double, double>> points = m_points;
    std::stable_sort(points.begin(), points.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    TargetSamples samples;
    for (const auto &[x, y] : points) {
        samples.x.push_back(x);
        samples.y.push_back(y);
    }
    if (static_cast<float>(samples.x.front()) == static_cast<float>(samples.x.back()))
        return wrong("All its points have one x. Give them several.");
    return samples;
}

/// The file's text from its first line on. Usage error: it is none.
Result<std::string_view> textOf(std::string_view bytes, const fs::path &path)
{
    constexpr std::string_view mark = "\xEF\xBB\xBF"; // of UTF-8, as Windows writes it
    if (bytes.starts_with(mark))
        bytes.remove_prefix(mark.size());
    if (bytes.find('\0') != std::string_view::npos)
        return usageError(fmt::format("{} is no text in UTF-8. Save it as CSV in UTF-8.", nameOf(path)));
    return bytes;
}

} // namespace

Result<TargetSamples> readPoints(const fs::path &path)
{
    const auto bytes = platform::readFile(path, largestTable);
    if (!bytes)
        return tl::unexpected(bytes.error());
    auto text = textOf(*bytes, path);
    if (!text)
        return tl::unexpected(text.error());
    Reader reader;
    while (!text->empty()) {
        const std::size_t end = std::min(text->find_first_of("\r\n"), text->size());
        if (!reader.take(text->substr(0, end)))
            break;
        text->remove_prefix(std::min(end + (text->substr(end).starts_with("\r\n") ? 2 : 1), text->size()));
    }
    return reader.result(path).map([&](TargetSamples samples) {
        samples.checksum = sha256(*bytes);
        return samples;
    });
}

std::shared_ptr<const Result<TargetSamples>> knownPoints(const fs::path &path)
{
    struct Known
    {
        fs::path path;
        fs::file_time_type written;
        std::uintmax_t size = 0;
        std::shared_ptr<const Result<TargetSamples>> points;
    };
    static std::mutex mutex;
    static Known known;
    std::error_code missing;
    const fs::file_time_type written = fs::last_write_time(path, missing);
    const std::uintmax_t size = missing ? 0 : fs::file_size(path, missing);
    const std::lock_guard lock(mutex);
    if (missing || !known.points || known.path != path || known.written != written || known.size != size)
        known = {path, written, size, std::make_shared<const Result<TargetSamples>>(readPoints(path))};
    return known.points;
}

std::string PointTableKind::note(std::string_view text) const
{
    if (trimmed(text).empty())
        return {};
    std::error_code nowhere;
    const auto points = knownPoints(fs::absolute(trimmed(text), nowhere));
    if (!*points)
        return {};
    const std::vector<double> &x = (*points)->x;
    return fmt::format("{} points, x from {} to {}", countText(static_cast<std::int64_t>(x.size())),
                       numberText(x.front()), numberText(x.back()));
}

PointTable::PointTable(Experiment *owner, std::string key, std::string label,
                       const PointTableOptions &options)
    : Parameter(owner,
                parameterInfo(std::move(key), std::move(label), options, std::make_shared<PointTableKind>()))
{}

} // namespace losslab
