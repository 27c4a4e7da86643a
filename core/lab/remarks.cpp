#include "lab/remarks.h"

#include "base/numbertext.h"
#include "lab/spread.h"

#include <algorithm>
#include <fmt/format.h>

namespace losslab {

namespace {

using Kind = RemarkEvent::Kind;

/// Remarks of one kind: by model, the epochs over the repeats.
using Groups = std::map<std::string, std::vector<std::int64_t>>;

/// Verdicts on one model.
struct Verdicts
{
    std::vector<double> converged; ///< epochs
    std::size_t count = 0;         ///< of all verdicts
};

bool isVerdict(Kind kind)
{
    return kind == Kind::Converged || kind == Kind::NotConverged;
}

void addVerdict(const RemarkEvent &remark, Verdicts &verdicts)
{
    verdicts.count += isVerdict(remark.kind) ? 1 : 0;
    if (remark.kind == Kind::Converged)
        verdicts.converged.push_back(static_cast<double>(remark.epoch));
}

/// "a", "a and b", "a, b and c", or how many.
std::string nameOfAll(const Groups &groups, const Remarks::Name &name)
{
    if (groups.size() > Remarks::mostByName)
        return countText(static_cast<std::int64_t>(groups.size())) + " models";
    std::string names;
    std::size_t left = groups.size();
    for (const auto &[model, epochs] : groups) {
        names += names.empty() ? "" : left == 1 ? " and " : ", ";
        names += Remarks::nameOf(model, name);
        --left;
    }
    return names;
}

/// Of several repeats, how many trainings the groups stand for; else empty.
std::string inTrainings(const Groups &groups, int repeats)
{
    std::size_t trainings = 0;
    for (const auto &[model, epochs] : groups)
        trainings += epochs.size();
    return repeats > 1 ? fmt::format(" (in {} trainings)", countText(static_cast<std::int64_t>(trainings)))
                       : std::string();
}

/// Whether several repeats have been judged.
bool isCounted(const Verdicts &verdicts)
{
    return verdicts.count > 1;
}

/// The verdict on several repeats; else empty.
std::string verdictText(const Verdicts &verdicts)
{
    if (!isCounted(verdicts))
        return {};
    std::string text = fmt::format("converged {} of {}", verdicts.converged.size(), verdicts.count);
    if (!verdicts.converged.empty())
        text += (verdicts.converged.size() == 1 ? ", at epoch " : ", median epoch ")
                + countText(static_cast<std::int64_t>(summaryOf(verdicts.converged).median));
    return text;
}

/// Of the models of which something is said of convergence, the verdicts that stand side by side; none where
/// it is one model, or too many.
std::map<std::string, Verdicts> sideBySide(const std::map<Kind, Groups> &kinds,
                                           const std::map<std::string, Verdicts> &verdicts)
{
    std::map<std::string, Verdicts> counted;
    for (const auto &[kind, groups] : kinds)
        for (const auto &[model, epochs] : groups)
            if (isVerdict(kind) && isCounted(verdicts.at(model)))
                counted[model] = verdicts.at(model);
    return counted.size() > 1 && counted.size() <= Remarks::mostByName ? counted
                                                                       : std::map<std::string, Verdicts>();
}

/// Verdicts on several models in one sentence: "converged: a 2 of 5 (their median epoch 1,230), b 5 of 5
/// (603)". Short, and the counts before the epochs: the few that converge may well be quick.
std::string verdictsText(const std::map<std::string, Verdicts> &verdicts, const Remarks::Name &name)
{
    std::string text;
    bool explained = false;
    for (const auto &[model, verdict] : verdicts) {
        text += fmt::format("{} {} {} of {}", text.empty() ? "converged:" : ",", Remarks::nameOf(model, name),
                            verdict.converged.size(), verdict.count);
        if (!verdict.converged.empty()) {
            const auto median = static_cast<std::int64_t>(summaryOf(verdict.converged).median);
            text += fmt::format(" ({}{})", explained ? "" : "their median epoch ", countText(median));
            explained = true;
        }
    }
    return text;
}

/// Of one network in one repeat.
std::string said(Kind kind, std::int64_t epoch)
{
    switch (kind) {
    case Kind::Died:
        return "has a dead layer: it gives one value everywhere";
    case Kind::Diverged:
        return "diverged in epoch " + countText(epoch);
    case Kind::Converged:
        return "converged at epoch " + countText(epoch);
    case Kind::NotConverged:
        return fmt::format("has not converged in {} {}", countText(epoch), epoch == 1 ? "epoch" : "epochs");
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
        return "has a dead layer in " + some;
    case Kind::Diverged:
        return "diverged in " + some;
    case Kind::EndedAboveStart:
        return fmt::format("ended above where it began in {}", some);
    default:
        return {};
    }
}

/// The same of several models.
std::string saidOfMany(Kind kind)
{
    switch (kind) {
    case Kind::Died:
        return "have a dead layer: they give one value everywhere";
    case Kind::Diverged:
        return "diverged";
    case Kind::Converged:
        return "converged";
    case Kind::NotConverged:
        return "have not converged";
    case Kind::EndedAboveStart:
        return "ended above where they began";
    }
    return {};
}

/// Whether one sentence says it of several models: no number would be lost.
bool isSaidTogether(Kind kind, std::size_t models, int repeats)
{
    const bool alike = kind == Kind::Died || kind == Kind::EndedAboveStart;
    return models > Remarks::mostByName || (models > 1 && alike && repeats == 1);
}

} // namespace

std::string Remarks::nameOf(const std::string &model, const Name &name)
{
    return model == "model" ? "the network" : name ? name(model) : model;
}

bool Remarks::isSeenIn(const RemarkEvent &remark, const std::string &chart)
{
    return chart.empty()
           || std::find(remark.charts.begin(), remark.charts.end(), chart) != remark.charts.end();
}

void Remarks::add(const RemarkEvent &remark)
{
    const auto [known, isNew] =
        m_places.try_emplace({remark.model, remark.repeat, remark.kind}, m_remarks.size());
    if (isNew) {
        m_remarks.push_back(remark);
        return;
    }
    RemarkEvent &before = m_remarks[known->second];
    before.epoch = remark.epoch;
    for (const std::string &chart : remark.charts)
        if (!isSeenIn(before, chart))
            before.charts.push_back(chart);
}

std::vector<std::string> Remarks::sentences(int repeats, const std::string &chart, const Name &name) const
{
    std::map<std::string, Verdicts> verdicts;
    for (const RemarkEvent &remark : m_remarks)
        addVerdict(remark, verdicts[remark.model]);
    std::map<Kind, Groups> kinds;
    for (const RemarkEvent &remark : m_remarks) {
        const bool alone = !isCounted(verdicts[remark.model]);
        const bool goesWithoutSaying = // a dead network has not converged either
            remark.kind == Kind::NotConverged && alone
            && m_places.contains({remark.model, remark.repeat, Kind::Died});
        const bool saidOtherwise = // "converged 3 of 5" says it
            remark.kind == Kind::NotConverged && !alone && !verdicts[remark.model].converged.empty();
        if (isSeenIn(remark, chart) && !goesWithoutSaying && !saidOtherwise)
            kinds[remark.kind][remark.model].push_back(remark.epoch);
    }
    std::vector<std::string> sentences;
    const std::map<std::string, Verdicts> counted = sideBySide(kinds, verdicts);
    for (const auto &[model, verdict] : counted) {
        kinds[Kind::Converged].erase(model);
        kinds[Kind::NotConverged].erase(model);
    }
    for (const Kind kind :
         {Kind::Diverged, Kind::Died, Kind::EndedAboveStart, Kind::Converged, Kind::NotConverged})
    {
        const Groups &groups = kinds[kind];
        if (isSaidTogether(kind, groups.size(), repeats)) {
            sentences.push_back(nameOfAll(groups, name) + inTrainings(groups, repeats) + ' '
                                + saidOfMany(kind));
            continue;
        }
        for (const auto &[model, epochs] : groups) {
            std::string text = isVerdict(kind) ? verdictText(verdicts[model]) : std::string();
            if (text.empty())
                text = repeats > 1 && !isVerdict(kind) ? saidOfSome(kind, epochs.size(), repeats)
                                                       : said(kind, epochs.back());
            sentences.push_back(nameOf(model, name) + ' ' + text);
        }
    }
    if (!counted.empty())
        sentences.push_back(verdictsText(counted, name));
    return sentences;
}

std::string Remarks::convergence(const std::string &model) const
{
    Verdicts verdicts;
    for (const RemarkEvent &remark : m_remarks)
        if (remark.model == model)
            addVerdict(remark, verdicts);
    return verdictText(verdicts);
}

} // namespace losslab
