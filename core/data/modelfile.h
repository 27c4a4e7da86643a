#pragma once

#include "base/tensordata.h"
#include "data/filekind.h"

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
    Option filter() const override { return {"*.safetensors", "Models"}; }
};

/// A parameter that is a trained network of another run, or none.
class ModelFile final : public Parameter
{
public:
    ModelFile(Experiment *owner, std::string key, std::string label, const TextOptions &options);

    std::string text() const { return toText(value()); }
};

/// Its tensors' names and shapes. Data error: there is no such file, it is damaged, or the folder is not a
/// run's or has several models.
Result<std::vector<TensorData>> describeModel(const std::string &path);
/// The same with their bytes.
Result<std::vector<TensorData>> readModel(const std::string &path);

} // namespace losslab
