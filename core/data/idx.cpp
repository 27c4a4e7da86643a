#include "data/idx.h"

#include "base/platform.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <utility>
#include <zlib.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t wordSize = 4;
constexpr std::size_t longestMagic = 32;
constexpr std::size_t mostDimensions = 8;
constexpr std::uint8_t unsignedBytes = 0x08;
constexpr std::uint64_t largestContent = platform::largestFile;
constexpr std::string_view gzipMagic = "\x1f\x8b";

tl::unexpected<Error> damaged(const fs::path &path, std::string_view what)
{
    return dataError(fmt::format("The data file {} is damaged: {}. Delete it and copy the data set again.",
                                 platform::quoted(path), what));
}

/// For a sound file that holds something else.
tl::unexpected<Error> unfit(const fs::path &path, IdxKind kind, std::string_view what)
{
    return dataError(
        fmt::format("The data file {} cannot be used: it is {}. Expected are {}, in MNIST's form (IDX), "
                    "plain or compressed with gzip.",
                    platform::quoted(path), what,
                    kind == IdxKind::Images ? "grey images, a byte a pixel" : "labels, a byte each"));
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

/// The beginning of what a file holds, unpacked.
struct Content
{
    std::vector<std::uint8_t> bytes;
    bool whole = false; ///< the file holds no more than these
};

/// zlib's state for one gzip stream.
class Inflater
{
public:
    explicit Inflater(std::string_view compressed)
    {
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(compressed.data()));
        m_stream.avail_in = static_cast<uInt>(compressed.size());
        constexpr int gzipOnly = 16;
        m_ready = ::inflateInit2(&m_stream, MAX_WBITS + gzipOnly) == Z_OK;
    }
    ~Inflater() { ::inflateEnd(&m_stream); }
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    /// Fills `out` from the stream. Z_OK: filled; Z_STREAM_END: the stream ended, its check sum holds; else
    /// the error.
    int fill(std::uint8_t *out, std::size_t size)
    {
        if (!m_ready)
            return Z_MEM_ERROR;
        m_stream.next_out = out;
        m_stream.avail_out = static_cast<uInt>(size);
        const int result = ::inflate(&m_stream, Z_NO_FLUSH);
        return result == Z_OK && m_stream.avail_out > 0 ? Z_BUF_ERROR : result;
    }
    /// Goes on after a stream that has ended: with another, which gzip allows to follow, past zero bytes,
    /// which tapes and tar pad with. False where nothing follows, or something else.
    bool nextStream()
    {
        while (m_stream.avail_in > 0 && *m_stream.next_in == 0) {
            ++m_stream.next_in;
            --m_stream.avail_in;
        }
        const std::string_view rest(reinterpret_cast<const char *>(m_stream.next_in), m_stream.avail_in);
        return rest.starts_with(gzipMagic) && ::inflateReset(&m_stream) == Z_OK;
    }
    std::size_t unfilled() const { return m_stream.avail_out; }
    std::size_t unread() const { return m_stream.avail_in; }
    std::string_view message() const { return m_stream.msg ? m_stream.msg : "unknown error"; }

private:
    z_stream m_stream{};
    bool m_ready = false;
};

/// Unpacks no more than `limit` bytes, so that a small file cannot fill the memory.
Result<Content> unpack(const fs::path &path, std::string_view compressed, std::size_t limit)
{
    constexpr std::size_t chunk = std::size_t{16} << 20;
    Inflater inflater(compressed);
    Content content;
    while (!content.whole && content.bytes.size() < limit) {
        const std::size_t have = content.bytes.size();
        content.bytes.resize(have + std::min(chunk, limit - have));
        const int result = inflater.fill(content.bytes.data() + have, content.bytes.size() - have);
        if (result == Z_BUF_ERROR)
            return damaged(path, fmt::format("its gzip stream breaks off after {} bytes", compressed.size()));
        if (result != Z_OK && result != Z_STREAM_END)
            return damaged(path, fmt::format("its gzip stream is broken ({})", inflater.message()));
        content.bytes.resize(content.bytes.size() - inflater.unfilled());
        content.whole = result == Z_STREAM_END && !inflater.nextStream();
    }
    if (content.whole && inflater.unread() > 0)
        return damaged(path, fmt::format("{} bytes follow the end of its gzip stream", inflater.unread()));
    return content;
}

Result<Content> firstBytes(const fs::path &path, std::string_view file, std::size_t limit)
{
    if (file.starts_with(gzipMagic))
        return unpack(path, file, limit);
    const std::string_view part = file.substr(0, limit);
    return Content{{part.begin(), part.end()}, part.size() == file.size()};
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
        return damaged(path, fmt::format("it declares {} bytes, that is none", sizes));
    if (total > largestContent)
        return damaged(path,
                       fmt::format("it declares {} bytes, more than the 2 GiB a data file may hold", sizes));
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
        return damaged(path, fmt::format("it holds {} bytes, its header alone has {}", found, size));
    };
    if (start.size() < wordSize)
        return tooShort(start.size(), wordSize * (kind == IdxKind::Images ? 4 : 2));
    Header header;
    const std::size_t dimensions = magic->bytes[3];
    header.type = magic->bytes[2];
    if (magic->bytes[0] != 0 || magic->bytes[1] != 0 || typeName(header.type).empty() || dimensions == 0
        || dimensions > mostDimensions)
        return damaged(path, fmt::format("it begins with 0x{:08x}, which no IDX file does",
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
    if (header.type != unsignedBytes || shape.size() != wanted)
        return unfit(path, kind, contentName(header.type, header.shape));
    header.shape = std::move(shape);
    return {};
}

tl::unexpected<Error> otherLength(const fs::path &path, std::size_t declared, std::string_view found)
{
    return damaged(path, fmt::format("it declares {} bytes after its header and holds {}", declared, found));
}

struct Idx
{
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;
};

Result<Idx> parseIdx(const DataFile &file, IdxKind kind)
{
    const auto &[path, content] = file;
    auto header = readHeader(path, content, kind);
    if (!header)
        return tl::unexpected(header.error());
    if (const auto fits = fitShape(path, kind, *header); !fits)
        return tl::unexpected(fits.error());
    auto unpacked = firstBytes(path, content, header->size + header->declared + 1);
    if (!unpacked)
        return tl::unexpected(unpacked.error());
    const std::size_t found = unpacked->bytes.size() - header->size;
    if (found != header->declared)
        return otherLength(path, header->declared,
                           found > header->declared ? "more" : fmt::format("{}", found));
    unpacked->bytes.erase(unpacked->bytes.begin(),
                          unpacked->bytes.begin() + static_cast<std::ptrdiff_t>(header->size));
    return Idx{header->shape, std::move(unpacked->bytes)};
}

/// The first megabyte at most.
Result<std::string> beginningOf(const fs::path &path)
{
    std::string beginning;
    const auto read = platform::readParts(path, [&](std::string_view part) {
        beginning = part;
        return false;
    });
    return read.map([&] { return std::move(beginning); });
}

/// Bytes that so many take when gzip finds nothing to save, with room for its header and padding.
constexpr std::uint64_t mostPacked(std::uint64_t bytes)
{
    return bytes + bytes / 1000 + (std::uint64_t{1} << 20);
}

} // namespace

Result<std::vector<std::int64_t>> surveyIdx(const fs::path &path, IdxKind kind)
{
    const auto beginning = beginningOf(path);
    if (!beginning)
        return tl::unexpected(beginning.error());
    const auto facts = platform::look(path);
    if (!facts || !*facts)
        return damaged(path, "it has just gone");
    auto header = readHeader(path, *beginning, kind);
    if (!header)
        return tl::unexpected(header.error());
    if (const auto fits = fitShape(path, kind, *header); !fits)
        return tl::unexpected(fits.error());
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

Result<ImageSet> parseImageSet(const DataFile &images, const DataFile &labels, int classes)
{
    auto pixels = parseIdx(images, IdxKind::Images);
    if (!pixels)
        return tl::unexpected(pixels.error());
    auto digits = parseIdx(labels, IdxKind::Labels);
    if (!digits)
        return tl::unexpected(digits.error());
    if (pixels->shape[0] != digits->shape[0])
        return dataError(
            fmt::format("{} holds {} images, {} holds {} labels; there must be one label an image. Delete "
                        "both and copy the data set again.",
                        platform::quoted(images.path), pixels->shape[0], platform::quoted(labels.path),
                        digits->shape[0]));
    const auto wrong = std::find_if(digits->bytes.begin(), digits->bytes.end(),
                                    [classes](std::uint8_t label) { return label >= classes; });
    if (wrong != digits->bytes.end())
        return damaged(labels.path, fmt::format("label {} of {} is {}, labels go from 0 to {}",
                                                wrong - digits->bytes.begin() + 1, digits->bytes.size(),
                                                *wrong, classes - 1));
    return ImageSet{pixels->shape[0], pixels->shape[1], pixels->shape[2], std::move(pixels->bytes),
                    std::move(digits->bytes)};
}

} // namespace losslab
