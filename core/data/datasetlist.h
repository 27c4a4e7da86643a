#pragma once

#include "lab/imagesurvey.h"
#include "lab/parameter.h"

#include <string>
#include <vector>

namespace losslab {

/// Data sets by id or by folder, with semicolons between them; none is taken. Whether they are there is asked
/// where they are needed: a run that is over stays readable without them. Folders are kept as absolute paths.
class DatasetListKind final : public WrittenKind
{
public:
    std::string_view name() const override { return "datasets"; }
    std::string range() const override;
    /// Their titles, or folders' own names.
    std::string words(const Value &value) const override;
    bool namesFile(const Value &value) const override;

private:
    Result<std::string> written(std::string_view text) const override;
};

/// Data sets that an experiment trains on beside the one chosen. A member of the experiment, which it
/// registers itself with.
class DatasetList final : public Parameter
{
public:
    DatasetList(Experiment *owner, std::string key, std::string label, std::string help);

    std::vector<std::string> names() const;
    std::vector<std::string> in(const RunSpec &spec) const;

    /// What is seen of each without reading it. Data error: one of them is not there.
    Result<std::vector<ImageSurvey>> surveys() const;
};

} // namespace losslab
