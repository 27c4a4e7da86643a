#include "runs/runlibrary.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "runs/runjson.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <map>
#include <sstream>
#include <tuple>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largestOrder = std::uint64_t{8} << 20; ///< bytes: a hundred thousand runs
constexpr std::chrono::seconds lockPatience{1};                ///< a change takes milliseconds

/// A line a run, in the order in which they were begun.
fs::path orderFile()
{
    return platform::runsFolder() / ".order";
}

/// The names noted; none where they cannot be told.
std::vector<std::string> notedNames()
{
    std::vector<std::string> names;
    std::istringstream lines(platform::readFile(orderFile(), largestOrder).value_or(std::string()));
    for (std::string name; std::getline(lines, name);)
        if (isFileName(name)) // as all are that are noted; another would lead elsewhere
            names.push_back(name);
    return names;
}

/// Notes a run as the last, and forgets those whose folder is gone.
void noteInOrder(const std::string &name)
{
    const auto lock = platform::FileLock::tryTake(platform::runsFolder() / ".order.lock", lockPatience);
    std::vector<std::string> names = lock && *lock ? notedNames() : std::vector<std::string>();
    const std::size_t gone = std::erase_if(names, [&](const std::string &noted) {
        std::error_code unreadable;
        return noted == name || (!fs::exists(platform::runsFolder() / noted, unreadable) && !unreadable);
    });
    if (gone > 0)
        (void)platform::writeFileAtomically(
            orderFile(), fmt::format("{}{}", fmt::join(names, "\n"), names.empty() ? "" : "\n"));
    (void)platform::addLine(orderFile(), name); // where it cannot be noted, its name has to do
}

/// A run among those that are to be put in order.
struct Candidate
{
    int noted = 0; ///< its number in the order; 0: it is not there
    std::string name;
    std::string started;

    /// As freshRunFolder() names a folder, whose name then says when the run was begun.
    bool isNamedAfterTime() const
    {
        constexpr std::string_view stamp = "0000-00-00-000000-";
        return name.size() >= stamp.size()
               && std::equal(stamp.begin(), stamp.end(), name.begin(), [](char wanted, char found) {
                      return wanted == '0' ? found >= '0' && found <= '9' : wanted == found;
                  });
    }
    bool operator>(const Candidate &other) const
    {
        return std::tie(noted, name) > std::tie(other.noted, other.name);
    }
};

/// Whose run it is says run.json; where that cannot be read, the folder's name.
std::vector<BegunRun> candidatesOf(const std::string &experiment)
{
    std::vector<BegunRun> candidates;
    std::error_code error;
    for (fs::directory_iterator entry(platform::runsFolder(), error), end; !error && entry != end;
         entry.increment(error))
    {
        std::string name = entry->path().filename().string();
        if (name.starts_with('.'))
            continue;
        const auto head = readRunHead(entry->path() / "run.json");
        const bool itsOwn =
            head ? head->experiment == experiment : name.find(experiment) != std::string::npos;
        if (itsOwn)
            candidates.push_back({std::move(name), head ? head->started : std::string()});
    }
    return candidates;
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
    Result<bool> made = platform::makeNewFolder(folder);
    for (int number = 2; made && !*made; ++number) {
        folder = fmt::format("{}-{}", first.string(), number);
        made = platform::makeNewFolder(folder);
    }
    if (made)
        noteInOrder(folder.filename().string());
    return folder;
}

std::vector<std::string> namesByBegin(std::vector<BegunRun> begun)
{
    std::map<std::string, int> order;
    int count = 0;
    for (std::string &name : notedNames())
        order[std::move(name)] = ++count;
    std::vector<Candidate> runs;
    runs.reserve(begun.size());
    for (BegunRun &run : begun) {
        const auto noted = order.find(run.name);
        runs.push_back(
            {noted == order.end() ? 0 : noted->second, std::move(run.name), std::move(run.started)});
    }
    const auto named = std::stable_partition(runs.begin(), runs.end(), [](const Candidate &run) {
        return run.noted > 0 || run.started.empty() || run.isNamedAfterTime();
    });
    std::vector<Candidate> renamed(named, runs.end());
    runs.erase(named, runs.end());
    std::sort(runs.begin(), runs.end(), std::greater<>());
    std::sort(renamed.begin(), renamed.end(), [](const Candidate &a, const Candidate &b) {
        return std::tie(a.started, a.name) < std::tie(b.started, b.name);
    });
    for (const Candidate &run : renamed)
        runs.insert(std::find_if(runs.begin(), runs.end(),
                                 [&](const Candidate &other) {
                                     return !other.started.empty() && other.started <= run.started;
                                 }),
                    run);
    std::vector<std::string> names;
    names.reserve(runs.size());
    for (Candidate &run : runs)
        names.push_back(std::move(run.name));
    return names;
}

std::vector<fs::path> runsOf(const std::string &experiment)
{
    std::vector<fs::path> folders;
    for (const std::string &name : namesByBegin(candidatesOf(experiment)))
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
        } else if (!record->unread.empty()) {
            newest.leftOut.push_back(fmt::format("Of the run {}, no points can be read. {}",
                                                 platform::quoted(folder), record->unread.front()));
        }
    }
    return newest;
}

} // namespace losslab
