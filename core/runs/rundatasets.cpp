#include "runs/rundatasets.h"

#include "base/platform.h"
#include "data/catalogue.h"
#include "data/download.h"
#include "lab/runcontrol.h"
#include "lab/runerror.h"
#include "runs/trainingclock.h"

#include <fmt/format.h>

namespace losslab {

namespace {

void checkSame(const std::string &checksum, const std::string &before)
{
    if (!before.empty() && checksum != before)
        throw RunError(
            dataError("The data are others than those that the run was begun with, so it cannot go on "
                      "with them. Put those back, or start the run anew.")
                .value());
}

std::string progressText(const std::string &title, const DownloadProgress &progress)
{
    if (progress.waiting)
        return fmt::format("Waiting for another LossLab that downloads {}", title);
    if (progress.unpacking)
        return fmt::format("Unpacking {}", title);
    return fmt::format("Downloading {}: {} of {}", title, progress.received / 1'000'000,
                       megabytes(progress.total));
}

} // namespace

const Dataset &RunDatasets::get(const std::string &data)
{
    const std::lock_guard lock(m_mutex);
    std::shared_ptr<const Dataset> &set = m_sets[data];
    if (!set && data.empty()) {
        auto loaded = load(m_chosen, m_before.chosen);
        m_host.checkChosen(*loaded);
        m_checksums.chosen = loaded->checksum;
        set = std::move(loaded);
        m_host.known(m_checksums);
    } else if (!set) {
        set = load(data, m_before.further[data]);
        m_checksums.further[data] = set->checksum;
        m_host.known(m_checksums);
    }
    return *set;
}

std::shared_ptr<const Dataset> RunDatasets::load(const std::string &data, const std::string &before)
{
    downloadWhereMissing(data);
    auto loaded = loadDataset(data);
    if (!loaded)
        throw RunError(loaded.error());
    checkSame((*loaded)->checksum, before);
    return std::move(*loaded);
}

void RunDatasets::uses(const std::string &checksum)
{
    checkSame(checksum, m_before.chosen);
    const std::lock_guard lock(m_mutex);
    m_checksums.chosen = checksum;
    m_host.known(m_checksums);
}

/// Fetches the data set where the catalogue has it and this machine has not.
void RunDatasets::downloadWhereMissing(const std::string &data)
{
    if (findDataset(data))
        return;
    const auto catalogue = readCatalogue();
    if (!catalogue)
        throw RunError(catalogue.error());
    if (const CatalogueEntry *entry = findEntry(*catalogue, data))
        download(*entry);
}

/// Time for that is none of the training's.
void RunDatasets::download(const CatalogueEntry &entry)
{
    DownloadOptions options{platform::datasetsFolder()};
    options.isStopped = [this] { return m_host.control.stopRequested(); };
    options.progress = [this, &entry](const DownloadProgress &progress) {
        m_host.tell(ProgressEvent{.text = progressText(entry.title, progress)});
    };
    m_host.tell(NoteEvent{NoteEvent::Level::Info,
                          fmt::format("{} is not here yet: downloading it, {}, into {}.", entry.title,
                                      entry.sizeText(), platform::quoted(options.folder / entry.id))});
    m_host.clock.hold();
    const auto downloaded = downloadDataset(entry, options);
    m_host.clock.release();
    if (m_host.control.stopRequested())
        throw Stopped();
    if (!downloaded)
        throw RunError(downloaded.error());
}

} // namespace losslab
