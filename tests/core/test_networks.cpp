// Networks, sweeps and schedules as people write them, and what is drawn for them: starts of weights and
// labels in another order.

#include "data/labels.h"
#include "lab/runerror.h"
#include "lab/sweepkind.h"
#include "nn/activation.h"
#include "nn/architecture.h"
#include "nn/layertext.h"
#include "nn/network.h"
#include "nn/optimizer.h"
#include "nn/weightstart.h"
#include "tests/networks.h"
#include "train/layerskind.h"
#include "train/networklist.h"
#include "train/schedule.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

using namespace losslab;

namespace {

const NetworkTask functionTask{{1}, 1};
const NetworkTask imageTask{{1, 28, 28}, 10};
constexpr const char *deepText = "5, 10, 10, 10, 10, 10, 5";

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

template <class T>
QString messageOf(const Result<T> &result)
{
    return result ? QString("no error") : toQt(result.error().message);
}

/// A layer in few words, with all that it is.
struct LayerTeller
{
    QString operator()(const Linear &linear) const
    {
        return QString("linear %1-%2").arg(linear.in).arg(linear.out);
    }
    QString operator()(const Conv2d &conv) const
    {
        return QString("conv %1-%2 of %3 by %4 in %5+%6")
            .arg(conv.in)
            .arg(conv.out)
            .arg(conv.kernel)
            .arg(conv.stride)
            .arg(conv.padding)
            .arg(conv.paddingAfter);
    }
    QString operator()(const MaxPool2d &pool) const { return QString("max %1").arg(pool.size); }
    QString operator()(const AvgPool2d &pool) const { return QString("mean %1").arg(pool.size); }
    QString operator()(const Activate &activate) const { return toQt(activationName(activate.function)); }
    QString operator()(const Flatten &) const { return "flatten"; }
    QString operator()(const Dropout &dropout) const { return QString("drop %1").arg(dropout.probability); }
};

QString toldLayers(const Architecture &architecture)
{
    QStringList told;
    for (const Layer &layer : architecture.layers)
        told << std::visit(LayerTeller(), layer);
    return told.join(", ");
}

/// Of a text that must be understood.
Architecture networkFrom(std::string_view text, const NetworkTask &task,
                         Activation activation = Activation::Relu)
{
    return networkOf(readLayers(text).value(), task, activation).value();
}

Result<Architecture> networkWritten(const QString &text, const NetworkTask &task)
{
    return readLayers(text.toStdString()).and_then([&](const std::vector<LayerWord> &words) {
        return networkOf(words, task);
    });
}

QString repeated(const char *word, int times, const char *between)
{
    return QStringList(times, word).join(between);
}

/// Whether a count of `trials` draws at this chance lies within five standard deviations.
bool isLikely(std::int64_t count, std::int64_t trials, double chance)
{
    const auto n = static_cast<double>(trials);
    return std::abs(static_cast<double>(count) - n * chance) <= 5 * std::sqrt(n * chance * (1 - chance));
}

/// Whether values may well be drawn uniformly within ±bound: by their bound, their mean and their variance.
bool isUniform(const at::Tensor &values, double bound)
{
    const auto n = static_cast<double>(values.numel());
    const double variance = bound * bound / 3, varianceError = bound * bound * std::sqrt(4.0 / 45 / n);
    const auto largest = values.abs().max().item<double>();
    return largest <= bound && largest >= bound * (1 - 20 / n)
           && std::abs(values.mean().item<double>()) <= 5 * std::sqrt(variance / n)
           && std::abs(values.square().mean().item<double>() - variance) <= 5 * varianceError;
}

/// Whether they may well be normal: by their mean, their variance, and how many lie within one deviation and
/// beyond three.
bool isNormal(const at::Tensor &values, double deviation)
{
    const auto n = static_cast<double>(values.numel());
    const double variance = deviation * deviation;
    const at::Tensor sizes = values.abs() / deviation;
    const auto within = [&](double limit) { return (sizes <= limit).sum().item<std::int64_t>(); };
    return std::abs(values.mean().item<double>()) <= 5 * deviation / std::sqrt(n)
           && std::abs(values.square().mean().item<double>() - variance) <= 5 * variance * std::sqrt(2 / n)
           && isLikely(within(1), values.numel(), std::erf(1 / std::numbers::sqrt2))
           && isLikely(within(3), values.numel(), std::erf(3 / std::numbers::sqrt2));
}

void everyWeightStart()
{
    QTest::addColumn<WeightStart>("start");
    for (const WeightStart start : allWeightStarts)
        QTest::newRow(weightStartName(start).data()) << start;
}

/// As many labels of each of ten classes.
std::vector<std::int64_t> someLabels(std::size_t count)
{
    std::vector<std::int64_t> labels(count);
    for (std::size_t i = 0; i < count; ++i)
        labels[i] = static_cast<std::int64_t>(i % 10);
    return labels;
}

std::int64_t countOfDifferent(const std::vector<std::int64_t> &a, const std::vector<std::int64_t> &b)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        count += a[i] != b.at(i) ? 1 : 0;
    return count;
}

} // namespace

class TestNetworks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aListOfNetworksIsKeptAsJsonAndReadBack()
    {
        const NetworkListKind kind(functionTask);
        const std::string text = "deep: 5, 10 | lr 0.001 | decay 0.0001; wide: 190; none:";
        const std::string json = kind.json(text);
        QCOMPARE(json, std::string(R"([{"name":"deep","layers":"5, 10","lr":0.001,"decay":0.0001},)"
                                   R"({"name":"wide","layers":"190"},{"name":"none","layers":""}])"));
        QCOMPARE(kind.read(json), std::optional<Value>(text));
        for (const char *damaged :
             {"[", "[5]", R"([{"name":"a"}])", R"([{"name":"a","layers":5}])",
              R"([{"name":"a","layers":"5","x":1}])", R"([{"name":"a","layers":"5","lr":"NaN"}])",
              R"([{"name":"a;b","layers":"5"}])", R"([{"name":"a: 5 | lr 3","layers":"5"}])",
              R"([{"name":"a","layers":"10 | lr 5"}])", "[]"})
            QVERIFY2(!kind.read(damaged), damaged);
    }

    void layersAreReadAndWrittenAtTheirBest_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("written");
        const auto add = [](const char *name, const char *typed, const char *written) {
            QTest::newRow(name) << QString(typed) << QString(written);
        };
        add("nothing", "", "");
        add("separators alone", " , ; ", "");
        add("one width", "190", "190");
        add("commas", "5, 10, 10", "5, 10, 10");
        add("dashes", "5-10-10", "5, 10, 10");
        add("dashes between spaces", "5 - 10 - 10", "5, 10, 10");
        add("spaces", "  5 10\t10\n", "5, 10, 10");
        add("lines", "5,\r\n10", "5, 10");
        add("semicolons and no spaces", "5;10,10", "5, 10, 10");
        add("zeros ahead", "007", "7");
        add("the widest", "100000", "100000");
        add("convolution", "conv 10 4", "conv 10 4");
        add("capitals", "Conv 10 4, POOL 2", "conv 10 4, pool 2");
        add("dashes in a convolution", "conv-10-4-pool-2", "conv 10 4, pool 2");
        add("stride", "conv 10 4 stride 2", "conv 10 4 stride 2");
        add("stride of 1", "conv 10 4 stride 1", "conv 10 4");
        add("padding", "conv 10 4 pad 2", "conv 10 4 pad 2");
        add("padding of 0", "conv 10 4 pad 0", "conv 10 4");
        add("padded to the same size", "conv 10 4 pad same", "conv 10 4 pad same");
        add("padding ahead of stride", "conv 10 4 pad 1 stride 2", "conv 10 4 stride 2 pad 1");
        add("same ahead of stride", "conv 10 4 pad same stride 2", "conv 10 4 stride 2 pad same");
        add("a width after a convolution", "conv 10 4,50", "conv 10 4, 50");
        add("pools", "pool 2, maxpool 3, avgpool 4", "pool 2, pool 3, avgpool 4");
        add("dropout", "dropout 0.25", "dropout 0.25");
        add("dropout with zeros", "dropout .250", "dropout 0.25");
        add("no dropout", "dropout 0", "dropout 0");
        add("dropout in powers of ten", "dropout 1e-3", "dropout 0.001");
        add("hardly any dropout", "50, dropout 0.00001", "50, dropout 1e-05");
        add("all", "conv 10 4 pool 2 conv 20 4 stride 2 pad same, 50 dropout 0.25",
            "conv 10 4, pool 2, conv 20 4 stride 2 pad same, 50, dropout 0.25");
    }

    void layersAreReadAndWrittenAtTheirBest()
    {
        QFETCH(QString, typed);
        QFETCH(QString, written);
        const auto words = readLayers(typed.toStdString());
        QVERIFY2(words, qPrintable(messageOf(words)));
        QCOMPARE(toQt(layerText(*words)), written);
        const auto again = readLayers(layerText(*words));
        QVERIFY2(again, qPrintable(messageOf(again)));
        QCOMPARE(toQt(layerText(*again)), written);
    }

    /// As slides and papers write networks.
    void inputAndOutputAreNoHiddenLayers()
    {
        const NetworkTask function{{1}, 1}, images{{1, 28, 28}, 10};
        const auto read = [](const char *text, const NetworkTask &task) {
            return layerText(*readLayers(text, task));
        };
        QCOMPARE(read("1-10-18-15-4-1", function), std::string("10, 18, 15, 4"));
        QCOMPARE(read("784-500-10", images), std::string("500"));
        QCOMPARE(read("1, 190, 1", function), std::string("1, 190, 1")); // as a list they are meant
        QCOMPARE(read("5-10-1", function), std::string("5, 10, 1"));
        QCOMPARE(read("1-1", function), std::string("1, 1"));
    }

    void layersThatAreNotUnderstoodAreExplained_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        const auto add = [](const char *name, const QString &typed, const char *says) {
            QTest::newRow(name) << typed << QString(says);
        };
        add("one number too many", "conv 10 4, pool 2 2", "“2” needs a comma before it");
        add("misspelt", "cnov 10 4",
            "“cnov” is no layer; did you mean conv? Layers are widths such as 50, conv 10 4, pool 2, avgpool "
            "2 and dropout 0.25.");
        add("misspelt later", "50, droput 0.5", "“droput” is no layer; did you mean dropout?");
        add("nothing near", "50, softmax",
            "“softmax” is no layer. Layers are widths such as 50, conv 10 4, pool 2, avgpool 2 and dropout "
            "0.25.");
        add("zero", "10, 0", "A dense layer's width is a whole number from 1 to 100,000, not 0.");
        add("negative", "-5", "A dense layer's width is a whole number from 1 to 100,000, not -5.");
        add("negative later", "10, -5", "A dense layer's width is a whole number from 1 to 100,000, not -5.");
        add("too wide", "100001", "A dense layer's width is a whole number from 1 to 100,000, not 100001.");
        add("beyond 64 bits", "99999999999999999999", "from 1 to 100,000, not 99999999999999999999.");
        add("a fraction", "2.5", "from 1 to 100,000, not 2.5.");
        add("a tail", "50x", "from 1 to 100,000, not 50x.");
        add("a plus", "+5", "from 1 to 100,000, not +5.");
        add("a power of ten", "1e3", "from 1 to 100,000, not 1e3.");
        add("commas between thousands", "100,000", "from 1 to 100,000, not 000.");
        add("conv alone", "conv", "conv 10 4: ten channels, kernels of 4 × 4) is missing at the end.");
        add("no kernel", "conv 10", "The kernel of conv is missing at the end.");
        add("a word for a kernel", "conv 10, pool 2",
            "The kernel of conv is a whole number from 1 to 100, not pool.");
        add("no channels", "conv 0 4",
            "The number of channels of conv (conv 10 4: ten channels, kernels of 4 × 4) is a whole number "
            "from 1 to 4,096, not 0.");
        add("too many channels", "conv 4097 4", "is a whole number from 1 to 4,096, not 4097.");
        add("negative channels", "conv -10 4", "is a whole number from 1 to 4,096, not -10.");
        add("a kernel of 0", "conv 10 0", "The kernel of conv is a whole number from 1 to 100, not 0.");
        add("a negative kernel", "conv 10 -4", "The kernel of conv is a whole number from 1 to 100, not -4.");
        add("a huge kernel", "conv 10 101", "The kernel of conv is a whole number from 1 to 100, not 101.");
        add("a stride of 0", "conv 10 4 stride 0",
            "The stride of conv is a whole number from 1 to 100, not 0.");
        add("no stride", "conv 10 4 stride", "The stride of conv is missing at the end.");
        add("no padding", "conv 10 4 pad", "The padding of conv is missing at the end.");
        add("a negative padding", "conv 10 4 pad -1",
            "The padding of conv is a whole number from 0 to 100, not -1.");
        add("a padding of another word", "conv 10 4 pad valid",
            "The padding of conv is a whole number from 0 to 100, not valid.");
        add("a stride of no convolution", "50, stride 2", "“stride” is no layer");
        add("no window", "conv 10 4, pool", "The window of pool is missing at the end.");
        add("a window of 0", "avgpool 0", "The window of avgpool is a whole number from 1 to 100, not 0.");
        add("dropout of all", "50, dropout 1",
            "dropout takes a share from 0 to less than 1, such as 0.25, not 1.");
        add("negative dropout", "dropout -0.5", "such as 0.25, not -0.5.");
        add("dropout in percent", "dropout 25%", "such as 0.25, not 25%.");
        add("dropout that is no number", "dropout nan", "such as 0.25, not nan.");
        add("dropout alone", "50, dropout", "dropout takes a share from 0 to less than 1, such as 0.25.");
        add("a thousand layers", repeated("1", 1000, "-"), "There are more than 100 layers.");
    }

    void layersThatAreNotUnderstoodAreExplained()
    {
        QFETCH(QString, typed);
        QFETCH(QString, says);
        const auto words = readLayers(typed.toStdString());
        QVERIFY2(!words, words ? layerText(*words).c_str() : "");
        QCOMPARE(words.error().kind, ErrorKind::Usage);
        QVERIFY2(messageOf(words).contains(says), qPrintable(messageOf(words)));
    }

    void aHundredLayersAreTaken()
    {
        const QString text = repeated("1", 100, ", ");
        const auto words = readLayers(text.toStdString());
        QVERIFY2(words, qPrintable(messageOf(words)));
        QCOMPARE(toQt(layerText(*words)), text);
    }

    void aNetworkHasWhatItsWordsSay_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("images");
        QTest::addColumn<QString>("layers");
        const auto function = [](const char *name, const char *text, const char *layers) {
            QTest::newRow(name) << QString(text) << false << QString(layers);
        };
        const auto images = [](const char *name, const char *text, const char *layers) {
            QTest::newRow(name) << QString(text) << true << QString(layers);
        };
        function("no hidden layer", "", "linear 1-1");
        function("one hidden layer", "7", "linear 1-7, relu, linear 7-1");
        function("two", "7, 3", "linear 1-7, relu, linear 7-3, relu, linear 3-1");
        function("dropout follows the activation", "7, dropout 0.5",
                 "linear 1-7, relu, drop 0.5, linear 7-1");
        images("images without a hidden layer", "", "linear 784-10");
        images("images taken flat", "50", "linear 784-50, relu, linear 50-10");
        images("a convolution", "conv 6 5", "conv 1-6 of 5 by 1 in 0+0, relu, flatten, linear 3456-10");
        images("flat once, before what is dense", "conv 6 5, pool 2, 20, 30",
               "conv 1-6 of 5 by 1 in 0+0, relu, max 2, flatten, linear 864-20, relu, linear 20-30, relu, "
               "linear 30-10");
        images("a pool first", "pool 2", "max 2, flatten, linear 196-10");
        images("a mean pool, the edge dropped", "avgpool 3, 5",
               "mean 3, flatten, linear 81-5, relu, linear 5-10");
        images("dropout of maps", "conv 2 1, dropout 0.5, pool 14",
               "conv 1-2 of 1 by 1 in 0+0, relu, drop 0.5, max 14, flatten, linear 8-10");
        images("dropout of images", "dropout 0.25, conv 2 1",
               "drop 0.25, conv 1-2 of 1 by 1 in 0+0, relu, flatten, linear 1568-10");
        images("stride", "conv 2 4 stride 3", // (28 - 4) / 3 + 1 = 9
               "conv 1-2 of 4 by 3 in 0+0, relu, flatten, linear 162-10");
        images("stride that leaves an edge", "conv 2 3 stride 2", // 13
               "conv 1-2 of 3 by 2 in 0+0, relu, flatten, linear 338-10");
        images("padding", "conv 2 4 pad 2", // 29
               "conv 1-2 of 4 by 1 in 2+2, relu, flatten, linear 1682-10");
        images("same, odd", "conv 2 5 pad same", "conv 1-2 of 5 by 1 in 2+2, relu, flatten, linear 1568-10");
        images("same, even", "conv 2 4 pad same", "conv 1-2 of 4 by 1 in 1+2, relu, flatten, linear 1568-10");
        images("same, 1 wide", "conv 2 1 pad same",
               "conv 1-2 of 1 by 1 in 0+0, relu, flatten, linear 1568-10");
        images("same, wider than the map", "conv 2 30 pad same",
               "conv 1-2 of 30 by 1 in 14+15, relu, flatten, linear 1568-10");
        images("same with a stride", "conv 2 4 stride 2 pad same", // (28 + 3 - 4) / 2 + 1 = 14
               "conv 1-2 of 4 by 2 in 1+2, relu, flatten, linear 392-10");
        images("a kernel as large as the map", "conv 3 28",
               "conv 1-3 of 28 by 1 in 0+0, relu, flatten, linear 3-10");
    }

    void aNetworkHasWhatItsWordsSay()
    {
        QFETCH(QString, text);
        QFETCH(bool, images);
        QFETCH(QString, layers);
        const auto network = networkWritten(text, images ? imageTask : functionTask);
        QVERIFY2(network, qPrintable(messageOf(network)));
        QCOMPARE(toldLayers(*network), layers);
        QCOMPARE(network->inputs(), images ? 784 : 1);
        QCOMPARE(network->outputShape(), (std::vector<std::int64_t>{images ? 10 : 1}));
    }

    void anImageIsTakenFlatByDenseLayersAlone()
    {
        QCOMPARE(networkFrom("50", imageTask).input, (std::vector<std::int64_t>{784}));
        QCOMPARE(networkFrom("", imageTask).input, (std::vector<std::int64_t>{784}));
        QCOMPARE(networkFrom("pool 2, 50", imageTask).input, imageTask.input);
        const NetworkTask colours{{3, 32, 20}, 2}; // neither square nor grey
        const Architecture network = networkFrom("conv 4 3 pad same, pool 2", colours);
        QCOMPARE(toldLayers(network), "conv 3-4 of 3 by 1 in 1+1, relu, max 2, flatten, linear 640-2");
        QCOMPARE(network.outputShape(), (std::vector<std::int64_t>{2}));
    }

    void paddedTheSameAMapKeepsItsSize()
    {
        for (int kernel = 1; kernel <= 30; ++kernel) {
            Architecture network = networkFrom("conv 3 " + std::to_string(kernel) + " pad same", imageTask);
            network.layers.resize(1);
            QCOMPARE(network.outputShape(), (std::vector<std::int64_t>{3, 28, 28}));
        }
    }

    void theActivationFollowsHiddenLayersAlone_data()
    {
        QTest::addColumn<Activation>("activation");
        for (const Activation activation : allActivations)
            QTest::newRow(activationName(activation).data()) << activation;
    }

    void theActivationFollowsHiddenLayersAlone()
    {
        QFETCH(Activation, activation);
        const QString then =
            activation == Activation::None ? "" : QString(", %1").arg(toQt(activationName(activation)));
        QCOMPARE(toldLayers(networkFrom("conv 2 5, pool 24, 7, dropout 0.5", imageTask, activation)),
                 QString("conv 1-2 of 5 by 1 in 0+0%1, max 24, flatten, linear 2-7%1, drop 0.5, linear 7-10")
                     .arg(then));
    }

    void theNetworkOfWidthsIsAPerceptron()
    {
        for (const Activation activation : allActivations)
            QCOMPARE(toldLayers(networkFrom(deepText, functionTask, activation)),
                     toldLayers(mlp({1, 5, 10, 10, 10, 10, 10, 5, 1}, activation)));
    }

    void aNetworkThatCannotBeIsExplained_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("images");
        QTest::addColumn<QString>("says");
        const auto images = [](const char *name, const char *text, const char *says) {
            QTest::newRow(name) << QString(text) << true << QString(says);
        };
        images("a kernel larger than the map", "conv 10 26, conv 20 5",
               "conv 20 5 after a map of 3 × 3 leaves nothing.");
        images("a kernel larger than the image", "conv 10 29",
               "conv 10 29 after a map of 28 × 28 leaves nothing.");
        images("a padded kernel", "conv 10 33 stride 2 pad 2",
               "conv 10 33 stride 2 pad 2 after a map of 28 × 28 leaves nothing.");
        images("a window larger than the map", "conv 10 24, pool 6",
               "pool 6 after a map of 5 × 5 leaves nothing.");
        images("a window of means larger than the map", "avgpool 29",
               "avgpool 29 after a map of 28 × 28 leaves nothing.");
        images("a convolution after a dense layer", "50, conv 10 4",
               "conv 10 4 takes a map, and there is none.");
        images("a pool after a dense layer", "conv 10 4, 50, pool 2",
               "pool 2 takes a map, and there is none.");
        QTest::newRow("a convolution of a number")
            << "conv 10 4" << false << "conv 10 4 takes a map, and there is none.";
        images("too many parameters", "100000, 100000",
               "The network has 10,079,600,010 parameters. At most 50,000,000 are taken.");
        images("too many channels", "conv 4096 1, conv 4096 5", " parameters. At most 50,000,000 are taken.");
        QTest::newRow("a little too many parameters")
            << "7070, 7070" << false
            << "The network has 50,013,181 parameters. At most 50,000,000 are taken.";
    }

    void aNetworkThatCannotBeIsExplained()
    {
        QFETCH(QString, text);
        QFETCH(bool, images);
        QFETCH(QString, says);
        const auto network = networkWritten(text, images ? imageTask : functionTask);
        QVERIFY2(!network, network ? qPrintable(toldLayers(*network)) : "");
        QCOMPARE(network.error().kind, ErrorKind::Usage);
        QVERIFY2(messageOf(network).contains(says), qPrintable(messageOf(network)));
    }

    void thePublishedNetworksHaveTheirParameters_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("images");
        QTest::addColumn<qint64>("parameters");
        const auto add = [](const char *name, const char *text, bool images, qint64 parameters) {
            QTest::newRow(name) << QString(text) << images << parameters;
        };
        add("1-5-10-10-10-10-10-5-1", deepText, false, 571);
        add("1-10-18-15-4-1", "10, 18, 15, 4", false, 572);
        add("1-190-1", "190", false, 571);
        add("cnn", "conv 10 4, pool 2, conv 20 4, pool 2, 50, dropout 0.25, 80", true, 24330);
        add("784-500-10", "500", true, 397510);
        add("784-500-50-10", "500, 50", true, 418060);
    }

    void thePublishedNetworksHaveTheirParameters()
    {
        QFETCH(QString, text);
        QFETCH(bool, images);
        QFETCH(qint64, parameters);
        const NetworkTask &task = images ? imageTask : functionTask;
        QCOMPARE(networkFrom(text.toStdString(), task).parameterCount(), parameters);
        QCOMPARE(toQt(LayersKind(task).note(text.toStdString())),
                 parameters < 1000 ? QString("%1 parameters").arg(parameters)
                                   : QString("%1,%2 parameters")
                                         .arg(parameters / 1000)
                                         .arg(parameters % 1000, 3, 10, QChar('0')));
    }

    void thePublishedConvolutionalNetworksAreThoseOfTheReference()
    {
        const auto told = [](const char *text) { return toldLayers(networkFrom(text, imageTask)); };
        QCOMPARE(told("conv 10 4, pool 2, conv 20 4, pool 2, 50, dropout 0.25, 80"),
                 toldLayers(test::cnn1()));
        QCOMPARE(told("conv 10 4, pool 2, conv 20 4, pool 2, 50, 50, 30, 20"), toldLayers(test::cnn2()));
        QCOMPARE(told("conv 10 5, pool 2, conv 15 5, pool 2, 80"), toldLayers(test::cnn3()));
    }

    void theFormOfAPerceptronIsWhatMadeIt_data()
    {
        QTest::addColumn<Activation>("activation");
        for (const Activation activation : allActivations)
            QTest::newRow(activationName(activation).data()) << activation;
    }

    void theFormOfAPerceptronIsWhatMadeIt()
    {
        QFETCH(Activation, activation);
        for (const std::vector<std::int64_t> &widths :
             {std::vector<std::int64_t>{3, 7, 2}, {784, 500, 50, 10}, {1, 1, 1, 1, 1}})
        {
            const std::optional<DenseForm> form = denseForm(mlp(widths, activation));
            QVERIFY(form);
            QCOMPARE(form->widths, widths);
            QCOMPARE(form->activation, activation);
            QCOMPARE(denseWidths(mlp(widths, activation)),
                     activation == Activation::Relu ? widths : std::vector<std::int64_t>());
        }
        const std::optional<DenseForm> form = denseForm(mlp({3, 2}, activation)); // nothing stands between
        QVERIFY(form);
        QCOMPARE(form->widths, (std::vector<std::int64_t>{3, 2}));
        QCOMPARE(form->activation, Activation::Relu);
    }

    void otherNetworksHaveNoSuchForm_data()
    {
        QTest::addColumn<Architecture>("architecture");
        const Linear in{4, 5}, between{5, 5}, out{5, 2};
        const Activate relu{Activation::Relu}, tanh{Activation::Tanh};
        const auto add = [](const char *name, const std::vector<Layer> &layers) {
            QTest::newRow(name) << Architecture{{4}, layers};
        };
        add("two activations", {in, relu, between, tanh, out});
        add("one is missing late", {in, relu, between, out});
        add("one is missing early", {in, between, relu, out});
        add("two in a row", {in, relu, relu, out});
        add("one ahead", {relu, in, relu, out});
        add("one at the end", {in, relu, out, relu});
        add("one after a single layer", {Linear{4, 2}, relu});
        add("dropout", {in, relu, Dropout{0.5}, out});
        add("flatten", {Flatten{}, in, relu, out});
        QTest::newRow("convolutions") << test::cnn1();
        QTest::newRow("an image") << Architecture{{1, 2, 2}, {in, relu, out}};
    }

    void otherNetworksHaveNoSuchForm()
    {
        QFETCH(Architecture, architecture);
        QVERIFY(!denseForm(architecture));
        QVERIFY(denseWidths(architecture).empty());
    }

    void layersAreAParameterOfText()
    {
        const LayersKind kind(functionTask);
        QCOMPARE(kind.read("5-10-10"), std::optional<Value>("5, 10, 10"));
        QCOMPARE(kind.read(""), std::optional<Value>(""));
        QCOMPARE(kind.take(std::string("5 10")), std::optional<Value>("5, 10"));
        QVERIFY(!kind.read("conv 10 4")); // there is no map
        QVERIFY(!kind.take(std::string("zwanzig")));
        QCOMPARE(toQt(kind.advice("5, 10")), "");
        QCOMPARE(toQt(kind.advice("conv 10 4")), "conv 10 4 takes a map, and there is none.");
        QCOMPARE(toQt(kind.refusal("conv 10 4")), ": conv 10 4 takes a map, and there is none.");
        QCOMPARE(toQt(kind.note("conv 10 4")), "");
        QCOMPARE(toQt(kind.note("")), "2 parameters");
        QCOMPARE(toQt(kind.words("5, 10")), "5, 10");
        QCOMPARE(toQt(kind.words("")), "none");
    }

    /// Earlier versions had one hidden layer, whose width was a number.
    void layersOfOldRunsAreAWidth()
    {
        const LayersKind kind(imageTask);
        QCOMPARE(kind.take(std::int64_t(500)), std::optional<Value>("500"));
        QCOMPARE(kind.take(std::int64_t(1)), std::optional<Value>("1"));
        QVERIFY(!kind.take(std::int64_t(0)));
        QVERIFY(!kind.take(std::int64_t(-5)));
        QVERIFY(!kind.take(std::int64_t(1000000)));
        QVERIFY(!kind.take(500.0));
        QVERIFY(!kind.take(true));
    }

    void networksAreReadAndWrittenAtTheirBest_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("written");
        const auto add = [](const char *name, const char *typed, const char *written) {
            QTest::newRow(name) << QString(typed) << QString(written);
        };
        add("one", "deep: 5, 10, 10", "deep: 5, 10, 10");
        add("several", "deep:5-10-10;wide:190", "deep: 5, 10, 10; wide: 190");
        add("options", "deep: 5, 10, 10 | lr 0.001 | decay 0.0001; wide: 190",
            "deep: 5, 10, 10 | lr 0.001 | decay 0.0001; wide: 190");
        add("options the other way round", "a: 5|decay 0|lr 1e-2", "a: 5 | lr 0.01 | decay 0");
        add("options with signs", "a: 5 | lr=0.1 | decay = 0.5", "a: 5 | lr 0.1 | decay 0.5");
        add("the least and the most", "a: 5 | lr 1e-7 | decay 1; b: 5 | lr 10",
            "a: 5 | lr 1e-07 | decay 1; b: 5 | lr 10");
        add("without a name", "5", "net1: 5");
        add("without names", "5; 6 | lr 0.1; 7", "net1: 5; net2: 6 | lr 0.1; net3: 7");
        add("some without", "5; wide: 6; 7", "net1: 5; wide: 6; net3: 7");
        add("no layers", "linear:; wide: 6", "linear:; wide: 6");
        add("no layers but an option", "linear: | lr 0.1", "linear: | lr 0.1");
        add("nothing between", "a: 5;; b: 6;", "a: 5; b: 6");
        add("on lines of their own", "\na: 5;\r\n b: 6\n", "a: 5; b: 6");
        add("a name of several words", " zu breit : 5", "zu breit: 5");
        add("other letters", "größer-2: 5", "größer-2: 5");
        add("convolutions", "cnn: conv 10 4 pool 2, 50 dropout .25 | lr 0.001",
            "cnn: conv 10 4, pool 2, 50, dropout 0.25 | lr 0.001");
    }

    void networksAreReadAndWrittenAtTheirBest()
    {
        QFETCH(QString, typed);
        QFETCH(QString, written);
        const auto networks = readNetworks(typed.toStdString());
        QVERIFY2(networks, qPrintable(messageOf(networks)));
        QCOMPARE(toQt(networksText(*networks)), written);
        const auto again = readNetworks(networksText(*networks));
        QVERIFY2(again, qPrintable(messageOf(again)));
        QCOMPARE(toQt(networksText(*again)), written);
    }

    void whatANetworkDoesNotSayIsTheExperiments()
    {
        const auto networks = readNetworks("a: 5, 6 | lr 0.003; b: 7 | decay 0.02; c: 8").value();
        QCOMPARE(networks.size(), 3u);
        QCOMPARE(networks[0].name, std::string("a"));
        QCOMPARE(networks[0].layers.size(), 2u);
        QCOMPARE(networks[0].learningRate, std::optional(0.003));
        QVERIFY(!networks[0].weightDecay);
        QVERIFY(!networks[1].learningRate);
        QCOMPARE(networks[1].weightDecay, std::optional(0.02));
        QVERIFY(!networks[2].learningRate && !networks[2].weightDecay);
    }

    void everyRateReadsBackToItself()
    {
        for (const double rate : {0.1, 1e-7, 1.0 / 3, 0.00012345678901234567, 9.999999999999998}) {
            const auto networks = readNetworks(networksText({{"a", {DenseWord{5}}, rate, rate / 10}}));
            QVERIFY2(networks, qPrintable(messageOf(networks)));
            QCOMPARE(networks->front().learningRate, std::optional(rate));
            QCOMPARE(networks->front().weightDecay, std::optional(rate / 10));
        }
    }

    void networksThatAreNotUnderstoodAreExplained_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        const auto add = [](const char *name, const QString &typed, const char *says) {
            QTest::newRow(name) << typed << QString(says);
        };
        add("nothing", "", "There is no network. Write one as name: 10, 10.");
        add("spaces", " \n ", "There is no network. Write one as name: 10, 10.");
        add("separators alone", " ; ;", "There is no network. Write one as name: 10, 10.");
        add("two of one name", "deep: 5; wide: 6; deep: 7", "Two networks are called deep.");
        add("a rate of 0", "deep: 5 | lr 0",
            "The learning rate of deep is a number from 0.0000001 to 10, not “0”.");
        add("a negative rate", "deep: 5 | lr -0.1", "from 0.0000001 to 10, not “-0.1”.");
        add("a rate too high", "deep: 5 | lr 11", "from 0.0000001 to 10, not “11”.");
        add("a rate of no number", "deep: 5 | lr nan", "from 0.0000001 to 10, not “nan”.");
        add("a rate of a word", "deep: 5 | lr fast", "from 0.0000001 to 10, not “fast”.");
        add("a rate with a tail", "5; 6 | lr 0.1x",
            "The learning rate of net2 is a number from 0.0000001 to 10, not “0.1x”.");
        add("no rate", "deep: 5 | lr", "The learning rate of deep is a number from 0.0000001 to 10, not “”.");
        add("too much decay", "deep: 5 | decay 1.5",
            "The weight decay of deep is a number from 0 to 1, not “1.5”.");
        add("negative decay", "deep: 5 | decay -1",
            "The weight decay of deep is a number from 0 to 1, not “-1”.");
        add("an option of no name", "deep: 5 | momentum 0.9",
            "“momentum 0.9” of deep is neither “lr 0.001” nor “decay 0.0001”.");
        add("no name", ": 5", "A network's name has 1 to 40 letters, digits or dashes, not “”.");
        add("a slash", "a/b: 5", "A network's name has 1 to 40 letters, digits or dashes, not “a/b”.");
        add("a backslash", "a\\b: 5", "letters, digits or dashes, not “a\\b”.");
        add("a comma", "a,b: 5", "letters, digits or dashes, not “a,b”.");
        add("the folder above", "..: 5", "letters, digits or dashes, not “..”.");
        add("a name too long", QString(41, 'a') + ": 5", "A network's name has 1 to 40 letters");
        add("a colon", "a:b: 5", "a: “b:” is no layer");
        add("a bad layer", "deep: 5; wide: 6, cnov 10 4", "wide: “cnov” is no layer; did you mean conv?");
        add("a bad layer of no name", "5; 0", "net2: A dense layer's width is a whole number");
        add("too many", repeated("5", 201, ";"), "There are more than 200 networks.");
    }

    void networksThatAreNotUnderstoodAreExplained()
    {
        QFETCH(QString, typed);
        QFETCH(QString, says);
        const auto networks = readNetworks(typed.toStdString());
        QVERIFY2(!networks, networks ? networksText(*networks).c_str() : "");
        QCOMPARE(networks.error().kind, ErrorKind::Usage);
        QVERIFY2(messageOf(networks).contains(says), qPrintable(messageOf(networks)));
    }

    void twoHundredNetworksAndALongNameAreTaken()
    {
        QCOMPARE(readNetworks(repeated("5", 200, ";").toStdString()).value().size(), 200u);
        QCOMPARE(readNetworks(std::string(40, 'a') + ": 5").value().front().name, std::string(40, 'a'));
    }

    void networksAreAParameterOfText()
    {
        const NetworkListKind kind(functionTask);
        QCOMPARE(kind.read("deep:5-10;wide:190"), std::optional<Value>("deep: 5, 10; wide: 190"));
        QCOMPARE(kind.take(std::string("5")), std::optional<Value>("net1: 5"));
        QVERIFY(!kind.take(std::int64_t(5)));
        QVERIFY(!kind.read(""));
        QVERIFY(!kind.read("cnn: conv 10 4"));
        QCOMPARE(toQt(kind.advice("5")), "");
        QCOMPARE(toQt(kind.advice("cnn: conv 10 4")), "cnn: conv 10 4 takes a map, and there is none.");
        QCOMPARE(toQt(kind.refusal("a: 5; a: 6")), ": Two networks are called a.");
        QCOMPARE(toQt(kind.words("deep: 5, 10; wide: 190")), "deep (5, 10), wide (190)");
    }

    void aNoteCountsTheParameters_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        const auto add = [](const char *name, const QString &typed, const char *says) {
            QTest::newRow(name) << typed << QString(says);
        };
        add("the published", QString("deep: %1; middle: 10, 18, 15, 4; wide: 190").arg(deepText),
            "571 · 572 · 571 parameters, within 0.17 %");
        add("one", "wide: 190", "571 parameters");
        add("alike", QString("deep: %1; wide: 190").arg(deepText), "571 · 571 parameters, all alike");
        add("thousands", "wide: 1000; wider: 2000", "3,001 · 6,001 parameters, within 50 %");
        add("hardly anything in common", "linear:; wide: 1000", "2 · 3,001 parameters, within 100 %");
        add("more than four", "1; 2; 3; 4; 1000", "4 to 3,001 parameters, within 100 %");
        add("not taken", "wide: 0", "");
    }

    void aNoteCountsTheParameters()
    {
        QFETCH(QString, typed);
        QFETCH(QString, says);
        QCOMPARE(toQt(NetworkListKind(functionTask).note(typed.toStdString())), says);
    }

    void aNetworkThatCannotBeBuiltIsNamed()
    {
        const NamedNetwork network = readNetworks("cnn: conv 10 4, pool 2").value().front();
        QCOMPARE(toldLayers(NetworkList::built(network, imageTask, Activation::Tanh)),
                 "conv 1-10 of 4 by 1 in 0+0, tanh, max 2, flatten, linear 1440-10");
        try {
            NetworkList::built(network, functionTask, Activation::Relu);
            QFAIL("It was built.");
        } catch (const RunError &error) {
            QCOMPARE(toQt(error.error().message), "cnn: conv 10 4 takes a map, and there is none.");
            QCOMPARE(error.error().kind, ErrorKind::Usage);
        }
    }

    void sweepsAreTheirNumbers_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<std::vector<double>>("values");
        const auto add = [](const char *name, const char *typed, const std::vector<double> &values) {
            QTest::newRow(name) << QString(typed) << values;
        };
        add("nothing", "", {});
        add("spaces", "  ", {});
        add("one", " 16 ", {16});
        add("several", "16, 64, 256", {16, 64, 256});
        add("nothing between", "16,, 64", {16, 64});
        add("semicolons, and one at the end", "16;64;", {16, 64});
        add("sorted", "256, 16, 64", {16, 64, 256});
        add("without repetition", "16, 64, 16, 64.0", {16, 64});
        add("fractions", "1e-3, .5", {0.001, 0.5});
        add("negative", "3, -2, 0", {-2, 0, 3});
        add("step", "100..1000 step 100", {100, 200, 300, 400, 500, 600, 700, 800, 900, 1000});
        add("step that misses the last", "1..10 step 4", {1, 5, 9});
        add("step of a tenth", "0.1..0.5 step 0.1", {0.1, 0.2, 0.3, 0.4, 0.5});
        add("step to 0", "-0.3..0 step 0.1", {-0.3, -0.2, -0.1, 0});
        add("step through 0", "-0.3..0.3 step 0.1", {-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3});
        add("step below 0", "-3..-1 step 1", {-3, -2, -1});
        add("double", "16..1024 double", {16, 32, 64, 128, 256, 512, 1024});
        add("double that misses the last", "16..100 double", {16, 32, 64});
        add("times ten", "1e-4..1e-2 times 10", {0.0001, 0.001, 0.01});
        add("times one and a half", "4..9 times 1.5", {4, 6, 9});
        add("step to the last in spite of rounding", "0.7..0.9 step 0.05", {0.7, 0.75, 0.8, 0.85, 0.9});
        add("one number alone", "7..7 step 2", {7});
        add("one number alone, doubled", "7..7 double", {7});
        add("spaces anywhere", " 16 ..  64   double ", {16, 32, 64});
        add("mixed", "4..16 double, 10, 1..5 step 2, 8", {1, 3, 4, 5, 8, 10, 16});
        add("a range's number again", "0.1..0.5 step 0.1, 0.3", {0.1, 0.2, 0.3, 0.4, 0.5});
    }

    void sweepsAreTheirNumbers()
    {
        QFETCH(QString, typed);
        QFETCH(std::vector<double>, values);
        const auto sweep = readSweep(typed.toStdString());
        QVERIFY2(sweep, qPrintable(messageOf(sweep)));
        QCOMPARE(*sweep, values);
    }

    void sweepsThatAreNotUnderstoodAreExplained_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        const auto add = [](const char *name, const QString &typed, const char *says) {
            QTest::newRow(name) << typed << QString(says);
        };
        add("a word", "16, few",
            "“few” is no number. Write numbers as 16, 64, 256, or as a range: 100..1000 step 100, 16..1024 "
            "double, 0.0001..0.01 times 10.");
        add("spaces between numbers", "16 64", "“16 64” is no number.");
        add("no number", "nan", "“nan” is no number.");
        add("an infinite one", "inf", "“inf” is no number.");
        add("beyond all numbers", "1e999", "“1e999” is no number.");
        add("a range of no stride", "16..1024", "“16..1024” is no range with its step.");
        add("a range of an unknown stride", "16..1024 triple",
            "“16..1024 triple” is no range with its step.");
        add("a step of no number", "1..9 step", "“1..9 step” is no range with its step.");
        add("a range without an end", "16.. double", "“16.. double” is no range with its step.");
        add("falling", "5, 10..1 step 1", "“10..1 step 1” does not rise from its first number to its last.");
        add("a step of 0", "1..10 step 0", "“1..10 step 0” does not rise");
        add("a step back", "1..10 step -1", "“1..10 step -1” does not rise");
        add("times 1", "1..10 times 1", "“1..10 times 1” does not rise");
        add("times a half", "1..10 times 0.5", "“1..10 times 0.5” does not rise");
        add("doubled from 0", "0..10 double", "“0..10 double” does not rise");
        add("a range too long", "1..201 step 1", "“1..201 step 1” has more than 200 values.");
        add("a range far too long", "0..1 step 1e-300", "“0..1 step 1e-300” has more than 200 values.");
        add("too many together", "1..150 step 1, 151..300 step 1", "There are more than 200 values.");
    }

    void sweepsThatAreNotUnderstoodAreExplained()
    {
        QFETCH(QString, typed);
        QFETCH(QString, says);
        const auto sweep = readSweep(typed.toStdString());
        QVERIFY(!sweep);
        QCOMPARE(sweep.error().kind, ErrorKind::Usage);
        QVERIFY2(messageOf(sweep).contains(says), qPrintable(messageOf(sweep)));
    }

    void twoHundredValuesAreTaken()
    {
        QCOMPARE(readSweep("1..200 step 1").value().size(), 200u);
        QCOMPARE(readSweep("1..200 step 1, 1..200 step 1").value().size(), 200u); // all of them twice
    }

    void sweepsAreAParameterOfText()
    {
        const SweepKind kind({.min = 1, .max = 1000}, /*whole=*/true, "equally spaced");
        QCOMPARE(kind.read(" 64, 16 "), std::optional<Value>("64, 16")); // as it was written
        QCOMPARE(kind.read(""), std::optional<Value>(""));
        QCOMPARE(kind.take(std::string("1..1000 times 10")), std::optional<Value>("1..1000 times 10"));
        QVERIFY(!kind.take(std::int64_t(16)));
        for (const char *refused : {"0, 5", "5, 1001", "2.5", "4..9 times 1.5, 1..2 step 0.5", "x"})
            QVERIFY2(!kind.read(refused), refused);
        QCOMPARE(toQt(kind.advice("16, 2.5")), "2.5 is not a whole number.");
        QCOMPARE(toQt(kind.advice("0, 5")), "0 is not from 1 to 1,000.");
        QCOMPARE(toQt(kind.refusal("10..1 step 1")),
                 ": “10..1 step 1” does not rise from its first number to its last.");
        QCOMPARE(toQt(kind.advice("16")), "");
        QCOMPARE(toQt(kind.words("16, 64")), "16, 64");
        QCOMPARE(toQt(kind.words("")), "equally spaced");
        QVERIFY(SweepKind({.min = 0, .max = 1}, /*whole=*/false, "none").read("0..1 step 0.25"));
    }

    void aNoteCountsASweepsValues_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        const auto add = [](const char *name, const char *typed, const char *says) {
            QTest::newRow(name) << QString(typed) << QString(says);
        };
        add("several", "16, 64, 32", "3 values from 16 to 64");
        add("thousands", "16..1024 double", "7 values from 16 to 1,024");
        add("small ones", "1e-3..1 times 10", "4 values from 0.001 to 1");
        add("one", "16", "1 value");
        add("none", "", "equally spaced");
        add("not understood", "16, x", "");
    }

    void aNoteCountsASweepsValues()
    {
        QFETCH(QString, typed);
        QFETCH(QString, says);
        const SweepKind kind({.min = 0, .max = 10000}, /*whole=*/false, "equally spaced");
        QCOMPARE(toQt(kind.note(typed.toStdString())), says);
    }

    void aConstantRateStays()
    {
        const Schedule schedule{.shape = Schedule::Shape::Constant, .every = 3, .factor = 0.1, .epochs = 10};
        for (const std::int64_t epoch : {1, 2, 10, 1000})
            QCOMPARE(schedule.factorIn(epoch), 1.0);
    }

    /// StepLR: gamma^⌊e / step_size⌋ after e epochs.
    void stepsGoDownEverySoManyEpochs()
    {
        const Schedule schedule{.shape = Schedule::Shape::Step, .every = 3, .factor = 0.5, .epochs = 10};
        const std::vector<double> expected{1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125};
        for (std::size_t done = 0; done < expected.size(); ++done)
            QCOMPARE(schedule.factorIn(static_cast<std::int64_t>(done) + 1), expected[done]);
        const Schedule each{.shape = Schedule::Shape::Step, .every = 1, .factor = 0.1, .epochs = 10};
        for (int done = 0; done < 10; ++done)
            QCOMPARE(each.factorIn(done + 1), std::pow(0.1, done));
    }

    /// CosineAnnealingLR: (1 + cos(π e / T_max)) / 2 after e epochs, T_max all of them.
    void aCosineFallsOverTheWholeTraining()
    {
        const Schedule schedule{.shape = Schedule::Shape::Cosine, .epochs = 12};
        for (int done = 0; done < 12; ++done) {
            const double expected = (1 + std::cos(std::numbers::pi * done / 12)) / 2;
            QVERIFY(std::abs(schedule.factorIn(done + 1) - expected) < 1e-15);
        }
        QCOMPARE(schedule.factorIn(1), 1.0);
        QVERIFY(std::abs(schedule.factorIn(7) - 0.5) < 1e-15);
        QVERIFY(schedule.factorIn(12) > 0);
        for (const std::int64_t after : {13, 14, 25}) // and does not rise again
            QVERIFY(std::abs(schedule.factorIn(after)) < 1e-15);
    }

    /// LinearLR from 1 / (every + 1) to 1 in `every` epochs.
    void theRateWarmsUpEvenly()
    {
        const Schedule schedule{.shape = Schedule::Shape::WarmUp, .every = 4, .epochs = 10};
        const double first = 1.0 / 5;
        for (int done = 0; done < 10; ++done) {
            const double expected = first + (1 - first) * std::min(done, 4) / 4;
            QVERIFY(std::abs(schedule.factorIn(done + 1) - expected) < 1e-15);
        }
        QVERIFY(schedule.factorIn(4) < 1);
        QCOMPARE(schedule.factorIn(5), 1.0);
    }

    void weightsStartAsTheirNameSays_data() { everyWeightStart(); }

    void weightsStartAsTheirNameSays()
    {
        QFETCH(WeightStart, start);
        const Architecture dense = mlp({700, 300, 200}),
                           conv{{30, 5, 5}, {Conv2d{30, 50, 5}, Flatten{}, Linear{50, 10}}};
        for (const Architecture &architecture : {dense, conv}) {
            const at::Tensor flat = Network(architecture, 7, at::kCPU, at::kDouble, start).parameters();
            const bool isDense = architecture.input.size() == 1;
            const double in = isDense ? 700 : 30 * 25, out = isDense ? 300 : 50 * 25;
            const at::Tensor weights = views(architecture, flat).front();
            switch (start) {
            case WeightStart::Standard:
                QVERIFY(isUniform(weights, 1 / std::sqrt(in)));
                break;
            case WeightStart::XavierUniform:
                QVERIFY(isUniform(weights, std::sqrt(6 / (in + out))));
                break;
            case WeightStart::XavierNormal:
                QVERIFY(isNormal(weights, std::sqrt(2 / (in + out))));
                break;
            case WeightStart::HeUniform:
                QVERIFY(isUniform(weights, std::sqrt(6 / in)));
                break;
            case WeightStart::HeNormal:
                QVERIFY(isNormal(weights, std::sqrt(2 / in)));
                break;
            }
        }
    }

    void biasesStartAsEver_data() { everyWeightStart(); }

    void biasesStartAsEver()
    {
        QFETCH(WeightStart, start);
        const Architecture architecture = mlp({2, 20000, 2});
        const auto biases = [&](WeightStart which) {
            return views(architecture,
                         Network(architecture, 7, at::kCPU, at::kDouble, which).parameters())[1];
        };
        QVERIFY(isUniform(biases(start), 1 / std::sqrt(2.0)));
        if (start == WeightStart::XavierUniform || start == WeightStart::HeUniform)
            QVERIFY(at::equal(biases(start), biases(WeightStart::Standard)));
    }

    void theSeedAloneDecidesTheStart_data() { everyWeightStart(); }

    void theSeedAloneDecidesTheStart()
    {
        QFETCH(WeightStart, start);
        const auto drawn = [&](std::uint64_t seed, at::ScalarType type) {
            return Network(test::cnn1(), seed, at::kCPU, type, start).parameters();
        };
        const at::Tensor once = drawn(3, at::kDouble);
        QVERIFY(once.isfinite().all().item<bool>());
        at::manual_seed(99); // of no account
        QVERIFY(at::equal(once, drawn(3, at::kDouble)));
        QVERIFY(at::equal(once.to(at::kFloat), drawn(3, at::kFloat)));
        QVERIFY((once != drawn(4, at::kDouble)).all().item<bool>());
        for (const WeightStart other : allWeightStarts) {
            const at::Tensor otherwise = Network(test::cnn1(), 3, at::kCPU, at::kDouble, other).parameters();
            QCOMPARE(at::equal(once, otherwise), other == start);
        }
    }

    void theStartIsTheStandardOneUnlessAskedFor()
    {
        const Architecture architecture = mlp({3, 4, 2});
        QVERIFY(
            at::equal(Network(architecture, 5).parameters(),
                      Network(architecture, 5, at::kCPU, at::kFloat, WeightStart::Standard).parameters()));
    }

    void shuffledLabelsAreAsManyOfEachClass_data()
    {
        QTest::addColumn<double>("share");
        for (const int percent : {0, 1, 25, 60, 100})
            QTest::addRow("%d %%", percent) << percent / 100.0;
    }

    void shuffledLabelsAreAsManyOfEachClass()
    {
        QFETCH(double, share);
        constexpr std::int64_t count = 50000;
        std::vector<std::int64_t> labels = someLabels(count);
        std::replace(labels.begin(), labels.end(), 3, 4); // some classes have more
        const std::vector<std::int64_t> shuffled = shuffledLabels(labels, share, 1);
        QCOMPARE(shuffled.size(), labels.size());
        QVERIFY(std::is_permutation(shuffled.begin(), shuffled.end(), labels.begin()));
        // A label that moves meets its own class at one of eight shares of 0.1 or at one of 0.2.
        QVERIFY(isLikely(countOfDifferent(labels, shuffled), count, share * (1 - 8 * 0.01 - 0.04)));
    }

    void labelsStayAtAShareOfZero()
    {
        const std::vector<std::int64_t> labels = someLabels(1000);
        QCOMPARE(shuffledLabels(labels, 0, 1), labels);
        QCOMPARE(shuffledLabels({}, 1, 1), std::vector<std::int64_t>());
        QCOMPARE(shuffledLabels({7}, 1, 1), std::vector<std::int64_t>{7});
    }

    void aShareOfOneShufflesAll()
    {
        std::vector<std::int64_t> labels(10000); // each its own class, so that every move is seen
        for (std::size_t i = 0; i < labels.size(); ++i)
            labels[i] = static_cast<std::int64_t>(i);
        const std::vector<std::int64_t> shuffled = shuffledLabels(labels, 1, 1);
        QVERIFY(countOfDifferent(labels, shuffled) > 9980); // one stays, on average
        QCOMPARE(std::set(shuffled.begin(), shuffled.end()).size(), labels.size());
        const std::vector<std::int64_t> half = shuffledLabels(labels, 0.5, 1);
        QVERIFY(isLikely(countOfDifferent(labels, half), 10000, 0.5));
    }

    void shuffledLabelsFollowTheSeedAlone()
    {
        const std::vector<std::int64_t> labels = someLabels(1000);
        QCOMPARE(shuffledLabels(labels, 0.5, 5), shuffledLabels(labels, 0.5, 5));
        QVERIFY(shuffledLabels(labels, 0.5, 5) != shuffledLabels(labels, 0.5, 6));
        QVERIFY(shuffledLabels(labels, 1, 5) != shuffledLabels(labels, 1, 6));
    }

    void namesReadBackToWhatTheyName()
    {
        std::set<std::string_view> names, titles;
        for (const Activation activation : allActivations) {
            QCOMPARE(activationFromName(activationName(activation)).value(), activation);
            names.insert(activationName(activation));
            titles.insert(activationTitle(activation));
        }
        for (const Optimizer::Method method : allMethods) {
            QCOMPARE(methodFromName(methodName(method)).value(), method);
            names.insert(methodName(method));
            titles.insert(methodTitle(method));
        }
        for (const WeightStart start : allWeightStarts) {
            QCOMPARE(weightStartFromName(weightStartName(start)).value(), start);
            names.insert(weightStartName(start));
            titles.insert(weightStartTitle(start));
        }
        const std::size_t count = allActivations.size() + allMethods.size() + allWeightStarts.size();
        QCOMPARE(names.size(), count);
        QCOMPARE(titles.size(), count);
    }

    void namesThatAreNoneAreExplained()
    {
        QCOMPARE(messageOf(activationFromName("rleu")),
                 "An activation is one of relu, leaky-relu, elu, selu, gelu, tanh, sigmoid, silu, none, not "
                 "“rleu”. Did you mean relu?");
        QCOMPARE(messageOf(methodFromName("Adam W")),
                 "An optimizer is one of adam, adamw, sgd, rmsprop, adagrad, not “Adam W”. Did you mean "
                 "adam?");
        QCOMPARE(messageOf(weightStartFromName("he-norm")),
                 "A start of weights is one of standard, xavier-uniform, xavier-normal, he-uniform, "
                 "he-normal, not “he-norm”. Did you mean he-normal?");
        QCOMPARE(messageOf(activationFromName("quadratic-spline")),
                 "An activation is one of relu, leaky-relu, elu, selu, gelu, tanh, sigmoid, silu, none, not "
                 "“quadratic-spline”.");
        QCOMPARE(activationFromName("").error().kind, ErrorKind::Usage);
        QVERIFY(!activationFromName("ReLU")); // a title, not a name
        QVERIFY(!methodFromName(""));
        QVERIFY(!weightStartFromName("he"));
    }
};

QTEST_GUILESS_MAIN(TestNetworks)
#include "test_networks.moc"
