#include "base/sha256.h"
#include "data/catalogue.h"
#include "data/dataset.h"
#include "filefixtures.h"

#include <QTest>
#include <functional>
#include <nlohmann/json.hpp>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

Json goodEntry()
{
    Json files = Json::array();
    for (const std::string_view name : dataFileNames)
        files.push_back(
            {{"name", std::string(name) + ".gz"}, {"size", 1500000}, {"sha256", std::string(64, 'a')}});
    return {{"id", "tiny"},
            {"title", "Tiny"},
            {"about", "Few images."},
            {"licence", "MIT"},
            {"source", "x"},
            {"cite", "Somebody"},
            {"classes", 10},
            {"rows", 28},
            {"columns", 28},
            {"files", files},
            {"urls", {"https://one.example/a/", "https://two.example/"}}};
}

} // namespace

class TestCatalogue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theShippedOneAgreesWithTheShippedFiles()
    {
        const auto catalogue = readCatalogue();
        VERIFY_RESULT(catalogue);
        const CatalogueEntry *mnist = findEntry(*catalogue, "mnist");
        QVERIFY(mnist);
        for (const CatalogueFile &file : mnist->files) {
            const std::string content = read(*findDataset("mnist") / file.name);
            QCOMPARE(content.size(), file.size);
            QCOMPARE(sha256(content), file.sha256);
        }
        for (const CatalogueEntry &entry : *catalogue) {
            QCOMPARE(entry.classes, 10); // the experiments' networks have ten outputs
            QCOMPARE(entry.rows, 28);
            QCOMPARE(entry.columns, 28);
        }
        QVERIFY(findEntry(*catalogue, "kmnist"));
        QCOMPARE(findEntry(*catalogue, "fashion-mnist")->package->name, std::string("dataset-fashion-mnist"));
        QVERIFY(!findEntry(*catalogue, "mnits"));
    }

    void everyFieldIsRead()
    {
        const TemporaryFolder folder;
        Json entry = goodEntry();
        entry["package"] = {{"name", "tiny-data"}, {"folder", "/usr/share/tiny"}};
        write(folder / "c.json", Json{{"format", 1}, {"datasets", {entry}}}.dump());
        const auto catalogue = readCatalogue(folder / "c.json");
        VERIFY_RESULT(catalogue);
        const CatalogueEntry &tiny = catalogue->at(0);
        QCOMPARE(tiny.title, std::string("Tiny"));
        QCOMPARE(tiny.licence, std::string("MIT"));
        QCOMPARE(tiny.cite, std::string("Somebody"));
        QCOMPARE(tiny.urls, (std::vector<std::string>{"https://one.example/a/", "https://two.example/"}));
        QCOMPARE(tiny.package->folder, fs::path("/usr/share/tiny"));
        QCOMPARE(tiny.bytes(), std::uint64_t(6000000));
        QCOMPARE(megabytes(tiny.bytes()), std::string("6 MB"));
        QCOMPARE(megabytes(30878645), std::string("31 MB"));
        QCOMPARE(megabytes(17), std::string("1 MB"));
    }

    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char *name, const std::function<void(Json &)> &spoil, const char *words) {
            Json entry = goodEntry();
            spoil(entry);
            const std::string text = Json{{"format", 1}, {"datasets", {entry}}}.dump();
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(words);
        };
        QTest::newRow("no JSON") << QByteArray("{\"format\": 1, ") << QByteArray("not a JSON object");
        QTest::newRow("format") << QByteArray(R"({"format": 2, "datasets": []})") << QByteArray("format 2");
        QTest::newRow("no sets") << QByteArray(R"({"format": 1})") << QByteArray("“datasets” is missing");
        QTest::newRow("sets") << QByteArray(R"({"format": 1, "datasets": {}})")
                              << QByteArray("“datasets” cannot be");
        QTest::newRow("a set") << QByteArray(R"({"format": 1, "datasets": [7]})")
                               << QByteArray("“datasets” cannot be");
        row(
            "id", [](Json &e) { e["id"] = "../tiny"; }, "“../tiny” is no id");
        row(
            "title", [](Json &e) { e.erase("title"); }, "in data set “tiny”, “title” is missing");
        row(
            "classes", [](Json &e) { e["classes"] = 0; }, "“classes” cannot be 0");
        row(
            "rows", [](Json &e) { e["rows"] = 28.5; }, "“rows” cannot be 28.5");
        row(
            "no address", [](Json &e) { e["urls"] = Json::array(); }, "has no address");
        row(
            "plain http", [](Json &e) { e["urls"] = {"http://one.example/"}; },
            "“http://one.example/” is no address");
        row(
            "no slash", [](Json &e) { e["urls"] = {"https://one.example/a"}; }, "ends with /");
        row(
            "three files", [](Json &e) { e["files"].erase(0); }, "it has 3 files, not 4");
        row(
            "a file's place", [](Json &e) { std::swap(e["files"][0], e["files"][1]); }, "where “t10k-images");
        row(
            "a way out", [](Json &e) { e["files"][3]["name"] = "../../x"; }, "“../../x” where");
        row(
            "size", [](Json &e) { e["files"][2]["size"] = 0; }, "cannot have 0 bytes");
        row(
            "too large", [](Json &e) { e["files"][2]["size"] = 1L << 40; },
            "cannot have 1099511627776 bytes");
        row(
            "negative", [](Json &e) { e["files"][2]["size"] = -1; }, "“size” cannot be -1");
        row(
            "check sum", [](Json &e) { e["files"][1]["sha256"] = "abc"; }, "“abc” is no SHA-256");
        row(
            "package",
            [](Json &e) {
                e["package"] = {{"name", "x"}};
            },
            "“folder” is missing");
        const std::string twice = Json{{"format", 1}, {"datasets", {goodEntry(), goodEntry()}}}.dump();
        QTest::newRow("twice") << QByteArray::fromStdString(twice) << QByteArray("“tiny” twice");
    }

    void whatIsWrongIsNamed()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, words);
        const TemporaryFolder folder;
        write(folder / "catalogue.json", text.toStdString());
        const auto catalogue = readCatalogue(folder / "catalogue.json");
        VERIFY_DATA_ERROR(catalogue, words.toStdString());
        VERIFY_DATA_ERROR(catalogue, (folder / "catalogue.json").string());
    }
};

QTEST_GUILESS_MAIN(TestCatalogue)
#include "test_catalogue.moc"
