#include "data/gunzip.h"

#include "base/platform.h"

#include <algorithm>
#include <fmt/format.h>
#include <zlib.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

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
    std::vector<std::uint8_t> &bytes = content.bytes;
    std::size_t filled = 0;
    while (!content.whole && filled < limit) {
        if (filled == bytes.size()) // and no sooner: a file may have thousands of small streams
            bytes.resize(filled + std::min(chunk, limit - filled));
        const int result = inflater.fill(bytes.data() + filled, bytes.size() - filled);
        if (result == Z_BUF_ERROR)
            return damagedFile(path,
                               fmt::format("its gzip stream breaks off after {} bytes", compressed.size()));
        if (result != Z_OK && result != Z_STREAM_END)
            return damagedFile(path, fmt::format("its gzip stream is broken ({})", inflater.message()));
        filled = bytes.size() - inflater.unfilled();
        content.whole = result == Z_STREAM_END && !inflater.nextStream();
    }
    bytes.resize(filled);
    if (content.whole && inflater.unread() > 0)
        return damagedFile(path,
                           fmt::format("{} bytes follow the end of its gzip stream", inflater.unread()));
    return content;
}

} // namespace

Result<Content> firstBytes(const fs::path &path, std::string_view file, std::size_t limit)
{
    if (file.starts_with(gzipMagic))
        return unpack(path, file, limit);
    const std::string_view part = file.substr(0, limit);
    return Content{{part.begin(), part.end()}, part.size() == file.size()};
}

tl::unexpected<Error> damagedFile(const fs::path &path, std::string_view what)
{
    return dataError(fmt::format("The data file {} is damaged: {}. Delete it and copy the data set again.",
                                 platform::quoted(path), what));
}

} // namespace losslab
