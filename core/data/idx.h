#pragma once

#include "data/dataset.h"

namespace losslab {

/// Reads images and their labels from two IDX files (LeCun, 1998: big-endian magic and sizes, then unsigned
/// bytes), each plain or compressed with gzip. Strict: magic number, sizes and length must agree to the byte,
/// labels must be below `classes`, and a compressed file is never unpacked further than its declared size.
/// Data error: which file, what was found and expected, and the way on.
Result<ImageSet> readImageSet(const std::filesystem::path &images, const std::filesystem::path &labels,
                              int classes);

} // namespace losslab
