#include "library/runfilter.h"

#include "base/names.h"
#include "base/text.h"
#include "experiments/registry.h"
#include "lab/experiment.h"

#include <algorithm>
#include <compare>
#include <fmt/format.h>
#include <map>
#include <set>

namespace losslab {

namespace {

constexpr std::string_view signs = "=<>!";
constexpr const char *tagKey = "tag";

/// What conditions may be on beside settings and results.
using TextOf = std::string (*)(const RunEntry &);
const std::map<std::string, TextOf, std::less<>> &ownKeys()
{
    static const std::map<std::string, TextOf, std::less<>> keys{
        {"experiment", [](const RunEntry &entry) { return entry.experiment; }},
        {"state", [](const RunEntry &entry) { return entry.standing(); }},
        {"started", [](const RunEntry &entry) { return entry.started; }},
        {"seconds",
         [](const RunEntry &entry) {
             return entry.seconds >= 0 ? fmt::format("{}", entry.seconds) : std::string();
         }},
        {"name", [](const RunEntry &entry) { return entry.name(); }},
        {"note", [](const RunEntry &entry) { return entry.notes.note; }},
        {"folder", [](const RunEntry &entry) { return entry.folder.filename().string(); }},
        {"star", [](const RunEntry &entry) { return std::string(entry.notes.starred ? "yes" : "no"); }},
        {tagKey, nullptr}, // a run may have several
    };
    return keys;
}

std::set<std::string> keysOfExperiments()
{
    std::set<std::string> keys{"seed", "repeats", "device", "data", "preset"};
    for (const auto &[key, textOf] : ownKeys())
        keys.insert(key);
    for (const ExperimentFactory make : registry()) {
        const auto experiment = make();
        for (const Parameter *parameter : experiment->parameters())
            keys.insert(parameter->info().key);
        for (const Figure *figure : experiment->figures())
            keys.insert(figure->info().key);
    }
    return keys;
}

const std::set<std::string> &knownKeys()
{
    static const std::set<std::string> keys = keysOfExperiments();
    return keys;
}

/// The terms of a text, which spaces stand between that are in no quotes.
std::vector<std::string> termsIn(std::string_view text)
{
    std::vector<std::string> terms;
    std::string term;
    bool isQuoted = false, isAny = false;
    const auto end = [&] {
        if (isAny)
            terms.push_back(term);
        term.clear();
        isAny = false;
    };
    for (const char c : text) {
        if (c == '"') {
            isQuoted = !isQuoted;
            isAny = true;
        } else if (!isQuoted && (c == ' ' || c == '\t' || c == '\n')) {
            end();
        } else {
            term += c;
            isAny = true;
        }
    }
    end();
    return terms;
}

bool contains(std::string_view text, std::string_view word)
{
    return lowered(text).find(word) != std::string::npos;
}

bool hasWord(const RunEntry &entry, std::string_view word)
{
    const RunNotes &notes = entry.notes;
    for (const std::string_view text : {std::string_view(entry.caption), std::string_view(entry.experiment),
                                        std::string_view(notes.name), std::string_view(notes.note)})
        if (contains(text, word))
            return true;
    return contains(entry.folder.filename().string(), word) || contains(entry.standing(), word)
           || std::any_of(notes.tags.begin(), notes.tags.end(),
                          [&](const std::string &tag) { return contains(tag, word); });
}

} // namespace

Result<RunFilter> RunFilter::parse(std::string_view text)
{
    RunFilter filter;
    for (const std::string &word : termsIn(text)) {
        auto term = parseTerm(word);
        if (!term)
            return tl::unexpected(term.error());
        filter.m_terms.push_back(std::move(*term));
    }
    return filter;
}

Result<RunFilter::Term> RunFilter::parseTerm(std::string_view text)
{
    Term term;
    if (text.size() > 1 && text.front() == '-') {
        term.isNegated = true;
        text.remove_prefix(1);
    }
    const std::size_t sign = text.find_first_of(signs);
    if (sign == std::string_view::npos || sign == 0) {
        term.value = lowered(text);
        return term;
    }
    term.key = lowered(text.substr(0, sign));
    if (!knownKeys().contains(term.key)) {
        const std::vector<std::string> keys(knownKeys().begin(), knownKeys().end());
        const std::string near = nearestName(term.key, keys);
        return usageError(fmt::format("No run has “{}”.{}", term.key,
                                      near.empty() ? std::string() : fmt::format(" Did you mean {}?", near)));
    }
    std::string_view rest = text.substr(sign);
    for (const auto &[written, comparison] : {std::pair("!=", Comparison::NotEqual),
                                              {"<=", Comparison::AtMost},
                                              {">=", Comparison::AtLeast},
                                              {"<", Comparison::Less},
                                              {">", Comparison::Greater},
                                              {"=", Comparison::Equal}})
        if (rest.starts_with(written)) {
            term.comparison = comparison;
            term.value = lowered(trimmed(rest.substr(std::string_view(written).size())));
            if (term.value.empty())
                return usageError(fmt::format("“{}” lacks a value, as in {}{}1.", text, term.key, written));
            return term;
        }
    return usageError(fmt::format("“{}” is no condition, as {}=1 is.", text, term.key));
}

bool RunFilter::matches(const RunEntry &entry) const
{
    return std::all_of(m_terms.begin(), m_terms.end(),
                       [&](const Term &term) { return holds(term, entry) != term.isNegated; });
}

/// Numbers as such where both are; a time by what was given of it: 2026-11 is all of November; of what a
/// person writes, a part is enough.
bool RunFilter::compares(const Term &term, std::string_view found)
{
    const bool isSame = term.comparison == Comparison::Equal;
    if (found.empty()) // it is not known
        return term.comparison == Comparison::NotEqual;
    if ((isSame || term.comparison == Comparison::NotEqual)
        && (term.key == "name" || term.key == "note" || term.key == "folder"))
        return contains(found, term.value) == isSame;
    std::partial_ordering order = std::partial_ordering::unordered;
    const auto wantedNumber = readNumber<double>(term.value), number = readNumber<double>(found);
    if (wantedNumber && number) {
        order = *number <=> *wantedNumber;
    } else {
        std::string text = lowered(found);
        if (term.key == "started")
            text.resize(std::min(text.size(), term.value.size()));
        order = text <=> term.value;
    }
    switch (term.comparison) {
    case Comparison::Equal:
        return order == 0;
    case Comparison::NotEqual:
        return order != 0;
    case Comparison::Less:
        return order < 0;
    case Comparison::Greater:
        return order > 0;
    case Comparison::AtMost:
        return order <= 0;
    case Comparison::AtLeast:
        break;
    }
    return order >= 0;
}

bool RunFilter::holds(const Term &term, const RunEntry &entry)
{
    if (term.key.empty())
        return hasWord(entry, term.value);
    if (term.key == tagKey) {
        const std::vector<std::string> &tags = entry.notes.tags;
        return std::any_of(tags.begin(), tags.end(),
                           [&](const std::string &tag) { return compares(term, tag); });
    }
    if (const auto own = ownKeys().find(term.key); own != ownKeys().end())
        return compares(term, own->second(entry));
    if (const std::string *setting = entry.setting(term.key))
        return compares(term, *setting);
    return std::any_of(entry.results.begin(), entry.results.end(), [&](const RunResult &result) {
        return result.figure == term.key && compares(term, fmt::format("{}", result.value));
    });
}

} // namespace losslab
