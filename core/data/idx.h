#pragma once

#include "data/dataset.h"

namespace losslab {

/// A data file as it was read: plain, or compressed with gzip, which its first bytes tell.
struct DataFile
{
    std::filesystem::path path;
    std::string content;
};

enum class IdxKind {
    Images, ///< [count, rows, columns, channels], 1 or 3 of these; in files also before the rows
    Labels, ///< [count]
};

/// What an IDX file declares, from its beginning and its size alone. Data error: it is no file, holds
/// something else (which is named), images with a side of more than 4,096 pixels, or more or less than it
/// declares, as far as that can be told.
Result<std::vector<std::int64_t>> surveyIdx(const std::filesystem::path &path, IdxKind kind);

/// Labels go from `first`, and are read as from 0.
struct LabelRange
{
    int classes = 256; ///< as many as a byte can tell apart
    int first = 0;
};

/// The labels of a file, as they stand there. Data error as of parseImageSet().
Result<std::vector<std::uint8_t>> readIdxLabels(const std::filesystem::path &path);

/// The first `count` of the images and their labels, without reading much more: whether the rest is well is
/// not seen. Data error as of parseImageSet().
Result<ImageSet> firstImages(const std::filesystem::path &images, const std::filesystem::path &labels,
                             const LabelRange &range, std::int64_t count);

/// The images and their labels in two IDX files (LeCun, 1998: big-endian magic and sizes, then unsigned
/// bytes), each plain or compressed with gzip, in one stream or several. Strict: magic number, sizes and
/// length must agree to the byte, labels must be of the range, and a compressed file is never unpacked
/// further than its declared size. Data error: which file, what was found and expected, and the way on.
Result<ImageSet> parseImageSet(const DataFile &images, const DataFile &labels, const LabelRange &range);

} // namespace losslab
