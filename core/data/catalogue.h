#pragma once

#include "base/result.h"
#include "data/imagefacts.h"
#include "lab/imagesurvey.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// A file of an archive that a data set needs.
struct CatalogueMember
{
    std::string name; ///< in the archive, without folders
    std::string file; ///< what it is called here
};

/// A file as it lies on the servers.
struct CatalogueFile
{
    std::string name;
    std::uint64_t size = 0; ///< bytes
    std::string sha256;
    /// Of an archive, of which these are kept alone; else none.
    std::vector<CatalogueMember> members = {};
    std::uint64_t unpacked = 0; ///< bytes that the members have at most, all together

    /// What is kept of it, by the names here.
    std::vector<std::string> kept() const;
};

/// A package of the system that installs the set.
struct CataloguePackage
{
    std::string name;
    std::filesystem::path folder; ///< where it puts the files
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
    std::string format; ///< of its files, see DatasetFormat::name
    ImageFacts facts;
    ImageSurvey images;            ///< as a survey will find them
    std::vector<std::string> urls; ///< https folders that hold the files, first choice first
    std::optional<CataloguePackage> package;
    std::vector<CatalogueFile> files;

    std::uint64_t bytes() const; ///< of the files, as they are downloaded
    std::uint64_t room() const;  ///< on the disk, at most, while it is installed
    /// "21 MB"; of archives "562 MB, 677 MB on the disk while it is unpacked".
    std::string sizeText() const;
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

/// The entry whose archive's members are in the folder, under the names that they have there and compressed
/// or not: "emnist-letters-train-images-idx3-ubyte". nullptr where there is none, or several.
const CatalogueEntry *entryWithFilesIn(const std::vector<CatalogueEntry> &catalogue,
                                       const std::filesystem::path &folder);

/// Of that entry's members in the folder, the one that is called `name` here: "train-images-idx3-ubyte".
std::optional<std::filesystem::path> fileOfSet(const std::filesystem::path &folder, std::string_view name);

/// "30 MB", as people count them: a million bytes each, at least 1.
std::string megabytes(std::uint64_t bytes);

} // namespace losslab
