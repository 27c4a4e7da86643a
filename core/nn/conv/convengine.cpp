#include "nn/conv/convengine.h"

#include "nn/conv/classifierhead.h"
#include "nn/conv/convstack.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <atomic>
#include <functional>

namespace losslab {

namespace {

constexpr auto chunkSize = static_cast<std::int64_t>(ConvStack::most);

/// A batch's gradient is the sum of at most this many, each over some of its chunks.
constexpr std::int64_t mostParts = 32;

std::int64_t chunksOf(std::int64_t samples)
{
    return (samples + chunkSize - 1) / chunkSize;
}

ImageRows rowsOf(const at::Tensor &inputs)
{
    const bool bytes = inputs.scalar_type() == at::kByte;
    return {bytes ? inputs.const_data_ptr<std::uint8_t>() : nullptr,
            bytes ? nullptr : inputs.const_data_ptr<float>(), static_cast<std::size_t>(inputs.size(0))};
}

} // namespace

/// A chunk's way through the network.
class ConvEngine::Pass
{
public:
    explicit Pass(const ConvPlan &plan) : m_stack(plan), m_head(plan, ConvStack::most) {}

    /// Samples of a chunk.
    void forward(const ConvParameters &parameters, const ImageRows &images, std::int64_t chunk,
                 float *outputs, std::optional<std::uint64_t> dropoutSeed = {})
    {
        const auto first = static_cast<std::size_t>(chunk * chunkSize);
        const std::size_t count = std::min(images.count - first, ConvStack::most);
        m_head.setCount(count);
        m_stack.load(images, first, count);
        m_stack.forward(parameters, m_head.input(), m_head.inputSlopes(), m_head.rowLength());
        m_head.forward(parameters.flat,
                       dropoutSeed ? std::optional(ChunkDropout{*dropoutSeed, first}) : std::nullopt);
        m_head.copyOutputs(outputs + first * m_head.outputWidth());
    }

    double backward(const ConvParameters &parameters, const std::int64_t *labels, float share,
                    const ConvGradients &gradients)
    {
        const double loss = m_head.backward(parameters.flat, labels, share, gradients.flat);
        m_stack.backward(parameters, m_head.inputGradient(), m_head.rowLength(), gradients);
        return loss;
    }

private:
    ConvStack m_stack;
    ClassifierHead m_head;
};

bool suitsConv(const Architecture &architecture, Loss loss, const Workload &workload)
{
    return loss == Loss::CrossEntropy && workload.device.is_cpu() && workload.type == at::kFloat
           && convPlan(architecture);
}

ConvEngine::ConvEngine(const Architecture &architecture, Pulse pulse)
    : m_plan(convPlan(architecture).value()),
      m_filters(at::zeros({static_cast<std::int64_t>(m_plan.filterCount)}, at::kFloat)),
      m_pulse(std::move(pulse))
{}

ConvEngine::~ConvEngine() = default;

ConvParameters ConvEngine::prepare(const at::Tensor &parameters, std::int64_t items)
{
    m_plan.packFilters(parameters.const_data_ptr<float>(), m_filters.mutable_data_ptr<float>());
    m_team.resize(static_cast<std::size_t>(std::max(1, at::get_num_threads())));
    m_passes.resize(std::min(static_cast<std::size_t>(items), m_team.size()));
    for (std::unique_ptr<Pass> &pass : m_passes)
        if (!pass)
            pass = std::make_unique<Pass>(m_plan);
    return {parameters.const_data_ptr<float>(), m_filters.const_data_ptr<float>()};
}

/// Calls work(pass, item) for all items; each thread, with a pass of its own, takes the next one that is
/// left. Where one throws, the others leave too.
template <class Work>
void ConvEngine::shareOut(std::int64_t items, const Work &work)
{
    std::atomic<std::int64_t> next{0};
    m_left = false;
    m_team.run([&](std::size_t thread) {
        try {
            if (thread < m_passes.size())
                for (std::int64_t item = next++; item < items && goesOn(*m_passes[thread]); item = next++)
                    work(*m_passes[thread], item);
        } catch (...) {
            m_left = true;
            throw;
        }
    });
}

/// To be asked before every chunk; feels the pulse on the calling thread, whose pass is the first.
bool ConvEngine::goesOn(const Pass &pass) const
{
    if (&pass == m_passes.front().get())
        beat(m_pulse);
    return !m_left;
}

Step ConvEngine::gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                          std::uint64_t dropoutSeed)
{
    const at::Tensor inputs = batch.inputs.contiguous();
    const ImageRows images = rowsOf(inputs);
    const std::int64_t count = inputs.size(0), chunks = chunksOf(count);
    const std::int64_t parts = std::min(chunks, mostParts);
    const ConvParameters weights = prepare(parameters, parts);
    const auto size = static_cast<std::int64_t>(m_plan.parameterCount + m_plan.filterCount);
    if (!m_sums.defined() || m_sums.size(0) < parts)
        m_sums = at::empty({parts, size}, at::kFloat);
    at::Tensor outputs = at::empty({count, static_cast<std::int64_t>(m_plan.outputs())}, at::kFloat);
    std::vector<double> losses(static_cast<std::size_t>(parts));
    const float share = 1 / static_cast<float>(count);
    const std::int64_t *labels = batch.targets.const_data_ptr<std::int64_t>();
    float *sums = m_sums.mutable_data_ptr<float>(), *logits = outputs.mutable_data_ptr<float>();
    shareOut(parts, [&](Pass &pass, std::int64_t part) {
        float *sum = sums + part * size;
        std::fill_n(sum, size, 0.0f);
        for (std::int64_t chunk = part * chunks / parts; chunk < (part + 1) * chunks / parts && goesOn(pass);
             ++chunk) {
            pass.forward(weights, images, chunk, logits, dropoutSeed);
            losses[static_cast<std::size_t>(part)] +=
                pass.backward(weights, labels + chunk * chunkSize, share, {sum, sum + m_plan.parameterCount});
        }
    });

    double loss = losses[0];
    for (std::int64_t part = 1; part < parts; ++part) {
        std::transform(sums, sums + size, sums + part * size, sums, std::plus<>());
        loss += losses[static_cast<std::size_t>(part)];
    }
    m_plan.unpackFilters(sums + m_plan.parameterCount, sums);
    std::copy_n(sums, m_plan.parameterCount, gradient.mutable_data_ptr<float>());
    return {at::scalar_tensor(loss / static_cast<double>(count), at::kFloat), outputs};
}

at::Tensor ConvEngine::outputs(const at::Tensor &parameters, const at::Tensor &inputs)
{
    const at::Tensor rows = inputs.contiguous();
    const ImageRows images = rowsOf(rows);
    const std::int64_t chunks = chunksOf(inputs.size(0));
    const ConvParameters weights = prepare(parameters, chunks);
    at::Tensor outputs = at::empty({inputs.size(0), static_cast<std::int64_t>(m_plan.outputs())}, at::kFloat);
    float *logits = outputs.mutable_data_ptr<float>();
    shareOut(chunks, [&](Pass &pass, std::int64_t chunk) { pass.forward(weights, images, chunk, logits); });
    return outputs;
}

} // namespace losslab
