#include "store/runlibrary.h"

#include "store/platform.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <sstream>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largestOrder = std::uint64_t{64} << 20; ///< bytes: a million runs

/// A line a run, in the order in which they were begun.
fs::path orderFile()
{
    return platform::runsFolder() / ".order";
}

/// How many were noted before, by name; without those that cannot be told.
std::map<std::string, int> notedOrder()
{
    std::map<std::string, int> order;
    std::istringstream lines(platform::readFile(orderFile(), largestOrder).value_or(std::string()));
    int count = 0;
    for (std::string name; std::getline(lines, name);)
        order[name] = ++count;
    return order;
}

bool hasPoints(const RunData &data)
{
    return std::any_of(data.charts().begin(), data.charts().end(),
                       [](const ChartData &chart) { return !chart.empty(); });
}

} // namespace

fs::path freshRunFolder(const RunSpec &spec)
{
    const fs::path first =
        platform::runsFolder() / fmt::format("{}-{}", platform::localStamp(), spec.experiment);
    (void)platform::makeFolder(platform::runsFolder());
    fs::path folder = first;
    std::error_code error;
    for (int number = 2; !fs::create_directory(folder, error) && !error; ++number)
        folder = fmt::format("{}-{}", first.string(), number);
    if (!error) // where it cannot be noted, its name has to do
        (void)platform::addLine(orderFile(), folder.filename().string());
    return folder;
}

std::vector<fs::path> runsOf(const std::string &experiment)
{
    const std::map<std::string, int> order = notedOrder();
    std::vector<std::pair<int, std::string>> runs;
    std::error_code error;
    for (fs::directory_iterator entry(platform::runsFolder(), error), end; !error && entry != end;
         entry.increment(error))
    {
        std::string name = entry->path().filename().string();
        const auto noted = order.find(name);
        if (!name.starts_with('.') && name.find(experiment) != std::string::npos)
            runs.emplace_back(noted == order.end() ? 0 : noted->second, std::move(name));
    }
    std::sort(runs.begin(), runs.end(), std::greater<>());
    std::vector<fs::path> folders;
    for (const auto &[number, name] : runs)
        folders.push_back(platform::runsFolder() / name);
    return folders;
}

NewestRun newestRun(const std::string &experiment)
{
    NewestRun newest;
    for (const fs::path &folder : runsOf(experiment)) {
        const auto found = platform::look(folder / "run.json");
        if (found && !*found)
            continue; // a folder without a run, as a program leaves that is killed at once
        Result<RunRecord> record = readRun(folder);
        if (!record) {
            newest.leftOut.push_back(record.error().message);
        } else if (record->spec.experiment == experiment && hasPoints(record->data)) {
            newest.run = std::move(*record);
            break;
        }
    }
    return newest;
}

} // namespace losslab
