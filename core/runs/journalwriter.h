#pragma once

#include "lab/event.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>

namespace losslab {

/// Turns events into the lines of metrics.jsonl, numbered from 1.
///
///     {"seq":17,"chart":"loss","series":"deep","repeat":0,"x":4,"y":0.31}      a point; may have a "label"
///     {"seq":18,"table":"points","repeat":0,"row":{"x":0.5,"epoch":3}}         a row
///     {"seq":19,"figure":"test-accuracy","model":"cnn1","repeat":0,"value":0.9868}
///     {"seq":20,"chart":"path","repeat":0,"remark":"60.8 %","lines":[]}        a chart's remark
///     {"seq":21,"training":"converged","model":"deep","repeat":0,"epoch":1449,"charts":["loss"]}
///
/// A remark's lines are reference lines: `{"at":0.1,"label":"chance","vertical":false}`.
/// A curve is kept as its points, where it is the last of its kind. Where the series had points before, the
/// curve's first line has `"replace":true`: the points before it no longer count.
class JournalWriter
{
public:
    /// Appends the event's lines to `text`; nothing for events that are not kept.
    void write(const Event &event, std::string &text);
    /// So many it has written.
    std::uint64_t lines() const { return m_lines; }

private:
    void writePoint(const PointEvent &point, bool replace, std::string &text);
    void writeRemark(const RemarkEvent &remark, std::string &text);
    void writeAnnotation(const AnnotationEvent &annotation, std::string &text);
    void beginLine(std::string &text);

    std::uint64_t m_lines = 0;
    std::map<std::tuple<std::string, std::string, int>, std::string, std::less<>>
        m_series; ///< their part of a line
};

} // namespace losslab
