#include "data/catalogue.h"

#include "base/platform.h"
#include "base/sha256.h"
#include "lab/jsonfields.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr int formatVersion = 1;
constexpr std::uint64_t largestFile = platform::largestFile;       // as for any data file
constexpr std::uint64_t largestCatalogue = std::uint64_t{1} << 20; // bytes

/// A name that is safe as a folder's, and easy to type.
bool isId(std::string_view text)
{
    return !text.empty()
           && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

CatalogueFile readFileEntry(const Json &json, std::string_view expectedName, JsonFields &outer)
{
    CatalogueFile file;
    JsonFields fields(json);
    fields.read("name", file.name);
    fields.read("size", file.size);
    fields.read("sha256", file.sha256);
    if (fields.problem().empty() && file.name != fmt::format("{}.gz", expectedName))
        fields.refuse(fmt::format("a file is “{}” where “{}.gz” should be", file.name, expectedName));
    if (file.size == 0 || file.size > largestFile)
        fields.refuse(fmt::format("“{}” cannot have {} bytes", file.name, file.size));
    if (!isSha256(file.sha256))
        fields.refuse(fmt::format("“{}” is no SHA-256", file.sha256));
    outer.refuse(fields.problem());
    return file;
}

void readFiles(JsonFields &fields, CatalogueEntry &entry)
{
    std::vector<Json> files;
    fields.read("files", files);
    if (files.size() != dataFileNames.size())
        return fields.refuse(fmt::format("it has {} files, not {}", files.size(), dataFileNames.size()));
    for (std::size_t i = 0; i < files.size(); ++i)
        entry.files.push_back(readFileEntry(files[i], dataFileNames[i], fields));
}

void readUrls(JsonFields &fields, CatalogueEntry &entry)
{
    fields.read("urls", entry.urls);
    if (entry.urls.empty())
        fields.refuse("it has no address");
    for (const std::string &url : entry.urls)
        if (!url.starts_with("https://") || !url.ends_with('/'))
            fields.refuse(fmt::format("“{}” is no address that begins with https:// and ends with /", url));
}

void readPackage(JsonFields &fields, CatalogueEntry &entry)
{
    if (!fields.has("package"))
        return;
    Json json;
    fields.read("package", json);
    JsonFields package(json);
    std::string name, folder;
    package.read("name", name);
    package.read("folder", folder);
    fields.refuse(package.problem());
    entry.package = CataloguePackage{name, folder};
}

CatalogueEntry readEntry(const Json &json, JsonFields &outer)
{
    CatalogueEntry entry;
    JsonFields fields(json);
    fields.read("id", entry.id);
    for (const auto &[key, to] : {std::pair("title", &entry.title), std::pair("about", &entry.about),
                                  std::pair("licence", &entry.licence), std::pair("source", &entry.source),
                                  std::pair("cite", &entry.cite)})
        fields.read(key, *to);
    for (const auto &[key, to] : {std::pair("classes", &entry.classes), std::pair("rows", &entry.rows),
                                  std::pair("columns", &entry.columns)})
    {
        fields.read(key, *to);
        if (fields.problem().empty() && *to < 1)
            fields.refuse(fmt::format("“{}” cannot be {}", key, *to));
    }
    readUrls(fields, entry);
    readPackage(fields, entry);
    readFiles(fields, entry);
    if (!isId(entry.id))
        fields.refuse(fmt::format("“{}” is no id of small letters, digits and hyphens", entry.id));
    if (!fields.problem().empty())
        outer.refuse(fmt::format("in data set “{}”, {}", entry.id, fields.problem()));
    return entry;
}

} // namespace

std::uint64_t CatalogueEntry::bytes() const
{
    return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const CatalogueFile &file) { return sum + file.size; });
}

std::vector<fs::path> dataFolders()
{
    std::vector<fs::path> folders;
    if (const char *chosen = std::getenv("LOSSLAB_DATA"); chosen && *chosen)
        folders.emplace_back(chosen);
    folders.push_back(platform::datasetsFolder());
    folders.push_back((platform::executableFolder() / "../share/losslab/datasets").lexically_normal());
    folders.emplace_back(LOSSLAB_SOURCE_DATASETS);
    return folders;
}

Result<std::vector<CatalogueEntry>> readCatalogue()
{
    std::vector<std::string> looked;
    for (const fs::path &folder : dataFolders()) {
        if (const auto there = platform::look(folder / "catalogue.json"); !there || *there)
            return readCatalogue(folder / "catalogue.json");
        looked.push_back(platform::quoted(folder));
    }
    return dataError(fmt::format("The catalogue of data sets, catalogue.json, is in none of {}. Install "
                                 "LossLab again.",
                                 fmt::join(looked, ", ")));
}

Result<std::vector<CatalogueEntry>> readCatalogue(const fs::path &path)
{
    const auto text = platform::readFile(path, largestCatalogue);
    if (!text)
        return tl::unexpected(text.error());
    const ParsedJson json = parseJson(*text);
    JsonFields fields(json);
    int format = 0;
    std::vector<Json> sets;
    fields.read("format", format);
    if (fields.problem().empty() && format != formatVersion)
        fields.refuse(fmt::format("it has format {}, this LossLab reads {}", format, formatVersion));
    fields.read("datasets", sets);
    std::vector<CatalogueEntry> catalogue;
    for (const Json &set : sets) {
        CatalogueEntry entry = readEntry(set, fields);
        if (findEntry(catalogue, entry.id))
            fields.refuse(fmt::format("it has “{}” twice", entry.id));
        catalogue.push_back(std::move(entry));
    }
    if (!fields.problem().empty())
        return dataError(
            fmt::format("The catalogue of data sets, {}, cannot be read: {}. Install LossLab again.",
                        platform::quoted(path), fields.problem()));
    return catalogue;
}

const CatalogueEntry *findEntry(const std::vector<CatalogueEntry> &catalogue, std::string_view id)
{
    const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                    [&](const CatalogueEntry &entry) { return entry.id == id; });
    return found == catalogue.end() ? nullptr : &*found;
}

std::string megabytes(std::uint64_t bytes)
{
    constexpr std::uint64_t megabyte = 1'000'000;
    return fmt::format("{} MB", std::max<std::uint64_t>((bytes + megabyte / 2) / megabyte, 1));
}

} // namespace losslab
