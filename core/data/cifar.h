#pragma once

#include "data/dataset.h"
#include "data/imagefacts.h"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// CIFAR-10's binary form (Krizhevsky 2009): five files of training images and one of test images, each of
/// records of a label and 3 × 32 × 32 bytes, channel by channel. They lie in the folder, in
/// cifar-10-batches-bin beneath it, or in cifar-10-binary.tar.gz.
inline constexpr std::array<std::string_view, 6> cifarFileNames{"data_batch_1.bin", "data_batch_2.bin",
                                                                "data_batch_3.bin", "data_batch_4.bin",
                                                                "data_batch_5.bin", "test_batch.bin"};

/// Whether a folder holds such files, or looks as if it should.
bool holdsCifar(const std::filesystem::path &folder);

/// Those of the six that a folder does not have; of an archive that is not seen before it is read.
std::vector<std::string> missingCifarFiles(const std::filesystem::path &folder);

/// How many images there are, by the files' sizes where they are unpacked; 0 where that takes reading. Data
/// error: which file, what is wrong with it.
Result<ImageSurvey> surveyCifar(const std::filesystem::path &folder, const ImageFacts &facts);

/// Data error: which files, what was found and expected, and the way on.
Result<std::shared_ptr<Dataset>> readCifar(const std::filesystem::path &folder, const ImageFacts &facts);

/// The first `count` images of the first file, or all where there are fewer. Data error as of readCifar().
Result<ImageSet> firstOfCifar(const std::filesystem::path &folder, const ImageFacts &facts,
                              std::int64_t count);

} // namespace losslab
