#include "lab/experiment.h"

#include <algorithm>

#include "lab/runspec.h"

namespace losslab {

namespace {

template <class Member, class KeyOf>
auto findIn(const std::vector<Member *> &members, std::string_view key, KeyOf keyOf) -> Member *
{
    for (Member *member : members)
        if (keyOf(member->info()) == key)
            return member;
    return nullptr;
}

} // namespace

std::string_view partTitle(Part part)
{
    switch (part) {
    case Part::Depth:
        return "Deep against shallow";
    case Part::Optimization:
        return "Optimization";
    case Part::Generalization:
        return "Generalization";
    }
    return {};
}

const Source &homeworkReport()
{
    static const Source source{"HW1 report",
                               "a student's report of homework 1 in NTU's course Machine Learning and having "
                               "it Deep and Structured, 2018"};
    return source;
}

const Source &homeworkSlides()
{
    static const Source source{"HW1 slides",
                               "the slides of homework 1 in NTU's course Machine Learning and having it Deep "
                               "and Structured, 2018"};
    return source;
}

bool Experiment::needsImages(const RunSpec &spec) const
{
    if (!m_info.needsImages || !m_info.imagesWhen)
        return m_info.needsImages;
    const Parameter *parameter = findParameter(m_info.imagesWhen->parameter);
    return parameter && m_info.imagesWhen->holds(toText(parameter->valueIn(spec)));
}

bool Experiment::needsImages() const
{
    return needsImages(settingsOf(*this));
}

bool Experiment::offers(Preset preset) const
{
    const auto differs = [preset](const Parameter *parameter) {
        return parameter->info().preset(preset) != parameter->info().report;
    };
    return preset == Preset::Report || std::any_of(m_parameters.begin(), m_parameters.end(), differs);
}

void Experiment::setImages(const ImageSurvey &images)
{
    m_images = images;
    for (Parameter *parameter : m_parameters)
        parameter->setImages(images);
}

std::optional<Conflict> Experiment::conflict() const
{
    for (const Rule &rule : m_rules)
        if (auto conflict = rule())
            return conflict;
    return check();
}

Parameter *Experiment::findParameter(std::string_view key) const
{
    return findIn(m_parameters, key, [](const ParameterInfo &info) { return info.key; });
}

std::vector<ChartInfo> Experiment::chartsFor(const RunSpec &spec) const
{
    std::vector<ChartInfo> charts;
    std::vector<std::string> facets; // in the order in which they come
    for (const Chart *declared : m_charts)
        for (ChartInfo &info : declared->infosFor(spec)) {
            if (std::find(facets.begin(), facets.end(), info.facet) == facets.end())
                facets.push_back(info.facet);
            charts.push_back(std::move(info));
        }
    std::stable_sort(charts.begin(), charts.end(), [&](const ChartInfo &a, const ChartInfo &b) {
        return std::find(facets.begin(), facets.end(), a.facet)
               < std::find(facets.begin(), facets.end(), b.facet);
    });
    return charts;
}

const FigureInfo *Experiment::findFigure(std::string_view key) const
{
    const Figure *figure = findIn(m_figures, key, [](const FigureInfo &info) { return info.key; });
    return figure ? &figure->info() : nullptr;
}

} // namespace losslab
