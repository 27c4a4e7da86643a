#include "base/names.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <numeric>

namespace losslab {

namespace {

/// Levenshtein's edit distance.
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row.back();
}

} // namespace

std::string notOneOf(std::string_view typed, const std::vector<std::string> &names)
{
    const std::string near = nearestName(typed, names);
    return fmt::format("one of {}, not “{}”.{}", fmt::join(names, ", "), typed,
                       near.empty() ? "" : fmt::format(" Did you mean {}?", near));
}

std::string nearestName(std::string_view typed, const std::vector<std::string> &candidates)
{
    constexpr std::size_t beginning = 3; // of an option those are its hyphens and a letter
    std::string nearest;
    bool isBegun = false;
    std::size_t best = std::max<std::size_t>(typed.size() / 2, 2) + 1;
    for (const std::string &candidate : candidates) {
        const bool begins = typed.size() >= beginning && candidate.starts_with(typed);
        const std::size_t distance = editDistance(typed, candidate);
        if (begins == isBegun ? distance < best : begins) {
            isBegun = begins;
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace losslab
