#include "ui/runlibrary.h"

#include "store/platform.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <algorithm>

namespace losslab::ui {

namespace {

namespace fs = std::filesystem;

bool hasPoints(const RunData &data)
{
    return std::any_of(data.charts().begin(), data.charts().end(),
                       [](const ChartData &chart) { return !chart.empty(); });
}

/// Folders whose name tells of the experiment, newest first: names begin with the date.
std::vector<fs::path> foldersOf(const std::string &experiment)
{
    std::vector<fs::path> folders;
    std::error_code error;
    for (const fs::directory_entry &entry : fs::directory_iterator(platform::runsFolder(), error))
        if (entry.path().filename().string().find(experiment) != std::string::npos)
            folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end(), std::greater<>());
    return folders;
}

/// Work in the thread pool, its outcome in the context's thread.
template <class Outcome>
void inBackground(QObject *context, std::function<Outcome()> work, std::function<void(Outcome)> then)
{
    QThreadPool::globalInstance()->start(
        [guard = QPointer(context), work = std::move(work), then = std::move(then)] {
            auto outcome = std::make_shared<Outcome>(work());
            QMetaObject::invokeMethod(
                qApp,
                [guard, then, outcome] {
                    if (guard)
                        then(std::move(*outcome));
                },
                Qt::QueuedConnection);
        });
}

} // namespace

std::optional<RunRecord> newestRun(const std::string &experiment)
{
    for (const fs::path &folder : foldersOf(experiment)) {
        Result<RunRecord> record = readRun(folder);
        if (record && record->spec.experiment == experiment && hasPoints(record->data))
            return std::move(*record);
    }
    return std::nullopt;
}

void readNewestRun(const std::string &experiment, QObject *context,
                   std::function<void(std::optional<RunRecord>)> then)
{
    inBackground<std::optional<RunRecord>>(
        context, [experiment] { return newestRun(experiment); }, std::move(then));
}

void readRunFolder(const fs::path &folder, QObject *context, std::function<void(Result<RunRecord>)> then)
{
    inBackground<Result<RunRecord>>(
        context, [folder] { return readRun(folder); }, std::move(then));
}

} // namespace losslab::ui
