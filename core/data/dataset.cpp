#include "data/dataset.h"

#include "base/names.h"
#include "base/platform.h"
#include "data/catalogue.h"
#include "data/formats.h"
#include "data/mnist.h"
#include "lab/runspec.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

/// The folder of that name in those where data sets are kept, or where a package of the system puts it.
std::optional<fs::path> installed(const std::string &name, const CatalogueEntry *entry)
{
    std::error_code ignored;
    for (const fs::path &folder : dataFolders())
        if (!name.empty() && !name.starts_with('.') && fs::is_directory(folder / name, ignored))
            return folder / name;
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
        return dataError(fmt::format("There is no folder “{}” with a data set's files.", typed));
    if (const auto catalogue = readCatalogue(); !catalogue) // which may have had it
        return tl::unexpected(catalogue.error());
    const std::string near = nearestName(typed, names);
    return usageError(fmt::format("There is no data set “{}”{} There are {}; or name a folder that holds {}.",
                                  typed, near.empty() ? "." : fmt::format("; did you mean {}?", near),
                                  fmt::join(names, ", "), formatTitles()));
}

Result<fs::path> findDataset(const std::string &data)
{
    if (isFolder(data))
        return data;
    const auto catalogue = readCatalogue();
    if (auto folder = installed(data, catalogue ? findEntry(*catalogue, data) : nullptr))
        return *folder;
    if (!catalogue)
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

/// As the catalogue has it: by its name, by the folder where it is looked for, or by its files' own names.
std::optional<CatalogueEntry> entryOf(const std::string &data)
{
    const auto catalogue = readCatalogue();
    if (!catalogue)
        return std::nullopt;
    if (!isFolder(data)) {
        const CatalogueEntry *entry = findEntry(*catalogue, data);
        return entry ? std::optional(*entry) : std::nullopt;
    }
    std::error_code ignored;
    for (const CatalogueEntry &entry : *catalogue)
        if (const auto folder = installed(entry.id, &entry); folder && fs::equivalent(*folder, data, ignored))
            return entry;
    const CatalogueEntry *entry = entryWithFilesIn(*catalogue, data);
    return entry ? std::optional(*entry) : std::nullopt;
}

ImageFacts factsOf(const std::string &data)
{
    std::optional<CatalogueEntry> entry = entryOf(data);
    return entry ? std::move(entry->facts) : ImageFacts();
}

} // namespace

Result<std::shared_ptr<const Dataset>> loadDataset(const std::string &data)
{
    const auto found = findDataset(data);
    if (!found)
        return tl::unexpected(found.error());
    auto dataset = formatOf(*found).read(*found, factsOf(data));
    if (!dataset)
        return tl::unexpected(dataset.error());
    (*dataset)->name = data;
    return *dataset;
}

Result<ImageSurvey> surveyDataset(const std::string &data)
{
    const auto found = findDataset(data);
    const std::optional<CatalogueEntry> entry = entryOf(data);
    if (!found)
        return entry ? Result<ImageSurvey>(entry->images) : tl::unexpected(found.error());
    auto survey = formatOf(*found).survey(*found, entry ? entry->facts : ImageFacts());
    if (survey && entry && survey->trainingImages == 0)
        survey->trainingImages = entry->images.trainingImages;
    return survey;
}

ImageSurvey surveyOf(const Dataset &dataset)
{
    const ImageSet &images = dataset.train;
    return {images.count, images.channels, images.rows, images.columns, dataset.classes};
}

Result<ImageSet> sampleImages(const std::string &data, std::int64_t count)
{
    return findDataset(data).and_then(
        [&](const fs::path &folder) { return formatOf(folder).first(folder, factsOf(data), count); });
}

std::vector<std::string> classNames(const std::string &data)
{
    return factsOf(data).classes;
}

std::string dataTitle(const std::string &data)
{
    const auto catalogue = readCatalogue();
    const CatalogueEntry *entry = catalogue ? findEntry(*catalogue, data) : nullptr;
    return entry ? entry->title : dataName(data);
}

double datasetBytes(const ImageSurvey &images)
{
    constexpr double copies = 3, testImages = 1.0 / 6;
    const auto bytes =
        static_cast<double>(images.channels * images.rows * images.columns) + sizeof(std::int64_t);
    return copies * (1 + testImages) * static_cast<double>(images.trainingImages) * bytes;
}

} // namespace losslab
