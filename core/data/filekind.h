#pragma once

#include "lab/parameter.h"

#include <string>
#include <string_view>

namespace losslab {

/// A file. Values are absolute paths, or empty: no file. Whether it can be read is asked where it is needed:
/// a run that is over stays readable without it.
class FileKind : public WrittenKind
{
public:
    std::string_view name() const final { return "file"; }
    /// Its name without its folder.
    std::string words(const Value &value) const final;
    bool namesFile(const Value &value) const final { return !toText(value).empty(); }

    /// Such files in a dialog: "Tables", "*.csv *.txt".
    virtual Option filter() const = 0;

private:
    Result<std::string> written(std::string_view text) const final;
};

} // namespace losslab
