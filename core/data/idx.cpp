#include "data/idx.h"

#include "store/platform.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <numeric>
#include <zlib.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t imagesMagic = 0x00000803; // unsigned bytes in three dimensions
constexpr std::uint32_t labelsMagic = 0x00000801; // … in one
constexpr std::size_t wordSize = 4;
constexpr std::uint64_t largestContent = std::uint64_t{2} << 30;
constexpr std::string_view gzipMagic = "\x1f\x8b";

tl::unexpected<Error> damaged(const fs::path &path, std::string_view what)
{
    return dataError(fmt::format("The data file {} is damaged: {}. Delete it and copy the data set again.",
                                 platform::quoted(path), what));
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
        content.whole = result == Z_STREAM_END;
    }
    if (content.whole && inflater.unread() > 0)
        return damaged(path, fmt::format("{} bytes follow the end of its gzip stream", inflater.unread()));
    return content;
}

Result<Content> firstBytes(const fs::path &path, std::string_view file, std::size_t limit)
{
    if (path.extension() == ".gz")
        return unpack(path, file, limit);
    const std::string_view part = file.substr(0, limit);
    return Content{{part.begin(), part.end()}, part.size() == file.size()};
}

std::uint32_t bigEndian(const std::uint8_t *bytes)
{
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8
           | bytes[3];
}

struct Idx
{
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;
};

/// Sizes as the header has them, checked: none zero, and together not absurd.
Result<std::vector<std::int64_t>> readShape(const fs::path &path, std::string_view file, std::uint32_t magic)
{
    const std::size_t dimensions = magic & 0xff;
    const std::size_t headerSize = wordSize * (1 + dimensions);
    const auto header = firstBytes(path, file, headerSize);
    if (!header)
        return tl::unexpected(header.error());
    if (header->bytes.size() < headerSize)
        return damaged(path, fmt::format("it holds {} bytes, its header alone has {}", header->bytes.size(),
                                         headerSize));
    if (const std::uint32_t found = bigEndian(header->bytes.data()); found != magic)
        return damaged(path, fmt::format("it begins with the magic number 0x{:08x}, {} begin with 0x{:08x}",
                                         found, magic == imagesMagic ? "images" : "labels", magic));

    std::vector<std::int64_t> shape;
    std::uint64_t total = 1;
    for (std::size_t i = 1; i <= dimensions; ++i) {
        const std::uint32_t size = bigEndian(header->bytes.data() + wordSize * i);
        shape.push_back(size);
        total = size != 0 && total > largestContent / size ? largestContent + 1 : total * size;
    }
    const std::string sizes = fmt::format("{}", fmt::join(shape, " × "));
    if (total == 0)
        return damaged(path, fmt::format("it declares {} bytes, that is none", sizes));
    if (total > largestContent)
        return damaged(path,
                       fmt::format("it declares {} bytes, more than the 2 GiB a data file may hold", sizes));
    return shape;
}

Result<Idx> parseIdx(const DataFile &file, std::uint32_t magic)
{
    const auto &[path, content] = file;
    if (content.size() > largestContent)
        return damaged(
            path, fmt::format("it has {} bytes, more than the 2 GiB a data file may have", content.size()));
    if (path.extension() == ".gz" && !content.starts_with(gzipMagic))
        return damaged(path, "it does not begin as a gzip file does");

    const auto shape = readShape(path, content, magic);
    if (!shape)
        return tl::unexpected(shape.error());
    const auto declared = static_cast<std::size_t>(
        std::accumulate(shape->begin(), shape->end(), std::int64_t{1}, std::multiplies<>()));
    const std::size_t headerSize = wordSize * (1 + shape->size());
    auto unpacked = firstBytes(path, content, headerSize + declared + 1);
    if (!unpacked)
        return tl::unexpected(unpacked.error());
    const std::size_t found = unpacked->bytes.size() - headerSize;
    if (found > declared)
        return damaged(path, fmt::format("it declares {} bytes after its header and holds more", declared));
    if (found < declared)
        return damaged(path,
                       fmt::format("it declares {} bytes after its header and holds {}", declared, found));
    unpacked->bytes.erase(unpacked->bytes.begin(),
                          unpacked->bytes.begin() + static_cast<std::ptrdiff_t>(headerSize));
    return Idx{*shape, std::move(unpacked->bytes)};
}

} // namespace

Result<ImageSet> parseImageSet(const DataFile &images, const DataFile &labels, int classes)
{
    auto pixels = parseIdx(images, imagesMagic);
    if (!pixels)
        return tl::unexpected(pixels.error());
    auto digits = parseIdx(labels, labelsMagic);
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
