#pragma once

#include "data/dataset.h"
#include "lab/event.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace losslab {

class RunControl;
class TrainingClock;
struct CatalogueEntry;

/// Checksums (SHA-256) of what a run trains on; empty where it needs none.
struct DataChecksums
{
    std::string chosen;
    std::map<std::string, std::string> further; ///< by id or folder
};

/// The data sets of a run, each read once, when it is first asked for; where it is one of the catalogue's
/// that is not there yet, it is downloaded first. Any thread may ask.
class RunDatasets
{
public:
    struct Host
    {
        const RunControl &control;
        TrainingClock &clock; ///< stands while something is downloaded
        std::function<void(Event)> tell;
        std::function<void(const Dataset &)> checkChosen; ///< throws where the run cannot be had with it
        std::function<void(const DataChecksums &)> known; ///< there is one more
    };

    RunDatasets(std::string chosen, Host host) : m_chosen(std::move(chosen)), m_host(std::move(host)) {}

    /// Of a run that goes on: those that it was begun with.
    void expect(DataChecksums before) { m_before = std::move(before); }

    /// That set by its id or folder; without one, the one chosen. Throws RunError where it is missing,
    /// damaged, or another than expected; Stopped.
    const Dataset &get(const std::string &data);
    /// What else the run trains on, in place of a data set. Throws RunError as get().
    void uses(const std::string &checksum);

private:
    std::shared_ptr<const Dataset> load(const std::string &data, const std::string &before);
    void downloadWhereMissing(const std::string &data);
    void download(const CatalogueEntry &entry);

    std::string m_chosen;
    Host m_host;
    DataChecksums m_before;
    std::mutex m_mutex; ///< of all that follows
    DataChecksums m_checksums;
    std::map<std::string, std::shared_ptr<const Dataset>> m_sets; ///< the one chosen without a name
};

} // namespace losslab
