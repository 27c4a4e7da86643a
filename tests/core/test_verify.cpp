#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/jsonfields.h"
#include "runs/checkpointfile.h"
#include "runs/export.h"
#include "runs/journalcheck.h"
#include "runs/journalline.h"
#include "runs/runjson.h"
#include "runs/runrecord.h"
#include "runs/verify.h"
#include "tests/runcontent.h"
#include "tests/smallruns.h"

#include <QTest>
#include <algorithm>
#include <fmt/format.h>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

/// A journal of so many points.
Lines journalOf(std::uint64_t count)
{
    Lines lines;
    for (std::uint64_t number = 1; number <= count; ++number)
        appendJournalLine(lines.emplace_back(), number,
                          R"("task":"model","chart":"loss","series":"model","repeat":0,"x":1,"y":0.5)");
    return lines;
}

std::string joined(const Lines &lines)
{
    std::string text;
    for (const std::string &line : lines)
        text += line;
    return text;
}

struct Checked
{
    JournalCheck journal;
    Findings findings;

    QStringList sentences() const
    {
        QStringList sentences;
        for (const Finding &finding : findings.first())
            sentences += QString::fromStdString(finding.what);
        return sentences;
    }
};

Checked checked(const std::string &journal)
{
    static const TemporaryFolder folder;
    write(folder / "metrics.jsonl", journal);
    Checked checked;
    if (const auto read = checkJournal(folder / "metrics.jsonl", checked.findings))
        checked.journal = *read;
    return checked;
}

/// A finished run with all that a run can have: rows, figures, models, checkpoints, exports.
void makeRun(const fs::path &folder)
{
    const RunData data = finished("weight-pca",
                                  {{"learns", std::string("function")},
                                   {"function-hidden", std::string("3")},
                                   {"function-epochs", std::int64_t(4)},
                                   {"function-batch", std::int64_t(10)},
                                   {"points", std::int64_t(20)},
                                   {"runs", std::int64_t(2)}},
                                  folder);
    QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
    const auto record = readRun(folder);
    VERIFY_RESULT(record);
    ExportPlan plan{"weight-pca", {}, {}, {ExportFormat::Csv}, folder / "charts", folder / "tables", folder};
    for (const ChartData &chart : record->data.charts())
        plan.charts.push_back(&chart);
    for (const TableData &table : record->data.tables())
        plan.tables.push_back(&table);
    VERIFY_RESULT(exportFiles(plan, {}));
}

std::vector<fs::path> filesOf(const fs::path &folder)
{
    std::vector<fs::path> files;
    for (const auto &entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

QStringList sentencesOf(const fs::path &run)
{
    const auto verified = verifyRun(run);
    QStringList sentences;
    if (!verified)
        return {QString::fromStdString(verified.error().message)};
    for (const Finding &finding : verified->findings.first())
        sentences += QString::fromStdString(finding.what);
    return sentences;
}

Lines linesOf(const std::string &text)
{
    Lines lines;
    for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos; from = to + 1)
        lines.push_back(text.substr(from, to + 1 - from));
    return lines;
}

} // namespace

class TestVerify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { makeRun(m_run); }

    void aRunAsWrittenIsSound()
    {
        const auto verified = verifyRun(m_run);
        VERIFY_RESULT(verified);
        QCOMPARE(sentencesOf(m_run), QStringList());
        QCOMPARE(verified->standing, std::string("finished"));
        QVERIFY(verified->lines > 10);
        QVERIFY(verified->summary);
        QVERIFY(verified->models.size() >= 2);
        QVERIFY(verified->checkpoints.size() >= 2);
        QVERIFY(verified->exports.size() >= 2);
        const std::set<std::string> unchecked(verified->unchecked.begin(), verified->unchecked.end());
        QCOMPARE(unchecked, std::set<std::string>());
    }

    void everyByteOfARunCounts()
    {
        std::size_t bytes = 0;
        for (const fs::path &file : filesOf(m_run)) {
            const std::string whole = read(file);
            for (std::size_t i = 0; i < whole.size(); ++i, ++bytes) {
                std::string changed = whole;
                changed[i] = static_cast<char>(changed[i] ^ 1 << i % 8);
                write(file, changed);
                const auto verified = verifyRun(m_run);
                if (verified && verified->isSound())
                    QFAIL(qPrintable(
                        QString("byte %1 of %2").arg(i).arg(QString::fromStdString(file.string()))));
            }
            write(file, whole);
        }
        qInfo("%d bytes", int(bytes));
        QCOMPARE(sentencesOf(m_run), QStringList());
    }

    /// As many as were tried when none was noticed.
    void everyChangedDigitIsNoticedAndTheRestIsRead()
    {
        const fs::path journal = m_run / "metrics.jsonl";
        const std::string whole = read(journal);
        const std::size_t points = pointsIn(readRun(m_run)->data);
        std::mt19937 random(1);
        for (int tries = 0; tries < 177;) {
            std::string changed = whole;
            char &digit = changed[random() % changed.size()];
            if (digit < '0' || digit > '9')
                continue;
            digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random() % 9)) % 10);
            ++tries;
            write(journal, changed);
            QCOMPARE(sentencesOf(m_run).size() > 0, true);
            const auto record = readRun(m_run);
            VERIFY_RESULT(record);
            QVERIFY(pointsIn(record->data) + 1 >= points);
            QVERIFY(!record->unread.empty());
        }
        write(journal, whole);
    }

    void everyCutEndIsNoticedAndTheRestIsRead()
    {
        const fs::path journal = m_run / "metrics.jsonl";
        const std::string whole = read(journal);
        std::mt19937 random(2);
        for (int tries = 0; tries < 40; ++tries) {
            const std::string cut = whole.substr(0, random() % whole.size());
            write(journal, cut);
            QVERIFY(sentencesOf(m_run).size() > 0);
            const auto record = readRun(m_run);
            VERIFY_RESULT(record);
            QVERIFY(!record->unread.empty());
        }
        write(journal, whole);
    }

    /// Each line of the run gone, twice there, or in the place of the next.
    void everyLineHasItsPlace()
    {
        const fs::path journal = m_run / "metrics.jsonl";
        const std::string whole = read(journal);
        const Lines lines = linesOf(whole);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            Lines without = lines, doubled = lines, swapped = lines;
            without.erase(without.begin() + std::ptrdiff_t(i));
            doubled.insert(doubled.begin() + std::ptrdiff_t(i), lines[i]);
            std::swap(swapped[i], swapped[i == 0 ? 1 : i - 1]);
            for (const Lines &changed : {without, doubled, swapped}) {
                write(journal, joined(changed));
                QVERIFY2(sentencesOf(m_run).size() > 0, qPrintable(QString::number(i)));
                VERIFY_RESULT(readRun(m_run));
            }
        }
        write(journal, whole);
    }

    /// What is well in itself, and does not fit the rest.
    void whatDoesNotFollowIsNamed_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("summary") << QByteArray("summary.json") << QByteArray("summary.json is missing.");
        QTest::newRow("model") << QByteArray("models/run0.safetensors")
                               << QByteArray("models/run0.safetensors is missing.");
        QTest::newRow("journal") << QByteArray("metrics.jsonl") << QByteArray("metrics.jsonl");
    }
    void whatDoesNotFollowIsNamed()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, says);
        const fs::path path = m_run / file.toStdString();
        const std::string whole = read(path);
        fs::remove(path);
        QVERIFY2(sentencesOf(m_run).join('\n').contains(says), qPrintable(sentencesOf(m_run).join('\n')));
        write(path, whole);
    }

    /// Both are whole files that LossLab has written.
    void aModelInThePlaceOfAnotherIsNamed()
    {
        const fs::path model = m_run / "models" / "run0.safetensors";
        const std::string whole = read(model);
        write(model, read(m_run / "models" / "run1.safetensors"));
        QCOMPARE(sentencesOf(m_run).size(), 1);
        QVERIFY(
            sentencesOf(m_run).front().contains("models/run0.safetensors is not the file that was written"));
        write(model, whole);
    }

    /// As earlier versions wrote them: without checksums, tasks and checkpoints.
    void ofAnEarlierRunIsSaidWhatCannotBeChecked()
    {
        const fs::path run = m_parent / "earlier";
        fs::copy(m_run, run, fs::copy_options::recursive);
        fs::remove_all(run / "checkpoints");
        std::string journal;
        int lines = 0;
        for (const std::string &line : linesOf(read(m_run / "metrics.jsonl"))) {
            Json json = Json::parse(line);
            if (json.contains("saved") || json.contains("ended"))
                continue;
            json["seq"] = ++lines;
            json.erase("crc");
            json.erase("task");
            journal += json.dump() + '\n';
        }
        write(run / "metrics.jsonl", journal);
        Json json = Json::parse(read(run / "run.json"));
        json["format"] = 1;
        json["lines"] = lines;
        json.erase("crc");
        write(run / "run.json", json.dump(2) + '\n');
        QCOMPARE(sentencesOf(run), QStringList());
        QVERIFY(verifyRun(run)->unchecked.front().find("without checksums") != std::string::npos);
        const std::size_t figure = journal.find("\"value\":") + 8;
        journal[figure] = journal[figure] == '1' ? '2' : '1';
        write(run / "metrics.jsonl", journal);
        QVERIFY(sentencesOf(run).join(' ').contains("summary.json does not follow from metrics.jsonl"));
    }

    /// Who takes the format back and the checksum with it is not let off.
    void aRunOfThisFormatIsNotTakenForAnEarlierOne()
    {
        const fs::path path = m_run / "run.json";
        const std::string whole = read(path);
        std::string changed = whole;
        changed.replace(changed.find("\"format\": 2"), 11, "\"format\": 1");
        write(path, changed);
        QVERIFY(sentencesOf(m_run).join(' ').contains("run.json is not as it was written"));
        write(path, whole);
    }

    /// A sparse file of a terabyte: reading it would take minutes.
    void aLineWithoutAnEndIsNotReadOn()
    {
        const fs::path run = m_parent / "endless";
        fs::copy(m_run, run, fs::copy_options::recursive);
        fs::resize_file(run / "metrics.jsonl", std::uintmax_t{1} << 40);
        QVERIFY2(sentencesOf(run).join(' ').contains("does not end, and what follows is not read"),
                 qPrintable(sentencesOf(run).join(' ')));
    }

    void aPartOfACheckpointThatIsMissingIsNamed()
    {
        const fs::path run = m_parent / "parts";
        fs::copy(m_run, run, fs::copy_options::recursive);
        CheckpointFile file;
        file.checkpoint.task = "run0";
        file.checkpoint.loops.resize(1);
        for (const char *weights : {"a", "b"}) {
            file.checkpoint.added[weights] = {weights, TensorType::Float64, {1}, std::vector<std::byte>(8)};
            VERIFY_RESULT(writeCheckpoint(run, 1, file));
        }
        const auto record = readRunJson(run / "run.json");
        VERIFY_RESULT(record);
        write(run / "run.json", runJson(record->spec, record->facts, {RunState::Stopped, "Stopped."}));
        QVERIFY2(!sentencesOf(run).join(' ').contains("checkpoint"), qPrintable(sentencesOf(run).join(' ')));
        fs::remove(run / "checkpoints" / "parts" / "run0-1.safetensors");
        QVERIFY2(sentencesOf(run).join(' ').contains("run0-1"), qPrintable(sentencesOf(run).join(' ')));
    }

    void aJournalAsWrittenIsSound()
    {
        const Checked journal = checked(joined(journalOf(12)));
        QCOMPARE(journal.sentences(), QStringList());
        QCOMPARE(journal.journal.lines, std::uint64_t(12));
        QVERIFY(!journal.journal.breaksOff);
    }

    void everyByteOfAJournalCounts()
    {
        const std::string whole = joined(journalOf(12));
        for (std::size_t i = 0; i < whole.size(); ++i) {
            std::string changed = whole;
            changed[i] = static_cast<char>(changed[i] ^ 1 << i % 8);
            const Checked journal = checked(changed);
            QVERIFY2(journal.findings.count() > 0 || journal.journal.breaksOff,
                     qPrintable(QString::number(i)));
            if (const auto line = 1 + std::count(whole.begin(), whole.begin() + std::ptrdiff_t(i), '\n');
                journal.findings.count() > 0)
                QCOMPARE(journal.findings.first().front().line, std::uint64_t(line));
        }
    }

    void everyCutEndIsSeen()
    {
        const std::string whole = joined(journalOf(12));
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const Checked journal = checked(whole.substr(0, length));
            QCOMPARE(journal.sentences(), QStringList());
            QVERIFY(journal.journal.lines < 12);
            QCOMPARE(journal.journal.breaksOff, length > 0 && whole[length - 1] != '\n');
        }
    }

    void linesAreNamedThatAreNotInTheirPlace_data()
    {
        QTest::addColumn<QList<int>>("order"); // numbers from 1; 0: a line of rubbish
        QTest::addColumn<QStringList>("says");
        QTest::newRow("missing") << QList<int>{
            1, 2, 4} << QStringList{"The line with the number 3 is missing before line 3 of metrics.jsonl."};
        QTest::newRow("the first") << QList<int>{
            2, 3} << QStringList{"The line with the number 1 is missing before line 1 of metrics.jsonl."};
        QTest::newRow("several")
            << QList<int>{1, 5, 6, 8}
            << QStringList{"The lines with the numbers 2 to 4 are missing before line 2 of metrics.jsonl.",
                           "The line with the number 7 is missing before line 4 of metrics.jsonl."};
        QTest::newRow("doubled") << QList<int>{1, 2, 2, 3}
                                 << QStringList{
                                        "Line 3 of metrics.jsonl is there twice: a line before it has its "
                                        "number, 2."};
        QTest::newRow("swapped") << QList<int>{
            1, 3, 2, 4} << QStringList{"Line 3 of metrics.jsonl is out of its place: it has the number 2."};
        QTest::newRow("from the end to the middle")
            << QList<int>{1, 5, 2, 3, 4}
            << QStringList{"Line 3 of metrics.jsonl is out of its place: it has the number 2.",
                           "Line 4 of metrics.jsonl is out of its place: it has the number 3.",
                           "Line 5 of metrics.jsonl is out of its place: it has the number 4."};
        QTest::newRow("a damaged one counts as the one that is due")
            << QList<int>{1, 0, 3}
            << QStringList{"Line 2 of metrics.jsonl is damaged: its checksum does not fit it."};
        QTest::newRow("one that is broken in two")
            << QList<int>{1, 0, 0, 3, 4}
            << QStringList{"Line 2 of metrics.jsonl is damaged: its checksum does not fit it.",
                           "Line 3 of metrics.jsonl is damaged: its checksum does not fit it."};
    }
    void linesAreNamedThatAreNotInTheirPlace()
    {
        QFETCH(QList<int>, order);
        QFETCH(QStringList, says);
        const Lines lines = journalOf(10);
        Lines shuffled;
        for (const int number : order)
            shuffled.push_back(number == 0 ? std::string("rubbish\n") : lines[std::size_t(number) - 1]);
        QCOMPARE(checked(joined(shuffled)).sentences(), says);
    }

private:
    TemporaryFolder m_parent;
    const fs::path m_run = m_parent / "run";
};

QTEST_GUILESS_MAIN(TestVerify)
#include "test_verify.moc"
