#include "base/plaintext.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/runsettings.h"
#include "runs/csv.h"
#include "runs/journalline.h"
#include "runs/journalwriter.h"
#include "runs/runjson.h"
#include "runs/runrecord.h"

#include <QTest>
#include <cinttypes>
#include <fmt/format.h>
#include <random>
#include <sstream>
#include <sys/stat.h>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

/// One with charts and a table whose points and rows are kept in order, and another table.
std::unique_ptr<Experiment> subject()
{
    return std::move(*makeExperiment("gradient-zero"));
}

RowEvent training(int repeat, int number)
{
    RowEvent row{"trainings", repeat, {}};
    const auto experiment = subject();
    for (const Table *table : experiment->tables())
        if (table->info().id == row.table)
            for (const Column &column : table->info().columns)
                row.cells.emplace_back(column.key, 0.125 * number);
    row.cells.front().second = std::int64_t{number};
    return row;
}

std::vector<Event> events()
{
    std::vector<Event> all;
    for (int repeat = 0; repeat < 2; ++repeat) {
        for (int i = 0; i < 4; ++i) {
            all.emplace_back(PointEvent{"loss-along", "model", repeat, double(i), 1.0 / (i + 1)});
            all.emplace_back(
                PointEvent{"ratio-loss", "trainings", repeat, 0.5 - 0.1 * i, 0.25 * i, "a label"});
            all.emplace_back(training(repeat, 4 - i));
        }
        all.emplace_back(CurveEvent{"spectrum", "eigenvalues", repeat, {1, 2, 3}, {3, 2, 1}, true});
        all.emplace_back(AnnotationEvent{"spectrum", repeat, "60 %", {{0.1, "zero"}}, true});
        all.emplace_back(FigureEvent{"model", subject()->figures()[0]->info().key, repeat, 0.25});
    }
    return all;
}

std::string journalOf(const std::vector<Event> &all)
{
    JournalWriter writer;
    std::string text;
    for (const Event &event : all)
        writer.write(event, "model", text);
    return text;
}

RunSpec spec()
{
    RunSpec made = makeSpec(*subject(), Preset::Quick);
    made.repeats = 2;
    return made;
}

const RunFacts facts{"0.1.0", "2.13.0", "cpu", "", {}, "2026-11-24T10:15:30Z", "2026-11-24T10:16:30Z",
                     {},      60};

/// A whole run's folder with this journal.
void writeRun(const fs::path &folder, const std::string &journal)
{
    fs::create_directories(folder);
    write(folder / "run.json", runJson(spec(), facts, {RunState::Finished, "All is well."}));
    write(folder / "metrics.jsonl", journal);
}

/// A run with one line more.
std::string withLine(const std::string &fields)
{
    std::string journal = journalOf(events());
    appendJournalLine(
        journal, static_cast<std::uint64_t>(std::count(journal.begin(), journal.end(), '\n')) + 1, fields);
    return journal;
}

/// The lines with other checksums: right ones, whatever they hold.
std::string summedAnew(const std::string &journal)
{
    std::string summed;
    std::istringstream lines(journal);
    for (std::string line; std::getline(lines, line);) {
        std::uint64_t number = 0;
        const std::size_t comma = line.find(','), sum = line.rfind(",\"crc\"");
        if (comma < sum && sum != std::string::npos && line.starts_with("{\"seq\":")
            && std::sscanf(line.c_str() + 7, "%" SCNu64, &number) == 1)
            appendJournalLine(summed, number, line.substr(comma + 1, sum - comma - 1));
        else
            summed += line + '\n';
    }
    return summed;
}

/// Costs itself alone, and is told in few plain words.
void checkLine35IsLeftOut(const Result<RunRecord> &record, const std::string &says)
{
    VERIFY_RESULT(record);
    QCOMPARE(record->unread.size(), std::size_t{1});
    const std::string &note = record->unread[0];
    QVERIFY2(note.starts_with("Line 35 of metrics.jsonl is left out: "), note.c_str());
    QVERIFY2(note.find(says) != std::string::npos, note.c_str());
    QVERIFY(isPlain(note) && note.size() < 1000);
    QCOMPARE(record->data.findChart("loss-along")->find("model")->repeats[1].x.size(), std::size_t{4});
}

/// What is always so of a run that could be read.
void checkRun(const RunRecord &record)
{
    const auto experiment = std::move(*makeExperiment(record.spec.experiment));
    QVERIFY(record.spec.repeats >= 1 && record.spec.repeats <= mostRepeats);
    const RunData declared(*experiment, record.spec);
    QCOMPARE(record.data.charts().size(), declared.charts().size());
    QCOMPARE(record.data.tables().size(), experiment->tables().size());
    for (const ChartData &chart : record.data.charts()) {
        QVERIFY2(declared.findChart(chart.id), chart.id.c_str());
        for (const SeriesData &series : chart.series) {
            QVERIFY(isPlain(series.key));
            QVERIFY(series.repeats.size() <= static_cast<std::size_t>(record.spec.repeats));
        }
        QVERIFY(chartCsv(chart).starts_with("series,"));
    }
    for (std::size_t i = 0; i < experiment->tables().size(); ++i) {
        const std::vector<Column> &columns = experiment->tables()[i]->info().columns;
        for (const RowEvent &row : record.data.tables()[i].rows) {
            QVERIFY(!row.cells.empty() && row.cells.size() <= columns.size()); // fewer of an earlier version
            for (std::size_t column = 0; column < row.cells.size(); ++column)
                QCOMPARE(row.cells[column].first, columns[column].key);
        }
    }
    for (const FigureData &figure : record.data.figures())
        QVERIFY2(experiment->findFigure(figure.figure), figure.figure.c_str());
    QVERIFY(summaryJson(*experiment, record.spec, record.data, record.state).ends_with("}\n"));
}

/// Changes a text in one of many ways.
class Mutator
{
public:
    explicit Mutator(std::uint32_t seed) : m_random(seed) {}

    std::size_t below(std::size_t count) { return m_random() % std::max<std::size_t>(count, 1); }

    std::string mutated(std::string text)
    {
        const std::size_t at = below(text.size() + 1);
        const std::size_t length = std::min(below(40), text.size() - at);
        switch (below(7)) {
        case 0:
            return text.substr(0, at);
        case 1:
            return text.erase(at, length);
        case 2:
            if (at < text.size())
                text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
            return text;
        case 3:
            return text.insert(at, text.substr(below(text.size()), length));
        case 4:
            return text.replace(at, length, token());
        case 5:
            return withNumber(std::move(text));
        default:
            return withString(std::move(text));
        }
    }

private:
    std::string token()
    {
        static const std::vector<std::string> tokens{"{}",
                                                     "[]",
                                                     "null",
                                                     "\"\"",
                                                     "{\"a\":",
                                                     "\n",
                                                     "\"NaN\"",
                                                     "-1",
                                                     "1e999",
                                                     "\\u0000",
                                                     "\xff\xfe",
                                                     std::string(1, '\0'),
                                                     std::string(100'000, '['),
                                                     std::string(3'000'000, 'x'),
                                                     "\"\x1b[2J\"",
                                                     "\"replace\":true",
                                                     "\"remark\":\"\"",
                                                     "\"row\":{}",
                                                     "\"label\":\"l\"",
                                                     "\"table\":\"../x\""};
        return tokens[below(tokens.size())];
    }

    /// One of its numbers becomes another.
    std::string withNumber(std::string text)
    {
        static const std::vector<std::string> numbers{"2147483647", "-2147483648", "99999999999999999999",
                                                      "1e308",      "-1e-308",     "0",
                                                      "-1",         "1000",        "true"};
        const std::size_t begin = text.find_first_of("0123456789", below(text.size()));
        if (begin == std::string::npos)
            return text;
        const std::size_t end = std::min(text.find_first_not_of("0123456789.", begin), text.size());
        return text.replace(begin, end - begin, numbers[below(numbers.size())]);
    }

    /// One of its strings becomes another.
    std::string withString(std::string text)
    {
        static const std::vector<std::string> strings{"/tmp/x",      "../../x", "",      ".",
                                                      "NaN",         "loss",    "train", "a\\nb",
                                                      "\\u001b[31m", "\\u202e", "x/y",   "Infinity"};
        const std::size_t begin = text.find('"', below(text.size()));
        const std::size_t end = begin == std::string::npos ? begin : text.find('"', begin + 1);
        if (end == std::string::npos)
            return text;
        return text.replace(begin + 1, end - begin - 1, strings[below(strings.size())]);
    }

    std::mt19937 m_random;
};

} // namespace

/// Run folders that others have made, by mistake or on purpose.
class TestReceived : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesThatNoLossLabWritesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("name");
        for (const char *kind : {"table", "chart", "figure"})
            for (const char *name : {"/tmp/x", "../../x", "..", ".hidden", "a/b", "a\\\\b", "", "\\u0000",
                                     "\\u001b[2J", "a\\nb", "\\u202ex"})
                QTest::addRow("%s %s", kind, name) << QByteArray(kind) << QByteArray(name);
    }
    void namesThatNoLossLabWritesAreRefused()
    {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, name);
        const TemporaryFolder folder;
        writeRun(folder / "run",
                 withLine(fmt::format(R"("{}":"{}","series":"s","model":"m","repeat":0,"x":1,"y":1,)"
                                      R"("value":1,"row":{{"a":1}})",
                                      kind.toStdString(), name.toStdString())));
        const auto record = readRun(folder / "run");
        checkLine35IsLeftOut(record, "is not a valid name of a " + kind.toStdString());
    }

    void whatAnotherVersionHadIsLeftOutWithANote_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *tag, const char *line, const char *says) {
            QTest::newRow(tag) << QByteArray(line) << QByteArray(says);
        };
        row("a table", R"("table":"others","repeat":0,"row":{"a":1})", "gradient-zero has no table “others”");
        row("a chart", R"("chart":"others","series":"s","repeat":0,"x":1,"y":1)", "no chart “others”");
        row("a remark", R"("chart":"others","repeat":0,"remark":"","lines":[])", "no chart “others”");
        row("a figure", R"("figure":"others","model":"m","repeat":0,"value":1)", "no figure “others”");
        row("a kind", R"("weather":"fine")", "does not know lines of this kind");
        row("columns", R"("table":"trainings","repeat":0,"row":{"a":1})", "the columns of the table");
    }
    void whatAnotherVersionHadIsLeftOutWithANote()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        writeRun(folder / "run", withLine(line.toStdString()));
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QCOMPARE(record->data.notes().size(), std::size_t{1});
        const std::string &note = record->data.notes()[0].text;
        QVERIFY2(note.starts_with("Line 35 of metrics.jsonl is left out: "), note.c_str());
        QVERIFY2(note.find(says.toStdString()) != std::string::npos, note.c_str());
        QCOMPARE(record->unread, std::vector<std::string>{note});
        QVERIFY(record->data.isIncomplete());
        checkRun(*record);

        RunFacts begun = facts;
        begun.ended.clear();
        write(folder / "run" / "run.json", runJson(spec(), begun, {RunState::Running, {}}));
        const auto interrupted = readRun(folder / "run");
        VERIFY_RESULT(interrupted);
        QCOMPARE(interrupted->unread, record->unread);
        QCOMPARE(
            standingText(*interrupted),
            std::string("interrupted (the program ended before the run did), but part of it cannot be read"));
    }

    /// Tables have grown, and the spectrum's one series has become three.
    void aRunOfAnEarlierVersionIsRead()
    {
        const TemporaryFolder folder;
        const std::string row = R"("training":99,"loss":0.5,"gradient-norm":0.25,"minimal-ratio":0.125)";
        writeRun(folder / "run",
                 withLine(fmt::format(R"("table":"trainings","repeat":0,"row":{{{}}})", row)));
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QVERIFY(record->data.notes().empty());
        const auto isEarly = [](const RowEvent &its) {
            return its.cells.front().second == Value(std::int64_t{99});
        };
        for (const TableData &table : record->data.tables())
            if (table.id == "trainings")
                QVERIFY(std::any_of(table.rows.begin(), table.rows.end(), isEarly));
        const auto experiment = std::move(*makeExperiment("gradient-zero"));
        QCOMPARE(RunData(*experiment).findChart("spectrum")->info.seriesInfo("eigenvalues").mark, Mark::Bars);
    }

    void whatNoProgramCanHoldIsRefused_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *tag, const std::string &line, const char *says) {
            QTest::newRow(tag) << QByteArray::fromStdString(line) << QByteArray(says);
        };
        row("an empty row of a sorted table", R"("table":"trainings","repeat":0,"row":{})",
            "the row is empty");
        row("an empty row", R"("table":"eigenvalues","repeat":0,"row":{})", "the row is empty");
        row("depth", "\"chart\":" + std::string(300'000, '['), "nested more than 32 deep");
        row("depth of objects", R"("row":{"a":)" + std::string(5, '[') + R"("\"","[")" + std::string(40, '{'),
            "nested more than 32 deep");
        row("a repeat", R"("chart":"loss-along","series":"model","repeat":2147483647,"x":1,"y":1)",
            "there is no repeat 2147483647");
        row("a long line", R"("chart":")" + std::string(1 << 20, 'x') + '"', "longer than 1048576 bytes");
        row("a long label",
            R"("chart":"loss-along","series":"model","repeat":0,"x":1,"y":1,"label":")"
                + std::string(1001, 'x') + '"',
            "1000 are the most");
        row("a long series",
            R"("chart":"loss-along","repeat":0,"x":1,"y":1,"series":")" + std::string(2000, 'x') + '"',
            "1000 are the most");
        row("a long value",
            R"("chart":"loss-along","series":"model","repeat":0,"x":1,"y":")" + std::string(9000, 'x') + '"',
            "(9002 characters)");
        std::string lines = R"({"at":1,"label":"","vertical":false})";
        for (int i = 0; i < 100; ++i)
            lines += R"(,{"at":1,"label":"","vertical":false})";
        row("lines across", R"("chart":"loss-along","repeat":0,"remark":"","lines":[)" + lines + "]",
            "101 lines across");
    }
    void whatNoProgramCanHoldIsRefused()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        writeRun(folder / "run", withLine(line.toStdString()));
        const auto record = readRun(folder / "run");
        checkLine35IsLeftOut(record, says.toStdString());
    }

    void seriesAndModelsAreCounted()
    {
        const TemporaryFolder folder;
        JournalWriter writer;
        std::string journal;
        for (int i = 0; i <= 500; ++i)
            writer.write(PointEvent{"loss-along", fmt::format("s{}", i), 0, 1, 1}, "model", journal);
        writeRun(folder / "run", journal);
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QCOMPARE(record->data.findChart("loss-along")->series.size(), std::size_t{500});
        QVERIFY(record->unread.at(0).find("more than 500 series") != std::string::npos);
    }

    void onlyOrdinaryFilesAreRead_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("kind");
        for (const char *file : {"run.json", "metrics.jsonl"})
            for (const char *kind : {"pipe", "device", "folder"})
                QTest::addRow("%s a %s", file, kind) << QByteArray(file) << QByteArray(kind);
    }
    void onlyOrdinaryFilesAreRead()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, kind);
        const TemporaryFolder folder;
        writeRun(folder / "run", journalOf(events()));
        const fs::path path = folder / "run" / file.toStdString();
        fs::remove(path);
        if (kind == "pipe")
            QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
        else if (kind == "device")
            fs::create_symlink("/dev/zero", path);
        else
            fs::create_directory(path);
        const auto record = readRun(folder / "run");
        VERIFY_DATA_ERROR(record, "Could not read “" + path.string());
        VERIFY_DATA_ERROR(record, "it is a " + kind.toStdString() + ", not a file");
    }

    void aGiantFileIsNotRead()
    {
        const TemporaryFolder folder;
        writeRun(folder / "run", journalOf(events()));
        fs::resize_file(folder / "run" / "metrics.jsonl", std::uintmax_t{1} << 40); // zeros that take no room
        checkLine35IsLeftOut(readRun(folder / "run"), "what follows is not read");
        fs::resize_file(folder / "run" / "run.json", std::uintmax_t{1} << 40);
        VERIFY_DATA_ERROR(readRun(folder / "run"), "it has 1099511627776 bytes");
    }

    void pathsAreToldAsPlainText()
    {
        QCOMPARE(platform::quoted("a\nb\x1b[31m\u202e\xff"),
                 std::string("“a\\u000ab\\u001b[31m\\u202e\uFFFD”"));
        QCOMPARE(platform::quoted("läb röom/Übung 1"), std::string("“läb röom/Übung 1”"));
    }

    void theReasonIsTold()
    {
        const TemporaryFolder folder;
        fs::create_directory(folder / "run");
        fs::create_symlink("run.json", folder / "run" / "run.json"); // in a circle
        const auto record = readRun(folder / "run");
        VERIFY_DATA_ERROR(record, "Could not look at “" + (folder / "run" / "run.json").string());
    }

    /// Points and rows that are kept in order are put there at the end: as if each had been as it came.
    void whatIsKeptInOrderIsAsItWouldHaveCome()
    {
        std::vector<Event> all;
        for (const double x : {3.0, 1.0, 2.0, 1.0})
            all.emplace_back(PointEvent{"ratio-loss", "trainings", 0, x, -x, fmt::format("{}", all.size())});
        all.emplace_back(CurveEvent{"ratio-loss", "others", 0, {7, 9}, {1, 1}, true, {"a", "b"}});
        all.emplace_back(CurveEvent{"ratio-loss", "trainings", 0, {5}, {1}, true, {"replaced"}});
        for (const double x : {6.0, 4.0})
            all.emplace_back(PointEvent{"ratio-loss", "trainings", 0, x, 0, "late"});
        for (const auto &[repeat, number] : {std::pair(1, 2), {0, 3}, {1, 1}, {0, 1}})
            all.emplace_back(training(repeat, number));
        const TemporaryFolder folder;
        writeRun(folder / "run", journalOf(all));
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        RunData expected(*subject());
        for (const Event &event : all)
            expected.apply(event);
        QCOMPARE(chartCsv(*record->data.findChart("ratio-loss")),
                 chartCsv(*expected.findChart("ratio-loss")));
        for (std::size_t i = 0; i < expected.tables().size(); ++i)
            QCOMPARE(tableCsv(record->data.tables()[i]), tableCsv(expected.tables()[i]));
    }

    /// A thousand damaged folders: each is read, or refused in a sentence that names the file.
    void everyDamageIsAnsweredInWords()
    {
        const TemporaryFolder folder;
        const fs::path run = folder / "run";
        writeRun(run, journalOf(events()));
        const std::map<std::string, std::string> sound{{"run.json", read(run / "run.json")},
                                                       {"metrics.jsonl", read(run / "metrics.jsonl")}};
        int refused = 0, leftOut = 0;
        for (std::uint32_t seed = 0; seed < 1000; ++seed) {
            Mutator mutator(seed);
            for (const auto &[name, text] : sound) {
                std::string changed = text;
                for (std::size_t times = mutator.below(3) + (name == "run.json" ? 0 : 1); times > 0; --times)
                    changed = mutator.mutated(std::move(changed));
                write(run / name, name == "metrics.jsonl" && seed % 2 == 0 ? summedAnew(changed) : changed);
            }
            const auto record = readRun(run);
            if (record) {
                checkRun(*record);
                leftOut += record->unread.empty() ? 0 : 1;
            } else {
                const std::string &message = record.error().message;
                QVERIFY2(message.find(run.string()) != std::string::npos, message.c_str());
                QVERIFY2(message.ends_with('.') && message.size() < 2000, message.c_str());
                ++refused;
            }
            if (QTest::currentTestFailed())
                qFatal("seed %u", seed);
        }
        QVERIFY2(refused > 100 && leftOut > 100,
                 qPrintable(QStringLiteral("%1 refused, %2 in part").arg(refused).arg(leftOut)));
    }
};

QTEST_GUILESS_MAIN(TestReceived)
#include "test_received.moc"
