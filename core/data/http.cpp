#include "data/http.h"

#include <cstdlib>
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>

namespace losslab {

namespace {

constexpr long slowestBytesPerSecond = 1000;
constexpr int pollMilliseconds = 100;
constexpr long mostRedirects = 8;
constexpr std::size_t longestHead = std::size_t{256} << 10; ///< bytes, of all replies on the way together

struct Cleanup
{
    void operator()(CURL *handle) const { ::curl_easy_cleanup(handle); }
};

/// One request and what has come of it.
class Transfer
{
public:
    Transfer(const HttpRequest &request, HttpReceiver &receiver);
    HttpEnd run();

private:
    static std::size_t write(char *bytes, std::size_t, std::size_t count, void *self);
    static std::size_t countHead(char *, std::size_t, std::size_t count, void *self);
    bool take(std::string_view bytes);
    bool begin();
    bool beginRest();
    CURLcode perform();
    HttpEnd outcome(CURLcode code);
    std::string transportReason(CURLcode code) const;
    bool refuse(HttpEnd::Kind kind, std::string reason = {});
    template <class T>
    T info(CURLINFO what) const;

    const HttpRequest &m_request;
    HttpReceiver &m_receiver;
    std::unique_ptr<CURL, Cleanup> m_handle;
    char m_message[CURL_ERROR_SIZE] = {};
    bool m_begun = false;
    bool m_refused = false;
    HttpEnd m_end;
    std::uint64_t m_have = 0; ///< bytes of the file, with those before the offset
    std::size_t m_head = 0;   ///< bytes before it
};

Transfer::Transfer(const HttpRequest &request, HttpReceiver &receiver)
    : m_request(request), m_receiver(receiver)
{
    static const CURLcode initialised = ::curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised == CURLE_OK)
        m_handle.reset(::curl_easy_init());
    CURL *handle = m_handle.get();
    if (!handle)
        return;
    const auto seconds = [](std::chrono::seconds time) { return static_cast<long>(time.count()); };
    ::curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    ::curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
    ::curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    ::curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
    ::curl_easy_setopt(handle, CURLOPT_MAXREDIRS, mostRedirects);
    ::curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, seconds(request.limits.connect));
    ::curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, slowestBytesPerSecond);
    ::curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, seconds(request.limits.stall));
    ::curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L); // does not wait for a name server when it is ended
    ::curl_easy_setopt(handle, CURLOPT_USERAGENT, "LossLab/" LOSSLAB_VERSION);
    ::curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, m_message);
    ::curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::write);
    ::curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    ::curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Transfer::countHead);
    ::curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
    if (request.offset > 0)
        ::curl_easy_setopt(handle, CURLOPT_RANGE, fmt::format("{}-", request.offset).c_str());
    if (const char *authorities = std::getenv("SSL_CERT_FILE"); authorities && *authorities)
        ::curl_easy_setopt(handle, CURLOPT_CAINFO, authorities);
}

template <class T>
T Transfer::info(CURLINFO what) const
{
    T value{};
    ::curl_easy_getinfo(m_handle.get(), what, &value);
    return value;
}

std::size_t Transfer::write(char *bytes, std::size_t, std::size_t count, void *self)
{
    return static_cast<Transfer *>(self)->take({bytes, count}) ? count : CURL_WRITEFUNC_ERROR;
}

/// libcurl keeps what comes before the file, and a server may send that without end.
std::size_t Transfer::countHead(char *, std::size_t, std::size_t count, void *self)
{
    auto &transfer = *static_cast<Transfer *>(self);
    transfer.m_head += count;
    if (transfer.m_head <= longestHead)
        return count;
    transfer.refuse(HttpEnd::Kind::Failed, "the server’s answer does not come to the file");
    return CURL_WRITEFUNC_ERROR;
}

bool Transfer::refuse(HttpEnd::Kind kind, std::string reason)
{
    m_refused = true;
    m_end = {kind, std::move(reason)};
    return false;
}

bool Transfer::take(std::string_view bytes)
{
    if (!m_begun && !begin())
        return false;
    if (bytes.size() > m_request.size - m_have)
        return refuse(
            HttpEnd::Kind::Failed,
            fmt::format("the server sends more than the {} bytes that the file has", m_request.size));
    if (!m_receiver.take(bytes))
        return refuse(HttpEnd::Kind::Ended);
    m_have += bytes.size();
    return true;
}

/// Looks at the reply's head: is it the file, or the rest of it, or a word about it?
bool Transfer::begin()
{
    m_begun = true;
    const long status = info<long>(CURLINFO_RESPONSE_CODE);
    if (m_request.offset > 0 && status == 416)
        return refuse(HttpEnd::Kind::OtherFile);
    if (status == 404 || status == 410)
        return refuse(HttpEnd::Kind::Failed,
                      fmt::format("the server does not have the file any more ({})", status));
    if (status != 200 && (status != 206 || m_request.offset == 0))
        return refuse(HttpEnd::Kind::Failed, fmt::format("the server answers with status {}", status));
    const char *type = info<const char *>(CURLINFO_CONTENT_TYPE);
    if (type && std::string_view(type).starts_with("text/html"))
        return refuse(HttpEnd::Kind::Failed,
                      "a web page came instead of the file; the network may want you to sign in first, in a "
                      "browser");
    if (status == 206)
        return beginRest();
    const auto length = info<curl_off_t>(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    if (length >= 0 && static_cast<std::uint64_t>(length) != m_request.size)
        return refuse(HttpEnd::Kind::Failed,
                      fmt::format("the server's file has {} bytes, not {}", length, m_request.size));
    return m_receiver.begin(0) || refuse(HttpEnd::Kind::Ended);
}

/// Content-Range: bytes 100-199/200
bool Transfer::beginRest()
{
    curl_header *header = nullptr;
    std::string expected =
        fmt::format("bytes {}-{}/{}", m_request.offset, m_request.size - 1, m_request.size);
    if (::curl_easy_header(m_handle.get(), "Content-Range", 0, CURLH_HEADER, -1, &header) != CURLHE_OK
        || header->value != expected)
        return refuse(HttpEnd::Kind::OtherFile);
    m_have = m_request.offset;
    return m_receiver.begin(m_request.offset) || refuse(HttpEnd::Kind::Ended);
}

/// As curl_easy_perform() does, but asks more often whether to go on.
CURLcode Transfer::perform()
{
    const std::unique_ptr<CURLM, decltype(&::curl_multi_cleanup)> multi(::curl_multi_init(),
                                                                        &::curl_multi_cleanup);
    ::curl_multi_add_handle(multi.get(), m_handle.get());
    CURLcode code = CURLE_OK;
    CURLMcode state = CURLM_OK;
    for (int running = 1; running > 0 && state == CURLM_OK;) {
        if (!m_receiver.isWanted()) {
            refuse(HttpEnd::Kind::Ended);
            break;
        }
        state = ::curl_multi_perform(multi.get(), &running);
        if (state == CURLM_OK && running > 0)
            state = ::curl_multi_poll(multi.get(), nullptr, 0, pollMilliseconds, nullptr);
        int left = 0;
        if (const CURLMsg *message = ::curl_multi_info_read(multi.get(), &left))
            code = message->data.result;
    }
    if (state != CURLM_OK)
        code = CURLE_FAILED_INIT;
    ::curl_multi_remove_handle(multi.get(), m_handle.get());
    return code;
}

HttpEnd Transfer::run()
{
    if (!m_handle)
        return {HttpEnd::Kind::Failed, "libcurl cannot be used"};
    const CURLcode code = perform();
    if (m_refused)
        return m_end;
    return outcome(code);
}

HttpEnd Transfer::outcome(CURLcode code)
{
    if (code == CURLE_OK && !m_begun && !begin()) // a reply without a body
        return m_end;
    if (code == CURLE_OK && m_have == m_request.size)
        return {HttpEnd::Kind::Complete};
    const bool someCame = m_begun && m_have > 0;
    if (code == CURLE_OPERATION_TIMEDOUT && someCame)
        return {HttpEnd::Kind::Broken,
                fmt::format("the server stopped sending after {} of {} bytes", m_have, m_request.size)};
    if (code == CURLE_OK || someCame)
        return {HttpEnd::Kind::Broken,
                fmt::format("the connection broke off after {} of {} bytes", m_have, m_request.size)};
    return {HttpEnd::Kind::Failed, transportReason(code)};
}

std::string Transfer::transportReason(CURLcode code) const
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "there is no network, or no name server that knows the address";
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "the name of the proxy in $https_proxy cannot be found";
    case CURLE_COULDNT_CONNECT:
        return "no connection can be made to the server";
    case CURLE_OPERATION_TIMEDOUT:
        return "the server does not answer";
    case CURLE_GOT_NOTHING:
        return "the server ended the connection without an answer";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "the server's certificate cannot be trusted; the network may want you to sign in first, in a "
               "browser, "
               "or "
               "the clock may be wrong";
    case CURLE_UNSUPPORTED_PROTOCOL:
        return "the server redirects to an address without https, which is refused";
    case CURLE_TOO_MANY_REDIRECTS:
        return "the server redirects in circles";
    default:
        return *m_message ? m_message : ::curl_easy_strerror(code);
    }
}

} // namespace

HttpEnd httpGet(const HttpRequest &request, HttpReceiver &receiver)
{
    return Transfer(request, receiver).run();
}

} // namespace losslab
