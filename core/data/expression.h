#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace losslab {

/// A function of x written as text: "x^3 - x", "x < 0 ? 0 : sqrt(x)", "sinc(5*pi*x)".
///
/// It knows + - * / ^, comparisons, && || and ?:, the constants pi and e, and the functions abs, sign (or
/// sgn), step (0 below 0, else 1), sqrt, cbrt, exp, log (or ln), log2, log10, sin, cos, tan, asin, acos,
/// atan, atan2, sinh, cosh, tanh, asinh, acosh, atanh, sinc (sin(t)/t, 1 at 0), floor, ceil, rint, mod(a, b)
/// (of b's sign), min and max. Numbers have a
/// decimal point and arguments stand between commas, whatever the locale. Nothing can be assigned, and the
/// text is at most `longest` characters long.
class Expression
{
public:
    static constexpr std::size_t longest = 200;

    /// Usage error: a sentence that says what is wrong and at which character, counted from 1.
    static Result<Expression> parse(std::string_view text);

    ~Expression();
    Expression(Expression &&) noexcept;
    Expression &operator=(Expression &&) noexcept;

    /// Its value, which may be infinite or not a number. One thread at a time.
    double at(double x) const;

private:
    struct Parser;
    explicit Expression(std::unique_ptr<Parser> parser);

    std::unique_ptr<Parser> m_parser;
};

} // namespace losslab
