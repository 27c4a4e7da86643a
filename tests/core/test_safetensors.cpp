#include "data/modelfile.h"
#include "data/safetensors.h"
#include "filefixtures.h"

#include <QTest>
#include <cstring>
#include <span>
#include <sys/stat.h>

using namespace losslab;
using namespace losslab::test;

namespace {

template <class Number>
TensorData tensor(std::string name, std::vector<std::int64_t> shape, const std::vector<Number> &values)
{
    const auto bytes = std::as_bytes(std::span(values));
    return {std::move(name),
            sizeof(Number) == 4 ? TensorType::Float32 : TensorType::Float64,
            std::move(shape),
            {bytes.begin(), bytes.end()}};
}

std::string fileOf(const std::string &header, const std::string &data)
{
    const std::uint64_t length = header.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    return file + header + data;
}

/// Two floats, 1 and -2, and a double, 0.5, as the format's description has them.
const std::string goldenHeader = R"({"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                                 R"("0.bias":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}})";
const std::string goldenData("\x00\x00\x80\x3f\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\xe0\x3f", 16);

/// Of a run.json, what tells of its models.
const std::string goodRun = R"({"spec":{"parameters":{"pixels":"scaled"}},)"
                            R"("training":[{"models":["deep"],"activation":"relu"}]})";

std::vector<std::string> oddRuns()
{
    return {"",
            "{",
            "[]",
            R"({"training":7,"spec":[1]})",
            R"({"training":[{"models":[7,{}],"activation":"relu"}]})",
            R"({"training":[{"models":["deep"],"activation":"\u001b[31mrelu"}]})",
            R"({"training":)" + std::string(300'000, '[') + std::string(300'000, ']') + "}"};
}

} // namespace

class TestSafetensors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsBackWhatWasWritten()
    {
        const TemporaryFolder folder;
        const std::vector<TensorData> tensors{
            tensor<float>("2.weight", {2, 3}, {1.5f, -0.0f, 3e-45f, 3.4e38f, 0.1f, -7}),
            tensor<float>("2.bias", {2}, {0.25f, -0.25f}),
            tensor<double>("0.weight \"ä\\", {1, 1, 1, 2}, {0.1, 5e-324}),
            tensor<double>("scalar", {}, {42}),
            tensor<float>("empty", {0, 7}, {}),
        };
        const auto written = writeSafetensors(folder / "modèl.safetensors", tensors);
        VERIFY_RESULT(written);
        const auto readBack = readSafetensors(folder / "modèl.safetensors");
        VERIFY_RESULT(readBack);
        QVERIFY(*readBack == tensors);
    }

    void writesTheFormatByteForByte()
    {
        const TemporaryFolder folder;
        VERIFY_RESULT(writeSafetensors(folder / "m", {tensor<float>("0.weight", {1, 2}, {1, -2}),
                                                      tensor<double>("0.bias", {1}, {0.5})}));
        const std::string padding((8 - goldenHeader.size() % 8) % 8, ' ');
        QCOMPARE(QByteArray::fromStdString(read(folder / "m")),
                 QByteArray::fromStdString(fileOf(goldenHeader + padding, goldenData)));
    }

    void readsFilesOfOthers()
    {
        const TemporaryFolder folder;
        // PyTorch's library writes metadata, and may list tensors in another order than it stores them.
        write(folder / "m", fileOf(R"({"__metadata__":{"format":"pt"},)"
                                   R"("b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                                   R"("a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}   )",
                                   std::string("\x00\x00\x00\x00\x00\x00\xe0\x3f\x00\x00\x80\x3f", 12)));
        const auto tensors = readSafetensors(folder / "m");
        VERIFY_RESULT(tensors);
        QVERIFY(*tensors
                == (std::vector<TensorData>{tensor<double>("a", {1}, {0.5}), tensor<float>("b", {1}, {1})}));
    }

    /// A model is known without the run.json beside it, which may be anything.
    void whatStandsBesideAModelIsReadWithCare()
    {
        const TemporaryFolder folder;
        const std::filesystem::path run = folder / "run.json", model = folder / "models" / "deep.safetensors";
        std::filesystem::create_directory(folder / "models");
        write(model, fileOf(goldenHeader, goldenData));
        const auto told = [&] {
            const auto described = describeModel(model.string());
            return described ? described->activation + ", " + described->pixels : described.error().message;
        };
        write(run, goodRun);
        QCOMPARE(told(), std::string("relu, scaled"));
        for (const std::string &text : oddRuns()) {
            write(run, text);
            QCOMPARE(told(), std::string(", "));
        }
        std::filesystem::remove(run);
        QCOMPARE(::mkfifo(run.c_str(), 0600), 0);
        QCOMPARE(told(), std::string(", "));
    }

    void refusesDamage_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *tag, const std::string &content, const char *says) {
            QTest::newRow(tag) << QByteArray::fromStdString(content) << QByteArray(says);
        };
        const auto one = [](const std::string &type, const std::string &shape, const std::string &offsets) {
            return R"({"w":{"dtype":)" + type + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets
                   + "}}";
        };
        const std::string eight(8, '\0');
        row("empty", "", "too few for a header");
        row("seven bytes", std::string(7, '\0'), "too few for a header");
        row("header longer than the file", fileOf(goldenHeader, "").substr(0, 40), "declares a header of");
        row("absurd header length", std::string(8, '\xff') + "{}", "declares a header of");
        row("header is no JSON", fileOf("{\"w\":", eight), "not a JSON object");
        row("header is an array", fileOf("[]", ""), "not a JSON object");
        row("two documents", fileOf("{}{}", ""), "not a JSON object");
        row("tensor is no object", fileOf(R"({"w":3})", eight), "type null");
        row("unknown type", fileOf(one(R"("I64")", "[1]", "[0,8]"), eight), "type \"I64\"");
        row("type missing", fileOf(R"({"w":{"shape":[1],"data_offsets":[0,8]}})", eight), "type null");
        row("negative size", fileOf(one(R"("F64")", "[-1]", "[0,8]"), eight), "no proper shape and offsets");
        row("fractional size", fileOf(one(R"("F64")", "[1.0]", "[0,8]"), eight),
            "no proper shape and offsets");
        row("three offsets", fileOf(one(R"("F64")", "[1]", "[0,8,8]"), eight), "no proper shape and offsets");
        row("shape too large", fileOf(one(R"("F64")", "[2]", "[0,8]"), eight), "do not agree");
        row("shape overflows", fileOf(one(R"("F64")", "[4294967296,4294967296,2]", "[0,0]"), ""),
            "do not agree");
        row("size beyond 63 bits", fileOf(one(R"("F64")", "[18446744073709551615]", "[0,8]"), eight),
            "do not agree");
        row("offsets turned", fileOf(one(R"("F64")", "[1]", "[8,0]"), eight), "do not agree");
        row("gap", fileOf(one(R"("F64")", "[1]", "[8,16]"), eight + eight), "begins at byte 8");
        row("overlap",
            fileOf(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},)"
                   R"("b":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}})",
                   eight + eight),
            "tensor b begins at byte 4, the one before it ends at byte 8");
        row("data cut off", fileOf(goldenHeader, goldenData.substr(0, 15)),
            "ends at byte 16, the file holds 15");
        row("bytes behind", fileOf(goldenHeader, goldenData + "x"), "1 bytes follow its last tensor");
    }

    void refusesDamage()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        write(folder / "m.safetensors", content.toStdString());
        const auto tensors = readSafetensors(folder / "m.safetensors");
        VERIFY_DATA_ERROR(tensors, says.toStdString());
        VERIFY_DATA_ERROR(tensors, (folder / "m.safetensors").string());
    }
};

QTEST_GUILESS_MAIN(TestSafetensors)
#include "test_safetensors.moc"
