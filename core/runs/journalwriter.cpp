#include "runs/journalwriter.h"

#include "base/numbertext.h"
#include "lab/jsonfields.h"
#include "runs/journalline.h"

#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace losslab {

namespace {

std::string jsonText(const std::string &text)
{
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A number, or its name in quotation marks where JSON has none for it.
std::string jsonNumber(double value)
{
    const std::string text = numberText(value);
    return std::isfinite(value) ? text : '"' + text + '"';
}

/// Reads back as the same alternative: a real number always has a point or an exponent.
std::string jsonValue(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return jsonText(*text);
    const auto *real = std::get_if<double>(&value);
    if (!real)
        return toText(value);
    const std::string text = jsonNumber(*real);
    return text.find_first_of(".e\"") == std::string::npos ? text + ".0" : text;
}

} // namespace

JournalWriter::JournalWriter(Counts counts) : m_counts(std::move(counts))
{
    for (const auto &[task, lines] : m_counts)
        m_lines += lines;
}

std::uint64_t JournalWriter::linesOf(const TaskKey &task) const
{
    const auto found = m_counts.find(task);
    return found == m_counts.end() ? 0 : found->second;
}

void JournalWriter::addLine(int repeat, const std::string &task, std::string_view fields, std::string &text)
{
    m_fields.clear();
    if (!task.empty())
        fmt::format_to(std::back_inserter(m_fields), "\"task\":{},", jsonText(task));
    m_fields += fields;
    appendJournalLine(text, ++m_lines, m_fields);
    ++m_counts[{repeat, task}];
}

void JournalWriter::writePoint(const PointEvent &point, const std::string &task, bool replace,
                               std::string &text)
{
    auto series = m_series.find(std::tie(point.chart, point.series, point.repeat));
    const bool known = series != m_series.end();
    if (!known)
        series = m_series
                     .emplace(std::tie(point.chart, point.series, point.repeat),
                              fmt::format("\"chart\":{},\"series\":{},\"repeat\":{}", jsonText(point.chart),
                                          jsonText(point.series), point.repeat))
                     .first;
    std::string fields =
        fmt::format("{},\"x\":{},\"y\":{}", series->second, jsonNumber(point.x), jsonNumber(point.y));
    if (!point.label.empty())
        fields += ",\"label\":" + jsonText(point.label);
    if (replace)
        fields += ",\"replace\":true";
    addLine(point.repeat, task, fields, text);
}

void JournalWriter::writeAnnotation(const AnnotationEvent &annotation, const std::string &task,
                                    std::string &text)
{
    Json lines = Json::array();
    for (const ReferenceLine &line : annotation.lines)
        lines.push_back({{"at", numberJson(line.at)}, {"label", line.label}, {"vertical", line.vertical}});
    addLine(annotation.repeat, task,
            fmt::format("\"chart\":{},\"repeat\":{},\"remark\":{},\"lines\":{}", jsonText(annotation.chart),
                        annotation.repeat, jsonText(annotation.remark),
                        lines.dump(-1, ' ', false, Json::error_handler_t::replace)),
            text);
}

void JournalWriter::writeRemark(const RemarkEvent &remark, const std::string &task, std::string &text)
{
    const Json charts = remark.charts;
    addLine(remark.repeat, task,
            fmt::format("\"training\":{},\"model\":{},\"repeat\":{},\"epoch\":{},\"charts\":{}",
                        jsonText(std::string(remarkName(remark.kind))), jsonText(remark.model), remark.repeat,
                        remark.epoch, charts.dump(-1, ' ', false, Json::error_handler_t::replace)),
            text);
}

void JournalWriter::writeRow(const RowEvent &row, const std::string &task, std::string &text)
{
    std::string fields =
        fmt::format("\"table\":{},\"repeat\":{},\"row\":{{", jsonText(row.table), row.repeat);
    for (const auto &[key, value] : row.cells)
        fmt::format_to(std::back_inserter(fields), "{}:{},", jsonText(key), jsonValue(value));
    if (fields.back() == ',')
        fields.pop_back();
    addLine(row.repeat, task, fields + '}', text);
}

void JournalWriter::writeSaved(const ModelLine &model, const TaskKey &task, std::string &text)
{
    addLine(task.first, task.second,
            fmt::format("\"saved\":{},\"repeat\":{},\"bytes\":{},\"sha256\":\"{}\"", jsonText(model.file),
                        task.first, model.bytes, model.sha256),
            text);
}

void JournalWriter::writeEnd(int repeat, std::int64_t length, std::string &text)
{
    addLine(repeat, {}, fmt::format("\"ended\":{},\"repeat\":{}", length, repeat), text);
}

void JournalWriter::write(const Event &event, const std::string &task, std::string &text)
{
    if (const auto *point = std::get_if<PointEvent>(&event)) {
        writePoint(*point, task, false, text);
    } else if (const auto *curve = std::get_if<CurveEvent>(&event); curve && curve->last) {
        for (std::size_t i = 0; i < curve->x.size(); ++i)
            writePoint({curve->chart, curve->series, curve->repeat, curve->x[i], curve->y[i],
                        i < curve->labels.size() ? curve->labels[i] : std::string()},
                       task, i == 0, text);
    } else if (const auto *annotation = std::get_if<AnnotationEvent>(&event); annotation && annotation->last)
    {
        writeAnnotation(*annotation, task, text);
    } else if (const auto *row = std::get_if<RowEvent>(&event)) {
        writeRow(*row, task, text);
    } else if (const auto *figure = std::get_if<FigureEvent>(&event)) {
        addLine(figure->repeat, task,
                fmt::format("\"figure\":{},\"model\":{},\"repeat\":{},\"value\":{}", jsonText(figure->figure),
                            jsonText(figure->model), figure->repeat, jsonNumber(figure->value)),
                text);
    } else if (const auto *remark = std::get_if<RemarkEvent>(&event)) {
        writeRemark(*remark, task, text);
    }
}

} // namespace losslab
