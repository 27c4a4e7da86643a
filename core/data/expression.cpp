#include "data/expression.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <muParser.h>
#include <numbers>

namespace losslab {

namespace {

/// Floored, as Python's %: of the divisor's sign, so that a sawtooth goes on below 0.
double modulo(double dividend, double divisor)
{
    return dividend - divisor * std::floor(dividend / divisor);
}

double sinc(double t)
{
    return t == 0 ? 1 : std::sin(t) / t;
}

double sign(double t)
{
    return t > 0 ? 1 : (t < 0 ? -1 : t); // not-a-number stays so
}

double step(double t)
{
    return std::isnan(t) ? t : (t < 0 ? 0 : 1);
}

/// The character that stands there, whole in UTF-8.
std::string_view characterAt(std::string_view text, std::size_t at)
{
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        ++end;
    return text.substr(at, end - at);
}

/// Where a single = stands, which would assign; npos where none does.
std::size_t assignment(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=')
            continue;
        if (i + 1 < text.size() && text[i + 1] == '=')
            ++i;
        else if (i == 0 || std::string_view("<>!").find(text[i - 1]) == std::string_view::npos)
            return i;
    }
    return std::string_view::npos;
}

/// What can be refused by looking at the letters; empty where nothing is.
std::string problemOfLetters(std::string_view text)
{
    if (text.size() > Expression::longest)
        return fmt::format("The expression is longer than {} characters.", Expression::longest);
    const auto odd =
        std::find_if(text.begin(), text.end(), [](char letter) { return letter < 32 || letter > 126; });
    if (odd != text.end()) {
        const auto at = static_cast<std::size_t>(odd - text.begin());
        return fmt::format("Character {}, “{}”, cannot be read; write pi, ^2, * and - as in 3*x^2 - pi.",
                           at + 1, static_cast<unsigned char>(*odd) < 32 ? "?" : characterAt(text, at));
    }
    if (const std::size_t at = assignment(text); at != std::string_view::npos)
        return fmt::format("Character {}, “=”, would assign; to compare, write ==.", at + 1);
    return {};
}

std::string problemOf(const mu::Parser::exception_type &error)
{
    const int at = error.GetPos() + 1;
    const std::string &token = error.GetToken();
    switch (error.GetCode()) {
    case mu::ecEMPTY_EXPRESSION:
        return "Write an expression in x, as in x^3 - x.";
    case mu::ecUNEXPECTED_EOF:
        return "The expression ends too early: something is missing at its end.";
    case mu::ecMISSING_PARENS:
        return "A parenthesis is missing at the end.";
    case mu::ecUNASSIGNABLE_TOKEN:
        return fmt::format("“{}” at character {} is not known; there are x, pi, e and functions such as sin.",
                           token, at);
    case mu::ecTOO_FEW_PARAMS:
    case mu::ecTOO_MANY_PARAMS:
        return fmt::format("{} at character {} has too {} arguments.", token, at,
                           error.GetCode() == mu::ecTOO_FEW_PARAMS ? "few" : "many");
    case mu::ecUNEXPECTED_VAL:
    case mu::ecUNEXPECTED_VAR:
    case mu::ecUNEXPECTED_FUN:
        return fmt::format("An operator is missing before “{}” at character {}; to multiply, write *.", token,
                           at);
    case mu::ecMISSING_ELSE_CLAUSE:
        return "After “?” the other branch is missing: write condition ? value : other value.";
    default:
        break;
    }
    return error.GetPos() < 0 ? std::string("The expression cannot be read.")
                              : fmt::format("“{}” is out of place at character {}.", token, at);
}

} // namespace

struct Expression::Parser
{
    Parser()
    {
        parser.ClearConst();
        parser.ClearFun();
        parser.DefineVar("x", &x);
        parser.DefineConst("pi", std::numbers::pi);
        parser.DefineConst("e", std::numbers::e);
        defineFunctions();
    }

    void defineFunctions()
    {
        using OfOne = double (*)(double);
        using OfTwo = double (*)(double, double);
        const std::initializer_list<std::pair<const char *, OfOne>> ofOne{
            {"abs", std::abs},     {"sign", sign},        {"sgn", sign},         {"step", step},
            {"sqrt", std::sqrt},   {"cbrt", std::cbrt},   {"exp", std::exp},     {"log", std::log},
            {"ln", std::log},      {"log2", std::log2},   {"log10", std::log10}, {"sin", std::sin},
            {"cos", std::cos},     {"tan", std::tan},     {"asin", std::asin},   {"acos", std::acos},
            {"atan", std::atan},   {"sinh", std::sinh},   {"cosh", std::cosh},   {"tanh", std::tanh},
            {"asinh", std::asinh}, {"acosh", std::acosh}, {"atanh", std::atanh}, {"sinc", sinc},
            {"floor", std::floor}, {"ceil", std::ceil},   {"rint", std::rint}};
        const std::initializer_list<std::pair<const char *, OfTwo>> ofTwo{
            {"atan2", std::atan2}, {"mod", modulo}, {"min", std::fmin}, {"max", std::fmax}};
        for (const auto &[name, function] : ofOne)
            parser.DefineFun(name, function);
        for (const auto &[name, function] : ofTwo)
            parser.DefineFun(name, function);
    }

    double x = 0; ///< what the parser's variable refers to
    mu::Parser parser;
};

Expression::Expression(std::unique_ptr<Parser> parser) : m_parser(std::move(parser)) {}
Expression::~Expression() = default;
Expression::Expression(Expression &&) noexcept = default;
Expression &Expression::operator=(Expression &&) noexcept = default;

Result<Expression> Expression::parse(std::string_view text)
{
    if (std::string problem = problemOfLetters(text); !problem.empty())
        return usageError(std::move(problem));
    try {
        auto parser = std::make_unique<Parser>();
        parser->parser.SetExpr(std::string(text));
        int values = 0;
        parser->parser.Eval(values);
        if (values != 1)
            return usageError("A comma stands between two expressions; decimals have a point, as in 0.5.");
        return Expression(std::move(parser));
    } catch (const mu::Parser::exception_type &error) {
        return usageError(problemOf(error));
    }
}

double Expression::at(double x) const
{
    m_parser->x = x;
    try {
        return m_parser->parser.Eval();
    } catch (const mu::Parser::exception_type &) {
        return std::numeric_limits<double>::quiet_NaN();
    }
}

} // namespace losslab
