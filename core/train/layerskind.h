#pragma once

#include "lab/experiment.h"
#include "nn/layertext.h"

namespace losslab {

/// The hidden layers of one network, see layertext.h. Values are texts, written as layerText() writes them.
/// Whether such a network can be is judged where its task is known.
class LayersKind final : public WrittenKind
{
public:
    explicit LayersKind(NetworkTask task) : m_task(std::move(task)) {}

    std::string_view name() const override { return "layers"; }
    std::string range() const override;
    /// A number is one layer's width, as earlier versions had it.
    std::optional<Value> take(const Value &value) const override;
    std::string words(const Value &value) const override;
    /// "397,510 parameters".
    std::string note(std::string_view text) const override;
    std::shared_ptr<const ValueKind> forImages(const ImageSurvey &images) const override;

    const NetworkTask &task() const { return m_task; }

private:
    Result<std::string> written(std::string_view text) const override;

    NetworkTask m_task;
};

struct LayersOptions
{
    std::string standard;
    NetworkTask task; ///< of the network; imageTask() where it is for images
    std::optional<std::string> quick = {};
    std::optional<std::string> slides = {};
    std::string help = {};
    std::string group = "Network";
    bool decides = true;
    std::optional<Condition> when = {};
};

/// A parameter that is a network's hidden layers.
class Layers final : public Parameter
{
public:
    Layers(Experiment *owner, std::string key, std::string label, const LayersOptions &options);

    /// The network for this task. Throws RunError where it cannot be.
    Architecture network(const NetworkTask &task, Activation activation = Activation::Relu) const;
    /// For the options' task, or the images chosen.
    Architecture network(Activation activation = Activation::Relu) const;
    std::string text() const { return std::get<std::string>(value()); }
};

} // namespace losslab
