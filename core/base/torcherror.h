#pragma once

#include <exception>

namespace losslab {

/// Whether LibTorch has thrown it, and not LossLab or the standard library.
bool isOfLibTorch(const std::exception &error);

} // namespace losslab
