#pragma once

#include "data/catalogue.h"
#include "lab/experiment.h"

#include <string>
#include <vector>

namespace losslab {

/// A data set's id, or a folder with its files. Its options are the sets of the catalogue, and MNIST
/// whatever there is.
class DatasetKind final : public ValueKind
{
public:
    explicit DatasetKind(const std::vector<CatalogueEntry> &catalogue);

    std::string_view name() const override { return "data"; }
    std::string range() const override;
    std::optional<Value> read(std::string_view text) const override;
    std::optional<Value> take(const Value &value) const override;
    std::string advice(std::string_view text) const override;
    const std::vector<Option> &options() const override { return m_options; }

private:
    std::vector<Option> m_options;
};

/// "data": what experiments on images train on, see RunSpec::data.
ParameterInfo dataSetting();

/// Has an experiment on images count with those of a data set. Where nothing can be told of them it stays
/// with what it had: a run says why.
void setImagesOf(const std::string &data, Experiment &experiment);

} // namespace losslab
