#include "base/text.h"
#include "data/dataset.h"
#include "data/datasetlist.h"
#include "data/mnist.h"
#include "experiments/choices.h"
#include "experiments/classifierfigures.h"
#include "experiments/modelsoneach.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"
#include "train/footprint.h"
#include "train/images.h"
#include "train/networklist.h"
#include "train/trainer.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace losslab {

namespace {

/// Networks of equal size, of different depth, on handwritten digits.
class CnnMnist final : public Experiment
{
public:
    CnnMnist()
        : Experiment({.id = "cnn-mnist",
                      .title = "Train on images",
                      .question = "Does depth help on an actual task, with equally many parameters?",
                      .promise = "train networks of equal size, three convolutional ones of about 24,000 "
                                 "parameters unless you list others, to read handwritten digits or other "
                                 "images, and watch their losses and accuracies on training and test images, "
                                 "epoch by epoch and class by class.",
                      .part = Part::Depth,
                      .needsImages = true})
    {}

    std::optional<Conflict> check() const override
    {
        std::set<std::string> names;
        for (const ModelOnOne &model : models())
            for (const std::string &name : {model.name, testOf(model.name)})
                if (!names.insert(name).second)
                    return Conflict{"models", fmt::format("“{}” would be the name of two curves. Give the "
                                                          "network another name.",
                                                          name)};
        const std::vector<std::string> sets = m_further.names();
        const auto surveys = m_further.surveys();
        for (std::size_t i = 0; surveys && i < surveys->size(); ++i) {
            const NetworkTask task = imageTask((*surveys)[i]);
            const auto fits = readNetworks(toText(m_networks.value()), isKnown(task) ? &task : nullptr);
            if (!fits)
                return Conflict{"also", fmt::format("On {}: {}", dataTitle(sets[i]), fits.error().message)};
        }
        return std::nullopt;
    }

    MemoryNeed memoryNeed() const override
    {
        MemoryNeed need{.parameters = {"batch"}};
        std::vector<ImageSurvey> surveys{images()};
        const auto further = m_further.surveys();
        if (further)
            surveys.insert(surveys.end(), further->begin(), further->end());
        for (std::size_t i = 1; i < surveys.size(); ++i)
            need.together += datasetBytes(surveys[i]);
        for (const ModelOnOne &model : models())
            if (const NetworkTask task = imageTask(surveys.at(std::min(model.place, surveys.size() - 1)));
                isKnown(task))
                need.models.emplace_back(
                    model.name, trainingBytes(built(model.network, task), Loss::CrossEntropy, m_batchSize));
        return need;
    }

    void run(Run &run) override
    {
        std::vector<Images> sets{imagesOf(run, m_pixels)};
        for (const std::string &data : m_further.names()) {
            if (run.dataset(data).checksum == run.dataset().checksum)
                throw RunError(
                    Error{ErrorKind::Usage,
                          fmt::format("{} is the data set chosen already. Take it out of the further "
                                      "data sets.",
                                      dataTitle(data))});
            sets.push_back(imagesOf(run, m_pixels, data));
        }
        run.each(models(), &ModelOnOne::name,
                 [&](const ModelOnOne &model, Task &task) { train(task, model, sets[model.place]); });
    }

private:
    std::vector<ModelOnOne> models() const
    {
        return modelsOnEach(m_networks.networks(), m_further.names().size() + 1);
    }

    Architecture built(const NamedNetwork &network, const NetworkTask &task) const
    {
        return NetworkList::built(network, task, m_activation);
    }

    void train(Task &task, const ModelOnOne &one, const Images &images)
    {
        const std::string &model = task.name(), facet = facetKey(one.place);
        const ChartPart loss = m_loss.of(facet), accuracy = m_accuracy.of(facet);
        Optimizer optimizer = m_optimizer;
        optimizer.learningRate = one.network.learningRate.value_or(optimizer.learningRate);
        optimizer.weightDecay = one.network.weightDecay.value_or(optimizer.weightDecay);
        Trainer trainer(task, built(one.network, images.task), images.training,
                        {.optimizer = optimizer,
                         .batchSize = m_batchSize,
                         .weights = m_start,
                         .schedule = m_schedule.over(m_epochs)});
        task.saveModel(trainer.network().tensors(), "-init");
        Kept<Evaluation> tested(task, "tested");
        m_testAccuracies.of(facet).show(task, model, [&] { return byClass(*tested); });

        loss.follow(task, model);
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer)) {
            const EpochFigures figures = trainer.epoch();
            tested = evaluate(task, trainer, images.test, images.classes());
            const auto x = static_cast<double>(epoch);
            loss.add(task, model, x, figures.loss);
            loss.add(task, testOf(model), x, tested->loss);
            accuracy.add(task, model, x, figures.accuracy);
            accuracy.add(task, testOf(model), x, tested->accuracy);
        }
        task.saveModel(trainer.network().tensors());
        m_figures.set(task, trainer.network().architecture(), trainer.figures(), *tested);
    }

    /// The series of its figures on test images.
    static std::string testOf(const std::string &model) { return model + "-test"; }

    /// x -1 is the accuracy over all classes. Empty before the first evaluation.
    static Chart::Curve byClass(const Evaluation &tested)
    {
        if (tested.classAccuracy.empty())
            return {};
        Chart::Curve curve{{-1}, {tested.accuracy}};
        for (std::size_t label = 0; label < tested.classAccuracy.size(); ++label) {
            curve.x.push_back(static_cast<double>(label));
            curve.y.push_back(tested.classAccuracy[label]);
        }
        return curve;
    }

    /// What is drawn of each network: the published three told apart by what they have.
    void followNetworks(ChartInfo &info, const RunSpec &spec, Mark mark, bool tested) const
    {
        static const std::map<std::string, std::string> published{
            {"cnn1", "CNN 1 (dropout)"}, {"cnn2", "CNN 2 (deep head)"}, {"cnn3", "CNN 3 (5×5 kernels)"}};
        const bool asPublished = toText(m_networks.valueIn(spec)) == toText(m_networks.info().report);
        info.series.clear();
        for (const NamedNetwork &network : m_networks.in(spec)) {
            const std::string name = nameOn(network, info.facet);
            const std::string label = asPublished && info.facet.empty() ? published.at(network.name) : name;
            info.series.push_back({name, label, mark});
            if (tested)
                info.series.push_back({.key = testOf(name),
                                       .label = label.substr(0, label.find(" (")) + ", test",
                                       .mark = Mark::LinePoints,
                                       .like = name});
        }
    }
    /// Where they have names; else they are numbers.
    static void nameClasses(Axis &axis, const std::string &data)
    {
        if (!isMnist(data))
            axis.title = "Class";
        for (const std::string &name : classNames(data))
            axis.ticks.emplace_back(axis.ticks.back().first + 1, name);
    }
    /// The data set chosen, and those beside it.
    std::vector<std::string> setsIn(const RunSpec &spec) const
    {
        std::vector<std::string> sets = m_further.in(spec);
        sets.insert(sets.begin(), spec.data);
        return sets;
    }
    std::vector<Facet> facetsIn(const RunSpec &spec) const
    {
        std::vector<Facet> facets;
        for (const std::string &data : setsIn(spec))
            facets.push_back({facetKey(facets.size()), dataTitle(data)});
        return facets;
    }
    static std::size_t placeOf(const std::string &facet)
    {
        return facet.empty() ? 0 : readNumber<std::size_t>(facet).value_or(1) - 1;
    }
    ChartOptions ofNetworks(std::string sharesX = {})
    {
        return {.sharesX = std::move(sharesX),
                .follow = [this](ChartInfo &info,
                                 const RunSpec &spec) { followNetworks(info, spec, Mark::LinePoints, true); },
                .facets = [this](const RunSpec &spec) { return facetsIn(spec); }};
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

    DatasetList m_further{this, "also", "Further data sets",
                          "The same networks are trained on these as well, each drawn in charts of its own: "
                          "fashion-mnist; cifar-10."};

    Chart m_loss{this, "loss", "Loss", epochAxis(), Axis{"Cross entropy", Scale::Log}, ofNetworks()};
    Chart m_accuracy{this,
                     "accuracy",
                     "Accuracy",
                     epochAxis(),
                     Axis{.title = "Accuracy", .format = Format::Percent},
                     ofNetworks("loss")};
    Chart m_testAccuracies{this,
                           "test-accuracy",
                           "Test accuracy",
                           Axis{.title = "Digit", .whole = true, .ticks = {{-1, "all"}}},
                           Axis{.title = "Accuracy", .format = Format::Percent},
                           {.follow =
                                [this](ChartInfo &info, const RunSpec &spec) {
                                    followNetworks(info, spec, Mark::Grouped, false);
                                    nameClasses(info.x, setsIn(spec)[placeOf(info.facet)]);
                                },
                            .facets = [this](const RunSpec &spec) { return facetsIn(spec); }}};

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
