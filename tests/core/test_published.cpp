// A published value stands beside a run only where all of the settings that it was found with are the run's.

#include "data/dataset.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/valuetext.h"
#include "runs/published.h"

#include <QtTest>

using namespace losslab;

namespace {

/// Another value that the parameter takes.
Value another(const ParameterInfo &info, const Value &value)
{
    if (const auto *flag = std::get_if<bool>(&value))
        return !*flag;
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        return *whole + 1;
    if (const auto *number = std::get_if<double>(&value))
        return *number * 0.5 + 0.25;
    for (const char *text : {"x^3 - x", "7, 5", "a: 4; b: 5, 5"})
        if (const Result<Value> other = info.check(std::string(text)))
            return *other;
    for (const Option &option : info.kind->options())
        if (Value(option.key) != value)
            return option.key;
    return value;
}

bool isDecidedBy(const FigureInfo &figure, const ParameterInfo &parameter)
{
    const auto &keys = figure.decidedBy;
    return keys ? std::find(keys->begin(), keys->end(), parameter.key) != keys->end() : parameter.decides;
}

std::string unlike(const char *id, const std::string &figure, const std::string &model,
                   const std::vector<std::pair<std::string, Value>> &settings)
{
    const auto experiment = std::move(*makeExperiment(id));
    RunSpec spec = makeSpec(*experiment, Preset::Report);
    for (const auto &[key, value] : settings)
        *spec.find(key) = value;
    if (!applyParameters(spec, *experiment))
        return "refused";
    takeParameters(*experiment, spec);
    return publishedFor(*experiment, spec, figure, model).unlike;
}

} // namespace

class TestPublished : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Of every experiment: with other settings than its own, no published value stands beside.
    void everySettingThatDecidesIsACondition()
    {
        for (const ExperimentFactory make : registry()) {
            const auto experiment = make();
            for (const Figure *figure : experiment->figures())
                for (const Published &published : figure->info().published)
                    for (const Parameter *parameter : experiment->parameters()) {
                        const ParameterInfo &info = parameter->info();
                        RunSpec spec = makeSpec(*experiment, Preset::Report);
                        if (!applies(info, spec, *experiment))
                            continue; // what it counts with is another value already
                        for (const Condition &condition : published.where)
                            *spec.find(condition.parameter) = *experiment->findParameter(condition.parameter)
                                                                   ->info()
                                                                   .parse(condition.values.front());
                        const auto ask = [&] {
                            return publishedFor(*experiment, spec, figure->info().key, published.model);
                        };
                        const std::string what = experiment->info().id + ' ' + figure->info().key + ' '
                                                 + published.model + ' ' + info.key;
                        QVERIFY2(ask().holds() && ask().value == &published, what.c_str());
                        Value &value = *spec.find(info.key);
                        value = another(info, value);
                        QVERIFY2(ask().holds() != isDecidedBy(figure->info(), info), what.c_str());
                        if (ask().value != &published) // as near as this one, and its reason is its own
                            continue;
                        QVERIFY2(ask().holds()
                                     || ask().unlike.starts_with(info.phrase(value) + " instead of ")
                                     || (info.key == "models" && ask().unlike == "other networks"),
                                 ask().unlike.c_str());
                    }
        }
    }

    void theReasonNamesWhatDiffers_data()
    {
        QTest::addColumn<std::string>("told");
        QTest::addColumn<std::string>("expected");
        const std::int64_t three = 3;
        QTest::newRow("epochs") << unlike("cnn-mnist", "test-accuracy", "cnn1", {{"epochs", three}})
                                << std::string("training 3 epochs instead of 15");
        QTest::newRow("several")
            << unlike("cnn-mnist", "test-accuracy", "cnn1", {{"lr", 0.01}, {"epochs", three}})
            << std::string("training 3 epochs instead of 15, learning rate 0.01 instead of 0.001");
        QTest::newRow("a size is the same")
            << unlike("cnn-mnist", "parameters", "cnn1", {{"epochs", three}}) << std::string();
        QTest::newRow("fewer networks")
            << unlike("capacity", "test-accuracy", "h1000", {{"models", three}}) << std::string();
        QTest::newRow("rounded") << unlike("capacity", "test-accuracy", "h1000",
                                           {{"precision", std::string("bfloat16")}})
                                 << std::string("precision bfloat16 instead of float32");
        QTest::newRow("the code's width")
            << unlike("sensitivity", "test-loss", "batch10", {{"hidden", std::string("256")}})
            << std::string();
        QTest::newRow("neither width")
            << unlike("sensitivity", "test-loss", "batch10", {{"hidden", std::string("100")}})
            << std::string("hidden layers 100 instead of 500 or 256");
        QTest::newRow("another measure")
            << unlike("sensitivity", "sensitivity", "batch10", {})
            << std::string(
                   "sensitivity “Jacobian of the probabilities” instead of “As published, in training”");
        QTest::newRow("the square wave")
            << unlike("function-fit", "loss", "deep", {{"function", std::string("square")}}) << std::string();
        QTest::newRow("a function of one's own")
            << unlike("function-fit", "loss", "deep", {{"function", std::string("x^2")}})
            << std::string("function x^2 instead of sinc");
    }
    void theReasonNamesWhatDiffers()
    {
        QFETCH(std::string, told);
        QFETCH(std::string, expected);
        QCOMPARE(told, expected);
    }

    void theDataAreMnist()
    {
        const auto experiment = std::move(*makeExperiment("cnn-mnist"));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        const auto ask = [&] { return publishedFor(*experiment, spec, "test-accuracy", "cnn1"); };
        spec.data = "fashion-mnist";
        QCOMPARE(ask().unlike, std::string("data fashion-mnist instead of mnist"));
        const test::TemporaryFolder parent;
        std::filesystem::create_directory(parent / "few");
        spec.data = (parent / "few").string();
        QCOMPARE(ask().unlike, std::string("data few instead of mnist"));

        std::filesystem::copy(*findDataset("mnist"), parent / "copied");
        spec.data = (parent / "copied").string();
        QVERIFY2(ask().holds(), "It is the same set, wherever it lies.");
    }

    void eachModelHasItsOwn()
    {
        const auto experiment = std::move(*makeExperiment("function-fit"));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        QCOMPARE(publishedFor(*experiment, spec, "loss", "deep").value->value, 0.000995);
        *spec.find("function") = std::string("square");
        VERIFY_RESULT(applyParameters(spec, *experiment));
        takeParameters(*experiment, spec);
        QCOMPARE(publishedFor(*experiment, spec, "loss", "deep").value->value, 0.0013);
        QCOMPARE(publishedFor(*experiment, spec, "loss", "shallow").value->value, 0.135);
        QVERIFY(!publishedFor(*experiment, spec, "loss", "none").value);
        QVERIFY(!publishedFor(*experiment, spec, "none", "deep").value);
    }

    void theNoteGathersFiguresByReason()
    {
        const auto experiment = std::move(*makeExperiment("cnn-mnist"));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        RunData data(*experiment, spec);
        for (const char *figure : {"parameters", "test-accuracy", "test-loss", "training-accuracy"})
            for (const char *model : {"cnn1", "cnn2"})
                data.apply(FigureEvent{model, figure, 0, 0.5});
        QCOMPARE(publishedNote(*experiment, spec, data), std::string());
        *spec.find("epochs") = std::int64_t(3);
        QCOMPARE(publishedNote(*experiment, spec, data),
                 std::string("Published values are not shown for “Test accuracy”, “Training accuracy, last "
                             "epoch”: training 3 epochs instead of 15."));
        QVERIFY(publishedSource(*experiment, spec, data).starts_with("Published: a student's report"));
        QCOMPARE(publishedSource(*experiment, spec, RunData(*experiment, spec)), std::string());
    }

    /// Values of two sources: each is named with its own.
    void aValueOfAnotherSourceNamesIt()
    {
        const auto experiment = std::move(*makeExperiment("gradient-zero"));
        RunSpec spec = makeSpec(*experiment, Preset::Slides);
        QCOMPARE(spec.preset, Preset::Slides);
        RunData data(*experiment, spec);
        data.apply(FigureEvent{"model", "median-ratio", 0, 0.3});
        const std::string slides = publishedSource(*experiment, spec, data);
        QVERIFY2(slides.find("slides of homework 1") != std::string::npos, slides.c_str());
        QVERIFY2(slides.find("student's report") == std::string::npos, slides.c_str());
        data.apply(FigureEvent{"model", "parameters", 0, 1201});
        const std::string both = publishedSource(*experiment, spec, data);
        QVERIFY2(both.find("slides of homework 1") != std::string::npos, both.c_str());
        QVERIFY2(both.find("student's report") != std::string::npos, both.c_str());
        *spec.find("low") = -1.0;
        QVERIFY(!publishedFor(*experiment, spec, "median-ratio", "model").holds());
    }

    void numbersAreWrittenForPeople_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("published");
        QTest::newRow("thousands") << 18950.0 << "18,950"
                                   << "18,950";
        QTest::newRow("millions") << -1234567.0 << "−1,234,567"
                                  << "−1,234,567";
        QTest::newRow("four digits") << 0.001 << "0.001000"
                                     << "0.001";
        QTest::newRow("rounded") << 1049.7 << "1,050"
                                 << "1,050";
        QTest::newRow("of a hundred") << 22.75 << "22.75"
                                      << "22.75";
        QTest::newRow("small") << 2.3e-5 << "2.300×10⁻⁵"
                               << "2.3×10⁻⁵";
        QTest::newRow("large") << 1e12 << "1.000×10¹²"
                               << "1×10¹²";
        QTest::newRow("none") << -0.0 << "0"
                              << "0";
        QTest::newRow("not a number") << std::nan("") << "not a number"
                                      << "not a number";
    }
    void numbersAreWrittenForPeople()
    {
        QFETCH(double, value);
        QFETCH(QString, text);
        QFETCH(QString, published);
        QCOMPARE(QString::fromStdString(figureText(value, Format::Number)), text);
        QCOMPARE(QString::fromStdString(publishedText({"", value, {}, {}}, Format::Number)), published);
    }

    void publishedValuesAreWrittenAsTheLiteratureGivesThem()
    {
        const auto text = [](double value, std::optional<double> upTo, Format format) {
            return QString::fromStdString(publishedText({"", value, upTo, {}}, format));
        };
        QCOMPARE(text(1650, 1750, Format::Epochs), QString("1,650–1,750"));
        QCOMPARE(text(0.98, 0.9811, Format::Percent), QString("98 %–98.11 %"));
        QCOMPARE(text(0.9, {}, Format::Percent), QString("90 %"));
    }
};

QTEST_GUILESS_MAIN(TestPublished)
#include "test_published.moc"
