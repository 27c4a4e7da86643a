#pragma once

#include "experiments/choices.h"
#include "experiments/targetchoice.h"
#include "nn/engine.h"
#include "train/layerskind.h"
#include "train/samples.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// What the networks of an experiment learn: a function of one variable, or the images of the data set
/// chosen. Each has fields of its own for its data, for the layers of its networks, and for how long and by
/// what batches these are trained; those of the other one neither show nor count. The experiment's info says
/// needsImages, and imagesWhen = TaskChoice::onImages(). A member of the experiment, which it registers its
/// parameters with.
class TaskChoice
{
public:
    enum class Learns {
        Function,
        Images,
    };

    static Condition onFunction() { return {"learns", {"function"}}; }
    static Condition onImages() { return {"learns", {"images"}}; }

    /// What one task has as standard.
    struct Own
    {
        std::string layers;
        std::int64_t epochs = 1;
        std::optional<std::int64_t> quickEpochs = {};
        std::int64_t batchSize = 0; ///< 0: all samples
    };
    struct Standards
    {
        Learns learns = Learns::Function; ///< its keys are "hidden", "epochs" and "batch"
        std::optional<Learns> slides = {};
        Own function = {};
        Own images = {};
        std::string epochsLabel = "Training";
        std::string epochsHelp = {};
        std::int64_t mostEpochs = 10000;
    };

    TaskChoice(Experiment *owner, const Standards &standards);

    bool ofImages() const { return m_learns.is("images"); }
    /// Loss as the title of an axis: "Cross entropy" or "Mean squared error".
    std::string lossTitle(const RunSpec &spec) const;

    /// Throws RunError where it cannot be.
    Architecture network(Activation activation) const { return own().layers.network(activation); }
    std::int64_t epochs() const { return own().epochs; }
    /// Of a step; 0: all samples.
    std::int64_t batchSize() const { return own().batchSize; }
    /// Bytes that training such a network takes on the CPU, roughly.
    double bytes(const Architecture &network, Precision precision = Precision::Full) const;

    struct Data
    {
        Samples training;
        std::optional<Samples> test = {}; ///< of images
        int classes = 0;                  ///< of images
    };
    /// On the run's device. Throws RunError where a function has no value, or data are missing or damaged.
    Data data(const Run &run) const;

    /// Of the task that is chosen: the key of its "hidden", "epochs" or "batch".
    std::string key(std::string_view of) const;
    /// What a network's size depends on.
    std::vector<std::string> sizeKeys() const;

    /// Gives a function that has a name that name.
    void normalize() { m_target.normalize(); }

private:
    /// Settings that each task has for itself.
    struct Settings
    {
        Settings(Experiment *owner, const std::string &prefix, Learns learns, const Standards &standards);
        Layers layers;
        Int epochs;
        Int batchSize;
    };

    std::string prefix(Learns learns) const;
    const Settings &own() const { return ofImages() ? m_images : m_function; }

    const Experiment *m_experiment;
    Learns m_standard;
    Choice m_learns;
    TargetChoice m_target;
    PixelsChoice m_pixels;
    Settings m_function;
    Settings m_images;
};

} // namespace losslab
