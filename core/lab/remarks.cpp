#include "lab/remarks.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace losslab {

namespace {

using Kind = RemarkEvent::Kind;

constexpr std::size_t mostByName = 3; ///< models of which the same is said

/// A model's remarks of one kind, over the repeats.
struct Group
{
    std::string model;
    std::vector<std::int64_t> epochs;
};

/// Verdicts on one model.
struct Verdicts
{
    std::vector<std::int64_t> converged; ///< epochs
    std::size_t count = 0;               ///< of all verdicts
};

bool isVerdict(Kind kind)
{
    return kind == Kind::Converged || kind == Kind::NotConverged;
}

bool isSeenIn(const RemarkEvent &remark, const std::string &chart)
{
    return chart.empty()
           || std::find(remark.charts.begin(), remark.charts.end(), chart) != remark.charts.end();
}

std::int64_t median(std::vector<std::int64_t> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::min_element(middle + 1, values.end())) / 2;
}

/// A run of one network calls it "model".
std::string nameOf(const std::string &model)
{
    return model == "model" ? "the network" : model;
}

std::string verdictText(const Verdicts &verdicts)
{
    std::string text = fmt::format("converged {} of {}", verdicts.converged.size(), verdicts.count);
    if (!verdicts.converged.empty())
        text += ", median epoch " + countText(median(verdicts.converged));
    return text;
}

/// Of one network in one repeat.
std::string said(Kind kind, std::int64_t epoch)
{
    switch (kind) {
    case Kind::Died:
        return "gives one value everywhere: a layer has died";
    case Kind::Diverged:
        return "diverged in epoch " + countText(epoch);
    case Kind::Converged:
        return "converged at epoch " + countText(epoch);
    case Kind::NotConverged:
        return fmt::format("has not converged in {} epochs", countText(epoch));
    case Kind::EndedAboveStart:
        return "ended above where it began";
    }
    return {};
}

/// The same of several repeats.
std::string saidOfSome(Kind kind, std::size_t count, int repeats)
{
    const std::string some = fmt::format("{} of {}", count, repeats);
    switch (kind) {
    case Kind::Died:
        return fmt::format("gives one value everywhere in {}: a layer has died", some);
    case Kind::Diverged:
        return "diverged in " + some;
    case Kind::EndedAboveStart:
        return fmt::format("ended above where it began in {}", some);
    default:
        return {};
    }
}

/// The same of many models.
std::string saidOfMany(Kind kind, std::size_t models)
{
    switch (kind) {
    case Kind::Died:
        return fmt::format("{} models give one value everywhere: a layer of each has died", models);
    case Kind::Diverged:
        return fmt::format("{} models diverged", models);
    case Kind::Converged:
        return fmt::format("{} models converged", models);
    case Kind::NotConverged:
        return fmt::format("{} models have not converged", models);
    case Kind::EndedAboveStart:
        return fmt::format("{} models ended above where they began", models);
    }
    return {};
}

} // namespace

std::string countText(std::int64_t count)
{
    return count < 1000 ? fmt::format("{}", count)
                        : fmt::format("{},{:03}", countText(count / 1000), count % 1000);
}

void Remarks::add(const RemarkEvent &remark)
{
    const auto known = std::find_if(m_remarks.begin(), m_remarks.end(), [&](const RemarkEvent &other) {
        return other.model == remark.model && other.repeat == remark.repeat && other.kind == remark.kind;
    });
    if (known == m_remarks.end()) {
        m_remarks.push_back(remark);
        return;
    }
    known->epoch = remark.epoch;
    for (const std::string &chart : remark.charts)
        if (!isSeenIn(*known, chart))
            known->charts.push_back(chart);
}

std::vector<std::string> Remarks::sentences(int repeats, const std::string &chart) const
{
    std::vector<std::string> sentences;
    for (const Kind kind :
         {Kind::Diverged, Kind::Died, Kind::EndedAboveStart, Kind::Converged, Kind::NotConverged})
    {
        std::vector<Group> groups;
        for (const RemarkEvent &remark : m_remarks) {
            if (remark.kind != kind || !isSeenIn(remark, chart) || goesWithoutSaying(remark))
                continue;
            auto group = std::find_if(groups.begin(), groups.end(),
                                      [&](const Group &other) { return other.model == remark.model; });
            if (group == groups.end())
                group = groups.insert(groups.end(), Group{remark.model, {}});
            group->epochs.push_back(remark.epoch);
        }
        std::sort(groups.begin(), groups.end(),
                  [](const Group &a, const Group &b) { return a.model < b.model; });
        if (groups.size() > mostByName) {
            sentences.push_back(saidOfMany(kind, groups.size()));
            continue;
        }
        for (const Group &group : groups) {
            const std::string over = isVerdict(kind) ? convergence(group.model) : std::string();
            const std::string text = !over.empty() ? over
                                     : repeats > 1 && !isVerdict(kind)
                                         ? saidOfSome(kind, group.epochs.size(), repeats)
                                         : said(kind, group.epochs.back());
            const std::string sentence = nameOf(group.model) + ' ' + text;
            if (std::find(sentences.begin(), sentences.end(), sentence) == sentences.end())
                sentences.push_back(sentence);
        }
    }
    return sentences;
}

/// A dead network has not converged either.
bool Remarks::goesWithoutSaying(const RemarkEvent &remark) const
{
    return remark.kind == Kind::NotConverged && convergence(remark.model).empty()
           && std::any_of(m_remarks.begin(), m_remarks.end(), [&](const RemarkEvent &other) {
                  return other.kind == Kind::Died && other.model == remark.model
                         && other.repeat == remark.repeat;
              });
}

std::string Remarks::convergence(const std::string &model) const
{
    Verdicts verdicts;
    for (const RemarkEvent &remark : m_remarks) {
        if (remark.model != model || !isVerdict(remark.kind))
            continue;
        ++verdicts.count;
        if (remark.kind == Kind::Converged)
            verdicts.converged.push_back(remark.epoch);
    }
    return verdicts.count > 1 ? verdictText(verdicts) : std::string();
}

} // namespace losslab
