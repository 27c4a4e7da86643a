#include "experiments/targetchoice.h"

#include "base/text.h"
#include "experiments/modelsoneach.h"
#include "lab/run.h"
#include "lab/runerror.h"
#include "lab/runspec.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace losslab {

namespace {

Condition withoutTable()
{
    return {"table", {""}};
}

/// The first, and those between semicolons.
std::vector<std::string> listed(std::string first, std::string_view further)
{
    std::vector<std::string> all{std::move(first)};
    for (const std::string_view function : splitAt(further, ';'))
        if (!function.empty())
            all.emplace_back(function);
    return all;
}

Result<void> checkFurther(std::string_view text)
{
    constexpr std::size_t most = 7;
    const std::vector<std::string> functions = listed({}, text);
    if (functions.size() > most + 1)
        return usageError(
            fmt::format("These are {} functions; {} are the most.", functions.size() - 1, most));
    for (std::size_t i = 1; i < functions.size(); ++i)
        if (auto checked = checkFunction(functions[i]); !checked)
            return checked;
    return {};
}

} // namespace

TargetChoice::TargetChoice(Experiment *owner, const Standards &standards)
    : m_function(owner, "function", "Function",
                 {.standard = "sinc",
                  .options = {{"square", "sgn(sin(5*pi*x))"}, {"sinc", "sinc(5*pi*x)"}},
                  .takes = "an expression in x",
                  .accepts = checkFunction,
                  .help = "What the networks learn: one of the two published functions, or one of your "
                          "own, such as x^3 - x or exp(-x^2) * cos(9*x).",
                  .group = "Data",
                  .when = withoutTable()}),
      m_further(standards.several ? std::optional<Text>(
                    std::in_place, owner, "also", "Further functions",
                    TextOptions{.standard = "",
                                .takes = "expressions in x, with semicolons between them",
                                .accepts = checkFurther,
                                .help = "Learned in the same run, on the same points, "
                                        "each drawn in charts of its own: "
                                        "sgn(cos(8*pi*x)); x^3.",
                                .group = "Data",
                                .decides = false,
                                .when = withoutTable()})
                                  : std::optional<Text>()),
      m_low(owner, "low", "Lowest x",
            {.standard = -1,
             .min = -1000,
             .max = 1000,
             .slides = standards.slidesLow,
             .help = "Where the interval begins.",
             .group = "Data",
             .when = withoutTable()}),
      m_high(owner, "high", "Highest x",
             {.standard = 1,
              .min = -1000,
              .max = 1000,
              .help = "Where the interval ends.",
              .group = "Data",
              .when = withoutTable()}),
      m_points(owner, "points", "Samples",
               {.standard = standards.points,
                .min = 2,
                .max = mostPoints,
                .help = "Points of the interval that the networks learn from.",
                .group = "Data",
                .when = withoutTable()}),
      m_sampling(owner, "sampling", "Spacing",
                 {.standard = "equal",
                  .options = {{"equal", "equally spaced"}, {"random", "at random"}},
                  .help = "Equally spaced, the interval's ends among them, or drawn uniformly from it, "
                          "anew for every seed.",
                  .group = "Data",
                  .when = withoutTable()}),
      m_table(owner, "table", "Table",
              {.help = "In a function's place: a text file (CSV) with x and y in each line.",
               .when = standards.when})
{
    owner->addRule([this] { return conflict(); });
}

std::vector<std::string> TargetChoice::functions() const
{
    return m_table.empty() ? listed(m_function, m_further ? std::string(*m_further) : std::string())
                           : std::vector<std::string>(1);
}

ChartOptions::Facets TargetChoice::facets() const
{
    return [this](const RunSpec &spec) {
        const std::vector<std::string> all =
            listed(toText(m_function.valueIn(spec)),
                   m_further && !hasTable(spec) ? toText(m_further->valueIn(spec)) : std::string());
        std::vector<Facet> facets;
        for (const std::string &function : all)
            facets.push_back({facetKey(facets.size()), all.size() > 1 ? function : std::string()});
        return facets;
    };
}

std::int64_t TargetChoice::count() const
{
    if (m_table.empty())
        return m_points;
    const auto points = knownPoints(m_table.text());
    return *points ? static_cast<std::int64_t>((*points)->x.size()) : 0;
}

TargetSamples TargetChoice::sampled(const Run &run, const std::string &function) const
{
    const auto drawn = [&] {
        return sampleAt(function, drawnPoints(interval(), pointCount(), run.sharedSeed("samples")),
                        interval());
    };
    Result<TargetSamples> samples = m_table.empty() && m_sampling.is("random") ? drawn() : evenly(function);
    if (!samples)
        throw RunError(samples.error());
    run.usesData(samples->checksum);
    return std::move(*samples);
}

std::optional<TargetSamples> TargetChoice::beyond(const std::string &function,
                                                  const std::vector<double> &x) const
{
    if (!m_table.empty() || x.empty())
        return std::nullopt;
    auto samples = sampleAt(function, x, {x.front(), x.back()});
    return samples ? std::optional(std::move(*samples)) : std::nullopt;
}

void TargetChoice::normalize()
{
    const auto samples = m_table.empty() && m_low < m_high ? evenly(m_function, 10000) : TargetSamples();
    if (samples && samples->target)
        (void)m_function.set(std::string(targetName(*samples->target)));
}

std::optional<Conflict> TargetChoice::conflict() const
{
    if (m_table.empty() && !(m_low < m_high))
        return Conflict{"high", fmt::format("The interval is empty: it goes from {} to {}.",
                                            toText(m_low.value()), toText(m_high.value()))};
    if (m_table.empty() && static_cast<float>(m_low) == static_cast<float>(m_high))
        return Conflict{"high", "The interval is too narrow for networks to tell its points apart."};
    const std::vector<std::string> all = functions();
    const auto named = [this](const std::string &function) { // another spelling of a named one is that one
        const auto samples = evenly(function, 1000);
        return samples ? samples->target : std::nullopt;
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (const auto samples = evenly(all[i], 10000); !samples && i > 0)
            return Conflict{"also", fmt::format("{}: {}", all[i], samples.error().message)};
        else if (!samples)
            return Conflict{m_table.empty() ? "function" : "table", samples.error().message};
        for (std::size_t before = 0; before < i; ++before)
            if (all[before] == all[i] || (named(all[i]) && named(all[before]) == named(all[i])))
                return Conflict{"also", fmt::format("{} is there twice.", all[i])};
    }
    return std::nullopt;
}

/// The table's, or at most so many of the function.
Result<TargetSamples> TargetChoice::evenly(const std::string &function, std::size_t most) const
{
    return m_table.empty() ? sample(function, std::min(pointCount(), most), interval())
                           : *knownPoints(m_table.text());
}

} // namespace losslab
