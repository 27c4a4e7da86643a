#pragma once

#include "base/result.h"
#include "library/runentry.h"

#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// Which runs are looked for: words, and conditions on what is known of a run, all of which hold.
///
///     lr=0.01             a setting, by its key; numbers are compared as numbers
///     lr<0.01  seed!=1    also >, <=, >= and !=
///     test-accuracy>0.98  a result, of any of the run's models
///     started>2026-11     when it began, UTC; state=stopped, experiment=cnn-mnist, tag=homework, star=yes
///     deep "a phrase"     in its names, note, tags, settings or folder, whatever the letters' case
///     -deep  -tag=draft   not so
class RunFilter
{
public:
    /// Of all runs.
    RunFilter() = default;
    /// Usage error: a condition on something that no run has, with the nearest name; one without a value.
    static Result<RunFilter> parse(std::string_view text);

    bool matches(const RunEntry &entry) const;

private:
    enum class Comparison { Equal, NotEqual, Less, Greater, AtMost, AtLeast };
    struct Term
    {
        bool isNegated = false;
        std::string key; ///< empty: a word
        Comparison comparison = Comparison::Equal;
        std::string value; ///< of a word, in small letters
    };

    static Result<Term> parseTerm(std::string_view text);
    static bool holds(const Term &term, const RunEntry &entry);
    static bool compares(const Term &term, std::string_view found);

    std::vector<Term> m_terms;
};

} // namespace losslab
