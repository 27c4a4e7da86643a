#include "base/sha256.h"
#include "data/catalogue.h"
#include "data/datafiles.h"
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
            {"format", "idx"},
            {"classes", {"cat", "dog", "cow"}},
            {"trainingImages", 900},
            {"channels", 1},
            {"rows", 28},
            {"columns", 20},
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
        const auto here = surveyDataset("mnist");
        VERIFY_RESULT(here);
        QVERIFY(*here == mnist->images);
        QVERIFY(findEntry(*catalogue, "kmnist"));
        QCOMPARE(findEntry(*catalogue, "fashion-mnist")->package->name, std::string("dataset-fashion-mnist"));
        QVERIFY(!findEntry(*catalogue, "mnits"));
    }

    /// Cohen et al. 2017, table II; Krizhevsky 2009.
    void furtherSetsAreAsPublished_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<int>("images");
        QTest::addColumn<int>("channels");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("last");
        QTest::newRow("fashion-mnist") << 10 << 60000 << 1 << "T-shirt"
                                       << "ankle boot";
        QTest::newRow("emnist-letters") << 26 << 124800 << 1 << "A"
                                        << "Z";
        QTest::newRow("emnist-balanced") << 47 << 112800 << 1 << "0"
                                         << "t";
        QTest::newRow("cifar-10") << 10 << 50000 << 3 << "airplane"
                                  << "truck";
    }
    void furtherSetsAreAsPublished()
    {
        QFETCH(int, classes);
        QFETCH(int, images);
        QFETCH(int, channels);
        QFETCH(QString, first);
        QFETCH(QString, last);
        const auto catalogue = readCatalogue();
        VERIFY_RESULT(catalogue);
        const CatalogueEntry *entry = findEntry(*catalogue, QTest::currentDataTag());
        QVERIFY(entry);
        QCOMPARE(entry->images.classes, classes);
        QCOMPARE(entry->images.trainingImages, images);
        QCOMPARE(entry->images.channels, channels);
        QCOMPARE(entry->facts.classes.front(), first.toStdString());
        QCOMPARE(entry->facts.classes.back(), last.toStdString());
        const bool isEmnist = entry->id.starts_with("emnist");
        QCOMPARE(entry->facts.transposed, isEmnist);
        QCOMPARE(entry->facts.firstLabel, entry->id == "emnist-letters" ? 1 : 0);
        // Where it is not here, a run is checked against what will come.
        if (const auto survey = surveyDataset(entry->id); !findDataset(entry->id)) {
            VERIFY_RESULT(survey);
            QVERIFY(*survey == entry->images);
        }
    }

    void everyFieldIsRead()
    {
        const TemporaryFolder folder;
        Json entry = goodEntry();
        entry["package"] = {{"name", "tiny-data"}, {"folder", "/usr/share/tiny"}};
        write(folder / "c.json", Json{{"format", 2}, {"datasets", {entry}}}.dump());
        const auto catalogue = readCatalogue(folder / "c.json");
        VERIFY_RESULT(catalogue);
        const CatalogueEntry &tiny = catalogue->at(0);
        QCOMPARE(tiny.title, std::string("Tiny"));
        QCOMPARE(tiny.licence, std::string("MIT"));
        QCOMPARE(tiny.cite, std::string("Somebody"));
        QCOMPARE(tiny.urls, (std::vector<std::string>{"https://one.example/a/", "https://two.example/"}));
        QCOMPARE(tiny.package->folder, fs::path("/usr/share/tiny"));
        QCOMPARE(tiny.images.classes, 3);
        QCOMPARE(tiny.images.rows, 28);
        QCOMPARE(tiny.images.columns, 20);
        QCOMPARE(tiny.facts.classes[1], std::string("dog"));
        QVERIFY(!tiny.facts.transposed);
        QCOMPARE(tiny.bytes(), std::uint64_t(6000000));
        QCOMPARE(tiny.room(), std::uint64_t(6000000));
        QCOMPARE(tiny.sizeText(), std::string("6 MB"));
        QCOMPARE(findEntry(*readCatalogue(), "emnist-letters")->sizeText(),
                 std::string("562 MB, 677 MB on the disk while it is unpacked"));
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
            const std::string text = Json{{"format", 2}, {"datasets", {entry}}}.dump();
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(words);
        };
        QTest::newRow("no JSON") << QByteArray("{\"format\": 2, ") << QByteArray("not a JSON object");
        QTest::newRow("format") << QByteArray(R"({"format": 3, "datasets": []})") << QByteArray("format 3");
        QTest::newRow("no sets") << QByteArray(R"({"format": 2})") << QByteArray("“datasets” is missing");
        QTest::newRow("sets") << QByteArray(R"({"format": 2, "datasets": {}})")
                              << QByteArray("“datasets” cannot be");
        QTest::newRow("a set") << QByteArray(R"({"format": 2, "datasets": [7]})")
                               << QByteArray("“datasets” cannot be");
        row(
            "id", [](Json &e) { e["id"] = "../tiny"; }, "“../tiny” is no id");
        row(
            "title", [](Json &e) { e.erase("title"); }, "in data set “tiny”, “title” is missing");
        row(
            "classes", [](Json &e) { e["classes"] = 10; }, "“classes” cannot be 10");
        row(
            "one class", [](Json &e) { e["classes"] = {"cat"}; }, "fewer than two classes");
        row(
            "first label", [](Json &e) { e["firstLabel"] = 254; }, "“firstLabel” cannot be 254");
        row(
            "no images", [](Json &e) { e["trainingImages"] = 0; }, "“trainingImages” cannot be 0");
        row(
            "file format", [](Json &e) { e["format"] = "png"; }, "“png” is no format of data sets");
        row(
            "the other format", [](Json &e) { e["format"] = "cifar-10"; },
            "those of the format are data_batch_1.bin");
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
            "three files", [](Json &e) { e["files"].erase(0); },
            "its files are t10k-labels-idx1-ubyte, train-");
        row(
            "a way out", [](Json &e) { e["files"][3]["name"] = "../../x"; }, "“../../x” is no file's name");
        const auto archive = [](Json &e) -> Json & {
            Json members = Json::array();
            for (const Json &file : e["files"])
                members.push_back(
                    {{"name", "their-" + file["name"].get<std::string>()}, {"file", file["name"]}});
            e["files"] = {{{"name", "all.zip"},
                           {"size", 9},
                           {"sha256", std::string(64, 'a')},
                           {"unpacked", 9},
                           {"members", members}}};
            return e["files"][0];
        };
        row(
            "a member's way out", [&](Json &e) { archive(e)["members"][2]["file"] = "../x.gz"; },
            "“../x.gz” is no file's name");
        row(
            "a member too few", [&](Json &e) { archive(e)["members"].erase(1); },
            "its files are t10k-images");
        row(
            "no members", [&](Json &e) { archive(e)["members"] = Json::array(); },
            "“all.zip” has no members");
        row(
            "no room", [&](Json &e) { archive(e)["unpacked"] = 0; }, "cannot have 0 bytes");
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
        const std::string twice = Json{{"format", 2}, {"datasets", {goodEntry(), goodEntry()}}}.dump();
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
