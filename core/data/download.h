#pragma once

#include "data/catalogue.h"
#include "data/http.h"

#include <functional>

namespace losslab {

struct DownloadProgress
{
    std::uint64_t received = 0; ///< bytes of the set that are there
    std::uint64_t total = 0;
    bool waiting = false;   ///< for another LossLab that downloads the same set
    bool unpacking = false; ///< what has come
};

struct DownloadOptions
{
    std::filesystem::path folder; ///< where data sets are kept
    HttpLimits limits = {};
    std::function<void(const DownloadProgress &)> progress = [](const DownloadProgress &) {};
    /// Asked several times a second; the download ends when it says so.
    std::function<bool()> isStopped = [] { return false; };
};

/// Installs a data set into folder/<id>, and returns that path: all files with their check sums verified (of
/// archives, the members that are needed), SHA256SUMS and a README with source and licence, or nothing at
/// all. What has arrived when it
/// ends early is kept in a hidden folder beside it and gone on with the next time. One program at a time
/// downloads a set; another waits and then finds it there. Data error: what happened at each address, and the
/// way on.
Result<std::filesystem::path> downloadDataset(const CatalogueEntry &entry, const DownloadOptions &options);

} // namespace losslab
