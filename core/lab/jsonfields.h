#pragma once

#include "lab/parameter.h"

#include <concepts>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

/// Keeps the order of an object's fields.
using Json = nlohmann::ordered_json;

/// A number, or its name ("NaN", …) where JSON has none for it.
Json numberJson(double value);
Json valueJson(const Value &value);
/// The same of a parameter of that kind.
Json valueJson(const ValueKind &kind, const Value &value);

/// Text from elsewhere as JSON, or in words why it is not taken.
struct ParsedJson
{
    Json json;
    std::string problem; ///< empty where it was taken
};

/// Takes JSON that is nested no deeper than 32, since copying and writing it takes memory of the stack, and
/// whose objects have no more than 1,000 fields, since each is looked for among all others: both are far more
/// than LossLab writes.
ParsedJson parseJson(std::string_view text);
/// For text that is parsed in another way: why it is nested too deep, in words; empty where it is not.
std::string problemOfDepth(std::string_view text);

/// Reads the fields of a JSON object strictly: the first one that is missing or of another type is kept as
/// the problem, and what was to be read is then of no meaning. The JSON must outlive it.
class JsonFields
{
public:
    explicit JsonFields(const Json &json);
    explicit JsonFields(const ParsedJson &parsed);

    bool has(const char *key) const { return m_json.contains(key); }

    /// Integers within their range, no fractions; double also by name ("NaN", …); Json is an
    /// object; a vector is an array of these.
    template <class T>
    void read(const char *key, T &to)
    {
        if (!m_problem.empty())
            return;
        const auto found = m_json.find(key);
        if (found == m_json.end())
            refuse(fmt::format("“{}” is missing", key));
        else if (!convert(*found, to))
            refuse(fmt::format("“{}” cannot be {}", key, shortened(*found)));
    }

    /// Every field of the object at `key`, in its order: a run's parameters, a row's cells.
    void read(const char *key, std::vector<std::pair<std::string, Value>> &to);
    /// The same of parameters: one that has parts is read as its text in JSON, which its kind reads.
    void readParameters(const char *key, std::vector<std::pair<std::string, Value>> &to);

    /// A field that holds one of a set of names.
    template <class T>
    void readNamed(const char *key, Result<T> (*fromName)(std::string_view), T &to)
    {
        std::string name;
        read(key, name);
        if (const Result<T> named = fromName(name))
            to = *named;
        else
            refuse(fmt::format("“{}” cannot be “{}”", key, name));
    }

    /// Refuses the first field that is none of these.
    void allow(const std::vector<std::string> &keys);

    /// Keeps a problem that the caller found, as plain text on one line and cut where it is long: the words
    /// of a file may be anything.
    void refuse(std::string_view problem);

    /// In words; empty while all is well.
    const std::string &problem() const { return m_problem; }
    /// The same as the end of a sentence: with a full stop, where it has none.
    std::string ended() const;

private:
    /// As in a file, cut where it is long.
    static std::string shortened(const Json &json);

    static bool convert(const Json &json, std::string &to);
    static bool convert(const Json &json, bool &to);
    static bool convert(const Json &json, double &to);
    static bool convert(const Json &json, Value &to);
    static bool convert(const Json &json, Json &to);

    void takeValues(const char *key, const Json &object, std::vector<std::pair<std::string, Value>> &to);

    template <class T>
    static bool convert(const Json &json, std::vector<T> &to)
    {
        to.resize(json.size());
        for (std::size_t i = 0; i < to.size(); ++i)
            if (!json.is_array() || !convert(json[i], to[i]))
                return false;
        return json.is_array();
    }

    template <class T>
    static bool convert(const Json &json, std::map<std::string, T> &to)
    {
        for (const auto &[name, value] : json.items())
            if (!json.is_object() || !convert(value, to[name]))
                return false;
        return json.is_object();
    }

    template <std::integral T>
    static bool convert(const Json &json, T &to)
    {
        if (json.is_number_unsigned())
            return inRange(json.get<std::uint64_t>(), to);
        return json.is_number_integer() && inRange(json.get<std::int64_t>(), to);
    }

    template <class From, class To>
    static bool inRange(From number, To &to)
    {
        to = static_cast<To>(number);
        return std::in_range<To>(number);
    }

    const Json &m_json;
    std::string m_problem;
};

/// The "format" that a file says it has. Data error: that of a newer LossLab than this, which reads up to
/// `newest`.
Result<int> readFormat(JsonFields &fields, const std::filesystem::path &file, int newest);

} // namespace losslab
