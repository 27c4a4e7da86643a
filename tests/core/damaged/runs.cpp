#include "damaged.h"

#include "../filefixtures.h"
#include "experiments/registry.h"
#include "lab/runsettings.h"
#include "library/runnotes.h"
#include "runs/presetfile.h"
#include "runs/runjson.h"
#include "runs/runrecord.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace losslab::test {

namespace fs = std::filesystem;

namespace {

void addNotes(std::vector<Damaged> &all)
{
    DamagedFiles notes(all, "notes", "notes.json",
                       [](const fs::path &file) { return errorOf(readRunNotes(file.parent_path())); });
    notes.add("empty", "");
    notes.add("no JSON", "{\"format\": 1,");
    notes.add("two mebibytes", std::string(2 << 20, ' '));
    notes.add("nested 100,000 deep", std::string(100'000, '[') + std::string(100'000, ']'));
    const Json good{{"format", 1}, {"name", ""}, {"note", ""}, {"tags", Json::array()}, {"starred", false}};
    const auto add = [&](const std::string &how, const std::function<void(Json &)> &spoil) {
        Json json = good;
        spoil(json);
        notes.add(how, json.dump());
    };
    add("of a newer version", [](Json &json) { json["format"] = 99; });
    add("no tags", [](Json &json) { json.erase("tags"); });
    add("a name of two lines", [](Json &json) { json["name"] = "a\nb"; });
    add("a note that colours the terminal", [](Json &json) { json["note"] = "\x1b[31m"; });
    add("a tag of two words", [](Json &json) { json["tags"] = {"a b"}; });
    add("10,000 tags", [](Json &json) { json["tags"] = std::vector<std::string>(10'000, "a"); });
}

void addPresets(std::vector<Damaged> &all)
{
    DamagedFiles presets(all, "preset", "week 1.losslab-preset", [](const fs::path &file) {
        const auto own = readPreset(file);
        return own ? errorOf(settingsOf(*own)) : std::optional(own.error());
    });
    presets.add("empty", "");
    presets.add("no JSON", "{\"format\": 1,");
    presets.add("bytes that are no text", "\xff\xfe\x01");
    presets.add("nested 100,000 deep", std::string(100'000, '[') + std::string(100'000, ']'));
    presets.add("two mebibytes", std::string(2 << 20, ' '));
    const Json good{{"format", 1},
                    {"name", "Week 1"},
                    {"experiment", "function-fit"},
                    {"preset", "report"},
                    {"parameters", {{"epochs", 10}}}};
    const auto add = [&](const std::string &how, const std::function<void(Json &)> &spoil) {
        Json preset = good;
        spoil(preset);
        presets.add(how, preset.dump());
    };
    add("of a newer version", [](Json &p) { p["format"] = 99; });
    add("a field that there is not", [](Json &p) { p["command"] = "rm -rf /"; });
    add("no name", [](Json &p) { p.erase("name"); });
    add("a name that turns the writing", [](Json &p) { p["name"] = "cod\u202eexe"; });
    add("a name of 500 letters", [](Json &p) { p["name"] = std::string(500, 'a'); });
    add("a name that LossLab has itself", [](Json &p) { p["name"] = "Report"; });
    add("2,000 parameters", [](Json &p) {
        for (int i = 0; i < 2000; ++i)
            p["parameters"][fmt::format("p{}", i)] = i;
    });
    presets.addOtherThanFiles();
    // These can be read, and cannot be used.
    DamagedFiles misfits(all, "preset that does not fit", "", [](const fs::path &file) {
        const auto own = readPreset(file);
        return own ? errorOf(settingsOf(*own)) : std::nullopt;
    });
    const auto misfit = [&](const std::string &how, const std::function<void(Json &)> &spoil) {
        Json preset = good;
        spoil(preset);
        misfits.add(how, preset.dump());
    };
    misfit("an experiment that there is not", [](Json &p) { p["experiment"] = "function-fitt"; });
    misfit("a parameter that there is not", [](Json &p) { p["parameters"]["epoch"] = 1; });
    misfit("a value out of range", [](Json &p) { p["parameters"]["epochs"] = -1; });
    misfit("a value of another type", [](Json &p) { p["parameters"]["epochs"] = true; });
    misfit("10⁹ repeats", [](Json &p) { p["repeats"] = 1'000'000'000; });
    misfit("a data set where none is taken", [](Json &p) { p["data"] = "mnist"; });
}

/// The folder of a run, of which one file is spoiled.
void addRecords(std::vector<Damaged> &all)
{
    const auto add = [&](const std::string &how, const std::string &name,
                         const std::function<void(const fs::path &)> &spoil) {
        all.push_back({"run's folder", how, name, [spoil](const fs::path &folder) {
                           const RunSpec spec = makeSpec(**makeExperiment("function-fit"), Preset::Report);
                           write(folder / "run.json", runJson(spec, {}, {RunState::Finished, {}}));
                           write(folder / "metrics.jsonl", "");
                           spoil(folder);
                           return errorOf(readRun(folder));
                       }});
    };
    const auto changed = [](const fs::path &folder, const std::string &from, const std::string &to) {
        std::string text = read(folder / "run.json");
        text.replace(text.find(from), from.size(), to);
        write(folder / "run.json", text);
    };
    const auto pipe = [](const fs::path &file) {
        fs::remove(file);
        ::mkfifo(file.c_str(), 0600);
    };
    add("no run.json", "läb", [](const fs::path &f) { fs::remove(f / "run.json"); });
    add("no journal", "metrics.jsonl", [](const fs::path &f) { fs::remove(f / "metrics.jsonl"); });
    add("run.json empty", "run.json", [](const fs::path &f) { write(f / "run.json", ""); });
    add("run.json nested 100,000 deep", "run.json",
        [](const fs::path &f) { write(f / "run.json", std::string(100'000, '[')); });
    add("run.json of two mebibytes", "run.json",
        [](const fs::path &f) { write(f / "run.json", std::string(2 << 20, ' ')); });
    add("run.json of a newer version", "run.json",
        [=](const fs::path &f) { changed(f, "\"format\": ", "\"format\": 99"); });
    add("run.json with 2³¹ − 1 repeats", "run.json",
        [=](const fs::path &f) { changed(f, "\"repeats\": 5", "\"repeats\": 2147483647"); });
    add("run.json of another experiment", "run.json",
        [=](const fs::path &f) { changed(f, "function-fit", "../../etc"); });
    add("run.json a pipe", "run.json", [=](const fs::path &f) { pipe(f / "run.json"); });
    add("run.json a folder", "run.json", [](const fs::path &f) {
        fs::remove(f / "run.json");
        fs::create_directory(f / "run.json");
    });
    add("run.json a device", "run.json", [](const fs::path &f) {
        fs::remove(f / "run.json");
        fs::create_symlink("/dev/zero", f / "run.json");
    });
    add("the journal a pipe", "metrics.jsonl", [=](const fs::path &f) { pipe(f / "metrics.jsonl"); });
    add("the journal a device", "metrics.jsonl", [](const fs::path &f) {
        fs::remove(f / "metrics.jsonl");
        fs::create_symlink("/dev/zero", f / "metrics.jsonl");
    });
}

} // namespace

void addRuns(std::vector<Damaged> &all)
{
    addNotes(all);
    addPresets(all);
    addRecords(all);
}

} // namespace losslab::test
