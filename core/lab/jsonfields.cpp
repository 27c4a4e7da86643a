#include "lab/jsonfields.h"

#include "base/names.h"
#include "base/numbertext.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace losslab {

namespace {

constexpr std::size_t deepest = 32;
constexpr std::size_t mostFields = 1000;    ///< of an object: each is looked for among those before it
constexpr std::size_t longestProblem = 400; ///< characters
constexpr std::size_t longestText = 65536;  ///< bytes of a string
constexpr std::size_t longestShown = 80;    ///< bytes of a value in a message

/// What a text would cost too much to read by, before it is read; empty where nothing does.
std::string problemOfShape(std::string_view text, std::size_t most)
{
    std::array<std::size_t, deepest + 1> fields{}; // of the object at each depth
    std::size_t depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char sign = text[i];
        if (inString && sign == '\\') {
            ++i;
        } else if (sign == '"') {
            inString = !inString;
        } else if (!inString && (sign == '[' || sign == '{')) {
            if (++depth > deepest)
                return fmt::format("it is nested more than {} deep", deepest);
            fields[depth] = 0;
        } else if (!inString && (sign == ']' || sign == '}')) {
            depth -= depth > 0 ? 1 : 0;
        } else if (!inString && sign == ':' && ++fields[depth] > most) {
            return fmt::format("an object in it has more than {} fields", most);
        }
    }
    return {};
}

} // namespace

Json numberJson(double value)
{
    return std::isfinite(value) ? Json(value) : Json(numberText(value));
}

Json valueJson(const Value &value)
{
    const auto *number = std::get_if<double>(&value);
    return number ? numberJson(*number) : std::visit([](const auto &plain) { return Json(plain); }, value);
}

Json valueJson(const ValueKind &kind, const Value &value)
{
    const std::string parts = kind.json(value);
    return parts.empty() ? valueJson(value) : Json::parse(parts);
}

std::string problemOfDepth(std::string_view text)
{
    return problemOfShape(text, text.size());
}

ParsedJson parseJson(std::string_view text)
{
    std::string problem = problemOfShape(text, mostFields);
    return problem.empty() ? ParsedJson{Json::parse(text, nullptr, false), {}}
                           : ParsedJson{{}, std::move(problem)};
}

JsonFields::JsonFields(const Json &json) : m_json(json)
{
    if (!json.is_object())
        refuse("it is not a JSON object");
}

JsonFields::JsonFields(const ParsedJson &parsed) : m_json(parsed.json), m_problem(parsed.problem)
{
    if (!m_json.is_object())
        refuse("it is not a JSON object");
}

std::string JsonFields::shortened(const Json &json)
{
    std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() <= longestShown)
        return text;
    std::size_t end = longestShown;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) // within a character
        --end;
    return fmt::format("{}… ({} characters)", text.substr(0, end), text.size());
}

void JsonFields::read(const char *key, std::vector<std::pair<std::string, Value>> &to)
{
    Json object;
    read(key, object);
    takeValues(key, object, to);
}

/// A list may be longer than texts are: the file's own size bounds it.
void JsonFields::readParameters(const char *key, std::vector<std::pair<std::string, Value>> &to)
{
    Json object;
    read(key, object);
    for (const auto &[name, json] : object.items()) {
        if (json.is_array())
            to.emplace_back(name, json.dump(-1, ' ', false, Json::error_handler_t::replace));
        else
            takeValues(key, Json{{name, json}}, to);
    }
}

void JsonFields::takeValues(const char *key, const Json &object,
                            std::vector<std::pair<std::string, Value>> &to)
{
    for (const auto &[name, json] : object.items()) {
        Value value;
        if (!convert(json, value))
            refuse(fmt::format("“{}” in “{}” cannot be {}", name, key, shortened(json)));
        to.emplace_back(name, std::move(value));
    }
}

void JsonFields::allow(const std::vector<std::string> &keys)
{
    for (const auto &[key, value] : m_json.items())
        if (m_json.is_object() && std::find(keys.begin(), keys.end(), key) == keys.end())
            refuse(fmt::format("its fields are {}", notOneOf(key, keys)));
}

void JsonFields::refuse(std::string_view problem)
{
    if (m_problem.empty())
        m_problem = cutTo(plainText(problem, true), longestProblem);
}

std::string JsonFields::ended() const
{
    return withStop(m_problem);
}

bool JsonFields::convert(const Json &json, std::string &to)
{
    if (!json.is_string() || json.get_ref<const std::string &>().size() > longestText)
        return false;
    to = json.get_ref<const std::string &>();
    return true;
}

bool JsonFields::convert(const Json &json, bool &to)
{
    if (json.is_boolean())
        to = json.get<bool>();
    return json.is_boolean();
}

bool JsonFields::convert(const Json &json, double &to)
{
    if (json.is_string()) {
        const auto named = numberFromName(json.get_ref<const std::string &>());
        to = named.value_or(0);
        return named.has_value();
    }
    if (json.is_number())
        to = json.get<double>();
    return json.is_number();
}

bool JsonFields::convert(const Json &json, Value &to)
{
    bool flag = false;
    double number = 0;
    std::int64_t integer = 0;
    std::string text;
    if (convert(json, flag))
        to = flag;
    else if (json.is_number_integer() && convert(json, integer))
        to = integer;
    else if (!json.is_number_integer() && convert(json, number))
        to = number;
    else if (convert(json, text))
        to = std::move(text);
    else
        return false;
    return true;
}

bool JsonFields::convert(const Json &json, Json &to)
{
    to = json;
    return json.is_object();
}

Result<int> readFormat(JsonFields &fields, const std::filesystem::path &file, int newest)
{
    int format = 0;
    fields.read("format", format);
    if (format > newest)
        return dataError(
            fmt::format("{} was written by a newer LossLab (format {}, this one reads {}). Update LossLab.",
                        platform::quoted(file), format, newest));
    return format;
}

} // namespace losslab
