#include "lab/chartstack.h"

#include <fmt/ranges.h>

namespace losslab {

namespace {

/// As within a sentence: "Loss" becomes "loss", and "MSE" stays.
std::string inSentence(std::string title)
{
    const auto isUpper = [&](std::size_t i) {
        return i < title.size() && title[i] >= 'A' && title[i] <= 'Z';
    };
    if (isUpper(0) && !isUpper(1))
        title[0] = static_cast<char>(title[0] - 'A' + 'a');
    return title;
}

} // namespace

std::string stackId(const std::vector<std::string> &charts)
{
    return fmt::format("{}", fmt::join(charts, "+"));
}

std::string stackTitle(const std::vector<std::string> &titles)
{
    std::string title;
    for (std::size_t i = 0; i < titles.size(); ++i) {
        const bool last = i + 1 == titles.size();
        title += i == 0 ? titles[i] : (last ? " and " : ", ") + inSentence(titles[i]);
    }
    return title;
}

} // namespace losslab
