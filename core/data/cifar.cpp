#include "data/cifar.h"

#include "base/platform.h"
#include "base/sha256.h"
#include "data/archive.h"
#include "data/checksumlist.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t channels = 3, side = 32, pixels = channels * side * side, record = 1 + pixels;
constexpr int classes = 10;
constexpr std::string_view testFile = cifarFileNames.back();
constexpr std::string_view archiveName = "cifar-10-binary.tar.gz";
constexpr std::uint64_t largestSet = std::uint64_t{256}
                                     << 20; ///< bytes of an archive's files: theirs are 184 million

bool isPart(std::string_view name)
{
    return std::find(cifarFileNames.begin(), cifarFileNames.end(), name) != cifarFileNames.end();
}

bool isThere(const fs::path &path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

std::vector<std::string> missingIn(const fs::path &folder)
{
    std::vector<std::string> missing;
    for (const std::string_view name : cifarFileNames)
        if (!isThere(folder / name))
            missing.emplace_back(name);
    return missing;
}

/// Where the files are: in a folder, or, where none has them all, in an archive.
struct Place
{
    fs::path path;
    bool isArchive = false;
};

Place placeIn(const fs::path &folder)
{
    const fs::path beneath = folder / "cifar-10-batches-bin", archive = folder / archiveName;
    const std::size_t here = missingIn(folder).size(), below = missingIn(beneath).size();
    if (std::min(here, below) > 0 && isThere(archive))
        return {archive, true};
    return {below < here ? beneath : folder};
}

/// Bytes of a file that are whole records. Data error: they are not.
Result<std::int64_t> recordsIn(const fs::path &path, std::uint64_t bytes)
{
    if (bytes == 0 || bytes % record != 0)
        return dataError(
            fmt::format("{} has {} bytes, which are no records of {}: a label and 3 × 32 × 32 bytes. "
                        "Copy the data set again.",
                        platform::quoted(path), bytes, record));
    return static_cast<std::int64_t>(bytes) / record;
}

/// Data error where some are.
Result<void> noneMissing(const fs::path &place, const std::vector<std::string> &names)
{
    if (names.empty())
        return {};
    return dataError(fmt::format("The data set in {} is incomplete: it has no {}. Copy the data set again.",
                                 platform::quoted(place), fmt::join(names, ", no ")));
}

struct File
{
    fs::path path; ///< its own, or as if the archive were a folder
    std::string content;
    std::string digest; ///< SHA-256
};

using Files = std::map<std::string, File>; ///< by name

/// Names that a table by name lacks.
template <class Table>
std::vector<std::string> missingOf(const Table &table)
{
    std::vector<std::string> missing;
    for (const std::string_view name : cifarFileNames)
        if (!table.contains(std::string(name)))
            missing.emplace_back(name);
    return missing;
}

Result<Files> unpackedFiles(const fs::path &folder, const ChecksumList &checksums)
{
    if (const auto whole = noneMissing(folder, missingIn(folder)); !whole)
        return tl::unexpected(whole.error());
    Files files;
    for (const std::string_view name : cifarFileNames) {
        const fs::path path = folder / name;
        auto content = platform::readFile(path);
        if (!content)
            return tl::unexpected(content.error());
        const std::string digest = sha256(*content);
        if (const auto right = checksums.check(path, digest); !right)
            return tl::unexpected(right.error());
        files.emplace(name, File{path, std::move(*content), digest});
    }
    return files;
}

Result<Files> filesOfArchive(const fs::path &archive, const ChecksumList &checksums)
{
    if (!checksums.empty()) {
        const auto right = sha256OfFile(archive).and_then(
            [&](const std::string &digest) { return checksums.check(archive, digest); });
        if (!right)
            return tl::unexpected(right.error());
    }
    Files files;
    const Result<void> read =
        readArchive(archive, {.wanted = isPart,
                              .take =
                                  [&](const std::string &name, std::string content) {
                                      std::string digest = sha256(content);
                                      files[name] = {archive / name, std::move(content), std::move(digest)};
                                      return Result<bool>(files.size() < cifarFileNames.size());
                                  },
                              .largest = largestSet});
    if (!read)
        return tl::unexpected(read.error());
    return noneMissing(archive, missingOf(files)).map([&] { return std::move(files); });
}

/// Training images of an archive, which is read to its last file: only then is it known whether it is whole.
Result<std::int64_t> imagesInArchive(const fs::path &archive)
{
    std::map<std::string, std::int64_t> counts;
    const Result<void> read = readArchive(
        archive, {.wanted = isPart,
                  .take =
                      [&](const std::string &name, const std::string &content) {
                          return recordsIn(archive / name, content.size()).map([&](std::int64_t count) {
                              counts[name] = count;
                              return counts.size() < cifarFileNames.size();
                          });
                      },
                  .largest = largestSet});
    if (!read)
        return tl::unexpected(read.error());
    std::int64_t images = 0;
    for (const auto &[name, count] : counts)
        images += name == testFile ? 0 : count;
    return noneMissing(archive, missingOf(counts)).map([&] { return images; });
}

/// The same, kept until the file changes: a form asks with every letter that is typed.
Result<std::int64_t> knownImages(const fs::path &archive)
{
    using Key = std::tuple<fs::path, fs::file_time_type, std::uintmax_t>;
    static std::mutex mutex;
    static std::optional<std::pair<Key, Result<std::int64_t>>> known;
    std::error_code ignored;
    const Key key{archive, fs::last_write_time(archive, ignored), fs::file_size(archive, ignored)};
    const std::lock_guard lock(mutex);
    if (!known || known->first != key)
        known.emplace(key, imagesInArchive(archive));
    return known->second;
}

ImageSet emptySet()
{
    ImageSet set;
    set.channels = channels;
    set.rows = set.columns = side;
    return set;
}

/// Appends a file's records, at most so many.
Result<void> append(ImageSet &set, const File &file, std::int64_t most)
{
    const auto count = recordsIn(file.path, file.content.size());
    if (!count)
        return tl::unexpected(count.error());
    const std::int64_t taken = std::min(*count, most);
    for (std::int64_t i = 0; i < taken; ++i) {
        const auto *from = reinterpret_cast<const std::uint8_t *>(file.content.data()) + i * record;
        if (*from >= classes)
            return dataError(
                fmt::format("Image {} in {} has the label {}; CIFAR-10's go from 0 to 9. Copy the data "
                            "set again.",
                            i + 1, platform::quoted(file.path), *from));
        set.labels.push_back(*from);
        set.pixels.insert(set.pixels.end(), from + 1, from + record);
    }
    set.count += taken;
    return {};
}

/// The beginning of the first file, of whole records, with at least so many where it has them.
Result<File> beginningOfFirst(const Place &place, std::int64_t count)
{
    const std::string first(cifarFileNames.front());
    File file{place.path / first, {}, {}};
    const auto wanted = static_cast<std::size_t>(count * record);
    const auto takeWhole = [&](const std::string &, std::string content) {
        file.content = std::move(content);
        return Result<bool>(false);
    };
    const auto takePart = [&](std::string_view part) {
        file.content += part;
        return file.content.size() < wanted;
    };
    const Result<void> read =
        place.isArchive
            ? readArchive(place.path, {.wanted = [&](const std::string &name) { return name == first; },
                                       .take = takeWhole,
                                       .largest = largestSet})
            : platform::readParts(file.path, takePart);
    if (!read)
        return tl::unexpected(read.error());
    if (file.content.size() > wanted)
        file.content.resize(wanted);
    return file;
}

} // namespace

bool holdsCifar(const fs::path &folder)
{
    const Place place = placeIn(folder);
    return place.isArchive || missingIn(place.path).size() < cifarFileNames.size();
}

std::vector<std::string> missingCifarFiles(const fs::path &folder)
{
    const Place place = placeIn(folder);
    return place.isArchive ? std::vector<std::string>() : missingIn(place.path);
}

Result<ImageSurvey> surveyCifar(const fs::path &folder, const ImageFacts &)
{
    ImageSurvey survey{.channels = channels, .rows = side, .columns = side, .classes = classes};
    const Place place = placeIn(folder);
    if (place.isArchive)
        return knownImages(place.path).map([&](std::int64_t images) {
            survey.trainingImages = images;
            return survey;
        });
    if (const auto whole = noneMissing(place.path, missingIn(place.path)); !whole)
        return tl::unexpected(whole.error());
    for (const std::string_view name : cifarFileNames) {
        const auto facts = platform::look(place.path / name);
        if (!facts)
            return tl::unexpected(facts.error());
        const auto count = recordsIn(place.path / name, *facts ? (*facts)->size : 0);
        if (!count)
            return tl::unexpected(count.error());
        survey.trainingImages += name == testFile ? 0 : *count;
    }
    return survey;
}

Result<std::shared_ptr<Dataset>> readCifar(const fs::path &folder, const ImageFacts &)
{
    const Place place = placeIn(folder);
    const auto checksums = ChecksumList::of(folder);
    if (!checksums)
        return tl::unexpected(checksums.error());
    const Result<Files> files =
        place.isArchive ? filesOfArchive(place.path, *checksums) : unpackedFiles(place.path, *checksums);
    if (!files)
        return tl::unexpected(files.error());
    auto dataset = std::make_shared<Dataset>();
    dataset->classes = classes;
    dataset->train = dataset->test = emptySet();
    std::string digests;
    for (const auto &[name, file] : *files) {
        digests += file.digest;
        ImageSet &set = name == testFile ? dataset->test : dataset->train;
        if (const auto added = append(set, file, std::numeric_limits<std::int64_t>::max()); !added)
            return tl::unexpected(added.error());
    }
    dataset->checksum = sha256(digests);
    dataset->compared = !checksums->empty();
    return dataset;
}

Result<ImageSet> firstOfCifar(const fs::path &folder, const ImageFacts &, std::int64_t count)
{
    return beginningOfFirst(placeIn(folder), count).and_then([&](const File &file) {
        ImageSet set = emptySet();
        return append(set, file, count).map([&] { return std::move(set); });
    });
}

} // namespace losslab
