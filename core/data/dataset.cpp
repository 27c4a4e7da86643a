#include "data/dataset.h"

#include "data/catalogue.h"
#include "data/idx.h"
#include "lab/runspec.h"
#include "store/platform.h"
#include "store/sha256.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <map>
#include <set>
#include <sstream>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t digestLength = 64;

struct CheckedFile
{
    DataFile file;
    std::string digest;
};

/// Digest by file name, as in SHA256SUMS; nothing where the folder has none.
Result<std::map<std::string, std::string>> readChecksums(const fs::path &folder)
{
    std::map<std::string, std::string> checksums;
    const fs::path path = folder / "SHA256SUMS";
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return checksums;
    const auto text = platform::readFile(path);
    if (!text)
        return tl::unexpected(text.error());
    std::istringstream lines(*text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (!isSha256(line.substr(0, digestLength)) || line.size() < digestLength + 3)
            return dataError(
                fmt::format("Line {} of {} is damaged: it should be a SHA-256 check sum in hexadecimal, two "
                            "spaces and a file name. Copy the data set again.",
                            number, platform::quoted(path)));
        checksums[line.substr(digestLength + 2)] = line.substr(0, digestLength);
    }
    return checksums;
}

/// The file of that name, compressed or plain, with its digest checked.
Result<CheckedFile> checkedFile(const fs::path &folder, std::string_view name,
                                const std::map<std::string, std::string> &checksums)
{
    const std::optional<fs::path> path = findDataFile(folder, name);
    if (!path)
        return dataError(fmt::format(
            "The data set in {} is incomplete: it has neither {}.gz nor {}. Copy the data set again.",
            platform::quoted(folder), name, name));
    auto content = platform::readFile(*path);
    if (!content)
        return tl::unexpected(content.error());
    CheckedFile checked{{*path, std::move(*content)}, {}};
    checked.digest = sha256(checked.file.content);
    if (checksums.empty())
        return checked;
    const auto expected = checksums.find(path->filename().string());
    if (expected == checksums.end())
        return dataError(
            fmt::format("SHA256SUMS in {} does not list {}. Copy the data set again, or delete SHA256SUMS "
                        "if these files are your own.",
                        platform::quoted(folder), path->filename().string()));
    if (expected->second != checked.digest)
        return dataError(
            fmt::format("The data file {} is damaged: its SHA-256 check sum is {}, SHA256SUMS has {}. "
                        "Delete it and copy the data set again.",
                        platform::quoted(*path), checked.digest, expected->second));
    return checked;
}

/// The folder of that name in those where data sets are kept, or where a package of the system puts it.
std::optional<fs::path> installed(const std::string &name)
{
    std::error_code ignored;
    for (const fs::path &folder : dataFolders())
        if (!name.empty() && !name.starts_with('.') && fs::is_directory(folder / name, ignored))
            return folder / name;
    const auto catalogue = readCatalogue();
    const CatalogueEntry *entry = catalogue ? findEntry(*catalogue, name) : nullptr;
    if (entry && entry->package && fs::is_directory(entry->package->folder, ignored))
        return entry->package->folder;
    return std::nullopt;
}

/// Of the catalogue, and of the folders that are there beside it.
std::vector<std::string> knownNames()
{
    std::vector<std::string> names;
    if (const auto catalogue = readCatalogue())
        for (const CatalogueEntry &entry : *catalogue)
            names.push_back(entry.id);
    std::error_code ignored;
    for (const fs::path &folder : dataFolders())
        for (const auto &entry : fs::directory_iterator(folder, ignored))
            if (const std::string name = entry.path().filename().string();
                !name.starts_with('.') && entry.is_directory(ignored))
                names.push_back(name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

} // namespace

bool isFolder(const std::string &data)
{
    return data.find('/') != data.npos;
}

std::optional<fs::path> findDataFile(const fs::path &folder, std::string_view name)
{
    std::error_code ignored;
    for (const std::string &form : {fmt::format("{}.gz", name), std::string(name)})
        if (fs::exists(folder / form, ignored))
            return folder / form;
    return std::nullopt;
}

Result<std::string> chooseDataset(const std::string &typed)
{
    std::error_code ignored;
    const std::vector<std::string> names = knownNames();
    if (std::find(names.begin(), names.end(), typed) != names.end())
        return typed;
    if (!typed.empty() && fs::is_directory(typed, ignored))
        return fs::canonical(typed, ignored).string();
    if (isFolder(typed))
        return dataError(fmt::format("There is no folder “{}” with a data set's four files.", typed));
    const std::string near = nearestName(typed, names);
    return usageError(fmt::format("There is no data set “{}”{} There are {}; or name a folder that holds {}.",
                                  typed, near.empty() ? "." : fmt::format("; did you mean {}?", near),
                                  fmt::join(names, ", "), fmt::join(dataFileNames, ", ")));
}

Result<fs::path> findDataset(const std::string &data)
{
    if (isFolder(data))
        return data;
    if (auto folder = installed(data))
        return *folder;
    std::vector<std::string> looked;
    for (const fs::path &folder : dataFolders())
        looked.push_back(platform::quoted(folder));
    return dataError(
        fmt::format("There is no data set “{}” in {}. There is: {}. Name one of these, or a folder "
                    "that holds one.",
                    data, fmt::join(looked, ", "), fmt::join(knownNames(), ", ")));
}

namespace {

/// As the catalogue tells, where it knows the data set.
std::optional<int> cataloguedClasses(const std::string &data)
{
    const auto catalogue = readCatalogue();
    const CatalogueEntry *entry = catalogue && !isFolder(data) ? findEntry(*catalogue, data) : nullptr;
    return entry ? std::optional(entry->classes) : std::nullopt;
}

/// As the labels tell: they count from 0, or from 1. Data error where, in a set of some size, most labels up
/// to the largest are nowhere: that one is damaged.
Result<int> classesOf(const std::array<const ImageSet *, 2> &sets, const fs::path &labels)
{
    std::set<int> seen;
    std::size_t images = 0;
    for (const ImageSet *set : sets) {
        seen.insert(set->labels.begin(), set->labels.end());
        images += set->labels.size();
    }
    const int largest = *seen.rbegin();
    const auto classes = static_cast<std::size_t>(largest) + 1;
    if (classes > 2 * seen.size() + 1 && images > 10 * classes)
        return dataError(
            fmt::format("The labels in {} go up to {}, and there are only {} different ones: they are "
                        "damaged. Copy the data set again.",
                        platform::quoted(labels), largest, seen.size()));
    return std::max(largest + 1, 2);
}

} // namespace

Result<std::shared_ptr<const Dataset>> loadDataset(const std::string &data)
{
    const auto found = findDataset(data);
    if (!found)
        return tl::unexpected(found.error());
    const auto checksums = readChecksums(*found);
    if (!checksums)
        return tl::unexpected(checksums.error());

    std::array<CheckedFile, dataFileNames.size()> files;
    std::string digests;
    for (std::size_t i = 0; i < dataFileNames.size(); ++i) {
        auto file = checkedFile(*found, dataFileNames[i], *checksums);
        if (!file)
            return tl::unexpected(file.error());
        files[i] = std::move(*file);
        digests += files[i].digest;
    }

    auto dataset = std::make_shared<Dataset>();
    dataset->name = data;
    dataset->checksum = sha256(digests);
    dataset->compared = !checksums->empty();
    const auto &[testImages, testLabels, trainImages, trainLabels] = files;
    const std::optional<int> catalogued = cataloguedClasses(data);
    const int most = catalogued.value_or(std::numeric_limits<std::uint8_t>::max() + 1);
    auto train = parseImageSet(trainImages.file, trainLabels.file, most);
    if (!train)
        return tl::unexpected(train.error());
    auto test = parseImageSet(testImages.file, testLabels.file, most);
    if (!test)
        return tl::unexpected(test.error());
    if (train->rows != test->rows || train->columns != test->columns)
        return dataError(
            fmt::format("The images in {} do not fit together: for training they have {} × {} pixels, for "
                        "the test {} × {}. Copy the data set again.",
                        platform::quoted(*found), train->rows, train->columns, test->rows, test->columns));
    const auto classes =
        catalogued ? Result<int>(*catalogued) : classesOf({&*train, &*test}, trainLabels.file.path);
    if (!classes)
        return tl::unexpected(classes.error());
    dataset->classes = *classes;
    dataset->train = std::move(*train);
    dataset->test = std::move(*test);
    return dataset;
}

} // namespace losslab
