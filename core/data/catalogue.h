#pragma once

#include "base/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// The four files of a data set in MNIST's form, in alphabetical order, as sha256sum writes them. On disk
/// each may be plain or, with the suffix ".gz", compressed.
constexpr std::array<std::string_view, 4> dataFileNames{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
                                                        "train-images-idx3-ubyte", "train-labels-idx1-ubyte"};

/// One of the files as it lies on the servers, compressed.
struct CatalogueFile
{
    std::string name;       ///< one of dataFileNames with ".gz"
    std::uint64_t size = 0; ///< bytes
    std::string sha256;
};

/// A package of the system that installs the set.
struct CataloguePackage
{
    std::string name;
    std::filesystem::path folder; ///< where it puts the four files
};

/// A data set that LossLab knows where to get.
struct CatalogueEntry
{
    std::string id;    ///< on the command line, in files, and the name of its folder: "fashion-mnist"
    std::string title; ///< in the window: "Fashion-MNIST"
    std::string about; ///< a sentence
    std::string licence;
    std::string source; ///< page that tells of it
    std::string cite;   ///< who made it
    int classes = 0;
    int rows = 0; ///< pixels
    int columns = 0;
    std::vector<std::string> urls; ///< https folders that hold the files, first choice first
    std::optional<CataloguePackage> package;
    std::vector<CatalogueFile> files; ///< in the order of dataFileNames

    std::uint64_t bytes() const; ///< of the four files
};

/// Folders that may hold data sets and a catalogue, first choice first: $LOSSLAB_DATA, the user's own,
/// share/losslab/datasets beside the program, the source tree.
std::vector<std::filesystem::path> dataFolders();

/// The first catalogue.json in dataFolders(). Data error: there is none, or what is wrong with it.
Result<std::vector<CatalogueEntry>> readCatalogue();

/// Reads a catalogue strictly: ids, addresses (https alone), names, sizes and check sums must be such.
Result<std::vector<CatalogueEntry>> readCatalogue(const std::filesystem::path &path);

/// The entry of that id, or nullptr.
const CatalogueEntry *findEntry(const std::vector<CatalogueEntry> &catalogue, std::string_view id);

/// "30 MB", as people count them: a million bytes each, at least 1.
std::string megabytes(std::uint64_t bytes);

} // namespace losslab
