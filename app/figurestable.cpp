#include "app/figurestable.h"

#include "app/text.h"
#include "lab/published.h"

namespace losslab::app {

namespace {

/// What the trainers say, a line each.
std::string remarksText(const RunData &data)
{
    std::string text;
    for (const std::string &sentence : data.remarkSentences())
        text += sentence + "\n";
    return text;
}

} // namespace

std::string figuresTable(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    if (data.figures().empty())
        return "No figures yet: no model has finished.\n" + remarksText(data);
    std::vector<std::vector<std::string>> rows{{"MODEL", "FIGURE", "VALUE", "PUBLISHED"}};
    for (const FigureData &figure : data.figures()) {
        const FigureInfo *info = experiment.findFigure(figure.figure);
        const Format format = info ? info->format : Format::Number;
        std::string value = figureText(figure.mean(), format);
        if (figure.deviation() > 0)
            value += " ± " + figureText(figure.deviation(), format);
        if (const std::string converged = data.remarks().convergence(figure.model);
            format == Format::Epochs && !converged.empty())
            value = converged;
        const PublishedFor published = publishedFor(experiment, spec, figure.figure, figure.model);
        rows.push_back({figure.model, info ? info->label : figure.figure, value,
                        published.holds() ? publishedText(*published.value, format) : std::string()});
    }
    std::string text = alignedRows(rows);
    for (const std::string &sentence :
         {publishedSource(experiment, spec, data), publishedNote(experiment, spec, data)})
        text += sentence.empty() ? "" : sentence + "\n";
    return text + remarksText(data);
}

} // namespace losslab::app
