#pragma once

#include "lab/event.h"
#include "runs/journalline.h"
#include "runs/journalrules.h"
#include "runs/journalwriter.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// What there is to say of a journal beside its events.
struct JournalEnd
{
    std::uint64_t lines = 0;          ///< that are whole, damaged ones among them
    std::string torn;                 ///< a last line that was cut off; empty where it is whole
    std::vector<std::string> leftOut; ///< sentences: which lines were not taken, or are missing, and why
};

/// A line that was taken.
struct JournalEntry
{
    TaskKey task; ///< of format 1, the run itself
    std::uint64_t number = 0;
    std::optional<Event> event = {}; ///< it is one of these
    std::optional<ModelLine> saved = {};
    std::optional<std::int64_t> endedWith = {}; ///< the repeat is complete, see JournalWriter::writeEnd()
    std::string_view fields = {};               ///< as in journalline.h; of format 1, nothing
};

struct JournalForm
{
    int format = 2;  ///< of run.json; lines have checksums from 2 on
    int repeats = 1; ///< every line's is below
};

/// Takes a journal apart into lines, and hands on what they say. A line that is damaged, out of its place, of
/// a kind that is not known, or that the rules refuse, costs that line alone.
class JournalReader
{
public:
    using Take = std::function<void(const JournalEntry &)>;

    explicit JournalReader(const JournalForm &form, JournalRules *rules = nullptr)
        : m_form(form), m_rules(rules)
    {}

    /// What comes next of the journal; a line may break off at its end, and go on in the next part. False
    /// where no more of it is to be read.
    bool read(std::string_view part, const Take &take);
    /// Of all that was read. A last line without its end is handed back.
    JournalEnd end() const;

private:
    void takeLine(std::string_view line, JournalLines::Length length, const Take &take);
    std::string problemOf(std::string_view line);
    std::string problemOfObject(const std::string &object, std::uint64_t &number);
    std::string placed(std::uint64_t number);
    void leaveOut(const std::string &why);

    struct LeftOut
    {
        std::string why;
        std::uint64_t first = 0;
        std::uint64_t count = 1;
    };

    JournalForm m_form;
    JournalRules *m_rules;
    std::uint64_t m_line = 0;         ///< number of the line at hand
    std::uint64_t m_due = 1;          ///< number that it is to have
    std::uint64_t m_leftOutSince = 0; ///< lines since the last that was taken
    std::uint64_t m_missing = 0;
    std::uint64_t m_missingBefore = 0; ///< this line, for the first time
    JournalEntry m_entry;
    JournalLines m_lines;
    std::vector<LeftOut> m_leftOut;
};

/// Reads metrics.jsonl from begin to end. Data error where the file cannot be read.
Result<JournalEnd> readJournal(const std::filesystem::path &path, const JournalForm &form,
                               const JournalReader::Take &take, JournalRules *rules = nullptr);

} // namespace losslab
