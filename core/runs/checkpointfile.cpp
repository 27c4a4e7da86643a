#include "runs/checkpointfile.h"

#include "base/crc32c.h"
#include "base/platform.h"
#include "data/safetensors.h"
#include "lab/jsonfields.h"

#include <fmt/format.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr const char *stateKey = "losslab";
constexpr const char *sumKey = "crc32c";
constexpr std::string_view noSum = "00000000";
constexpr std::string_view suffix = ".safetensors";

tl::unexpected<Error> damaged(const fs::path &path, std::string_view what)
{
    return dataError(fmt::format("The checkpoint {} is damaged: {}.", platform::quoted(path), what));
}

/// Where the checksum's digits stand in the file's bytes; npos where there are none.
std::size_t placeOfSum(std::string_view text)
{
    const std::string before = fmt::format("\"{}\":\"", sumKey);
    const std::size_t found = text.find(before);
    const std::size_t place = found == std::string_view::npos ? found : found + before.size();
    return place == std::string_view::npos || place + noSum.size() > text.size() ? std::string_view::npos
                                                                                 : place;
}

Result<void> writeSummed(const fs::path &path, Safetensors content)
{
    content.metadata[sumKey] = noSum;
    std::string text = safetensorsText(content);
    const std::string sum = crc32cText(text);
    text.replace(placeOfSum(text), sum.size(), sum);
    return platform::writeFileAtomically(path, text);
}

Result<std::string> readSummed(const fs::path &path)
{
    auto text = platform::readFile(path);
    if (!text)
        return text;
    const std::size_t place = placeOfSum(*text);
    if (place == std::string::npos)
        return damaged(path, "it has no checksum");
    const std::string sum = text->substr(place, noSum.size());
    text->replace(place, noSum.size(), noSum);
    if (crc32cText(*text) != sum)
        return damaged(path, "its checksum is another");
    return text;
}

Result<Safetensors> readFile(const fs::path &path)
{
    const auto text = readSummed(path);
    return text ? parseSafetensors(path, *text) : tl::unexpected(text.error());
}

fs::path partOf(const fs::path &file, int part)
{
    return partsFolder(file.parent_path()) / fmt::format("{}-{}{}", file.stem().string(), part, suffix);
}

std::string prefixOf(std::size_t loop)
{
    return fmt::format("loop{}/", loop);
}
constexpr const char *resultPrefix = "result/";

std::string stateJson(const CheckpointFile &file)
{
    const TaskCheckpoint &task = file.checkpoint;
    Json json{{"format", 2},           {"task", task.task},         {"repeat", file.repeat},
              {"length", file.length}, {"lines", task.lines},       {"finished", task.finished},
              {"parts", file.parts},   {"facts", Json(task.facts)}, {"loops", Json::array()}};
    json["charts"] = task.charts;
    for (const LoopState &loop : task.loops)
        json["loops"].push_back(
            {{"count", loop.count}, {"done", loop.done}, {"ended", loop.ended}, {"lines", loop.lines}});
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void addTensors(Safetensors &content, const std::string &prefix, const TrainingState &state)
{
    for (const auto &[name, tensor] : state.values()) {
        content.tensors.push_back(tensor);
        content.tensors.back().name = prefix + name;
    }
}

/// The tensors whose names begin so, without that.
void takeTensors(Safetensors &content, const std::string &prefix, TrainingState &state)
{
    for (TensorData &tensor : content.tensors)
        if (tensor.name.starts_with(prefix)) {
            const std::string name = tensor.name.substr(prefix.size());
            state.put(name, std::move(tensor));
            tensor.name.clear();
        }
}

LoopState readLoop(const Json &json, JsonFields &outer)
{
    LoopState loop;
    JsonFields fields(json);
    fields.read("count", loop.count);
    fields.read("done", loop.done);
    fields.read("ended", loop.ended);
    fields.read("lines", loop.lines);
    outer.refuse(fields.problem());
    return loop;
}

/// All but the tensors. In words what is wrong; empty where nothing is.
std::string readState(const std::string &text, CheckpointFile &file)
{
    const ParsedJson json = parseJson(text);
    JsonFields fields(json);
    TaskCheckpoint &task = file.checkpoint;
    fields.read("task", task.task);
    fields.read("repeat", file.repeat);
    fields.read("length", file.length);
    fields.read("lines", task.lines);
    fields.read("finished", task.finished);
    fields.read("parts", file.parts);
    fields.read("facts", task.facts);
    if (fields.has("charts"))
        fields.read("charts", task.charts);
    std::vector<Json> loops;
    fields.read("loops", loops);
    for (const Json &loop : loops)
        task.loops.push_back(readLoop(loop, fields));
    return fields.problem();
}

} // namespace

fs::path checkpointsFolder(const fs::path &run)
{
    return run / "checkpoints";
}

fs::path partsFolder(const fs::path &checkpoints)
{
    return checkpoints / "parts";
}

std::string taskFileName(const std::string &task, int repeat, int repeats)
{
    return repeats > 1 ? fmt::format("{}-r{}", task, repeat + 1) : task;
}

Result<void> writeCheckpoint(const fs::path &run, int repeats, CheckpointFile &file)
{
    TaskCheckpoint &task = file.checkpoint;
    const fs::path folder = checkpointsFolder(run);
    if (const auto made = platform::makeFolder(folder); !made)
        return made;
    const fs::path path = folder / (taskFileName(task.task, file.repeat, repeats) + std::string(suffix));
    if (!task.added.empty()) {
        Safetensors part;
        for (const auto &[name, tensor] : task.added)
            part.tensors.push_back(tensor);
        if (const auto made = platform::makeFolder(partsFolder(folder)); !made)
            return made;
        if (const auto written = writeSummed(partOf(path, file.parts + 1), std::move(part)); !written)
            return written;
        ++file.parts;
        task.added.clear();
    }
    Safetensors content;
    content.metadata[stateKey] = stateJson(file);
    for (std::size_t i = 0; i < task.loops.size(); ++i)
        addTensors(content, prefixOf(i), task.loops[i].state);
    addTensors(content, resultPrefix, task.result);
    return writeSummed(path, std::move(content));
}

Result<CheckpointFile> readCheckpoint(const fs::path &path)
{
    auto content = readFile(path);
    if (!content)
        return tl::unexpected(content.error());
    CheckpointFile file;
    if (const std::string problem = readState(content->metadata[stateKey], file); !problem.empty())
        return damaged(path, problem);
    std::vector<LoopState> &loops = file.checkpoint.loops;
    for (std::size_t i = 0; i < loops.size(); ++i)
        takeTensors(*content, prefixOf(i), loops[i].state);
    takeTensors(*content, resultPrefix, file.checkpoint.result);
    for (int part = 1; part <= file.parts; ++part) {
        auto added = readFile(partOf(path, part));
        if (!added)
            return tl::unexpected(added.error());
        for (TensorData &tensor : added->tensors)
            if (!loops.empty()) {
                const std::string name = tensor.name;
                loops.back().state.add(name, std::move(tensor));
            }
    }
    return file;
}

Result<void> checkCheckpoint(const fs::path &file)
{
    auto content = readFile(file);
    if (!content)
        return tl::unexpected(content.error());
    const auto state = content->metadata.find(stateKey);
    CheckpointFile read;
    if (state == content->metadata.end() || !readState(state->second, read).empty())
        return {}; // a part
    for (int part = 1; part <= read.parts && !read.checkpoint.finished; ++part)
        if (const auto there = platform::look(partOf(file, part)); there && !*there)
            return damaged(file,
                           fmt::format("its part {} is missing", partOf(file, part).filename().string()));
    return {};
}

} // namespace losslab
