#include "base/sha256.h"

#include "base/platform.h"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <openssl/evp.h>

namespace losslab {

namespace {

/// What is hashed part by part.
class Hash
{
public:
    Hash() : m_context(::EVP_MD_CTX_new(), &::EVP_MD_CTX_free)
    {
        ::EVP_DigestInit_ex(m_context.get(), ::EVP_sha256(), nullptr);
    }

    void add(std::string_view part) { ::EVP_DigestUpdate(m_context.get(), part.data(), part.size()); }
    std::string digits()
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        ::EVP_DigestFinal_ex(m_context.get(), digest.data(), &size);
        return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ""));
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> m_context;
};

} // namespace

std::string sha256(std::string_view content)
{
    Hash hash;
    hash.add(content);
    return hash.digits();
}

Result<std::string> sha256OfFile(const std::filesystem::path &path)
{
    Hash hash;
    const auto read = platform::readParts(path, [&](std::string_view part) {
        hash.add(part);
        return true;
    });
    return read.map([&] { return hash.digits(); });
}

bool isSha256(std::string_view text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace losslab
