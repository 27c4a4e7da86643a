#include "data/catalogue.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "base/sha256.h"
#include "data/formats.h"
#include "lab/jsonfields.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mutex>
#include <numeric>
#include <optional>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr int formatVersion = 2;
constexpr std::uint64_t largestFile = platform::largestFile;       // as for any data file
constexpr std::uint64_t largestCatalogue = std::uint64_t{1} << 20; // bytes
constexpr std::int64_t mostImages = 1'000'000'000, mostChannels = 3, longestSide = 4096;

/// A name that is safe as a folder's, and easy to type.
bool isId(std::string_view text)
{
    return isFileName(text)
           && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

/// Without the suffix that the format's files may have.
std::string plainName(const std::string &name, const DatasetFormat &format)
{
    constexpr std::string_view suffix = ".gz";
    return format.mayBeGzipped && name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

/// For people, who see it in the window and on a terminal.
void readText(JsonFields &fields, const char *key, std::string &to)
{
    fields.read(key, to);
    if (!isPlain(to))
        fields.refuse(fmt::format("“{}” has control characters", key));
}

void readMembers(JsonFields &fields, CatalogueFile &file)
{
    if (!fields.has("members"))
        return;
    std::vector<Json> members;
    fields.read("members", members);
    fields.read("unpacked", file.unpacked);
    for (const Json &json : members) {
        CatalogueMember member;
        JsonFields inner(json);
        inner.read("name", member.name);
        inner.read("file", member.file);
        for (const std::string &name : {member.name, member.file})
            if (inner.problem().empty() && !isFileName(name))
                inner.refuse(fmt::format("“{}” is no file's name", name));
        fields.refuse(inner.problem());
        file.members.push_back(std::move(member));
    }
    if (members.empty())
        fields.refuse(fmt::format("“{}” has no members", file.name));
}

CatalogueFile readFileEntry(const Json &json, JsonFields &outer)
{
    CatalogueFile file;
    JsonFields fields(json);
    fields.read("name", file.name);
    fields.read("size", file.size);
    fields.read("sha256", file.sha256);
    readMembers(fields, file);
    if (fields.problem().empty() && !isFileName(file.name))
        fields.refuse(fmt::format("“{}” is no file's name", file.name));
    for (const std::uint64_t size : {file.size, file.members.empty() ? file.size : file.unpacked})
        if (size == 0 || size > largestFile)
            fields.refuse(fmt::format("“{}” cannot have {} bytes", file.name, size));
    if (!isSha256(file.sha256))
        fields.refuse(fmt::format("“{}” is no SHA-256", file.sha256));
    outer.refuse(fields.problem());
    return file;
}

void readFiles(JsonFields &fields, CatalogueEntry &entry)
{
    std::vector<Json> files;
    fields.read("files", files);
    for (const Json &file : files)
        entry.files.push_back(readFileEntry(file, fields));
    fields.read("format", entry.format);
    const DatasetFormat *format = findFormat(entry.format);
    if (!format)
        return fields.refuse(fmt::format("“{}” is no format of data sets", entry.format));
    std::vector<std::string> kept;
    for (const CatalogueFile &file : entry.files)
        for (const std::string &name : file.kept())
            kept.push_back(plainName(name, *format));
    for (const CatalogueFile &file : entry.files)
        if (!file.members.empty()
            && std::find(kept.begin(), kept.end(), plainName(file.name, *format)) != kept.end())
            fields.refuse(fmt::format("“{}” is both an archive and a file of the set", file.name));
    std::sort(kept.begin(), kept.end());
    if (!std::equal(kept.begin(), kept.end(), format->files.begin(), format->files.end()))
        fields.refuse(fmt::format("its files are {}, and those of the format are {}", fmt::join(kept, ", "),
                                  fmt::join(format->files, ", ")));
}

/// What the files do not say of the images, and what they will say.
void readImages(JsonFields &fields, CatalogueEntry &entry)
{
    fields.read("classes", entry.facts.classes);
    entry.images.classes = entry.facts.classCount().value_or(0);
    if (!std::all_of(entry.facts.classes.begin(), entry.facts.classes.end(),
                     [](const std::string &name) { return !name.empty() && isPlain(name); }))
        fields.refuse("“classes” has a name that is empty or has control characters");
    if (fields.problem().empty() && entry.facts.classes.size() < 2)
        fields.refuse("it has fewer than two classes");
    if (fields.has("firstLabel"))
        fields.read("firstLabel", entry.facts.firstLabel);
    if (fields.has("transposed"))
        fields.read("transposed", entry.facts.transposed);
    for (const auto &[key, to, most] :
         {std::tuple("trainingImages", &entry.images.trainingImages, mostImages),
          std::tuple("channels", &entry.images.channels, mostChannels),
          std::tuple("rows", &entry.images.rows, longestSide),
          std::tuple("columns", &entry.images.columns, longestSide)})
    {
        fields.read(key, *to);
        if (fields.problem().empty() && (*to < 1 || *to > most))
            fields.refuse(fmt::format("“{}” cannot be {}", key, *to));
    }
    constexpr std::int64_t labels = 256; // that a byte can tell apart
    if (const std::int64_t first = entry.facts.firstLabel; first < 0 || first + entry.images.classes > labels)
        fields.refuse(fmt::format("“firstLabel” cannot be {}", first));
}

void readUrls(JsonFields &fields, CatalogueEntry &entry)
{
    fields.read("urls", entry.urls);
    if (entry.urls.empty())
        fields.refuse("it has no address");
    for (const std::string &url : entry.urls)
        if (!url.starts_with("https://") || !url.ends_with('/') || !isPlain(url))
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
        readText(fields, key, *to);
    readImages(fields, entry);
    readUrls(fields, entry);
    readPackage(fields, entry);
    readFiles(fields, entry);
    if (!isId(entry.id))
        fields.refuse(fmt::format("“{}” is no id of small letters, digits and hyphens", entry.id));
    if (!fields.problem().empty())
        outer.refuse(fmt::format("in data set “{}”, {}", entry.id, fields.problem()));
    return entry;
}

/// Of the file's text; the path is for messages.
Result<std::vector<CatalogueEntry>> catalogueIn(const std::string &text, const fs::path &path)
{
    const ParsedJson json = parseJson(text);
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
            fmt::format("The catalogue of data sets, {}, cannot be read: {} Install LossLab again.",
                        platform::quoted(path), fields.ended()));
    return catalogue;
}

} // namespace

std::vector<std::string> CatalogueFile::kept() const
{
    std::vector<std::string> names;
    for (const CatalogueMember &member : members)
        names.push_back(member.file);
    return members.empty() ? std::vector{name} : names;
}

std::uint64_t CatalogueEntry::room() const
{
    return std::accumulate(files.begin(), files.end(), bytes(),
                           [](std::uint64_t sum, const CatalogueFile &file) { return sum + file.unpacked; });
}

std::string CatalogueEntry::sizeText() const
{
    const std::string size = megabytes(bytes());
    return room() == bytes()
               ? size
               : fmt::format("{}, {} on the disk while it is unpacked", size, megabytes(room()));
}

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
    // Every experiment that is made reads it, and of a thousand runs, thousands are.
    static std::mutex mutex;
    static std::optional<std::string> lastText;
    static std::vector<CatalogueEntry> last;
    {
        const std::lock_guard lock(mutex);
        if (lastText == *text)
            return last;
    }
    auto catalogue = catalogueIn(*text, path);
    if (catalogue) {
        const std::lock_guard lock(mutex);
        lastText = *text;
        last = *catalogue;
    }
    return catalogue;
}

const CatalogueEntry *findEntry(const std::vector<CatalogueEntry> &catalogue, std::string_view id)
{
    const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                    [&](const CatalogueEntry &entry) { return entry.id == id; });
    return found == catalogue.end() ? nullptr : &*found;
}

namespace {

/// As it is called there, or without the suffix of gzip.
std::optional<std::filesystem::path> memberIn(const std::filesystem::path &folder,
                                              const CatalogueMember &member)
{
    constexpr std::string_view suffix = ".gz";
    std::string_view bare = member.name;
    if (bare.ends_with(suffix))
        bare.remove_suffix(suffix.size());
    std::error_code ignored;
    for (const std::string_view name : {std::string_view(member.name), bare})
        if (std::filesystem::is_regular_file(folder / name, ignored))
            return folder / name;
    return std::nullopt;
}

bool hasFilesIn(const CatalogueEntry &entry, const std::filesystem::path &folder)
{
    std::size_t members = 0;
    for (const CatalogueFile &file : entry.files)
        for (const CatalogueMember &member : file.members) {
            if (!memberIn(folder, member))
                return false;
            ++members;
        }
    return members > 0;
}

} // namespace

const CatalogueEntry *entryWithFilesIn(const std::vector<CatalogueEntry> &catalogue,
                                       const std::filesystem::path &folder)
{
    const CatalogueEntry *found = nullptr;
    for (const CatalogueEntry &entry : catalogue)
        if (hasFilesIn(entry, folder)) {
            if (found)
                return nullptr;
            found = &entry;
        }
    return found;
}

std::optional<std::filesystem::path> fileOfSet(const std::filesystem::path &folder, std::string_view name)
{
    const auto catalogue = readCatalogue();
    const CatalogueEntry *entry = catalogue ? entryWithFilesIn(*catalogue, folder) : nullptr;
    if (!entry)
        return std::nullopt;
    for (const CatalogueFile &file : entry->files)
        for (const CatalogueMember &member : file.members)
            if (member.file == name || member.file == fmt::format("{}.gz", name))
                return memberIn(folder, member);
    return std::nullopt;
}

std::string megabytes(std::uint64_t bytes)
{
    constexpr std::uint64_t megabyte = 1'000'000;
    return fmt::format("{} MB", std::max<std::uint64_t>((bytes + megabyte / 2) / megabyte, 1));
}

} // namespace losslab
