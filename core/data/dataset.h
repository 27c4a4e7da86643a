#pragma once

#include "base/result.h"
#include "lab/imagesurvey.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// Images with a class each, as they come: pixels [count, channels, rows, columns] row-major 0 … 255, labels
/// [count].
struct ImageSet
{
    std::int64_t count = 0;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
    std::int64_t channels = 1;
};

struct Dataset
{
    std::string name;
    int classes = 0; ///< labels are below; of a folder's, one more than its largest label
    ImageSet train;
    ImageSet test;
    /// SHA-256 over the files' SHA-256 in hexadecimal, in the order of their names.
    std::string checksum;
    bool compared = false; ///< whether there was a SHA256SUMS, which the files then agree with
};

/// Whether a RunSpec's data names a folder: it has a slash. Else it is an id.
bool isFolder(const std::string &data);

/// What a person names on the command line: the id of a data set (of the catalogue, or one that is there),
/// which is returned as it is, or a folder that holds one, returned as an absolute path. Usage error, with
/// the nearest name: neither.
Result<std::string> chooseDataset(const std::string &typed);

/// Where the files of a data set are. A folder is returned as it is. An id is looked for in
/// $LOSSLAB_DATA/<id>, among the user's downloaded ones, in share/losslab/datasets/<id> beside the program,
/// in the source tree, and where a package of the system puts it. Data error that lists where it looked.
Result<std::filesystem::path> findDataset(const std::string &data);

/// Reads what findDataset() finds, in any of the formats of formats.h. Images of a set that the catalogue
/// knows, by its name, its folder or its files' own names, have the classes told there and lie upright. Where
/// the folder has a SHA256SUMS, the files are checked against it. Data error: which file, what is wrong with
/// it, what to do.
Result<std::shared_ptr<const Dataset>> loadDataset(const std::string &data);

/// The data set's images as far as they are seen without reading it all; as the catalogue tells where it is
/// not here and can be downloaded. Data error as of loadDataset().
Result<ImageSurvey> surveyDataset(const std::string &data);

/// Of what was loaded.
ImageSurvey surveyOf(const Dataset &dataset);

/// Its first `count` training images, without reading much more. Data error as of loadDataset().
Result<ImageSet> sampleImages(const std::string &data, std::int64_t count);

/// What its classes are called, in the order of their labels; none where the catalogue does not know it.
std::vector<std::string> classNames(const std::string &data);

/// What a person calls it: "Fashion-MNIST"; where the catalogue does not know it, its id or its folder's
/// name.
std::string dataTitle(const std::string &data);

/// Bytes that such a set takes, roughly: as it is read, as it is kept, and as it is trained on; with a sixth
/// as many test images.
double datasetBytes(const ImageSurvey &images);

} // namespace losslab
