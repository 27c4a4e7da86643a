#include "base/names.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/rundata.h"
#include "lab/runspec.h"
#include "runs/eventqueue.h"
#include "runs/remainingtime.h"
#include "runs/trainingclock.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <thread>
#include <tuple>

using namespace losslab;

namespace {

/// One parameter of each kind.
class Sampler final : public Experiment
{
public:
    Sampler() : Experiment({.id = "sampler", .title = "Sampler", .question = {}, .promise = {}}) {}
    void run(Run &) override {}
    std::optional<Conflict> check() const override
    {
        if (count == 10 && rate > 0.9)
            return Conflict{"rate", "It is too high for a count of 10."};
        return std::nullopt;
    }

    Int count{this, "count", "Count", {.standard = 5, .min = 1, .max = 10, .quick = 2}};
    Int many{this, "many", "Many", {.standard = 400, .min = 2, .max = 10000}};
    Real rate{this, "rate", "Rate", {.standard = 0.5, .min = 0, .max = 1}};
    Flag flag{this, "flag", "Flag", {.standard = true}};
    Choice kind{
        this, "kind", "Kind", {.standard = "square", .options = {{"square", "Square"}, {"sinc", "Sinc"}}}};
    Text word{this,
              "word",
              "Word",
              {.standard = "plain",
               .options = {{"plain", "Plain"}},
               .takes = "a word in small letters",
               .accepts = [](std::string_view text) -> Result<void> {
                   if (text.find_first_of("ABC") != std::string_view::npos)
                       return usageError("It has capitals.");
                   return {};
               }}};
    Chart chart{this, "chart", "Chart", Axis{"x"}, Axis{"y"}, {.series = {{"b", "B"}, {"a", "A"}}}};
    Chart sorted{this, "sorted", "Sorted", Axis{"x"}, Axis{"y"}, {.series = {{"a", "A"}}, .sorted = true}};
    Table ranking{this, "ranking", "Ranking", {{"number", "Number"}, {"by", "By"}}, Rows::Sorted};
    Table log{this, "log", "Log", {{"number", "Number"}, {"by", "By"}}};
    Figure loss{this, "loss", "Loss"};
    Figure accuracy{this, "accuracy", "Accuracy"};
};

} // namespace

class TestLab : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTrainingClockStandsWhileAnythingHoldsTheRun()
    {
        const TrainingClock::Clock::time_point begun{};
        const auto at = [&](int seconds) { return begun + std::chrono::seconds(seconds); };
        TrainingClock clock(begun);
        QCOMPARE(clock.seconds(at(2)), 2.0);
        clock.hold(at(3));
        QCOMPARE(clock.seconds(at(5)), 3.0);
        clock.hold(at(5)); // paused while the disk is full
        clock.release(at(8));
        QCOMPARE(clock.seconds(at(9)), 3.0);
        clock.release(at(10));
        QCOMPARE(clock.seconds(at(14)), 7.0);
    }

    /// Of three models alike, one ends early and counts as done: the others go on as fast as before.
    void theRemainingTimeFollowsThePaceOfLate()
    {
        RemainingTime remaining;
        double left = -1;
        for (int second = 1; second <= 100; ++second)
            left = remaining.update(second, (second < 10 ? second : 1000 + 2.0 * second) / 3000);
        QVERIFY2(std::abs(left - 900) < 1, qPrintable(QString::number(left)));
        RemainingTime waiting;
        QVERIFY(waiting.update(0.5, 0.5) < 0);
        QVERIFY(waiting.update(2, 0.5) < 0); // nothing has been done since
    }

    void parametersAreCheckedAndExplained_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("becomes"); // empty: refused
        QTest::addColumn<QString>("says");
        QTest::newRow("int") << "count"
                             << " 7 "
                             << "7"
                             << "";
        QTest::newRow("int too large") << "count"
                                       << "11"
                                       << ""
                                       << "from 1 to 10";
        QTest::newRow("int with a fraction") << "count"
                                             << "2.5"
                                             << ""
                                             << "whole number";
        QTest::newRow("int with a tail") << "count"
                                         << "7x"
                                         << ""
                                         << "7x";
        QTest::newRow("int beyond 64 bits") << "count"
                                            << "99999999999999999999"
                                            << ""
                                            << "from 1 to 10";
        QTest::newRow("empty") << "count"
                               << ""
                               << ""
                               << "from 1 to 10";
        QTest::newRow("real") << "rate"
                              << "1e-3"
                              << "0.001"
                              << "";
        QTest::newRow("real from a whole number") << "rate"
                                                  << "1"
                                                  << "1"
                                                  << "";
        QTest::newRow("real below") << "rate"
                                    << "-0.1"
                                    << ""
                                    << "from 0 to 1";
        QTest::newRow("not a number") << "rate"
                                      << "nan"
                                      << ""
                                      << "from 0 to 1";
        QTest::newRow("a comma for a point") << "rate"
                                             << "0,5"
                                             << ""
                                             << "Write 0.5: decimals have a point.";
        QTest::newRow("commas between thousands") << "many"
                                                  << "9,000"
                                                  << ""
                                                  << "Write 9000, without commas.";
        QTest::newRow("a comma that nothing helps") << "rate"
                                                    << "0,5,5"
                                                    << ""
                                                    << "from 0 to 1, not “0,5,5”.";
        QTest::newRow("large limits") << "many"
                                      << "1"
                                      << ""
                                      << "a whole number from 2 to 10,000";
        QTest::newRow("flag") << "flag"
                              << "off"
                              << "false"
                              << "";
        QTest::newRow("flag wrong") << "flag"
                                    << "maybe"
                                    << ""
                                    << "true or false";
        QTest::newRow("choice") << "kind"
                                << "sinc"
                                << "sinc"
                                << "";
        QTest::newRow("choice misspelt") << "kind"
                                         << "sqare"
                                         << ""
                                         << "Did you mean square?";
        QTest::newRow("choice in other letters") << "kind"
                                                 << "SQUARE"
                                                 << "square"
                                                 << "";
        QTest::newRow("text") << "word"
                              << " of  one's own "
                              << "of  one's own"
                              << "";
        QTest::newRow("named text") << "word"
                                    << "plain"
                                    << "plain"
                                    << "";
        QTest::newRow("text refused") << "word"
                                      << "ABC"
                                      << ""
                                      << "word (“Word”): It has capitals.";
    }

    void parametersAreCheckedAndExplained()
    {
        QFETCH(QString, key);
        QFETCH(QString, typed);
        QFETCH(QString, becomes);
        QFETCH(QString, says);
        const Sampler sampler;
        const Result<Value> value =
            sampler.findParameter(key.toStdString())->info().parse(typed.toStdString());
        QCOMPARE(value.has_value(), !becomes.isEmpty());
        if (value) {
            QCOMPARE(QString::fromStdString(toText(*value)), becomes);
        } else {
            QCOMPARE(value.error().kind, ErrorKind::Usage);
            QVERIFY2(value.error().message.find(says.toStdString()) != std::string::npos,
                     value.error().message.c_str());
        }
    }

    void numbersOfEitherHabitAreRead_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("whole");
        QTest::addColumn<QString>("plain");
        QTest::newRow("decimal comma") << QStringLiteral("0,5") << false << QStringLiteral("0.5");
        QTest::newRow("decimal comma and exponent")
            << QStringLiteral("1,5e-3") << false << QStringLiteral("1.5e-3");
        QTest::newRow("decimal point") << QStringLiteral("0.5") << false << QStringLiteral("0.5");
        QTest::newRow("grouped by spaces") << QStringLiteral("20 000") << true << QStringLiteral("20000");
        QTest::newRow("grouped by narrow spaces")
            << QStringLiteral("20\u202f000") << true << QStringLiteral("20000");
        QTest::newRow("grouped by commas")
            << QStringLiteral("1,000,000") << true << QStringLiteral("1000000");
        QTest::newRow("one group of either meaning")
            << QStringLiteral("1,000") << false << QStringLiteral("1,000");
        QTest::newRow("no grouping") << QStringLiteral("1,5") << true << QStringLiteral("1,5");
        QTest::newRow("true minus") << QStringLiteral("−3") << true << QStringLiteral("-3");
        QTest::newRow("two commas") << QStringLiteral("1,2,3") << false << QStringLiteral("1,2,3");
    }

    void numbersOfEitherHabitAreRead()
    {
        QFETCH(QString, typed);
        QFETCH(bool, whole);
        QFETCH(QString, plain);
        const Limits limits{.min = -1e9, .max = 1e9};
        const IntKind integers(limits);
        const RealKind reals(limits);
        const ValueKind &kind = whole ? static_cast<const ValueKind &>(integers) : reals;
        QCOMPARE(QString::fromStdString(kind.plain(typed.toStdString())), plain);
    }

    void fieldsAreToldWhatToEnter()
    {
        const Sampler sampler;
        const auto problem = [&](const char *key, const char *typed) {
            return QString::fromStdString(sampler.findParameter(key)->info().problem(typed));
        };
        QCOMPARE(problem("many", "7"), QString());
        QCOMPARE(problem("many", "1"), QString("Enter a whole number from 2 to 10,000."));
        QCOMPARE(problem("many", "10,000"), QString("Write 10000, without commas."));
        QCOMPARE(problem("many", "1,5"), QString("Enter a whole number from 2 to 10,000.")); // not 15
        QCOMPARE(problem("rate", "0,5"), QString("Write 0.5: decimals have a point."));
        QCOMPARE(problem("rate", "7,5"), QString("Enter a number from 0 to 1."));
        QCOMPARE(problem("kind", "none"), QString("Choose one of square, sinc."));
        QCOMPARE(problem("flag", "perhaps"), QString("Choose true or false."));
    }

    void valuesThatDoNotGoTogetherAreRefused()
    {
        Sampler sampler;
        RunSpec spec = makeSpec(sampler, Preset::Report);
        *spec.find("count") = std::int64_t(10);
        QVERIFY(applyParameters(spec, sampler));
        *spec.find("rate") = 1.0;
        const Result<void> refused = applyParameters(spec, sampler);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Usage);
        QCOMPARE(refused.error().message, std::string("rate (“Rate”): It is too high for a count of 10."));
    }

    void aSpecIsAppliedOrRefusedByName()
    {
        Sampler sampler;
        RunSpec spec = makeSpec(sampler, Preset::Quick);
        QCOMPARE(toText(*spec.find("count")), std::string("2"));
        QVERIFY(changedParameters(spec, sampler).empty());
        *spec.find("rate") = 0.25;
        QCOMPARE(changedParameters(spec, sampler), std::vector<std::string>{"rate 0.25"});
        QVERIFY(applyParameters(spec, sampler));
        QCOMPARE(double(sampler.rate), 0.25);
        QCOMPARE(std::int64_t(sampler.count), std::int64_t(2));

        spec.parameters.emplace_back("cuont", std::int64_t(3));
        const Result<void> refused = applyParameters(spec, sampler);
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("did you mean count?") != std::string::npos);
    }

    void numbersAsTextReadBackToTheSame()
    {
        for (const double number : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e21}) {
            const std::string text = toText(number);
            QCOMPARE(QByteArray::fromStdString(text).toDouble(), number);
            QVERIFY(text.find(',') == std::string::npos);
        }
    }

    void theQueueKeepsOrderAndIsBounded()
    {
        EventQueue queue(4);
        std::thread worker([&] {
            for (int i = 0; i < 1000; ++i)
                queue.put(PointEvent{"c", "s", 0, double(i), 0, {}});
        });
        std::vector<double> seen;
        while (seen.size() < 1000) {
            const std::vector<Event> events = queue.waitTake(std::chrono::milliseconds(1000));
            QVERIFY(events.size() <= 4);
            for (const Event &event : events)
                seen.push_back(std::get<PointEvent>(event).x);
        }
        worker.join();
        for (std::size_t i = 0; i < seen.size(); ++i)
            QCOMPARE(seen[i], double(i));
    }

    void theTakerIsWokenByManyEventsOrAnUrgentOne()
    {
        constexpr std::chrono::hours forever(1); // a queue that does not wake the taker hangs here
        EventQueue queue(4);
        queue.put(StateEvent{});
        QCOMPARE(queue.waitTake(std::chrono::milliseconds(1)).size(), std::size_t(1));
        queue.put(StateEvent{});
        queue.put(StateEvent{});
        QCOMPARE(queue.waitTake(forever).size(), std::size_t(2));
        queue.putNow(StateEvent{});
        QCOMPARE(queue.waitTake(forever).size(), std::size_t(1));
        std::thread worker([&] { queue.close(); });
        QVERIFY(queue.waitTake(forever).empty());
        worker.join();
    }

    void aClosedQueueLetsTheWorkerGo()
    {
        EventQueue queue(1);
        queue.put(StateEvent{});
        std::thread worker([&] { QVERIFY(!queue.put(StateEvent{})); });
        queue.close();
        worker.join();
        QVERIFY(!queue.put(StateEvent{}));
    }

    void runDataPutsEventsTogether()
    {
        const Sampler sampler;
        RunData data(sampler);
        QVERIFY(data.findChart("chart")->empty());
        data.apply(PointEvent{"chart", "run10", 0, 1, 1, {}});
        data.apply(PointEvent{"chart", "run2", 0, 1, 1, {}});
        data.apply(PointEvent{"chart", "a", 0, 1, 2, {}});
        data.apply(PointEvent{"chart", "b", 0, 1, 3, {}});
        data.apply(PointEvent{"chart", "b", 0, 2, 4, "named"});
        const ChartData &chart = *data.findChart("chart");
        QStringList order;
        for (const SeriesData &series : chart.series)
            order << QString::fromStdString(series.key);
        QCOMPARE(order, (QStringList{"b", "a", "run2", "run10"})); // as declared, then in natural order
        QCOMPARE(chart.find("b")->repeats[0].labels, (std::vector<std::string>{"", "named"}));

        data.apply(CurveEvent{"chart", "a", 0, {5, 6, 7}, {1, 2, 3}, true});
        QCOMPARE(data.findChart("chart")->find("a")->repeats[0].x, (std::vector<double>{5, 6, 7}));
        QCOMPARE(data.findChart("chart")->find("a")->repeats[0].replaced, std::uint64_t(1));

        data.apply(FigureEvent{"m2", "accuracy", 0, 0.5});
        data.apply(FigureEvent{"m1", "accuracy", 0, 0.9});
        data.apply(FigureEvent{"m1", "loss", 0, 1.0});
        data.apply(FigureEvent{"m1", "loss", 2, 3.0});
        QCOMPARE(data.figures()[0].figure, std::string("loss"));
        QCOMPARE(data.figures()[0].mean(), 2.0); // the repeat without a figure does not count
        QCOMPARE(data.figures()[0].deviation(), std::sqrt(2.0));
        QCOMPARE(data.figures()[2].model, std::string("m2"));
    }

    void sortedChartsKeepPointsByXWhoeverCameFirst()
    {
        std::vector<Event> events;
        for (const auto &[x, y, label] : {std::tuple(500.0, 1.0, ""), std::tuple(100.0, 2.0, "first"),
                                          std::tuple(300.0, 4.0, ""), std::tuple(300.0, 3.0, "lower")})
            for (const int repeat : {0, 1})
                events.emplace_back(PointEvent{"sorted", "a", repeat, x, y, label});
        std::mt19937 order(1);
        for (int round = 0; round < 10; ++round) {
            std::shuffle(events.begin(), events.end(), order);
            RunData data{Sampler()};
            for (const Event &event : events)
                data.apply(event);
            for (const SeriesPoints &points : data.findChart("sorted")->find("a")->repeats) {
                QCOMPARE(points.x, (std::vector<double>{100, 300, 300, 500}));
                QCOMPARE(points.y, (std::vector<double>{2, 3, 4, 1}));
                QCOMPARE(points.labels, (std::vector<std::string>{"first", "lower", "", ""}));
            }
        }
    }

    /// Two repeats, three times as many points as are kept, and here and there one that stands out.
    void longSeriesKeepTheirExtremesInBoundedMemory()
    {
        RunData data{Sampler()};
        const auto count = static_cast<int>(SeriesData::mostPoints * 3 / 2);
        std::mt19937 random(1);
        std::set<std::pair<int, int>> spikes{{1, count}}; // the very last point among them
        while (spikes.size() < 200)
            spikes.emplace(int(random() % 2), int(random() % unsigned(count)) + 1);
        std::uniform_real_distribution<double> noise(0, 1);
        for (const int repeat : {0, 1})
            for (int epoch = 1; epoch <= count; ++epoch) {
                const double stands = spikes.contains({repeat, epoch}) ? (epoch % 2 == 0 ? 10 : -10) : 0;
                data.apply(PointEvent{"chart", "a", repeat, double(epoch), stands + noise(random), {}});
            }
        data.apply(StateEvent{RunState::Finished});

        QVERIFY(data.findChart("chart")->isThinned());
        std::size_t kept = 0;
        std::set<std::pair<int, int>> seen;
        for (const int repeat : {0, 1}) {
            const SeriesPoints &points = data.findChart("chart")->find("a")->repeats[std::size_t(repeat)];
            kept += points.x.size();
            QCOMPARE(points.y.size(), points.x.size());
            QVERIFY(std::is_sorted(points.x.begin(), points.x.end(), std::less_equal<>()));
            for (std::size_t i = 0; i < points.x.size(); ++i)
                if (std::abs(points.y[i] - 0.5) > 5)
                    seen.emplace(repeat, int(points.x[i]));
        }
        QVERIFY(kept <= SeriesData::mostPoints);
        QVERIFY(kept > SeriesData::mostPoints / 4);
        QCOMPARE(seen, spikes);
    }

    void whoDrawsIsToldWhenPointsMoved()
    {
        RunData data{Sampler()};
        const auto replaced = [&](double x) {
            const ChartData &chart = *data.findChart("sorted");
            const std::uint64_t before = chart.find("a") ? chart.find("a")->repeats[0].replaced : 0;
            data.apply(PointEvent{"sorted", "a", 0, x, 0, {}});
            return data.findChart("sorted")->find("a")->repeats[0].replaced != before;
        };
        QVERIFY(!replaced(1));
        QVERIFY(!replaced(3)); // behind all others
        QVERIFY(replaced(2));
    }

    /// Between two redraws a chart reads what it holds, whatever the run tells meanwhile.
    void pointsThatAreHeldStay_data()
    {
        QTest::addColumn<QString>("chart");
        QTest::addColumn<std::size_t>("count");
        QTest::addColumn<bool>("replaced");
        QTest::newRow("appended") << "chart" << std::size_t(5000) << false;
        QTest::newRow("put between others") << "sorted" << std::size_t(5000) << false;
        QTest::newRow("thinned") << "chart" << SeriesData::mostPoints << false;
        QTest::newRow("replaced") << "chart" << std::size_t(1) << true;
    }

    void pointsThatAreHeldStay()
    {
        QFETCH(QString, chart);
        QFETCH(std::size_t, count);
        QFETCH(bool, replaced);
        RunData data{Sampler()};
        const auto tell = [&](double x) {
            data.apply(PointEvent{chart.toStdString(), "a", 0, x, 10 * x, {}});
        };
        for (const double x : {2.0, 4.0, 6.0})
            tell(x);
        const auto points = [&]() -> const SeriesPoints & {
            return data.findChart(chart.toStdString())->find("a")->repeats[0];
        };
        // The copy is what is tested.
        const SeriesPoints held = points(); // NOLINT(performance-unnecessary-copy-initialization)
        const double *x = held.x.data(), *y = held.y.data();
        QCOMPARE(points().y.data(), y); // no copy: the memory is shared
        if (replaced)
            data.apply(CurveEvent{"chart", "a", 0, {7}, {8}});
        for (std::size_t i = 0; !replaced && i < count; ++i)
            tell(chart == "sorted" && i % 2 == 0 ? 3 : 7 + double(i));
        QVERIFY(points().x.data() != x);
        QCOMPARE(held.x.data(), x);
        QCOMPARE(held.x, (std::vector<double>{2, 4, 6}));
        QCOMPARE(held.y.data(), y);
        QCOMPARE(held.y, (std::vector<double>{20, 40, 60}));
        QCOMPARE(points().x.size(), points().y.size());
    }

    void anExperimentWithoutFiguresLacksNone()
    {
        class Plain final : public Experiment
        {
        public:
            Plain() : Experiment({.id = "plain", .title = "Plain", .question = {}, .promise = {}}) {}
            void run(Run &) override {}
        };
        RunData data{Plain()};
        data.apply(StateEvent{RunState::Finished});
        QCOMPARE(data.whyNoFigures(RunState::Finished), std::string());
    }

    /// A picture of a run that was stopped must not pass for a whole one.
    void aPictureSaysThatItsRunHasNotFinished()
    {
        const Sampler sampler;
        const RunSpec spec = makeSpec(sampler, Preset::Report);
        RunData data{Sampler()};
        for (const RunState state :
             {RunState::Running, RunState::Stopped, RunState::Failed, RunState::Finished}) {
            data.apply(StateEvent{state});
            QCOMPARE(pictureCaption(spec, sampler, data),
                     caption(spec, sampler) + (state == RunState::Finished ? "" : " · not finished"));
        }
        data.markIncomplete(); // as a reader does that could not take every line
        QCOMPARE(pictureCaption(spec, sampler, data),
                 caption(spec, sampler) + " · part of it cannot be read");
    }

    /// Once and short: what most models have, then the others; nothing where all are alike, or where each of
    /// many has its own, which its name says then.
    void aPictureSaysWhatItsModelsDifferIn()
    {
        const Sampler sampler;
        const RunSpec spec = makeSpec(sampler, Preset::Report);
        RunData data{Sampler()};
        const auto train = [&](const std::string &model, const std::string &engine,
                               const std::string &optimizer) {
            data.apply(
                TrainingEvent{model, {{"engine", engine}, {"optimizer", optimizer}, {"activation", "relu"}}});
        };
        const auto added = [&] {
            return QString::fromStdString(
                pictureCaption(spec, sampler, data).substr(caption(spec, sampler).size()));
        };
        data.apply(StateEvent{RunState::Finished});
        train("a", "lanes", "adam");
        train("b", "lanes", "adam");
        QCOMPARE(added(), QString());
        train("c", "autograd", "adam");
        QCOMPARE(added(), QStringLiteral(" · engine lanes (c: autograd)"));
        train("d", "autograd", "sgd, momentum 0.9");
        train("e", "lanes", "adam");
        QCOMPARE(added(),
                 QStringLiteral(" · engine lanes (c, d: autograd) · optimizer adam (d: sgd, momentum 0.9)"));
        for (const char *model : {"a", "b", "c", "d", "e"})
            train(model, "lanes", "adam, learning rate 0.1");
        train("b", "lanes", "adam, learning rate 0.2, weight decay 0.3");
        QCOMPARE(added(), QStringLiteral(" · optimizer lr 0.1 (B: lr 0.2, decay 0.3)"));
        for (const char *model : {"a", "b", "c", "d", "e"})
            train(model, "lanes", std::string("adam, learning rate 0.") + model);
        QCOMPARE(added(), QString());
    }

    void copiesOfSharedValuesGoTheirOwnWays()
    {
        SharedVector<int> one{1, 2};
        SharedVector<int> other = one;
        one.push_back(3);
        other.push_back(4); // in memory of its own: the third place is taken
        QCOMPARE(one, (std::vector<int>{1, 2, 3}));
        QCOMPARE(other, (std::vector<int>{1, 2, 4}));
        const SharedVector<int> held = one; // NOLINT(performance-unnecessary-copy-initialization)
        one.insert(1, 9);
        QCOMPARE(one, (std::vector<int>{1, 9, 2, 3}));
        QCOMPARE(held, (std::vector<int>{1, 2, 3}));
    }

    void sortedTablesKeepRowsByRepeatAndFirstColumn()
    {
        RunData data{Sampler()};
        const std::vector<std::pair<int, std::int64_t>> added{{1, 2}, {0, 10}, {0, 9}, {1, 1}, {0, 9}};
        std::int64_t by = 0;
        for (const auto &[repeat, number] : added)
            for (const char *table : {"ranking", "log"})
                data.apply(RowEvent{table, repeat, {{"number", number}, {"by", by++}}});
        const auto numbers = [](const TableData &table) {
            std::vector<std::pair<int, std::int64_t>> found;
            for (const RowEvent &row : table.rows)
                found.emplace_back(row.repeat, std::get<std::int64_t>(row.cells[0].second));
            return found;
        };
        QCOMPARE(numbers(data.tables()[0]),
                 (std::vector<std::pair<int, std::int64_t>>{{0, 9}, {0, 9}, {0, 10}, {1, 1}, {1, 2}}));
        QVERIFY(std::get<std::int64_t>(data.tables()[0].rows[0].cells[1].second)
                < std::get<std::int64_t>(data.tables()[0].rows[1].cells[1].second)); // equals as they came
        QCOMPARE(numbers(data.tables()[1]), added);
    }

    void annotationsTakeEachOthersPlace()
    {
        RunData data{Sampler()};
        data.apply(PointEvent{"chart", "a", 0, 1, 1, {}});
        const std::uint64_t before = data.findChart("chart")->revision;
        data.apply(AnnotationEvent{"chart", 0, "share: 40 %", {{0.1, "chance"}}});
        data.apply(AnnotationEvent{"chart", 0, "share: 60 %", {{7, "limit", true}, {8, "other"}}, true});
        const ChartData &chart = *data.findChart("chart");
        QCOMPARE(chart.remark, std::string("share: 60 %"));
        QCOMPARE(chart.lines, (std::vector<ReferenceLine>{{7, "limit", true}, {8, "other"}}));
        QVERIFY(chart.revision != before);
        QCOMPARE(chart.find("a")->repeats[0].x, std::vector<double>{1});
    }

    /// R: quantile(c(1, 4, 9, 16, 25, 36), type = 7); NumPy: percentile() of the same.
    void quartilesAreLinearBetweenOrderStatistics()
    {
        const std::vector<double> squares{1, 4, 9, 16, 25, 36};
        QCOMPARE(quantile(squares, 0.25), 5.25);
        QCOMPARE(quantile(squares, 0.5), 12.5);
        QCOMPARE(quantile(squares, 0.75), 22.75);
        QCOMPARE(quantile(std::vector<double>{1, 2, 3, 4, 5}, 0.25), 2.0);
        QCOMPARE(quantile(std::vector<double>{7}, 0.75), 7.0);
        QVERIFY(std::isnan(quantile({}, 0.5)));
    }

    void aSummaryLeavesOutWhatIsNoNumber()
    {
        const Summary summary = summaryOf({4, 1, NAN, 10});
        QCOMPARE(summary.count, std::size_t(3));
        QCOMPARE(summary.mean, 5.0);
        QCOMPARE(summary.deviation, std::sqrt(21.0));
        QCOMPARE(summary.median, 4.0);
        QCOMPARE(summary.lowerQuartile, 2.5);
        QCOMPARE(summary.least, 1.0);
        QCOMPARE(summary.greatest, 10.0);
        QCOMPARE(summaryOf({1, 2, INFINITY}).median, 2.0); // one that diverged pulls it nowhere
        const auto text = [](double value) { return toText(value); };
        QCOMPARE(summaryText(summary, Spread::Median, text), std::string("4 (1 – 10)"));
        QCOMPARE(summaryText(summaryOf({2, 4, 6}), Spread::Mean, text), std::string("4 ± 2"));
        QCOMPARE(summaryText(summaryOf({3, 3}), Spread::Median, text), std::string("3"));
    }

    void seedsThatHaveEndedKeepTheirLastValue()
    {
        const std::vector<SeriesPoints> seeds{{{1, 2, 3}, {8, 6, 4}, {}}, {{1, 2}, {4, 1}, {}}, {}};
        const auto mean = spreadOf(seeds, Spread::Mean);
        QVERIFY(mean);
        QCOMPARE(mean->seeds, std::size_t(2));
        QCOMPARE(mean->x, (std::vector<double>{1, 2, 3}));
        QCOMPARE(mean->centre, (std::vector<double>{6, 3.5, 2.5})); // not 4 at the end
        QCOMPARE(mean->high[2] - mean->centre[2], std::sqrt(4.5));
        QVERIFY(mean->least.empty());
        const auto median = spreadOf(seeds, Spread::Median);
        QCOMPARE(median->centre, mean->centre);
        QCOMPARE(median->low, (std::vector<double>{5, 2.25, 1.75}));
        QCOMPARE(median->high, (std::vector<double>{7, 4.75, 3.25}));
        QCOMPARE(median->least, (std::vector<double>{4, 1, 1}));
        QCOMPARE(median->greatest, (std::vector<double>{8, 6, 4}));
    }

    void seedsWithoutCommonXAreNotSummedUp()
    {
        const std::vector<SeriesPoints> apart{{{1, 2, 3}, {8, 6, 4}, {}}, {{1.5, 2}, {4, 1}, {}}};
        for (const Spread spread : allSpreads)
            QVERIFY(!spreadOf(apart, spread));
        const std::vector<SeriesPoints> one{{{1, 2}, {3, 14}, {}}};
        QVERIFY(!spreadOf(one, Spread::Median));
    }

    void theSeedInTrainingIsKnown()
    {
        RunData data{Sampler()};
        const auto unfinished = [&] { return data.findChart("chart")->unfinished; };
        QVERIFY(!unfinished());
        data.apply(PointEvent{"sorted", "a", 0, 1, 1, {}});
        QCOMPARE(unfinished(), std::optional<std::size_t>(0));
        data.apply(PointEvent{"chart", "a", 2, 1, 1, {}});
        QCOMPARE(unfinished(), std::optional<std::size_t>(2));
        RunData stopped = data;
        stopped.apply(StateEvent{RunState::Stopped});
        QCOMPARE(stopped.findChart("chart")->unfinished, std::optional<std::size_t>(2));
        data.apply(StateEvent{RunState::Finished});
        QVERIFY(!unfinished());
    }

    void whatIsLiveGoesWhenTheEpochsPointComes()
    {
        RunData data{Sampler()};
        const auto live = [&]() -> const SeriesPoints & { return data.findChart("chart")->find("a")->live; };
        data.apply(LiveEvent{"chart", "a", 0, 0.25, 9});
        data.apply(LiveEvent{"chart", "a", 0, 0.5, 8});
        QCOMPARE(live().x, (std::vector<double>{0.25, 0.5}));
        QVERIFY(data.findChart("chart")->empty()); // for exports and tables there is nothing yet
        data.apply(PointEvent{"chart", "a", 0, 1, 7, {}});
        QVERIFY(live().x.empty());
        data.apply(LiveEvent{"chart", "a", 0, 1.5, 6});
        QCOMPARE(live().y, std::vector<double>{6});
        data.apply(LiveEvent{"chart", "a", 0, 1.5, 5}); // at one place: the latest
        QCOMPARE(live().y, std::vector<double>{5});
        QCOMPARE(data.findChart("chart")->find("a")->repeats[0].x, std::vector<double>{1});
        data.apply(StateEvent{RunState::Stopped});
        QVERIFY(live().x.empty());
    }

    void unknownExperimentsAreNamedWithTheNearest()
    {
        const auto refused = makeExperiment("gradient-nrom");
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("did you mean gradient-norm?") != std::string::npos);
        QCOMPARE(nearestName("something-else-entirely", {"cnn-mnist", "gradient-norm"}), std::string());
    }

    /// What one meant begins as what one typed, however much is missing.
    void namesThatBeginSoComeBeforeNearOnes()
    {
        for (const std::vector<std::string> &names : {std::vector<std::string>{"kmnist", "emnist-letters"},
                                                      std::vector<std::string>{"emnist-letters", "kmnist"}})
            QCOMPARE(nearestName("emnist", names), std::string("emnist-letters"));
        QCOMPARE(nearestName("cnn", {"cnn-mnist-and-more", "cnn-mnist", "cnn-mnist-too"}),
                 std::string("cnn-mnist"));
        QCOMPARE(nearestName("mnits", {"kmnist", "mnist"}), std::string("mnist"));
        QCOMPARE(nearestName("", {"cnn-mnist"}), std::string());
        QCOMPARE(nearestName("--", {"--seeds", "--data"}), std::string());
    }
};

QTEST_GUILESS_MAIN(TestLab)
#include "test_lab.moc"
