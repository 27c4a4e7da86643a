#pragma once

#include <QString>
#include <string>
#include <vector>

namespace losslab {
class RunData;
} // namespace losslab

namespace losslab::ui {

/// In a word or two how a model's trainings went wrong, for a place beside which it is said in full: "dead
/// layer", "diverged in 2 of 5". Empty where none did.
QString briefRemark(const RunData &data, const std::string &model);

/// The same of all models that are seen in a chart: "deep: dead layer, middle: diverged".
QString briefRemarks(const RunData &data, const std::string &chart);

/// Whether all that is remarked in this chart is remarked in one of the others as well.
bool isRemarkedElsewhere(const RunData &data, const std::string &chart,
                         const std::vector<std::string> &others);

} // namespace losslab::ui
