// What a training promises: each sample once an epoch, means over samples, dropout only while training,
// convergence as declared. By closed forms: a network without hidden layers whose values one can write down.

#include "lab/run.h"
#include "train/convergence.h"
#include "train/trainer.h"

#include <QtTest>
#include <cmath>

using namespace losslab;

namespace {

struct Stage
{
    RunControl control;
    Run run{environment()};

    Run::Environment environment()
    {
        Run::Environment environment;
        environment.control = &control;
        environment.sink = [](const Event &) {};
        return environment;
    }
};

/// Ten samples x = 0 … 9 with targets 0 for a line whose weight and bias are set by hand.
Samples tenSamples()
{
    return {at::arange(10, at::kFloat).unsqueeze(1), at::zeros({10, 1}), Loss::MeanSquaredError};
}

/// Images of one pixel column each: 30 samples, class i % 3 lights pixel i % 3.
Samples threeClasses()
{
    const at::Tensor labels = at::arange(30, at::kLong).remainder(3);
    return {at::one_hot(labels, 3).to(at::kByte).mul(255), labels, Loss::CrossEntropy};
}

} // namespace

class TestTrain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lossIsTheMeanOverSamplesPartialBatchAndAll_data()
    {
        QTest::addColumn<int>("batch");
        for (const int batch : {0, 1, 3, 4, 10, 100})
            QTest::addRow("batch %d", batch) << batch;
    }

    void lossIsTheMeanOverSamplesPartialBatchAndAll()
    {
        QFETCH(int, batch);
        Stage stage;
        Task &task = stage.run.task();
        // A learning rate of next to nothing: the line stays y = x, whose mean square over 0 … 9 is 28.5.
        Trainer trainer(task, mlp({1, 1}), tenSamples(),
                        {.adam = {.learningRate = 1e-30}, .batchSize = batch});
        trainer.network().parameters().copy_(at::tensor({1.0f, 0.0f}));
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(2, trainer))
            QVERIFY(std::abs(trainer.epoch().loss - 28.5) < 1e-4);
    }

    void gradientNormIsThatOfTheWholeLossWithoutDecay()
    {
        Stage stage;
        Task &task = stage.run.task();
        Trainer trainer(task, mlp({1, 1}), tenSamples(),
                        {.adam = {.learningRate = 1e-30, .weightDecay = 10}, .gradientNorm = true});
        trainer.network().parameters().copy_(at::tensor({1.0f, 0.0f}));
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(1, trainer)) {
            // L = mean (w x + b)²: ∂L/∂w = 2 mean x² = 57, ∂L/∂b = 2 mean x = 9.
            QVERIFY(std::abs(trainer.epoch().gradientNorm - std::hypot(57.0, 9.0)) < 1e-3);
        }
    }

    void everyEpochIsAnOrderOfItsOwnFromTheSeed()
    {
        // With batches of one and a step after each, the loss seen depends on the order of the samples.
        const auto losses = [](std::int64_t epochs) {
            Stage stage;
            Task &task = stage.run.task();
            Trainer trainer(task, mlp({1, 4, 1}), tenSamples(),
                            {.adam = {.learningRate = 0.05}, .batchSize = 1});
            std::vector<double> seen;
            for ([[maybe_unused]] const std::int64_t epoch : task.epochs(epochs, trainer))
                seen.push_back(trainer.epoch().loss);
            return seen;
        };
        QCOMPARE(losses(3), losses(3));
    }

    void trainingLearnsAndEvaluationCountsByClass()
    {
        Stage stage;
        Task &task = stage.run.task();
        const Samples samples = threeClasses();
        Trainer trainer(task, mlp({3, 3}), samples, {.adam = {.learningRate = 0.1}, .batchSize = 7});
        // Weights that take class 0 for class 1 and know the others: 20 of 30 right.
        at::Tensor weights = at::zeros({3, 3});
        weights[1][0] = 9;
        weights[1][1] = 9;
        weights[2][2] = 9;
        trainer.network().parameters().copy_(at::cat({weights.flatten(), at::zeros({3})}));
        const Evaluation before = evaluate(task, trainer, samples, 3);
        QVERIFY(std::abs(before.accuracy - 2.0 / 3) < 1e-12);
        QCOMPARE(before.classAccuracy, (std::vector<double>{0, 1, 1}));
        // Two classes at -log(e⁹ / (e⁹ + 2)), one at 9 + the same.
        const double known = std::log1p(2 * std::exp(-9.0));
        QVERIFY(std::abs(before.loss - (known + 3.0)) < 1e-4);

        EpochFigures last;
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(200, trainer))
            last = trainer.epoch();
        QCOMPARE(last.accuracy, 1.0);
        QCOMPARE(evaluate(task, trainer, samples, 3).accuracy, 1.0);
    }

    void evaluationLeavesDropoutOut()
    {
        Stage stage;
        Task &task = stage.run.task();
        const Samples samples = threeClasses();
        Trainer trainer(task, {{3}, {Dropout{0.5}, Linear{3, 3}}}, samples,
                        {.adam = {.learningRate = 1e-30}});
        trainer.network().parameters().copy_(at::cat({(at::eye(3) * 9).flatten(), at::zeros({3})}));
        QCOMPARE(evaluate(task, trainer, samples, 3).accuracy, 1.0);
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(1, trainer))
            QVERIFY(trainer.epoch().loss > 0.1); // half of the pixels gone: those samples are guessed
    }

    void divergenceIsToldWithModelAndEpoch()
    {
        Stage stage;
        Task &task = stage.run.task("deep");
        Samples samples = tenSamples();
        samples.targets[3][0] = std::numeric_limits<float>::infinity();
        Trainer trainer(task, mlp({1, 1}), samples, {});
        try {
            for ([[maybe_unused]] const std::int64_t epoch : task.epochs(5, trainer))
                trainer.epoch();
            QFAIL("nothing was told");
        } catch (const RunError &error) {
            QVERIFY(error.error().message.find("deep") != std::string::npos);
            QVERIFY(error.error().message.find("epoch 1") != std::string::npos);
        }
    }

    void stopIsAnsweredBetweenBatches()
    {
        Stage stage;
        Task &task = stage.run.task();
        Trainer trainer(task, mlp({1, 1}), tenSamples(), {.adam = {}, .batchSize = 1});
        stage.control.requestStop();
        QVERIFY_EXCEPTION_THROWN(trainer.epoch(), Stopped);
    }

    void convergenceNeedsAllThreeLimits_data()
    {
        QTest::addColumn<QList<double>>("losses");
        QTest::addColumn<bool>("reached");
        QTest::newRow("settled below") << QList<double>{0.00092, 0.000915, 0.00086} << true;
        QTest::newRow("too high") << QList<double>{0.00102, 0.001015, 0.00101} << false;
        QTest::newRow("last change too large") << QList<double>{0.00092, 0.000915, 0.0008} << false;
        QTest::newRow("change before too large") << QList<double>{0.00094, 0.000915, 0.00091} << false;
        QTest::newRow("only two") << QList<double>{0.00092, 0.000915} << false;
    }

    void convergenceNeedsAllThreeLimits()
    {
        QFETCH(QList<double>, losses);
        QFETCH(bool, reached);
        Convergence convergence({.loss = 1e-3, .changeBefore = 1e-5, .lastChange = 1e-4});
        bool last = false;
        for (const double loss : losses)
            last = convergence.reached(loss);
        QCOMPARE(last, reached);
    }
};

QTEST_GUILESS_MAIN(TestTrain)
#include "test_train.moc"
