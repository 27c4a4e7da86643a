#include "damaged.h"

#include "../filefixtures.h"
#include "data/modelfile.h"
#include "data/safetensors.h"

#include <cstring>
#include <fmt/format.h>

namespace losslab::test {

namespace fs = std::filesystem;

namespace {

std::string fileOf(const std::string &header, const std::string &data)
{
    const std::uint64_t length = header.size();
    std::string content(sizeof length, '\0');
    std::memcpy(content.data(), &length, sizeof length);
    return content + header + data;
}

std::string one(const std::string &type, const std::string &shape, const std::string &offsets)
{
    return fmt::format(R"({{"w":{{"dtype":{},"shape":{},"data_offsets":{}}}}})", type, shape, offsets);
}

void addFiles(std::vector<Damaged> &all)
{
    DamagedFiles files(all, "model", "deep.safetensors", [](const fs::path &file) {
        const auto whole = errorOf(readSafetensors(file)), header = errorOf(readSafetensorsHeader(file));
        return whole && header ? whole : std::nullopt; // both must refuse it
    });
    const std::string eight(8, '\0'), good = one(R"("F64")", "[1]", "[0,8]");
    files.add("empty", "");
    files.add("cut off in its length", "\1\2\3");
    files.add("cut off in its header", fileOf(good, "").substr(0, 20));
    files.add("cut off in its numbers", fileOf(good, eight).substr(0, 8 + good.size() + 5));
    files.add("bytes behind its numbers", fileOf(good, eight + "x"));
    files.add("a length of 2⁶⁴", std::string(8, '\xff') + "{}");
    files.add("a header of ten mebibytes", fileOf("{}" + std::string(10 << 20, ' '), ""));
    files.add("a header that is no JSON", fileOf("{\"w\":", eight));
    files.add("a header that is a list", fileOf("[]", ""));
    files.add(
        "a header nested 200,000 deep",
        fileOf("{\"w\":{\"dtype\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}}", ""));
    std::string wide = "{";
    for (int i = 0; i < 50'000; ++i)
        wide += fmt::format("{}\"{}\":0", i == 0 ? "" : ",", i);
    files.add("a header of 50,000 tensors", fileOf(wide + "}", ""));
    files.add("a tensor that is a number", fileOf(R"({"w":3})", eight));
    files.add("numbers of 16 bits", fileOf(one(R"("F16")", "[4]", "[0,8]"), eight));
    files.add("a type that is no word", fileOf(one("[[7]]", "[1]", "[0,8]"), eight));
    files.add("a negative size", fileOf(one(R"("F64")", "[-1]", "[0,8]"), eight));
    files.add("sizes that overflow", fileOf(one(R"("F64")", "[4294967296,4294967296,2]", "[0,0]"), ""));
    files.add("a size beyond 63 bits", fileOf(one(R"("F64")", "[18446744073709551615]", "[0,8]"), eight));
    files.add("offsets the wrong way round", fileOf(one(R"("F64")", "[1]", "[8,0]"), eight));
    files.add("a gap before a tensor", fileOf(one(R"("F64")", "[1]", "[8,16]"), eight + eight));
    files.add("control characters in a name",
              fileOf(R"({"\u001b[31m\u202e":{"dtype":"I8","shape":[8],"data_offsets":[0,8]}})", eight));
    files.addOtherThanFiles();
}

void addFolders(std::vector<Damaged> &all)
{
    const auto add = [&](const std::string &how, const std::function<void(const fs::path &)> &make) {
        all.push_back({"run's folder as a model", how, "a run", [make](const fs::path &folder) {
                           fs::create_directories(folder / "a run");
                           make(folder / "a run");
                           return errorOf(describeModel((folder / "a run").string()));
                       }});
    };
    add("no models", [](const fs::path &) {});
    add("two models", [](const fs::path &run) {
        fs::create_directory(run / "models");
        write(run / "models" / "deep.safetensors", "");
        write(run / "models" / "wide.safetensors", "");
    });
    add("a thousand models", [](const fs::path &run) {
        fs::create_directory(run / "models");
        for (int i = 0; i < 1000; ++i)
            write(run / "models" / fmt::format("m{}.safetensors", i), "");
    });
    add("not there", [](const fs::path &run) { fs::remove(run); });
}

} // namespace

void addModels(std::vector<Damaged> &all)
{
    addFiles(all);
    addFolders(all);
}

} // namespace losslab::test
