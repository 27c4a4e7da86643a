#include "base/numbertext.h"
#include "base/platform.h"
#include "runs/runjson.h"
#include "runs/runner.h"

#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>

/// Runs as the window and the command do, and writes every point to standard output the moment that it could
/// be shown, a line of JSON each: what of it is not in the journal afterwards is lost.
///
///     losslab_showing run RUN.JSON FOLDER    a run of that file's settings, in a new folder
///     losslab_showing resume FOLDER

using namespace losslab;

namespace {

void show(const Event &event, std::string &text)
{
    const auto *point = std::get_if<PointEvent>(&event);
    if (!point)
        return;
    const Json json{{"chart", point->chart},
                    {"series", point->series},
                    {"repeat", point->repeat},
                    {"x", numberJson(point->x)},
                    {"y", numberJson(point->y)}};
    text += json.dump() + '\n';
}

int follow(Runner &runner)
{
    for (;;) {
        std::string text;
        StateEvent end;
        for (const Event &event : runner.waitTake(std::chrono::milliseconds(200))) {
            show(event, text);
            if (const auto *state = std::get_if<StateEvent>(&event))
                end = *state;
        }
        for (std::size_t written = 0; written < text.size();) {
            const ssize_t count = ::write(STDOUT_FILENO, text.data() + written, text.size() - written);
            if (count < 0)
                return 1;
            written += static_cast<std::size_t>(count);
        }
        if (isEnded(end.state)) {
            std::fprintf(stderr, "%s\n", end.message.c_str());
            return end.state == RunState::Finished ? 0 : 1;
        }
    }
}

Result<std::unique_ptr<Runner>> started(int argc, char **argv)
{
    if (argc == 4 && std::string_view(argv[1]) == "run") {
        const auto record = readRunJson(argv[2]);
        return record ? Runner::start(record->spec, {.folder = argv[3]}) : tl::unexpected(record.error());
    }
    if (argc == 3 && std::string_view(argv[1]) == "resume")
        return Runner::resume(argv[2], {});
    return usageError("losslab_showing takes run RUN.JSON FOLDER, or resume FOLDER.");
}

} // namespace

int main(int argc, char **argv)
{
    const auto runner = started(argc, argv);
    if (runner)
        return follow(**runner);
    std::fprintf(stderr, "%s\n", runner.error().message.c_str());
    return 2;
}
