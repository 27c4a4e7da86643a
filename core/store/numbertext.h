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

/// NaN, Infinity and -Infinity from their names; nothing for any other text.
std::optional<double> numberFromName(std::string_view name);

} // namespace losslab
