#include "data/datasetting.h"

#include "data/dataset.h"
#include "data/formats.h"
#include "lab/runspec.h"

#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <string>

namespace losslab {

DatasetKind::DatasetKind(const std::vector<CatalogueEntry> &catalogue)
{
    for (const CatalogueEntry &entry : catalogue)
        m_options.push_back({entry.id, entry.title});
    if (m_options.empty())
        m_options.push_back({RunSpec().data, RunSpec().data});
}

std::string DatasetKind::range() const
{
    std::vector<std::string> ids;
    for (const Option &option : m_options)
        ids.push_back(option.key);
    return fmt::format("{}, or a folder with a data set", fmt::join(ids, ", "));
}

std::optional<Value> DatasetKind::read(std::string_view text) const
{
    return take(std::string(text));
}

/// Another catalogue may have other ids.
std::optional<Value> DatasetKind::take(const Value &value) const
{
    const auto *data = std::get_if<std::string>(&value);
    return data && !data->empty() && advice(*data).empty() ? std::optional(value) : std::nullopt;
}

std::string DatasetKind::advice(std::string_view text) const
{
    const std::string data(text);
    if (data.empty())
        return ValueKind::advice(text);
    if (!isFolder(data))
        return {};
    const DatasetFormat &format = formatOf(data);
    const std::vector<std::string> missing = format.missing(data);
    const std::string name = std::filesystem::path(data).filename().string();
    if (missing.size() == format.files.size())
        return fmt::format("{} holds no data set: no {}.", name, formatTitles());
    return missing.empty() ? std::string() : fmt::format("{} has no {}.", name, fmt::join(missing, ", no "));
}

ParameterInfo dataSetting()
{
    ParameterInfo info;
    info.key = "data";
    info.label = "Data set";
    info.group = "Data";
    info.help = "Images that the networks are trained and tested on.";
    info.report = info.quick = info.slides = RunSpec().data;
    info.kind = std::make_shared<DatasetKind>(readCatalogue().value_or(std::vector<CatalogueEntry>()));
    return info;
}

void setImagesOf(const std::string &data, Experiment &experiment)
{
    if (!experiment.info().needsImages)
        return;
    if (const auto images = surveyDataset(data))
        experiment.setImages(*images);
}

} // namespace losslab
