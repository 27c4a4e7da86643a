#pragma once

#include <optional>
#include <string>
#include <vector>

namespace losslab {

/// What the files of a data set do not say themselves of its images.
struct ImageFacts
{
    std::vector<std::string> classes = {}; ///< their names, in the order of the labels; empty: not known
    int firstLabel = 0;                    ///< in the files; read as 0
    bool transposed = false;               ///< in the files rows are columns; read upright

    /// How many; nothing where only the labels tell.
    std::optional<int> classCount() const
    {
        return classes.empty() ? std::nullopt : std::optional(static_cast<int>(classes.size()));
    }
};

} // namespace losslab
