#pragma once

#include "lab/parameter.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

/// How an axis writes its numbers. Fractions are kept in files and shown in per cent.
enum class Format {
    Number,
    Percent,
    Epochs, ///< of training; over repeats, how many of them converged takes the place of their mean
};

struct Axis
{
    std::string title;
    Scale scale = Scale::Linear;
    Format format = Format::Number;
    bool whole = false; ///< counts something: no ticks between whole numbers
    /// Fixed ends, where the quantity has some; else the axis follows the data.
    std::optional<double> min = {};
    std::optional<double> max = {};
    /// Of a symmetric logarithmic axis: it is linear from −linearWithin to it. Else the least magnitude of
    /// the data decides, or the eighth decade beneath the greatest.
    std::optional<double> linearWithin = {};
    /// Named ticks (digits, "all") instead of numbers.
    std::vector<std::pair<double, std::string>> ticks = {};
};

/// The x axis of what is measured once an epoch.
inline Axis epochAxis()
{
    return {.title = "Epoch", .whole = true};
}

} // namespace losslab
