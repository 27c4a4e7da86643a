#include "base/numbertext.h"
#include "experiments/modelsoneach.h"
#include "experiments/optimizerchoice.h"
#include "experiments/targetchoice.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"
#include "train/footprint.h"
#include "train/networklist.h"
#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace losslab {

namespace {

/// Does depth help when the number of parameters is held equal?
class FunctionFit final : public Experiment
{
public:
    FunctionFit()
        : Experiment({.id = "function-fit",
                      .title = "Simulate a function",
                      .question = "Does depth help when networks have equally many parameters?",
                      .promise = "train networks of equal size, three deep to shallow ones unless you list "
                                 "others, on the chosen function, from five random starts each, and watch "
                                 "their losses and their fits.",
                      .part = Part::Depth,
                      .repeats = 5}) // a single seed tells little of depth
    {}

    /// Of the square wave, the published list is another.
    void normalize() override
    {
        m_target.normalize();
        if (m_target.is("square") && m_networks.value() == Value(published(0.0003)))
            (void)m_networks.set(published(0.00015));
    }

    std::optional<Conflict> check() const override
    {
        std::set<std::string> names;
        for (const ModelOnOne &model : models())
            if (model.network.name == "target")
                return Conflict{"models",
                                "“target” is the function's own curve. Give the network another name."};
            else if (!names.insert(model.name).second)
                return Conflict{"models", fmt::format("Of several functions, “{}” would be the name of two "
                                                      "models. Give the network another name.",
                                                      model.name)};
        return std::nullopt;
    }

    MemoryNeed memoryNeed() const override
    {
        MemoryNeed need{.parameters = {"points", "models"}};
        for (const ModelOnOne &model : models())
            need.models.emplace_back(
                model.name, trainingBytes(built(model.network), Loss::MeanSquaredError, m_target.count()));
        return need;
    }

    void run(Run &run) override
    {
        std::vector<Learned> learned;
        for (const std::string &function : m_target.functions())
            learned.push_back(prepared(run, function, facetKey(learned.size())));
        run.each(models(), &ModelOnOne::name, [&](const ModelOnOne &model, Task &task) {
            train(task, model.network, learned[model.place]);
        });
    }

private:
    static constexpr double ownRate = 0.001;        ///< of networks that are listed without one
    static constexpr std::size_t mostDrawn = 10000; ///< points of a curve

    /// The three networks, the middle one with this weight decay.
    static std::string published(double middleDecay)
    {
        return fmt::format("deep: 5, 10, 10, 10, 10, 9, 5 | lr 0.001 | decay 0.0001; "
                           "middle: 5, 12, 15, 10, 10 | lr 0.005 | decay {}; "
                           "shallow: 26, 18 | lr 0.003 | decay 0.00015",
                           middleDecay);
    }

    Architecture built(const NamedNetwork &network) const
    {
        return NetworkList::built(network, functionTask(), m_activation);
    }

    std::vector<ModelOnOne> models() const
    {
        return modelsOnEach(m_networks.networks(), m_target.functions().size());
    }

    /// One of the functions.
    struct Learned
    {
        ChartPart loss;
        ChartPart fit;
        Samples samples;
        std::vector<double> x; ///< where the fits are drawn
        at::Tensor inputs;     ///< the same as the networks take it
    };

    /// Draws the function itself, and says what is to be known of its points.
    Learned prepared(Run &run, const std::string &function, const std::string &facet) const
    {
        const TargetSamples target = m_target.sampled(run, function);
        TargetSamples drawn = thinned(target);
        const at::Device device = torchDevice(run.device());
        Learned learned{m_loss.of(facet),
                        m_fit.of(facet),
                        functionSamples(target.x, target.y, device),
                        widened(drawn.x, m_beyond),
                        {}};
        learned.inputs = functionSamples(learned.x, learned.x, device).inputs;

        std::vector<std::string> remarks;
        if (drawn.x.size() < target.x.size())
            remarks.push_back(fmt::format("drawn at {} of {} samples", countText(std::ssize(drawn.x)),
                                          countText(std::ssize(target.x))));
        std::vector<ReferenceLine> ends;
        if (m_beyond > 0) {
            ends = {{target.x.front(), "samples from here", true}, {target.x.back(), "to here", true}};
            if (!drawBeyond(drawn, function, learned.x))
                remarks.emplace_back("beyond its samples, the function has no value or is not known");
        }
        learned.fit.put(run, "target", {drawn.x, drawn.y});
        learned.fit.annotate(run, fmt::format("{}", fmt::join(remarks, "; ")), ends);
        return learned;
    }

    /// Puts the function's own values on both sides of its samples; false where it has none on one of them.
    bool drawBeyond(TargetSamples &drawn, const std::string &function, const std::vector<double> &x) const
    {
        const auto low = std::lower_bound(x.begin(), x.end(), drawn.x.front());
        const auto high = std::upper_bound(x.begin(), x.end(), drawn.x.back());
        const auto left = m_target.beyond(function, {x.begin(), low}),
                   right = m_target.beyond(function, {high, x.end()});
        if (left) {
            drawn.x.insert(drawn.x.begin(), left->x.begin(), left->x.end());
            drawn.y.insert(drawn.y.begin(), left->y.begin(), left->y.end());
        }
        if (right) {
            drawn.x.insert(drawn.x.end(), right->x.begin(), right->x.end());
            drawn.y.insert(drawn.y.end(), right->y.begin(), right->y.end());
        }
        return left && right;
    }

    /// Of many samples as many as a curve needs: every so many, and the last.
    static TargetSamples thinned(const TargetSamples &samples)
    {
        const std::size_t count = samples.x.size(), every = (count + mostDrawn - 1) / mostDrawn;
        if (every == 1)
            return samples;
        TargetSamples kept;
        for (std::size_t i = 0; i < count; i += every) {
            const std::size_t place = i + every < count ? i : count - 1;
            kept.x.push_back(samples.x[place]);
            kept.y.push_back(samples.y[place]);
        }
        return kept;
    }

    /// With points as dense on both sides, over that share of the interval.
    static std::vector<double> widened(const std::vector<double> &x, double share)
    {
        const double low = x.front(), high = x.back(), width = share * (high - low);
        const auto more = static_cast<std::size_t>(
            std::min(std::ceil(share * static_cast<double>(x.size())), static_cast<double>(mostDrawn)));
        std::vector<double> left = linspace(low - width, low, more + 1);
        std::vector<double> right = linspace(high, high + width, more + 1);
        if (more == 0)
            return x;
        left.pop_back();
        left.insert(left.end(), x.begin(), x.end());
        left.insert(left.end(), right.begin() + 1, right.end());
        return left;
    }

    void train(Task &task, const NamedNetwork &network, const Learned &learned)
    {
        const std::string &model = task.name();
        TrainerOptions options{
            .optimizer = m_method.with(network.learningRate.value_or(ownRate) * m_learningRateFactor,
                                       network.weightDecay.value_or(0) * m_weightDecayFactor),
            .batchSize = m_batchSize,
            .weights = m_start,
            .schedule = m_schedule.over(m_epochs)};
        if (m_converged > 0)
            options.convergence = Convergence::Limits{
                .loss = m_converged, .changeBefore = m_converged / 100, .lastChange = m_converged / 10};
        Trainer trainer(task, built(network), learned.samples, options);
        task.saveModel(trainer.network().tensors(), "-init");
        learned.fit.show(task, model, [&] {
            return Chart::Curve{learned.x, toVector(trainer.outputs(learned.inputs))};
        });

        for (const std::int64_t epoch : task.epochs(m_epochs, trainer))
            learned.loss.add(task, model, static_cast<double>(epoch), trainer.epoch().loss);
        task.saveModel(trainer.network().tensors());
        m_parameters.set(task, model, static_cast<double>(trainer.network().architecture().parameterCount()));
        m_finalEpochs.set(task, model, static_cast<double>(trainer.epochsDone()));
        m_finalLoss.set(task, model, trainer.figures().loss);
    }

    TargetChoice m_target{this, {.points = 400, .slidesLow = 0, .several = true}};
    Real m_beyond{
        this,
        "beyond",
        "Draw fits beyond",
        {.standard = 0,
         .max = 10,
         .unit = "× interval",
         .help =
             "The networks learn from the interval alone. This much of its length is drawn on each side of "
             "it, too.",
         .group = "Data",
         .decides = false}};
    NetworkList m_networks{
        this,
        "models",
        "Networks",
        {.standard = published(0.0003),
         .task = functionTask(),
         .slides = "deep: 5, 10, 10, 10, 10, 10, 5; middle: 10, 18, 15, 4; wide: 190",
         .help = "Each with its hidden layers; a learning rate and a weight decay of its own where it has "
                 "one."}};
    ActivationChoice m_activation{this};
    StartChoice m_start{this};
    Real m_learningRateFactor{
        this,
        "lr-factor",
        "Learning rate",
        {.standard = 1,
         .min = 1e-3,
         .max = 1e3,
         .scale = Scale::Log,
         .unit = "× listed",
         .help = "Multiplies the rates that the list of networks gives; one without has 0.001."}};
    Real m_weightDecayFactor{
        this,
        "decay-factor",
        "Weight decay",
        {.standard = 1,
         .max = 1e3,
         .unit = "× listed",
         .help = "Multiplies the decays that the list of networks gives; one without has none."}};
    Int m_epochs{this,
                 "epochs",
                 "At most",
                 {.standard = 20000,
                  .min = 1,
                  .max = 10000000,
                  .unit = "epochs",
                  .help = "A model ends earlier when it has converged."}};
    Int m_batchSize{this,
                    "batch",
                    "Batch size",
                    {.standard = 0,
                     .min = 0,
                     .max = 500000,
                     .unit = "samples",
                     .zero = "all",
                     .help = "Samples of a step, in a new order every epoch; all: in their own."}};
    Real m_converged{this,
                     "converged",
                     "Converged below",
                     {.standard = 1e-3,
                      .max = 1,
                      .scale = Scale::Log,
                      .slides = 0,
                      .help = "A model ends when its loss is below this and has settled: its last change is "
                              "less than a tenth of it, the one before less than a hundredth. 0: never."}};
    MethodChoice m_method{this};
    ScheduleChoice m_schedule{this};

    /// What is drawn of each network, told apart by its depth.
    void followNetworks(ChartInfo &info, const RunSpec &spec) const
    {
        std::erase_if(info.series, [](const SeriesInfo &series) { return !series.isTarget; });
        for (SeriesInfo &target : info.series) // a table's points may lie anyhow
            target.mark = m_target.hasTable(spec) ? Mark::Points : Mark::Line;
        for (const NamedNetwork &network : m_networks.in(spec)) {
            const std::string name = nameOn(network, info.facet);
            const auto hidden =
                std::count_if(network.layers.begin(), network.layers.end(),
                              [](const LayerWord &word) { return std::holds_alternative<DenseWord>(word); });
            info.series.push_back({name, fmt::format("{} ({} hidden)", name, hidden)});
        }
    }
    ChartOptions ofNetworks(std::vector<SeriesInfo> before = {})
    {
        return {.series = std::move(before),
                .follow = [this](ChartInfo &info, const RunSpec &spec) { followNetworks(info, spec); },
                .facets = m_target.facets()};
    }

    Chart m_loss{this,        "loss", "Training loss", epochAxis(), Axis{"Mean squared error", Scale::Log},
                 ofNetworks()};
    Chart m_fit{this,      "fit",     "Function and fits",
                Axis{"x"}, Axis{"y"}, ofNetworks({{.key = "target", .label = "target", .isTarget = true}})};

    Figure m_parameters{this,
                        "parameters",
                        "Parameters",
                        Format::Number,
                        {ofEither("deep", 555), ofEither("middle", 558), ofEither("shallow", 557)},
                        std::vector<std::string>{"models"}};
    static Published ofEither(std::string model, double value)
    {
        return {.model = std::move(model),
                .value = value,
                .where = {{"models", {published(0.0003), published(0.00015)}}}};
    }
    static Published ofSquare(std::string model, double value)
    {
        return {.model = std::move(model),
                .value = value,
                .where = {{"function", {"square"}}, {"models", {published(0.00015)}}}};
    }

    Figure m_finalEpochs{this,
                         "epochs",
                         "Epochs trained",
                         Format::Epochs,
                         {{.model = "deep", .value = 1050},
                          {.model = "middle", .value = 18950},
                          {.model = "shallow", .value = 8950},
                          ofSquare("deep", 20000),
                          ofSquare("middle", 20000),
                          ofSquare("shallow", 20000)}};
    Figure m_finalLoss{this,
                       "loss",
                       "Final loss",
                       Format::Number,
                       {{.model = "deep", .value = 0.000995},
                        {.model = "middle", .value = 0.0009},
                        {.model = "shallow", .value = 0.00099},
                        ofSquare("deep", 0.0013),
                        ofSquare("middle", 0.007),
                        ofSquare("shallow", 0.135)}};
};

} // namespace

std::unique_ptr<Experiment> makeFunctionFit()
{
    return std::make_unique<FunctionFit>();
}

} // namespace losslab
