#include "data/dataset.h"
#include "data/mnist.h"
#include "experiments/choices.h"
#include "experiments/classifierfigures.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"
#include "train/footprint.h"
#include "train/images.h"
#include "train/networklist.h"
#include "train/trainer.h"

#include <map>

namespace losslab {

namespace {

/// Networks of equal size, of different depth, on handwritten digits.
class CnnMnist final : public Experiment
{
public:
    CnnMnist()
        : Experiment({.id = "cnn-mnist",
                      .title = "Train on MNIST",
                      .question = "Does depth help on an actual task, with equally many parameters?",
                      .promise = "train networks of equal size, three convolutional ones of about 24,000 "
                                 "parameters unless you list others, to read handwritten digits, and watch "
                                 "their training loss, training accuracy and "
                                 "test accuracy by digit.",
                      .part = Part::Depth,
                      .needsImages = true})
    {}

    MemoryNeed memoryNeed() const override
    {
        MemoryNeed need{.parameters = {"batch"}};
        const NetworkTask task = imageTask(images());
        for (const NamedNetwork &network : m_networks.networks())
            need.models.emplace_back(network.name,
                                     trainingBytes(built(network, task), Loss::CrossEntropy, m_batchSize));
        return need;
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run, m_pixels);
        run.each(m_networks.networks(), &NamedNetwork::name,
                 [&](const NamedNetwork &network, Task &task) { train(task, network, images); });
    }

private:
    Architecture built(const NamedNetwork &network, const NetworkTask &task) const
    {
        return NetworkList::built(network, task, m_activation);
    }

    void train(Task &task, const NamedNetwork &network, const Images &images)
    {
        const std::string &model = task.name();
        Optimizer optimizer = m_optimizer;
        optimizer.learningRate = network.learningRate.value_or(optimizer.learningRate);
        optimizer.weightDecay = network.weightDecay.value_or(optimizer.weightDecay);
        Trainer trainer(task, built(network, images.task), images.training,
                        {.optimizer = optimizer,
                         .batchSize = m_batchSize,
                         .weights = m_start,
                         .schedule = m_schedule.over(m_epochs)});
        task.saveModel(trainer.network().tensors(), "-init");
        m_testAccuracies.show(
            task, model, [&] { return byDigit(evaluate(task, trainer, images.test, images.classes())); });

        m_loss.follow(task, model);
        EpochFigures figures;
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer)) {
            figures = trainer.epoch();
            m_loss.add(task, model, static_cast<double>(epoch), figures.loss);
            m_accuracy.add(task, model, static_cast<double>(epoch), figures.accuracy);
        }
        const Evaluation tested = evaluate(task, trainer, images.test, images.classes());
        task.saveModel(trainer.network().tensors());
        m_figures.set(task, trainer.network().architecture(), figures, tested);
    }

    /// x -1 is the accuracy over all digits.
    static Chart::Curve byDigit(const Evaluation &tested)
    {
        Chart::Curve curve{{-1}, {tested.accuracy}};
        for (std::size_t digit = 0; digit < tested.classAccuracy.size(); ++digit) {
            curve.x.push_back(static_cast<double>(digit));
            curve.y.push_back(tested.classAccuracy[digit]);
        }
        return curve;
    }

    /// What is drawn of each network: the published three told apart by what they have.
    void followNetworks(ChartInfo &info, const RunSpec &spec, Mark mark) const
    {
        static const std::map<std::string, std::string> published{
            {"cnn1", "CNN 1 (dropout)"}, {"cnn2", "CNN 2 (deep head)"}, {"cnn3", "CNN 3 (5×5 kernels)"}};
        const bool asPublished = toText(m_networks.valueIn(spec)) == toText(m_networks.info().report);
        info.series.clear();
        for (const NamedNetwork &network : m_networks.in(spec))
            info.series.push_back(
                {network.name, asPublished ? published.at(network.name) : network.name, mark});
    }
    /// Where they have names; else they are numbers.
    static void nameClasses(Axis &axis, const std::string &data)
    {
        if (!isMnist(data))
            axis.title = "Class";
        for (const std::string &name : classNames(data))
            axis.ticks.emplace_back(axis.ticks.back().first + 1, name);
    }
    ChartOptions ofNetworks(Mark mark)
    {
        return {.follow = [this, mark](ChartInfo &info, const RunSpec &spec) {
            followNetworks(info, spec, mark);
        }};
    }

    PixelsChoice m_pixels{this};
    NetworkList m_networks{
        this,
        "models",
        "Networks",
        {.standard = "cnn1: conv 10 4, pool 2, conv 20 4, pool 2, 50, dropout 0.25, 80; "
                     "cnn2: conv 10 4, pool 2, conv 20 4, pool 2, 50, 50, 30, 20; "
                     "cnn3: conv 10 5, pool 2, conv 15 5, pool 2, 80",
         .task = imageTask(),
         .help = "Each with its hidden layers, convolutional or dense; a learning rate and a weight decay of "
                 "its own where it has one."}};
    ActivationChoice m_activation{this};
    StartChoice m_start{this};
    EpochsChoice m_epochs{this, 15, 2};
    BatchSizeChoice m_batchSize{this, 500};
    OptimizerChoice m_optimizer{this, {}};
    ScheduleChoice m_schedule{this};

    Chart m_loss{this,
                 "loss",
                 "Training loss",
                 epochAxis(),
                 Axis{"Cross entropy", Scale::Log},
                 ofNetworks(Mark::LinePoints)};
    Chart m_accuracy{this,
                     "accuracy",
                     "Training accuracy",
                     epochAxis(),
                     Axis{.title = "Accuracy", .format = Format::Percent},
                     ofNetworks(Mark::LinePoints)};
    Chart m_testAccuracies{this,
                           "test-accuracy",
                           "Test accuracy",
                           Axis{.title = "Digit", .whole = true, .ticks = {{-1, "all"}}},
                           Axis{.title = "Accuracy", .format = Format::Percent},
                           {.follow = [this](ChartInfo &info, const RunSpec &spec) {
                               followNetworks(info, spec, Mark::Grouped);
                               nameClasses(info.x, spec.data);
                           }}};

    ClassifierFigures m_figures{this,
                                {.parameters = {{.model = "cnn1", .value = 24330},
                                                {.model = "cnn2", .value = 24350},
                                                {.model = "cnn3", .value = 24115}},
                                 .testAccuracy = {{.model = "cnn1", .value = 0.9872},
                                                  {.model = "cnn2", .value = 0.9796},
                                                  {.model = "cnn3", .value = 0.9852}},
                                 .trainingAccuracy = {{.model = "cnn1", .value = 0.9791},
                                                      {.model = "cnn2", .value = 0.9793},
                                                      {.model = "cnn3", .value = 0.9881}}},
                                ", last epoch",
                                {"models"}};
};

} // namespace

std::unique_ptr<Experiment> makeCnnMnist()
{
    return std::make_unique<CnnMnist>();
}

} // namespace losslab
