#pragma once

#include <string_view>

namespace losslab {

/// Whether the commas of a number part thousands, or may: "1,000,000" and "-1,000" do, "1,5" and "0,500" do
/// not.
bool isGrouped(std::string_view typed);

} // namespace losslab
