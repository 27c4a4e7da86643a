#include "base/crc32c.h"
#include "base/platform.h"
#include "data/safetensors.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "runs/csv.h"
#include "runs/export.h"
#include "runs/journalline.h"
#include "runs/journalwriter.h"
#include "runs/runfolder.h"
#include "runs/runlibrary.h"
#include "runs/runrecord.h"

#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>
#include <algorithm>
#include <bit>
#include <cinttypes>
#include <clocale>
#include <fmt/format.h>
#include <limits>
#include <locale>
#include <set>
#include <sstream>
#include <sys/stat.h>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Values whose text is easily got wrong.
const std::vector<double> awkward{0.1,  1.0 / 3, 5e-324,     1e308,    -0.0,     0.0, 4, 123456789012345680.0,
                                  1e21, -1e-7,   notANumber, infinity, -infinity};

/// An experiment as a student might declare it, for what the summary and the CSV files take from a
/// declaration.
class Probe final : public Experiment
{
public:
    Probe() : Experiment({"probe", "Probe", "Does it hold?", "Nothing is to be seen."}) {}
    void run(Run &) override {}

private:
    Choice m_function{
        this, "function", "Function", {.standard = "sinc", .options = {{"sinc", ""}, {"square", ""}}}};
    Figure m_loss{this,
                  "final-loss",
                  "Final loss",
                  Format::Number,
                  {{.model = "deep", .value = 0.0013, .where = {{"function", {"square"}}}},
                   {.model = "deep", .value = 0.000995},
                   {.model = "middle", .value = 0.5, .upTo = 0.75}}};
};

RunSpec registeredSpec(int repeats = 1, const Experiment &experiment = *registry().front()())
{
    RunSpec spec = makeSpec(experiment, Preset::Quick);
    spec.repeats = repeats;
    spec.seed = 18446744073709551615u;
    spec.device = Device::Cpu;
    spec.threads = 3;
    return spec;
}

const RunFacts facts{"0.1.0", "2.13.0", "cpu: a “fast” one", "b06d", {}, "2026-11-24T10:15:30Z", ""};

/// Equal to the last bit, the sign of zero included; all not-a-numbers are one.
bool sameNumbers(std::span<const double> a, std::span<const double> b)
{
    const auto bits = [](double value) {
        return std::bit_cast<std::uint64_t>(value == value ? value : notANumber);
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](double x, double y) { return bits(x) == bits(y); });
}

void compareData(const RunData &actual, const RunData &expected)
{
    QCOMPARE(actual.charts().size(), expected.charts().size());
    for (std::size_t c = 0; c < expected.charts().size(); ++c) {
        const ChartData &a = actual.charts()[c], &b = expected.charts()[c];
        QCOMPARE(a.id, b.id);
        QCOMPARE(a.remark, b.remark);
        QVERIFY(a.lines == b.lines);
        QCOMPARE(a.series.size(), b.series.size());
        for (std::size_t s = 0; s < b.series.size(); ++s) {
            QCOMPARE(a.series[s].key, b.series[s].key);
            QCOMPARE(a.series[s].repeats.size(), b.series[s].repeats.size());
            for (std::size_t r = 0; r < b.series[s].repeats.size(); ++r) {
                QVERIFY(sameNumbers(a.series[s].repeats[r].x, b.series[s].repeats[r].x));
                QVERIFY(sameNumbers(a.series[s].repeats[r].y, b.series[s].repeats[r].y));
                QCOMPARE(a.series[s].repeats[r].labels, b.series[s].repeats[r].labels);
            }
        }
    }
    QCOMPARE(actual.tables().size(), expected.tables().size());
    for (std::size_t t = 0; t < expected.tables().size(); ++t) {
        const TableData &a = actual.tables()[t], &b = expected.tables()[t];
        QCOMPARE(a.id, b.id);
        QCOMPARE(a.rows.size(), b.rows.size());
        for (std::size_t r = 0; r < b.rows.size(); ++r) {
            QCOMPARE(a.rows[r].repeat, b.rows[r].repeat);
            QVERIFY(a.rows[r].cells == b.rows[r].cells);
        }
    }
    QCOMPARE(actual.figures().size(), expected.figures().size());
    for (std::size_t f = 0; f < expected.figures().size(); ++f) {
        QCOMPARE(actual.figures()[f].model, expected.figures()[f].model);
        QCOMPARE(actual.figures()[f].figure, expected.figures()[f].figure);
        QVERIFY(sameNumbers(actual.figures()[f].values, expected.figures()[f].values));
    }
}

/// One that has a table.
std::unique_ptr<Experiment> withTable()
{
    return std::move(*makeExperiment("weight-pca"));
}

/// One of every kind of event that is kept, of two repeats of withTable().
std::vector<Event> keptEvents()
{
    std::vector<Event> events;
    for (int repeat = 0; repeat < 2; ++repeat) {
        for (std::size_t i = 0; i < awkward.size(); ++i) {
            events.emplace_back(PointEvent{"pca-model", "run0", repeat, static_cast<double>(i), awkward[i]});
            events.emplace_back(
                PointEvent{"pca-model", "not declared", repeat, awkward[i], 1, "label \"ü\", \\ and\nline"});
        }
        events.emplace_back(CurveEvent{"pca-layer1", "run0", repeat, {1, 2, 3}, {0.5, notANumber, -1}, true});
        events.emplace_back(CurveEvent{"pca-layer1", "run0", repeat, {-1, 1}, {7, infinity}, true});
        events.emplace_back(
            AnnotationEvent{"pca-layer1", repeat, "replaced by the next", {{3, "gone"}}, true});
        events.emplace_back(AnnotationEvent{"pca-layer1",
                                            repeat,
                                            "share “1”: 40 %\n\\",
                                            {{0.1, "chance, 10 %"}, {-infinity, "x \"=\" 1", true}},
                                            true});
        events.emplace_back(RowEvent{"points",
                                     repeat,
                                     {{"x", 3.0},
                                      {"y", std::int64_t{3}},
                                      {"epoch", 1e22},
                                      {"run", -0.0},
                                      {"accuracy", true},
                                      {"loss", std::string("ä,\"")}}});
        events.emplace_back(RowEvent{"points",
                                     repeat,
                                     {{"x", -infinity},
                                      {"y", 1e-9},
                                      {"epoch", 5e-324},
                                      {"run", std::int64_t{-1}},
                                      {"accuracy", false},
                                      {"loss", std::string()}}});
        events.emplace_back(FigureEvent{"run0", "variance-1", repeat, repeat == 0 ? 0.1 : notANumber});
        events.emplace_back(FigureEvent{"another", "variance-1", repeat, 2.0 / 3});
    }
    return events;
}

std::string journalOf(const std::vector<Event> &events)
{
    JournalWriter writer;
    std::string text;
    for (const Event &event : events)
        writer.write(event, "model", text);
    return text;
}

std::string withoutSums(std::string journal)
{
    const std::string begin = ",\"crc\":\"";
    for (std::size_t at = journal.find(begin); at != std::string::npos; at = journal.find(begin, at))
        journal.erase(at, begin.size() + 9);
    return journal;
}

/// A line with the number and the fields of this object, whole.
std::string summed(const std::string &object)
{
    std::uint64_t number = 0;
    const auto comma = object.find(',');
    if (std::sscanf(object.c_str(), "{\"seq\":%" SCNu64 ",", &number) != 1 || object.back() != '}')
        return object + '\n';
    std::string line;
    appendJournalLine(line, number, object.substr(comma + 1, object.size() - comma - 2));
    return line;
}

/// A finished run's folder with so many points.
void writeRun(const fs::path &folder, const std::vector<Event> &events, int repeats = 1,
              std::unique_ptr<Experiment> experiment = registry().front()())
{
    RunData data(*experiment);
    auto run = RunFolder::create(folder, registeredSpec(repeats, *experiment), facts);
    VERIFY_RESULT(run);
    for (const Event &event : events) {
        data.apply(event);
        (*run)->append(event, "model");
    }
    RunFacts ended = facts;
    ended.ended = "2026-11-24T10:16:00Z";
    VERIFY_RESULT((*run)->finish(*experiment, data, RunState::Stopped, "Stopped by “me”.", ended));
}

const std::vector<Event> twoPoints{PointEvent{"loss", "deep", 0, 1, 0.5},
                                   PointEvent{"loss", "deep", 0, 2, 0.25}};

/// Decimal commas and points between thousands, as in German.
class Commas : public std::numpunct<char>
{
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

} // namespace

class TestStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theJournalsLinesAreAsDocumented()
    {
        QCOMPARE(
            withoutSums(journalOf({
                PointEvent{"loss", "deep", 0, 4, 0.31},
                PointEvent{"path", "run0", 1, -0.0, notANumber, "97"},
                PointEvent{"loss", "deep", 0, infinity, -infinity},
                CurveEvent{"fit", "deep", 0, {1}, {1}, false},
                CurveEvent{"fit", "deep", 0, {-1, 1}, {0.5, 1e-7}, true},
                CurveEvent{"fit", "deep", 0, {-1, 1}, {0.5, 1e300}, true},
                AnnotationEvent{"fit", 0, "not kept", {}, false},
                AnnotationEvent{"fit", 1, "PC 1: 40 %", {{0.5, "half"}, {2, "two", true}}, true},
                RowEvent{"points", 0, {{"x", 0.5}, {"y", 3.0}, {"epoch", std::int64_t{3}}, {"ok", false}}},
                FigureEvent{"cnn1", "test-accuracy", 0, 0.9868},
                RemarkEvent{"cnn1", 1, RemarkEvent::Kind::NotConverged, 20, {"loss", "fit"}},
                ProgressEvent{},
                NoteEvent{},
                StateEvent{},
            })),
            std::string(R"({"seq":1,"task":"model","chart":"loss","series":"deep","repeat":0,"x":4,"y":0.31}
{"seq":2,"task":"model","chart":"path","series":"run0","repeat":1,"x":-0.0,"y":"NaN","label":"97"}
{"seq":3,"task":"model","chart":"loss","series":"deep","repeat":0,"x":"Infinity","y":"-Infinity"}
{"seq":4,"task":"model","chart":"fit","series":"deep","repeat":0,"x":-1,"y":0.5,"replace":true}
{"seq":5,"task":"model","chart":"fit","series":"deep","repeat":0,"x":1,"y":1e-07}
{"seq":6,"task":"model","chart":"fit","series":"deep","repeat":0,"x":-1,"y":0.5,"replace":true}
{"seq":7,"task":"model","chart":"fit","series":"deep","repeat":0,"x":1,"y":1e+300}
{"seq":8,"task":"model","chart":"fit","repeat":1,"remark":"PC 1: 40 %","lines":[{"at":0.5,"label":"half","vertical":false},{"at":2.0,"label":"two","vertical":true}]}
{"seq":9,"task":"model","table":"points","repeat":0,"row":{"x":0.5,"y":3.0,"epoch":3,"ok":false}}
{"seq":10,"task":"model","figure":"test-accuracy","model":"cnn1","repeat":0,"value":0.9868}
{"seq":11,"task":"model","training":"not-converged","model":"cnn1","repeat":1,"epoch":20,"charts":["loss","fit"]}
)"));
    }

    /// Numbered, and with a CRC-32C over all that stands before it.
    void aLineEndsWithItsChecksum()
    {
        const std::string fields = "\"chart\":\"loss\"", object = "{\"seq\":7," + fields;
        std::string text;
        appendJournalLine(text, 7, fields);
        QCOMPARE(text, object + ",\"crc\":\"" + crc32cText(object) + "\"}\n");
        QCOMPARE(crc32cText("123456789"),
                 std::string("e3069283")); // the check value of RFC 3720's polynomial
        QCOMPARE(crc32c("456789", crc32c("123")), crc32c("123456789"));
        JournalLine line;
        text.pop_back();
        QVERIFY(readJournalLine(text, line));
        QCOMPARE(line.number, std::uint64_t{7});
        QCOMPARE(line.fields, std::string_view(fields));
        for (std::size_t i = 0; i < text.size(); ++i)
            for (int bit = 0; bit < 8; ++bit) {
                std::string other = text;
                other[i] = static_cast<char>(other[i] ^ (1 << bit));
                QVERIFY2(!readJournalLine(other, line), other.c_str());
            }
    }

    void aRunReadsBackAsItWas()
    {
        const TemporaryFolder folder;
        writeRun(folder / "a rün", keptEvents(), 2, withTable());
        const auto record = readRun(folder / "a rün");
        VERIFY_RESULT(record);
        RunData expected(*withTable());
        for (const Event &event : keptEvents())
            expected.apply(event);
        compareData(record->data, expected);
        QVERIFY(record->data.notes().empty());
        QCOMPARE(record->data.state(), RunState::Stopped);
        QCOMPARE(record->state, RunState::Stopped);
        QCOMPARE(record->message, std::string("Stopped by “me”."));
        QCOMPARE(record->folder, folder / "a rün");

        const RunSpec spec = registeredSpec(2, *withTable());
        QCOMPARE(record->spec.experiment, spec.experiment);
        QCOMPARE(record->spec.preset, spec.preset);
        QVERIFY(record->spec.parameters == spec.parameters);
        QCOMPARE(record->spec.seed, spec.seed);
        QCOMPARE(record->spec.repeats, 2);
        QCOMPARE(record->spec.device, Device::Cpu);
        QCOMPARE(record->spec.threads, 3);
        QCOMPARE(record->spec.data, spec.data);
        QCOMPARE(record->facts.program, facts.program);
        QCOMPARE(record->facts.libTorch, facts.libTorch);
        QCOMPARE(record->facts.device, facts.device);
        QCOMPARE(record->facts.dataChecksum, facts.dataChecksum);
        QCOMPARE(record->facts.started, facts.started);
        QCOMPARE(record->facts.ended, std::string("2026-11-24T10:16:00Z"));
        QVERIFY(record->facts.seconds < 0);
    }

    void aRunThatGoesOnReadsBackUpToTheLastFlush()
    {
        const TemporaryFolder folder;
        auto run = RunFolder::create(folder / "run", registeredSpec(), facts);
        VERIFY_RESULT(run);
        QVERIFY((*run)->append(twoPoints[0], "model"));
        QVERIFY(!(*run)->append(NoteEvent{}, "model"));
        VERIFY_RESULT((*run)->flush());
        QVERIFY((*run)->append(twoPoints[1], "model"));
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QCOMPARE(record->state, RunState::Running);
        QCOMPARE(record->data.findChart("loss")->find("deep")->repeats[0].y, std::vector<double>{0.5});
        run->reset();
        QCOMPARE(readRun(folder / "run")->data.findChart("loss")->find("deep")->repeats[0].y,
                 (std::vector<double>{0.5, 0.25}));
    }

    void theTextIsTheSameInEveryLocale()
    {
        const std::string expected = journalOf(keptEvents());
        const auto restore =
            qScopeGuard([former = std::locale::global(std::locale(std::locale(), new Commas))] {
                std::locale::global(former);
                std::setlocale(LC_ALL, "C.UTF-8");
            });
        std::setlocale(LC_ALL, "fr_FR.UTF-8"); // where the system has it
        QCOMPARE(journalOf(keptEvents()), expected);

        const TemporaryFolder folder;
        writeRun(folder / "run", keptEvents(), 2, withTable());
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        RunData data(*withTable());
        for (const Event &event : keptEvents())
            data.apply(event);
        compareData(record->data, data);
        QCOMPARE(chartCsv({"c", {{"s", {{{1234.5}, {0.25}, {}}}}}}),
                 std::string("series,repeat,x,y,label\ns,0,1234.5,0.25,\n"));
    }

    void aTornLastLineIsLeftOutWithANote()
    {
        const TemporaryFolder folder;
        {
            auto run = RunFolder::create(folder / "run", registeredSpec(), facts);
            VERIFY_RESULT(run);
            for (const Event &event : twoPoints)
                (*run)->append(event, "model");
        } // killed
        const fs::path journal = folder / "run" / "metrics.jsonl";
        write(journal, read(journal).substr(0, fs::file_size(journal) - 2));
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QVERIFY(record->interrupted);
        QVERIFY(record->unread.empty()); // it was never there
        QCOMPARE(record->data.findChart("loss")->find("deep")->repeats[0].y, std::vector<double>{0.5});
        QCOMPARE(record->data.notes().size(), std::size_t{1});
        QCOMPARE(record->data.notes()[0].level, NoteEvent::Level::Warning);
        QVERIFY(record->data.notes()[0].text.find("last line of metrics.jsonl") != std::string::npos);
    }

    /// Whole lines that are gone from the end are missed by their number.
    void aRunThatIsCutShortIsNotCalledWhole()
    {
        const TemporaryFolder folder;
        writeRun(folder / "run", twoPoints);
        const auto whole = readRun(folder / "run");
        VERIFY_RESULT(whole);
        QVERIFY(whole->unread.empty());
        QCOMPARE(whole->facts.lines, std::int64_t{2});
        QCOMPARE(standingText(*whole), std::string("stopped: Stopped by “me”."));
        const fs::path journal = folder / "run" / "metrics.jsonl";
        const std::string text = read(journal);
        for (const std::size_t length : {text.find('\n') + 1, text.size() - 2, std::size_t{0}}) {
            write(journal, text.substr(0, length));
            const auto record = readRun(folder / "run");
            VERIFY_RESULT(record);
            QCOMPARE(record->unread.size(), std::size_t{1});
            const std::string lines =
                length > 0 ? "ends after 1 of its 2 lines" : "ends after 0 of its 2 lines";
            QVERIFY2(record->unread[0].find(lines) != std::string::npos, record->unread[0].c_str());
            QCOMPARE(record->data.notes().back().text, record->unread[0]);
            QCOMPARE(standingText(*record),
                     std::string("stopped, but part of it cannot be read: Stopped by “me”."));
        }
    }

    /// One that does not say how many lines it has.
    void anOlderRunThatIsTornIsNotCalledWhole()
    {
        const TemporaryFolder folder;
        writeRun(folder / "run", twoPoints);
        const std::string json = read(folder / "run" / "run.json");
        const std::string lines = ",\n  \"lines\": 2";
        QVERIFY2(json.find(lines) != std::string::npos, json.c_str());
        write(folder / "run" / "run.json", std::string(json).erase(json.find(lines), lines.size()));
        const fs::path journal = folder / "run" / "metrics.jsonl";
        write(journal, read(journal).substr(0, fs::file_size(journal) - 2));
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QCOMPARE(record->unread.size(), std::size_t{1});
        QVERIFY2(record->unread[0].find("breaks off") != std::string::npos, record->unread[0].c_str());
    }

    void aDamagedLineIsNamed_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *tag, const char *line, const char *says) {
            QTest::newRow(tag) << QByteArray(line) << QByteArray(says);
        };
        row("cut in two", "{\"seq\":2,\"chart\":\"lo", "its checksum is another");
        row("empty", "", "its checksum is another");
        row("an array", "[2]", "its checksum is another");
        row("no number", R"({"chart":"c","series":"s","repeat":0,"x":1,"y":1})", "its checksum is another");
        row("x missing", R"({"seq":2,"chart":"c","series":"s","repeat":0,"y":1})", "“x” is missing");
        row("y a word", R"({"seq":2,"chart":"c","series":"s","repeat":0,"x":1,"y":"nan"})",
            "“y” cannot be \"nan\"");
        row("series a number", R"({"seq":2,"chart":"c","series":7,"repeat":0,"x":1,"y":1})",
            "“series” cannot be 7");
        row("repeat negative", R"({"seq":2,"chart":"c","series":"s","repeat":-1,"x":1,"y":1})",
            "there is no repeat -1");
        row("repeat beyond the spec", R"({"seq":2,"chart":"c","series":"s","repeat":1,"x":1,"y":1})",
            "there is no repeat 1");
        row("repeat absurd", R"({"seq":2,"chart":"c","series":"s","repeat":99999999999,"x":1,"y":1})",
            "“repeat” cannot be 99999999999");
        row("repeat fractional", R"({"seq":2,"chart":"c","series":"s","repeat":0.0,"x":1,"y":1})",
            "“repeat” cannot be 0.0");
        row("replace a number", R"({"seq":2,"chart":"c","series":"s","repeat":0,"x":1,"y":1,"replace":1})",
            "“replace” cannot be 1");
        row("an unknown remark",
            R"({"seq":2,"training":"tired","model":"m","repeat":0,"epoch":1,"charts":[]})",
            "“training” cannot be “tired”");
        row("a remark's charts as text",
            R"({"seq":2,"training":"died","model":"m","repeat":0,"epoch":1,"charts":"loss"})",
            "“charts” cannot be");
        row("remark a number", R"({"seq":2,"chart":"c","repeat":0,"remark":1,"lines":[]})",
            "“remark” cannot be 1");
        row("remark without lines", R"({"seq":2,"chart":"c","repeat":0,"remark":""})", "“lines” is missing");
        row("a line without a place",
            R"({"seq":2,"chart":"c","repeat":0,"remark":"","lines":[{"label":"l"}]})", "“at” is missing");
        row("cell an array", R"({"seq":2,"table":"t","repeat":0,"row":{"a":[1]}})",
            "“a” in “row” cannot be [1]");
        row("row a number", R"({"seq":2,"table":"t","repeat":0,"row":1})", "“row” cannot be 1");
        row("figure without model", R"({"seq":2,"figure":"f","repeat":0,"value":1})", "“model” is missing");
    }

    void aDamagedLineIsNamed()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        writeRun(folder / "run", twoPoints);
        const fs::path journal = folder / "run" / "metrics.jsonl";
        const std::string text = read(journal);
        write(journal, text.substr(0, text.find('\n') + 1) + summed(line.toStdString()));
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QCOMPARE(record->unread.size(), std::size_t{1});
        const std::string &note = record->unread[0];
        QVERIFY2(note.starts_with("Line 2 of metrics.jsonl is left out: it is damaged: "), note.c_str());
        QVERIFY2(note.find(says.toStdString()) != std::string::npos, note.c_str());
        QCOMPARE(record->data.findChart("loss")->find("deep")->repeats[0].y, std::vector<double>{0.5});
    }

    /// The others are read, and what is missing is said.
    void linesOutOfTheirOrderAreNamed_data()
    {
        QTest::addColumn<std::vector<int>>("order");
        QTest::addColumn<std::string>("says");
        QTest::addColumn<std::size_t>("points");
        using Order = std::vector<int>;
        QTest::newRow("removed") << Order{1, 2, 4, 5}
                                 << std::string("A line of metrics.jsonl is missing, before line 3.")
                                 << std::size_t{4};
        QTest::newRow("two removed")
            << Order{1, 4, 5}
            << std::string("2 lines of metrics.jsonl are missing, the first of them before line 2.")
            << std::size_t{3};
        QTest::newRow("doubled") << Order{1, 2, 2, 3, 4, 5}
                                 << std::string(
                                        "Line 3 of metrics.jsonl is left out: it has the number 2, 3 is due.")
                                 << std::size_t{5};
        QTest::newRow("swapped") << Order{1, 3, 2, 4, 5}
                                 << std::string(
                                        "Line 3 of metrics.jsonl is left out: it has the number 2, 4 is due.")
                                 << std::size_t{4};
    }
    void linesOutOfTheirOrderAreNamed()
    {
        QFETCH(std::vector<int>, order);
        QFETCH(std::string, says);
        QFETCH(std::size_t, points);
        const TemporaryFolder folder;
        std::vector<Event> events;
        for (int i = 1; i <= 5; ++i)
            events.emplace_back(PointEvent{"loss", "deep", 0, double(i), 0.5});
        writeRun(folder / "run", events);
        std::istringstream lines(read(folder / "run" / "metrics.jsonl"));
        std::vector<std::string> each(1);
        for (std::string line; std::getline(lines, line);)
            each.push_back(line + '\n');
        std::string text;
        for (const int number : order)
            text += each[static_cast<std::size_t>(number)];
        write(folder / "run" / "metrics.jsonl", text);
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QVERIFY(std::ranges::count(record->unread, says) == 1);
        QCOMPARE(record->data.findChart("loss")->find("deep")->repeats[0].x.size(), points);
    }

    void aDamagedRunJsonIsNamed_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *tag, const char *before, const char *after, const char *says) {
            QTest::newRow(tag) << QByteArray(before) << QByteArray(after) << QByteArray(says);
        };
        row("cut off", "\"state\"", "", "not a JSON object");
        row("written by a newer version", "\"format\": 2", "\"format\": 3", "newer LossLab");
        row("no format", "\"format\": 2,", "", "“format” is missing");
        row("no spec", "\"spec\"", "\"spek\"", "“spec” is missing");
        row("unknown state", "\"state\": \"stopped\"", "\"state\": \"done\"", "“state” cannot be “done”");
        row("a name that steers", "\"preset\": \"report\"",
            "\"preset\": \"report\", \"ownPreset\": \"a\\u001bb\"", "“ownPreset” is no name");
        row("unknown preset", "\"preset\": \"report\"", "\"preset\": \"slow\"", "“preset” cannot be “slow”");
        row("unknown device", "\"device\": \"cpu\",", "\"device\": \"tpu\",", "“device” cannot be “tpu”");
        row("negative seed", "\"seed\": ", "\"seed\": -", "“seed” cannot be -");
        row("no repeats", "\"repeats\": 1", "\"repeats\": 0", "“repeats” cannot be 0");
        row("too many repeats", "\"repeats\": 1", "\"repeats\": 3000000000",
            "“repeats” cannot be 3000000000");
        row("more repeats than are taken", "\"repeats\": 1", "\"repeats\": 1001", "“repeats” cannot be 1001");
        row("threads", "\"threads\": 3", "\"threads\": -3", "“threads” cannot be -3");
        row("unknown experiment", "\"experiment\": \"", "\"experiment\": \"x",
            "this LossLab has no experiment “x");
        row("unknown parameter", "\"parameters\": {", "\"parameters\": { \"colour\": 1,",
            "no parameter “colour”");
        row("parameter is an object", "\"parameters\": {", "\"parameters\": { \"colour\": {},",
            "“colour” in “parameters” cannot be {}");
        row("number is a list",
            "\"epochs\": ", "\"epochs\": [], \"old\": ", "epochs (“At most”) takes a whole number");
        row("no version", "\"libtorch\"", "\"torch\"", "“libtorch” is missing");
    }

    void aDamagedRunJsonIsNamed()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        writeRun(folder / "run", twoPoints);
        QByteArray text = QByteArray::fromStdString(read(folder / "run" / "run.json"));
        QVERIFY(text.contains(before));
        write(folder / "run" / "run.json",
              text.replace(text.indexOf(before), before.size(), after).toStdString());
        const auto record = readRun(folder / "run");
        VERIFY_DATA_ERROR(record, says.toStdString());
        VERIFY_DATA_ERROR(record, (folder / "run" / "run.json").string());
    }

    void aParameterThatCameLaterHasItsStandardValue()
    {
        const TemporaryFolder folder;
        RunSpec spec = registeredSpec();
        const auto [key, value] = spec.parameters.back();
        spec.parameters.pop_back();
        VERIFY_RESULT(RunFolder::create(folder / "run", spec, facts));
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QVERIFY(*record->spec.find(key) == registry().front()()->findParameter(key)->info().report);
    }

    void whatIsNoRunIsSaidToBeNone()
    {
        const TemporaryFolder folder;
        VERIFY_DATA_ERROR(readRun(folder.path()), "is no run folder: it has no run.json");
        VERIFY_DATA_ERROR(readRun(folder / "missing"), "is no run folder");
    }

    void aRunIsNeverOverwritten()
    {
        const TemporaryFolder folder;
        writeRun(folder / "run", twoPoints);
        const std::string journal = read(folder / "run" / "metrics.jsonl"),
                          run = read(folder / "run" / "run.json");
        VERIFY_DATA_ERROR(RunFolder::create(folder / "run", registeredSpec(), facts), "holds a run already");
        QCOMPARE(read(folder / "run" / "metrics.jsonl"), journal);
        QCOMPARE(read(folder / "run" / "run.json"), run);
    }

    void aFullDiskKeepsWholeLinesAndLosesNone()
    {
        const TemporaryFolder folder;
        const fs::path journal = folder / "run" / "metrics.jsonl";
        auto run = RunFolder::create(folder / "run", registeredSpec(), facts);
        VERIFY_RESULT(run);
        std::vector<double> written;
        const auto restore = qScopeGuard([] { platform::limitRoom({}); });
        std::size_t room = 200'000;
        platform::limitRoom([&room](std::size_t wanted) {
            const std::size_t fits = std::min(wanted, room);
            room -= fits;
            return fits;
        });
        Result<void> appended;
        while (appended && written.size() < 10'000) {
            written.push_back(0.1 * static_cast<double>(written.size()));
            (*run)->append(PointEvent{"loss", "deep", 0, static_cast<double>(written.size()), written.back()},
                           "deep");
            if ((*run)->unwritten() > 10'000)
                appended = (*run)->write();
        }
        VERIFY_DATA_ERROR(appended, "There is no more room for “" + journal.string());
        QVERIFY(appended.error().noRoom);
        QVERIFY(read(journal).ends_with("}\n"));
        QVERIFY(fs::file_size(journal) > 199'900); // all that there was room for, but for a part of a line
        VERIFY_RESULT(readRun(folder / "run"));
        platform::limitRoom({});
        VERIFY_RESULT((*run)->flush());
        QVERIFY(readRun(folder / "run")->data.findChart("loss")->find("deep")->repeats[0].y == written);
    }

    void aRunThatIsGoneIsNoticedAndNotMadeAnew_data()
    {
        QTest::addColumn<QByteArray>("what");
        for (const char *what : {"folder deleted", "folder moved", "folder replaced", "journal deleted",
                                 "journal emptied", "journal cut"})
            QTest::newRow(what) << QByteArray(what);
    }
    void aRunThatIsGoneIsNoticedAndNotMadeAnew()
    {
        QFETCH(QByteArray, what);
        const TemporaryFolder folder;
        const fs::path path = folder / "run", journal = path / "metrics.jsonl";
        auto run = RunFolder::create(path, registeredSpec(), facts);
        VERIFY_RESULT(run);
        (*run)->append(twoPoints[0], "model");
        VERIFY_RESULT((*run)->flush());
        if (what == "folder moved")
            fs::rename(path, folder / "elsewhere");
        else if (what == "journal cut")
            fs::resize_file(journal, fs::file_size(journal) - 3);
        else if (what == "journal emptied")
            fs::resize_file(journal, 0);
        else
            fs::remove_all(what == "journal deleted" ? journal : path);
        if (what == "folder replaced") {
            fs::create_directory(path);
            write(path / "run.json", "another's");
        }
        (*run)->append(twoPoints[1], "model");
        const auto written = (*run)->write();
        VERIFY_DATA_ERROR(written, journal.string());
        QVERIFY(!written.error().noRoom);
        const TensorData bias{"0.bias", TensorType::Float32, {1}, std::vector<std::byte>(4, std::byte{1})};
        const auto experiment = registry().front()();
        const bool folderThere = what.startsWith("journal");
        if (!folderThere)
            VERIFY_DATA_ERROR((*run)->saveModel("deep", {0, "model"}, {bias}), path.string());
        VERIFY_DATA_ERROR((*run)->finish(*experiment, RunData(*experiment), RunState::Finished, "", facts),
                          path.string());
        if (what == "folder replaced")
            QCOMPARE(read(path / "run.json"), std::string("another's"));
        QCOMPARE(fs::exists(path / "summary.json"), folderThere);
        QCOMPARE(fs::exists(path), folderThere || what == "folder replaced");
        if (folderThere)
            QVERIFY(read(path / "run.json").find("\"failed\"") != std::string::npos);
    }

    void aRunThatEndsBeforeItsFirstLineLeavesNothing()
    {
        const TemporaryFolder folder;
        const TensorData bias{"0.bias", TensorType::Float32, {1}, std::vector<std::byte>(4, std::byte{1})};
        for (const char *own : {"", "models/my notes"}) {
            fs::create_directories(folder / "run" / "models");
            if (*own)
                write(folder / "run" / own, "keep");
            auto run = RunFolder::create(folder / "run", registeredSpec(), facts);
            VERIFY_RESULT(run);
            VERIFY_RESULT((*run)->saveModel("deep-init", {0, "model"}, {bias}));
            RunFolder::discard(std::move(*run));
            QCOMPARE(fs::exists(folder / "run"), *own != '\0');
            VERIFY_RESULT(RunFolder::create(folder / "run", registeredSpec(), facts)); // it is free again
            if (*own)
                QCOMPARE(read(folder / "run" / own), std::string("keep"));
            fs::remove_all(folder / "run");
        }
    }

    void whatAProgramLeftThatWasKilledAtOnceIsNoRun()
    {
        const TemporaryFolder folder;
        fs::create_directory(folder / "run");
        write(folder / "run" / "metrics.jsonl", "");
        write(folder / "run" / ".losslab-17-0.tmp", "{");
        auto run = RunFolder::create(folder / "run", registeredSpec(), facts);
        VERIFY_RESULT(run);
        QVERIFY(!fs::exists(folder / "run" / ".losslab-17-0.tmp"));
        VERIFY_DATA_ERROR(RunFolder::create(folder / "run", registeredSpec(), facts), "holds a run already");
        fs::remove(folder / "run" / "run.json"); // as while another program begins there
        VERIFY_DATA_ERROR(RunFolder::create(folder / "run", registeredSpec(), facts), "holds a run already");
        write(folder / "other.jsonl", "a line\n");
        fs::create_directory(folder / "other");
        fs::rename(folder / "other.jsonl", folder / "other" / "metrics.jsonl");
        VERIFY_DATA_ERROR(RunFolder::create(folder / "other", registeredSpec(), facts),
                          "holds a run already");
    }

    void whatAKilledProgramLeftInARunIsCleared()
    {
        const TemporaryFolder folder;
        VERIFY_RESULT(RunFolder::create(folder / "run", registeredSpec(), facts));
        fs::create_directory(folder / "run" / "models");
        write(folder / "run" / "models" / ".losslab-17-3.tmp", "half a model");
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QVERIFY(record->interrupted);
        QVERIFY(fs::is_empty(folder / "run" / "models"));
    }

    void aRunThatCannotBeCompletedSaysSo()
    {
        const TemporaryFolder folder;
        const auto experiment = registry().front()();
        auto run = RunFolder::create(folder / "run", registeredSpec(), facts);
        VERIFY_RESULT(run);
        for (int i = 0; i < 500; ++i)
            (*run)->append(PointEvent{"loss", "deep", 0, static_cast<double>(i), 1}, "deep");
        {
            const FullDisk full(8192);
            const RunData data(*experiment);
            VERIFY_DATA_ERROR((*run)->finish(*experiment, data, RunState::Finished, "", facts),
                              "no more room");
            const auto record = readRun(folder / "run");
            VERIFY_RESULT(record);
            QCOMPARE(record->state, RunState::Failed);
            QVERIFY(record->message.find("no more room") != std::string::npos);
            QVERIFY(!record->data.findChart("loss")->find("deep")->repeats[0].y.empty()); // those that fit
        }
    }

    void modelsAreKeptByName()
    {
        const TemporaryFolder folder;
        auto run = RunFolder::create(folder / "run", registeredSpec(), facts);
        VERIFY_RESULT(run);
        const TensorData bias{"0.bias", TensorType::Float32, {1}, std::vector<std::byte>(4, std::byte{1})};
        VERIFY_RESULT((*run)->saveModel("b0.001-init", {0, "model"}, {bias}));
        const auto model = readSafetensors(folder / "run" / "models" / "b0.001-init.safetensors");
        VERIFY_RESULT(model);
        QVERIFY(*model == std::vector<TensorData>{bias});
        for (const char *name : {"", ".", "../model", "/tmp/model", "a/b", "a\nb"})
            VERIFY_DATA_ERROR((*run)->saveModel(name, {0, "model"}, {bias}), "cannot be kept under the name");
    }

    void theSummaryHasPublishedValuesBesideItsFigures_data()
    {
        QTest::addColumn<int>("repeats");
        QTest::addColumn<QByteArray>("summary");
        QTest::newRow("one seed") << 1 << QByteArray(R"({
  "experiment": "probe",
  "state": "finished",
  "figures": [
    {
      "model": "deep",
      "figure": "final-loss",
      "value": 0.25,
      "published": 0.000995
    },
    {
      "model": "middle",
      "figure": "final-loss",
      "value": "NaN",
      "published": 0.5,
      "publishedUpTo": 0.75
    }
  ],
  "publishedBy": "a student's report of homework 1 in NTU's course Machine Learning and having it Deep and Structured, 2018"
}
)");
        QTest::newRow("two seeds") << 2 << QByteArray(R"({
  "experiment": "probe",
  "state": "finished",
  "figures": [
    {
      "model": "deep",
      "figure": "final-loss",
      "value": 0.5,
      "values": [
        0.25,
        0.75
      ],
      "deviation": 0.3535533905932738,
      "published": 0.000995
    },
    {
      "model": "middle",
      "figure": "final-loss",
      "value": 1.0,
      "values": [
        "NaN",
        1.0
      ],
      "deviation": 0.0,
      "published": 0.5,
      "publishedUpTo": 0.75
    }
  ],
  "publishedBy": "a student's report of homework 1 in NTU's course Machine Learning and having it Deep and Structured, 2018"
}
)");
    }

    void theSummaryHasPublishedValuesBesideItsFigures()
    {
        QFETCH(int, repeats);
        QFETCH(QByteArray, summary);
        const TemporaryFolder folder;
        const Probe probe;
        RunSpec spec = makeSpec(probe, Preset::Report);
        spec.repeats = repeats;
        auto run = RunFolder::create(folder / "run", spec, facts);
        VERIFY_RESULT(run);
        RunData data(probe);
        for (int repeat = 0; repeat < repeats; ++repeat) {
            data.apply(FigureEvent{"deep", "final-loss", repeat, 0.25 + 0.5 * repeat});
            data.apply(FigureEvent{"middle", "final-loss", repeat, repeat == 0 ? notANumber : 1});
        }
        VERIFY_RESULT((*run)->finish(probe, data, RunState::Finished, "", facts));
        QCOMPARE(QByteArray::fromStdString(read(folder / "run" / "summary.json")), summary);
        for (const auto &entry : fs::directory_iterator(folder / "run"))
            QVERIFY2(!entry.path().filename().string().starts_with("."), entry.path().c_str());
    }

    void aChartsCsvIsTidy()
    {
        const TemporaryFolder folder;
        const ChartData chart{"loss",
                              {{"train", {{{1, 2}, {0.1, notANumber}, {}}, {{1}, {1e-9}, {}}}},
                               {"a,\"b\"", {{{-0.0}, {infinity}, {"98 %, \"best\"\nso far"}}}},
                               {"empty", {}}}};
        VERIFY_RESULT(writeChartCsv(chart, {}, folder / "loss.csv"));
        QCOMPARE(read(folder / "loss.csv"),
                 std::string("series,repeat,x,y,label\n"
                             "train,0,1,0.1,\n"
                             "train,0,2,NaN,\n"
                             "train,1,1,1e-09,\n"
                             "\"a,\"\"b\"\"\",0,-0.0,Infinity,\"98 %, \"\"best\"\"\nso far\"\n"));
    }

    void aThinnedChartsCsvHasWhatTheJournalHas()
    {
        const TemporaryFolder folder;
        std::string journal;
        JournalWriter writer;
        for (const auto &[series, repeat, x] :
             {std::tuple("train", 0, 1.0), {"test", 0, 1.0}, {"train", 0, 2.0}, {"train", 1, 1.0}})
            writer.write(PointEvent{"loss", series, repeat, x, x / 8, {}}, "model", journal);
        writer.write(PointEvent{"accuracy", "train", 0, 1, 0.5, {}}, "model", journal);
        VERIFY_RESULT(platform::writeFileAtomically(folder / "metrics.jsonl", journal));

        ChartData chart{"loss", {{"train", {}}, {"test", {{{1}, {0.125}, {}}}}}};
        for (std::size_t i = 0; i < SeriesData::mostPoints; ++i)
            chart.series[0].append(0, double(i), 0);
        VERIFY_RESULT(writeChartCsv(chart, folder.path(), folder / "all.csv"));
        QCOMPARE(read(folder / "all.csv"), std::string("series,repeat,x,y,label\n"
                                                       "train,0,1,0.125,\n"
                                                       "train,0,2,0.25,\n"
                                                       "train,1,1,0.125,\n"
                                                       "test,0,1,0.125,\n"));

        fs::remove(folder / "metrics.jsonl");
        QVERIFY(!writeChartCsv(chart, folder.path(), folder / "none.csv"));
        QVERIFY(!fs::exists(folder / "none.csv") && !fs::exists(folder / "none.csv.partial"));
    }

    void nothingIsExportedElsewhere()
    {
        const TemporaryFolder folder;
        const ChartData chart{(folder / "out").string(), {{"s", {{{1}, {2}, {}}}}}};
        const TableData table{"../out", {{"points", 0, {{"x", 0.5}}}}};
        const DrawCharts draw = [](const ChartStack &, const fs::path &) { return Result<void>(); };
        VERIFY_DATA_ERROR(exportFiles({"probe", {&chart}, {}, {ExportFormat::Csv}, folder / "in"}, draw),
                          "cannot be the name of a file");
        VERIFY_DATA_ERROR(exportFiles({"probe", {}, {&table}, {ExportFormat::Csv}, folder / "in"}, draw),
                          "cannot be the name of a file");
        fs::create_directory(folder / "elsewhere");
        fs::create_directory(folder / "run");
        fs::create_directory_symlink(folder / "elsewhere", folder / "run" / "charts");
        const ChartData plain{"loss", chart.series};
        VERIFY_DATA_ERROR(
            exportFiles(
                {"probe", {&plain}, {}, {ExportFormat::Png}, folder / "run" / "charts", {}, folder / "run"},
                draw),
            "leads out of the run's folder");
    }

    /// Of charts that share their x axis: one picture more, and every chart's values once.
    void chartsThatShareTheirAxisAreOneFigure()
    {
        const TemporaryFolder folder;
        const auto chart = [](std::string id, std::string sharesX, bool empty = false) {
            ChartData data{id, {{"s", {{{1}, {2}, {}}}}}};
            if (empty)
                data.series.clear();
            data.info.id = std::move(id);
            data.info.sharesX = std::move(sharesX);
            return data;
        };
        const ChartData norm = chart("norm", {});
        const ChartData loss = chart("loss", "norm");
        const ChartData none = chart("none", "loss", true);
        std::vector<ChartStack> drawn;
        const DrawCharts draw = [&](const ChartStack &charts, const fs::path &) {
            drawn.push_back(charts);
            return Result<void>();
        };
        const auto namesOf = [&](const ExportPlan &plan) {
            std::vector<std::string> names;
            const auto files = exportFiles(plan, draw);
            for (const fs::path &file : files ? *files : std::vector<fs::path>())
                names.push_back(file.filename().string());
            return names;
        };
        ExportPlan plan{
            "probe", {&norm, &loss, &none}, {}, {ExportFormat::Png, ExportFormat::Csv}, folder.path()};
        plan.figures = {{&norm, &loss, &none}};
        QCOMPARE(namesOf(plan),
                 (std::vector<std::string>{"probe-norm.png", "probe-loss.png", "probe-norm+loss.png",
                                           "probe-norm.csv", "probe-loss.csv"}));
        QCOMPARE(drawn, (std::vector<ChartStack>{{&norm}, {&loss}, {&norm, &loss}}));
        plan.charts = {}; // the figure alone: as CSV it is its charts
        QCOMPARE(namesOf(plan),
                 (std::vector<std::string>{"probe-norm+loss.png", "probe-norm.csv", "probe-loss.csv"}));
        plan.figures = {{&norm, &none}}; // of one chart there is no figure
        QCOMPARE(namesOf(plan), (std::vector<std::string>{"probe-norm.csv"}));
    }

    void aTablesCsvHasAColumnAKey()
    {
        const TemporaryFolder folder;
        const TableData table{
            "points",
            {{"points", 0, {{"x", 0.5}, {"epoch", std::int64_t{3}}, {"run, name", std::string("a\"b")}}},
             {"points",
              1,
              {{"x", notANumber}, {"epoch", std::int64_t{6}}, {"run, name", std::string("c")}}}}};
        QCOMPARE(tableCsv(table),
                 std::string("repeat,x,epoch,\"run, name\"\n0,0.5,3,\"a\"\"b\"\n1,NaN,6,c\n"));
    }

    void aFreshFolderIsNamedAfterTimeAndExperimentAndIsFree()
    {
        const TemporaryFolder home;
        const auto restore = qScopeGuard([] { qunsetenv("LOSSLAB_HOME"); });
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(home.path().string()));
        const RunSpec spec = registeredSpec();
        std::set<fs::path> folders;
        for (int i = 0; i < 4; ++i) {
            const fs::path folder = freshRunFolder(spec);
            QCOMPARE(folder.parent_path(), home / "runs");
            const QRegularExpression name(QStringLiteral(R"(^20\d\d-\d\d-\d\d-\d{6}-%1(-\d)?$)")
                                              .arg(QString::fromStdString(spec.experiment)));
            QVERIFY2(name.match(QString::fromStdString(folder.filename().string())).hasMatch(),
                     folder.c_str());
            VERIFY_RESULT(RunFolder::create(folder, spec, facts));
            folders.insert(folder);
        }
        QCOMPARE(folders.size(), std::size_t{4});

        std::vector<std::future<fs::path>> atOnce;
        for (int i = 0; i < 16; ++i)
            atOnce.push_back(std::async(std::launch::async, [&] { return freshRunFolder(spec); }));
        for (auto &folder : atOnce)
            folders.insert(folder.get());
        QCOMPARE(folders.size(), std::size_t{20});
        QCOMPARE(runsOf(spec.experiment).size(), std::size_t{20});
    }

    void theNewestRunIsTheOneBegunLastWhateverTheClockSaid()
    {
        const TemporaryFolder home;
        const auto restore = qScopeGuard([] { qunsetenv("LOSSLAB_HOME"); });
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(home.path().string()));
        const RunSpec spec = registeredSpec();
        const std::string &id = spec.experiment;
        for (const std::string &name : {"2026-01-02-101500-" + id, "2026-01-03-101500-" + id})
            writeRun(home / "runs" / name, twoPoints); // by a version that noted no order
        QCOMPARE(runsOf(id).front().filename().string(), "2026-01-03-101500-" + id);

        // Begun while the clock was a day ahead, in 2099, and put right since.
        const std::string ahead = "2099-01-01-000000-" + id;
        writeRun(home / "runs" / ahead, twoPoints);
        write(home / "runs" / ".order", ahead + "\n");
        const fs::path last = freshRunFolder(spec);
        writeRun(last, twoPoints);
        const std::vector<fs::path> runs = runsOf(id);
        QCOMPARE(runs.size(), std::size_t{4});
        QCOMPARE(runs[0], last);
        QCOMPARE(runs[1].filename().string(), ahead);
        QCOMPARE(newestRun(id).run->folder, last);
    }

    void aRunIsFoundWhateverItsFolderIsCalled()
    {
        const TemporaryFolder home;
        const auto restore = qScopeGuard([] { qunsetenv("LOSSLAB_HOME"); });
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(home.path().string()));
        const RunSpec spec = registeredSpec();
        const auto begun = [&](const char *started) {
            const fs::path folder = freshRunFolder(spec);
            RunFacts its = facts;
            its.started = started;
            if (!RunFolder::create(folder, spec, its))
                qFatal("A run could not be made.");
            return folder;
        };
        const fs::path first = begun("2026-01-01T10:00:00Z"), second = begun("2026-01-02T10:00:00Z"),
                       third = begun("2026-01-03T10:00:00Z");
        const fs::path renamed = home / "runs" / "my best run";
        fs::rename(second, renamed);
        QVERIFY(runsOf(spec.experiment) == (std::vector{third, renamed, first}));

        const std::string other = spec.experiment == "cnn-mnist" ? "capacity" : "cnn-mnist";
        const fs::path misnamed = home / "runs" / ("2026-01-04-100000-" + other);
        fs::rename(third, misnamed);
        QVERIFY(runsOf(other).empty());
        QCOMPARE(runsOf(spec.experiment).size(), std::size_t{3});
    }

    void theOrderOfRunsForgetsThoseThatAreGone()
    {
        const TemporaryFolder home;
        const auto restore = qScopeGuard([] { qunsetenv("LOSSLAB_HOME"); });
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(home.path().string()));
        const RunSpec spec = registeredSpec();
        const auto name = [](const fs::path &folder) { return folder.filename().string() + "\n"; };
        const fs::path first = freshRunFolder(spec), second = freshRunFolder(spec),
                       third = freshRunFolder(spec);
        const fs::path order = home / "runs" / ".order";
        QCOMPARE(*platform::readFile(order), name(first) + name(second) + name(third));
        fs::remove(second);
        const fs::path fourth = freshRunFolder(spec); // may get the second one's name
        QCOMPARE(*platform::readFile(order), name(first) + name(third) + name(fourth));
        for (const fs::path &folder : {first, third, fourth})
            fs::remove(folder);
        const fs::path fifth = freshRunFolder(spec);
        QCOMPARE(*platform::readFile(order), name(fifth));
    }

    void runsThatCannotBeReadAreLeftOutAndNamed()
    {
        const TemporaryFolder home;
        const auto restore = qScopeGuard([] { qunsetenv("LOSSLAB_HOME"); });
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(home.path().string()));
        const std::string id = registeredSpec().experiment;
        const auto name = [&](int day) { return fmt::format("2026-01-{:02}-101500-{}", day, id); };
        const auto run = [&](int day) { return home / "runs" / name(day); };
        writeRun(run(1), twoPoints);
        fs::create_directories(run(2)); // as a program leaves it that is killed at once
        write(run(2) / "metrics.jsonl", "");
        write(home / "runs" / name(3), "a file");
        fs::create_directories(run(4));
        QCOMPARE(::mkfifo((run(4) / "run.json").c_str(), 0600), 0);
        fs::create_directories(run(5));
        fs::create_symlink("/dev/zero", run(5) / "run.json");
        writeRun(run(6), twoPoints);
        write(run(6) / "metrics.jsonl", std::string(300'000, '[') + "\n");
        fs::create_directories(run(7));
        fs::create_symlink("run.json", run(7) / "run.json"); // a link in a circle

        const NewestRun newest = newestRun(id);
        QVERIFY(newest.run);
        QCOMPARE(newest.run->folder, run(1));
        QCOMPARE(newest.leftOut.size(), std::size_t{4});
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY2(newest.leftOut[i].find(name(7 - static_cast<int>(i))) != std::string::npos,
                     newest.leftOut[i].c_str());
        QVERIFY(newest.leftOut[0].find("look at") != std::string::npos);
        QVERIFY(newest.leftOut[1].find("no points can be read") != std::string::npos);
        QVERIFY(newest.leftOut[2].find("a device, not a file") != std::string::npos);
        QVERIFY(newest.leftOut[3].find("a pipe, not a file") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestStore)
#include "test_store.moc"
