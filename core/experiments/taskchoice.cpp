#include "experiments/taskchoice.h"

#include "lab/runspec.h"
#include "nn/network.h"
#include "train/footprint.h"
#include "train/images.h"
namespace losslab {

namespace {

using Learns = TaskChoice::Learns;

std::string name(Learns learns)
{
    return learns == Learns::Images ? "images" : "function";
}

} // namespace

TaskChoice::Settings::Settings(Experiment *owner, const std::string &prefix, Learns learns,
                               const Standards &standards)
    : layers(owner, prefix + "hidden", "Hidden layers",
             {.standard = learns == Learns::Images ? standards.images.layers : standards.function.layers,
              .task = learns == Learns::Images ? imageTask() : functionTask(),
              .help = learns == Learns::Images ? "" : "Their widths, such as 20, 20.",
              .when = learns == Learns::Images ? onImages() : onFunction()}),
      epochs(
          owner, prefix + "epochs", standards.epochsLabel,
          {.standard = learns == Learns::Images ? standards.images.epochs : standards.function.epochs,
           .min = 1,
           .max = standards.mostEpochs,
           .unit = "epochs",
           .quick = learns == Learns::Images ? standards.images.quickEpochs : standards.function.quickEpochs,
           .help = standards.epochsHelp,
           .when = learns == Learns::Images ? onImages() : onFunction()}),
      batchSize(
          owner, prefix + "batch", "Batch size",
          {.standard = learns == Learns::Images ? standards.images.batchSize : standards.function.batchSize,
           .max = learns == Learns::Images ? 60000 : static_cast<std::int64_t>(mostPoints),
           .unit = learns == Learns::Images ? "images" : "samples",
           .zero = "all",
           .help = "Of a step, in a new order every epoch; all: in their own.",
           .when = learns == Learns::Images ? onImages() : onFunction()})
{}

TaskChoice::TaskChoice(Experiment *owner, const Standards &standards)
    : m_experiment(owner),
      m_standard(standards.learns),
      m_learns(owner, "learns", "Networks learn",
               {.standard = name(standards.learns),
                .options = {{"function", "a function"}, {"images", "images"}},
                .slides = name(standards.slides.value_or(standards.learns)),
                .help = "A function of one variable, with the mean squared error as loss, or the images of a "
                        "data set, with cross entropy. Each has its own layers, epochs and batch size.",
                .group = "Data"}),
      m_target(owner, {.when = onFunction()}),
      m_pixels(owner, onImages()),
      m_function(owner, prefix(Learns::Function), Learns::Function, standards),
      m_images(owner, prefix(Learns::Images), Learns::Images, standards)
{}

std::string TaskChoice::prefix(Learns learns) const
{
    return learns == m_standard ? "" : learns == Learns::Images ? "image-" : "function-";
}

std::string TaskChoice::key(std::string_view of) const
{
    return prefix(ofImages() ? Learns::Images : Learns::Function) + std::string(of);
}

std::vector<std::string> TaskChoice::sizeKeys() const
{
    return {"learns", m_function.layers.info().key, m_images.layers.info().key};
}

std::string TaskChoice::lossTitle(const RunSpec &spec) const
{
    return m_learns.in(spec) == name(Learns::Images) ? "Cross entropy" : "Mean squared error";
}

double TaskChoice::bytes(const Architecture &network, Precision precision) const
{
    const std::int64_t images = m_experiment->images().trainingImages; // 0: not known
    const std::int64_t samples = ofImages() ? images : m_target.count();
    const std::int64_t batch =
        batchSize() == 0 || (samples > 0 && samples < batchSize()) ? samples : batchSize();
    return trainingBytes(network, ofImages() ? Loss::CrossEntropy : Loss::MeanSquaredError, batch,
                         {.precision = precision});
}

TaskChoice::Data TaskChoice::data(const Run &run) const
{
    if (ofImages()) {
        Images images = imagesOf(run, m_pixels);
        const int classes = images.classes();
        return {std::move(images.training), std::move(images.test), classes};
    }
    const TargetSamples target = m_target.sampled(run);
    return {functionSamples(target.x, target.y, torchDevice(run.device()))};
}

} // namespace losslab
