#include "runs/journaltail.h"

#include <algorithm>

namespace losslab {

namespace {

constexpr std::size_t partSize = std::size_t{1} << 20; ///< bytes that are read at once

} // namespace

Result<std::unique_ptr<JournalTail>> JournalTail::open(const std::filesystem::path &path,
                                                       const JournalForm &form, JournalRules rules)
{
    auto file = platform::GrowingFile::open(path);
    if (!file)
        return tl::unexpected(file.error());
    return std::unique_ptr<JournalTail>(new JournalTail(std::move(*file), form, std::move(rules)));
}

Result<bool> JournalTail::readOn(const JournalReader::Take &take, std::size_t atMost)
{
    while (atMost > 0) {
        const auto read = m_file.read(m_part, std::min(atMost, partSize));
        if (!read)
            return tl::unexpected(read.error());
        if (m_part.empty())
            return false;
        if (!m_reader.read(m_part, take))
            return false;
        atMost -= m_part.size();
    }
    return true;
}

} // namespace losslab
