#pragma once

#include "data/dataset.h"
#include "data/imagefacts.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// A form in which data sets come.
struct DatasetFormat
{
    std::string_view name;                              ///< in the catalogue: "idx"
    std::string_view title;                             ///< "four files in MNIST's format"
    std::span<const std::string_view> files;            ///< that a set consists of
    bool mayBeGzipped = false;                          ///< each file, with the suffix ".gz"
    bool (*holds)(const std::filesystem::path &folder); ///< or looks as if it should
    /// Names of the files that a folder lacks.
    std::vector<std::string> (*missing)(const std::filesystem::path &folder);
    /// See surveyDataset(), loadDataset() and sampleImages().
    Result<ImageSurvey> (*survey)(const std::filesystem::path &folder, const ImageFacts &facts);
    Result<std::shared_ptr<Dataset>> (*read)(const std::filesystem::path &folder, const ImageFacts &facts);
    Result<ImageSet> (*first)(const std::filesystem::path &folder, const ImageFacts &facts,
                              std::int64_t count);
};

/// In the order in which folders are looked at; the last takes any, and says what it misses.
std::span<const DatasetFormat> datasetFormats();

/// The one that a folder holds.
const DatasetFormat &formatOf(const std::filesystem::path &folder);

/// "CIFAR-10's binary files or four files in MNIST's format".
std::string formatTitles();

/// By name; nullptr where there is none.
const DatasetFormat *findFormat(std::string_view name);

} // namespace losslab
