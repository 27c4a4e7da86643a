#include "data/dataset.h"

#include "base/names.h"
#include "base/platform.h"
#include "base/sha256.h"
#include "data/catalogue.h"
#include "data/checksumlist.h"
#include "data/cifar.h"
#include "data/datafiles.h"
#include "data/idx.h"
#include "lab/runspec.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <limits>
#include <set>

namespace losslab {

namespace {

namespace fs = std::filesystem;

struct CheckedFile
{
    DataFile file;
    std::string digest;
};

/// As SHA256SUMS has it; empty where the folder has none.
Result<ChecksumList> readChecksums(const fs::path &folder)
{
    const fs::path path = folder / "SHA256SUMS";
    const auto there = platform::look(path);
    if (!there)
        return tl::unexpected(there.error());
    return *there ? ChecksumList::read(path) : ChecksumList();
}

IdxKind kindOf(std::string_view name)
{
    return name.find("images") == std::string_view::npos ? IdxKind::Labels : IdxKind::Images;
}

/// The path of the file of that name, compressed or plain.
Result<fs::path> dataFile(const fs::path &folder, std::string_view name)
{
    if (const auto there = platform::look(folder); !there)
        return tl::unexpected(there.error());
    if (std::optional<fs::path> path = findDataFile(folder, name))
        return std::move(*path);
    const std::string near = nearDataFile(folder, name);
    return dataError(fmt::format("The data set in {} is incomplete: it has neither {}.gz nor {}. {}",
                                 platform::quoted(folder), name, name,
                                 near.empty() ? "Copy the data set again." : near));
}

/// The file of that name, with its digest checked.
Result<CheckedFile> checkedFile(const fs::path &folder, std::string_view name, const ChecksumList &checksums)
{
    const auto path = dataFile(folder, name);
    if (!path)
        return tl::unexpected(path.error());
    if (const auto shape = surveyIdx(*path, kindOf(name)); !shape)
        return tl::unexpected(shape.error());
    auto content = platform::readFile(*path);
    if (!content)
        return tl::unexpected(content.error());
    CheckedFile checked{{*path, std::move(*content)}, {}};
    checked.digest = sha256(checked.file.content);
    if (checksums.empty())
        return checked;
    const auto expected = checksums.find(*path);
    if (!expected)
        return dataError(
            fmt::format("SHA256SUMS in {} does not list {}. Copy the data set again, or delete SHA256SUMS "
                        "if these files are your own.",
                        platform::quoted(folder), path->filename().string()));
    if (*expected != checked.digest)
        return dataError(
            fmt::format("The data file {} is damaged: its SHA-256 check sum is {}, SHA256SUMS has {}. "
                        "Delete it and copy the data set again.",
                        platform::quoted(*path), checked.digest, *expected));
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
    return data.find('/') != std::string::npos;
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
    if (const auto catalogue = readCatalogue(); !catalogue) // which may have had it
        return tl::unexpected(catalogue.error());
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
    if (const auto catalogue = readCatalogue(); !catalogue)
        return tl::unexpected(catalogue.error());
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

/// Of four files in IDX; `data` as the person named it.
Result<std::shared_ptr<Dataset>> readIdx(const fs::path &folder, const std::string &data)
{
    const auto checksums = readChecksums(folder);
    if (!checksums)
        return tl::unexpected(checksums.error());

    std::array<CheckedFile, dataFileNames.size()> files;
    std::string digests;
    for (std::size_t i = 0; i < dataFileNames.size(); ++i) {
        auto file = checkedFile(folder, dataFileNames[i], *checksums);
        if (!file)
            return tl::unexpected(file.error());
        files[i] = std::move(*file);
        digests += files[i].digest;
    }

    auto dataset = std::make_shared<Dataset>();
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
                        platform::quoted(folder), train->rows, train->columns, test->rows, test->columns));
    const auto classes =
        catalogued ? Result<int>(*catalogued) : classesOf({&*train, &*test}, trainLabels.file.path);
    if (!classes)
        return tl::unexpected(classes.error());
    dataset->classes = *classes;
    dataset->train = std::move(*train);
    dataset->test = std::move(*test);
    return dataset;
}

Result<ImageSurvey> surveyIdxSet(const fs::path &folder)
{
    std::vector<fs::path> paths;
    std::vector<std::vector<std::int64_t>> shapes;
    for (const std::string_view name : dataFileNames) {
        const auto path = dataFile(folder, name);
        if (!path)
            return tl::unexpected(path.error());
        const auto shape = surveyIdx(*path, kindOf(name));
        if (!shape)
            return tl::unexpected(shape.error());
        paths.push_back(*path);
        shapes.push_back(*shape);
    }
    for (std::size_t i = 0; i < paths.size(); i += 2) // images, then their labels
        if (shapes[i][0] != shapes[i + 1][0])
            return dataError(fmt::format(
                "{} holds {} images, {} holds {} labels; there must be one label an image. "
                "Copy both again.",
                platform::quoted(paths[i]), shapes[i][0], platform::quoted(paths[i + 1]), shapes[i + 1][0]));
    const std::vector<std::int64_t> &training = shapes[2]; // of train-images
    return ImageSurvey{training[0], 1, training[1], training[2]};
}

/// A form in which data sets come.
struct Format
{
    bool (*holds)(const fs::path &folder);
    Result<ImageSurvey> (*survey)(const fs::path &folder);
    Result<std::shared_ptr<Dataset>> (*read)(const fs::path &folder, const std::string &data);
};

/// In the order in which they are asked; the last takes any folder, and says what it misses.
constexpr Format formats[] = {
    {holdsCifar, surveyCifar, [](const fs::path &folder, const std::string &) { return readCifar(folder); }},
    {[](const fs::path &) { return true; }, surveyIdxSet, readIdx},
};

const Format &formatOf(const fs::path &folder)
{
    return *std::find_if(std::begin(formats), std::end(formats),
                         [&](const Format &format) { return format.holds(folder); });
}

} // namespace

Result<std::shared_ptr<const Dataset>> loadDataset(const std::string &data)
{
    const auto found = findDataset(data);
    if (!found)
        return tl::unexpected(found.error());
    auto dataset = formatOf(*found).read(*found, data);
    if (!dataset)
        return tl::unexpected(dataset.error());
    (*dataset)->name = data;
    return *dataset;
}

Result<ImageSurvey> surveyDataset(const std::string &data)
{
    const auto found = findDataset(data);
    if (found)
        return formatOf(*found).survey(*found);
    const auto catalogue = readCatalogue();
    const bool canCome = catalogue && findEntry(*catalogue, data);
    return canCome ? Result<ImageSurvey>(ImageSurvey()) : tl::unexpected(found.error());
}

double datasetBytes(const ImageSurvey &images)
{
    constexpr double copies = 3, testImages = 1.0 / 6;
    const auto bytes =
        static_cast<double>(images.channels * images.rows * images.columns) + sizeof(std::int64_t);
    return copies * (1 + testImages) * static_cast<double>(images.trainingImages) * bytes;
}

} // namespace losslab
