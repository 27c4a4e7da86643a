#include "runs/queuefile.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "base/text.h"
#include "runs/runjson.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace losslab {

namespace {

constexpr int formatVersion = 1;

constexpr std::array<std::pair<QueuedState, std::string_view>, 6> stateNames{{
    {QueuedState::Waiting, "waiting"},
    {QueuedState::Interrupted, "interrupted"},
    {QueuedState::Running, "running"},
    {QueuedState::Finished, "finished"},
    {QueuedState::Stopped, "stopped"},
    {QueuedState::Failed, "failed"},
}};

std::string pathText(const std::filesystem::path &path)
{
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

Json runJson(const QueuedRun &run)
{
    Json json{{"id", run.id},
              {"state", queuedStateName(run.state)},
              {"spec", run.misfit.empty() ? specJson(run.spec) : run.asRead}};
    if (!run.folder.empty())
        json["folder"] = pathText(run.folder);
    if (!run.message.empty())
        json["message"] = run.message;
    if (run.seconds >= 0)
        json["seconds"] = run.seconds;
    return json;
}

/// What is wrong with the settings alone is the run's to tell: the others of the queue stay.
void takeSpec(QueuedRun &run, Json json)
{
    JsonFields inSpec(json);
    run.spec = readSpec(json, inSpec);
    if (inSpec.problem().empty())
        return;
    run.misfit = fmt::format("This LossLab cannot take its settings: {}", inSpec.ended());
    run.asRead = std::move(json);
}

QueuedRun readRun(const Json &json, JsonFields &outer)
{
    QueuedRun run;
    JsonFields fields(json);
    Json spec;
    fields.allow({"id", "state", "spec", "folder", "message", "seconds"});
    fields.read("id", run.id);
    fields.readNamed("state", queuedStateFromName, run.state);
    fields.read("spec", spec);
    if (fields.has("folder")) {
        std::string folder;
        fields.read("folder", folder);
        run.folder = std::u8string(folder.begin(), folder.end());
    }
    if (fields.has("message"))
        fields.read("message", run.message);
    if (fields.has("seconds"))
        fields.read("seconds", run.seconds);
    if (fields.problem().empty())
        takeSpec(run, std::move(spec));
    outer.refuse(fields.problem());
    return run;
}

QueueContents readContents(JsonFields &fields)
{
    QueueContents contents;
    std::vector<Json> list;
    fields.allow({"format", "nextId", "runs"});
    fields.read("nextId", contents.nextId);
    fields.read("runs", list);
    if (list.size() > mostQueued)
        fields.refuse(fmt::format("it has {} runs, and a queue has at most {}", list.size(), mostQueued));
    std::set<std::int64_t> ids;
    for (std::size_t i = 0; i < list.size() && fields.problem().empty(); ++i) {
        const std::int64_t id = contents.runs.emplace_back(readRun(list[i], fields)).id;
        if (!ids.insert(id).second)
            fields.refuse(fmt::format("two of its runs have the number {}", id));
        if (id >= contents.nextId)
            fields.refuse(fmt::format("“nextId” cannot be {}: a run has {}", contents.nextId, id));
    }
    putInOrder(contents.runs);
    return contents;
}

} // namespace

std::string_view queuedStateName(QueuedState state)
{
    return std::find_if(stateNames.begin(), stateNames.end(),
                        [&](const auto &one) { return one.first == state; })
        ->second;
}

Result<QueuedState> queuedStateFromName(std::string_view name)
{
    for (const auto &[state, known] : stateNames)
        if (known == name)
            return state;
    return dataError(fmt::format("There is no state “{}” of a run in the queue.", name));
}

bool waits(QueuedState state)
{
    return state == QueuedState::Waiting || state == QueuedState::Interrupted;
}

bool isEnded(QueuedState state)
{
    return !waits(state) && state != QueuedState::Running;
}

void putInOrder(std::vector<QueuedRun> &runs)
{
    const auto rank = [](const QueuedRun &run) {
        return isEnded(run.state) ? 0 : run.state == QueuedState::Running ? 1 : 2;
    };
    std::stable_sort(runs.begin(), runs.end(),
                     [&](const QueuedRun &a, const QueuedRun &b) { return rank(a) < rank(b); });
}

std::string queueText(const QueueContents &contents)
{
    Json list = Json::array();
    for (const QueuedRun &run : contents.runs)
        list.push_back(runJson(run));
    const Json json{{"format", formatVersion}, {"nextId", contents.nextId}, {"runs", std::move(list)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<QueueContents> readQueueText(std::string_view text, const std::filesystem::path &file)
{
    const ParsedJson json = parseJson(text);
    JsonFields fields(json);
    const auto format = readFormat(fields, file, formatVersion);
    if (!format)
        return tl::unexpected(format.error());
    if (*format < 1)
        fields.refuse(fmt::format("“format” cannot be {}", *format));
    QueueContents contents;
    if (fields.problem().empty())
        contents = readContents(fields);
    if (!fields.problem().empty())
        return dataError(
            fmt::format("{} is no queue that can be read: {}", platform::quoted(file), fields.ended()));
    return contents;
}

} // namespace losslab
