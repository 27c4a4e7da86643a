#include "data/expression.h"
#include "data/targets.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/rundata.h"
#include "runs/runner.h"
#include "tests/runtoend.h"

#include <QScopeGuard>
#include <QTest>
#include <clocale>
#include <cmath>
#include <locale>
#include <numbers>

using namespace losslab;

namespace {

class Commas final : public std::numpunct<char>
{
protected:
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

std::string messageOf(const std::string &text)
{
    const Result<Expression> expression = Expression::parse(text);
    return expression ? std::string() : expression.error().message;
}

std::vector<double> figuresOf(const RunData &data)
{
    std::vector<double> values;
    for (const FigureData &figure : data.figures())
        values.push_back(figure.values.at(0));
    return values;
}

/// What function-fit says of settings given to it.
Result<void> applied(const std::vector<std::pair<std::string, Value>> &settings)
{
    const auto experiment = *makeExperiment("function-fit");
    RunSpec spec = makeSpec(*experiment, Preset::Quick);
    for (const auto &[key, value] : settings)
        *spec.find(key) = value;
    return applyParameters(spec, *experiment);
}

} // namespace

class TestExpression : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("x");
        QTest::addColumn<double>("value");
        const auto row = [](const char *text, double x, double value) {
            QTest::newRow(text) << text << x << value;
        };
        row("x^2", 3, 9);
        row("-x^2", 3, -9);
        row("2^3^2", 0, 512);
        row("x^3 - x", 2, 6);
        row("x < 0 ? -1 : x*2", -5, -1);
        row("x < 0 ? -1 : x*2", 4, 8);
        row("x <= 1 && x >= -1", 1, 1);
        row("x == 2 || x != x", 3, 0);
        row("sin(pi*x)", 0.5, 1);
        row("exp(1) - e", 7, 0);
        row("ln(e) + log(e) + log10(100) + log2(8)", 0, 7);
        row("sgn(x) + sign(x)", -0.3, -2);
        row("sgn(x)", 0, 0);
        row("sinc(x)", 0, 1);
        row("sinc(x)", std::numbers::pi / 2, 2 / std::numbers::pi);
        row("step(x)", 0, 1);
        row("step(x)", -1e-9, 0);
        row("floor(x) + ceil(x)", -1.5, -3);
        row("min(x, 1) + max(x, 1)", 4, 5);
        row("atan2(x, 1)", 1, std::numbers::pi / 4);
        row("1.5e-3 * x", 2, 0.003);
    }

    void values()
    {
        QFETCH(QString, text);
        QFETCH(double, x);
        QFETCH(double, value);
        const Result<Expression> expression = Expression::parse(text.toStdString());
        QVERIFY2(expression, expression ? "" : expression.error().message.c_str());
        QVERIFY2(std::abs(expression->at(x) - value) < 1e-12, qPrintable(QString::number(expression->at(x))));
    }

    void errorsSayWhatAndWhere_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *text, const char *says) { QTest::newRow(text) << text << says; };
        row("", "Write an expression in x");
        row("   ", "Write an expression in x");
        row("x +", "ends too early");
        row("sin(x", "parenthesis is missing");
        row("(x))", "“)” is out of place at character 4");
        row("x - foo", "“foo” at character 5 is not known");
        row("_pi", "“_pi” at character 1 is not known");
        row("5x", "missing before “x” at character 2");
        row("3 sin(x)", "missing before “sin” at character 3");
        row("atan2(x)", "too few arguments");
        row("sin(x, 2)", "too many arguments");
        row("x < 0 ? 1", "the other branch is missing");
        row("1,5 * x", "decimals have a point");
        row("x = 3", "Character 3, “=”, would assign");
        row("x += 3", "Character 4, “=”, would assign");
        row("(x) ? x = 1 : 2", "would assign");
        row("5πx", "Character 2, “π”");
        row("x\n+1", "Character 2");
        row("\"x\"", "out of place");
    }

    void errorsSayWhatAndWhere()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const std::string message = messageOf(text.toStdString());
        QVERIFY2(QString::fromStdString(message).contains(says), message.c_str());
        QVERIFY2(message.back() == '.', message.c_str());
    }

    void largeAndNestedTextsAreRefusedOrQuick()
    {
        QVERIFY(messageOf(std::string(100000, 'x')).find("longer than 200") != std::string::npos);
        QVERIFY(messageOf(std::string(1000000, '(')).find("longer than 200") != std::string::npos);
        const std::string nested = std::string(99, '(') + "x" + std::string(99, ')');
        QVERIFY2(messageOf(nested).empty(), messageOf(nested).c_str());
        QCOMPARE(Expression::parse(nested)->at(3), 3.0);
        QVERIFY(std::isinf(Expression::parse("9^9^9^9^9^9")->at(0)));
        QVERIFY(messageOf(std::string("x\0y", 3)).find("Character 2") != std::string::npos);
    }

    /// French writes 0,5 for 0.5; expressions do not.
    void aLocaleChangesNothing()
    {
        const auto restore =
            qScopeGuard([former = std::locale::global(std::locale(std::locale(), new Commas))] {
                std::locale::global(former);
                std::setlocale(LC_ALL, "C.UTF-8");
            });
        std::setlocale(LC_ALL, "fr_FR.UTF-8"); // where the system has it
        QCOMPARE(Expression::parse("x + 0.5")->at(1), 1.5);
        QCOMPARE(Expression::parse("max(1, 2.25)")->at(0), 2.25);
        QCOMPARE(Expression::parse("12345.5")->at(0), 12345.5);
        QVERIFY(!messageOf("0,5").empty());
        const auto samples = sample("1/(x - 0.5)", 5, {0, 1});
        QVERIFY(!samples);
        QVERIFY2(samples.error().message.find("x = 0.5.") != std::string::npos,
                 samples.error().message.c_str());
    }

    void theNamedFunctionsAreTheTargets()
    {
        for (const auto &[name, target] :
             {std::pair("square", Target::Square), std::pair("sinc", Target::Sinc)}) {
            const auto samples = sample(name, 400, {});
            QVERIFY(samples);
            QCOMPARE(samples->x, sample(target, 400).x);
            QCOMPARE(samples->y, sample(target, 400).y);
            QVERIFY(checkFunction(name));
        }
    }

    /// However it is written, it is one function: the same samples, the same network, the same name in the
    /// run.
    void anotherSpellingIsTheSameFunction_data()
    {
        QTest::addColumn<QString>("spelling");
        QTest::addColumn<QString>("name");
        for (const char *spelling :
             {"sinc", "sinc(5*pi*x)", " sinc( 5 * pi * x ) ", "sinc(5.0*pi*1.0*x)", "sinc(x*pi*5)",
              "sinc(-5*pi*x)", "sin(5*pi*x)/(5*pi*x)", "(sinc(5*pi*x))", "x == 0 ? 1 : sin(5*pi*x)/(5*pi*x)"})
            QTest::newRow(spelling) << spelling << "sinc";
        for (const char *spelling :
             {"square", "sgn(sin(5*pi*x))", "sign( sin(pi*x*5) )", "-sgn(sin(-5*pi*x))"})
            QTest::newRow(spelling) << spelling << "square";
        for (const char *other : {"sinc(4*pi*x)", "sinc(5*pi*x) + 0.001", "sin(5*pi*x)", "2*sgn(sin(5*pi*x))",
                                  "x > 0.9 ? 0 : sinc(5*pi*x)"})
            QTest::newRow(other) << other << other;
    }

    void anotherSpellingIsTheSameFunction()
    {
        QFETCH(QString, spelling);
        QFETCH(QString, name);
        const auto experiment = *makeExperiment("function-fit");
        const auto resultOf = [&](const QString &function, std::int64_t points) {
            RunSpec spec = makeSpec(*experiment, Preset::Quick);
            *spec.find("function") =
                *experiment->findParameter("function")->info().parse(function.toStdString());
            *spec.find("epochs") = std::int64_t(30);
            *spec.find("points") = points;
            spec.repeats = 1;
            const auto runner = Runner::start(spec, {});
            RunData data(*experiment);
            if (runner)
                test::runToEnd(**runner, data);
            return std::pair(runner ? toText(*(*runner)->spec().find("function")) : std::string(),
                             figuresOf(data));
        };
        for (const std::int64_t points : {60, 61, 101}) { // with x = 0 among them, and with zeros of the sine
            const auto [spelled, figures] = resultOf(spelling, points);
            QCOMPARE(QString::fromStdString(spelled), name);
            QCOMPARE(figures.size(), std::size_t(9));
            QCOMPARE(figures == resultOf("sinc", points).second, name == "sinc");
            QCOMPARE(figures == resultOf("square", points).second, name == "square");
        }
    }

    void anIntervalsEndsAreSampled()
    {
        const auto samples = sample("x^2", 5, {-2, 2});
        QCOMPARE(samples->x, (std::vector<double>{-2, -1, 0, 1, 2}));
        QCOMPARE(samples->y, (std::vector<double>{4, 1, 0, 1, 4}));
        const TargetSamples square = sample(Target::Square, 11, {0, 1}); // goes on to the ends
        QCOMPARE(square.y.front(), 1.0);
        QCOMPARE(square.y.back(), 1.0);
        QCOMPARE(evaluate(Target::Square, 1, {-1, 2}), 0.0); // within an interval a zero is one
    }

    void oneMissingValueIsTheMeanOfThoseBesideIt_data()
    {
        QTest::addColumn<QString>("function");
        QTest::addColumn<double>("atZero");
        QTest::newRow("a limit") << "sin(x)/x" << 1.0;
        QTest::newRow("a jump") << "abs(x)/x" << 0.0;
        QTest::newRow("no limit") << "sin(1/x)" << 0.0;
    }

    /// Whether a sample falls on the gap is chance: the function is taken either way.
    void oneMissingValueIsTheMeanOfThoseBesideIt()
    {
        QFETCH(QString, function);
        QFETCH(double, atZero);
        QVERIFY(sample(function.toStdString(), 400, {}));
        const auto samples = sample(function.toStdString(), 401, {});
        QVERIFY2(samples, samples.error().message.c_str());
        QVERIFY(std::abs(samples->y[200] - atZero) < 1e-9);
    }

    void aValueThatIsNoneIsToldWithItsPlace_data()
    {
        QTest::addColumn<QString>("function");
        QTest::addColumn<QString>("says");
        QTest::newRow("division by zero") << "1/x"
                                          << "infinite at x = 0.";
        QTest::newRow("root") << "sqrt(x)"
                              << "no value at x = -1.";
        QTest::newRow("power") << "10^(400*x)"
                               << "too large to learn.";
        QTest::newRow("large") << "1e20*x"
                               << "too large to learn.";
    }

    void aValueThatIsNoneIsToldWithItsPlace()
    {
        QFETCH(QString, function);
        QFETCH(QString, says);
        const auto samples = sample(function.toStdString(), 401, {});
        QVERIFY(!samples);
        QCOMPARE(samples.error().kind, ErrorKind::Usage);
        QVERIFY2(QString::fromStdString(samples.error().message).contains(says),
                 samples.error().message.c_str());
        // function-fit refuses it before the run begins.
        const Result<void> refused =
            applied({{"function", function.toStdString()}, {"points", std::int64_t(401)}});
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.starts_with("function (“Function”): "),
                 refused.error().message.c_str());
    }

    void aPoleIsToldWhereverTheSamplesLie_data()
    {
        QTest::addColumn<QString>("function");
        QTest::addColumn<double>("at");
        QTest::newRow("1/x") << "1/x" << 0.0;
        QTest::newRow("even") << "1/x^2" << 0.0;
        QTest::newRow("elsewhere") << "1/(x-0.3)" << 0.3;
        QTest::newRow("even elsewhere") << "x + 1/(x-0.3)^2" << 0.3;
        QTest::newRow("tan") << "tan(2*x)" << qQNaN();
        QTest::newRow("many") << "1/sin(100*x+1)" << qQNaN();
        QTest::newRow("slow") << "log(abs(x))" << 0.0;
        QTest::newRow("slow, the other way") << "1000 + ln(abs(x-0.1))" << 0.1;
        QTest::newRow("weak") << "5 + 0.001/x" << 0.0;
        QTest::newRow("a root's") << "1/sqrt(abs(x-0.7))" << 0.7;
        QTest::newRow("under a wave") << "0.001/x + 10*sin(20*x)" << 0.0;
        QTest::newRow("to one side") << "exp(1/x)" << 0.0;
        QTest::newRow("a gap") << "sqrt(abs(x) - 0.0004)" << qQNaN();
    }

    void aPoleIsToldWhereverTheSamplesLie()
    {
        QFETCH(QString, function);
        QFETCH(double, at);
        for (const std::size_t points : {2u, 3u, 7u, 50u, 101u, 300u, 400u, 401u, 1000u, 9999u}) {
            const auto samples = sample(function.toStdString(), points, {});
            QVERIFY2(!samples, qPrintable(QString::number(points)));
            QCOMPARE(samples.error().kind, ErrorKind::Usage);
            const QString message = QString::fromStdString(samples.error().message);
            if (message.contains("without limit") && !std::isnan(at))
                QVERIFY2(message.contains(QString("near x = %1. ").arg(at)), qPrintable(message));
        }
    }

    void aFunctionWithoutPolesIsTaken_data()
    {
        QTest::addColumn<QString>("function");
        for (const char *function : {"x^3 - x",
                                     "3",
                                     "tan(1.5*x)",
                                     "sqrt(abs(x))",
                                     "1 - abs(x)^0.2",
                                     "sgn(x)",
                                     "floor(10*x)",
                                     "rint(7*x)/3",
                                     "sin(1000*x)",
                                     "1e6*exp(-x^2*1e8)",
                                     "1/(x^2+1e-8)",
                                     "exp(30*x)",
                                     "cbrt(x)",
                                     "asin(x)",
                                     "acos(x)",
                                     "abs(x) < 1e-9 ? 0 : sin(1/x)",
                                     "abs(x) < 1e-9 ? 1 : sin(x)/x",
                                     "x < 0 ? 0 : sqrt(x)",
                                     "abs(x) < 1e-7 ? 0.5 : (1-cos(x))/x^2",
                                     "x*log(abs(x)+1e-300)"})
            QTest::newRow(function) << function;
    }

    void aFunctionWithoutPolesIsTaken()
    {
        QFETCH(QString, function);
        for (const std::size_t points : {2u, 3u, 50u, 300u, 400u, 401u, 10000u}) {
            const auto samples = sample(function.toStdString(), points, {});
            QVERIFY2(samples, samples ? "" : samples.error().message.c_str());
        }
    }

    void anEmptyIntervalIsRefused()
    {
        for (const double high : {-1.0, -2.0}) {
            const Result<void> refused = applied({{"high", high}});
            QVERIFY(!refused);
            QVERIFY2(refused.error().message.find("interval is empty") != std::string::npos,
                     refused.error().message.c_str());
        }
        QVERIFY(applied({{"low", -2.0}, {"high", 2.0}, {"function", std::string("x^3 - x")}}));
    }

    void networksLearnAFunctionOfOnesOwn()
    {
        const auto experiment = *makeExperiment("function-fit");
        RunSpec spec = makeSpec(*experiment, Preset::Quick);
        *spec.find("function") = std::string("x^3 - x");
        *spec.find("low") = -2.0;
        *spec.find("high") = 2.0;
        *spec.find("points") = std::int64_t(21);
        *spec.find("epochs") = std::int64_t(40);
        QVERIFY(caption(spec, *experiment).find("function x^3 - x, lowest x -2, highest x 2")
                != std::string::npos);
        const auto runner = Runner::start(spec, {});
        QVERIFY(runner);
        RunData data(*experiment);
        test::runToEnd(**runner, data);
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        const SeriesPoints &target = data.findChart("fit")->find("target")->repeats[0];
        QCOMPARE(target.x, linspace(-2, 2, 21));
        QCOMPARE(target.y.front(), -6.0);
        QCOMPARE(target.y.back(), 6.0);
        const SeriesPoints &loss = data.findChart("loss")->find("shallow")->repeats[0];
        QVERIFY(loss.y.back() < loss.y.front());
    }
};

QTEST_GUILESS_MAIN(TestExpression)
#include "test_expression.moc"
