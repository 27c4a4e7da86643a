#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace losslab {

/// The four files of a data set in MNIST's form, in alphabetical order, as sha256sum writes them. On disk
/// each may be plain or, with the suffix ".gz", compressed.
inline constexpr std::array<std::string_view, 4> dataFileNames{
    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte", "train-labels-idx1-ubyte"};

/// The file of that name (one of dataFileNames) in a folder, compressed or plain, or of one that differs from
/// it in punctuation and capitals alone (train-images.idx3-ubyte); nothing where it is not there.
std::optional<std::filesystem::path> findDataFile(const std::filesystem::path &folder, std::string_view name);

/// Where findDataFile() finds none: a sentence on a file nearby that may be meant (another name, a folder
/// further down), and what to do with it; empty where there is none.
std::string nearDataFile(const std::filesystem::path &folder, std::string_view name);

} // namespace losslab
