#include "app/figurestable.h"

#include "app/text.h"
#include "store/runfolder.h"

#include <algorithm>
#include <set>

namespace losslab::app {

namespace {

/// Whether the settings are those of the report preset, but for the parameters that published values tell
/// apart.
bool isPublishedSetting(const Experiment &experiment, const RunSpec &spec)
{
    std::set<std::string> toldApart;
    for (const Figure *figure : experiment.figures())
        for (const Published &published : figure->info().published)
            toldApart.insert(published.parameter);
    const auto asPublished = [&](const Parameter *parameter) {
        const ParameterInfo &info = parameter->info();
        const Value *value = spec.find(info.key);
        return !value || *value == info.report || toldApart.contains(info.key);
    };
    return std::all_of(experiment.parameters().begin(), experiment.parameters().end(), asPublished);
}

} // namespace

std::string figuresTable(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    if (data.figures().empty())
        return "No figures yet: no model has come to its end.\n";
    std::vector<std::vector<std::string>> rows{{"MODEL", "FIGURE", "VALUE", "PUBLISHED"}};
    bool anyPublished = false;
    for (const FigureData &figure : data.figures()) {
        const FigureInfo *info = experiment.findFigure(figure.figure);
        const Format format = info ? info->format : Format::Number;
        std::string value = figureText(figure.mean(), format);
        if (figure.deviation() > 0)
            value += " ± " + figureText(figure.deviation(), format);
        const Published *published = publishedValue(experiment, spec, figure.figure, figure.model);
        rows.push_back({figure.model, info ? info->label : figure.figure, value,
                        published ? publishedText(*published, format) : std::string()});
        anyPublished = anyPublished || published;
    }
    std::string table = alignedRows(rows);
    if (anyPublished && !isPublishedSetting(experiment, spec))
        table += "Published values hold for the report preset; this run has other settings.\n";
    return table;
}

} // namespace losslab::app
