#pragma once

#include "base/tensordata.h"
#include "data/filekind.h"

#include <filesystem>
#include <string>
#include <vector>

namespace losslab {

/// A trained network's file, or a run's folder in which there is one model alone.
class ModelFileKind final : public FileKind
{
public:
    std::string range() const override
    {
        return "a model’s .safetensors file, or the folder of a run of one model";
    }
    Option filter() const override { return {"*.safetensors run.json", "Models and runs"}; }
};

/// A parameter that is a trained network of another run, or none.
class ModelFile final : public Parameter
{
public:
    ModelFile(Experiment *owner, std::string key, std::string label, const TextOptions &options);

    std::string text() const { return toText(value()); }
};

/// What is known of a model's file without reading its weights.
struct SavedModel
{
    std::filesystem::path file;
    std::vector<TensorData> tensors; ///< names and shapes, without bytes
    std::string activation;          ///< as the run's run.json has it; empty where that is not there
    std::string pixels;              ///< the same
};

/// Data error: there is no such file, it is damaged, or the folder is not a run's or has several models.
Result<SavedModel> describeModel(const std::string &path);
/// Its tensors with their bytes. Data error as above.
Result<std::vector<TensorData>> readModel(const std::string &path);
/// What it is called: its file's name without its suffix, on request with its run's folder; else the
/// folder's.
std::string modelName(const std::string &path, bool withRun = false);

} // namespace losslab
