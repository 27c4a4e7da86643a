#include "app/figurestable.h"

#include "app/text.h"
#include "store/runfolder.h"

namespace losslab::app {

std::string figuresTable(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    if (data.figures().empty())
        return "No figures yet: no model has come to its end.\n";
    std::vector<std::vector<std::string>> rows{{"MODEL", "FIGURE", "VALUE", "PUBLISHED"}};
    for (const FigureData &figure : data.figures()) {
        const FigureInfo *info = experiment.findFigure(figure.figure);
        const Format format = info ? info->format : Format::Number;
        std::string value = figureText(figure.mean(), format);
        if (figure.deviation() > 0)
            value += " ± " + figureText(figure.deviation(), format);
        const Published *published = publishedValue(experiment, spec, figure.figure, figure.model);
        rows.push_back({figure.model, info ? info->label : figure.figure, value,
                        published ? publishedText(*published, format) : std::string()});
    }
    const std::string note = publishedNote(experiment, spec, data);
    return alignedRows(rows) + (note.empty() ? "" : note + "\n");
}

} // namespace losslab::app
