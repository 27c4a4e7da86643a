#include "httpsserver.h"

#include <QDir>
#include <QTemporaryFile>
#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <csignal>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

namespace losslab::test {

bool Exchange::send(std::string_view bytes)
{
    return bytes.empty() || ::SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

bool Exchange::reply(std::string_view status, std::string_view body, std::string_view moreHeaders)
{
    std::ostringstream head;
    head << "HTTP/1.1 " << status << "\r\nContent-Length: " << body.size() << "\r\nConnection: close\r\n"
         << moreHeaders << "\r\n";
    return send(head.str()) && send(body);
}

bool Exchange::replyFile(std::string_view content)
{
    const std::size_t start = rangeStart();
    if (start == 0)
        return reply("200 OK", content);
    if (start >= content.size())
        return reply("416 Range Not Satisfiable", {});
    std::ostringstream range;
    range << "Content-Range: bytes " << start << "-" << content.size() - 1 << "/" << content.size() << "\r\n";
    return reply("206 Partial Content", content.substr(start), range.str());
}

void Exchange::waitForTheEnd()
{
    char byte = 0;
    while (::SSL_read(m_ssl, &byte, 1) > 0) {
    }
}

std::size_t Exchange::rangeStart() const
{
    const auto range = headers.find("range");
    return range == headers.end() ? 0 : std::stoul(range->second.substr(range->second.find('=') + 1));
}

bool Exchange::read()
{
    std::string text;
    char byte = 0;
    while (!text.ends_with("\r\n\r\n")) {
        if (::SSL_read(m_ssl, &byte, 1) <= 0)
            return false;
        text += byte;
    }
    std::istringstream lines(text);
    std::string method;
    lines >> method >> path;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos)
            continue;
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        headers[name] = line.substr(colon + 2, line.find('\r') - colon - 2);
    }
    return true;
}

HttpsServer::HttpsServer(Handler handler) : m_handler(std::move(handler))
{
    std::signal(SIGPIPE, SIG_IGN); // a client may go while it is written to
    makeCertificate();
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *plain = reinterpret_cast<sockaddr *>(&address);
    if (::bind(m_listener, plain, size) != 0 || ::listen(m_listener, 16) != 0
        || ::getsockname(m_listener, plain, &size) != 0)
        qFatal("No port to listen on");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
}

HttpsServer::~HttpsServer()
{
    ::shutdown(m_listener, SHUT_RDWR);
    m_acceptor.join();
    {
        const std::lock_guard lock(m_mutex);
        for (const int socket : m_sockets)
            ::shutdown(socket, SHUT_RDWR);
    }
    for (std::thread &thread : m_threads)
        thread.join();
    for (const int socket : m_sockets)
        ::close(socket);
    ::close(m_listener);
    ::SSL_CTX_free(m_context);
    QFile::remove(QString::fromStdString(m_certificateFile));
    qunsetenv("SSL_CERT_FILE");
}

std::string HttpsServer::url() const
{
    return "https://127.0.0.1:" + std::to_string(m_port) + "/";
}

int HttpsServer::requests(const std::string &path) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_requests.find(path);
    return found == m_requests.end() ? 0 : found->second;
}

/// Signed with its own key, for 127.0.0.1, for an hour.
void HttpsServer::makeCertificate()
{
    EVP_PKEY *key = ::EVP_EC_gen("P-256");
    X509 *certificate = ::X509_new();
    ::X509_set_version(certificate, X509_VERSION_3);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), 1);
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate), -3600);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate), 3600);
    ::X509_set_pubkey(certificate, key);
    X509_NAME *name = ::X509_get_subject_name(certificate);
    ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char *>("LossLab test"), -1, -1, 0);
    ::X509_set_issuer_name(certificate, name);
    for (const auto &[kind, value] : {std::pair(NID_subject_alt_name, "IP:127.0.0.1"),
                                      std::pair(NID_basic_constraints, "critical,CA:TRUE")})
    {
        X509_EXTENSION *extension = ::X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
        ::X509_add_ext(certificate, extension, -1);
        ::X509_EXTENSION_free(extension);
    }
    ::X509_sign(certificate, key, ::EVP_sha256());

    QTemporaryFile file(QDir::tempPath() + QStringLiteral("/losslab-test-XXXXXX.pem"));
    file.setAutoRemove(false);
    if (!file.open())
        qFatal("No place for a certificate");
    m_certificateFile = file.fileName().toStdString();
    std::FILE *stream = std::fopen(m_certificateFile.c_str(), "w");
    ::PEM_write_X509(stream, certificate);
    std::fclose(stream);
    qputenv("SSL_CERT_FILE", file.fileName().toUtf8());

    m_context = ::SSL_CTX_new(::TLS_server_method());
    ::SSL_CTX_use_certificate(m_context, certificate);
    ::SSL_CTX_use_PrivateKey(m_context, key);
    ::X509_free(certificate);
    ::EVP_PKEY_free(key);
}

void HttpsServer::accept()
{
    for (;;) {
        const int socket = ::accept(m_listener, nullptr, nullptr);
        if (socket < 0)
            return;
        const std::lock_guard lock(m_mutex);
        m_sockets.push_back(socket);
        m_threads.emplace_back([this, socket] { serve(socket); });
    }
}

void HttpsServer::serve(int socket)
{
    SSL *ssl = ::SSL_new(m_context);
    ::SSL_set_fd(ssl, socket);
    Exchange exchange;
    exchange.m_ssl = ssl;
    if (::SSL_accept(ssl) > 0 && exchange.read()) {
        {
            const std::lock_guard lock(m_mutex);
            ++m_requests[exchange.path];
        }
        m_handler(exchange);
        ::SSL_shutdown(ssl);
    }
    ::SSL_free(ssl);
    ::shutdown(socket, SHUT_RDWR);
}

} // namespace losslab::test
