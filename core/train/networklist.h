#pragma once

#include "lab/experiment.h"
#include "nn/layertext.h"

#include <optional>
#include <string>
#include <vector>

namespace losslab {

/// One of several networks that are trained side by side. What it does not say is the experiment's own.
struct NamedNetwork
{
    std::string name; ///< of its series, its files and its figures
    std::vector<LayerWord> layers;
    std::optional<double> learningRate = {};
    std::optional<double> weightDecay = {};
};

/// "deep: 5, 10, 10 | lr 0.001 | decay 0.0001; wide: 190": one network after the other, or the same as a list
/// in JSON, see NetworkListKind::json(). Usage error: a
/// sentence that names the network it is about.
/// `task`: see readLayers().
Result<std::vector<NamedNetwork>> readNetworks(std::string_view text, const NetworkTask *task = nullptr);

/// As it is best written.
std::string networksText(const std::vector<NamedNetwork> &networks);

/// A list of networks. Values are texts, as networksText() writes them. Whether such networks can be is
/// judged where their task is known.
class NetworkListKind final : public WrittenKind
{
public:
    explicit NetworkListKind(NetworkTask task) : m_task(std::move(task)) {}

    std::string_view name() const override { return "networks"; }
    std::string range() const override;
    /// "deep (5, 10, 10; rate 0.001), wide (190)"; of more than three "12 networks".
    std::string words(const Value &value) const override;
    /// "555 · 558 · 557 parameters, within 0.54 %".
    std::string note(std::string_view text) const override;
    /// [{"name": "deep", "layers": "5, 10, 10", "lr": 0.001, "decay": 0.0001}, …].
    std::string json(const Value &value) const override;
    std::string others() const override { return "other networks"; }
    std::shared_ptr<const ValueKind> forImages(const ImageSurvey &images) const override;

    /// Of one network, by its layers and what follows them; nothing where it cannot be, or its task is not
    /// known.
    std::optional<std::int64_t> parameterCount(std::string_view layers) const;

private:
    Result<std::string> written(std::string_view text) const override;
    Result<std::vector<NamedNetwork>> networksIn(std::string_view text) const;

    NetworkTask m_task;
};

struct NetworkListOptions
{
    std::string standard;
    NetworkTask task; ///< of the networks; imageTask() where they are for images
    std::optional<std::string> quick = {};
    std::optional<std::string> slides = {};
    std::string help = {};
    std::string group = "Network";
    bool decides = true;
    std::optional<Condition> when = {};
};

/// A parameter that is a list of networks.
class NetworkList final : public Parameter
{
public:
    NetworkList(Experiment *owner, std::string key, std::string label, const NetworkListOptions &options);

    std::vector<NamedNetwork> networks() const;
    /// Of a spec, for what is drawn of it.
    std::vector<NamedNetwork> in(const RunSpec &spec) const;
    /// One of them, for this task. Throws RunError where it cannot be.
    static Architecture built(const NamedNetwork &network, const NetworkTask &task, Activation activation);
};

} // namespace losslab
