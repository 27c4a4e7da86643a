#include "data/mnist.h"

#include "base/platform.h"
#include "base/sha256.h"
#include "data/catalogue.h"
#include "data/dataset.h"
#include "lab/runspec.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace losslab {

namespace {

namespace fs = std::filesystem;

bool isThatFile(const fs::path &path, const CatalogueFile &file)
{
    std::error_code missing;
    if (!fs::is_regular_file(path, missing) || fs::file_size(path, missing) != file.size || missing)
        return false;
    const auto content = platform::readFile(path);
    return content && sha256(*content) == file.sha256;
}

bool holdsMnist(const fs::path &folder)
{
    const auto catalogue = readCatalogue();
    const CatalogueEntry *mnist = catalogue ? findEntry(*catalogue, RunSpec().data) : nullptr;
    return mnist && std::all_of(mnist->files.begin(), mnist->files.end(), [&](const CatalogueFile &file) {
               return isThatFile(folder / file.name, file);
           });
}

} // namespace

bool isMnist(const std::string &data)
{
    if (!isFolder(data))
        return data == RunSpec().data;
    static std::mutex mutex;
    static std::map<std::string, bool> known;
    const std::lock_guard lock(mutex);
    const auto found = known.find(data);
    return found != known.end() ? found->second : known.emplace(data, holdsMnist(data)).first->second;
}

std::string dataName(const std::string &data)
{
    const fs::path path(data);
    return (path.has_filename() ? path : path.parent_path()).filename().string();
}

} // namespace losslab
