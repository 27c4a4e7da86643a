#include "data/datasetlist.h"

#include "base/plaintext.h"
#include "base/text.h"
#include "data/dataset.h"
#include "lab/experiment.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <system_error>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t mostSets = 7;

std::vector<std::string> namesIn(std::string_view text)
{
    std::vector<std::string> names;
    for (const std::string_view part : splitAt(text, ';'))
        if (!part.empty())
            names.emplace_back(part);
    return names;
}

} // namespace

std::string DatasetListKind::range() const
{
    return "ids of data sets or folders, with semicolons between them";
}

std::string DatasetListKind::words(const Value &value) const
{
    std::vector<std::string> titles;
    for (const std::string &name : namesIn(toText(value)))
        titles.push_back(dataTitle(name));
    return titles.empty() ? "none" : fmt::format("{}", fmt::join(titles, ", "));
}

bool DatasetListKind::namesFile(const Value &value) const
{
    return isFolder(toText(value));
}

Result<std::string> DatasetListKind::written(std::string_view text) const
{
    if (!isPlain(text))
        return usageError("Names of data sets have no control characters.");
    std::vector<std::string> names = namesIn(text);
    if (names.size() > mostSets)
        return usageError(fmt::format("These are {} data sets; {} are the most.", names.size(), mostSets));
    for (std::string &name : names) {
        std::error_code nowhere;
        if (isFolder(name))
            name = fs::absolute(name, nowhere).lexically_normal().string();
        if (nowhere)
            return usageError(nowhere.message());
    }
    return fmt::format("{}", fmt::join(names, "; "));
}

DatasetList::DatasetList(Experiment *owner, std::string key, std::string label, std::string help)
    : Parameter(owner, parameterInfo(std::move(key), std::move(label),
                                     TextOptions{.standard = {},
                                                 .takes = {},
                                                 .accepts = nullptr,
                                                 .help = std::move(help),
                                                 .group = "Data",
                                                 .decides = false},
                                     std::make_shared<DatasetListKind>()))
{
    owner->addRule([this, key = info().key]() -> std::optional<Conflict> {
        const std::vector<std::string> all = names();
        for (const std::string &name : all) {
            if (const auto known = chooseDataset(name); !known)
                return Conflict{key, known.error().message};
            if (std::count(all.begin(), all.end(), name) > 1)
                return Conflict{key, fmt::format("{} is there twice.", dataTitle(name))};
        }
        if (const auto found = surveys(); !found)
            return Conflict{key, found.error().message};
        return std::nullopt;
    });
}

std::vector<std::string> DatasetList::names() const
{
    return namesIn(toText(value()));
}

std::vector<std::string> DatasetList::in(const RunSpec &spec) const
{
    return namesIn(toText(valueIn(spec)));
}

Result<std::vector<ImageSurvey>> DatasetList::surveys() const
{
    std::vector<ImageSurvey> surveys;
    for (const std::string &name : names()) {
        const auto survey = surveyDataset(name);
        if (!survey)
            return tl::unexpected(survey.error());
        surveys.push_back(*survey);
    }
    return surveys;
}

} // namespace losslab
