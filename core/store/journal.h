#pragma once

#include "lab/event.h"
#include "store/journalrules.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

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

private:
    void writePoint(const PointEvent &point, bool replace, std::string &text);
    void writeRemark(const RemarkEvent &remark, std::string &text);
    void writeAnnotation(const AnnotationEvent &annotation, std::string &text);
    void beginLine(std::string &text);

    std::uint64_t m_lines = 0;
    std::map<std::tuple<std::string, std::string, int>, std::string, std::less<>>
        m_series; ///< their part of a line
};

/// What there is to say of a journal beside its events.
struct JournalEnd
{
    std::string torn;                 ///< a last line that was cut off; empty where it is whole
    std::vector<std::string> leftOut; ///< sentences: which lines were not taken, and why
};

/// Reads metrics.jsonl line by line. Strict: the numbering must have no gap, every field its type, every
/// repeat be below `repeats`; a last line without its end is handed back instead of read. Lines of a kind
/// that is not known, and what the rules ascribe to another version, are left out. Data error naming file and
/// line.
Result<JournalEnd> readJournal(const std::filesystem::path &path, int repeats,
                               const std::function<void(const Event &)> &take, JournalRules *rules = nullptr);

} // namespace losslab
