#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// "one of a, b, c, not “x”. Did you mean b?": the end of a sentence that refuses a name.
std::string notOneOf(std::string_view typed, const std::vector<std::string> &names);

/// The nearest of the candidates to what was typed, by edit distance; of those, if any, that begin with it.
/// Empty if none is near.
std::string nearestName(std::string_view typed, const std::vector<std::string> &candidates);

} // namespace losslab
