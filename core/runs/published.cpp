#include "runs/published.h"

#include "data/mnist.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace losslab {

namespace {

bool decides(const ParameterInfo &parameter, const FigureInfo &figure)
{
    if (!figure.decidedBy)
        return parameter.decides;
    return std::find(figure.decidedBy->begin(), figure.decidedBy->end(), parameter.key)
           != figure.decidedBy->end();
}

/// The values of a parameter that a published value holds for, as text.
std::vector<std::string> valuesFor(const Published &published, const ParameterInfo &parameter)
{
    for (const Condition &condition : published.where)
        if (condition.parameter == parameter.key)
            return condition.values;
    return {toText(parameter.report)};
}

/// What of the run is not as it was where the value was found; empty where all is.
std::vector<std::string> differences(const Experiment &experiment, const RunSpec &spec,
                                     const FigureInfo &figure, const Published &published)
{
    std::vector<std::string> different;
    if (experiment.needsImages(spec) && !isMnist(spec.data))
        different.push_back(fmt::format("data {} instead of mnist", dataName(spec.data)));
    for (const Parameter *parameter : experiment.parameters()) {
        const ParameterInfo &info = parameter->info();
        if (!decides(info, figure) || !applies(info, spec, experiment))
            continue;
        const Value &value = parameter->valueIn(spec);
        std::vector<std::string> wanted = valuesFor(published, info);
        if (std::find(wanted.begin(), wanted.end(), toText(value)) != wanted.end())
            continue;
        for (std::string &text : wanted)
            if (const Result<Value> declared = info.parse(text))
                text = info.kind->words(*declared);
        constexpr std::size_t mostToRead = 100; // bytes
        std::string text = fmt::format("{} instead of {}", info.phrase(value), fmt::join(wanted, " or "));
        if (text.size() > mostToRead && !info.kind->others().empty())
            text = info.kind->others();
        different.push_back(std::move(text));
    }
    return different;
}

} // namespace

PublishedFor publishedFor(const Experiment &experiment, const RunSpec &spec, const std::string &figure,
                          const std::string &model)
{
    const FigureInfo *info = experiment.findFigure(figure);
    PublishedFor nearest;
    if (!info)
        return nearest;
    std::vector<std::string> fewest;
    for (const Published &published : info->published) {
        if (published.model != model)
            continue;
        std::vector<std::string> different = differences(experiment, spec, *info, published);
        if (nearest.value && different.size() >= fewest.size())
            continue;
        nearest.value = &published;
        fewest = std::move(different);
    }
    nearest.unlike = fmt::format("{}", fmt::join(fewest, ", "));
    return nearest;
}

std::string publishedNote(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    std::vector<std::pair<std::string, std::vector<std::string>>> figuresByReason;
    for (const Figure *figure : experiment.figures())
        for (const FigureData &told : data.figures()) {
            if (told.figure != figure->info().key)
                continue;
            const PublishedFor published = publishedFor(experiment, spec, told.figure, told.model);
            if (!published.value || published.holds())
                continue;
            auto reason = std::find_if(figuresByReason.begin(), figuresByReason.end(),
                                       [&](const auto &known) { return known.first == published.unlike; });
            if (reason == figuresByReason.end())
                reason = figuresByReason.insert(figuresByReason.end(), {published.unlike, {}});
            std::vector<std::string> &labels = reason->second;
            if (labels.empty() || labels.back() != figure->info().label)
                labels.push_back(figure->info().label);
        }
    std::vector<std::string> sentences;
    sentences.reserve(figuresByReason.size());
    for (const auto &[reason, labels] : figuresByReason)
        sentences.push_back(
            fmt::format("Published values are not shown for “{}”: {}.", fmt::join(labels, "”, “"), reason));
    return fmt::format("{}", fmt::join(sentences, "\n"));
}

std::string publishedSource(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    std::vector<std::string> sources;
    for (const FigureData &figure : data.figures()) {
        const PublishedFor published = publishedFor(experiment, spec, figure.figure, figure.model);
        if (!published.holds())
            continue;
        std::string source = experiment.info().source.text;
        if (const auto &its = published.value->source)
            source = fmt::format("“{}” is of {}", experiment.findFigure(figure.figure)->label, its->text);
        if (std::find(sources.begin(), sources.end(), source) == sources.end())
            sources.push_back(std::move(source));
    }
    return sources.empty() ? std::string() : fmt::format("Published: {}.", fmt::join(sources, "; "));
}

} // namespace losslab
