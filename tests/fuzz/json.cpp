#include "readers.h"

#include "base/plaintext.h"
#include "lab/jsonfields.h"

void losslab::fuzz::readJson(std::string_view input)
{
    const ParsedJson parsed = parseJson(input);
    JsonFields fields(parsed);
    double number = 0;
    std::string text;
    std::vector<std::string> list;
    std::vector<std::pair<std::string, Value>> values;
    std::map<std::string, std::string> map;
    int whole = 0;
    std::uint64_t natural = 0;
    bool flag = false;
    for (const char *key : {"a", "b", "c"}) {
        for (const bool read : {true, false}) { // which is wrong first differs
            JsonFields one(parsed);
            read ? one.read(key, number) : one.read(key, text);
            one.read(key, whole);
            promise(isPlain(one.problem()) && one.problem().size() < 2000, "a problem is plain and short");
        }
        fields.read(key, list);
    }
    JsonFields others(parsed);
    others.readParameters("p", values);
    JsonFields(parsed).read("v", values);
    JsonFields(parsed).read("m", map);
    JsonFields(parsed).read("n", natural);
    JsonFields(parsed).read("f", flag);
    others.allow({"a", "b"});
    promise(isPlain(fields.problem()) && isPlain(others.problem()), "a problem is plain");
    if (parsed.json.is_object()) { // what was taken can be copied and written
        const Json copy = parsed.json;
        promise(parseJson(copy.dump()).json == parsed.json, "what is written reads back the same");
    }
}
