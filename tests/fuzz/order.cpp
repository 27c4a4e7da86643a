#include "readers.h"

#include "runs/runlibrary.h"

#include <cstdlib>

void losslab::fuzz::readOrderFile(std::string_view input)
{
    static const std::filesystem::path home = [] {
        const std::filesystem::path folder = workFolder() / "home";
        ::setenv("LOSSLAB_HOME", folder.c_str(), 1);
        put("home/runs/2026-11-24-101530-function-fit/run.json", "{}");
        put("home/runs/another function-fit/run.json", "{}");
        return folder;
    }();
    put("home/runs/.order", input);
    const std::vector<std::filesystem::path> runs = runsOf("function-fit");
    promise(runs.size() == 2, "each run is there once");
    for (const std::filesystem::path &run : runs)
        promise(run.parent_path() == home / "runs", "runs lie among the runs");
}
