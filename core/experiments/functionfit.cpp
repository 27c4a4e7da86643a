#include "data/targets.h"
#include "experiments/choices.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "train/footprint.h"
#include "train/trainer.h"

#include <fmt/format.h>

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
                      .promise = "train three networks of equal size, with seven, five and two hidden "
                                 "layers, on the chosen function, from five random starts each, and watch "
                                 "their losses and their fits.",
                      .part = Part::Depth,
                      .repeats = 5}) // a single seed tells little of depth
    {}

    /// A function that is one of the named ones in another spelling goes by its name.
    void normalize() override
    {
        const auto samples = m_low < m_high ? sampled() : TargetSamples();
        if (samples && samples->target)
            (void)m_function.set(std::string(targetName(*samples->target)));
    }

    std::optional<Conflict> check() const override
    {
        if (!(m_low < m_high))
            return Conflict{"high", fmt::format("The interval is empty: it goes from {} to {}.",
                                                toText(m_low.value()), toText(m_high.value()))};
        if (const auto samples = sampled(); !samples)
            return Conflict{"function", samples.error().message};
        return std::nullopt;
    }

    MemoryNeed memoryNeed() const override
    {
        MemoryNeed need{.parameters = {"points"}};
        for (const Model &model : models())
            need.models.emplace_back(model.name,
                                     trainingBytes(mlp(model.widths), Loss::MeanSquaredError, m_points));
        return need;
    }

    void run(Run &run) override
    {
        const Result<TargetSamples> target = sampled();
        if (!target)
            throw RunError(target.error());
        const Samples samples = functionSamples(target->x, target->y, torchDevice(run.device()));
        m_fit.put(run, "target", {target->x, target->y});
        run.each(models(), &Model::name,
                 [&](const Model &model, Task &task) { train(task, model, target->x, samples); });
    }

private:
    struct Model
    {
        std::string name;
        std::vector<std::int64_t> widths;
        double learningRate;
        double weightDecay;
    };

    /// What is learned; an error where the function has no value somewhere.
    Result<TargetSamples> sampled() const
    {
        return sample(std::string(m_function), static_cast<std::size_t>(m_points), {m_low, m_high});
    }

    std::vector<Model> models() const
    {
        return {
            {"deep", {1, 5, 10, 10, 10, 10, 9, 5, 1}, 0.001, 1e-4},
            {"middle", {1, 5, 12, 15, 10, 10, 1}, 0.005, m_function.is("sinc") ? 3e-4 : 1.5e-4},
            {"shallow", {1, 26, 18, 1}, 0.003, 1.5e-4},
        };
    }

    void train(Task &task, const Model &model, const std::vector<double> &x, const Samples &samples)
    {
        const AdamOptions adam{.learningRate = model.learningRate * m_learningRateFactor,
                               .weightDecay = model.weightDecay * m_weightDecayFactor};
        Trainer trainer(
            task, mlp(model.widths), samples,
            {.adam = adam,
             .convergence = Convergence::Limits{.loss = 1e-3, .changeBefore = 1e-5, .lastChange = 1e-4}});
        task.saveModel(trainer.network().tensors(), "-init");
        m_fit.show(task, model.name, [&] {
            return Chart::Curve{x, toVector(trainer.outputs(samples.inputs))};
        });

        EpochFigures figures;
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer)) {
            figures = trainer.epoch();
            m_loss.add(task, model.name, static_cast<double>(epoch), figures.loss);
        }
        task.saveModel(trainer.network().tensors());
        m_parameters.set(task, model.name,
                         static_cast<double>(trainer.network().architecture().parameterCount()));
        m_finalEpochs.set(task, model.name, static_cast<double>(trainer.epochsDone()));
        m_finalLoss.set(task, model.name, figures.loss);
    }

    Text m_function{this,
                    "function",
                    "Function",
                    {.standard = "sinc",
                     .options = {{"square", "sgn(sin(5*pi*x))"}, {"sinc", "sinc(5*pi*x)"}},
                     .takes = "an expression in x",
                     .accepts = checkFunction,
                     .help =
                         "What the networks learn: one of the two published functions, or one of your own, "
                         "such as x^3 - x or exp(-x^2) * cos(9*x).",
                     .group = "Data"}};
    Real m_low{
        this,
        "low",
        "Lowest x",
        {.standard = -1, .min = -1000, .max = 1000, .help = "Where the interval begins.", .group = "Data"}};
    Real m_high{
        this,
        "high",
        "Highest x",
        {.standard = 1, .min = -1000, .max = 1000, .help = "Where the interval ends.", .group = "Data"}};
    SamplesChoice m_points{this, 400, "the interval, its ends among them"};
    Real m_learningRateFactor{
        this,
        "lr-factor",
        "Learning rate",
        {.standard = 1,
         .min = 1e-3,
         .max = 1e3,
         .scale = Scale::Log,
         .unit = "× published",
         .help = "Multiplies the published rates: deep 0.001, middle 0.005, shallow 0.003."}};
    Real m_weightDecayFactor{
        this,
        "decay-factor",
        "Weight decay",
        {.standard = 1,
         .max = 1e3,
         .unit = "× published",
         .help = "Multiplies the published L2 terms: deep 0.0001, middle 0.00015 (sinc: 0.0003), "
                 "shallow 0.00015. 0: none."}};
    Int m_epochs{this,
                 "epochs",
                 "At most",
                 {.standard = 20000,
                  .min = 1,
                  .max = 10000000,
                  .unit = "epochs",
                  .help = "A model ends earlier when its loss is below 0.001 and has settled."}};

    Chart m_loss{this,
                 "loss",
                 "Training loss",
                 epochAxis(),
                 Axis{"Mean squared error", Scale::Log},
                 {.series = {{"deep", "deep (7 hidden)"},
                             {"middle", "middle (5 hidden)"},
                             {"shallow", "shallow (2 hidden)"}}}};
    Chart m_fit{this,
                "fit",
                "Function and fits",
                Axis{"x"},
                Axis{"y"},
                {.series = {{"target", "target", Mark::Target},
                            {"deep", "deep (7 hidden)"},
                            {"middle", "middle (5 hidden)"},
                            {"shallow", "shallow (2 hidden)"}}}};

    Figure m_parameters{this,
                        "parameters",
                        "Parameters",
                        Format::Number,
                        {{.model = "deep", .value = 555},
                         {.model = "middle", .value = 558},
                         {.model = "shallow", .value = 557}},
                        std::vector<std::string>{}};
    static Published ofSquare(std::string model, double value)
    {
        return {.model = std::move(model), .value = value, .where = {{"function", {"square"}}}};
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
