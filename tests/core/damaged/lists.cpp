#include "damaged.h"

#include "../filefixtures.h"
#include "data/catalogue.h"
#include "data/checksumlist.h"
#include "data/pointtable.h"
#include "lab/jsonfields.h"

namespace losslab::test {

namespace fs = std::filesystem;

namespace {

void addChecksums(std::vector<Damaged> &all)
{
    DamagedFiles lists(all, "check sum list", "SHA256SUMS",
                       [](const fs::path &file) { return errorOf(ChecksumList::read(file)); });
    const std::string sum(64, 'a');
    lists.add("a sum too short", "abc  data.gz\n");
    lists.add("a sum of other letters", std::string(64, 'z') + "  data.gz\n");
    lists.add("a sum without a name", sum + "\n");
    lists.add("a name without a sum", "data.gz\n");
    lists.add("another algorithm", "MD5 (data.gz) = " + sum + "\n");
    lists.add("bytes that are no text", std::string("\0\xfe\x01\x80", 4));
    lists.add("a name of a mebibyte", sum + "  " + std::string(900'000, 'a') + "\n");
    lists.add("two mebibytes", std::string(2 << 20, '\n'));
    lists.addOtherThanFiles();
}

Json goodEntry()
{
    Json files = Json::array();
    for (const char *name : {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte",
                             "train-labels-idx1-ubyte"})
        files.push_back({{"name", name}, {"size", 1000}, {"sha256", std::string(64, 'a')}});
    return {{"id", "tiny"},
            {"title", "Tiny"},
            {"about", "Few."},
            {"licence", "MIT"},
            {"source", "https://one.example/"},
            {"cite", "Somebody"},
            {"format", "idx"},
            {"classes", {"cat", "dog"}},
            {"trainingImages", 100},
            {"channels", 1},
            {"rows", 28},
            {"columns", 28},
            {"urls", {"https://one.example/"}},
            {"files", files}};
}

void addCatalogues(std::vector<Damaged> &all)
{
    DamagedFiles catalogues(all, "catalogue", "catalogue.json",
                            [](const fs::path &file) { return errorOf(readCatalogue(file)); });
    catalogues.add("empty", "");
    catalogues.add("no JSON", "{\"format\": 2, ");
    catalogues.add("nested 100,000 deep", std::string(100'000, '[') + std::string(100'000, ']'));
    catalogues.add("of a newer version", R"({"format": 3, "datasets": []})");
    catalogues.add("two mebibytes", std::string(2 << 20, ' '));
    const auto add = [&](const std::string &how, const std::function<void(Json &)> &spoil) {
        Json entry = goodEntry();
        spoil(entry);
        catalogues.add(how, Json{{"format", 2}, {"datasets", {entry}}}.dump());
    };
    const std::string escape = "\x1b[31m";
    add("an id that leads elsewhere", [](Json &e) { e["id"] = "../../tiny"; });
    add("an id of 300 letters", [](Json &e) { e["id"] = std::string(300, 'a'); });
    add("control characters in a title", [&](Json &e) { e["title"] = "Tiny" + escape; });
    add("a name that turns the writing", [](Json &e) { e["classes"] = {"cat\u202etac", "dog"}; });
    add("an address without https", [](Json &e) { e["urls"] = {"http://one.example/"}; });
    add("an address of this machine", [](Json &e) { e["urls"] = {"file:///etc/"}; });
    add("an address with a line break", [](Json &e) { e["urls"] = {"https://one.example/\n/"}; });
    add("no address", [](Json &e) { e["urls"] = Json::array(); });
    add("a file's name that leads elsewhere", [](Json &e) { e["files"][0]["name"] = "../x"; });
    add("a hidden file", [](Json &e) { e["files"][0]["name"] = ".bashrc"; });
    add("a file twice", [](Json &e) { e["files"][1]["name"] = e["files"][0]["name"]; });
    add("no size", [](Json &e) { e["files"][0].erase("size"); });
    add("a size of 0", [](Json &e) { e["files"][0]["size"] = 0; });
    add("a size of a tebibyte", [](Json &e) { e["files"][0]["size"] = 1L << 40; });
    add("no check sum", [](Json &e) { e["files"][0].erase("sha256"); });
    add("a check sum of another kind", [](Json &e) { e["files"][0]["sha256"] = std::string(32, 'a'); });
    add("a first label of 2³¹ − 1", [](Json &e) { e["firstLabel"] = 2147483647; });
    add("2⁶² rows", [](Json &e) { e["rows"] = 1L << 62; });
    add("an archive called as one of its files", [](Json &e) {
        Json members = Json::array();
        for (const Json &file : e["files"])
            members.push_back({{"name", "x"}, {"file", file["name"]}});
        e["files"] = {{{"name", "train-images-idx3-ubyte"},
                       {"size", 9},
                       {"sha256", std::string(64, 'a')},
                       {"unpacked", 9},
                       {"members", members}}};
    });
    catalogues.addOtherThanFiles();
}

void addPoints(std::vector<Damaged> &all)
{
    DamagedFiles points(all, "table of points", "measured.csv",
                        [](const fs::path &file) { return errorOf(readPoints(file)); });
    points.add("empty", "");
    points.add("one point", "0,1\n");
    points.add("headings alone", "x,y\n");
    points.add("all at one x", "1,2\n1,3\n");
    points.add("a decimal comma", "x;y\n0,5;1,5\n");
    points.add("decimal commas between commas", "0,5,1,5\n1,5,2,5\n");
    points.add("three values a line", "0,1,2\n1,2,3\n");
    points.add("a value missing", "0,1\n1,\n2,3\n");
    points.add("an empty line within", "0,1\n\n1,2\n");
    points.add("not a number", "0,nan\n1,2\n");
    points.add("infinite", "0,inf\n1,2\n");
    points.add("too large", "0,1e300\n1,2\n");
    points.add("a word", "0,1\n1,two\n");
    points.add("control characters", "0,1\n1,\x1b[31m2\n");
    points.add("UTF-16", std::string("\xff\xfe"
                                     "0\0,\0"
                                     "1\0",
                                     8));
    points.add("a line of a mebibyte", "0,1\n" + std::string(1 << 20, ',') + "\n");
    std::string many;
    for (int i = 0; i <= 500'000; ++i)
        many += std::to_string(i) + ",1\n";
    points.add("more points than can be learned", many);
    points.make("a sparse file of 100 mebibytes", [](const fs::path &file) {
        write(file, "0,1\n");
        fs::resize_file(file, 100 << 20);
    });
    points.addOtherThanFiles();
}

} // namespace

void addLists(std::vector<Damaged> &all)
{
    addChecksums(all);
    addCatalogues(all);
    addPoints(all);
}

} // namespace losslab::test
