#pragma once

#include "base/growingfile.h"
#include "runs/journalreader.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace losslab {

/// Reads a journal on from where it was read to, as often as one likes: another program may be writing it.
class JournalTail
{
public:
    /// Data error where the file cannot be read.
    static Result<std::unique_ptr<JournalTail>> open(const std::filesystem::path &path,
                                                     const JournalForm &form, JournalRules rules);
    JournalTail(const JournalTail &) = delete;
    JournalTail &operator=(const JournalTail &) = delete;

    /// Hands over the lines that have come, of about so many bytes at most. False where nothing was left to
    /// read. Data error where the file cannot be read.
    Result<bool> readOn(const JournalReader::Take &take, std::size_t atMost);
    /// Whether another file is in its place by now, or none, or it was cut: what was read no longer holds.
    bool isReplaced() const { return m_file.isReplaced(); }
    JournalEnd end() const { return m_reader.end(); }

private:
    JournalTail(platform::GrowingFile file, const JournalForm &form, JournalRules rules)
        : m_file(std::move(file)), m_rules(std::move(rules)), m_reader(form, &m_rules)
    {}

    platform::GrowingFile m_file;
    JournalRules m_rules;
    JournalReader m_reader;
    std::string m_part;
};

} // namespace losslab
