#include "data/formats.h"

#include "data/cifar.h"
#include "data/datafiles.h"
#include "data/idxset.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::array<DatasetFormat, 2> formats{{
    {.name = "cifar-10",
     .title = "CIFAR-10's binary files",
     .files = cifarFileNames,
     .holds = holdsCifar,
     .missing = missingCifarFiles,
     .survey = surveyCifar,
     .read = readCifar,
     .first = firstOfCifar},
    {.name = "idx",
     .title = "four files in MNIST's format",
     .files = dataFileNames,
     .mayBeGzipped = true,
     .holds = [](const fs::path &) { return true; },
     .missing = missingIdxFiles,
     .survey = surveyIdxSet,
     .read = readIdxSet,
     .first = firstOfIdxSet},
}};

} // namespace

std::span<const DatasetFormat> datasetFormats()
{
    return formats;
}

const DatasetFormat &formatOf(const fs::path &folder)
{
    return *std::find_if(formats.begin(), formats.end(),
                         [&](const DatasetFormat &format) { return format.holds(folder); });
}

std::string formatTitles()
{
    std::vector<std::string_view> titles;
    titles.reserve(formats.size());
    for (const DatasetFormat &format : formats)
        titles.push_back(format.title);
    return fmt::format("{}", fmt::join(titles, " or "));
}

const DatasetFormat *findFormat(std::string_view name)
{
    const auto *found = std::find_if(formats.begin(), formats.end(),
                                     [&](const DatasetFormat &format) { return format.name == name; });
    return found == formats.end() ? nullptr : &*found;
}

} // namespace losslab
