#include "ui/runlibrary.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <memory>

namespace losslab::ui {

namespace {

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

void readNewestRun(const std::string &experiment, QObject *context, std::function<void(NewestRun)> then)
{
    inBackground<NewestRun>(
        context, [experiment] { return newestRun(experiment); }, std::move(then));
}

void readRunFolder(const std::filesystem::path &folder, QObject *context,
                   std::function<void(Result<RunRecord>)> then)
{
    inBackground<Result<RunRecord>>(
        context, [folder] { return readRun(folder); }, std::move(then));
}

} // namespace losslab::ui
