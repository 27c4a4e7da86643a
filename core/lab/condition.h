#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// A setting that something holds for: the parameter has one of these values, as text, or any but these.
struct Condition
{
    std::string parameter;
    std::vector<std::string> values;
    bool isExcept = false;

    bool holds(std::string_view value) const
    {
        return (std::find(values.begin(), values.end(), value) != values.end()) != isExcept;
    }
};

} // namespace losslab
