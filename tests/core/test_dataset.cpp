#include "base/sha256.h"
#include "data/catalogue.h"
#include "data/datafiles.h"
#include "data/dataset.h"
#include "data/datasetting.h"
#include "filefixtures.h"
#include "tests/idxfiles.h"

#include <QScopeGuard>
#include <QTest>
#include <array>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sys/stat.h>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

std::array<int, 10> histogram(const ImageSet &set)
{
    std::array<int, 10> counts{};
    for (const std::uint8_t label : set.labels)
        ++counts[label];
    return counts;
}

/// Plain IDX files of two images each.
void writeSmallSet(const fs::path &folder, char trainRows = 2, char testRows = 2)
{
    fs::create_directories(folder);
    const auto images = [](char rows) {
        return std::string("\0\0\x08\x03\0\0\0\x02\0\0\0", 11) + rows + std::string("\0\0\0\x01", 4)
               + std::string(static_cast<std::size_t>(2 * rows), '\x11');
    };
    const std::string labels("\0\0\x08\x01\0\0\0\x02\x03\x04", 10);
    write(folder / "train-images-idx3-ubyte", images(trainRows));
    write(folder / "train-labels-idx1-ubyte", labels);
    write(folder / "t10k-images-idx3-ubyte", images(testRows));
    write(folder / "t10k-labels-idx1-ubyte", labels);
}

} // namespace

class TestDataset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("LOSSLAB_DATA"); }

    void mnistIsWhatItIsKnownToBe()
    {
        const auto mnist = loadDataset("mnist");
        VERIFY_RESULT(mnist);
        const ImageSet &train = (*mnist)->train, &test = (*mnist)->test;
        QCOMPARE((*mnist)->name, std::string("mnist"));
        QCOMPARE((*mnist)->classes, 10);
        QCOMPARE(train.count, 60000);
        QCOMPARE(test.count, 10000);
        for (const ImageSet *set : {&train, &test}) {
            QCOMPARE(set->rows, 28);
            QCOMPARE(set->columns, 28);
            QCOMPARE(set->pixels.size(), static_cast<std::size_t>(set->count * 28 * 28));
            QCOMPARE(set->labels.size(), static_cast<std::size_t>(set->count));
        }
        QCOMPARE(histogram(train),
                 (std::array<int, 10>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}));
        QCOMPARE(histogram(test),
                 (std::array<int, 10>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}));
        // The mean every MNIST tutorial normalises with.
        const double sum = std::accumulate(train.pixels.begin(), train.pixels.end(), 0.0);
        QCOMPARE(QString::number(sum / 255 / static_cast<double>(train.pixels.size()), 'f', 4),
                 QStringLiteral("0.1307"));
        // sha256sum *.gz | cut -c1-64 | tr -d '\n' | sha256sum
        QCOMPARE((*mnist)->checksum,
                 std::string("b06d16774ad4808b3fee35415ea8df258faa60955addf572e8bccfb1156dc01f"));
    }

    void aFolderMayBeGiven()
    {
        const TemporaryFolder folder;
        writeSmallSet(folder.path());
        const auto small = loadDataset(folder.path().string());
        VERIFY_RESULT(small);
        QCOMPARE((*small)->train.count, 2);
        QCOMPARE((*small)->test.labels, (std::vector<std::uint8_t>{3, 4}));
    }

    void theEnvironmentsFolderComesBeforeTheInstalledOne()
    {
        const TemporaryFolder folder;
        writeSmallSet(folder / "mnist");
        qputenv("LOSSLAB_DATA", QByteArray::fromStdString(folder.path().string()));
        const auto found = findDataset("mnist");
        VERIFY_RESULT(found);
        QCOMPARE(*found, folder / "mnist");
        QCOMPARE((*loadDataset("mnist"))->train.count, 2);
    }

    void theUsersOwnComeBeforeTheInstalledOnes()
    {
        const TemporaryFolder home;
        writeSmallSet(home / "datasets" / "mnist");
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(home.path().string()));
        const auto found = findDataset("mnist");
        qunsetenv("LOSSLAB_HOME");
        VERIFY_RESULT(found);
        QCOMPARE(*found, home / "datasets" / "mnist");
    }

    void namesAndFoldersAreTakenFromTheCommandLine()
    {
        const TemporaryFolder folder;
        QCOMPARE(*chooseDataset("fashion-mnist"), std::string("fashion-mnist"));
        QCOMPARE(*chooseDataset(folder.path().string()), folder.path().string());
        QDir::setCurrent(QString::fromStdString(folder.path().string()));
        fs::create_directory("mine");
        fs::create_directory("mnist");
        QCOMPARE(*chooseDataset("mine"), (folder / "mine").string());
        QCOMPARE(*chooseDataset("mnist"), std::string("mnist"));
        QCOMPARE(*chooseDataset("./mnist"), (folder / "mnist").string());
        VERIFY_DATA_ERROR(chooseDataset("./none"), "“./none”");

        const auto misspelt = chooseDataset("fashion-mnits");
        QVERIFY(!misspelt);
        QCOMPARE(misspelt.error().kind, ErrorKind::Usage);
        QVERIFY2(misspelt.error().message.find("did you mean fashion-mnist?") != std::string::npos,
                 misspelt.error().message.c_str());
        const auto begun = chooseDataset("emnist"); // which is a letter away from kmnist
        QVERIFY(!begun);
        QVERIFY2(begun.error().message.find("did you mean emnist-letters?") != std::string::npos,
                 begun.error().message.c_str());
    }

    void anUnknownNameListsWhatThereIs_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("misspelt") << QByteArray("mnits");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("hidden") << QByteArray(".git");
    }

    void anUnknownNameListsWhatThereIs()
    {
        QFETCH(QByteArray, name);
        const auto found = findDataset(name.toStdString());
        VERIFY_DATA_ERROR(found, "“" + name.toStdString() + "”");
        VERIFY_DATA_ERROR(
            found, "There is: cifar-10, emnist-balanced, emnist-letters, fashion-mnist, kmnist, mnist.");
        VERIFY_DATA_ERROR(found, findDataset("mnist")->parent_path().string());
    }

    void aChangedByteIsFoundByItsCheckSum()
    {
        const TemporaryFolder folder;
        fs::copy(*findDataset("mnist"), folder.path(), fs::copy_options::recursive);
        const fs::path labels = folder / "t10k-labels-idx1-ubyte.gz";
        std::string bytes = read(labels);
        bytes[4] ^= 1; // gzip's time stamp: unpacking does not notice
        fs::permissions(labels, fs::perms::owner_write, fs::perm_options::add);
        write(labels, bytes);
        const auto damaged = loadDataset(folder.path().string());
        VERIFY_DATA_ERROR(damaged, labels.string());
        VERIFY_DATA_ERROR(damaged, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6");
    }

    void everyFormOfAChecksumListIsRead_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("between");
        QTest::addColumn<QByteArray>("end");
        const auto row = [](const char *tag, const char *before, const char *between, const char *end) {
            QTest::newRow(tag) << QByteArray(before) << QByteArray(between) << QByteArray(end);
        };
        row("sha256sum", "", "  ", "\n");
        row("line ends of Windows", "", "  ", "\r\n");
        row("an empty last line", "", "  ", "\n\n");
        row("binary", "", " *", "\n");
        row("./", "", "  ./", "\n");
        row("a folder", "", "  data/mnist/", "\n");
        row("a folder of Windows", "", " *C:\\data\\", "\n");
        row("a tab", "", "\t", "\n");
        row("blanks behind", "", "  ", "  \n");
        row("a comment", "# of today\n", "  ", "\n");
        row("a mark of UTF-8", "\xef\xbb\xbf", "  ", "\n");
    }
    void everyFormOfAChecksumListIsRead()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, between);
        QFETCH(QByteArray, end);
        const TemporaryFolder folder;
        writeSmallSet(folder.path());
        for (const bool capitals : {false, true})
            for (const bool right : {true, false}) {
                std::string list = before.toStdString();
                for (const std::string_view name : dataFileNames) {
                    QByteArray sum =
                        QByteArray::fromStdString(sha256(right ? read(folder / name) : "another"));
                    list += (capitals ? sum.toUpper() : sum).toStdString() + between.toStdString()
                            + std::string(name) + end.toStdString();
                }
                write(folder / "SHA256SUMS", list);
                const auto loaded = loadDataset(folder.path().string());
                if (right)
                    VERIFY_RESULT(loaded);
                else
                    VERIFY_DATA_ERROR(loaded, "is damaged: its SHA-256 check sum is");
            }
    }

    void taggedListsAreRead()
    {
        const TemporaryFolder folder;
        writeSmallSet(folder.path());
        for (const char *form : {"SHA256 (./%1) = %2\n", "SHA2-256(%1)= %2\r\n", "sha256 (%1) = %2\n"}) {
            QString list;
            for (const std::string_view name : dataFileNames)
                list += QString::fromLatin1(form).arg(QString::fromStdString(std::string(name)),
                                                      QString::fromStdString(sha256(read(folder / name))));
            write(folder / "SHA256SUMS", list.toStdString());
            const auto loaded = loadDataset(folder.path().string());
            VERIFY_RESULT(loaded);
            QVERIFY((*loaded)->compared);
        }
        write(folder / "SHA256SUMS", "MD5 (a) = " + std::string(32, 'a') + "\n");
        VERIFY_DATA_ERROR(loadDataset(folder.path().string()), "Line 1 of");
    }

    void theListsOwnFolderCountsBeforeOthers()
    {
        const TemporaryFolder folder;
        const fs::path set = folder / "mine";
        writeSmallSet(set);
        std::string list;
        for (const std::string_view name : dataFileNames) {
            list += sha256("another") + "  others/" + std::string(name) + "\n";
            list += sha256(read(set / name)) + "  mine/" + std::string(name) + "\n";
        }
        write(set / "SHA256SUMS", list);
        VERIFY_RESULT(loadDataset(set.string()));
    }

    void nearNamesAreTaken_data()
    {
        QTest::addColumn<QString>("form");
        QTest::newRow("a point") << "%1-%2.idx%3-ubyte";
        QTest::newRow("underscores") << "%1_%2_idx%3_ubyte";
        QTest::newRow("capitals") << "%1-%2-IDX%3-UByte";
        QTest::newRow("a suffix in capitals") << "%1-%2-idx%3-ubyte.GZ";
    }
    void nearNamesAreTaken()
    {
        QFETCH(QString, form);
        const TemporaryFolder folder;
        writeSmallSet(folder.path());
        for (const char *set : {"t10k", "train"})
            for (const auto &[what, dimensions] : {std::pair("images", 3), std::pair("labels", 1)}) {
                const QString plain = QStringLiteral("%1-%2-idx%3-ubyte").arg(set).arg(what).arg(dimensions);
                const QString other = form.arg(set).arg(what).arg(dimensions);
                fs::rename(folder / plain.toStdString(), folder / other.toStdString());
            }
        VERIFY_RESULT(loadDataset(folder.path().string()));
    }

    void whatMayBeMeantIsNamed()
    {
        const TemporaryFolder folder;
        const fs::path set = folder / "set";
        writeSmallSet(set);
        const auto said = [&] {
            const auto loaded = loadDataset(set.string());
            return loaded ? std::string() : loaded.error().message;
        };
        const std::string name = "t10k-images-idx3-ubyte";
        const auto check = [&](const fs::path &place, const std::string &words) {
            fs::create_directories((set / place).parent_path());
            fs::rename(set / name, set / place);
            QVERIFY2(said().find("neither " + name + ".gz nor " + name + ". " + words) != std::string::npos,
                     said().c_str());
            fs::rename(set / place, set / name);
        };
        check(name + " (1)", "Found “" + (set / (name + " (1)")).string() + "”: rename it to " + name + ".");
        check("emnist-test-images-idx3-ubyte.gz", "Found “"
                                                      + (set / "emnist-test-images-idx3-ubyte.gz").string()
                                                      + "”: rename it to " + name + ".gz.");
        check("MNIST/raw/" + name,
              "Found it in “" + (set / "MNIST" / "raw").string() + "”: name that folder.");
        fs::remove_all(set / "MNIST");
        check("notes.txt", "Copy the data set again.");
    }

    void aSurveyTellsSizesAndRefusesWhatCannotBeRead()
    {
        const TemporaryFolder folder;
        writeSmallSet(folder.path());
        const auto small = surveyDataset(folder.path().string());
        VERIFY_RESULT(small);
        QCOMPARE(small->trainingImages, 2);
        QCOMPARE(small->rows, 2);
        QCOMPARE(small->columns, 1);
        VERIFY_RESULT(surveyDataset("mnist"));
        VERIFY_DATA_ERROR(surveyDataset((folder / "none").string()), (folder / "none").string());
        fs::remove(folder / "t10k-images-idx3-ubyte");
        QCOMPARE(::mkfifo((folder / "t10k-images-idx3-ubyte").c_str(), 0600), 0);
        VERIFY_DATA_ERROR(surveyDataset(folder.path().string()), "it is a pipe, not a file");
        VERIFY_DATA_ERROR(loadDataset(folder.path().string()), "it is a pipe, not a file");
    }

    void aBrokenCatalogueIsTold()
    {
        const TemporaryFolder folder;
        write(folder / "catalogue.json", "{");
        qputenv("LOSSLAB_DATA", QByteArray::fromStdString(folder.path().string()));
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(folder.path().string()));
        const auto restore = qScopeGuard([] { qunsetenv("LOSSLAB_HOME"); });
        VERIFY_DATA_ERROR(chooseDataset("kmnist"), (folder / "catalogue.json").string());
        VERIFY_DATA_ERROR(findDataset("kmnist"), (folder / "catalogue.json").string());
        VERIFY_RESULT(chooseDataset("mnist")); // which is here
        fs::remove(folder / "catalogue.json");
        fs::create_symlink("catalogue.json", folder / "catalogue.json"); // in a circle
        VERIFY_DATA_ERROR(chooseDataset("kmnist"), "Could not");
    }

    void refusesWhatIsIncompleteOrDoesNotFit()
    {
        const TemporaryFolder folder;
        writeSmallSet(folder / "missing");
        fs::remove(folder / "missing" / "train-labels-idx1-ubyte");
        VERIFY_DATA_ERROR(loadDataset((folder / "missing").string()),
                          "neither train-labels-idx1-ubyte.gz nor");

        fs::remove(folder / "missing" / "t10k-images-idx3-ubyte");
        for (const auto &told : {surveyDataset((folder / "missing").string()).map([](const auto &) {}),
                                 loadDataset((folder / "missing").string()).map([](const auto &) {})})
            VERIFY_DATA_ERROR(told, "neither t10k-images-idx3-ubyte.gz nor t10k-images-idx3-ubyte, "
                                    "neither train-labels-idx1-ubyte.gz nor train-labels-idx1-ubyte. "
                                    "Copy the data set again.");
        writeSmallSet(folder / "above" / "raw");
        VERIFY_DATA_ERROR(loadDataset((folder / "above").string()),
                          "nor train-labels-idx1-ubyte. Found it in “" + (folder / "above" / "raw").string()
                              + "”: name that folder.");

        writeSmallSet(folder / "sizes", 2, 3);
        VERIFY_DATA_ERROR(loadDataset((folder / "sizes").string()),
                          "for training they have 2 × 1 pixels, for the test 3 × 1");

        writeSmallSet(folder / "unlisted");
        write(folder / "unlisted" / "SHA256SUMS", std::string(64, 'a') + "  other-file\n");
        VERIFY_DATA_ERROR(loadDataset((folder / "unlisted").string()),
                          "does not list t10k-images-idx3-ubyte");

        writeSmallSet(folder / "sums");
        write(folder / "sums" / "SHA256SUMS",
              std::string(64, 'a') + "  a\n" + std::string(63, 'a') + "  b\n");
        VERIFY_DATA_ERROR(loadDataset((folder / "sums").string()), "Line 2 of");
    }

    /// Sets of n images of 28 × 28 and as many labels as classes, in turn.
    void classesAreThoseOfTheLabels_data()
    {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("classes");
        QTest::newRow("two") << 0 << 2 << 2;
        QTest::newRow("five") << 0 << 5 << 5;
        QTest::newRow("ten") << 0 << 10 << 10;
        QTest::newRow("letters, from 1") << 1 << 26 << 27;
        QTest::newRow("one") << 0 << 1 << 2;
    }

    void classesAreThoseOfTheLabels()
    {
        QFETCH(int, first);
        QFETCH(int, count);
        QFETCH(int, classes);
        const TemporaryFolder folder;
        ImageSet set{4 * count, 2, 2, {}, {}};
        for (int i = 0; i < 4 * count; ++i) {
            set.labels.push_back(static_cast<std::uint8_t>(first + i % count));
            set.pixels.insert(set.pixels.end(), 4, static_cast<std::uint8_t>(i));
        }
        writeImages(folder.path(), "train", set, set.count);
        writeImages(folder.path(), "t10k", set, set.count);
        const auto loaded = loadDataset(folder.path().string());
        VERIFY_RESULT(loaded);
        QCOMPARE((*loaded)->classes, classes);
        const auto survey = surveyDataset(folder.path().string());
        VERIFY_RESULT(survey);
        QVERIFY(*survey == surveyOf(**loaded));
        QVERIFY(classNames(folder.path().string()).empty());
    }

    /// As EMNIST: labels count from 1, and rows are columns.
    void whatTheCatalogueSaysOfImagesIsDone()
    {
        const TemporaryFolder folder;
        const fs::path set = folder / "letters";
        fs::create_directories(set);
        ImageSet lying{4, 2, 3, {}, {1, 2, 3, 1}};
        for (int image = 0; image < 4; ++image)
            for (const int pixel : {1, 2, 3, 4, 5, 6})
                lying.pixels.push_back(static_cast<std::uint8_t>(10 * image + pixel));
        writeImages(set, "train", lying, 4);
        writeImages(set, "t10k", lying, 2);
        Json files = Json::array();
        for (const std::string_view name : dataFileNames)
            files.push_back({{"name", name}, {"size", 1}, {"sha256", std::string(64, 'a')}});
        const Json entry{{"id", "letters"},    {"title", "Letters"},  {"about", "A few."},
                         {"licence", "MIT"},   {"source", "x"},       {"cite", "y"},
                         {"format", "idx"},    {"firstLabel", 1},     {"classes", {"A", "B", "C"}},
                         {"transposed", true}, {"trainingImages", 4}, {"channels", 1},
                         {"rows", 3},          {"columns", 2},        {"urls", {"https://one.example/"}},
                         {"files", files}};
        write(folder / "catalogue.json", Json{{"format", 2}, {"datasets", {entry}}}.dump());
        qputenv("LOSSLAB_DATA", QByteArray::fromStdString(folder.path().string()));
        for (const std::string &data : {std::string("letters"), set.string()}) {
            const auto loaded = loadDataset(data);
            VERIFY_RESULT(loaded);
            QCOMPARE((*loaded)->classes, 3);
            QCOMPARE((*loaded)->train.rows, 3);
            QCOMPARE((*loaded)->train.columns, 2);
            QCOMPARE((*loaded)->train.labels, (std::vector<std::uint8_t>{0, 1, 2, 0}));
            const std::vector<std::uint8_t> &pixels = (*loaded)->train.pixels;
            QCOMPARE((std::vector<std::uint8_t>{pixels.begin() + 6, pixels.begin() + 12}),
                     (std::vector<std::uint8_t>{11, 14, 12, 15, 13, 16}));
            QCOMPARE((*loaded)->test.labels, (std::vector<std::uint8_t>{0, 1}));
            const auto survey = surveyDataset(data);
            VERIFY_RESULT(survey);
            QVERIFY(*survey == surveyOf(**loaded));
            const auto first = sampleImages(data, 2);
            VERIFY_RESULT(first);
            QCOMPARE(first->count, 2);
            QCOMPARE(first->rows, 3);
            QCOMPARE(first->labels, (std::vector<std::uint8_t>{0, 1}));
            QVERIFY(std::equal(first->pixels.begin(), first->pixels.end(), pixels.begin()));
            QCOMPARE(classNames(data), (std::vector<std::string>{"A", "B", "C"}));
        }
        lying.labels[2] = 0;
        writeImages(set, "train", lying, 4);
        VERIFY_DATA_ERROR(loadDataset("letters"), "label 3 of 4 is 0, labels go from 1 to 3");
    }

    /// As they come from EMNIST's own archive, compressed or not: nobody need rename them, and they lie
    /// upright.
    void filesOfOnesOwnAreKnownByTheirNames()
    {
        const TemporaryFolder folder;
        const fs::path set = folder / "mine";
        fs::create_directories(set);
        ImageSet lying{2, 2, 3, {}, {1, 26}};
        for (int pixel = 0; pixel < 12; ++pixel)
            lying.pixels.push_back(static_cast<std::uint8_t>(pixel));
        writeImages(set, "train", lying, 2);
        writeImages(set, "t10k", lying, 2);
        const auto rename = [&](const std::string &from, const std::string &to) {
            for (const char *part : {"-images-idx3-ubyte", "-labels-idx1-ubyte"})
                fs::rename(set / (from + part), set / (to + part));
        };
        rename("t10k", "emnist-letters-test");
        rename("train", "emnist-letters-train");
        const std::string data = set.string();
        const auto loaded = loadDataset(data);
        VERIFY_RESULT(loaded);
        QCOMPARE((*loaded)->classes, 26);
        QCOMPARE((*loaded)->train.rows, 3);
        QCOMPARE((*loaded)->train.labels, (std::vector<std::uint8_t>{0, 25}));
        const std::vector<std::uint8_t> &pixels = (*loaded)->train.pixels;
        QCOMPARE((std::vector<std::uint8_t>{pixels.begin(), pixels.begin() + 6}),
                 (std::vector<std::uint8_t>{0, 3, 1, 4, 2, 5}));
        const auto survey = surveyDataset(data);
        VERIFY_RESULT(survey);
        QVERIFY(*survey == surveyOf(**loaded));
        QCOMPARE(classNames(data)[25], std::string("Z"));
        QVERIFY(dataSetting().kind->read(data));

        rename("emnist-letters-train", "emnist-balanced-train"); // neither of the two
        QVERIFY(!dataSetting().kind->read(data));
        QVERIFY(classNames(data).empty());
    }

    void theFirstImagesAreThoseOfTheSet()
    {
        const auto mnist = loadDataset("mnist");
        VERIFY_RESULT(mnist);
        const auto first = sampleImages("mnist", 16);
        VERIFY_RESULT(first);
        QCOMPARE(first->count, 16);
        QCOMPARE(first->pixels.size(), std::size_t{16 * 784});
        QVERIFY(std::equal(first->pixels.begin(), first->pixels.end(), (*mnist)->train.pixels.begin()));
        QVERIFY(std::equal(first->labels.begin(), first->labels.end(), (*mnist)->train.labels.begin()));
        QCOMPARE(classNames("mnist")[7], std::string("7"));

        const TemporaryFolder folder;
        writeSmallSet(folder.path());
        QCOMPARE(sampleImages(folder.path().string(), 16)->count, 2);
        write(folder / "train-images-idx3-ubyte", "no images");
        VERIFY_DATA_ERROR(sampleImages(folder.path().string(), 16), "train-images-idx3-ubyte");
        VERIFY_DATA_ERROR(sampleImages((folder / "none").string(), 16), "none");
    }

    void aLabelFarBeyondTheOthersIsDamaged()
    {
        const TemporaryFolder folder;
        ImageSet set{4000, 1, 1, {}, {}};
        for (int i = 0; i < 4000; ++i)
            set.labels.push_back(static_cast<std::uint8_t>(i % 10));
        set.labels[1234] = 200;
        set.pixels.resize(4000);
        writeImages(folder.path(), "train", set, set.count);
        writeImages(folder.path(), "t10k", set, set.count);
        VERIFY_DATA_ERROR(loadDataset(folder.path().string()), "go up to 200");
    }
};

QTEST_GUILESS_MAIN(TestDataset)
#include "test_dataset.moc"
