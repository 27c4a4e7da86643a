#pragma once

#include <string>
#include <zlib.h>

namespace losslab::test {

/// A gzip stream of `text`, then of so many mebibytes of zeros.
inline std::string gzip(const std::string &text, int mebibytesOfZeros = 0)
{
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed, part(1 << 20, '\0');
    const auto put = [&](const std::string &input, int flush) {
        stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(input.data()));
        stream.avail_in = static_cast<uInt>(input.size());
        do {
            stream.next_out = reinterpret_cast<Bytef *>(part.data());
            stream.avail_out = static_cast<uInt>(part.size());
            deflate(&stream, flush);
            packed.append(part, 0, part.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    };
    put(text, Z_NO_FLUSH);
    const std::string zeros(1 << 20, '\0');
    for (int i = 0; i < mebibytesOfZeros; ++i)
        put(zeros, Z_NO_FLUSH);
    put({}, Z_FINISH);
    deflateEnd(&stream);
    return packed;
}

} // namespace losslab::test
