#include "store/jsonfields.h"

#include "store/numbertext.h"

#include <cmath>

namespace losslab {

Json numberJson(double value)
{
    return std::isfinite(value) ? Json(value) : Json(numberText(value));
}

Json valueJson(const Value &value)
{
    const auto *number = std::get_if<double>(&value);
    return number ? numberJson(*number) : std::visit([](const auto &plain) { return Json(plain); }, value);
}

JsonFields::JsonFields(const Json &json) : m_json(json)
{
    if (!json.is_object())
        refuse("it is not a JSON object");
}

void JsonFields::read(const char *key, std::vector<std::pair<std::string, Value>> &to)
{
    Json object;
    read(key, object);
    for (const auto &[name, json] : object.items()) {
        Value value;
        if (!convert(json, value))
            refuse(fmt::format("“{}” in “{}” cannot be {}", name, key, json.dump()));
        to.emplace_back(name, std::move(value));
    }
}

void JsonFields::refuse(std::string problem)
{
    if (m_problem.empty())
        m_problem = std::move(problem);
}

bool JsonFields::convert(const Json &json, std::string &to)
{
    if (json.is_string())
        to = json.get_ref<const std::string &>();
    return json.is_string();
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
    if (convert(json, flag))
        to = flag;
    else if (json.is_number_integer() && convert(json, integer))
        to = integer;
    else if (!json.is_number_integer() && convert(json, number))
        to = number;
    else if (json.is_string())
        to = json.get_ref<const std::string &>();
    else
        return false;
    return true;
}

bool JsonFields::convert(const Json &json, Json &to)
{
    to = json;
    return json.is_object();
}

} // namespace losslab
