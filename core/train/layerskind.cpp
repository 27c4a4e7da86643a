#include "train/layerskind.h"

#include "base/numbertext.h"
#include "lab/experiment.h"
#include "lab/runerror.h"
#include "train/imagetask.h"

#include <fmt/format.h>
#include <memory>

namespace losslab {

namespace {

Result<Architecture> built(std::string_view text, const NetworkTask &task, Activation activation)
{
    return readLayers(text, task).and_then([&](const std::vector<LayerWord> &words) {
        return networkOf(words, task, activation);
    });
}

} // namespace

std::string LayersKind::range() const
{
    return m_task.input.size() == 1 ? "widths of hidden layers, such as 10, 10"
                                    : "layers such as conv 10 4, pool 2, 50, dropout 0.25";
}

Result<std::string> LayersKind::written(std::string_view text) const
{
    if (!isKnown(m_task))
        return readLayers(text).map(layerText);
    return readLayers(text, m_task).and_then([this](const std::vector<LayerWord> &words) {
        return networkOf(words, m_task).map([&](const Architecture &) { return layerText(words); });
    });
}

std::shared_ptr<const ValueKind> LayersKind::forImages(const ImageSurvey &images) const
{
    return isOfImages(m_task) ? std::make_shared<LayersKind>(imageTask(images)) : nullptr;
}

std::optional<Value> LayersKind::take(const Value &value) const
{
    const bool isWidth = std::holds_alternative<std::int64_t>(value);
    return WrittenKind::take(isWidth ? Value(toText(value)) : value);
}

std::string LayersKind::words(const Value &value) const
{
    const std::string text = toText(value);
    return text.empty() ? "none" : text;
}

std::string LayersKind::note(std::string_view text) const
{
    if (!isKnown(m_task))
        return {};
    const Result<Architecture> network = built(text, m_task, Activation::Relu);
    return network ? fmt::format("{} parameters", countText(network->parameterCount())) : std::string();
}

Layers::Layers(Experiment *owner, std::string key, std::string label, const LayersOptions &options)
    : Parameter(owner, parameterInfo(std::move(key), std::move(label), options,
                                     std::make_shared<LayersKind>(options.task)))
{}

Architecture Layers::network(Activation activation) const
{
    return network(static_cast<const LayersKind &>(*info().kind).task(), activation);
}

Architecture Layers::network(const NetworkTask &task, Activation activation) const
{
    const Result<Architecture> network = built(text(), task, activation);
    if (!network)
        throw RunError(network.error());
    return *network;
}

} // namespace losslab
