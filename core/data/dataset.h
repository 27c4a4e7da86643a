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

constexpr std::int64_t imageSide = 28; ///< pixels of MNIST's images, which estimates are made for

struct Dataset
{
    std::string name;
    int classes = 10; ///< labels are below; of a folder's, one more than its largest label
    ImageSet train;
    ImageSet test;
    /// SHA-256 over the four files' SHA-256 in hexadecimal, in the order of their names.
    std::string checksum;
    bool compared = false; ///< whether there was a SHA256SUMS, which the files then agree with
};

/// Whether a RunSpec's data names a folder: it has a slash. Else it is an id.
bool isFolder(const std::string &data);

/// The file of that name (one of dataFileNames) in a folder, compressed or plain, or of one that differs from
/// it in punctuation and capitals alone (train-images.idx3-ubyte); nothing where it is not there.
std::optional<std::filesystem::path> findDataFile(const std::filesystem::path &folder, std::string_view name);

/// What a person names on the command line: the id of a data set (of the catalogue, or one that is there),
/// which is returned as it is, or a folder that holds one, returned as an absolute path. Usage error, with
/// the nearest name: neither.
Result<std::string> chooseDataset(const std::string &typed);

/// Where the four files of a data set are. A folder is returned as it is. An id is looked for in
/// $LOSSLAB_DATA/<id>, among the user's downloaded ones, in share/losslab/datasets/<id> beside the program,
/// in the source tree, and where a package of the system puts it. Data error that lists where it looked.
Result<std::filesystem::path> findDataset(const std::string &data);

/// Reads what findDataset() finds: four IDX files (train-images-idx3-ubyte.gz, …, .gz or plain), or
/// CIFAR-10's (see cifar.h). Where the folder has a SHA256SUMS, the files are checked against it. Data error:
/// which file, what is wrong with it, what to do.
Result<std::shared_ptr<const Dataset>> loadDataset(const std::string &data);

/// Whether experiments can take the data set, as far as that is seen without reading it all. No images where
/// it is not here and can be downloaded. Data error as of loadDataset().
Result<ImageSurvey> surveyDataset(const std::string &data);

/// Bytes that such a set takes, roughly: as it is read, as it is kept, and as it is trained on; with a sixth
/// as many test images.
double datasetBytes(const ImageSurvey &images);

} // namespace losslab
