#include "nn/dense/densepass.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <numeric>

namespace losslab {

using kernels::DenseShape;
using kernels::GradientTarget;

namespace {

/// Of a row, forward.
std::int64_t multiplicationsOf(const std::vector<DenseShape> &layers)
{
    std::size_t count = 0;
    for (const DenseShape &layer : layers)
        count += layer.in * layer.out;
    return static_cast<std::int64_t>(count);
}

} // namespace

DensePass::DensePass(DenseArrangement arrangement, bool sparse, Precision precision, Pulse pulse,
                     std::int64_t piece)
    : m_arrangement(std::move(arrangement)),
      m_sparse(sparse || precision == Precision::BFloat16),
      m_activations(m_arrangement),
      m_single(m_activations),
      m_rough(precision == Precision::BFloat16 ? std::make_unique<BFloat16Products>(m_activations) : nullptr),
      m_training(m_rough ? *m_rough : m_single),
      m_rowsAtOnce(rowsOfPiece(multiplicationsOf(m_arrangement.layers()), piece)),
      m_pulse(std::move(pulse))
{}

at::Tensor DensePass::outputs(const float *parameters, const at::Tensor &inputs)
{
    const auto width = static_cast<std::int64_t>(m_arrangement.layers().back().out);
    const std::int64_t rows = inputs.size(0);
    at::Tensor result = at::empty({rows, width});
    for (std::int64_t first = 0; first < rows; first += m_rowsAtOnce) {
        beat(m_pulse);
        begin(inputs.slice(0, first, std::min(first + m_rowsAtOnce, rows)), false);
        float *const to = result.data_ptr<float>() + first * width;
        m_team.run([&](std::size_t thread) {
            forward(m_single, parameters, thread);
            copyOutputs(rowsOf(thread), to);
        });
    }
    return result;
}

void DensePass::prepare(const float *parameters)
{
    for (std::size_t l = 0; l < m_arrangement.layers().size(); ++l)
        m_training.weightsChanged(l, parameters + m_arrangement.offset(l), {0, m_arrangement.layers()[l].in});
}

void DensePass::run(const float *parameters, const Batch &batch, const GradientTarget &target, float *outputs)
{
    m_batchRows = batch.inputs.size(0);
    m_lossSum = 0;
    m_hitSum = 0;
    for (std::int64_t first = 0; first < m_batchRows; first += m_rowsAtOnce) {
        const std::int64_t last = std::min(first + m_rowsAtOnce, m_batchRows);
        if (first > 0)
            beat(m_pulse);
        runBlock(parameters, {batch.inputs.slice(0, first, last), batch.targets.slice(0, first, last)},
                 outputs);
        m_lossSum = std::accumulate(m_losses.data(), m_losses.data() + (last - first), m_lossSum);
        m_hitSum = std::accumulate(m_hits.data(), m_hits.data() + (last - first), m_hitSum);
        finish(blockTarget(target, first == 0, last == m_batchRows));
        if (outputs)
            outputs += (last - first) * static_cast<std::int64_t>(m_arrangement.layers().back().out);
    }
}

/// The sums of all blocks but the last go to memory, and each goes on with those before.
GradientTarget DensePass::blockTarget(const GradientTarget &target, bool first, bool last)
{
    GradientTarget here = target;
    if (!last)
        here = {.gradient = m_sums.sized(m_arrangement.size())};
    here.begun = first ? nullptr : m_sums.data();
    return here;
}

void DensePass::runBlock(const float *parameters, const Batch &batch, float *outputs)
{
    begin(batch.inputs, true);
    m_training.begin();
    const at::Tensor labels = batch.targets.contiguous();
    const std::int64_t *const label = labels.const_data_ptr<std::int64_t>();
    m_losses.sized(m_activations.rows());
    m_hits.sized(m_activations.rows());
    m_team.run([&](std::size_t thread) {
        const Range rows = rowsOf(thread);
        forward(m_training, parameters, thread);
        if (outputs)
            copyOutputs(rows, outputs);
        crossEntropy(rows, label);
        backward(rows);
    });
}

void DensePass::finish(const GradientTarget &target)
{
    m_team.run([&](std::size_t thread) {
        for (std::size_t l = m_arrangement.layers().size(); l-- > 0;)
            finishLayer(l, thread, target);
    });
}

void DensePass::begin(const at::Tensor &inputs, bool training)
{
    m_team.resize(static_cast<std::size_t>(std::max(1, at::get_num_threads())));
    m_sharing = {.threads = m_team.size(), .packet = m_training.packet()};
    m_activations.begin(static_cast<std::size_t>(inputs.size(0)), training);
    m_lists = m_sparse && inputs.scalar_type() == at::kByte && SparseInputs::holds(inputs);
    if (m_lists)
        m_images.begin(inputs, m_sharing);
    else
        m_inputs = scaledInputs(inputs, at::kFloat).contiguous();
}

/// A thread's rows.
void DensePass::forward(DenseProducts &products, const float *parameters, std::size_t thread)
{
    const Range rows = rowsOf(thread);
    const std::vector<DenseShape> &layers = m_arrangement.layers();
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const float *const ofLayer = parameters + m_arrangement.offset(l);
        if (l > 0)
            products.forward(l, ofLayer, rows);
        else if (m_lists)
            products.forwardSparse(ofLayer, m_images.findRows(thread), rows);
        else
            kernels::forwardDense(
                layers[l], ofLayer, m_inputs.const_data_ptr<float>() + rows.first * layers[l].in,
                layers[l].in, rows.count(), m_activations.hasRelu(l), m_activations.outputs(l, rows.first));
        m_activations.activate(l, rows);
        if (!m_activations.isLast(l))
            products.outputsKnown(l, rows);
    }
}

/// To [rows, out].
void DensePass::copyOutputs(const Range &rows, float *to) const
{
    const std::size_t head = m_arrangement.layers().size() - 1, out = m_arrangement.layers()[head].out;
    for (std::size_t row = rows.first; row < rows.last; ++row)
        std::copy_n(m_activations.outputs(head, row), out, to + row * out);
}

void DensePass::crossEntropy(const Range &rows, const std::int64_t *labels)
{
    const std::size_t head = m_arrangement.layers().size() - 1;
    kernels::crossEntropy(m_activations.outputs(head, rows.first), labels + rows.first, rows.count(),
                          m_arrangement.layers()[head].out, 1 / static_cast<float>(m_batchRows),
                          m_losses.data() + rows.first, m_hits.data() + rows.first);
}

void DensePass::backward(const Range &rows)
{
    for (std::size_t l = m_arrangement.layers().size(); l-- > 0;) {
        m_training.gradientsKnown(l, rows);
        if (l > 0)
            m_training.backward(l, rows);
    }
}

/// A thread's share of a layer's parameters.
void DensePass::finishLayer(std::size_t layer, std::size_t thread, const GradientTarget &target)
{
    const DenseShape &shape = m_arrangement.layers()[layer];
    const Range inputs = m_sharing.part(shape.in, thread);
    const GradientTarget here = targetOf(layer, target);
    const float *const gradients = m_activations.gradients(layer);
    if (layer > 0)
        m_training.weightGradient(layer, inputs, here);
    else if (m_lists)
        m_training.weightGradientSparse(m_images.findColumns(thread), inputs, here);
    else
        kernels::weightGradientDense(shape, m_inputs.const_data_ptr<float>(), shape.in, gradients,
                                     m_activations.rows(), inputs.first, inputs.last, here);
    if (thread == 0)
        kernels::biasGradient(shape, gradients, m_activations.rows(), here);
    if (target.update)
        m_training.weightsChanged(layer, here.parameters, inputs);
}

GradientTarget DensePass::targetOf(std::size_t layer, const GradientTarget &target) const
{
    const std::size_t offset = m_arrangement.offset(layer);
    const auto here = [&](auto *first) { return first ? first + offset : nullptr; };
    return {target.update,        here(target.parameters), here(target.momentum),
            here(target.squares), here(target.gradient),   here(target.begun)};
}

} // namespace losslab
