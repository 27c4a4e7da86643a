// CIFAR-10's binary form: as its page describes it, unpacked and in its archive, whole and damaged.

#include "base/sha256.h"
#include "data/dataset.h"
#include "data/datasetting.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "runs/runner.h"
#include "tests/runtoend.h"

#include <QTest>
#include <archive.h>
#include <archive_entry.h>

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

void writeSet(const fs::path &folder, int training = 20, int test = 10)
{
    fs::create_directories(folder);
    write(folder / "data_batch_1.bin", batch(training));
    write(folder / "data_batch_2.bin", batch(training, 3));
    write(folder / "test_batch.bin", batch(test));
}

/// A .tar.gz with these files in a folder, as the original has them.
void pack(const fs::path &archive, const std::vector<std::pair<std::string, std::string>> &files)
{
    ::archive *writer = archive_write_new();
    archive_write_add_filter_gzip(writer);
    archive_write_set_format_ustar(writer);
    archive_write_open_filename(writer, archive.c_str());
    for (const auto &[name, content] : files) {
        archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, ("cifar-10-batches-bin/" + name).c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(writer, entry);
        archive_write_data(writer, content.data(), content.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
}

void isThatSet(const Dataset &set, const std::string &name)
{
    QCOMPARE(set.name, name);
    QCOMPARE(set.classes, 10);
    QCOMPARE(set.train.count, 40);
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
        pack(folder / "packed" / "cifar-10-binary.tar.gz", {{"data_batch_2.bin", batch(20, 3)},
                                                            {"readme.html", "hello"},
                                                            {"test_batch.bin", batch(10)},
                                                            {"data_batch_1.bin", batch(20)}});
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
            QCOMPARE(survey->trainingImages, std::string(where) == "packed" ? 0 : 40);
            QVERIFY(dataSetting().kind->read(data));
        }
    }

    void checkSumsAreHeldTo()
    {
        const TemporaryFolder folder;
        writeSet(folder.path());
        write(folder / "SHA256SUMS",
              sha256(batch(20)) + "  data_batch_1.bin\n" + sha256(batch(9)) + "  test_batch.bin\n");
        VERIFY_DATA_ERROR(loadDataset(folder.path().string()), "test_batch.bin” is damaged");
        write(folder / "SHA256SUMS", sha256(batch(10)) + "  test_batch.bin\n");
        const auto set = loadDataset(folder.path().string());
        VERIFY_RESULT(set);
        QVERIFY((*set)->compared);
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

    void aBrokenArchiveIsNamed()
    {
        const TemporaryFolder folder;
        const std::string data = folder.path().string();
        pack(folder / "cifar-10-binary.tar.gz", {{"data_batch_1.bin", batch(20)}});
        VERIFY_DATA_ERROR(loadDataset(data), "it has no test_batch.bin");
        const std::string whole = read(folder / "cifar-10-binary.tar.gz");
        write(folder / "cifar-10-binary.tar.gz", whole.substr(0, whole.size() / 2));
        VERIFY_DATA_ERROR(loadDataset(data), "cifar-10-binary.tar.gz");
        write(folder / "cifar-10-binary.tar.gz", "no archive");
        VERIFY_DATA_ERROR(loadDataset(data), "cifar-10-binary.tar.gz");
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
            for (auto &[key, value] : spec.parameters)
                if (const ParameterInfo &info = experiment->findParameter(key)->info();
                    info.unit == "epochs" && !info.when)
                    value = std::int64_t{2};
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
