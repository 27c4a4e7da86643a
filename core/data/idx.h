#pragma once

#include "data/dataset.h"

namespace losslab {

/// A data file as it was read; its suffix tells whether it is compressed.
struct DataFile
{
    std::filesystem::path path;
    std::string content;
};

/// The images and their labels in two IDX files (LeCun, 1998: big-endian magic and sizes, then unsigned
/// bytes), each plain or compressed with gzip. Strict: magic number, sizes and length must agree to the byte,
/// labels must be below `classes`, and a compressed file is never unpacked further than its declared size.
/// Data error: which file, what was found and expected, and the way on.
Result<ImageSet> parseImageSet(const DataFile &images, const DataFile &labels, int classes);

} // namespace losslab
