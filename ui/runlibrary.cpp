#include "ui/runlibrary.h"

#include "ui/backgroundjob.h"

#include <utility>

namespace losslab::ui {

void readNewestRun(const std::string &experiment, QObject *context, std::function<void(NewestRun)> then)
{
    BackgroundJob<NewestRun>::start(
        context, [experiment] { return newestRun(experiment); }, std::move(then));
}

void readRunFolder(const std::filesystem::path &folder, QObject *context,
                   std::function<void(Result<RunRecord>)> then)
{
    BackgroundJob<Result<RunRecord>>::start(
        context, [folder] { return readRun(folder); }, std::move(then));
}

} // namespace losslab::ui
