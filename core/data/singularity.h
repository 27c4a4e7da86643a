#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace losslab {

/// A place where a function cannot be learned.
struct Singularity
{
    enum class Kind {
        NoValue, ///< a stretch where it is not a number
        Pole,    ///< it grows without limit, as 1/x or log |x| at 0
    };

    double x = 0;
    Kind kind = Kind::Pole;
};

/// Looks between the samples x (ascending) of a function that has finite values at all of them: a curve drawn
/// through these would hide a pole or a gap that lies between two. Single points without a value, as of
/// sin(x)/x at 0, are none. Evaluates the function some ten thousand times.
std::optional<Singularity> findSingularity(const std::function<double(double)> &function,
                                           const std::vector<double> &x);

} // namespace losslab
