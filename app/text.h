#pragma once

#include "base/result.h"
#include "base/text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace losslab::app {

/// Rows in aligned columns two spaces apart, each ended by a line break; the first row is the heading.
std::string alignedRows(const std::vector<std::vector<std::string>> &rows);

/// As a word of a command line to be copied: in quotation marks where a shell would take it apart.
std::string shellWord(const std::string &text);

std::vector<std::string> splitAtCommas(std::string_view text);
/// What was given to an option as a whole number within [min, max], else a usage error that names the option.
Result<std::uint64_t> parseWhole(std::string_view option, std::string_view text, std::uint64_t min,
                                 std::uint64_t max);

} // namespace losslab::app
