#pragma once

#include "base/tensordata.h"
#include "lab/event.h"
#include "lab/rundata.h"
#include "lab/runspec.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace losslab {

class Experiment;

/// What a run was made with, beside its spec. Kept in run.json.
struct RunFacts
{
    std::string program;      ///< LossLab's version
    std::string libTorch;     ///< LibTorch's version
    std::string device;       ///< "cpu: AMD EPYC, 2 threads", "cuda: NVIDIA …"
    std::string dataChecksum; ///< of the data set, empty where none is used
    std::string started;      ///< UTC, ISO 8601
    std::string ended;        ///< empty while running
    double seconds = -1;      ///< from start to end by a clock that nobody sets; negative: not known
    std::int64_t lines = -1;  ///< of metrics.jsonl when the run had ended; negative: not known
    std::map<std::string, std::string> engines = {}; ///< by model: which computed it, see makeengine.h
};

/// A run on disk, being written: run.json, metrics.jsonl, summary.json, models/, charts/ (see the formats
/// page).
class RunFolder
{
public:
    /// Makes the folder (which must not hold a run yet; what a program left that was killed here at once is
    /// none) and writes run.json with state "running".
    static Result<std::unique_ptr<RunFolder>> create(const std::filesystem::path &folder, const RunSpec &spec,
                                                     const RunFacts &facts);
    ~RunFolder();

    const std::filesystem::path &path() const { return m_path; }

    /// Adds a line for a point, a curve's points (only where `last`), a row or a figure, which waits in
    /// memory until it is written. False where the event leaves no line. Safe from several threads at once,
    /// as all but finish().
    bool append(const Event &event);
    /// Bytes that wait.
    std::size_t unwritten() const;
    /// Hands what waits to the system. Data error on a full disk: the lines there was room for are in the
    /// file and whole, the others still wait. Data error where the folder or the journal is no longer what it
    /// was.
    Result<void> write();
    /// The same, and to the disk.
    Result<void> flush();
    /// models/<name>.safetensors, written whole or not at all.
    Result<void> saveModel(const std::string &name, const std::vector<TensorData> &tensors);
    /// Writes summary.json (figures of `data`, published values of `experiment` beside them) and run.json's
    /// end. Where the journal cannot be completed, both say "failed" and why.
    Result<void> finish(const Experiment &experiment, const RunData &data, RunState state,
                        const std::string &message, const RunFacts &facts);

    /// Data error where another folder, or none, is where this was made.
    Result<void> checkPlace() const;

    /// Takes the folder back, with the models in it: for a run that ended before there was a line.
    static void discard(std::unique_ptr<RunFolder> folder);

private:
    struct Impl;
    explicit RunFolder(std::filesystem::path path, std::unique_ptr<Impl> impl);

    std::filesystem::path m_path;
    std::unique_ptr<Impl> m_impl;
};

/// A run as read back from its folder. Its state is "running" where it still runs or was interrupted.
struct RunRecord
{
    std::filesystem::path folder;
    RunSpec spec;
    RunFacts facts;
    RunState state = RunState::Idle;
    std::string message;
    bool interrupted = false; ///< the program ended before the run did: killed, or the machine went down
    /// Sentences: what of the run is missing, or could not be read; each is among the data's notes. A last
    /// line that a run broke off in that was killed is not: it may never have been written.
    std::vector<std::string> unread;
    RunData data;
};

/// How a run stands, in words: "finished", "failed: …", "interrupted (the program ended before the run did)",
/// "finished, but part of it cannot be read".
std::string standingText(const RunRecord &record);

/// Data error naming file and line where something is damaged; a torn last line of metrics.jsonl, lines that
/// are missing at its end, and what this version of the experiment does not have, are left out with a note.
/// Parameters that the experiment got after the run was made have their standard value. The folder may come
/// from anywhere: see JournalRules.
Result<RunRecord> readRun(const std::filesystem::path &folder);

/// Whether a folder within a run's (charts, tables) is there, and not elsewhere by a link: the run may come
/// from anywhere. Data error in words.
Result<void> checkWithin(const std::filesystem::path &run, const std::filesystem::path &folder);

/// The points of a chart that are in memory: tidy `series,repeat,x,y,label`, one row a point.
std::string chartCsv(const ChartData &chart);
/// Every point of a chart into a file, written whole or not at all. What a thinned chart leaves out is read
/// from the journal in the run's folder.
Result<void> writeChartCsvFile(const ChartData &chart, const std::filesystem::path &run,
                               const std::filesystem::path &file);
/// Every row of a table: `repeat`, then one column a key.
std::string tableCsv(const TableData &table);
/// The same into <folder>/<chart>.csv and <folder>/<table>.csv. Return the path.
Result<std::filesystem::path> writeChartCsv(const ChartData &chart, const std::filesystem::path &folder,
                                            const std::filesystem::path &run = {});
Result<std::filesystem::path> writeTableCsv(const TableData &table, const std::filesystem::path &folder);

} // namespace losslab
