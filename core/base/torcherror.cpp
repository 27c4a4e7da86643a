#include "base/torcherror.h"

#include <c10/util/Exception.h>

namespace losslab {

bool isOfLibTorch(const std::exception &error)
{
    return dynamic_cast<const c10::Error *>(&error) != nullptr;
}

} // namespace losslab
