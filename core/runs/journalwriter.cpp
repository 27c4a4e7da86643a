#include "runs/journalwriter.h"

#include "base/numbertext.h"
#include "lab/jsonfields.h"

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

void JournalWriter::beginLine(std::string &text)
{
    fmt::format_to(std::back_inserter(text), "{{\"seq\":{},", ++m_lines);
}

void JournalWriter::writePoint(const PointEvent &point, bool replace, std::string &text)
{
    auto series = m_series.find(std::tie(point.chart, point.series, point.repeat));
    const bool known = series != m_series.end();
    if (!known)
        series = m_series
                     .emplace(std::tie(point.chart, point.series, point.repeat),
                              fmt::format("\"chart\":{},\"series\":{},\"repeat\":{}", jsonText(point.chart),
                                          jsonText(point.series), point.repeat))
                     .first;
    beginLine(text);
    fmt::format_to(std::back_inserter(text), "{},\"x\":{},\"y\":{}", series->second, jsonNumber(point.x),
                   jsonNumber(point.y));
    if (!point.label.empty())
        text += ",\"label\":" + jsonText(point.label);
    if (replace && known)
        text += ",\"replace\":true";
    text += "}\n";
}

void JournalWriter::writeAnnotation(const AnnotationEvent &annotation, std::string &text)
{
    Json lines = Json::array();
    for (const ReferenceLine &line : annotation.lines)
        lines.push_back({{"at", numberJson(line.at)}, {"label", line.label}, {"vertical", line.vertical}});
    beginLine(text);
    fmt::format_to(std::back_inserter(text), "\"chart\":{},\"repeat\":{},\"remark\":{},\"lines\":{}}}\n",
                   jsonText(annotation.chart), annotation.repeat, jsonText(annotation.remark),
                   lines.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void JournalWriter::writeRemark(const RemarkEvent &remark, std::string &text)
{
    const Json charts = remark.charts;
    beginLine(text);
    fmt::format_to(std::back_inserter(text),
                   "\"training\":{},\"model\":{},\"repeat\":{},\"epoch\":{},\"charts\":{}}}\n",
                   jsonText(std::string(remarkName(remark.kind))), jsonText(remark.model), remark.repeat,
                   remark.epoch, charts.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void JournalWriter::write(const Event &event, std::string &text)
{
    if (const auto *point = std::get_if<PointEvent>(&event)) {
        writePoint(*point, false, text);
    } else if (const auto *curve = std::get_if<CurveEvent>(&event); curve && curve->last) {
        for (std::size_t i = 0; i < curve->x.size(); ++i)
            writePoint({curve->chart, curve->series, curve->repeat, curve->x[i], curve->y[i],
                        i < curve->labels.size() ? curve->labels[i] : std::string()},
                       i == 0, text);
    } else if (const auto *annotation = std::get_if<AnnotationEvent>(&event); annotation && annotation->last)
    {
        writeAnnotation(*annotation, text);
    } else if (const auto *row = std::get_if<RowEvent>(&event)) {
        beginLine(text);
        fmt::format_to(std::back_inserter(text), "\"table\":{},\"repeat\":{},\"row\":{{",
                       jsonText(row->table), row->repeat);
        for (const auto &[key, value] : row->cells)
            fmt::format_to(std::back_inserter(text), "{}:{},", jsonText(key), jsonValue(value));
        if (text.back() == ',')
            text.pop_back();
        text += "}}\n";
    } else if (const auto *figure = std::get_if<FigureEvent>(&event)) {
        beginLine(text);
        fmt::format_to(std::back_inserter(text), "\"figure\":{},\"model\":{},\"repeat\":{},\"value\":{}}}\n",
                       jsonText(figure->figure), jsonText(figure->model), figure->repeat,
                       jsonNumber(figure->value));
    } else if (const auto *remark = std::get_if<RemarkEvent>(&event)) {
        writeRemark(*remark, text);
    }
}

} // namespace losslab
