#pragma once

#include "base/result.h"
#include "base/tensordata.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// What a safetensors file holds: tensors, and texts by name ("__metadata__").
struct Safetensors
{
    std::vector<TensorData> tensors;
    std::map<std::string, std::string> metadata = {};
};

/// The bytes of such a file. Of two contents alike, the same.
std::string safetensorsText(const Safetensors &content);
/// Reads them; strict as readSafetensors(). The path is for messages.
Result<Safetensors> parseSafetensors(const std::filesystem::path &path, std::string_view text);

/// Writes a safetensors file (Hugging Face's format: length and JSON of the header, then the tensors' bytes),
/// in the order given, whole or not at all. Data error: a full disk, a folder that may not be written.
Result<void> writeSafetensors(const std::filesystem::path &path, const std::vector<TensorData> &tensors);

/// Reads all tensors, in the order of their bytes. Strict: header, types (F32, F64), shapes and offsets must
/// agree, and the tensors must fill the file without gap, overlap or rest. Data error naming file and fault.
Result<std::vector<TensorData>> readSafetensors(const std::filesystem::path &path);

/// The same without the tensors' bytes, which are not read.
Result<std::vector<TensorData>> readSafetensorsHeader(const std::filesystem::path &path);

} // namespace losslab
