#include "app/figurestable.h"

#include "app/text.h"
#include "lab/valuetext.h"
#include "runs/published.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace losslab::app {

namespace {

/// What the charts and the trainers say, a line each. Charts that say the same say it together.
std::string remarksText(const RunData &data)
{
    std::vector<std::pair<std::string, std::vector<std::string>>> titlesByAnnotation;
    for (const ChartData &chart : data.charts()) {
        if (chart.annotation.empty())
            continue;
        auto said = std::find_if(titlesByAnnotation.begin(), titlesByAnnotation.end(),
                                 [&](const auto &known) { return known.first == chart.annotation; });
        if (said == titlesByAnnotation.end())
            said = titlesByAnnotation.insert(said, {chart.annotation, {}});
        said->second.push_back(chart.info.title);
    }
    std::string text;
    for (const auto &[annotation, titles] : titlesByAnnotation)
        text += fmt::format("{}: {}.\n", fmt::join(titles, ", "), annotation);
    for (const std::string &sentence : data.remarkSentences())
        text += sentence + "\n";
    return text;
}

/// What the columns have of several seeds.
std::string summaryNote(Spread spread, const RunData &data)
{
    std::size_t seeds = 0;
    for (const FigureData &figure : data.figures())
        seeds = std::max(seeds, figure.summary().count);
    if (seeds < 2)
        return {};
    return spread == Spread::Mean ? fmt::format("Over {} seeds: mean ± standard deviation.\n", seeds)
                                  : fmt::format("Over {} seeds: median (minimum – maximum).\n", seeds);
}

} // namespace

std::string figuresTable(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    if (const std::string why = data.whyNoFigures(data.state()); !why.empty())
        return why + '\n' + remarksText(data);
    std::vector<std::vector<std::string>> rows{{"MODEL", "FIGURE", "VALUE", "PUBLISHED"}};
    for (const FigureData &figure : data.figures()) {
        const FigureInfo *info = experiment.findFigure(figure.figure);
        const Format format = info ? info->format : Format::Number;
        const auto text = [format](double number) { return figureText(number, format); };
        std::string value = summaryText(figure.summary(), experiment.spread(spec), text);
        if (const std::string converged = data.remarks().convergence(figure.model);
            format == Format::Epochs && !converged.empty())
            value = converged;
        const PublishedFor published = publishedFor(experiment, spec, figure.figure, figure.model);
        rows.push_back({figure.model, info ? info->label : figure.figure, value,
                        published.holds() ? publishedText(*published.value, format) : std::string()});
    }
    std::string text = alignedRows(rows);
    if (spec.repeats > 1)
        text += summaryNote(experiment.spread(spec), data);
    for (const std::string &sentence :
         {publishedSource(experiment, spec, data), publishedNote(experiment, spec, data)})
        text += sentence.empty() ? "" : sentence + "\n";
    return text + remarksText(data);
}

} // namespace losslab::app
