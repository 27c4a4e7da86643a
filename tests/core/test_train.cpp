// What a training promises: each sample once an epoch, means over samples, dropout only while training,
// convergence as declared. By closed forms: a network without hidden layers whose values one can write down.

#include "lab/experiment.h"
#include "lab/remarks.h"
#include "lab/run.h"
#include "nn/torch/autogradengine.h"
#include "tests/stage.h"
#include "train/convergence.h"
#include "train/deadlayer.h"
#include "train/trainer.h"

#include <QtTest>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

using namespace losslab;
using test::Stage;

namespace {

std::vector<std::string> remarksOn(Stage &stage)
{
    std::vector<std::string> names;
    for (const RemarkEvent &remark : stage.of<RemarkEvent>())
        names.emplace_back(remarkName(remark.kind));
    return names;
}

class Watched final : public Experiment
{
public:
    Watched() : Experiment({.id = "watched", .title = "Watched", .question = {}, .promise = {}}) {}
    void run(Run &) override {}

    Chart loss{this, "loss", "Loss", epochAxis(), Axis{"loss"}, {}};
};

std::int64_t trained(Task &task, Trainer &trainer, std::int64_t epochs)
{
    std::int64_t last = 0;
    for (const std::int64_t epoch : task.epochs(epochs, trainer)) {
        trainer.epoch();
        last = epoch;
    }
    return last;
}

/// Makes all weights of a layer zero and all biases this.
void setLayer(const Architecture &architecture, at::Tensor parameters, std::size_t linear, double bias)
{
    const std::vector<ParameterSlice> slices = architecture.parameters();
    const auto part = [&](const ParameterSlice &slice) {
        return parameters.narrow(0, slice.offset, slice.size);
    };
    part(slices[2 * linear]).zero_();
    part(slices[2 * linear + 1]).fill_(bias);
}

/// Ten samples x = 0 … 9 with targets 0 for a line whose weight and bias are set by hand.
Samples tenSamples()
{
    return {at::arange(10, at::kFloat).unsqueeze(1), at::zeros({10, 1}), Loss::MeanSquaredError};
}

/// The order in which three epochs show the ten samples to a model of this name.
std::vector<std::vector<double>> ordersSeen(std::uint64_t seed, const std::string &model)
{
    Stage stage({.seed = seed});
    Task &task = stage.run.task(model);
    std::vector<std::vector<double>> orders;
    // Batches of one sample x and the line y = x, whose loss x² has the slope 2 x in its bias.
    const auto look = [&](const at::Tensor &gradient) {
        orders.back().push_back(std::round(gradient[1].item<double>() / 2));
    };
    Trainer trainer(task, mlp({1, 1}), tenSamples(),
                    {.optimizer = {.learningRate = 1e-30}, .batchSize = 1, .onGradient = look});
    trainer.network().parameters().copy_(at::tensor({1.0f, 0.0f}));
    for ([[maybe_unused]] const std::int64_t epoch : task.epochs(3, trainer)) {
        orders.emplace_back();
        trainer.epoch();
    }
    return orders;
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
    /// Of the batches since it was told before, with every engine's learner.
    void theRunningEpochsLossIsThatOfItsLastBatches_data()
    {
        QTest::addColumn<bool>("classes");
        QTest::addColumn<bool>("ownLearner");
        QTest::newRow("line") << false << true;
        QTest::newRow("line, gradients seen") << false << false;
        QTest::newRow("classes") << true << true;
    }

    void theRunningEpochsLossIsThatOfItsLastBatches()
    {
        QFETCH(bool, classes);
        QFETCH(bool, ownLearner);
        std::vector<LiveEvent> told;
        RunControl control;
        Run::Environment environment;
        environment.control = &control;
        environment.sink = [&told](const Event &event, const std::string &) {
            if (const auto *live = std::get_if<LiveEvent>(&event))
                told.push_back(*live);
            else if (std::holds_alternative<ProgressEvent>(event)) // between two batches
                std::this_thread::sleep_for(std::chrono::milliseconds(120));
        };
        Run run(environment);
        const Watched watched;
        Task &task = run.task();
        const std::vector<std::int64_t> widths =
            classes ? std::vector<std::int64_t>{3, 3} : std::vector<std::int64_t>{1, 1};
        const Samples samples = classes ? threeClasses().head(3) : tenSamples().head(3);
        TrainerOptions options{.optimizer = {.learningRate = 0}, .batchSize = 1};
        if (!ownLearner)
            options.onGradient = [](const at::Tensor &) {};
        Trainer trainer(task, mlp(widths), samples, options);
        std::vector<double> expected;
        const at::Tensor outputs = trainer.outputs(samples.inputs);
        for (std::int64_t i = 0; i < 3; ++i)
            expected.push_back(
                lossOf(samples.loss, outputs.slice(0, i, i + 1), samples.targets.slice(0, i, i + 1))
                    .item<double>());
        watched.loss.follow(task, "model");
        EpochFigures figures;
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(1, trainer))
            figures = trainer.epoch();
        QCOMPARE(told.size(), std::size_t(2)); // the last is the epoch's end
        double sum = 0;
        for (const LiveEvent &live : told)
            sum += live.y;
        const double last = 3 * figures.loss - sum;
        std::vector<double> seen{told[0].y, told[1].y, last};
        std::sort(seen.begin(), seen.end());
        std::sort(expected.begin(), expected.end());
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(std::abs(seen[i] - expected[i]) < 1e-5);
        QVERIFY(std::abs(told[0].x - 1.0 / 3) < 1e-12);
    }

    /// Of (x - 0)² by the line's slope and intercept: (2x², 2x), whatever the order of the samples.
    void aStepsGradientNormIsThatOfItsBatch_data()
    {
        QTest::addColumn<bool>("ownLearner");
        QTest::newRow("own learner") << true;
        QTest::newRow("gradients seen") << false;
    }

    void aStepsGradientNormIsThatOfItsBatch()
    {
        QFETCH(bool, ownLearner);
        Stage stage;
        Task &task = stage.run.task();
        TrainerOptions options{.optimizer = {.learningRate = 1e-30}, .batchSize = 1, .gradientNorm = true};
        if (!ownLearner)
            options.onGradient = [](const at::Tensor &) {};
        Trainer trainer(task, mlp({1, 1}), tenSamples(), options);
        trainer.network().parameters().copy_(at::tensor({1.0f, 0.0f}));
        std::vector<double> norms;
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(1, trainer))
            while (const auto step = trainer.step())
                norms.push_back(step->gradientNorm);
        QCOMPARE(norms.size(), std::size_t(10));
        QCOMPARE(trainer.figures().gradientNorm, norms.back());
        std::sort(norms.begin(), norms.end());
        for (std::size_t i = 0; i < norms.size(); ++i) {
            const auto x = static_cast<double>(i);
            QVERIFY(std::abs(norms[i] - 2 * x * std::sqrt(x * x + 1)) <= 1e-5 * (1 + norms[i]));
        }
    }

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
                        {.optimizer = {.learningRate = 1e-30}, .batchSize = batch});
        trainer.network().parameters().copy_(at::tensor({1.0f, 0.0f}));
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(2, trainer))
            QVERIFY(std::abs(trainer.epoch().loss - 28.5) < 1e-4);
    }

    void gradientNormIsThatOfTheWholeLossWithoutDecay()
    {
        Stage stage;
        Task &task = stage.run.task();
        Trainer trainer(task, mlp({1, 1}), tenSamples(),
                        {.optimizer = {.learningRate = 1e-30, .weightDecay = 10}, .gradientNorm = true});
        trainer.network().parameters().copy_(at::tensor({1.0f, 0.0f}));
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(1, trainer)) {
            // L = mean (w x + b)²: ∂L/∂w = 2 mean x² = 57, ∂L/∂b = 2 mean x = 9.
            QVERIFY(std::abs(trainer.epoch().gradientNorm - std::hypot(57.0, 9.0)) < 1e-3);
        }
    }

    void everyEpochIsAnOrderOfItsOwnFromTheSeed()
    {
        const auto first = ordersSeen(1, "one"), again = ordersSeen(1, "another"),
                   other = ordersSeen(2, "one");
        const std::vector<double> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        for (const std::vector<double> &order : first) {
            std::vector<double> sorted = order;
            std::sort(sorted.begin(), sorted.end());
            QCOMPARE(sorted, all); // each sample once
            QVERIFY(order != all);
        }
        QCOMPARE(first.size(), std::size_t(3));
        QVERIFY(first[0] != first[1] && first[1] != first[2] && first[0] != first[2]);
        QCOMPARE(again, first); // for every model of the run
        QVERIFY(other[0] != first[0]);
    }

    void trainingLearnsAndEvaluationCountsByClass()
    {
        Stage stage;
        Task &task = stage.run.task();
        const Samples samples = threeClasses();
        Trainer trainer(task, mlp({3, 3}), samples, {.optimizer = {.learningRate = 0.1}, .batchSize = 7});
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
                        {.optimizer = {.learningRate = 1e-30}});
        trainer.network().parameters().copy_(at::cat({(at::eye(3) * 9).flatten(), at::zeros({3})}));
        QCOMPARE(evaluate(task, trainer, samples, 3).accuracy, 1.0);
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(1, trainer))
            QVERIFY(trainer.epoch().loss > 0.1); // half of the pixels gone: those samples are guessed
    }

    void anEpochStepByStepIsTheSameEpoch()
    {
        Stage stage;
        Samples samples = tenSamples();
        const TrainerOptions options{.optimizer = {.learningRate = 1e-2}, .batchSize = 3};
        Task &task = stage.run.task("model");
        Trainer whole(task, mlp({1, 4, 1}), samples, options), parted(task, mlp({1, 4, 1}), samples, options);
        std::int64_t steps = 0;
        for (int epoch = 1; epoch <= 3; ++epoch) {
            const EpochFigures expected = whole.epoch();
            double lossSum = 0;
            const std::vector<double> sizes{3, 3, 3, 1};
            std::size_t batch = 0;
            while (const auto seen = parted.step()) {
                QCOMPARE(seen->step, ++steps);
                QCOMPARE(seen->learningRate, 1e-2);
                lossSum += seen->loss * sizes.at(batch++);
            }
            QCOMPARE(batch, sizes.size());
            QCOMPARE(parted.epochsDone(), std::int64_t(epoch));
            QCOMPARE(parted.figures().loss, expected.loss);
            QVERIFY(std::abs(lossSum / 10 - expected.loss) < 1e-6 * expected.loss);
            QVERIFY(at::equal(parted.network().parameters(), whole.network().parameters()));
        }
        parted.setLearningRate(1e-4);
        QCOMPARE(parted.step()->learningRate, 1e-4);
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
        QCOMPARE(remarksOn(stage), std::vector<std::string>{"diverged"});
        QCOMPARE(stage.of<RemarkEvent>()[0].epoch, std::int64_t(1));
        QCOMPARE(stage.of<RemarkEvent>()[0].model, std::string("deep"));
    }

    void divergenceOutsideALoopIsToldWithItsEpochAndPlace()
    {
        Stage stage;
        Task &task = stage.run.task("a");
        Samples samples = tenSamples();
        Trainer trainer(task, mlp({1, 1}), samples, {.optimizer = {.learningRate = 1e-3}});
        task.tell(0.5, "α = 0.40");
        trainer.epoch();
        samples.targets[3][0] = std::numeric_limits<float>::infinity(); // the trainer's samples are these
        try {
            trainer.epoch();
            QFAIL("nothing was told");
        } catch (const RunError &error) {
            QVERIFY2(error.error().message.find("epoch 2 at α = 0.40") != std::string::npos,
                     error.error().message.c_str());
        }
    }

    void convergenceEndsTheLoopAndIsRemarked()
    {
        Stage stage;
        Task &task = stage.run.task("deep");
        Trainer trainer(
            task, mlp({1, 1}), tenSamples(),
            {.optimizer = {.learningRate = 1e-30},
             .convergence = Convergence::Limits{.loss = 1e9, .changeBefore = 1, .lastChange = 1}});
        QCOMPARE(trained(task, trainer, 100), std::int64_t(3));
        QCOMPARE(trainer.epochsDone(), std::int64_t(3));
        QCOMPARE(stage.of<RemarkEvent>(),
                 (std::vector<RemarkEvent>{{"deep", 0, RemarkEvent::Kind::Converged, 3, {}}}));
    }

    void epochsThatDoNotSufficeAreRemarked()
    {
        Stage stage;
        Task &task = stage.run.task("deep");
        Trainer trainer(
            task, mlp({1, 1}), tenSamples(),
            {.optimizer = {.learningRate = 1e-30}, .convergence = Convergence::Limits{.loss = 1e-9}});
        QCOMPARE(trained(task, trainer, 7), std::int64_t(7));
        QCOMPARE(stage.of<RemarkEvent>(),
                 (std::vector<RemarkEvent>{{"deep", 0, RemarkEvent::Kind::NotConverged, 7, {}}}));
    }

    void aLayerIsDeadWhereTheOutputIsTheSameEverywhere()
    {
        const Architecture architecture = mlp({3, 8, 6, 5, 2});
        const at::Tensor inputs = at::linspace(-3, 3, 3 * 3000, at::kFloat).view({3000, 3});
        const auto constant = [&](const at::Tensor &parameters) {
            const at::Tensor outputs = forward(architecture, views(architecture, parameters), inputs);
            return at::equal(outputs, outputs.slice(0, 0, 1).expand_as(outputs));
        };
        const auto dead = [&](const at::Tensor &parameters) {
            return hasDeadLayer(architecture, parameters, inputs, [] {});
        };
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const at::Tensor living = Network(architecture, seed).parameters();
            QVERIFY(!constant(living) && !dead(living));
            for (std::size_t layer = 0; layer < 3; ++layer) {
                const at::Tensor killed = living.clone();
                setLayer(architecture, killed, layer, -1);
                QVERIFY(constant(killed) && dead(killed));
            }
            const at::Tensor silent = living.clone(); // by weights alone, as decay makes them
            setLayer(architecture, silent, 3, 0.3);
            QVERIFY(constant(silent) && dead(silent));
            const at::Tensor faint = living.clone(); // small is not dead
            faint.mul_(0.5);
            QVERIFY(!constant(faint) && !dead(faint));
        }
    }

    void oneActiveUnitOnOneSampleIsLife()
    {
        const Architecture architecture = mlp({1, 4, 1});
        at::Tensor parameters = at::zeros({13}, at::kFloat);
        parameters.slice(0, 4, 8).fill_(-1.0);
        parameters[2] = 1.0; // max(x - 1, 0)
        parameters[10] = 1.0;
        at::Tensor inputs = at::zeros({5000, 1}, at::kFloat);
        QVERIFY(hasDeadLayer(architecture, parameters, inputs, [] {}));
        inputs[4999][0] = 1.5;
        QVERIFY(!hasDeadLayer(architecture, parameters, inputs, [] {}));
    }

    void aDeadNetworkIsRemarkedAndALivingOneNot()
    {
        for (const bool kill : {false, true}) {
            Stage stage;
            Task &task = stage.run.task("deep");
            Trainer trainer(task, mlp({3, 5, 3}), threeClasses(), {.optimizer = {.learningRate = 1e-4}});
            if (kill)
                setLayer(trainer.network().architecture(), trainer.network().parameters(), 0, -1);
            trained(task, trainer, 2);
            QCOMPARE(remarksOn(stage), kill ? std::vector<std::string>{"died"} : std::vector<std::string>{});
        }
    }

    void aLossThatEndsAboveItsStartIsRemarked()
    {
        Stage stage;
        Task &task = stage.run.task("deep");
        Trainer trainer(task, mlp({1, 1}), tenSamples(), {.optimizer = {.learningRate = 10}});
        trainer.network().parameters().copy_(at::tensor({0.1f, 0.1f})); // a step of ten leads far beyond
        trained(task, trainer, 1);
        QCOMPARE(remarksOn(stage), std::vector<std::string>{"ended-above-start"});
    }

    void remarksAreSeenInEveryChartOfTheModel()
    {
        Stage stage;
        Task &task = stage.run.task("deep");
        class Board final : public Experiment
        {
        public:
            Board() : Experiment({.id = "board", .title = "Board", .question = {}, .promise = {}}) {}
            void run(Run &) override {}
            Chart loss{this, "loss", "Loss", Axis{"epoch"}, Axis{"loss"}, {}};
            Chart sizes{this, "sizes", "Sizes", Axis{"size"}, Axis{"loss"}, {}};
        } board;
        Trainer trainer(
            task, mlp({1, 1}), tenSamples(),
            {.optimizer = {.learningRate = 1e-30}, .convergence = Convergence::Limits{.loss = 1e-9}});
        for (const std::int64_t epoch : task.epochs(2, trainer))
            board.loss.add(task, "train", static_cast<double>(epoch), trainer.epoch().loss);
        board.sizes.add(task, "train", 2, 1);
        Remarks remarks;
        for (const RemarkEvent &remark : stage.of<RemarkEvent>())
            remarks.add(remark);
        for (const char *chart : {"loss", "sizes"})
            QCOMPARE(remarks.sentences(1, chart),
                     std::vector<std::string>{"deep has not converged in 2 epochs"});
        QVERIFY(remarks.sentences(1, "other").empty());
    }

    void stopIsAnsweredBetweenBatches()
    {
        Stage stage;
        Task &task = stage.run.task();
        int batches = 0;
        const auto stopInTheThird = [&](const at::Tensor &) {
            if (++batches == 3)
                stage.control.requestStop();
        };
        Trainer trainer(task, mlp({1, 1}), tenSamples(),
                        {.optimizer = {}, .batchSize = 1, .onGradient = stopInTheThird});
        QVERIFY_EXCEPTION_THROWN(trainer.epoch(), Stopped);
        QCOMPARE(batches, 3); // of ten
    }

    void stopIsAnsweredWithinABatch_data()
    {
        QTest::addColumn<QString>("engine");
        for (const char *engine : {"dense", "convolutional", "autograd"})
            QTest::newRow(engine) << engine;
    }

    /// One batch an epoch, of more than a piece of work: without a look within it the epoch would come to its
    /// end.
    void stopIsAnsweredWithinABatch()
    {
        QFETCH(QString, engine);
        const auto images = [](std::int64_t count) {
            return Samples{at::randint(256, {count, 784}, at::kByte), at::randint(10, {count}, at::kLong),
                           Loss::CrossEntropy, 0.5};
        };
        Architecture architecture = mlp({784, 3000, 10});
        Samples samples = images(1000);
        if (engine == "convolutional") {
            architecture = {{1, 28, 28},
                            {Conv2d{1, 4, 5}, Activate{}, MaxPool2d{2}, Flatten{}, Linear{576, 10}}};
            samples = images(640);
        } else if (engine == "autograd") {
            architecture = mlp({300, 300, 300});
            samples = {at::randn({8000, 300}), at::randn({8000, 300}), Loss::MeanSquaredError};
        }
        Stage stage;
        Task &task = stage.run.task();
        Trainer trainer(task, architecture, samples, {});
        trainer.epoch();
        const at::Tensor before = trainer.network().parameters().clone();
        stage.control.requestStop();
        QVERIFY_EXCEPTION_THROWN(trainer.epoch(), Stopped);
        QVERIFY(at::equal(trainer.network().parameters(), before));
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
