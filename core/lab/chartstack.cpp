#include "lab/chartstack.h"

#include <algorithm>
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
    // What all of them are of, ": MNIST", is said once.
    const std::size_t colon = titles.empty() ? std::string::npos : titles.front().find(": ");
    const std::string of = colon == std::string::npos ? std::string() : titles.front().substr(colon);
    const bool shared = std::all_of(titles.begin(), titles.end(),
                                    [&](const std::string &title) { return title.ends_with(of); });
    std::string title;
    for (std::size_t i = 0; i < titles.size(); ++i) {
        const bool last = i + 1 == titles.size();
        const std::string one = titles[i].substr(0, titles[i].size() - (shared ? of.size() : 0));
        title += i == 0 ? one : (last ? " and " : ", ") + inSentence(one);
    }
    return shared ? title + of : title;
}

} // namespace losslab
