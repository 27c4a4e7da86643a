#include "data/modelfile.h"

#include "base/platform.h"
#include "data/safetensors.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <system_error>

namespace losslab {

namespace {

namespace fs = std::filesystem;

/// Whether a model's file is of the network as it was before training, or on the way.
bool isOnTheWay(const std::string &name)
{
    static const std::regex suffix("-(init|epoch[0-9]+)$");
    return std::regex_search(name, suffix);
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

/// What the run.json beside the model's folder says of its activation; nothing where it says none.
std::string activationOf(const fs::path &model)
{
    constexpr std::size_t largest = 10'000'000;
    const auto text = platform::readFile(model.parent_path().parent_path() / "run.json", largest);
    const auto json = nlohmann::json::parse(text ? *text : std::string(), nullptr, false);
    const auto training = json.is_object() ? json.value("training", nlohmann::json()) : nlohmann::json();
    const std::string name = model.stem().string();
    for (const auto &entry : training.is_array() ? training : nlohmann::json::array()) {
        const auto names = entry.is_object() ? entry.value("models", nlohmann::json()) : nlohmann::json();
        const auto activation =
            entry.is_object() ? entry.value("activation", nlohmann::json()) : nlohmann::json();
        for (const auto &one : names.is_array() ? names : nlohmann::json::array())
            if (one.is_string() && activation.is_string()
                && (name == one.get<std::string>() || name.starts_with(one.get<std::string>() + '-')))
                return activation.get<std::string>();
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
    return SavedModel{fs::weakly_canonical(*file, ignored), *tensors, activationOf(*file)};
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
