#include "data/idx.h"
#include "filefixtures.h"
#include "gzip.h"

#include <QTest>

using namespace losslab;
using namespace losslab::test;

namespace {

std::string bigEndian(std::uint32_t value)
{
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8)
        text += static_cast<char>(value >> shift & 0xff);
    return text;
}

std::string idx(std::uint32_t magic, std::initializer_list<std::uint32_t> sizes, const std::string &bytes)
{
    std::string file = bigEndian(magic);
    for (const std::uint32_t size : sizes)
        file += bigEndian(size);
    return file + bytes;
}

/// The same with one byte changed, counted from the end where the place is negative.
std::string changed(std::string text, std::ptrdiff_t place)
{
    const auto index =
        static_cast<std::size_t>(place < 0 ? static_cast<std::ptrdiff_t>(text.size()) + place : place);
    text[index] = static_cast<char>(text[index] ^ 0x55);
    return text;
}

long peakKibibytes()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

const std::string pixels("\x00\x01\x02\x03\x04\x05\xfa\xfb\xfc\xfd\xfe\xff", 12);
const std::string images = idx(0x803, {2, 2, 3}, pixels);
const std::string labels = idx(0x801, {2}, std::string("\x07\x00", 2));

/// Of ten classes, as loadDataset() reads it.
Result<ImageSet> imageSet(const std::filesystem::path &imagesPath, const std::filesystem::path &labelsPath)
{
    return parseImageSet({imagesPath, read(imagesPath)}, {labelsPath, read(labelsPath)}, 10);
}

} // namespace

class TestIdx : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatWasWritten_data()
    {
        QTest::addColumn<QByteArray>("imagesName");
        QTest::addColumn<QByteArray>("labelsName");
        QTest::newRow("plain") << QByteArray("images") << QByteArray("labels");
        QTest::newRow("gzip") << QByteArray("images.gz") << QByteArray("labels.gz");
        QTest::newRow("one of each") << QByteArray("images.gz") << QByteArray("labels");
    }

    void readsWhatWasWritten()
    {
        QFETCH(QByteArray, imagesName);
        QFETCH(QByteArray, labelsName);
        const TemporaryFolder folder;
        const auto imagesPath = folder / imagesName.toStdString(),
                   labelsPath = folder / labelsName.toStdString();
        write(imagesPath, imagesName.endsWith(".gz") ? gzip(images) : images);
        write(labelsPath, labelsName.endsWith(".gz") ? gzip(labels) : labels);

        const auto set = imageSet(imagesPath, labelsPath);
        VERIFY_RESULT(set);
        QCOMPARE(set->count, 2);
        QCOMPARE(set->rows, 2);
        QCOMPARE(set->columns, 3);
        QVERIFY(std::equal(set->pixels.begin(), set->pixels.end(), pixels.begin(), pixels.end(),
                           [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }));
        QCOMPARE(set->labels, (std::vector<std::uint8_t>{7, 0}));
    }

    void refusesDamagedImages_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        const auto plain = [](const char *tag, const std::string &content, const char *says) {
            QTest::newRow(tag) << QByteArray("images") << QByteArray::fromStdString(content)
                               << QByteArray(says);
        };
        const auto packed = [](const char *tag, const std::string &content, const char *says) {
            QTest::newRow(tag) << QByteArray("images.gz") << QByteArray::fromStdString(content)
                               << QByteArray(says);
        };
        plain("empty", "", "holds 0 bytes, its header alone has 16");
        plain("header cut off", images.substr(0, 15), "holds 15 bytes, its header alone has 16");
        plain("labels for images", idx(0x801, {12}, pixels), "0x00000801, images begin with 0x00000803");
        plain("signed bytes", idx(0x903, {2, 2, 3}, pixels), "0x00000903");
        plain("little endian", idx(0x03080000, {2, 2, 3}, pixels), "0x03080000");
        plain("last byte missing", images.substr(0, images.size() - 1),
              "declares 12 bytes after its header and holds 11");
        plain("one byte more", images + 'x', "declares 12 bytes after its header and holds more");
        plain("no images", idx(0x803, {0, 2, 3}, ""), "0 × 2 × 3");
        plain("no rows", idx(0x803, {2, 0, 3}, ""), "2 × 0 × 3");
        plain("product overflows 64 bits", idx(0x803, {0xffffffff, 0xffffffff, 0xffffffff}, pixels), "2 GiB");
        plain("product overflows to zero", idx(0x803, {0x80000000, 0x80000000, 4}, pixels), "2 GiB");
        plain("just more than 2 GiB", idx(0x803, {0x80000001, 1, 1}, pixels), "2 GiB");
        plain("gzip without its name", gzip(images), "0x1f8b0800");

        const std::string good = gzip(images);
        packed("not gzip", images, "does not begin as a gzip file");
        packed("empty gzip", "", "does not begin as a gzip file");
        packed("unknown method", changed(good, 2), "broken");
        packed("ends in its header", good.substr(0, 6), "breaks off after 6 bytes");
        packed("ends in its data", good.substr(0, good.size() - 12), "breaks off");
        packed("ends in its check sum", good.substr(0, good.size() - 3), "breaks off");
        packed("wrong check sum", changed(good, -8), "incorrect data check");
        packed("wrong length", changed(good, -1), "incorrect length check");
        packed("garbage behind", good + "garbage", "7 bytes follow the end of its gzip stream");
        packed("a second stream behind", good + gzip(images), "follow the end of its gzip stream");
        packed("shorter than declared", gzip(images.substr(0, 20)),
               "declares 12 bytes after its header and holds 4");
        packed("longer than declared", gzip(images + pixels),
               "declares 12 bytes after its header and holds more");
    }

    void refusesDamagedImages()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        write(folder / name.toStdString(), content.toStdString());
        write(folder / "labels", labels);
        const auto set = imageSet(folder / name.toStdString(), folder / "labels");
        VERIFY_DATA_ERROR(set, says.toStdString());
        VERIFY_DATA_ERROR(set, (folder / name.toStdString()).string());
        VERIFY_DATA_ERROR(set, "copy the data set again");
    }

    void refusesLabelsThatDoNotFit_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *tag, const std::string &content, const char *says) {
            QTest::newRow(tag) << QByteArray::fromStdString(content) << QByteArray(says);
        };
        row("one too few", idx(0x801, {1}, "\x07"), "holds 2 images");
        row("one too many", idx(0x801, {3}, "\x07\x01\x02"), "holds 3 labels");
        row("no digit", idx(0x801, {2}, "\x09\x0a"), "label 2 of 2 is 10, labels go from 0 to 9");
        row("images for labels", images, "0x00000803, labels begin with 0x00000801");
        row("cut off", labels.substr(0, 9), "declares 2 bytes after its header and holds 1");
    }

    void refusesLabelsThatDoNotFit()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        write(folder / "images", images);
        write(folder / "labels", content.toStdString());
        const auto set = imageSet(folder / "images", folder / "labels");
        VERIFY_DATA_ERROR(set, says.toStdString());
        VERIFY_DATA_ERROR(set, (folder / "labels").string());
    }

    void unpacksNoMoreThanDeclared_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("holds far more than it declares")
            << QByteArray::fromStdString(gzip(images, 512)) << QByteArray("holds more");
        QTest::newRow("declares far more than it holds")
            << QByteArray::fromStdString(gzip(idx(0x803, {1 << 20, 32, 32}, pixels)))
            << QByteArray("holds 12");
    }

    void unpacksNoMoreThanDeclared()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        write(folder / "images.gz", content.toStdString());
        write(folder / "labels", labels);
        const long before = peakKibibytes();
        const auto set = imageSet(folder / "images.gz", folder / "labels");
        VERIFY_DATA_ERROR(set, says.toStdString());
        QVERIFY2(peakKibibytes() - before < 64 * 1024, "unpacking took more than 64 MiB of memory");
    }
};

QTEST_GUILESS_MAIN(TestIdx)
#include "test_idx.moc"
