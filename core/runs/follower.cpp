#include "runs/follower.h"

#include "base/platform.h"
#include "runs/journaltail.h"
#include "runs/runjson.h"

#include <algorithm>

namespace losslab {

namespace {

constexpr std::size_t mostAtOnce = std::size_t{4} << 20; ///< bytes, so that a window stays quick

} // namespace

Follower::Follower(const RunRecord &record)
    : m_folder(record.folder), m_journal(record.journal), m_told(record.unread)
{}

Result<Follower::News> Follower::poll()
{
    const std::filesystem::path journal = m_folder / "metrics.jsonl";
    const bool isWritten = platform::isBeingAppended(journal); // before reading: then all is there
    News news;
    if (m_journal->isReplaced()) {
        news.isReplaced = true;
        return news;
    }
    const auto more = m_journal->readOn(
        [&](const JournalEntry &entry) {
            if (entry.event)
                news.events.push_back(*entry.event);
        },
        mostAtOnce);
    if (!more)
        return tl::unexpected(more.error());
    if (isWritten || *more)
        return news;
    auto end = readRunJson(m_folder / "run.json");
    if (!end)
        return tl::unexpected(end.error());
    end->folder = m_folder;
    end->interrupted = end->state == RunState::Running;
    if (end->interrupted && platform::isBeingAppended(journal))
        return news; // someone goes on with it
    noteEnd(*end, m_journal->end());
    for (const NoteEvent &note : end->data.notes())
        if (std::find(m_told.begin(), m_told.end(), note.text) == m_told.end())
            news.events.emplace_back(note);
    for (const auto &[model, facts] : end->facts.models)
        news.events.emplace_back(TrainingEvent{model, facts});
    if (!end->interrupted)
        news.events.emplace_back(StateEvent{end->state, end->message});
    news.end = std::move(*end);
    return news;
}

} // namespace losslab
