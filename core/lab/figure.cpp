#include "lab/figure.h"

#include "lab/experiment.h"

#include <utility>

namespace losslab {

Figure::Figure(Experiment *owner, std::string key, std::string label, Format format,
               std::vector<Published> published, std::optional<std::vector<std::string>> decidedBy)
    : m_info{std::move(key), std::move(label), format, std::move(published), std::move(decidedBy)}
{
    owner->m_figures.push_back(this);
}

void Figure::set(EventSink &sink, const std::string &model, double value) const
{
    sink.emit(FigureEvent{model, m_info.key, 0, value});
}

} // namespace losslab
