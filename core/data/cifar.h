#pragma once

#include "data/dataset.h"

#include <filesystem>

namespace losslab {

/// CIFAR-10's binary form (Krizhevsky 2009): files data_batch_1.bin … data_batch_5.bin, as many as there are,
/// and test_batch.bin, each of records of a label and 3 × 32 × 32 bytes, channel by channel. They lie in the
/// folder, in cifar-10-batches-bin beneath it, or in cifar-10-binary.tar.gz.

/// Whether a folder holds such files, or looks as if it should.
bool holdsCifar(const std::filesystem::path &folder);

/// How many images there are, by the files' sizes where they are unpacked; 0 where that takes reading. Data
/// error: which file, what is wrong with it.
Result<ImageSurvey> surveyCifar(const std::filesystem::path &folder);

/// Data error: which file, what was found and expected, and the way on.
Result<std::shared_ptr<Dataset>> readCifar(const std::filesystem::path &folder);

} // namespace losslab
