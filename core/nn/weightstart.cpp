#include "nn/weightstart.h"

#include "base/names.h"

#include <string>
#include <vector>

namespace losslab {

std::string_view weightStartName(WeightStart start)
{
    switch (start) {
    case WeightStart::XavierUniform:
        return "xavier-uniform";
    case WeightStart::XavierNormal:
        return "xavier-normal";
    case WeightStart::HeUniform:
        return "he-uniform";
    case WeightStart::HeNormal:
        return "he-normal";
    case WeightStart::Standard:
        break;
    }
    return "standard";
}

std::string_view weightStartTitle(WeightStart start)
{
    switch (start) {
    case WeightStart::XavierUniform:
        return "Xavier, uniform";
    case WeightStart::XavierNormal:
        return "Xavier, normal";
    case WeightStart::HeUniform:
        return "He, uniform";
    case WeightStart::HeNormal:
        return "He, normal";
    case WeightStart::Standard:
        break;
    }
    return "PyTorch's";
}

Result<WeightStart> weightStartFromName(std::string_view name)
{
    std::vector<std::string> names;
    for (const WeightStart start : allWeightStarts) {
        if (name == weightStartName(start))
            return start;
        names.emplace_back(weightStartName(start));
    }
    return usageError("A start of weights is " + notOneOf(name, names));
}

} // namespace losslab
