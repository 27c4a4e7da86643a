#pragma once

#include "base/result.h"
#include "lab/event.h"
#include "runs/runrecord.h"

#include <memory>
#include <optional>
#include <vector>

namespace losslab {

/// Watches a run that another program writes. Any number may; none is in the writer's way.
class Follower
{
public:
    /// Of a run that was being written when it was read; goes on from there.
    explicit Follower(const RunRecord &record);

    struct News
    {
        std::vector<Event>
            events; ///< in the order of the journal; the last of a run that has ended: its state
        /// What was read no longer holds, for the run was gone on with from an earlier checkpoint, or its
        /// folder is another one: read it anew.
        bool isReplaced = false;
        /// No program writes it any more: how the run stands, without its points. It has ended, or was
        /// interrupted.
        std::optional<RunRecord> end = {};
    };
    /// What has come since the last call; never waits. Data error: the folder cannot be read.
    Result<News> poll();

private:
    std::filesystem::path m_folder;
    std::shared_ptr<JournalTail> m_journal;
    std::vector<std::string> m_told; ///< sentences: what could not be read of it
};

} // namespace losslab
