// What must hold for every experiment, over the registry: a new one is tested the moment it is registered.

#include "data/dataset.h"
#include "data/modelfile.h"
#include "data/safetensors.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/namedpreset.h"
#include "lab/rundata.h"
#include "nn/network.h"
#include "runs/csv.h"
#include "runs/published.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/everyexperiment.h"
#include "tests/idxfiles.h"
#include "tests/runtoend.h"
#include "tests/shortsettings.h"

#include <QtTest>
#include <cmath>
#include <fstream>
#include <set>

using namespace losslab;

namespace {

/// Real digits, but few of them: a run of every experiment has to fit into a test.
std::string fewImages()
{
    static const test::TemporaryFolder folder;
    if (folder.isEmpty()) {
        const auto mnist = loadDataset("mnist");
        test::writeImages(folder.path(), "train", (*mnist)->train, 1500);
        test::writeImages(folder.path(), "t10k", (*mnist)->test, 500);
    }
    return folder.path().string();
}

/// Other ones.
std::string otherImages()
{
    static const test::TemporaryFolder folder;
    if (folder.isEmpty()) {
        const auto mnist = loadDataset("mnist");
        test::writeImages(folder.path(), "train", (*mnist)->train, 600);
        test::writeImages(folder.path(), "t10k", (*mnist)->test, 200);
    }
    return folder.path().string();
}

std::string fewPoints()
{
    static const test::TemporaryFolder folder;
    const std::filesystem::path path = folder / "points.csv";
    std::ofstream(path) << "x,y\n-1,0.5\n0,0\n0.5,1\n";
    return path.string();
}

/// A network of such runs' layers, each with weights of its own.
std::string savedModel(std::uint64_t seed)
{
    static const test::TemporaryFolder folder;
    const std::filesystem::path path = folder / (std::to_string(seed) + ".safetensors");
    [[maybe_unused]] const auto written = writeSafetensors(path, Network(mlp({784, 24, 10}), seed).tensors());
    return path.string();
}

/// The quick preset, so short that all experiments can be run in a test: at most so many epochs on images.
RunSpec shortSpec(const Experiment &experiment, std::int64_t onImages = 2)
{
    RunSpec spec = makeSpec(experiment, Preset::Quick);
    test::shorten(spec, experiment, experiment.needsImages(spec) ? onImages : 40);
    if (Value *hidden = spec.find("hidden"); hidden && experiment.needsImages(spec))
        *hidden = std::string("24");
    if (experiment.info().id == "gradient-zero") { // a Hessian takes its time
        *spec.find("hidden") = std::string("30");
        *spec.find("trainings") = std::int64_t(4);
    }
    spec.device = Device::Cpu;
    spec.data = fewImages();
    return spec;
}

RunData finished(const Experiment &experiment, const RunSpec &spec, const std::filesystem::path &folder)
{
    RunData data(experiment, spec);
    auto runner = Runner::start(spec, {.folder = folder});
    if (!runner) {
        QTest::qFail(runner.error().message.c_str(), __FILE__, __LINE__);
        return data;
    }
    test::runToEnd(**runner, data);
    return data;
}

/// Every point of every chart, as text: what two runs are compared by.
std::string everyPoint(const RunData &data)
{
    std::string text;
    for (const ChartData &chart : data.charts())
        for (const SeriesData &series : chart.series)
            for (const SeriesPoints &points : series.repeats)
                for (std::size_t i = 0; i < points.x.size(); ++i)
                    text += chart.id + ' ' + series.key + ' ' + toText(points.x[i]) + ' '
                            + toText(points.y[i]) + ' ' + (points.labels.empty() ? "" : points.labels[i])
                            + '\n';
    return text;
}

/// All that a run of this spec gives: points, figures, rows, and what models it keeps.
std::string resultOf(const Experiment &experiment, const RunSpec &spec, const std::filesystem::path &folder)
{
    const RunData data = finished(experiment, spec, folder);
    std::string text = everyPoint(data);
    for (const FigureData &figure : data.figures())
        text += figure.model + ' ' + figure.figure + ' ' + toText(figure.values.at(0)) + '\n';
    for (const TableData &table : data.tables())
        text += tableCsv(table);
    std::set<std::string> models;
    for (const auto &file : std::filesystem::directory_iterator(folder / "models"))
        models.insert(file.path().filename().string());
    for (const std::string &model : models)
        text += model + '\n';
    std::filesystem::remove_all(folder);
    return text;
}

/// Other values that the parameter takes, those near to the usual one first.
std::vector<Value> otherValues(const ParameterInfo &info, const Value &usual)
{
    std::vector<Value> values;
    const auto limits = info.kind->limits();
    if (const auto *whole = std::get_if<std::int64_t>(&usual)) {
        for (const std::int64_t other : {*whole / 2, *whole + 1, static_cast<std::int64_t>(limits->min),
                                         static_cast<std::int64_t>(limits->max)})
            values.emplace_back(other);
    } else if (const auto *number = std::get_if<double>(&usual)) {
        for (const double other : {*number / 2, (limits->min + limits->max) / 2, limits->min, limits->max})
            values.emplace_back(other);
    } else if (const auto *flag = std::get_if<bool>(&usual)) {
        values.emplace_back(!*flag);
    }
    for (const Option &option : info.kind->options())
        values.emplace_back(option.key);
    if (std::holds_alternative<std::string>(usual)) // layers, numbers, networks, optimizers, functions, files
        for (const std::string &text :
             {std::string("7, 5"), std::string("0.5, 0.25"), std::string("a: 4; b: 5, 5"),
              std::string("adam, sgd"), std::string("x^2"), fewPoints(), otherImages(), savedModel(9)})
            values.emplace_back(text);
    std::erase_if(values, [&](const Value &value) { return value == usual || !info.check(value); });
    return values;
}

/// Gives every parameter that counts with this one's value such a value that a short run feels it, and those
/// that no longer count their preset's.
void countAll(RunSpec &spec, const Experiment &experiment, const std::string &key)
{
    int place = 0; // two of a kind are not the same
    for (const Parameter *parameter : experiment.parameters()) {
        const ParameterInfo &info = parameter->info();
        const auto limits = info.kind->limits();
        if (!info.when || info.when->parameter != key || !applies(info, spec, experiment))
            continue;
        ++place;
        if (dynamic_cast<const ModelFileKind *>(info.kind.get()))
            *spec.find(info.key) = savedModel(static_cast<std::uint64_t>(place));
        else if (limits && std::holds_alternative<std::int64_t>(info.report))
            *spec.find(info.key) = static_cast<std::int64_t>(limits->min) + place - 1;
        else if (limits)
            *spec.find(info.key) = (limits->min + std::min(1.0, limits->max)) / 4 / place;
    }
    for (const Parameter *parameter : experiment.parameters())
        if (!applies(parameter->info(), spec, experiment))
            *spec.find(parameter->info().key) = parameter->info().preset(spec.preset);
}

/// Gives what does not count with the spec's other values its preset's value, as a form does.
void forgetWhatDoesNotCount(RunSpec &spec, const Experiment &experiment)
{
    for (const Parameter *parameter : experiment.parameters())
        if (!applies(parameter->info(), spec, experiment))
            *spec.find(parameter->info().key) = parameter->info().preset(spec.preset);
}

/// The spec with values with which the parameter counts.
RunSpec whereItCounts(const ParameterInfo &info, const RunSpec &plain, const Experiment &experiment)
{
    RunSpec spec = plain;
    while (const auto missing = missingCondition(info, spec, experiment)) {
        Value &asked = *spec.find(missing->parameter);
        if (missing->isExcept)
            asked = std::get<std::int64_t>(asked) + 1;
        else
            asked = missing->values.front();
        countAll(spec, experiment, missing->parameter);
        forgetWhatDoesNotCount(spec, experiment);
    }
    return spec;
}

std::unique_ptr<Experiment> fetched()
{
    QFETCH_GLOBAL(QString, id);
    return std::move(*makeExperiment(id.toStdString()));
}

} // namespace

class TestExperiments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { test::everyExperiment(); }

    void itsDeclarationIsWhole()
    {
        const auto experiment = fetched();
        const ExperimentInfo &info = experiment->info();
        QVERIFY(QRegularExpression("^[a-z]+(-[a-z]+)*$").match(QString::fromStdString(info.id)).hasMatch());
        QVERIFY(!info.title.empty() && info.question.ends_with('?') && info.promise.ends_with('.'));
        QVERIFY2(info.promise.starts_with("train "), info.promise.c_str()); // follows "Press Run to"
        QVERIFY(!experiment->charts().empty());

        std::set<std::string> keys;
        for (const Parameter *parameter : experiment->parameters()) {
            const ParameterInfo &parameterInfo = parameter->info();
            QVERIFY2(keys.insert(parameterInfo.key).second, parameterInfo.key.c_str());
            QVERIFY(!parameterInfo.label.empty());
            for (const Preset preset : {Preset::Report, Preset::Quick}) {
                const Value &value = parameterInfo.preset(preset);
                QVERIFY2(parameterInfo.check(value), parameterInfo.key.c_str());
                QCOMPARE(*parameterInfo.parse(toText(value)), value);
            }
        }
        std::set<std::string> ids;
        for (const ChartInfo &chart : experiment->chartsFor({})) {
            QVERIFY(chart.sharesX.empty() || ids.contains(chart.sharesX));
            QVERIFY2(ids.insert(chart.id).second, chart.id.c_str());
            QVERIFY(!chart.title.empty() && !chart.x.title.empty() && !chart.y.title.empty());
        }
        for (const Table *table : experiment->tables()) { // charts and tables may be exported into one folder
            QVERIFY2(ids.insert(table->info().id).second, table->info().id.c_str());
            QVERIFY(!table->info().title.empty() && !table->info().columns.empty());
        }
        for (const NamedPreset &preset : builtInPresets(*experiment)) {
            const RunSpec spec = makeSpec(*experiment, preset);
            const auto applied = applyParameters(spec, *makeExperiment(spec.experiment).value());
            QVERIFY2(applied, applied ? "" : applied.error().message.c_str());
            QVERIFY(isOf(spec, *experiment, preset));
        }
        for (const Figure *figure : experiment->figures())
            for (const Published &published : figure->info().published)
                for (const Condition &condition : published.where)
                    for (const std::string &value : condition.values)
                        QVERIFY(experiment->findParameter(condition.parameter)->info().parse(value));
    }

    void severalSeedsAreSummedUpAsTheChartAllows()
    {
        const auto experiment = fetched();
        for (const ChartInfo &info : experiment->chartsFor({})) {
            const bool fits = std::any_of(info.series.begin(), info.series.end(),
                                          [](const SeriesInfo &series) { return series.isTarget; });
            const bool median = !experiment->needsImages() || info.y.scale == Scale::Log;
            QCOMPARE(info.spread, fits ? Spread::Seeds : median ? Spread::Median : Spread::Mean);
            QCOMPARE(info.spreads().size(), std::size_t(fits ? 1 : 3));
        }
    }

    void aShortRunFillsEveryChartAndTheFolder()
    {
        const auto experiment = fetched();
        const test::TemporaryFolder parent;
        const auto folder = parent / "run";
        const RunSpec spec = shortSpec(*experiment);
        const RunData data = finished(*experiment, spec, folder);
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());

        for (const ChartInfo &chart : experiment->chartsFor(spec)) {
            const ChartData *drawn = data.findChart(chart.id);
            for (const SeriesInfo &series : drawn->info.series) {
                QVERIFY2(drawn->find(series.key), series.key.c_str());
                const SeriesPoints &points = drawn->find(series.key)->repeats.at(0);
                QVERIFY(!points.x.empty());
                for (const double y : points.y)
                    QVERIFY(std::isfinite(y));
            }
            QVERIFY2(!drawn->empty(), chart.id.c_str());
        }
        for (const Table *table : experiment->tables()) {
            const auto filled =
                std::find_if(data.tables().begin(), data.tables().end(),
                             [&](const TableData &one) { return one.id == table->info().id; });
            QVERIFY2(!filled->rows.empty(), table->info().id.c_str());
            for (const RowEvent &row : filled->rows)
                QCOMPARE(row.cells.size(), table->info().columns.size());
        }
        QVERIFY(!data.figures().empty());
        // The networks are those of the homework: whatever else differs from it, their sizes do not.
        const FigureInfo *sizes = experiment->findFigure("parameters");
        QVERIFY(sizes);
        RunSpec onMnist = spec;
        onMnist.data = RunSpec().data;
        for (const Published &published : sizes->published)
            if (const FigureData *counted = data.findFigure(published.model, "parameters"))
                if (const auto size = publishedFor(*experiment, onMnist, "parameters", published.model);
                    size.holds())
                    QCOMPARE(counted->values.at(0), size.value->value);
        for (const FigureData &figure : data.figures())
            QVERIFY2(experiment->findFigure(figure.figure), figure.figure.c_str());

        // The folder gives back what was seen, and models that PyTorch could load.
        const Result<RunRecord> record = readRun(folder);
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(everyPoint(record->data), everyPoint(data));
        QCOMPARE(record->state, RunState::Finished);
        std::size_t models = 0;
        for (const auto &file : std::filesystem::directory_iterator(folder / "models")) {
            const auto tensors = readSafetensors(file.path());
            QVERIFY2(tensors, tensors ? "" : tensors.error().message.c_str());
            QVERIFY(!tensors->empty());
            ++models;
        }
        QVERIFY(models > 0);
    }

    void sameSeedSamePoints()
    {
        const auto experiment = fetched();
        const test::TemporaryFolder parent;
        RunSpec spec = shortSpec(*experiment);
        spec.threads = 2;
        const std::string first = everyPoint(finished(*experiment, spec, parent / "first"));
        const std::string again = everyPoint(finished(*experiment, spec, parent / "again"));
        QCOMPARE(again, first);
        spec.seed = 2;
        QVERIFY(everyPoint(finished(*experiment, spec, parent / "other")) != first);
    }

    void everySettingMakesADifference()
    {
        const auto experiment = fetched();
        const test::TemporaryFolder parent;
        RunSpec plain = shortSpec(*experiment, 3);     // of two epochs, each is the first or the last
        if (Value *decay = plain.find("weight-decay")) // Adam and AdamW differ by it alone
            *decay = 0.01;
        if (Value *batch = plain.find("batch"); batch && *batch == Value(std::int64_t{0}))
            *batch = std::int64_t{100}; // an epoch is several steps
        const std::string ofPlain = resultOf(*experiment, plain, parent / "plain");
        for (const Parameter *parameter : experiment->parameters()) {
            const ParameterInfo &info = parameter->info();
            const RunSpec usual = whereItCounts(info, plain, *experiment);
            const std::string before = usual.parameters == plain.parameters
                                           ? ofPlain
                                           : resultOf(*experiment, usual, parent / (info.key + " usual"));
            const bool isChoice = dynamic_cast<const ChoiceKind *>(info.kind.get()) != nullptr;
            std::set<std::string> seen{before};
            for (const Value &value : otherValues(info, *usual.find(info.key))) {
                RunSpec spec = usual;
                *spec.find(info.key) = value;
                countAll(spec, *experiment, info.key);
                forgetWhatDoesNotCount(spec, *experiment);
                if (!applyParameters(spec, *experiment))
                    continue; // it does not go together with the others
                const bool isNew =
                    seen.insert(resultOf(*experiment, spec, parent / info.key / std::to_string(seen.size())))
                        .second;
                QVERIFY2(isNew || !isChoice, // every option is another one
                         (info.key + ' ' + toText(value)).c_str());
                if (isNew && !isChoice)
                    break;
            }
            QVERIFY2(seen.size() > 1, info.key.c_str());
        }
    }

    void repeatsAreTheSeedsThatFollow()
    {
        const auto experiment = fetched();
        const test::TemporaryFolder parent;
        RunSpec spec = shortSpec(*experiment);
        spec.repeats = 2;
        const RunData both = finished(*experiment, spec, parent / "both");
        spec.repeats = 1;
        spec.seed = 2;
        const RunData second = finished(*experiment, spec, parent / "second");
        QVERIFY(!second.figures().empty());
        for (const FigureData &figure : second.figures()) {
            const FigureData *repeated = both.findFigure(figure.model, figure.figure);
            QCOMPARE(repeated->values.size(), std::size_t(2));
            QCOMPARE(repeated->values[1], figure.values[0]);
        }
    }

    void aFullDiskFailsInWordsAndKeepsWholeLines()
    {
        const auto experiment = fetched();
        const test::TemporaryFolder parent;
        RunSpec spec = shortSpec(*experiment);
        fewImages();
        RunData data;
        {
            const test::FullDisk full(3500); // run.json, but not all points
            data = finished(*experiment, spec, parent / "full");
        }
        QCOMPARE(data.state(), RunState::Failed);
        QVERIFY2(!data.stateMessage().empty(), "a sentence is missing");
        if (!std::filesystem::exists(parent / "full"))
            return; // full before there was a point to keep: the folder is taken back
        const Result<RunRecord> record = readRun(parent / "full");
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(record->state, RunState::Failed);
    }

    void dataThatIsNotThereLeavesNoRun()
    {
        const auto experiment = fetched();
        if (!experiment->info().needsImages)
            return;
        const test::TemporaryFolder parent;
        RunSpec spec = shortSpec(*experiment);
        test::takeImages(spec, *experiment);
        spec.data = (parent / "none").string();
        VERIFY_DATA_ERROR(Runner::start(spec, {.folder = parent / "run"}), spec.data);
        QVERIFY(!std::filesystem::exists(parent / "run"));
    }

    void pauseHoldsTheRunAndItsEndIsLast()
    {
        const auto experiment = fetched();
        const test::TemporaryFolder parent;
        const RunSpec spec = shortSpec(*experiment);
        auto runner = Runner::start(spec, {.folder = parent / "run"});
        QVERIFY(runner);
        (*runner)->pause();
        RunData data(*experiment);
        std::vector<RunState> states;
        const auto take = [&](int milliseconds) {
            const std::vector<Event> events = (*runner)->waitTake(std::chrono::milliseconds(milliseconds));
            for (const Event &event : events) {
                data.apply(event);
                if (const auto *state = std::get_if<StateEvent>(&event))
                    states.push_back(state->state);
            }
            return events.size();
        };
        while (take(300) > 0) // what a task was at may still come; where nothing holds it, all that there is
            continue;
        QVERIFY(!(*runner)->ended());
        QCOMPARE(states, (std::vector<RunState>{RunState::Running, RunState::Paused}));
        (*runner)->resume();
        while (!(*runner)->ended())
            take(50);
        (*runner)->pause();
        (*runner)->resume();
        take(50);
        QCOMPARE(states, (std::vector<RunState>{RunState::Running, RunState::Paused, RunState::Running,
                                                RunState::Finished}));
        QCOMPARE(everyPoint(data), everyPoint(finished(*experiment, spec, parent / "at once")));
    }

    void stopKeepsWhatWasSeen()
    {
        const auto experiment = fetched();
        const test::TemporaryFolder parent;
        const auto folder = parent / "stopped";
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        spec.device = Device::Cpu;
        spec.data = fewImages();
        if (const Parameter *points = experiment->findParameter("points");
            points && applies(points->info(), spec, *experiment)) // else some end before they are stopped
            *spec.find("points") = std::int64_t{10000};
        RunData data(*experiment);
        auto runner = Runner::start(spec, {.folder = folder});
        QVERIFY2(runner, runner ? "" : runner.error().message.c_str());
        while (!isEnded(data.state())) {
            for (const Event &event : (*runner)->waitTake(std::chrono::milliseconds(1)))
                data.apply(event);
            if (!everyPoint(data).empty())
                (*runner)->stop();
        }
        QCOMPARE(data.state(), RunState::Stopped);
        const Result<RunRecord> record = readRun(folder);
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(record->state, RunState::Stopped);
        QCOMPARE(everyPoint(record->data), everyPoint(data));
    }
};

QTEST_GUILESS_MAIN(TestExperiments)
#include "test_experiments.moc"
