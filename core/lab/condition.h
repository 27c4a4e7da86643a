#pragma once

#include <string>
#include <vector>

namespace losslab {

/// A setting that something holds for: the parameter has one of these values, as text.
struct Condition
{
    std::string parameter;
    std::vector<std::string> values;
};

} // namespace losslab
