// CIFAR-10's binary form: as its page describes it, unpacked and in its archive, whole and damaged.

#include "archives.h"
#include "base/sha256.h"
#include "data/cifar.h"
#include "data/dataset.h"
#include "data/datasetting.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "runs/runner.h"
#include "tests/runtoend.h"
#include "tests/shortsettings.h"

#include <QTest>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t planeSize = 32 * 32;

/// `count` records. Image i has the label (first + i) modulo 10; its red is i, its green 100, its blue its
/// label.
std::string batch(int count, int first = 0)
{
    std::string bytes;
    for (int i = 0; i < count; ++i) {
        const auto label = static_cast<char>((first + i) % 10);
        bytes += label;
        bytes += std::string(planeSize, static_cast<char>(i % 256)) + std::string(planeSize, 100)
                 + std::string(planeSize, label);
    }
    return bytes;
}

/// All six files, the second with other labels than the others.
Members files(int training, int test)
{
    Members files;
    for (const std::string_view name : cifarFileNames)
        files.emplace_back(name, name == "test_batch.bin"
                                     ? batch(test)
                                     : batch(training, name == cifarFileNames[1] ? 3 : 0));
    return files;
}

void writeSet(const fs::path &folder, int training = 20, int test = 10)
{
    fs::create_directories(folder);
    for (const auto &[name, content] : files(training, test))
        write(folder / name, content);
}

/// As the original: in a folder, with a page, in no special order.
void packSet(const fs::path &archive, const Members &files)
{
    Members members{{"cifar-10-batches-bin/readme.html", "hello"}};
    for (const auto &[name, content] : files)
        members.insert(members.begin(), {"cifar-10-batches-bin/" + name, content});
    pack(archive, members);
}

void isThatSet(const Dataset &set, const std::string &name)
{
    QCOMPARE(set.name, name);
    QCOMPARE(set.classes, 10);
    QCOMPARE(set.train.count, 100);
    QCOMPARE(set.test.count, 10);
    QCOMPARE(set.train.channels, 3);
    QCOMPARE(set.train.rows, 32);
    QCOMPARE(set.train.columns, 32);
    QCOMPARE(set.train.labels[1], std::uint8_t{1});
    QCOMPARE(set.train.labels[20], std::uint8_t{3}); // the second file follows the first
    const std::uint8_t *second = set.train.pixels.data() + 3 * planeSize;
    QCOMPARE(second[0], std::uint8_t{1});
    QCOMPARE(second[planeSize], std::uint8_t{100});
    QCOMPARE(second[2 * planeSize], std::uint8_t{1});
}

} // namespace

class TestCifar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void batchesAreReadWhereverTheyLie()
    {
        const TemporaryFolder folder;
        writeSet(folder / "unpacked");
        writeSet(folder / "beneath" / "cifar-10-batches-bin");
        fs::create_directories(folder / "packed");
        packSet(folder / "packed" / "cifar-10-binary.tar.gz", files(20, 10));
        std::string checksum;
        for (const char *where : {"unpacked", "beneath", "packed"}) {
            const std::string data = (folder / where).string();
            const auto set = loadDataset(data);
            VERIFY_RESULT(set);
            isThatSet(**set, data);
            QVERIFY(checksum.empty() || checksum == (*set)->checksum);
            checksum = (*set)->checksum;
            const auto survey = surveyDataset(data);
            VERIFY_RESULT(survey);
            QCOMPARE(survey->channels, 3);
            QCOMPARE(survey->rows, 32);
            QCOMPARE(survey->trainingImages, 100);
            QCOMPARE(survey->classes, 10);
            QVERIFY(dataSetting().kind->read(data));
        }
    }

    void checkSumsAreHeldTo()
    {
        const TemporaryFolder folder;
        writeSet(folder.path());
        std::string list;
        for (const auto &[name, content] : files(20, 10))
            list += sha256(content) + "  " + name + "\n";
        write(folder / "SHA256SUMS", list);
        const auto set = loadDataset(folder.path().string());
        VERIFY_RESULT(set);
        QVERIFY((*set)->compared);
        write(folder / "test_batch.bin", batch(9));
        VERIFY_DATA_ERROR(loadDataset(folder.path().string()), "test_batch.bin” is damaged");
        VERIFY_DATA_ERROR(loadDataset(folder.path().string()), sha256(batch(9)));
    }

    /// Else what nobody has compared would pass as compared.
    void aFileThatTheListLacksIsRefused()
    {
        const TemporaryFolder folder;
        writeSet(folder / "unpacked");
        const std::string list = sha256(batch(20)) + "  data_batch_1.bin\n";
        write(folder / "unpacked" / "SHA256SUMS", list);
        VERIFY_DATA_ERROR(loadDataset((folder / "unpacked").string()), "does not list data_batch_2.bin");
        fs::create_directories(folder / "packed");
        const fs::path archive = folder / "packed" / "cifar-10-binary.tar.gz";
        packSet(archive, files(20, 10));
        write(folder / "packed" / "SHA256SUMS", list);
        VERIFY_DATA_ERROR(loadDataset((folder / "packed").string()), "does not list cifar-10-binary.tar.gz");
        write(folder / "packed" / "SHA256SUMS", sha256(read(archive)) + "  cifar-10-binary.tar.gz\n");
        const auto set = loadDataset((folder / "packed").string());
        VERIFY_RESULT(set);
        QVERIFY((*set)->compared);
    }

    /// As the download takes it, and the first images.
    void ofAMemberThatOccursTwiceTheFirstCounts()
    {
        const TemporaryFolder folder;
        fs::create_directories(folder / "set");
        Members members = files(20, 10);
        for (const auto &[name, content] : files(7, 3))
            members.emplace_back("others/" + name, content);
        pack(folder / "set" / "cifar-10-binary.tar.gz", members);
        const std::string data = (folder / "set").string();
        const auto set = loadDataset(data);
        VERIFY_RESULT(set);
        isThatSet(**set, data);
        std::swap(members[5], members[11]); // the test's file is the shorter one, behind others that repeat
        pack(folder / "set" / "cifar-10-binary.tar.gz", members);
        const auto other = loadDataset(data);
        VERIFY_RESULT(other);
        QCOMPARE((*other)->train.count, 100);
        QCOMPARE((*other)->test.count, 3);
    }

    void damageIsNamed()
    {
        const TemporaryFolder folder;
        const std::string data = folder.path().string();
        writeSet(folder.path());
        write(folder / "data_batch_2.bin", batch(20).substr(1));
        VERIFY_DATA_ERROR(surveyDataset(data), "data_batch_2.bin");
        VERIFY_DATA_ERROR(loadDataset(data), "no records of 3073");
        std::string strange = batch(20);
        strange[3073] = 12;
        write(folder / "data_batch_2.bin", strange);
        VERIFY_DATA_ERROR(loadDataset(data), "has the label 12");
        write(folder / "data_batch_2.bin", "");
        VERIFY_DATA_ERROR(loadDataset(data), "0 bytes");
        writeSet(folder.path());
        fs::remove(folder / "test_batch.bin");
        VERIFY_DATA_ERROR(surveyDataset(data), "it has no test_batch.bin");
        VERIFY_DATA_ERROR(loadDataset(data), "it has no test_batch.bin");
    }

    /// Three of five files are another set than CIFAR-10: that is said, and what is missing.
    void missingFilesAreNamed()
    {
        const TemporaryFolder folder;
        const std::string data = folder.path().string();
        writeSet(folder.path());
        for (const char *name : {"data_batch_2.bin", "data_batch_4.bin"})
            fs::remove(folder / name);
        const char *words = "it has no data_batch_2.bin, no data_batch_4.bin.";
        VERIFY_DATA_ERROR(surveyDataset(data), words);
        VERIFY_DATA_ERROR(loadDataset(data), words);
        QVERIFY(!dataSetting().kind->read(data));
        QVERIFY(dataSetting().problem(data).find("has no data_batch_2.bin, no data_batch_4.bin.")
                != std::string::npos);
        packSet(folder / "cifar-10-binary.tar.gz", files(20, 10)); // which has them all
        VERIFY_RESULT(loadDataset(data));
        QVERIFY(dataSetting().kind->read(data));
    }

    void theFirstImagesAreTakenAlone()
    {
        const TemporaryFolder folder;
        writeSet(folder / "unpacked");
        fs::create_directories(folder / "packed");
        packSet(folder / "packed" / "cifar-10-binary.tar.gz", files(20, 10));
        for (const char *where : {"unpacked", "packed"}) {
            const auto few = sampleImages((folder / where).string(), 16);
            VERIFY_RESULT(few);
            QCOMPARE(few->count, 16);
            QCOMPARE(few->channels, 3);
            QCOMPARE(few->labels[13], std::uint8_t{3});
            QCOMPARE(few->pixels.size(), 16 * 3 * planeSize);
            QCOMPARE(few->pixels[13 * 3 * planeSize], std::uint8_t{13});
            QCOMPARE(sampleImages((folder / where).string(), 1000)->count, 20);
        }
    }

    void aBrokenArchiveIsNamed()
    {
        const TemporaryFolder folder;
        const std::string data = folder.path().string();
        Members few = files(20, 10);
        few.pop_back();
        packSet(folder / "cifar-10-binary.tar.gz", few);
        VERIFY_DATA_ERROR(loadDataset(data), "it has no test_batch.bin");
        VERIFY_DATA_ERROR(surveyDataset(data), "it has no test_batch.bin"); // before a run begins
        const std::string whole = read(folder / "cifar-10-binary.tar.gz");
        write(folder / "cifar-10-binary.tar.gz", whole.substr(0, whole.size() / 2));
        VERIFY_DATA_ERROR(loadDataset(data), "cifar-10-binary.tar.gz");
        VERIFY_DATA_ERROR(surveyDataset(data), "cifar-10-binary.tar.gz");
        write(folder / "cifar-10-binary.tar.gz", "no archive");
        VERIFY_DATA_ERROR(surveyDataset(data), "cifar-10-binary.tar.gz");
        VERIFY_DATA_ERROR(loadDataset(data), "cifar-10-binary.tar.gz");
        VERIFY_DATA_ERROR(sampleImages(data, 16), "cifar-10-binary.tar.gz");
    }

    /// Every experiment on images, on coloured ones.
    void experimentsTakeColour()
    {
        const TemporaryFolder folder;
        writeSet(folder / "set", 30, 20);
        for (const ExperimentFactory make : registry()) {
            const auto experiment = make();
            if (!experiment->info().needsImages)
                continue;
            RunSpec spec = makeSpec(*experiment, Preset::Quick);
            spec.data = (folder / "set").string();
            takeImages(spec, *experiment);
            shorten(spec, *experiment, 2);
            for (const auto &[key, value] :
                 {std::pair("largest", 40), std::pair("small-batch", 16), std::pair("alphas", 3)})
                if (Value *setting = spec.find(key))
                    *setting = std::int64_t{value};
            if (experiment->info().id == "interpolation")
                *spec.find("fine-tune") = std::int64_t{0};
            RunData data(*experiment, spec);
            const auto runner = Runner::start(spec, {.folder = folder / experiment->info().id});
            VERIFY_RESULT(runner);
            runToEnd(**runner, data);
            QVERIFY2(data.state() == RunState::Finished,
                     (experiment->info().id + ": " + data.stateMessage()).c_str());
            QVERIFY(!data.figures().empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestCifar)
#include "test_cifar.moc"
