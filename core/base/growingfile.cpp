#include "base/growingfile.h"

#include "base/platformdetail.h"

#include <sys/stat.h>

namespace losslab::platform {

namespace fs = std::filesystem;
using namespace detail;

Result<void> GrowingFile::read(std::string &part, std::size_t most)
{
    part.resize(most);
    ssize_t got = 0;
    do
        got = ::read(m_descriptor.value(), part.data(), most);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return failure("read", m_path, errno);
    part.resize(static_cast<std::size_t>(got));
    m_read += part.size();
    return {};
}

bool GrowingFile::isReplaced() const
{
    struct stat here
    {
    }, there{};
    return ::fstat(m_descriptor.value(), &here) != 0 || ::stat(m_path.c_str(), &there) != 0
           || there.st_dev != here.st_dev || there.st_ino != here.st_ino
           || static_cast<std::uint64_t>(here.st_size) < m_read;
}

} // namespace losslab::platform
