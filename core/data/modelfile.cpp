#include "data/modelfile.h"

#include "base/platform.h"
#include "data/safetensors.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>

namespace losslab {

namespace {

namespace fs = std::filesystem;

/// Whether a model's file is of the network as it was before training ("-init"), or on the way ("-epoch045").
bool isOnTheWay(std::string_view name)
{
    constexpr std::string_view epoch = "-epoch";
    const std::size_t place = name.rfind(epoch);
    return name.ends_with("-init")
           || (place != std::string_view::npos && place + epoch.size() < name.size()
               && name.find_first_not_of("0123456789", place + epoch.size()) == std::string_view::npos);
}

/// The file itself, or the one model of the run whose folder, or run.json, it is.
Result<fs::path> modelIn(const fs::path &path)
{
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return dataError(fmt::format("There is no {}.", platform::quoted(path)));
    const fs::path folder = path.filename() == "run.json" ? path.parent_path() : path;
    if (!fs::is_directory(folder, ignored))
        return path;
    std::vector<std::string> names;
    for (const auto &entry : fs::directory_iterator(folder / "models", ignored))
        if (std::string name = entry.path().stem().string();
            entry.path().extension() == ".safetensors" && !isOnTheWay(name))
            names.push_back(std::move(name));
    std::sort(names.begin(), names.end());
    if (names.empty())
        return dataError(
            fmt::format("{} is not the folder of a run with a model.", platform::quoted(folder)));
    if (names.size() > 1)
        return dataError(fmt::format("The run in {} has several models: choose the file of one in its folder "
                                     "models ({}).",
                                     platform::quoted(folder), fmt::join(names, ", ")));
    return folder / "models" / (names.front() + ".safetensors");
}

/// The member of an object; null where there is none.
nlohmann::json memberOf(const nlohmann::json &json, const char *key)
{
    return json.is_object() ? json.value(key, nlohmann::json()) : nlohmann::json();
}

std::string textOf(const nlohmann::json &json)
{
    return json.is_string() ? json.get<std::string>() : std::string();
}

/// The run.json beside the model's folder; null where there is none that can be read.
nlohmann::json runOf(const fs::path &model)
{
    constexpr std::size_t largest = 10'000'000;
    const auto text = platform::readFile(model.parent_path().parent_path() / "run.json", largest);
    return text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
}

/// What it says of a model's activation; empty where it says nothing.
std::string activationOf(const nlohmann::json &run, const std::string &model)
{
    const nlohmann::json training = memberOf(run, "training");
    for (const auto &entry : training.is_array() ? training : nlohmann::json::array()) {
        const nlohmann::json models = memberOf(entry, "models");
        for (const auto &one : models.is_array() ? models : nlohmann::json::array())
            if (const std::string name = textOf(one); model == name || model.starts_with(name + '-'))
                return textOf(memberOf(entry, "activation"));
    }
    return {};
}

} // namespace

ModelFile::ModelFile(Experiment *owner, std::string key, std::string label, const TextOptions &options)
    : Parameter(owner,
                parameterInfo(std::move(key), std::move(label), options, std::make_shared<ModelFileKind>()))
{}

Result<SavedModel> describeModel(const std::string &path)
{
    const auto file = modelIn(path);
    if (!file)
        return tl::unexpected(file.error());
    const auto tensors = readSafetensorsHeader(*file);
    if (!tensors)
        return tl::unexpected(tensors.error());
    std::error_code ignored;
    const nlohmann::json run = runOf(*file);
    return SavedModel{fs::weakly_canonical(*file, ignored), *tensors,
                      activationOf(run, file->stem().string()),
                      textOf(memberOf(memberOf(memberOf(run, "spec"), "parameters"), "pixels"))};
}

Result<std::vector<TensorData>> readModel(const std::string &path)
{
    return modelIn(path).and_then([](const fs::path &file) { return readSafetensors(file); });
}

std::string modelName(const std::string &path, bool withRun)
{
    fs::path named(path);
    if (named.filename() == "run.json")
        named = named.parent_path();
    if (named.extension() != ".safetensors")
        return named.filename().string();
    const std::string model = named.stem().string();
    const std::string run = named.parent_path().parent_path().filename().string();
    return withRun && !run.empty() ? run + ", " + model : model;
}

} // namespace losslab
