#pragma once

#include "lab/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace losslab {

/// Grey images with a class each, as they come: pixels [count, rows, columns] row-major 0 … 255, labels
/// [count].
struct ImageSet
{
    std::int64_t count = 0;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
};

struct Dataset
{
    std::string name;
    int classes = 10;
    ImageSet train;
    ImageSet test;
    /// SHA-256 over the four files' SHA-256 in hexadecimal, in the order of their names.
    std::string checksum;
    bool compared = false; ///< whether there was a SHA256SUMS, which the files then agree with
};

/// Reads the four IDX files (train-images-idx3-ubyte.gz, …, .gz or plain) of data set `name` from `folder`,
/// or, where that is empty, from the first of: $LOSSLAB_DATA/<name>, share/losslab/datasets/<name> beside the
/// program, the source tree. Where the folder has a SHA256SUMS, the files are checked against it. Data error:
/// which file, what is wrong with it, what to do.
Result<std::shared_ptr<const Dataset>> loadDataset(const std::string &name,
                                                   const std::filesystem::path &folder = {});

/// The folder loadDataset() would read, or a data error that lists where it looked.
Result<std::filesystem::path> findDataset(const std::string &name);

} // namespace losslab
