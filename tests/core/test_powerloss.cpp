#include "experiments/registry.h"
#include "filefaults.h"
#include "filefixtures.h"
#include "lab/jsonfields.h"
#include "recordeddisk.h"
#include "runs/journalline.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "runs/verify.h"
#include "tests/runtoend.h"
#include "tests/smallruns.h"

#include <QTest>
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <tuple>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Kind = platform::FileCall::Kind;

namespace {

constexpr int statesWanted = 10'000;
constexpr int resumeEvery = 100; ///< states
constexpr int mostMisses = 5;    ///< states in a row that were there before
constexpr int mostPasses = 50;   ///< over the steps

using Point = std::tuple<std::string, std::string, int, double, double>;
using Points = std::set<Point>;

RunSpec tinySpec()
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    RunSpec spec = specOf(*experiment, {{"epochs", std::int64_t(300)},
                                        {"points", std::int64_t(60)},
                                        {"batch", std::int64_t(1)}, // so that the run takes its time
                                        {"models", std::string("a: 3; b: 2, 2")}});
    spec.repeats = 2;
    return spec;
}

Points pointsOf(const RunData &data)
{
    Points points;
    for (const ChartData &chart : data.charts())
        for (const SeriesData &series : chart.series)
            for (std::size_t repeat = 0; repeat < series.repeats.size(); ++repeat)
                for (std::size_t i = 0; i < series.repeats[repeat].x.size(); ++i)
                    points.emplace(chart.id, series.key, int(repeat), series.repeats[repeat].x[i],
                                   series.repeats[repeat].y[i]);
    return points;
}

/// The points that a journal's text has.
Points pointsIn(const std::string &journal)
{
    static std::map<std::string, std::optional<Point>, std::less<>> known; ///< by line
    Points points;
    for (std::string_view rest = journal; rest.find('\n') != rest.npos;
         rest.remove_prefix(rest.find('\n') + 1)) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        auto found = known.find(line);
        if (found == known.end()) {
            JournalLine parts;
            std::optional<Point> point;
            if (readJournalLine(line, parts)) {
                const Json json = Json::parse(std::string(parts.object) + "}");
                if (json.contains("series"))
                    point = Point(json["chart"], json["series"], json["repeat"], json["x"], json["y"]);
            }
            found = known.emplace(std::string(line), point).first;
        }
        if (found->second)
            points.insert(*found->second);
    }
    return points;
}

std::map<std::string, std::string> resultsOf(const fs::path &folder)
{
    std::map<std::string, std::string> results{{"summary.json", read(folder / "summary.json")}};
    for (const auto &entry : fs::directory_iterator(folder / "models"))
        results[entry.path().filename().string()] = read(entry.path());
    return results;
}

/// A run that ended without harm.
struct Truth
{
    Points points;
    std::map<std::string, std::string> results;
    Points onTheWay = {}; ///< of a run that was stopped, the curves as they were then
};

/// What a run did to the disk.
struct Recording
{
    fs::path root; ///< the run's folder is "run" in it
    std::vector<DiskStep> steps;
    std::size_t before = 0; ///< steps to what was there when the recording began
};

/// Which steps a disk only pretends to make.
using Lie = std::function<bool(const DiskStep &)>;

/// Follows a run to its end, or stops it after so many points.
StateEvent followed(Runner &runner, int most = -1)
{
    StateEvent state;
    for (int points = 0; !isEnded(state.state);)
        for (const Event &event : runner.waitTake(std::chrono::milliseconds(5))) {
            if (const auto *now = std::get_if<StateEvent>(&event))
                state = *now;
            if (std::holds_alternative<PointEvent>(event) && ++points == most)
                runner.stop();
        }
    return state;
}

/// Of one that is begun by `begin`. Some file systems have no files without a name.
Recording recordingOf(const fs::path &root, bool hasNameless,
                      const std::function<Result<std::unique_ptr<Runner>>()> &begin)
{
    DiskRecorder recorder(root);
    const std::size_t before = recorder.steps().size();
    {
        const FileHookScope hook([&](platform::FileCall &call, const std::function<long()> &make) -> long {
            if (!hasNameless && call.kind == Kind::OpenNameless)
                return -EOPNOTSUPP;
            return recorder.answer(call, make);
        });
        if (const auto runner = begin())
            followed(**runner);
        else
            qWarning("%s", runner.error().message.c_str());
    }
    return {root, recorder.steps(), before};
}

/// Where states are laid out: in memory, if that can be.
fs::path scratchFolder()
{
    const fs::path memory = "/dev/shm";
    const fs::path above = fs::is_directory(memory) ? memory : fs::temp_directory_path();
    return above / fmt::format("losslab-powerloss-{}", ::getpid());
}

void layOut(const ModelDisk::Files &files, const fs::path &folder)
{
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const auto &[name, content] : files)
        if (name.has_filename())
            write(folder / name, content);
        else
            fs::create_directories(folder / name);
}

/// How states of a recording were.
struct Tally
{
    int states = 0;
    int readable = 0;
    int resumed = 0;
    QStringList complaints;
};

/// States of the disk after losing power, each held to what was promised.
class PowerLoss
{
public:
    PowerLoss(const Truth &truth, const Recording &recording) : m_truth(truth), m_recording(recording) {}
    ~PowerLoss() { fs::remove_all(m_scratch); }

    /// So many states that losing power after any step may leave, no two of them alike.
    Tally of(int states, std::uint64_t seed, const Lie &isLie = {})
    {
        Tally tally;
        std::mt19937_64 random(seed);
        for (int pass = 0; pass < mostPasses && tally.states < states; ++pass)
            goThrough(states, random, isLie, tally);
        return tally;
    }

private:
    void goThrough(int states, std::mt19937_64 &random, const Lie &isLie, Tally &tally)
    {
        const int before = tally.states;
        ModelDisk honest(m_recording.root), disk(m_recording.root);
        std::size_t number = 0;
        for (const DiskStep &step : m_recording.steps) {
            honest.apply(step);
            if (!isLie || !isLie(step))
                disk.apply(step);
            if (++number < m_recording.before)
                continue;
            const int share = 1 + (states - before) / static_cast<int>(m_recording.steps.size());
            const int most = std::min(tally.states + share, states);
            for (int misses = 0; misses < mostMisses && tally.states < most;)
                misses = take(honest, disk.afterPowerLoss(random), tally) ? 0 : misses + 1;
        }
    }

    /// False where it was taken before.
    bool take(const ModelDisk &honest, const ModelDisk::Files &files, Tally &tally)
    {
        std::size_t hash = 0;
        for (const auto &[name, content] : files)
            hash =
                hash * 31 + std::hash<std::string>()(name.string()) * 7 + std::hash<std::string>()(content);
        if (!m_seen.insert(hash).second)
            return false;
        ++tally.states;
        layOut(files, m_scratch);
        QString problem = problemOf(honest, tally);
        if (problem.isEmpty() && tally.states % resumeEvery == 0)
            problem = problemOfResumed(tally);
        if (!problem.isEmpty())
            tally.complaints += QString("state %1: %2").arg(tally.states).arg(problem);
        return true;
    }

    /// In words what is not as it should be; empty where all is.
    QString problemOf(const ModelDisk &honest, Tally &tally)
    {
        const auto record = readRun(m_folder);
        if (!record && honest.certain(m_recording.root / "run" / "run.json"))
            return QString::fromStdString("it cannot be read: " + record.error().message);
        if (!record)
            return {};
        ++tally.readable;
        const Points shown = pointsOf(record->data);
        for (const Point &point : shown)
            if (!m_truth.points.contains(point) && !m_truth.onTheWay.contains(point))
                return "a point is shown that was none";
        const Points synced = syncedPoints(honest);
        if (!std::includes(shown.begin(), shown.end(), synced.begin(), synced.end()))
            return QString("%1 points were synced, and %2 are there").arg(synced.size()).arg(shown.size());
        const auto verified = verifyRun(m_folder);
        for (const Finding &finding : verified->findings.first())
            if (isEnded(record->state) || finding.file != "metrics.jsonl")
                return QString::fromStdString("verify: " + finding.what);
        return {};
    }

    /// Where one journal takes the place of another, those that both have: the rest is gone through again.
    Points syncedPoints(const ModelDisk &honest) const
    {
        const auto journals = honest.certain(m_recording.root / "run" / "metrics.jsonl");
        Points points = journals ? pointsIn(journals->front()) : Points();
        for (std::size_t i = 1; journals && i < journals->size(); ++i) {
            const Points others = pointsIn((*journals)[i]);
            std::erase_if(points, [&](const Point &point) { return !others.contains(point); });
        }
        return points;
    }

    QString problemOfResumed(Tally &tally)
    {
        const auto record = readRun(m_folder);
        if (!record || record->state == RunState::Finished)
            return {};
        {
            const auto runner = Runner::resume(m_folder);
            if (!runner)
                return QString::fromStdString("it is not resumed: " + runner.error().message);
            if (const StateEvent end = followed(**runner); end.state != RunState::Finished)
                return QString::fromStdString("resumed, it ends: " + end.message);
        }
        ++tally.resumed;
        const auto ended = readRun(m_folder);
        if (!ended || pointsOf(ended->data) != m_truth.points || resultsOf(m_folder) != m_truth.results)
            return "resumed, it is another run";
        const auto verified = verifyRun(m_folder);
        return verified->isSound()
                   ? QString()
                   : QString::fromStdString("resumed: " + verified->findings.first().front().what);
    }

    const Truth &m_truth;
    const Recording &m_recording;
    std::set<std::size_t> m_seen; ///< states, by a hash
    const fs::path m_scratch = scratchFolder();
    const fs::path m_folder = m_scratch / "run";
};

} // namespace

/// What is left of a run when power is lost: what was synced is there, what is there is right, and the run
/// goes on from it. A model of the disk says what may be left; see ModelDisk.
class TestPowerLoss : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        ::setenv("LOSSLAB_CHECKPOINT_SECONDS", "0.02", 1);
        fs::create_directory(m_parent / "whole");
        m_whole = recordingOf(m_parent / "whole", true, [&] {
            return Runner::start(tinySpec(), {.folder = m_parent / "whole" / "run"});
        });
        const fs::path folder = m_parent / "whole" / "run";
        const auto record = readRun(folder);
        VERIFY_RESULT(record);
        QCOMPARE(record->state, RunState::Finished);
        m_truth = {pointsOf(record->data), resultsOf(folder)};
        const auto checkpoints =
            std::count_if(m_whole.steps.begin(), m_whole.steps.end(), [](const DiskStep &step) {
                return step.kind == Kind::Rename && step.to.parent_path().filename() == "checkpoints";
            });
        QVERIFY2(checkpoints > 4, qPrintable(QString::number(checkpoints)));
    }

    void aRunStandsAsItWasSynced_data()
    {
        QTest::addColumn<bool>("hasNameless");
        QTest::newRow("files without a name") << true;
        QTest::newRow("files that are renamed") << false;
    }
    void aRunStandsAsItWasSynced()
    {
        QFETCH(bool, hasNameless);
        Recording other;
        if (!hasNameless) {
            const fs::path root = m_parent / "other";
            fs::create_directory(root);
            other = recordingOf(root, false, [&] { return Runner::start(tinySpec(), {root / "run"}); });
        }
        const Tally tally = PowerLoss(m_truth, hasNameless ? m_whole : other).of(statesWanted / 2, 1);
        QVERIFY2(tally.complaints.isEmpty(), qPrintable(tally.complaints.join('\n')));
        qInfo("%d states, %d with a run, %d resumed", tally.states, tally.readable, tally.resumed);
        QVERIFY(tally.states >= statesWanted / 2);
        QVERIFY(tally.resumed > statesWanted / resumeEvery / 4);
    }

    /// A run that goes on replaces its journal.
    void aResumedRunStandsAsItWasSynced()
    {
        const fs::path root = m_parent / "resumed";
        fs::create_directory(root);
        {
            const auto runner = Runner::start(tinySpec(), {.folder = root / "run"});
            VERIFY_RESULT(runner);
            QCOMPARE(followed(**runner, 30).state, RunState::Stopped);
        }
        Truth truth = m_truth;
        truth.onTheWay = pointsOf(readRun(root / "run")->data);
        const Recording resumed = recordingOf(root, true, [&] { return Runner::resume(root / "run"); });
        const Tally tally = PowerLoss(truth, resumed).of(statesWanted / 4, 2);
        QVERIFY2(tally.complaints.isEmpty(), qPrintable(tally.complaints.join('\n')));
        QVERIFY(tally.resumed > 0);
    }

    /// Were the promises not kept, this test would say so.
    void aDiskThatPretendsToSyncIsNoticed_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("ofJournal");
        QTest::newRow("the journal") << int(Kind::Sync) << true;
        QTest::newRow("the other files") << int(Kind::Sync) << false;
        QTest::newRow("the folders") << int(Kind::SyncFolder) << false;
    }
    void aDiskThatPretendsToSyncIsNoticed()
    {
        QFETCH(int, kind);
        QFETCH(bool, ofJournal);
        const auto opened =
            std::find_if(m_whole.steps.begin(), m_whole.steps.end(), [](const DiskStep &step) {
                return step.kind == Kind::Open && step.path.filename() == "metrics.jsonl";
            });
        QVERIFY(opened != m_whole.steps.end());
        const Tally tally = PowerLoss(m_truth, m_whole).of(500, 3, [&](const DiskStep &step) {
            return int(step.kind) == kind && (step.file == opened->file) == ofJournal;
        });
        QVERIFY(!tally.complaints.isEmpty());
    }

private:
    TemporaryFolder m_parent;
    Recording m_whole;
    Truth m_truth;
};

QTEST_GUILESS_MAIN(TestPowerLoss)
#include "test_powerloss.moc"
