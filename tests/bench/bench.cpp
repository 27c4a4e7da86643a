// How long the parts take that training and run folders are made of. A row names the experiment and the piece
// of its work, with the reference's networks and settings; --benchmark_filter=REGEX chooses rows.

#include "analysis/hessian.h"
#include "base/device.h"
#include "base/platform.h"
#include "data/dataset.h"
#include "data/targets.h"
#include "experiments/registry.h"
#include "lab/rundata.h"
#include "lab/runspec.h"
#include "library/runfilter.h"
#include "library/runindex.h"
#include "nn/tensoroptimizer.h"
#include "runs/csv.h"
#include "runs/journalreader.h"
#include "runs/journalwriter.h"
#include "runs/runjson.h"
#include "runs/runner.h"
#include "tests/networks.h"
#include "tests/stage.h"
#include "train/trainer.h"

#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <functional>
#include <unistd.h>

using namespace losslab;
using test::Stage;
namespace fs = std::filesystem;

namespace {

constexpr int pointCount = 100000;
constexpr int runCount = 10000;

void train(benchmark::State &state, int threads, const Architecture &architecture, const Samples &samples,
           const TrainerOptions &options)
{
    Stage stage({.threads = threads});
    Trainer trainer(stage.run.task(), architecture, samples, options);
    for (auto _ : state)
        benchmark::DoNotOptimize(trainer.epoch());
}

/// The whole function in one batch, on one core: an epoch is a step.
void addRegression(const std::string &name, const std::vector<std::int64_t> &widths, std::size_t points,
                   const TrainerOptions &options, at::ScalarType type = at::kFloat)
{
    const TargetSamples target = sample(Target::Sinc, points);
    const Samples samples = functionSamples(target.x, target.y, at::kCPU, type);
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State &state) {
        train(state, 1, mlp(widths), samples, options);
    })->Unit(benchmark::kMicrosecond);
}

/// At 1,201 parameters, after some epochs of training: second derivatives, then all their eigenvalues.
void addHessian()
{
    const TargetSamples target = sample(Target::Sinc, 300);
    const Samples samples = functionSamples(target.x, target.y, at::kCPU, at::kDouble);
    const auto trained = [=](Stage &stage) {
        Trainer trainer(stage.run.task(), mlp({1, 400, 1}), samples, {.optimizer = {.learningRate = 4e-4}});
        for (int epoch = 0; epoch < 50; ++epoch)
            trainer.epoch();
        return trainer.network().parameters();
    };
    const auto hessianAt = [=](const at::Tensor &parameters) {
        return hessian(mlp({1, 400, 1}), samples.loss, parameters, samples.slice(0, samples.count()));
    };
    const auto add = [&](const std::string &name, const std::function<void(benchmark::State &)> &run) {
        benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond)->UseRealTime();
    };
    add("gradient-zero, a Hessian", [=](benchmark::State &state) {
        Stage stage;
        const at::Tensor parameters = trained(stage);
        for (auto _ : state)
            benchmark::DoNotOptimize(hessianAt(parameters));
    });
    add("gradient-zero, a spectrum", [=](benchmark::State &state) {
        Stage stage;
        const Matrix matrix = hessianAt(trained(stage));
        for (auto _ : state)
            benchmark::DoNotOptimize(eigenvalues(matrix));
    });
}

/// An epoch over the images, in batches of this size, on all cores.
void addClassifier(const std::string &name, const Architecture &architecture, const Samples &images,
                   std::int64_t batch, Precision precision = Precision::Full)
{
    const TrainerOptions options{
        .optimizer = {.weightDecay = 1e-4}, .batchSize = batch, .precision = precision};
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State &state) {
        train(state, platform::cpuCount(), architecture, images, options);
    })->Unit(benchmark::kMillisecond);
}

void addTrainings(const Dataset &mnist)
{
    const auto adam = [](double learningRate, double weightDecay) {
        return TrainerOptions{.optimizer = {.learningRate = learningRate, .weightDecay = weightDecay}};
    };
    addRegression("function-fit, a step: deep", {1, 5, 10, 10, 10, 10, 9, 5, 1}, 400, adam(1e-3, 1e-4));
    addRegression("function-fit, a step: middle", {1, 5, 12, 15, 10, 10, 1}, 400, adam(5e-3, 1.5e-4));
    addRegression("function-fit, a step: shallow", {1, 26, 18, 1}, 400, adam(3e-3, 1.5e-4));
    TrainerOptions withNorm = adam(1e-3, 1e-4), onTheNorm = adam(4e-4, 0);
    withNorm.gradientNorm = true;
    onTheNorm.objective = Objective::GradientNorm;
    addRegression("gradient-norm, a step", {1, 400, 1}, 300, withNorm);
    addRegression("gradient-zero, a step on the loss", {1, 400, 1}, 300, adam(4e-4, 0), at::kDouble);
    addRegression("gradient-zero, a step on the norm", {1, 400, 1}, 300, onTheNorm, at::kDouble);
    addHessian();

    const Samples images = imageSamples(mnist.train, at::kCPU);
    for (const auto &[precision, name] :
         {std::pair(Precision::Full, "float32"), std::pair(Precision::BFloat16, "bfloat16")})
    {
        const auto addDense = [&, precision = precision, name = name](const std::string &widths,
                                                                      const Architecture &architecture,
                                                                      std::int64_t batch) {
            addClassifier(fmt::format("{}, an epoch of 6,000 images at batch {}, {}", widths, batch, name),
                          architecture, images.head(6000), batch, precision);
        };
        addDense("784-500-10", mlp({784, 500, 10}), 64);
        addDense("784-500-10", mlp({784, 500, 10}), 1024);
        addDense("784-1000-10", mlp({784, 1000, 10}), 500);
        addDense("784-500-50-10", mlp({784, 500, 50, 10}), 1000);
        addDense("784-256-256-256-10", mlp({784, 256, 256, 256, 10}), 200);
    }
    addClassifier("cnn-mnist, an epoch of 12,000 images: cnn1", test::cnn1(), images.head(12000), 500);
    addClassifier("cnn-mnist, an epoch of 12,000 images: cnn2", test::cnn2(), images.head(12000), 500);
    addClassifier("cnn-mnist, an epoch of 12,000 images: cnn3", test::cnn3(), images.head(12000), 500);
}

void adamStep(benchmark::State &state)
{
    setThreads(platform::cpuCount());
    const at::Tensor parameters = at::randn({400000}), gradient = at::randn({400000});
    TensorOptimizer adam(parameters, {.weightDecay = 1e-4});
    for (auto _ : state)
        adam.step(parameters, gradient);
}

/// What the times of dense networks are held against.
void matrixProduct(benchmark::State &state)
{
    setThreads(platform::cpuCount());
    constexpr std::int64_t size = 1024;
    const at::Tensor a = at::randn({size, size}), b = at::randn({size, size});
    at::Tensor product = at::empty({size, size});
    const auto start = std::chrono::steady_clock::now();
    for (auto _ : state)
        at::mm_out(product, a, b);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    state.counters["GFLOP/s"] = 2e-9 * size * size * size * double(state.iterations()) / taken.count();
}

/// Of all threads of this process.
double processSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string journalText()
{
    JournalWriter writer;
    std::string text;
    for (int epoch = 1; epoch <= pointCount; ++epoch)
        writer.write(PointEvent{"loss", "deep", 0, static_cast<double>(epoch), 1.0 / epoch}, "deep", text);
    return text;
}

void journalWrite(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(journalText());
}

void journalRead(benchmark::State &state, const fs::path &file)
{
    for (auto _ : state) {
        double sum = 0;
        const auto read = readJournal(
            file, {}, [&](const JournalEntry &entry) { sum += std::get<PointEvent>(*entry.event).y; });
        if (!read || sum == 0)
            state.SkipWithError("the journal could not be read");
    }
}

/// A run with so many networks of 335,114 parameters, on the first images alone, and what its checkpoints
/// took of the processors' time that the run took.
void checkpoints(benchmark::State &state, const fs::path &folder, const std::string &shares)
{
    const auto experiment = std::move(*makeExperiment("random-labels"));
    RunSpec spec = makeSpec(*experiment, Preset::Report);
    for (const auto &[key, value] : {std::pair<const char *, Value>("images", std::int64_t{3000}),
                                     {"epochs", std::int64_t{shares.empty() ? 600 : 80}},
                                     {"shares", shares}})
        *spec.find(key) = value;
    spec.device = Device::Cpu;
    double kept = 0, all = 0;
    int runs = 0;
    for (auto _ : state) {
        const double before = processSeconds();
        auto runner = Runner::start(
            spec, {.folder = folder / fmt::format("{}-{}", shares.empty() ? "one" : "ten", ++runs)});
        if (!runner)
            return state.SkipWithError(runner.error().message.c_str());
        while (!(*runner)->ended())
            (void)(*runner)->waitTake(std::chrono::milliseconds(200));
        kept += (*runner)->checkpointSeconds();
        all += processSeconds() - before;
    }
    state.counters["share in %"] = 100 * kept / all;
}

/// Folders of runs that have ended, each with its own learning rate and figures.
Result<void> makeRuns(const fs::path &folder, int count)
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    RunSpec spec = makeSpec(*experiment, Preset::Report);
    for (int i = 0; i < count; ++i) {
        *spec.find("lr") = (1 + i % 100) / 1e4;
        RunFacts facts;
        facts.started = fmt::format("2026-{:02}-{:02}T{:02}:{:02}:00Z", 1 + i / 900, 1 + i / 30 % 28,
                                    i / 60 % 24, i % 60);
        RunData data(*experiment, spec);
        for (const Figure *figure : experiment->figures())
            data.apply(FigureEvent{"model", figure->info().key, 0, 1.0 / (1 + i)});
        const fs::path run = folder / fmt::format("run-{}", i);
        const auto made =
            platform::makeFolder(run)
                .and_then([&] {
                    return platform::writeFileAtomically(run / "run.json",
                                                         runJson(spec, facts, {RunState::Finished, {}}));
                })
                .and_then([&] {
                    return platform::writeFileAtomically(
                        run / "summary.json", summaryJson(*experiment, spec, data, RunState::Finished));
                });
        if (!made)
            return made;
    }
    return {};
}

/// The runs that the library's rows look at; made when the first of them is timed.
const fs::path &manyRuns(const fs::path &folder)
{
    static const fs::path runs = [&] {
        const fs::path made = folder / "library";
        return makeRuns(made, runCount) ? made : fs::path();
    }();
    return runs;
}

void libraryRead(benchmark::State &state, const fs::path &folder)
{
    const fs::path &runs = manyRuns(folder);
    for (auto _ : state) {
        (void)platform::removeFile(folder / "cache");
        RunIndex index(runs, folder / "cache");
        index.refresh();
        if (index.readLast() != std::size_t{runCount})
            state.SkipWithError("not all runs were read");
    }
}

void libraryOpen(benchmark::State &state, const fs::path &folder)
{
    RunIndex(manyRuns(folder), folder / "cache").refresh();
    for (auto _ : state) {
        RunIndex index(manyRuns(folder), folder / "cache");
        index.refresh();
        if (index.entries().size() != std::size_t{runCount} || index.readLast() > 0)
            state.SkipWithError("runs were read again");
    }
}

void libraryFilter(benchmark::State &state, const fs::path &folder, const char *filter)
{
    RunIndex index(manyRuns(folder), folder / "cache");
    index.refresh();
    for (auto _ : state) {
        const auto parsed = RunFilter::parse(filter);
        const auto found = std::count_if(index.entries().begin(), index.entries().end(),
                                         [&](const RunEntry &entry) { return parsed->matches(entry); });
        if (found == 0)
            state.SkipWithError("no run was found");
    }
}

void csvWrite(benchmark::State &state, const fs::path &folder)
{
    ChartData chart{"loss", {{"deep", {{}}}}, 0};
    for (int epoch = 1; epoch <= pointCount; ++epoch) {
        chart.series[0].repeats[0].x.push_back(epoch);
        chart.series[0].repeats[0].y.push_back(1.0 / epoch);
    }
    for (auto _ : state)
        if (!writeChartCsv(chart, {}, folder / "loss.csv"))
            state.SkipWithError("the CSV file could not be written");
}

void addParts(const fs::path &folder)
{
    const auto add = [](const char *name, const std::function<void(benchmark::State &)> &run) {
        return benchmark::RegisterBenchmark(name, run)->Unit(benchmark::kMillisecond);
    };
    add("Adam, a step of 400,000 parameters", adamStep)->Unit(benchmark::kMicrosecond);
    add("sgemm, 1024 x 1024 x 1024", matrixProduct);
    add("journal, 100,000 points written", journalWrite);
    add("journal, 100,000 points read",
        [=](benchmark::State &state) { journalRead(state, folder / "metrics.jsonl"); });
    for (const auto &[name, shares] : {std::pair("checkpoints of a run of one network", ""),
                                       {"checkpoints of a run of ten networks", "0..90 step 10"}})
        add(name, [=](benchmark::State &state) { checkpoints(state, folder, shares); })->Iterations(1);
    add("library, 10,000 runs read for the first time", [=](benchmark::State &state) {
        libraryRead(state, folder);
    })->Iterations(1);
    add("library, 10,000 runs opened", [=](benchmark::State &state) { libraryOpen(state, folder); });
    for (const char *filter : {"lr=0.0042", "gradient 2026 -draft", "seed=1 started>2026-06"})
        add(fmt::format("library, 10,000 runs filtered by {}", filter).c_str(),
            [=](benchmark::State &state) { libraryFilter(state, folder, filter); });
    add("CSV, 100,000 points written", [=](benchmark::State &state) { csvWrite(state, folder); });
}

} // namespace

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    const auto mnist = loadDataset("mnist");
    const fs::path folder = fs::temp_directory_path() / ("losslab-bench-" + std::to_string(::getpid()));
    const auto journal = platform::makeFolder(folder).and_then(
        [&] { return platform::writeFileAtomically(folder / "metrics.jsonl", journalText()); });
    if (!mnist || !journal) {
        std::fprintf(stderr, "%s\n", (mnist ? journal.error() : mnist.error()).message.c_str());
        return 3;
    }
    addTrainings(**mnist);
    addParts(folder);
    benchmark::RunSpecifiedBenchmarks();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return 0;
}
