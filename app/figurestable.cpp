#include "app/figurestable.h"

#include "app/text.h"
#include "store/runfolder.h"

#include <fmt/format.h>

namespace losslab::app {

std::string figuresTable(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    if (data.figures().empty())
        return "No figures yet: no model has come to its end.\n";
    std::vector<std::vector<std::string>> rows{{"MODEL", "FIGURE", "VALUE", "PUBLISHED"}};
    for (const FigureData &figure : data.figures()) {
        const FigureInfo *info = experiment.findFigure(figure.figure);
        const Format format = info ? info->format : Format::Number;
        std::string value = numberText(figure.mean(), format);
        if (figure.deviation() > 0)
            value += " ± " + numberText(figure.deviation(), format);
        const Published *published = publishedValue(experiment, spec, figure.figure, figure.model);
        rows.push_back({figure.model, info ? info->label : figure.figure, value,
                        published ? numberText(published->value, format) : std::string()});
    }
    return alignedRows(rows);
}

} // namespace losslab::app
