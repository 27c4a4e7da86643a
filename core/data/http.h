#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace losslab {

/// When a server that does not answer is given up.
struct HttpLimits
{
    std::chrono::seconds connect{8}; ///< for name, connection and encryption
    std::chrono::seconds stall{20};  ///< with less than a kilobyte a second
};

/// A file on a server, or the rest of it.
struct HttpRequest
{
    std::string url;          ///< https alone, and so wherever it redirects to
    std::uint64_t offset = 0; ///< bytes that are there already
    std::uint64_t size = 0;   ///< of the whole file: a reply that tells or brings more is refused
    HttpLimits limits;
};

/// What takes the file as it comes. Whichever answers false ends the transfer.
class HttpReceiver
{
public:
    virtual ~HttpReceiver() = default;
    /// Before the first byte: what comes begins at `offset`, the request's, or 0 where the server sends all.
    virtual bool begin(std::uint64_t offset) = 0;
    virtual bool take(std::string_view bytes) = 0;
    /// Asked several times a second, also while nothing comes.
    virtual bool isWanted() = 0;
};

struct HttpEnd
{
    enum class Kind {
        Complete,  ///< all of the file is there
        Ended,     ///< by the receiver
        OtherFile, ///< the server's file is not the one that the bytes before `offset` are of
        Broken,    ///< the connection broke off or stalled after some bytes: asking for the rest may help
        Failed,
    };

    Kind kind = Kind::Failed;
    std::string reason = {}; ///< of the last two: "the server does not answer"
};

/// Fetches it, on the calling thread. Proxies are taken from the environment ($https_proxy, …), authorities
/// to trust from $SSL_CERT_FILE where that is set.
HttpEnd httpGet(const HttpRequest &request, HttpReceiver &receiver);

} // namespace losslab
