#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace losslab {

/// The shortest text that reads back to the same double, with a decimal point whatever the locale: "0.1",
/// "4", "-0.0"; "NaN", "Infinity" and "-Infinity" for the values JSON has no number for.
std::string numberText(double value);

/// A count for people: "1,240". Not negative.
std::string countText(std::int64_t count);

/// "10,000" for 10000; numbers with a fraction, and huge ones, as they are.
std::string groupedText(double number);

/// Whether the commas of a number that was typed part thousands, or may: "1,000,000" and "-1,000" do, "1,5"
/// and "0,500" do not.
bool isGrouped(std::string_view typed);

/// NaN, Infinity and -Infinity from their names; nothing for any other text.
std::optional<double> numberFromName(std::string_view name);

} // namespace losslab
