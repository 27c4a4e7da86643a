#pragma once

#include "data/dataset.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace losslab::test {

/// Big-endian, as IDX has it.
inline std::string bigEndian(std::int64_t number)
{
    return {char(number >> 24), char(number >> 16), char(number >> 8), char(number)};
}

/// The first `count` images of a set as a pair of plain IDX files, named after `stem`: "train", "t10k".
inline void writeImages(const std::filesystem::path &folder, const std::string &stem, const ImageSet &images,
                        std::int64_t count)
{
    const auto *pixels = reinterpret_cast<const char *>(images.pixels.data());
    const auto *labels = reinterpret_cast<const char *>(images.labels.data());
    std::ofstream(folder / (stem + "-images-idx3-ubyte"), std::ios::binary)
        << bigEndian(0x803) << bigEndian(count) << bigEndian(images.rows) << bigEndian(images.columns)
        << std::string(pixels, std::size_t(count * images.rows * images.columns));
    std::ofstream(folder / (stem + "-labels-idx1-ubyte"), std::ios::binary)
        << bigEndian(0x801) << bigEndian(count) << std::string(labels, std::size_t(count));
}

} // namespace losslab::test
