// Training that is left and taken up again, by the same engine or another.

#include "nn/makeengine.h"
#include "nn/network.h"
#include "nn/torch/autogradengine.h"
#include "tests/networks.h"
#include "tests/tensors.h"

#include <QtTest>
#include <functional>
#include <stdexcept>

using namespace losslab;

namespace {

struct Case
{
    const char *name;
    Architecture architecture;
    Loss loss = Loss::CrossEntropy;
    Workload workload = {};
};

std::vector<Case> cases()
{
    return {
        {"lanes", mlp({1, 20, 5, 1}), Loss::MeanSquaredError},
        {"lanes", mlp({1, 20, 5, 1}), Loss::MeanSquaredError, {.type = at::kDouble}},
        {"dense", mlp({50, 30, 20, 4}), Loss::CrossEntropy, {.density = 0.2}},
        {"dense", mlp({50, 30, 4}), Loss::CrossEntropy, {.precision = Precision::BFloat16}},
        {"conv", test::cnn1()},
        {"lanes", mlp({1, 20, 5, 1}, Activation::Gelu), Loss::MeanSquaredError},
        {"dense", mlp({50, 30, 20, 4}, Activation::Tanh), Loss::CrossEntropy},
        {"dense", mlp({50, 30, 4}, Activation::Silu), Loss::CrossEntropy, {.precision = Precision::BFloat16}},
        {"conv",
         {{3, 7, 9},
          {Conv2d{3, 6, 3, 2, 1, 1}, Activate{Activation::LeakyRelu}, Conv2d{6, 5, 2, 1, 1, 0},
           Activate{Activation::Gelu}, MaxPool2d{2}, Flatten{}, Linear{20, 4}}}}};
}

Batch batchOf(const Case &which)
{
    if (which.loss == Loss::MeanSquaredError)
        return {at::randn({33, 1}, which.workload.type), at::randn({33, 1}, which.workload.type)};
    return {at::randint(256, {33, which.architecture.inputs()}, at::kByte), at::randint(4, {33}, at::kLong)};
}

using EngineMaker = std::function<std::unique_ptr<Engine>(const Case &)>;

std::unique_ptr<Engine> chosen(const Case &which)
{
    return makeEngine(which.architecture, which.loss, which.workload);
}

std::unique_ptr<Engine> autograd(const Case &which)
{
    return std::make_unique<AutogradEngine>(which.architecture, which.loss);
}

} // namespace

class TestLearner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { at::manual_seed(3); }

    void trainingGoesOnFromItsStateToTheBit_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<bool>("byAutograd");
        for (int i = 0; i < static_cast<int>(cases().size()); ++i)
            for (const bool byAutograd : {false, true})
                QTest::addRow("%d %s%s", i, cases()[static_cast<std::size_t>(i)].name,
                              byAutograd ? ", autograd" : "")
                    << i << byAutograd;
    }

    void trainingGoesOnFromItsStateToTheBit()
    {
        QFETCH(int, index);
        QFETCH(bool, byAutograd);
        const Case which = cases()[static_cast<std::size_t>(index)];
        const EngineMaker make = byAutograd ? autograd : chosen;
        const LearnerOptions options{.optimizer = {.learningRate = 1e-2, .weightDecay = 1e-3}};
        const Batch batch = batchOf(which);
        const Network whole(which.architecture, 5, at::kCPU, which.workload.type);
        const Network parted(which.architecture, 5, at::kCPU, which.workload.type);
        const auto train = [&](Learner &learner, const at::Tensor &parameters, int from, int to) {
            learner.begin(parameters);
            for (int step = from; step < to; ++step)
                learner.step(batch, static_cast<std::uint64_t>(step));
            learner.finish();
        };
        const auto engine = make(which);
        if (!byAutograd)
            QCOMPARE(std::string(engine->name()), std::string(which.name));
        const auto uninterrupted = makeLearner(*engine, which.loss, options);
        QCOMPARE(uninterrupted->optimizerState().steps, std::int64_t(0));
        train(*uninterrupted, whole.parameters(), 0, 9);

        OptimizerState state;
        {
            const auto first = make(which);
            const auto learner = makeLearner(*first, which.loss, options);
            train(*learner, parted.parameters(), 0, 4);
            state = learner->optimizerState();
        }
        QCOMPARE(state.steps, std::int64_t(4));
        QCOMPARE(state.momentum.numel(), parted.parameters().numel());
        QVERIFY(!at::equal(whole.parameters(), parted.parameters()));
        const auto second = make(which);
        const auto learner = makeLearner(*second, which.loss, options);
        learner->begin(parted.parameters());
        learner->setOptimizerState(state);
        train(*learner, parted.parameters(), 4, 9);
        QVERIFY(at::equal(whole.parameters(), parted.parameters()));
        QVERIFY(at::equal(uninterrupted->optimizerState().momentum, learner->optimizerState().momentum));
        QVERIFY(at::equal(uninterrupted->optimizerState().squares, learner->optimizerState().squares));
    }

    void aStateOfOtherParametersIsRefused()
    {
        for (const Case &which : cases())
            for (const EngineMaker &make : {EngineMaker(chosen), EngineMaker(autograd)}) {
                const Network network(which.architecture, 5, at::kCPU, which.workload.type);
                const auto engine = make(which);
                const auto learner = makeLearner(*engine, which.loss, {});
                learner->begin(network.parameters());
                QVERIFY_EXCEPTION_THROWN(learner->setOptimizerState({}), std::invalid_argument);
                const at::Tensor few = at::zeros({3}, which.workload.type);
                QVERIFY_EXCEPTION_THROWN(learner->setOptimizerState({few, few, 1}), std::invalid_argument);
            }
    }

    /// Its order is the parameters', whatever the engine's.
    void oneEngineGoesOnWhereAnotherStopped()
    {
        const Case which = cases()[2];
        const LearnerOptions options{.optimizer = {.learningRate = 1e-3}};
        const Batch batch = batchOf(which);
        std::vector<at::Tensor> trained;
        for (const std::pair<EngineMaker, EngineMaker> &engines :
             {std::pair<EngineMaker, EngineMaker>(autograd, autograd),
              {chosen, autograd},
              {autograd, chosen}})
        {
            const Network network(which.architecture, 5);
            OptimizerState state;
            for (const EngineMaker &make : {engines.first, engines.second}) {
                const auto engine = make(which);
                const auto learner = makeLearner(*engine, which.loss, options);
                learner->begin(network.parameters());
                if (state.steps > 0)
                    learner->setOptimizerState(state);
                for (int step = 0; step < 5; ++step)
                    learner->step(batch, 0);
                learner->finish();
                state = learner->optimizerState();
            }
            QCOMPARE(state.steps, std::int64_t(10));
            trained.push_back(network.parameters().clone());
        }
        for (const at::Tensor &parameters : trained)
            QVERIFY(test::relativeDifference(parameters, trained.front()) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(TestLearner)
#include "test_learner.moc"
