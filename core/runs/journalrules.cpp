#include "runs/journalrules.h"

#include "base/plaintext.h"
#include "lab/experiment.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace losslab {

namespace {

using Refusal = JournalRules::Refusal;

// Far more than any experiment has.
constexpr std::size_t mostSeries = 500;  ///< of a chart
constexpr std::size_t mostModels = 5000; ///< with a figure each
constexpr std::size_t mostRemarks = 1'000'000;
constexpr std::size_t mostLines = 100; ///< across a chart
constexpr std::size_t longestLabel = 1000;

/// A name as a person may read it in a message.
std::string shown(const std::string &name)
{
    const std::string plain = plainText(name, true);
    return plain.size() <= longestLabel / 10 ? plain : fmt::format("a name of {} bytes", plain.size());
}

std::optional<Refusal> ofLabel(const std::string &label)
{
    if (label.size() > longestLabel)
        return Refusal(fmt::format("a text in it has {} bytes, {} are the most", label.size(), longestLabel));
    return std::nullopt;
}

/// Of what is shown and does not name a file.
std::optional<Refusal> ofName(std::string_view kind, const std::string &name)
{
    if (const auto refusal = ofLabel(name))
        return refusal;
    if (name.empty() || !isPlain(name))
        return Refusal(fmt::format("“{}” is not a valid name of a {}", shown(name), kind));
    return std::nullopt;
}

} // namespace

JournalRules::JournalRules(const Experiment &experiment, const RunSpec &spec)
    : m_experiment(experiment.info().id)
{
    for (const ChartInfo &chart : experiment.chartsFor(spec))
        m_charts[chart.id];
    for (const Table *table : experiment.tables())
        for (const Column &column : table->info().columns)
            m_tables[table->info().id].push_back(column.key);
    for (const Figure *figure : experiment.figures())
        m_figures.insert(figure->info().key);
}

std::optional<Refusal> JournalRules::refusalOf(const Event &event)
{
    return std::visit([this](const auto &value) { return of(value); }, event);
}

/// Another version may have had it, if it is a name at all.
std::optional<Refusal> JournalRules::undeclared(std::string_view kind, const std::string &name) const
{
    if (!isFileName(name))
        return Refusal(fmt::format("“{}” is not a valid name of a {}", shown(name), kind));
    return Refusal(fmt::format("{} has no {} “{}”", m_experiment, kind, shown(name)));
}

std::optional<Refusal> JournalRules::ofSeries(const std::string &chart, const std::string &series)
{
    const auto known = m_charts.find(chart);
    if (known == m_charts.end())
        return undeclared("chart", chart);
    if (known->second.contains(series))
        return std::nullopt;
    if (const auto refusal = ofName("series", series))
        return refusal;
    if (known->second.size() == mostSeries)
        return Refusal(fmt::format("the chart “{}” has more than {} series", chart, mostSeries));
    known->second.insert(series);
    return std::nullopt;
}

std::optional<Refusal> JournalRules::of(const PointEvent &point)
{
    if (const auto refusal = ofSeries(point.chart, point.series))
        return refusal;
    return ofLabel(point.label);
}

std::optional<Refusal> JournalRules::of(const CurveEvent &curve)
{
    if (const auto refusal = ofSeries(curve.chart, curve.series))
        return refusal;
    for (const std::string &label : curve.labels)
        if (const auto refusal = ofLabel(label))
            return refusal;
    return std::nullopt;
}

std::optional<Refusal> JournalRules::of(const AnnotationEvent &annotation) const
{
    if (!m_charts.contains(annotation.chart))
        return undeclared("chart", annotation.chart);
    if (annotation.lines.size() > mostLines)
        return Refusal(fmt::format("it has {} lines across the chart, {} are the most",
                                   annotation.lines.size(), mostLines));
    for (const ReferenceLine &line : annotation.lines)
        if (const auto refusal = ofLabel(line.label))
            return refusal;
    return ofLabel(annotation.remark);
}

std::optional<Refusal> JournalRules::of(const RowEvent &row) const
{
    const auto table = m_tables.find(row.table);
    if (table == m_tables.end())
        return undeclared("table", row.table);
    const auto hasKey = [](const auto &cell, const std::string &key) { return cell.first == key; };
    if (row.cells.empty())
        return Refusal("the row is empty");
    // An earlier version may have had the first of them alone.
    if (row.cells.size() > table->second.size()
        || !std::equal(row.cells.begin(), row.cells.end(), table->second.begin(), hasKey))
        return Refusal(
            fmt::format("the columns of the table “{}” are {}", row.table, fmt::join(table->second, ", ")));
    for (const auto &[key, value] : row.cells)
        if (const auto *text = std::get_if<std::string>(&value))
            if (const auto refusal = ofLabel(*text))
                return refusal;
    return std::nullopt;
}

std::optional<Refusal> JournalRules::of(const FigureEvent &figure)
{
    if (!m_figures.contains(figure.figure))
        return undeclared("figure", figure.figure);
    if (const auto refusal = ofName("model", figure.model))
        return refusal;
    const std::pair key(figure.model, figure.figure);
    if (m_models.size() == mostModels && !m_models.contains(key))
        return Refusal(fmt::format("the run has more than {} figures", mostModels));
    m_models.insert(key);
    return std::nullopt;
}

std::optional<Refusal> JournalRules::of(const RemarkEvent &remark)
{
    for (const std::string &chart : remark.charts)
        if (!m_charts.contains(chart))
            return undeclared("chart", chart);
    if (const auto refusal = ofName("model", remark.model))
        return refusal;
    if (m_remarks == mostRemarks)
        return Refusal(fmt::format("the run has more than {} remarks", mostRemarks));
    ++m_remarks;
    return std::nullopt;
}

} // namespace losslab
