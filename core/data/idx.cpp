#include "data/idx.h"

#include "base/platform.h"
#include "data/gunzip.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <utility>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t wordSize = 4, longestMagic = 32, mostDimensions = 8;
constexpr std::int64_t longestSide = 4096; ///< pixels; what is shown and trained on is far smaller
constexpr std::uint8_t unsignedBytes = 0x08;
constexpr std::uint64_t largestContent = platform::largestFile;
constexpr std::size_t mostLookedAt = std::size_t{64} << 20; ///< bytes of the first images

/// For a sound file that holds something else.
tl::unexpected<Error> unfit(const fs::path &path, IdxKind kind, std::string_view what)
{
    return dataError(
        fmt::format("The data file {} cannot be used: it is {}. Expected are {}, in MNIST's form (IDX), "
                    "plain or compressed with gzip.",
                    platform::quoted(path), what,
                    kind == IdxKind::Images ? "images, a byte a pixel and colour" : "labels, a byte each"));
}

/// What else a file is by its first bytes; empty where that cannot be told.
std::string_view foreignKind(std::string_view bytes)
{
    using namespace std::string_view_literals;
    static constexpr std::pair<std::string_view, std::string_view> kinds[]{
        {gzipMagic, "compressed with gzip twice: unpack it once"},
        {"PK\x03\x04"sv, "a zip archive: unpack it first"},
        {"\xfd"
         "7zXZ"sv,
         "compressed with xz: unpack it first"},
        {"BZh"sv, "compressed with bzip2: unpack it first"},
        {"\x28\xb5\x2f\xfd"sv, "compressed with zstd: unpack it first"},
        {"7z\xbc\xaf"sv, "a 7z archive: unpack it first"},
        {"Rar!"sv, "a rar archive: unpack it first"},
        {"\x89PNG"sv, "a PNG picture"},
        {"\xff\xd8\xff"sv, "a JPEG picture"},
        {"\x93NUMPY"sv, "an array of NumPy"},
        {"MATLAB"sv, "a file of MATLAB"},
        {"version https://git-lfs"sv, "the place holder of Git LFS: git lfs pull fetches the file itself"},
        {"<!DOCTYPE"sv, "a web page, as a failed download leaves it"},
        {"<!doctype"sv, "a web page, as a failed download leaves it"},
        {"<html"sv, "a web page, as a failed download leaves it"},
    };
    for (const auto &[start, kind] : kinds)
        if (bytes.starts_with(start))
            return kind;
    return {};
}

std::uint32_t bigEndian(const std::uint8_t *bytes)
{
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8
           | bytes[3];
}

std::string_view typeName(std::uint8_t type)
{
    switch (type) {
    case unsignedBytes:
        return "unsigned bytes";
    case 0x09:
        return "signed bytes";
    case 0x0B:
        return "numbers of 16 bits";
    case 0x0C:
        return "numbers of 32 bits";
    case 0x0D:
        return "real numbers of 32 bits";
    case 0x0E:
        return "real numbers of 64 bits";
    default:
        return {};
    }
}

/// What a sound IDX file holds, for people.
std::string contentName(std::uint8_t type, const std::vector<std::int64_t> &shape)
{
    const std::string sizes = fmt::format("{}", fmt::join(shape, " × "));
    if (type != unsignedBytes)
        return fmt::format("an IDX file of {} ({})", typeName(type), sizes);
    if (shape.size() == 1)
        return fmt::format("a file of {} labels", sizes);
    if (shape.size() == 3)
        return fmt::format("a file of images ({})", sizes);
    if (shape.size() == 4)
        return fmt::format("a file of images in colour ({})", sizes);
    return fmt::format("an IDX file of {} dimensions ({})", shape.size(), sizes);
}

/// A header as it stands there: where the data begins, and how they are arranged.
struct Header
{
    std::size_t size = 0; ///< bytes
    std::uint8_t type = 0;
    std::vector<std::int64_t> shape;
    std::size_t declared = 0; ///< bytes that follow
    bool interleaved = false; ///< a pixel's colours lie beside each other, not image by image
};

/// The sizes, checked: none zero, and together not absurd.
Result<void> readSizes(const fs::path &path, const std::vector<std::uint8_t> &bytes, Header &header)
{
    std::uint64_t total = 1;
    for (std::size_t at = wordSize; at < header.size; at += wordSize) {
        const std::uint32_t size = bigEndian(bytes.data() + at);
        header.shape.push_back(size);
        total = size != 0 && total > largestContent / size ? largestContent + 1 : total * size;
    }
    const std::string sizes = fmt::format("{}", fmt::join(header.shape, " × "));
    if (total == 0)
        return damagedFile(path, fmt::format("it declares {} bytes, that is none", sizes));
    if (total > largestContent)
        return damagedFile(
            path, fmt::format("it declares {} bytes, more than the 2 GiB a data file may hold", sizes));
    header.declared = static_cast<std::size_t>(total);
    return {};
}

/// From the first bytes of a file, which need not be all.
Result<Header> readHeader(const fs::path &path, std::string_view file, IdxKind kind)
{
    const auto magic = firstBytes(path, file, longestMagic);
    if (!magic)
        return tl::unexpected(magic.error());
    const std::string_view start(reinterpret_cast<const char *>(magic->bytes.data()), magic->bytes.size());
    if (const std::string_view foreign = foreignKind(start); !foreign.empty())
        return unfit(path, kind, foreign);
    const auto tooShort = [&](std::size_t found, std::size_t size) {
        return damagedFile(path, fmt::format("it holds {} bytes, its header alone has {}", found, size));
    };
    if (start.size() < wordSize)
        return tooShort(start.size(), wordSize * (kind == IdxKind::Images ? 4 : 2));
    Header header;
    const std::size_t dimensions = magic->bytes[3];
    header.type = magic->bytes[2];
    if (magic->bytes[0] != 0 || magic->bytes[1] != 0 || typeName(header.type).empty() || dimensions == 0
        || dimensions > mostDimensions)
        return damagedFile(path, fmt::format("it begins with 0x{:08x}, which no IDX file does",
                                             bigEndian(magic->bytes.data())));
    header.size = wordSize * (1 + dimensions);
    const auto bytes = firstBytes(path, file, header.size);
    if (!bytes)
        return tl::unexpected(bytes.error());
    if (bytes->bytes.size() < header.size)
        return tooShort(bytes->bytes.size(), header.size);
    if (const auto read = readSizes(path, bytes->bytes, header); !read)
        return tl::unexpected(read.error());
    return header;
}

/// Has the header's shape, [count, rows, columns] with three colours before or behind the pixels, end with
/// the number of its channels; false where it is another.
bool putChannelsLast(Header &header, const std::vector<std::int64_t> &shape)
{
    constexpr std::int64_t colours = 3;
    if (shape.size() == 3)
        header.shape = {shape[0], shape[1], shape[2], 1};
    else if (shape.size() == 4 && shape[1] == colours)
        header.shape = {shape[0], shape[2], shape[3], colours};
    else if (shape.size() == 4 && shape[3] == colours)
        header.shape = shape;
    else
        return false;
    header.interleaved = shape.size() == 4 && shape[1] != colours;
    return true;
}

/// Data error where images are too large for all that is done with them.
Result<void> checkSides(const fs::path &path, const Header &header)
{
    if (std::max(header.shape[1], header.shape[2]) <= longestSide)
        return {};
    return dataError(fmt::format("The data file {} cannot be used: its images have {} × {} pixels, of which "
                                 "LossLab takes up to {} a side. Scale them down.",
                                 platform::quoted(path), header.shape[1], header.shape[2], longestSide));
}

/// The shape without dimensions of one that some programs add; data error where it is not one of this kind.
Result<void> fitShape(const fs::path &path, IdxKind kind, Header &header)
{
    const std::size_t wanted = kind == IdxKind::Images ? 3 : 1;
    std::vector<std::int64_t> shape = header.shape;
    while (shape.size() > wanted) {
        const auto one = std::find(shape.begin() + 1, shape.end(), 1);
        if (one == shape.end())
            break;
        shape.erase(one);
    }
    if (header.type == unsignedBytes && kind == IdxKind::Images && putChannelsLast(header, shape))
        return checkSides(path, header);
    if (header.type != unsignedBytes || kind == IdxKind::Images || shape.size() != wanted)
        return unfit(path, kind, contentName(header.type, header.shape));
    header.shape = std::move(shape);
    return {};
}

tl::unexpected<Error> otherLength(const fs::path &path, std::size_t declared, std::string_view found)
{
    return damagedFile(path,
                       fmt::format("it declares {} bytes after its header and holds {}", declared, found));
}

struct Idx
{
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;
};

/// What stands behind the header, of images plane by plane.
Idx contentOf(const Header &header, const std::vector<std::uint8_t> &file)
{
    const auto first = file.begin() + static_cast<std::ptrdiff_t>(header.size);
    Idx idx{header.shape, {first, file.end()}};
    if (!header.interleaved)
        return idx;
    const auto pixels = static_cast<std::size_t>(header.shape[1] * header.shape[2]);
    const auto colours = static_cast<std::size_t>(header.shape[3]);
    for (std::size_t image = 0; image < idx.bytes.size(); image += pixels * colours)
        for (std::size_t colour = 0; colour < colours; ++colour)
            for (std::size_t pixel = 0; pixel < pixels; ++pixel)
                idx.bytes[image + colour * pixels + pixel] =
                    first[static_cast<std::ptrdiff_t>(image + pixel * colours + colour)];
    return idx;
}

/// The header of one that is of this kind.
Result<Header> fittingHeader(const fs::path &path, std::string_view content, IdxKind kind)
{
    auto header = readHeader(path, content, kind);
    if (header)
        if (const auto fits = fitShape(path, kind, *header); !fits)
            return tl::unexpected(fits.error());
    return header;
}

Result<Idx> parseIdx(const DataFile &file, IdxKind kind)
{
    const auto &[path, content] = file;
    const auto header = fittingHeader(path, content, kind);
    if (!header)
        return tl::unexpected(header.error());
    auto unpacked = firstBytes(path, content, header->size + header->declared + 1);
    if (!unpacked)
        return tl::unexpected(unpacked.error());
    const std::size_t found = unpacked->bytes.size() - header->size;
    if (found != header->declared)
        return otherLength(path, header->declared,
                           found > header->declared ? "more" : fmt::format("{}", found));
    return contentOf(*header, unpacked->bytes);
}

/// At least so many bytes of a file, or all that it has.
Result<std::string> beginningOf(const fs::path &path, std::uint64_t bytes = 1)
{
    std::string beginning;
    const auto read = platform::readParts(path, [&](std::string_view part) {
        beginning += part;
        return beginning.size() < bytes;
    });
    return read.map([&] { return std::move(beginning); });
}

/// Bytes that so many take when gzip finds nothing to save, with room for its header and padding.
constexpr std::uint64_t mostPacked(std::uint64_t bytes)
{
    return bytes + bytes / 1000 + (std::uint64_t{1} << 20);
}

/// The first `count` items, or all where there are fewer or they are too large, without reading much more.
Result<Idx> firstItems(const fs::path &path, IdxKind kind, std::int64_t count)
{
    const auto beginning = beginningOf(path);
    if (!beginning)
        return tl::unexpected(beginning.error());
    auto header = fittingHeader(path, *beginning, kind);
    if (!header)
        return tl::unexpected(header.error());
    const std::size_t item = header->declared / static_cast<std::size_t>(header->shape[0]);
    const auto most = std::max<std::int64_t>(static_cast<std::int64_t>(mostLookedAt / item), 1);
    header->shape[0] = std::min({count, most, header->shape[0]});
    header->declared = item * static_cast<std::size_t>(header->shape[0]);
    const auto file = beginningOf(path, mostPacked(header->size + header->declared));
    if (!file)
        return tl::unexpected(file.error());
    auto content = firstBytes(path, *file, header->size + header->declared);
    if (!content)
        return tl::unexpected(content.error());
    if (content->bytes.size() < header->size + header->declared)
        return damagedFile(path, "it ends before its first images do");
    return contentOf(*header, content->bytes);
}

tl::unexpected<Error> otherCounts(const fs::path &images, std::int64_t imageCount, const fs::path &labels,
                                  std::int64_t labelCount)
{
    return dataError(
        fmt::format("{} holds {} images, {} holds {} labels; there must be one label an image. Delete "
                    "both and copy the data set again.",
                    platform::quoted(images), imageCount, platform::quoted(labels), labelCount));
}

/// Labels counted from 0. Data error: one is none of the classes.
Result<void> countFromZero(const fs::path &path, std::vector<std::uint8_t> &labels, const LabelRange &range)
{
    const auto isWrong = [&](std::uint8_t label) {
        return label < range.first || label >= range.first + range.classes;
    };
    const auto wrong = std::find_if(labels.begin(), labels.end(), isWrong);
    if (wrong != labels.end())
        return damagedFile(path, fmt::format("label {} of {} is {}, labels go from {} to {}",
                                             wrong - labels.begin() + 1, labels.size(), *wrong, range.first,
                                             range.first + range.classes - 1));
    for (std::uint8_t &label : labels)
        label = static_cast<std::uint8_t>(label - range.first);
    return {};
}

/// Data error: they are not as many, or a label is wrong.
Result<ImageSet> together(const fs::path &images, Idx pixels, const fs::path &labels, Idx classes,
                          const LabelRange &range)
{
    if (pixels.shape[0] != classes.shape[0])
        return otherCounts(images, pixels.shape[0], labels, classes.shape[0]);
    if (const auto counted = countFromZero(labels, classes.bytes, range); !counted)
        return tl::unexpected(counted.error());
    return ImageSet{pixels.shape[0],         pixels.shape[1],          pixels.shape[2],
                    std::move(pixels.bytes), std::move(classes.bytes), pixels.shape[3]};
}

} // namespace

Result<std::vector<std::int64_t>> surveyIdx(const fs::path &path, IdxKind kind)
{
    const auto beginning = beginningOf(path);
    if (!beginning)
        return tl::unexpected(beginning.error());
    const auto facts = platform::look(path);
    if (!facts || !*facts)
        return damagedFile(path, "it has just gone");
    const auto header = fittingHeader(path, *beginning, kind);
    if (!header)
        return tl::unexpected(header.error());
    const std::uint64_t size = (*facts)->size;
    if (beginning->starts_with(gzipMagic)) {
        if (size > mostPacked(header->size + header->declared))
            return otherLength(path, header->declared, "more");
    } else if (size != header->size + header->declared) {
        return otherLength(path, header->declared,
                           size > header->size + header->declared ? "more"
                                                                  : fmt::format("{}", size - header->size));
    }
    return header->shape;
}

Result<std::vector<std::uint8_t>> readIdxLabels(const fs::path &path)
{
    return platform::readFile(path)
        .and_then([&](std::string content) {
            return parseIdx({path, std::move(content)}, IdxKind::Labels);
        })
        .map([](Idx idx) { return std::move(idx.bytes); });
}

Result<ImageSet> firstImages(const fs::path &images, const fs::path &labels, const LabelRange &range,
                             std::int64_t count)
{
    auto pixels = firstItems(images, IdxKind::Images, count);
    if (!pixels)
        return tl::unexpected(pixels.error());
    auto classes = firstItems(labels, IdxKind::Labels, pixels->shape[0]);
    if (!classes)
        return tl::unexpected(classes.error());
    return together(images, std::move(*pixels), labels, std::move(*classes), range);
}

Result<ImageSet> parseImageSet(const DataFile &images, const DataFile &labels, const LabelRange &range)
{
    auto pixels = parseIdx(images, IdxKind::Images);
    if (!pixels)
        return tl::unexpected(pixels.error());
    auto classes = parseIdx(labels, IdxKind::Labels);
    if (!classes)
        return tl::unexpected(classes.error());
    return together(images.path, std::move(*pixels), labels.path, std::move(*classes), range);
}

} // namespace losslab
