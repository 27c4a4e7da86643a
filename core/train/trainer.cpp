#include "train/trainer.h"

#include "nn/makeengine.h"
#include "train/deadlayer.h"
#include "train/kept.h"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <random>

namespace losslab {

namespace {

constexpr std::int64_t evaluationBatch = 1000;
constexpr double clearlyAbove = 1.01; ///< times where it began

/// Fisher–Yates with a bounded draw of our own (Lemire 2019, without rejection: each place's chance is off by
/// less than count / 2³²), since std::shuffle differs between standard libraries.
std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed)
{
    std::vector<std::int64_t> places(static_cast<std::size_t>(count));
    std::iota(places.begin(), places.end(), std::int64_t{0});
    std::mt19937_64 generator(seed);
    for (std::size_t i = places.size(); i > 1; --i) {
        const auto draw = static_cast<std::size_t>(((generator() >> 32) * i) >> 32);
        std::swap(places[i - 1], places[draw]);
    }
    return places;
}

} // namespace

Trainer::Trainer(Task &task, Architecture architecture, Samples samples, TrainerOptions options)
    : m_task(&task),
      m_network(
          std::move(architecture), options.sharedStart ? task.sharedSeed("init") : task.streamSeed("init"),
          samples.inputs.device(),
          samples.inputs.is_floating_point() ? samples.inputs.scalar_type() : at::kFloat, options.weights),
      m_samples(std::move(samples)),
      m_options(std::move(options)),
      m_engine(makeEngine(m_network.architecture(), m_samples.loss,
                          {.device = m_network.parameters().device(),
                           .type = m_network.parameters().scalar_type(),
                           .density = m_samples.density,
                           .precision = m_options.precision,
                           .pulse = [this] { m_task->pulse(m_share); }},
                          m_options.objective)),
      m_learner(makeLearner(*m_engine, m_samples.loss,
                            {m_options.optimizer, m_options.gradientNorm, m_options.onGradient})),
      m_dropoutStream(task.streamSeed("dropout"))
{
    if (m_options.start.defined())
        m_network.parameters().copy_(m_options.start);
    if (m_options.convergence)
        m_convergence.emplace(*m_options.convergence);
    task.isTrainedWith({{"engine", std::string(m_engine->name())},
                        {"optimizer", optimizerText(m_options.optimizer)},
                        {"activation", std::string(activationName(activationOf(m_network.architecture())))}});
}

std::string Trainer::status() const
{
    return m_epochsDone > 0 ? fmt::format("loss {:.3g}", m_figures.loss) : std::string();
}

at::Tensor Trainer::order() const
{
    std::vector<std::int64_t> places =
        permutation(m_samples.count(), m_task->sharedSeed(fmt::format("order {}", m_epochsDone + 1)));
    return at::from_blob(places.data(), {m_samples.count()}, at::kLong)
        .to(m_samples.inputs.device(), at::kLong, false, true);
}

/// A pure function of (seed, model, epoch, batch).
std::uint64_t Trainer::dropoutSeed(std::int64_t first) const
{
    return m_dropoutStream + (static_cast<std::uint64_t>(m_epochsDone + 1) << 32)
           + static_cast<std::uint64_t>(first);
}

std::int64_t Trainer::batchSize() const
{
    return m_options.batchSize > 0 ? std::min(m_options.batchSize, m_samples.count()) : m_samples.count();
}

EpochFigures Trainer::epoch()
{
    while (trainOnNext())
        continue;
    return checked(m_figures);
}

std::optional<StepFigures> Trainer::step()
{
    const std::int64_t before = m_trained;
    const double lossBefore = before > 0 && before < m_samples.count() ? m_learner->lossSum() : 0;
    if (!trainOnNext()) {
        (void)checked(m_figures);
        return std::nullopt;
    }
    return StepFigures{m_steps, (m_learner->lossSum() - lossBefore) / static_cast<double>(m_trained - before),
                       learningRate(), m_options.gradientNorm ? m_learner->gradientNorm() : 0};
}

void Trainer::setLearningRate(double rate)
{
    m_options.optimizer.learningRate = rate;
    m_learner->setLearningRate(learningRate());
}

/// Of the epoch that runs or is to come.
double Trainer::learningRate() const
{
    return m_options.optimizer.learningRate * m_options.schedule.factorIn(m_epochsDone + 1);
}

/// The next batch of the epoch; false where there is none, and the epoch is complete.
bool Trainer::trainOnNext()
{
    const at::NoGradGuard noGraph;
    const std::int64_t count = m_samples.count();
    const bool shuffled = batchSize() < count;
    if (!m_inEpoch) {
        m_inEpoch = true;
        if (shuffled)
            m_order = order();
        if (m_epochsDone == 0)
            m_startLoss = lossOnFirst();
        m_learner->begin(m_network.parameters());
        m_learner->setLearningRate(learningRate());
        m_told = {};
    }
    if (m_trained == count) {
        endEpoch();
        return false;
    }
    const std::int64_t first = m_trained, last = std::min(first + batchSize(), count);
    m_share = static_cast<double>(first) / static_cast<double>(count);
    m_learner->step(shuffled ? m_samples.gather(m_order.slice(0, first, last)) : m_samples.slice(first, last),
                    dropoutSeed(first));
    m_trained = last;
    ++m_steps;
    m_share = static_cast<double>(last) / static_cast<double>(count);
    if (shuffled)
        m_task->pulse(m_share);
    if (last < count && m_task->wantsLoss())
        tellLoss(last);
    return true;
}

void Trainer::endEpoch()
{
    const EpochTotals totals = m_learner->finish();
    const auto count = static_cast<double>(m_samples.count());
    m_figures = {totals.lossSum / count, static_cast<double>(totals.hits) / count, totals.gradientNorm};
    m_trained = 0;
    m_inEpoch = false;
    ++m_epochsDone;
    m_settled = m_convergence && m_convergence->reached(m_figures.loss);
}

/// Of the samples since it was last told.
void Trainer::tellLoss(std::int64_t samples)
{
    const Told now{samples, m_learner->lossSum()};
    const double loss = (now.lossSum - m_told.lossSum) / static_cast<double>(samples - m_told.samples);
    m_task->tellLoss(static_cast<double>(samples) / static_cast<double>(m_samples.count()), loss);
    m_told = now;
}

EpochFigures Trainer::checked(const EpochFigures &figures) const
{
    if (std::isfinite(figures.loss))
        return figures;
    const std::string where = m_task->where();
    if (where.empty()) // else it is one of many trainings, of which the error tells
        m_task->remark({RemarkEvent::Kind::Diverged, m_epochsDone});
    throw Diverged(
        {ErrorKind::Training,
         fmt::format(
             "Training diverged: the loss of {} is no longer a number in epoch {}{}. A smaller learning rate "
             "usually helps. All points until then are kept.",
             m_task->name(), m_epochsDone, where.empty() ? "" : fmt::format(" at {}", where))});
}

/// The mean loss on as many samples as evaluation takes at once, as the network stands.
double Trainer::lossOnFirst()
{
    const at::NoGradGuard noGraph;
    const Samples first = m_samples.head(evaluationBatch);
    return lossOf(first.loss, outputs(first.inputs), first.targets).item<double>();
}

bool Trainer::isDead() const
{
    return hasDeadLayer(m_network.architecture(), m_network.parameters(), m_samples.inputs,
                        [this] { m_task->pulse(1); });
}

std::vector<Remark> Trainer::remarks()
{
    using Kind = RemarkEvent::Kind;
    if (m_epochsDone == 0)
        return {};
    const double loss = lossOnFirst();
    if (!std::isfinite(loss)) // the last step went too far
        return {{Kind::Diverged, m_epochsDone}};
    std::vector<Remark> remarks;
    if (isDead())
        remarks.push_back({Kind::Died, m_epochsDone});
    if (m_options.objective == Objective::Loss && loss > clearlyAbove * m_startLoss)
        remarks.push_back({Kind::EndedAboveStart, m_epochsDone});
    if (m_convergence)
        remarks.push_back({m_settled ? Kind::Converged : Kind::NotConverged, m_epochsDone});
    return remarks;
}

void Trainer::save(TrainingState &state) const
{
    const OptimizerState optimizer = m_learner->optimizerState();
    state.put("parameters", tensorData(m_network.parameters()));
    if (optimizer.momentum.defined()) {
        state.put("momentum", tensorData(optimizer.momentum));
        state.put("squares", tensorData(optimizer.squares));
    }
    state.put("steps", std::array{static_cast<double>(m_epochsDone), static_cast<double>(m_steps),
                                  static_cast<double>(optimizer.steps)});
    state.put("figures", std::array{m_figures.loss, m_figures.accuracy, m_figures.gradientNorm, m_startLoss});
    state.put("rate", m_options.optimizer.learningRate);
    state.put("settled", m_settled ? 1.0 : 0.0);
    if (m_convergence)
        state.put("convergence", m_convergence->seen());
}

void Trainer::restore(const TrainingState &state)
{
    const at::NoGradGuard noGraph;
    const at::Tensor &parameters = m_network.parameters();
    const auto like = [&](const char *name) {
        const at::Tensor tensor = tensorOf(state.tensor(name));
        if (tensor.sizes() != parameters.sizes())
            refuseCheckpoint(fmt::format("A checkpoint of {} is of another network.", m_task->name()));
        return tensor.to(parameters.device());
    };
    parameters.copy_(like("parameters"));
    const std::array steps = state.numbers<3>("steps");
    m_epochsDone = static_cast<std::int64_t>(steps[0]);
    m_steps = static_cast<std::int64_t>(steps[1]);
    const std::array figures = state.numbers<4>("figures");
    m_figures = {figures[0], figures[1], figures[2]};
    m_startLoss = figures[3];
    m_options.optimizer.learningRate = state.number("rate");
    m_settled = state.number("settled") != 0;
    if (m_convergence)
        m_convergence->setSeen(state.numbers<4>("convergence"));
    if (!state.has("momentum"))
        return;
    m_learner->begin(parameters);
    m_learner->setOptimizerState({like("momentum"), like("squares"), static_cast<std::int64_t>(steps[2])});
}

std::vector<double> Evaluation::numbers() const
{
    std::vector<double> numbers{loss, accuracy};
    numbers.insert(numbers.end(), classAccuracy.begin(), classAccuracy.end());
    return numbers;
}

Evaluation Evaluation::ofNumbers(const std::vector<double> &numbers)
{
    if (numbers.size() < 2)
        return {};
    return {numbers[0], numbers[1], {numbers.begin() + 2, numbers.end()}};
}

Evaluation evaluate(Task &task, Engine &engine, const at::Tensor &parameters, const Samples &samples,
                    int classes)
{
    const at::NoGradGuard noGraph;
    const auto options = at::TensorOptions(samples.targets.device()).dtype(at::kDouble);
    at::Tensor lossSum = at::zeros({}, options);
    at::Tensor classHits = at::zeros({classes}, options);
    const bool classifies = samples.loss == Loss::CrossEntropy;
    const at::Tensor classCounts =
        classifies ? at::bincount(samples.targets, {}, classes).to(at::kDouble) : classHits;
    for (std::int64_t first = 0; first < samples.count(); first += evaluationBatch) {
        const std::int64_t last = std::min(first + evaluationBatch, samples.count());
        const Batch batch = samples.slice(first, last);
        const at::Tensor outputs = engine.outputs(parameters, batch.inputs);
        lossSum.add_(lossOf(samples.loss, outputs, batch.targets), static_cast<double>(last - first));
        if (classifies)
            classHits.scatter_add_(0, batch.targets, outputs.argmax(1).eq(batch.targets).to(at::kDouble));
        task.pulse(1);
    }
    const auto count = static_cast<double>(samples.count());
    const at::Tensor figures =
        at::cat({lossSum.view(1), classHits.sum().view(1), classHits / classCounts}).to(at::kCPU);
    const double *figure = figures.const_data_ptr<double>();
    return {figure[0] / count, figure[1] / count, {figure + 2, figure + 2 + classes}};
}

} // namespace losslab
