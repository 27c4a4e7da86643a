#include "data/modelfile.h"

#include "base/platform.h"
#include "data/safetensors.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <system_error>

namespace losslab {

namespace {

namespace fs = std::filesystem;

/// The file itself, or the one model of the run whose folder it is: models as they were before training and
/// on the way have a dash in their names.
Result<fs::path> modelIn(const fs::path &path)
{
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return dataError(fmt::format("There is no {}.", platform::quoted(path)));
    if (!fs::is_directory(path, ignored))
        return path;
    std::vector<std::string> names;
    for (const auto &entry : fs::directory_iterator(path / "models", ignored))
        if (entry.path().extension() == ".safetensors")
            names.push_back(entry.path().stem().string());
    std::erase_if(names, [&](const std::string &name) {
        const std::size_t dash = name.rfind('-');
        return dash != std::string::npos
               && std::find(names.begin(), names.end(), name.substr(0, dash)) != names.end();
    });
    std::sort(names.begin(), names.end());
    if (names.empty())
        return dataError(fmt::format("{} is not the folder of a run with a model.", platform::quoted(path)));
    if (names.size() > 1)
        return dataError(fmt::format("The run in {} has several models: choose the file of one in its folder "
                                     "models ({}).",
                                     platform::quoted(path), fmt::join(names, ", ")));
    return path / "models" / (names.front() + ".safetensors");
}

} // namespace

ModelFile::ModelFile(Experiment *owner, std::string key, std::string label, const TextOptions &options)
    : Parameter(owner,
                parameterInfo(std::move(key), std::move(label), options, std::make_shared<ModelFileKind>()))
{}

Result<std::vector<TensorData>> describeModel(const std::string &path)
{
    return modelIn(path).and_then([](const fs::path &file) { return readSafetensorsHeader(file); });
}

Result<std::vector<TensorData>> readModel(const std::string &path)
{
    return modelIn(path).and_then([](const fs::path &file) { return readSafetensors(file); });
}

} // namespace losslab
