// Whether training on a device gives what it gives on the CPU: every architecture of the experiments is
// trained for 20 steps on both, from one start and on the same batches, and the parameters are compared.
//
//     losslab_parity cpu|cuda
//
// A JSON array on standard output, an entry a training: its name, its number of parameters, and ‖θ - θ_cpu‖₂
// over ‖θ_cpu‖₂, the difference. Exit code: 0 where each difference is 1e-4 at most, 1 where one is not, 2
// for wrong use, 3 where the images or the device are missing.

#include "base/device.h"
#include "base/platform.h"
#include "data/dataset.h"
#include "data/targets.h"
#include "tests/networks.h"
#include "tests/stage.h"
#include "train/trainer.h"

#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace losslab;

namespace {

constexpr double tolerance = 1e-4;
constexpr std::int64_t steps = 20;
constexpr std::int64_t batches = 10; ///< an epoch of images
constexpr std::int64_t batchSize = 100;

struct TrainingCase
{
    std::string name;
    Architecture architecture;
    std::function<Samples(at::Device)> samples;
    TrainerOptions options;
    std::int64_t epochs;
};

/// An epoch is a step.
TrainingCase regression(std::string name, const std::vector<std::int64_t> &widths, std::size_t points,
                        at::ScalarType type, const TrainerOptions &options)
{
    const auto samples = [=](at::Device device) {
        const TargetSamples target = sample(Target::Sinc, points);
        return functionSamples(target.x, target.y, device, type);
    };
    return {std::move(name), mlp(widths), samples, options, steps};
}

std::vector<TrainingCase> regressions()
{
    const auto fit = [](const char *model, const std::vector<std::int64_t> &widths, double rate) {
        return regression(fmt::format("function-fit, {}", model), widths, 400, at::kFloat,
                          {.optimizer = {.learningRate = rate, .weightDecay = 1e-4}});
    };
    return {
        fit("deep", {1, 5, 10, 10, 10, 10, 9, 5, 1}, 1e-3),
        fit("middle", {1, 5, 12, 15, 10, 10, 1}, 5e-3),
        fit("shallow", {1, 26, 18, 1}, 3e-3),
        regression("gradient-norm", {1, 400, 1}, 300, at::kFloat,
                   {.optimizer = {.weightDecay = 1e-4}, .gradientNorm = true}),
        regression("gradient-zero, on the loss", {1, 400, 1}, 300, at::kDouble,
                   {.optimizer = {.learningRate = 4e-4}}),
        regression("gradient-zero, on the norm", {1, 400, 1}, 300, at::kDouble,
                   {.optimizer = {.learningRate = 4e-4}, .objective = Objective::GradientNorm}),
    };
}

/// Without its dropout, whose masks on a GPU come from its own generator.
Architecture withoutDropout(Architecture architecture)
{
    for (Layer &layer : architecture.layers)
        if (std::holds_alternative<Dropout>(layer))
            layer = Dropout{0};
    return architecture;
}

/// At one small rate for all: Adam's first steps are as long for a gradient of rounding errors as for any
/// other, and at the experiments' rates such steps alone can come to more than the tolerance.
std::vector<TrainingCase> classifiers(const Dataset &images)
{
    const TrainerOptions options{.optimizer = {.learningRate = 1e-4, .weightDecay = 1e-4},
                                 .batchSize = batchSize};
    const auto classifier = [&](std::string name, Architecture architecture) {
        const auto samples = [train = &images.train](at::Device device) {
            return imageSamples(*train, device).head(batches * batchSize);
        };
        return TrainingCase{std::move(name), std::move(architecture), samples, options, steps / batches};
    };
    return {
        classifier("cnn-mnist, cnn1 without dropout", withoutDropout(test::cnn1())),
        classifier("cnn-mnist, cnn2", test::cnn2()),
        classifier("cnn-mnist, cnn3", test::cnn3()),
        classifier("weight-pca", mlp({784, 500, 50, 10})),
        classifier("random-labels", mlp({784, 256, 256, 256, 10})),
        classifier("capacity, h100", mlp({784, 100, 10})),
        classifier("capacity, h1000", mlp({784, 1000, 10})),
        classifier("interpolation and sensitivity", mlp({784, 500, 10})),
    };
}

/// The parameters [P] at the end, on the CPU.
at::Tensor trained(const TrainingCase &training, Device device)
{
    test::Stage stage({.device = device, .threads = platform::cpuCount()});
    Trainer trainer(stage.run.task(), training.architecture, training.samples(torchDevice(device)),
                    training.options);
    for (std::int64_t epoch = 0; epoch < training.epochs; ++epoch)
        trainer.epoch();
    return trainer.network().parameters().to(at::kCPU);
}

double difference(const TrainingCase &training, Device device)
{
    const at::Tensor reference = trained(training, Device::Cpu);
    return ((trained(training, device) - reference).norm() / reference.norm()).item<double>();
}

int fail(const Error &error)
{
    std::fprintf(stderr, "%s\n", error.message.c_str());
    return 3;
}

} // namespace

int main(int argc, char **argv)
{
    const auto named = argc == 2 ? deviceFromName(argv[1]) : usageError("losslab_parity takes cpu or cuda.");
    if (!named) {
        std::fprintf(stderr, "%s\n", named.error().message.c_str());
        return 2;
    }
    const auto device = resolveDevice(*named);
    const auto images = loadDataset("mnist");
    if (!device || !images)
        return fail(device ? images.error() : device.error());

    std::vector<TrainingCase> trainings = regressions();
    for (TrainingCase &training : classifiers(**images))
        trainings.push_back(std::move(training));
    nlohmann::json results = nlohmann::json::array();
    bool same = true;
    for (const TrainingCase &training : trainings) {
        const double found = difference(training, *device);
        same = same && found <= tolerance; // false for a difference that is no number
        results.push_back({{"training", training.name},
                           {"parameters", training.architecture.parameterCount()},
                           {"difference", found}});
    }
    std::printf("%s\n", results.dump(2).c_str());
    return same ? 0 : 1;
}
