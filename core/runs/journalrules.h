#pragma once

#include "lab/event.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace losslab {

class Experiment;

/// Which events a run's journal may hold. A run folder may come from anywhere: names in it become files, and
/// counts memory.
class JournalRules
{
public:
    JournalRules(const Experiment &experiment, const RunSpec &spec);

    using Refusal = std::string;

    /// Why the event is not taken, without a full stop; nothing where it is: a chart, table or figure that
    /// the experiment declares, a row with the columns declared, names and texts of sane size, and of each so
    /// many.
    std::optional<Refusal> refusalOf(const Event &event);

private:
    std::optional<Refusal> undeclared(std::string_view kind, const std::string &name) const;
    std::optional<Refusal> of(const PointEvent &point);
    std::optional<Refusal> of(const CurveEvent &curve);
    std::optional<Refusal> of(const AnnotationEvent &annotation) const;
    std::optional<Refusal> of(const RowEvent &row) const;
    std::optional<Refusal> of(const FigureEvent &figure);
    std::optional<Refusal> of(const RemarkEvent &remark);
    template <class Other>
    std::optional<Refusal> of(const Other &) const
    {
        return std::nullopt;
    }
    std::optional<Refusal> ofSeries(const std::string &chart, const std::string &series);

    std::string m_experiment;                                           ///< its id
    std::map<std::string, std::set<std::string, std::less<>>> m_charts; ///< and the series taken in each
    std::map<std::string, std::vector<std::string>> m_tables;           ///< and the keys of its columns
    std::set<std::string> m_figures;
    std::set<std::pair<std::string, std::string>> m_models; ///< taken, each with a figure
    std::size_t m_remarks = 0;                              ///< taken
};

} // namespace losslab
