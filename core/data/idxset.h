#pragma once

#include "data/dataset.h"
#include "data/imagefacts.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace losslab {

/// A data set in MNIST's form: four IDX files, see idx.h, named as dataFileNames, plain or with ".gz".

/// Those of the four that a folder does not have.
std::vector<std::string> missingIdxFiles(const std::filesystem::path &folder);

/// Sizes from the files' headers, classes from the facts or the labels. Data error: which file, what is wrong
/// with it.
Result<ImageSurvey> surveyIdxSet(const std::filesystem::path &folder, const ImageFacts &facts);

/// Data error: which file, what was found and expected, and the way on.
Result<std::shared_ptr<Dataset>> readIdxSet(const std::filesystem::path &folder, const ImageFacts &facts);

/// The first `count` training images, of which no more is read. Data error as of surveyIdxSet().
Result<ImageSet> firstOfIdxSet(const std::filesystem::path &folder, const ImageFacts &facts,
                               std::int64_t count);

} // namespace losslab
