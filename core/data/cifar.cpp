#include "data/cifar.h"

#include "base/platform.h"
#include "base/sha256.h"
#include "data/archive.h"
#include "data/checksumlist.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t channels = 3, side = 32, pixels = channels * side * side, record = 1 + pixels;
constexpr int classes = 10;
constexpr std::array<std::string_view, 5> trainingFiles{
    "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"};
constexpr std::string_view testFile = "test_batch.bin";
constexpr std::string_view archiveName = "cifar-10-binary.tar.gz";

bool isPart(std::string_view name)
{
    return name == testFile
           || std::find(trainingFiles.begin(), trainingFiles.end(), name) != trainingFiles.end();
}

/// The folder with the unpacked files, where there is one.
std::optional<fs::path> unpacked(const fs::path &folder)
{
    std::error_code ignored;
    for (const fs::path &place : {folder, folder / "cifar-10-batches-bin"})
        for (const std::string_view name : trainingFiles)
            if (fs::exists(place / name, ignored))
                return place;
    return std::nullopt;
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

Error missing(const fs::path &folder, std::string_view name)
{
    return {ErrorKind::Data,
            fmt::format("The data set in {} is incomplete: it has no {}. Copy the data set again.",
                        platform::quoted(folder), name)};
}

struct File
{
    fs::path path; ///< its own, or that of the archive it is in
    std::string content;
};

using Files = std::map<std::string, File>; ///< by name

/// All there are, checked against SHA256SUMS where the folder has one.
Result<Files> filesIn(const fs::path &folder)
{
    const fs::path sums = folder / "SHA256SUMS";
    const auto there = platform::look(sums);
    const Result<ChecksumList> checksums = there && *there ? ChecksumList::read(sums) : ChecksumList();
    if (!checksums)
        return tl::unexpected(checksums.error());
    const auto problem = [&](const fs::path &path, const std::string &content) -> std::string {
        const auto expected = checksums->find(path);
        if (!expected || *expected == sha256(content))
            return {};
        return fmt::format(
            "The data file {} is damaged: its SHA-256 check sum is not that of SHA256SUMS. Delete it "
            "and copy the data set again.",
            platform::quoted(path));
    };

    Files files;
    if (const auto place = unpacked(folder)) {
        std::error_code ignored;
        std::vector<std::string_view> names(trainingFiles.begin(), trainingFiles.end());
        names.push_back(testFile);
        for (const std::string_view name : names) {
            const fs::path path = *place / name;
            if (!fs::exists(path, ignored))
                continue;
            auto content = platform::readFile(path);
            if (!content)
                return tl::unexpected(content.error());
            if (std::string wrong = problem(path, *content); !wrong.empty())
                return dataError(std::move(wrong));
            files.emplace(name, File{path, std::move(*content)});
        }
        return files;
    }
    const fs::path archive = folder / archiveName;
    std::error_code none;
    if (!fs::exists(archive, none))
        return tl::unexpected(missing(folder, trainingFiles.front()));
    if (!checksums->empty()) {
        const auto content = platform::readFile(archive);
        if (!content)
            return tl::unexpected(content.error());
        if (std::string wrong = problem(archive, *content); !wrong.empty())
            return dataError(std::move(wrong));
    }
    const Result<void> read = readArchive(archive, isPart, [&](const std::string &name, std::string content) {
        files[name] = {archive / name, std::move(content)};
    });
    return read ? Result<Files>(std::move(files)) : tl::unexpected(read.error());
}

/// Appends a file's records.
Result<void> append(ImageSet &set, const fs::path &path, const std::string &content)
{
    const auto count = recordsIn(path, content.size());
    if (!count)
        return tl::unexpected(count.error());
    for (std::int64_t i = 0; i < *count; ++i) {
        const auto *from = reinterpret_cast<const std::uint8_t *>(content.data()) + i * record;
        if (*from >= classes)
            return dataError(
                fmt::format("Image {} in {} has the label {}; CIFAR-10's go from 0 to 9. Copy the data "
                            "set again.",
                            i + 1, platform::quoted(path), *from));
        set.labels.push_back(*from);
        set.pixels.insert(set.pixels.end(), from + 1, from + record);
    }
    set.count += *count;
    return {};
}

} // namespace

bool holdsCifar(const fs::path &folder)
{
    std::error_code ignored;
    return unpacked(folder).has_value() || fs::exists(folder / archiveName, ignored)
           || fs::exists(folder / testFile, ignored);
}

Result<ImageSurvey> surveyCifar(const fs::path &folder)
{
    ImageSurvey survey{.channels = channels, .rows = side, .columns = side};
    const auto place = unpacked(folder);
    if (!place)
        return survey;
    std::error_code wrong;
    for (const std::string_view name : trainingFiles) {
        const fs::path path = *place / name;
        if (!fs::is_regular_file(path, wrong))
            continue;
        const auto count = recordsIn(path, fs::file_size(path, wrong));
        if (!count)
            return tl::unexpected(count.error());
        survey.trainingImages += *count;
    }
    if (!fs::is_regular_file(*place / testFile, wrong))
        return tl::unexpected(missing(*place, testFile));
    return survey;
}

Result<std::shared_ptr<Dataset>> readCifar(const fs::path &folder)
{
    const Result<Files> files = filesIn(folder);
    if (!files)
        return tl::unexpected(files.error());
    auto dataset = std::make_shared<Dataset>();
    dataset->classes = classes;
    for (ImageSet *set : {&dataset->train, &dataset->test}) {
        set->channels = channels;
        set->rows = set->columns = side;
    }
    std::string digests;
    for (const auto &[name, file] : *files) {
        digests += sha256(file.content);
        ImageSet &set = name == testFile ? dataset->test : dataset->train;
        if (const Result<void> added = append(set, file.path, file.content); !added)
            return tl::unexpected(added.error());
    }
    if (dataset->train.count == 0)
        return tl::unexpected(missing(folder, trainingFiles.front()));
    if (dataset->test.count == 0)
        return tl::unexpected(missing(folder, testFile));
    dataset->checksum = sha256(digests);
    std::error_code ignored;
    dataset->compared = fs::exists(folder / "SHA256SUMS", ignored);
    return dataset;
}

} // namespace losslab
