#include "library/runnotes.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "base/text.h"
#include "lab/jsonfields.h"

#include <algorithm>
#include <fmt/format.h>

namespace losslab {

namespace {

constexpr int formatVersion = 1;
constexpr std::uint64_t largestNotes = std::uint64_t{1} << 20; ///< bytes

/// In words what is wrong; empty where nothing is.
std::string problemOf(const RunNotes &notes)
{
    if (notes.name.size() > longestRunName)
        return fmt::format("a run's name has at most {} letters", longestRunName);
    if (!isPlain(notes.name))
        return "a run's name is one line of plain text";
    if (notes.note.size() > longestNote)
        return fmt::format("a run's note has at most {} KiB", longestNote >> 10);
    if (plainText(notes.note) != notes.note)
        return "a run's note is plain text";
    if (notes.tags.size() > mostTags)
        return fmt::format("a run has at most {} tags", mostTags);
    for (const std::string &tag : notes.tags)
        if (tag.size() > longestTag || !isPlain(tag) || tagsIn(tag) != std::vector{tag})
            return fmt::format("a tag is one word of at most {} letters, without a comma", longestTag);
    return {};
}

} // namespace

std::filesystem::path notesFile(const std::filesystem::path &run)
{
    return run / "notes.json";
}

std::vector<std::string> tagsIn(std::string_view text)
{
    std::vector<std::string> tags;
    std::string spaced(text);
    std::replace_if(
        spaced.begin(), spaced.end(), [](char c) { return c == ',' || c == '\t' || c == '\n'; }, ' ');
    for (const std::string_view tag : splitAt(spaced, ' '))
        if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end())
            tags.emplace_back(tag);
    return tags;
}

Result<RunNotes> readRunNotes(const std::filesystem::path &run)
{
    const std::filesystem::path file = notesFile(run);
    const auto there = platform::look(file);
    if (!there)
        return tl::unexpected(there.error());
    if (!*there)
        return RunNotes();
    const auto text = platform::readFile(file, largestNotes);
    if (!text)
        return tl::unexpected(text.error());
    const ParsedJson json = parseJson(*text);
    JsonFields fields(json);
    int format = 0;
    RunNotes notes;
    fields.read("format", format);
    if (fields.problem().empty() && format > formatVersion)
        return dataError(
            fmt::format("{} was written by a newer LossLab. Update this one.", platform::quoted(file)));
    fields.read("name", notes.name);
    fields.read("note", notes.note);
    fields.read("tags", notes.tags);
    fields.read("starred", notes.starred);
    if (fields.problem().empty())
        fields.refuse(problemOf(notes));
    if (!fields.problem().empty())
        return dataError(fmt::format("{} cannot be read: {} Delete it to note on the run anew.",
                                     platform::quoted(file), fields.ended()));
    return notes;
}

Result<void> writeRunNotes(const std::filesystem::path &run, const RunNotes &notes)
{
    if (std::string problem = problemOf(notes); !problem.empty()) {
        problem.front() = 'A'; // of a sentence
        return usageError(problem + '.');
    }
    const std::filesystem::path file = notesFile(run);
    if (notes == RunNotes())
        return platform::removeFile(file);
    const Json json{{"format", formatVersion},
                    {"name", notes.name},
                    {"note", notes.note},
                    {"tags", notes.tags},
                    {"starred", notes.starred}};
    return platform::writeFileAtomically(file, json.dump(2) + '\n');
}

} // namespace losslab
