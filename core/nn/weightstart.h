#pragma once

#include "base/result.h"

#include <array>
#include <string_view>

namespace losslab {

/// How weights are drawn before training. Biases are drawn as Standard has them.
enum class WeightStart {
    Standard,      ///< as PyTorch's layers do: uniform in ±1/√fan_in
    XavierUniform, ///< in ±√(6 / (fan_in + fan_out)) (Glorot and Bengio 2010)
    XavierNormal,  ///< of the deviation √(2 / (fan_in + fan_out))
    HeUniform,     ///< in ±√(6 / fan_in) (He et al. 2015)
    HeNormal,      ///< of the deviation √(2 / fan_in)
};

inline constexpr std::array allWeightStarts{WeightStart::Standard, WeightStart::XavierUniform,
                                            WeightStart::XavierNormal, WeightStart::HeUniform,
                                            WeightStart::HeNormal};

/// "standard", "xavier-uniform", …: on the command line and in files.
std::string_view weightStartName(WeightStart start);
/// As people write it: "Xavier, uniform".
std::string_view weightStartTitle(WeightStart start);
Result<WeightStart> weightStartFromName(std::string_view name);

} // namespace losslab
