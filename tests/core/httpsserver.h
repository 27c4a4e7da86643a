#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace losslab::test {

/// One request and the connection that it came by.
class Exchange
{
public:
    std::string path;                           ///< "/train-images-idx3-ubyte.gz"
    std::map<std::string, std::string> headers; ///< names in small letters

    bool send(std::string_view bytes); ///< false once the other side has gone
    /// The head of a reply and, where there is one, its body; "Content-Length" is the body's.
    bool reply(std::string_view status, std::string_view body, std::string_view moreHeaders = {});
    /// A file as servers send it: the rest of it where a Range asks for that.
    bool replyFile(std::string_view content);
    /// Until the other side goes, or the server ends.
    void waitForTheEnd();
    /// First byte asked for; 0 without a Range.
    std::size_t rangeStart() const;

private:
    friend class HttpsServer;
    bool read();
    ssl_st *m_ssl = nullptr;
};

/// A server on this machine alone, with a certificate made for the occasion, which $SSL_CERT_FILE names as
/// long as the server lives. A connection carries one exchange, on a thread of its own.
class HttpsServer
{
public:
    using Handler = std::function<void(Exchange &)>;

    explicit HttpsServer(Handler handler);
    ~HttpsServer();
    HttpsServer(const HttpsServer &) = delete;
    HttpsServer &operator=(const HttpsServer &) = delete;

    std::string url() const; ///< "https://127.0.0.1:40123/"
    /// How many requests there were for a path.
    int requests(const std::string &path) const;

private:
    void makeCertificate();
    void accept();
    void serve(int socket);

    Handler m_handler;
    std::string m_certificateFile;
    ssl_ctx_st *m_context = nullptr;
    int m_listener = -1;
    int m_port = 0;
    mutable std::mutex m_mutex;
    std::map<std::string, int> m_requests;
    std::vector<int> m_sockets;
    std::vector<std::thread> m_threads;
    std::thread m_acceptor;
};

} // namespace losslab::test
