#pragma once

#include "data/filekind.h"
#include "data/targets.h"
#include "lab/parameter.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace losslab {

constexpr std::size_t mostPoints = 500000; ///< that a function is learned from

/// Reads points of a function from a text file: x and y a line, with commas, semicolons, tabs or spaces
/// between them, and a line of headings above them or none; lines that begin with # are skipped. They come
/// ordered by x. Usage error: the line that has a gap, a decimal comma or anything else than two numbers;
/// fewer than two points, more than mostPoints, or all at one x. Data error: the file cannot be read.
Result<TargetSamples> readPoints(const std::filesystem::path &path);

/// The same, kept until the file changes: for those who ask with every letter that is typed.
std::shared_ptr<const Result<TargetSamples>> knownPoints(const std::filesystem::path &path);

/// A file of points.
class PointTableKind final : public FileKind
{
public:
    std::string range() const override { return "a file with x and y in each line"; }
    /// "300 points, x from -1 to 1".
    std::string note(std::string_view text) const override;
    Option filter() const override { return {"*.csv *.tsv *.txt *.dat", "Tables"}; }
};

struct PointTableOptions
{
    std::string standard = {};
    std::optional<std::string> quick = {};
    std::optional<std::string> slides = {};
    std::string help = {};
    std::string group = "Data";
    bool decides = true;
    std::optional<Condition> when = {};
};

/// A parameter that is a file of points, or none.
class PointTable final : public Parameter
{
public:
    PointTable(Experiment *owner, std::string key, std::string label, const PointTableOptions &options);

    std::string text() const { return std::get<std::string>(value()); }
    bool empty() const { return text().empty(); }
};

} // namespace losslab
