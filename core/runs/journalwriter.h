#pragma once

#include "lab/event.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace losslab {

/// A task of a run: the repeat, and the task's name, which is empty of what the run itself says.
using TaskKey = std::pair<int, std::string>;

/// A model's file as it was saved.
struct ModelLine
{
    std::string file; ///< without its suffix
    std::uint64_t bytes = 0;
    std::string sha256;

    bool operator==(const ModelLine &) const = default;
};

/// Turns events into the lines of metrics.jsonl, numbered from 1. Each names the task that it is of, but
/// those of the run itself, and ends with a checksum; see journalline.h.
///
///     {"seq":17,"task":"deep","chart":"loss","series":"deep","repeat":0,"x":4,"y":0.31,"crc":"1a2b3c4d"}
///
/// Without number, task and checksum:
///
///     "chart":"loss","series":"deep","repeat":0,"x":4,"y":0.31          a point; may have a "label"
///     "table":"points","repeat":0,"row":{"x":0.5,"epoch":3}             a row
///     "figure":"test-accuracy","model":"cnn1","repeat":0,"value":0.9868
///     "chart":"path","repeat":0,"remark":"60.8 %","lines":[]            a chart's remark
///     "training":"converged","model":"deep","repeat":0,"epoch":1449,"charts":["loss"]
///     "saved":"deep-init","repeat":0,"bytes":4520,"sha256":"…"          a model's file
///     "ended":1000,"repeat":0                    a repeat is complete, of models of so many epochs
///
/// A remark's lines are reference lines: `{"at":0.1,"label":"chance","vertical":false}`.
/// A curve is kept as its points, where it is the last of its kind. Where the series had points before, the
/// curve's first line has `"replace":true`: the points before it no longer count.
class JournalWriter
{
public:
    /// How many lines each task has.
    using Counts = std::map<TaskKey, std::uint64_t>;

    JournalWriter() = default;
    /// Goes on after so many lines, which are those of these tasks.
    explicit JournalWriter(Counts counts);

    /// Appends the event's lines to `text`; nothing for events that are not kept.
    void write(const Event &event, const std::string &task, std::string &text);
    void writeSaved(const ModelLine &model, const TaskKey &task, std::string &text);
    /// `length`: see lengthParameter().
    void writeEnd(int repeat, std::int64_t length, std::string &text);

    /// So many there are.
    std::uint64_t lines() const { return m_lines; }
    std::uint64_t linesOf(const TaskKey &task) const;

private:
    void writePoint(const PointEvent &point, const std::string &task, bool replace, std::string &text);
    void writeRemark(const RemarkEvent &remark, const std::string &task, std::string &text);
    void writeAnnotation(const AnnotationEvent &annotation, const std::string &task, std::string &text);
    void writeRow(const RowEvent &row, const std::string &task, std::string &text);
    void addLine(int repeat, const std::string &task, std::string_view fields, std::string &text);

    std::uint64_t m_lines = 0;
    Counts m_counts;
    std::string m_fields; ///< of the line at hand
    std::map<std::tuple<std::string, std::string, int>, std::string, std::less<>>
        m_series; ///< their part of a line
};

} // namespace losslab
