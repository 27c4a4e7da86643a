#include "data/modelfile.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "data/safetensors.h"
#include "lab/jsonfields.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
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
        return dataError(fmt::format("There is no {}. Choose a model’s file, or the folder of its run.",
                                     platform::quoted(path)));
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
            fmt::format("{} is not the folder of a run with a model. Choose another, or a model’s file.",
                        platform::quoted(folder)));
    if (names.size() > 1) {
        constexpr std::size_t mostTold = 20;
        const std::string_view more = names.size() > mostTold ? ", …" : "";
        names.resize(std::min(names.size(), mostTold));
        return dataError(fmt::format("The run in {} has several models: choose the file of one in its folder "
                                     "models ({}{}).",
                                     platform::quoted(folder),
                                     plainText(fmt::format("{}", fmt::join(names, ", ")), true), more));
    }
    return folder / "models" / (names.front() + ".safetensors");
}

/// The member of an object; null where there is none.
Json memberOf(const Json &json, const char *key)
{
    return json.is_object() ? json.value(key, Json()) : Json();
}

/// A name, empty where it is none.
std::string nameOf(const Json &json)
{
    const std::string name = json.is_string() ? json.get<std::string>() : std::string();
    return isFileName(name) ? name : std::string();
}

/// The run.json beside the model's folder; null where there is none that can be read.
Json runOf(const fs::path &model)
{
    constexpr std::uint64_t largest = std::uint64_t{1} << 20;
    const auto text = platform::readFile(model.parent_path().parent_path() / "run.json", largest);
    return text ? parseJson(*text).json : Json();
}

/// What it says of a model's activation; empty where it says nothing.
std::string activationOf(const Json &run, const std::string &model)
{
    for (const Json &entry : memberOf(run, "training"))
        for (const Json &one : memberOf(entry, "models"))
            if (const std::string name = nameOf(one); model == name || model.starts_with(name + '-'))
                return nameOf(memberOf(entry, "activation"));
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
    const Json run = runOf(*file);
    return SavedModel{fs::weakly_canonical(*file, ignored), *tensors,
                      activationOf(run, file->stem().string()),
                      nameOf(memberOf(memberOf(memberOf(run, "spec"), "parameters"), "pixels"))};
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
