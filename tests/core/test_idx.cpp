#include "data/idx.h"
#include "filefixtures.h"
#include "gzip.h"

#include <QTest>
#include <array>
#include <sys/stat.h>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

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
    return parseImageSet({imagesPath, read(imagesPath)}, {labelsPath, read(labelsPath)}, {.classes = 10});
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

    void readsEveryFormOfASoundFile_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("content");
        const auto row = [](const char *tag, const char *name, const std::string &content) {
            QTest::newRow(tag) << QByteArray(name) << QByteArray::fromStdString(content);
        };
        const std::string good = gzip(images), zeros(1000, '\0');
        row("gzip without the suffix", "images", good);
        row("the suffix without gzip", "images.gz", images);
        row("two members", "images.gz", gzip(images.substr(0, 20)) + gzip(images.substr(20)));
        row("a member a byte", "images.gz", [] {
            std::string members;
            for (const char byte : images)
                members += gzip(std::string(1, byte));
            return members;
        }());
        row("an empty member behind", "images.gz", good + gzip(""));
        row("zero bytes behind", "images.gz", good + zeros);
        row("zero bytes between", "images.gz",
            gzip(images.substr(0, 7)) + zeros + gzip(images.substr(7)) + zeros);
        row("one channel behind", "images", idx(0x804, {2, 2, 3, 1}, pixels));
        row("one channel before", "images", idx(0x804, {2, 1, 2, 3}, pixels));
    }
    void readsEveryFormOfASoundFile()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, content);
        const TemporaryFolder folder;
        write(folder / name.toStdString(), content.toStdString());
        write(folder / "labels", idx(0x802, {2, 1}, std::string("\x07\x00", 2)));
        const auto shape = surveyIdx(folder / name.toStdString(), IdxKind::Images);
        VERIFY_RESULT(shape);
        QCOMPARE(*shape, (std::vector<std::int64_t>{2, 2, 3, 1}));
        const auto set = imageSet(folder / name.toStdString(), folder / "labels");
        VERIFY_RESULT(set);
        QVERIFY(std::equal(set->pixels.begin(), set->pixels.end(), pixels.begin(), pixels.end(),
                           [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }));
        QCOMPARE(set->labels, (std::vector<std::uint8_t>{7, 0}));
    }

    /// As programs write them that compress image by image.
    void readsThousandsOfMembers()
    {
        constexpr std::uint32_t count = 20'000, pixelsOfOne = 28 * 28;
        const TemporaryFolder folder;
        std::array<std::string, 10> members;
        for (std::size_t i = 0; i < members.size(); ++i)
            members[i] = gzip(std::string(pixelsOfOne, static_cast<char>(i)));
        std::string packed = gzip(idx(0x803, {count, 28, 28}, {})), classes;
        for (std::uint32_t i = 0; i < count; ++i) {
            classes += static_cast<char>(i % 10);
            packed += members[i % 10];
        }
        write(folder / "images.gz", packed);
        write(folder / "labels", idx(0x801, {count}, classes));
        const auto set = imageSet(folder / "images.gz", folder / "labels");
        VERIFY_RESULT(set);
        QCOMPARE(set->count, std::int64_t{count});
        for (std::uint32_t i = 0; i < count; ++i)
            for (const std::size_t pixel : {std::size_t{0}, std::size_t{pixelsOfOne - 1}})
                QCOMPARE(set->pixels[i * pixelsOfOne + pixel], set->labels[i]);
    }

    void imagesHaveAtMost4096PixelsASide()
    {
        const TemporaryFolder folder;
        write(folder / "labels", idx(0x801, {1}, "\x07"));
        const auto told = [&](std::uint32_t rows, std::uint32_t columns, std::uint32_t colours) {
            write(folder / "images",
                  idx(0x804, {1, colours, rows, columns}, std::string(colours * rows * columns, 'x')));
            return std::array{
                surveyIdx(folder / "images", IdxKind::Images).map([](const auto &) {}),
                firstImages(folder / "images", folder / "labels", {}, 1).map([](const auto &) {}),
                imageSet(folder / "images", folder / "labels").map([](const auto &) {})};
        };
        for (const std::uint32_t colours : {1, 3}) {
            for (const auto &read : told(4096, 1, colours))
                VERIFY_RESULT(read);
            for (const auto &read : told(2, 4097, colours))
                VERIFY_DATA_ERROR(read, "its images have 2 × 4097 pixels");
            for (const auto &read : told(4097, 2, colours))
                VERIFY_DATA_ERROR(read, "up to 4096 a side");
        }
        VERIFY_RESULT(surveyIdx(folder / "labels", IdxKind::Labels));
        write(folder / "many", idx(0x801, {5000}, std::string(5000, '\x01')));
        VERIFY_RESULT(surveyIdx(folder / "many", IdxKind::Labels));
    }

    void readsColoursBeforeAndBehindThePixels_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("read");
        // One image of 2 × 2 pixels.
        QTest::newRow("plane by plane") << QByteArray::fromStdString(idx(0x804, {1, 3, 2, 2}, pixels))
                                        << QByteArray::fromStdString(pixels);
        QTest::newRow("pixel by pixel") << QByteArray::fromStdString(idx(0x804, {1, 2, 2, 3}, pixels))
                                        << QByteArray("\x00\x03\xfa\xfd\x01\x04\xfb\xfe\x02\x05\xfc\xff", 12);
    }

    void readsColoursBeforeAndBehindThePixels()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, read);
        const TemporaryFolder folder;
        write(folder / "images", content.toStdString());
        write(folder / "labels", idx(0x801, {1}, "\x07"));
        const auto set = imageSet(folder / "images", folder / "labels");
        VERIFY_RESULT(set);
        QCOMPARE(set->channels, std::int64_t{3});
        QCOMPARE(set->rows, std::int64_t{2});
        QCOMPARE(set->columns, std::int64_t{2});
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(set->pixels.data()), 12), read);
    }

    void tellsWhatElseAFileIs_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *tag, const std::string &content, const char *says) {
            QTest::newRow(tag) << QByteArray::fromStdString(content) << QByteArray(says);
        };
        row("two colours", idx(0x804, {1, 2, 2, 2}, pixels.substr(0, 8)), "images in colour (1 × 2 × 2 × 2)");
        row("labels", idx(0x801, {12}, pixels), "a file of 12 labels");
        row("rows of numbers", idx(0x802, {2, 6}, pixels), "an IDX file of 2 dimensions (2 × 6)");
        row("signed bytes", idx(0x903, {2, 2, 3}, pixels), "an IDX file of signed bytes (2 × 2 × 3)");
        row("real numbers", idx(0xd03, {1, 1, 3}, pixels), "real numbers of 32 bits");
        row("whole numbers", gzip(idx(0xc03, {1, 1, 3}, pixels)), "numbers of 32 bits");
        row("zip", std::string("PK\x03\x04\x14\0\0\0", 8), "a zip archive: unpack it first");
        row("xz",
            "\xfd"
            "7zXZ"
                + std::string(1, '\0'),
            "compressed with xz");
        row("twice", gzip(gzip(images)), "compressed with gzip twice");
        row("a page", "<!DOCTYPE html><html>", "a web page");
        row("Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "Git LFS");
        row("NumPy", std::string("\x93NUMPY\x01\0", 8), "NumPy");
    }
    void tellsWhatElseAFileIs()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        write(folder / "images.gz", content.toStdString());
        write(folder / "labels", labels);
        for (const auto &told : {surveyIdx(folder / "images.gz", IdxKind::Images).map([](const auto &) {}),
                                 imageSet(folder / "images.gz", folder / "labels").map([](const auto &) {})})
        {
            VERIFY_DATA_ERROR(told, "cannot be used: it is " + std::string());
            VERIFY_DATA_ERROR(told, says.toStdString());
            QVERIFY(told.error().message.find("damaged") == std::string::npos);
        }
    }

    /// By kind, size and beginning; the rest is not read.
    void aFileIsJudgedBeforeItIsRead()
    {
        const TemporaryFolder folder;
        write(folder / "images", images);
        fs::resize_file(folder / "images", std::uintmax_t{6} << 30); // zeros that take no room
        VERIFY_DATA_ERROR(surveyIdx(folder / "images", IdxKind::Images),
                          "declares 12 bytes after its header");
        write(folder / "images.gz", gzip(images));
        fs::resize_file(folder / "images.gz", std::uintmax_t{6} << 30);
        VERIFY_DATA_ERROR(surveyIdx(folder / "images.gz", IdxKind::Images),
                          "declares 12 bytes after its header");
        write(folder / "short", images.substr(0, 20));
        VERIFY_DATA_ERROR(surveyIdx(folder / "short", IdxKind::Images), "holds 4");
        QCOMPARE(::mkfifo((folder / "pipe").c_str(), 0600), 0);
        VERIFY_DATA_ERROR(surveyIdx(folder / "pipe", IdxKind::Images), "it is a pipe, not a file");
        VERIFY_DATA_ERROR(surveyIdx("/dev/zero", IdxKind::Labels), "it is a device, not a file");
    }

    /// A look at the first images is one at a few, where they are huge.
    void fewOfHugeImagesAreLookedAt()
    {
        const TemporaryFolder folder;
        write(folder / "images", gzip(idx(0x803, {20, 4096, 4096}, ""), 320));
        write(folder / "labels", idx(0x801, {20}, std::string(20, '\1')));
        const auto first = firstImages(folder / "images", folder / "labels", {}, 16);
        VERIFY_RESULT(first);
        QCOMPARE(first->count, std::int64_t(4)); // 64 MiB
        QCOMPARE(first->labels.size(), std::size_t(4));
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
        plain("little endian", idx(0x03080000, {2, 2, 3}, pixels), "0x03080000, which no IDX file does");
        plain("of no type", idx(0xa03, {2, 2, 3}, pixels), "0x00000a03, which no IDX file does");
        plain("of no dimension", idx(0x800, {}, pixels), "0x00000800, which no IDX file does");
        plain("last byte missing", images.substr(0, images.size() - 1),
              "declares 12 bytes after its header and holds 11");
        plain("one byte more", images + 'x', "declares 12 bytes after its header and holds more");
        plain("no images", idx(0x803, {0, 2, 3}, ""), "0 × 2 × 3");
        plain("no rows", idx(0x803, {2, 0, 3}, ""), "2 × 0 × 3");
        plain("product overflows 64 bits", idx(0x803, {0xffffffff, 0xffffffff, 0xffffffff}, pixels), "2 GiB");
        plain("product overflows to zero", idx(0x803, {0x80000000, 0x80000000, 4}, pixels), "2 GiB");
        plain("just more than 2 GiB", idx(0x803, {0x80000001, 1, 1}, pixels), "2 GiB");

        const std::string good = gzip(images);
        packed("empty gzip", "", "holds 0 bytes, its header alone has 16");
        packed("unknown method", changed(good, 2), "broken");
        packed("ends in its header", good.substr(0, 6), "breaks off after 6 bytes");
        packed("ends in its data", good.substr(0, good.size() - 12), "breaks off");
        packed("ends in its check sum", good.substr(0, good.size() - 3), "breaks off");
        packed("wrong check sum", changed(good, -8), "incorrect data check");
        packed("wrong length", changed(good, -1), "incorrect length check");
        packed("garbage behind", good + "garbage", "7 bytes follow the end of its gzip stream");
        packed("a second stream behind", good + gzip(images),
               "declares 12 bytes after its header and holds more");
        packed("garbage after zero bytes", good + std::string(9, '\0') + "garbage",
               "7 bytes follow the end of its gzip stream");
        packed("a broken second stream", good + gzip(images).substr(0, 12), "breaks off");
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
        row("images for labels", images, "it is a file of images (2 × 2 × 3)");
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
