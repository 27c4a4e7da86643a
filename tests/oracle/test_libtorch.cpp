// Our networks, gradients and optimizers against LibTorch's own modules, autograd and optimizers.

#include <torch/torch.h>

#include "experiments/registry.h"
#include "nn/dense/denseengine.h"
#include "nn/layertext.h"
#include "nn/makeengine.h"
#include "nn/network.h"
#include "nn/torch/autogradengine.h"
#include "nn/torch/tensorengine.h"
#include "tests/networks.h"
#include "tests/tensors.h"

#include <QtTest>
#include <algorithm>

using namespace losslab;
using test::relativeDifference;

namespace {

void addActivation(torch::nn::Sequential &module, Activation activation)
{
    switch (activation) {
    case Activation::Relu:
        return module->push_back(torch::nn::ReLU());
    case Activation::LeakyRelu:
        return module->push_back(torch::nn::LeakyReLU());
    case Activation::Elu:
        return module->push_back(torch::nn::ELU());
    case Activation::Selu:
        return module->push_back(torch::nn::SELU());
    case Activation::Gelu:
        return module->push_back(torch::nn::GELU());
    case Activation::Tanh:
        return module->push_back(torch::nn::Tanh());
    case Activation::Sigmoid:
        return module->push_back(torch::nn::Sigmoid());
    case Activation::Silu:
        return module->push_back(torch::nn::SiLU());
    case Activation::None:
        break;
    }
}

/// The same layers as torch::nn modules, their parameters copied from the flat tensor.
torch::nn::Sequential moduleOf(const Architecture &architecture, const at::Tensor &flat)
{
    torch::nn::Sequential module;
    for (const Layer &layer : architecture.layers) {
        if (const auto *linear = std::get_if<Linear>(&layer))
            module->push_back(torch::nn::Linear(linear->in, linear->out));
        else if (const auto *conv = std::get_if<Conv2d>(&layer))
            module->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(conv->in, conv->out, conv->kernel)
                                                    .stride(conv->stride)
                                                    .padding(conv->padding)));
        else if (const auto *pool = std::get_if<MaxPool2d>(&layer))
            module->push_back(torch::nn::MaxPool2d(pool->size));
        else if (const auto *mean = std::get_if<AvgPool2d>(&layer))
            module->push_back(torch::nn::AvgPool2d(mean->size));
        else if (const auto *activate = std::get_if<Activate>(&layer))
            addActivation(module, activate->function);
        else if (std::holds_alternative<Flatten>(layer))
            module->push_back(torch::nn::Flatten());
        else
            QTest::qFail("a layer without a module to compare with", __FILE__, __LINE__);
    }
    module->to(flat.scalar_type());
    const torch::NoGradGuard noGraph;
    const std::vector<at::Tensor> ours = views(architecture, flat);
    const std::vector<at::Tensor> theirs = module->parameters();
    for (std::size_t i = 0; i < ours.size(); ++i)
        theirs.at(i).copy_(ours[i]);
    return module;
}

at::Tensor flatGradient(const torch::nn::Sequential &module)
{
    std::vector<at::Tensor> parts;
    for (const at::Tensor &parameter : module->parameters())
        parts.push_back(parameter.grad().flatten());
    return at::cat(parts);
}

at::Tensor flatParameters(const torch::nn::Sequential &module)
{
    std::vector<at::Tensor> parts;
    for (const at::Tensor &parameter : module->parameters())
        parts.push_back(parameter.detach().flatten());
    return at::cat(parts);
}

struct Case
{
    Architecture architecture;
    Loss loss;
};

std::vector<std::pair<const char *, Case>> cases()
{
    return {
        {"deep regression", {mlp({1, 5, 10, 10, 10, 10, 9, 5, 1}), Loss::MeanSquaredError}},
        {"wide regression", {mlp({1, 400, 1}), Loss::MeanSquaredError}},
        {"dense classifier", {mlp({784, 50, 10}), Loss::CrossEntropy}},
        {"convolutions", {test::convolutional(4, 20, mlp({320, 50, 10}).layers), Loss::CrossEntropy}},
    };
}

/// What is trained: one layer of units, a deep regression, a dense classifier and two convolutional ones, of
/// which one has kernels of its own.
Case trained(const QString &network, Activation activation)
{
    const auto words = [&](const char *layers, const NetworkTask &task) {
        return networkOf(*readLayers(layers), task, activation).value();
    };
    if (network == "units")
        return {mlp({1, 40, 1}, activation), Loss::MeanSquaredError};
    if (network == "deep")
        return {mlp({1, 5, 10, 10, 9, 1}, activation), Loss::MeanSquaredError};
    const NetworkTask images{{1, 12, 12}, 10};
    if (network == "classifier")
        return {words("20, 15", images), Loss::CrossEntropy};
    if (network == "convolutions")
        return {words("conv 4 3 pad same, pool 2, conv 5 3 stride 2 pad 1, 12", images), Loss::CrossEntropy};
    return {words("conv 4 3 stride 2 pad 1, avgpool 2, conv 5 3 pad same, pool 2, 12", images),
            Loss::CrossEntropy};
}

std::vector<std::pair<const char *, Optimizer>> optimizers()
{
    using Method = Optimizer::Method;
    return {{"Adam", {.learningRate = 3e-3, .weightDecay = 1e-3}},
            {"AdamW", {.method = Method::AdamW, .learningRate = 3e-3, .weightDecay = 0.1}},
            {"SGD", {.method = Method::Sgd, .learningRate = 0.05}},
            {"SGD with momentum",
             {.method = Method::Sgd, .learningRate = 0.02, .weightDecay = 1e-3, .momentum = 0.9}},
            {"SGD with Nesterov's",
             {.method = Method::Sgd, .learningRate = 0.02, .momentum = 0.9, .nesterov = true}},
            {"RMSprop", {.method = Method::RmsProp, .learningRate = 1e-4, .weightDecay = 1e-3}},
            {"RMSprop with momentum", {.method = Method::RmsProp, .learningRate = 1e-4, .momentum = 0.9}},
            {"Adagrad", {.method = Method::Adagrad, .learningRate = 1e-3, .weightDecay = 1e-3}}};
}

std::unique_ptr<torch::optim::Optimizer> theirsOf(const Optimizer &ours,
                                                  const std::vector<at::Tensor> &parameters)
{
    namespace optim = torch::optim;
    const double rate = ours.learningRate, decay = ours.weightDecay;
    switch (ours.method) {
    case Optimizer::Method::AdamW:
        return std::make_unique<optim::AdamW>(parameters, optim::AdamWOptions(rate).weight_decay(decay));
    case Optimizer::Method::Sgd:
        return std::make_unique<optim::SGD>(
            parameters,
            optim::SGDOptions(rate).weight_decay(decay).momentum(ours.momentum).nesterov(ours.nesterov));
    case Optimizer::Method::RmsProp:
        return std::make_unique<optim::RMSprop>(
            parameters, optim::RMSpropOptions(rate).weight_decay(decay).momentum(ours.momentum));
    case Optimizer::Method::Adagrad:
        return std::make_unique<optim::Adagrad>(parameters, optim::AdagradOptions(rate).weight_decay(decay));
    case Optimizer::Method::Adam:
        break;
    }
    return std::make_unique<optim::Adam>(parameters, optim::AdamOptions(rate).weight_decay(decay));
}

Batch someBatch(const Case &which, at::ScalarType type);

/// ‖ours - theirs‖ / ‖theirs‖ of the parameters after a hundred steps.
double apartAfterTraining(const Case &which, const Optimizer &ours, at::ScalarType type, std::uint64_t seed)
{
    const Network start(which.architecture, seed, at::kCPU, type);
    const Batch batch = someBatch(which, type);
    torch::nn::Sequential module = moduleOf(which.architecture, start.parameters());
    const std::unique_ptr<torch::optim::Optimizer> theirs = theirsOf(ours, module->parameters());
    const std::unique_ptr<Engine> engine = makeEngine(which.architecture, which.loss, {.type = type});
    const std::unique_ptr<Learner> learner = makeLearner(*engine, which.loss, {.optimizer = ours});
    learner->begin(start.parameters());
    for (int step = 0; step < 100; ++step) {
        theirs->zero_grad();
        lossOf(which.loss, module->forward(batch.inputs), batch.targets).backward();
        theirs->step();
        learner->step(batch, 0);
    }
    learner->finish();
    return relativeDifference(start.parameters(), flatParameters(module));
}

Batch someBatch(const Case &which, at::ScalarType type)
{
    std::vector<std::int64_t> shape{32};
    shape.insert(shape.end(), which.architecture.input.begin(), which.architecture.input.end());
    const at::Tensor inputs = at::randn(shape, at::TensorOptions(type));
    if (which.loss == Loss::CrossEntropy)
        return {inputs, at::randint(10, {32}, at::kLong)};
    return {inputs, at::sin(3 * inputs)};
}

} // namespace

class TestLibTorch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        torch::manual_seed(7);
        at::set_num_threads(1); // the tensors here are small
    }

    void gradientsEqualAutograd_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<bool>("isDouble");
        int index = 0;
        for (const auto &[name, which] : cases()) {
            QTest::addRow("%s, float", name) << index << false;
            QTest::addRow("%s, double", name) << index++ << true;
        }
    }

    void gradientsEqualAutograd()
    {
        QFETCH(int, index);
        QFETCH(bool, isDouble);
        const Case which = cases()[static_cast<std::size_t>(index)].second;
        const at::ScalarType type = isDouble ? at::kDouble : at::kFloat;
        const double tolerance = isDouble ? 1e-12 : 1e-5;
        const Network network(which.architecture, 3, at::kCPU, type);
        const Batch batch = someBatch(which, type);

        torch::nn::Sequential module = moduleOf(which.architecture, network.parameters());
        const at::Tensor theirLoss = lossOf(which.loss, module->forward(batch.inputs), batch.targets);
        theirLoss.backward();

        at::Tensor gradient = at::full_like(network.parameters(), 1e9); // must be overwritten, not added to
        const std::unique_ptr<Engine> engine = makeEngine(which.architecture, which.loss, {.type = type});
        const Step step = engine->gradient(network.parameters(), batch, gradient, 0);

        QVERIFY(relativeDifference(step.loss, theirLoss) < tolerance);
        QVERIFY(relativeDifference(gradient, flatGradient(module)) < tolerance);
        QVERIFY(relativeDifference(engine->outputs(network.parameters(), batch.inputs),
                                   module->forward(batch.inputs))
                < tolerance);
    }

    /// The engine for GPUs, here on the CPU; twice, as the second batch meets the first one's memory.
    void tensorEngineEqualsAutograd()
    {
        std::vector<std::pair<const char *, Case>> all = cases();
        for (const Activation activation : allActivations)
            all.emplace_back(activationName(activation).data(),
                             Case{mlp({20, 15, 11, 10}, activation), Loss::CrossEntropy});
        for (const auto &[name, which] : all) {
            if (!suitsTensors(which.architecture))
                continue;
            for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
                const double tolerance = type == at::kDouble ? 1e-12 : 1e-5;
                const Network network(which.architecture, 3, at::kCPU, type);
                AutogradEngine reference(which.architecture, which.loss);
                TensorEngine engine(which.architecture, which.loss);
                at::Tensor expected = at::empty_like(network.parameters()),
                           gradient = at::full_like(expected, 1e9);
                for (const std::int64_t count : {32, 5, 32}) {
                    Batch batch = someBatch(which, type);
                    batch = {batch.inputs.narrow(0, 0, count), batch.targets.narrow(0, 0, count)};
                    const Step known = reference.gradient(network.parameters(), batch, expected, 0);
                    const Step step = engine.gradient(network.parameters(), batch, gradient, 0);
                    QVERIFY2(relativeDifference(gradient, expected) < tolerance, name);
                    QVERIFY2(relativeDifference(step.loss, known.loss) < tolerance, name);
                    QVERIFY2(relativeDifference(step.outputs, known.outputs) < tolerance, name);
                    QVERIFY2(
                        relativeDifference(engine.outputs(network.parameters(), batch.inputs), known.outputs)
                            < tolerance,
                        name);
                }
            }
        }
    }

    /// On the CPU, against the engine that is made for it there. LibTorch rounds the products' results, too,
    /// so that some sums near zero are on the other side of ReLU: half a per cent of them make 7 % of a
    /// gradient.
    void tensorEngineTakesBFloat16()
    {
        const Architecture architecture = mlp({784, 60, 40, 10});
        const Network network(architecture, 3);
        const Batch batch{at::randint(256, {64, 784}, at::kByte), at::randint(10, {64}, at::kLong)};
        DenseEngine reference(architecture, {.precision = Precision::BFloat16});
        TensorEngine engine(architecture, Loss::CrossEntropy, Precision::BFloat16);
        at::Tensor expected = at::empty_like(network.parameters()), gradient = at::empty_like(expected);
        const Step known = reference.gradient(network.parameters(), batch, expected, 0);
        const Step step = engine.gradient(network.parameters(), batch, gradient, 0);
        QVERIFY(relativeDifference(step.outputs, known.outputs) < 1e-2);
        QVERIFY(relativeDifference(gradient, expected) < 0.15);
        QVERIFY(relativeDifference(engine.outputs(network.parameters(), batch.inputs),
                                   reference.outputs(network.parameters(), batch.inputs))
                < 1e-5);
    }

    void optimizersEqualLibTorchs_data()
    {
        QTest::addColumn<int>("optimizer");
        QTest::addColumn<int>("activation");
        QTest::addColumn<QString>("network");
        QTest::addColumn<bool>("isDouble");
        for (std::size_t i = 0; i < optimizers().size(); ++i)
            for (const Activation activation : allActivations)
                for (const char *network : {"units", "deep", "classifier", "convolutions", "mean pools"})
                    for (const bool isDouble : {false, true})
                        QTest::addRow("%s, %s, %s, %s", optimizers()[i].first,
                                      std::string(activationName(activation)).c_str(), network,
                                      isDouble ? "double" : "float")
                            << static_cast<int>(i) << static_cast<int>(activation) << network << isDouble;
    }

    /// A hundred steps by the engine that is chosen and its learner, against torch.optim's. Where a gradient
    /// is of rounding errors alone, methods that divide by its size take a step of full length in a direction
    /// that is nobody's, so that now and then a training parts: the middle one of three tells.
    void optimizersEqualLibTorchs()
    {
        QFETCH(int, optimizer);
        QFETCH(int, activation);
        QFETCH(QString, network);
        QFETCH(bool, isDouble);
        const Case which = trained(network, static_cast<Activation>(activation));
        const Optimizer ours = optimizers()[static_cast<std::size_t>(optimizer)].second;
        std::vector<double> apart;
        for (const std::uint64_t seed : {5, 6, 7})
            apart.push_back(apartAfterTraining(which, ours, isDouble ? at::kDouble : at::kFloat, seed));
        std::sort(apart.begin(), apart.end());
        QVERIFY2(apart[1] < (isDouble ? 1e-10 : 1e-5), qPrintable(QString::number(apart[1])));
    }

    void dropoutScalesAndFollowsItsSeed()
    {
        const Architecture architecture{{1000}, {Dropout{0.25}, Linear{1000, 1}}};
        const Network network(architecture, 1);
        network.parameters().fill_(1);
        network.parameters().narrow(0, 1000, 1).zero_();
        const std::unique_ptr<Engine> engine = makeEngine(architecture, Loss::MeanSquaredError, {});
        const Batch batch{at::ones({400, 1000}), at::zeros({400, 1})};
        at::Tensor gradient = at::empty_like(network.parameters());

        // Each output is the mean of 400,000 masks of mean 1 and standard deviation √(1/3): six of them
        // allowed.
        const at::Tensor first = engine->gradient(network.parameters(), batch, gradient, 11).outputs;
        QVERIFY(std::abs(first.mean().item<double>() / 1000 - 1)
                < 6 * std::sqrt(1.0 / 3) / std::sqrt(400000.0));
        QVERIFY(at::equal(first, engine->gradient(network.parameters(), batch, gradient, 11).outputs));
        QVERIFY(!at::equal(first, engine->gradient(network.parameters(), batch, gradient, 12).outputs));
        QVERIFY(at::equal(engine->outputs(network.parameters(), batch.inputs), at::full({400, 1}, 1000.0f)));
    }
};

QTEST_GUILESS_MAIN(TestLibTorch)
#include "test_libtorch.moc"
