#include "data/datafiles.h"

#include "base/platform.h"
#include "data/catalogue.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <optional>
#include <vector>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr int deepest = 2;                ///< folders below the one that was named
constexpr std::size_t mostEntries = 1000; ///< looked at: a data set has four

/// A name's letters and digits in lower case, without the suffix of gzip.
std::string skeleton(std::string_view name)
{
    std::string bare;
    for (const char letter : name)
        if (std::isalnum(static_cast<unsigned char>(letter)))
            bare += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    if (bare.ends_with("gz"))
        bare.resize(bare.size() - 2);
    return bare;
}

/// Files in a folder and in those below it, in a steady order.
std::vector<fs::path> filesIn(const fs::path &folder, int depth)
{
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
    for (std::size_t seen = 0; !error && entry != fs::recursive_directory_iterator() && seen < mostEntries;
         ++seen)
    {
        std::error_code unknown;
        if (entry.depth() >= depth)
            entry.disable_recursion_pending();
        if (entry->is_regular_file(unknown) && !entry->path().filename().string().starts_with('.'))
            files.push_back(entry->path());
        entry.increment(error);
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// EMNIST calls the files of the test so, and others after it.
std::string withTest(std::string bare)
{
    if (bare.starts_with("t10k"))
        bare.replace(0, 4, "test");
    return bare;
}

} // namespace

std::optional<fs::path> findDataFile(const fs::path &folder, std::string_view name)
{
    for (const std::string &form : {fmt::format("{}.gz", name), std::string(name)})
        if (const auto facts = platform::look(folder / form); !facts || (*facts && !(*facts)->isFolder))
            return folder / form; // where it is no file, whoever reads it says so
    for (const fs::path &file : filesIn(folder, 0))
        if (skeleton(file.filename().string()) == skeleton(name))
            return file;
    return fileOfSet(folder, name);
}

std::string nearDataFile(const fs::path &folder, std::string_view name)
{
    const std::string bare = skeleton(name);
    for (const fs::path &file : filesIn(folder, deepest)) {
        const std::string other = skeleton(file.filename().string());
        const fs::path place = file.parent_path();
        if (other == bare && place != folder)
            return place.filename() == file.filename()
                       ? fmt::format("Found {}: move it one folder up.", platform::quoted(file))
                       : fmt::format("Found it in {}: name that folder.", platform::quoted(place));
        if (other.find(bare) != std::string::npos || other.find(withTest(bare)) != std::string::npos)
            return fmt::format("Found {}: rename it to {}{}.", platform::quoted(file), name,
                               file.extension() == ".gz" ? ".gz" : "");
    }
    return {};
}

} // namespace losslab
