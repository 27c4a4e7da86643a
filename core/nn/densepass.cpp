#include "nn/densepass.h"

#include "nn/engine.h"
#include "nn/kernels/transpose.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <limits>
#include <numeric>

namespace losslab {

namespace {

using kernels::DenseShape;
using kernels::GradientTarget;
using kernels::NonZero;

} // namespace

DenseArrangement::DenseArrangement(const Architecture &architecture)
{
    for (const Layer &layer : architecture.layers) {
        const auto *linear = std::get_if<Linear>(&layer);
        if (!linear)
            continue;
        m_layers.push_back({static_cast<std::size_t>(linear->in), static_cast<std::size_t>(linear->out)});
        m_offsets.push_back(m_size);
        m_size += m_layers.back().size();
    }
}

void DenseArrangement::arrange(const float *flat, float *arranged) const
{
    std::fill_n(arranged, m_size, 0.0F);
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const DenseShape &layer = m_layers[l];
        float *const weights = arranged + m_offsets[l];
        kernels::transpose(
            {.rows = layer.out, .columns = layer.in, .fromStride = layer.in, .toStride = layer.stride()},
            flat, weights);
        std::copy_n(flat + layer.out * layer.in, layer.out, weights + layer.in * layer.stride());
        flat += layer.out * (layer.in + 1);
    }
}

void DenseArrangement::flatten(const float *arranged, float *flat) const
{
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const DenseShape &layer = m_layers[l];
        const float *const weights = arranged + m_offsets[l];
        kernels::transpose(
            {.rows = layer.in, .columns = layer.out, .fromStride = layer.stride(), .toStride = layer.in},
            weights, flat);
        std::copy_n(weights + layer.in * layer.stride(), layer.out, flat + layer.out * layer.in);
        flat += layer.out * (layer.in + 1);
    }
}

DensePass::DensePass(DenseArrangement arrangement, bool sparse)
    : m_arrangement(std::move(arrangement)), m_sparse(sparse), m_stages(m_arrangement.layers().size())
{}

at::Tensor DensePass::outputs(const float *parameters, const at::Tensor &inputs)
{
    begin(parameters, inputs, false);
    at::Tensor result = at::empty(
        {static_cast<std::int64_t>(m_rows), static_cast<std::int64_t>(m_arrangement.layers().back().out)});
    float *const first = result.data_ptr<float>();
    m_team.run([&](std::size_t thread) {
        const Range rows = part(m_rows, thread);
        forward(thread, rows);
        copyOutputs(rows, first);
    });
    return result;
}

void DensePass::prepare(const float *parameters)
{
    for (std::size_t l = 1; l < m_stages.size(); ++l)
        transpose(l, parameters, {0, m_arrangement.layers()[l].in});
}

void DensePass::run(const float *parameters, const Batch &batch, float *outputs)
{
    begin(parameters, batch.inputs, true);
    const at::Tensor labels = batch.targets.contiguous();
    const std::int64_t *const label = labels.const_data_ptr<std::int64_t>();
    float *const losses = m_losses.sized(m_rows);
    std::uint8_t *const hits = m_hits.sized(m_rows);
    const std::size_t head = m_stages.size() - 1;
    m_team.run([&](std::size_t thread) {
        const Range rows = part(m_rows, thread);
        forward(thread, rows);
        if (outputs)
            copyOutputs(rows, outputs);
        kernels::crossEntropy(outputsOf(head, rows.first), label + rows.first, rows.last - rows.first,
                              m_arrangement.layers()[head].out, 1 / static_cast<float>(m_rows),
                              losses + rows.first, hits + rows.first);
        backward(rows);
    });
}

void DensePass::finish(const GradientTarget &target)
{
    m_team.run([&](std::size_t thread) {
        for (std::size_t l = m_stages.size(); l-- > 0;)
            finishLayer(l, thread, target);
    });
}

double DensePass::lossSum() const
{
    return std::accumulate(m_losses.data(), m_losses.data() + m_rows, 0.0);
}

std::int64_t DensePass::hits() const
{
    return std::accumulate(m_hits.data(), m_hits.data() + m_rows, std::int64_t{0});
}

void DensePass::begin(const float *parameters, const at::Tensor &inputs, bool training)
{
    m_parameters = parameters;
    m_rows = static_cast<std::size_t>(inputs.size(0));
    m_team.resize(static_cast<std::size_t>(std::max(1, at::get_num_threads())));
    const std::size_t places = m_rows * m_arrangement.layers().front().in;
    m_lists =
        m_sparse && inputs.scalar_type() == at::kByte && places <= std::numeric_limits<std::uint32_t>::max();
    m_inputs = (m_lists ? inputs : scaledInputs(inputs, at::kFloat)).contiguous();
    const std::vector<DenseShape> &layers = m_arrangement.layers();
    if (m_lists) {
        m_entries.sized(places);
        m_starts.sized(m_rows + m_team.size());
    }
    for (std::size_t l = 0; l < layers.size(); ++l) {
        m_stages[l].outputs.sized(m_rows * layers[l].stride());
        if (training && l + 1 < layers.size())
            m_stages[l].gradients.sized(m_rows * layers[l].stride());
    }
    m_columns.resize(std::max(m_columns.size(), m_team.size()));
}

/// A thread's part of `count` things.
DensePass::Range DensePass::part(std::size_t count, std::size_t thread) const
{
    return {count * thread / m_team.size(), count * (thread + 1) / m_team.size()};
}

float *DensePass::outputsOf(std::size_t layer, std::size_t row)
{
    return m_stages[layer].outputs.data() + row * m_arrangement.layers()[layer].stride();
}

float *DensePass::gradientsOf(std::size_t layer, std::size_t row)
{
    if (layer + 1 == m_stages.size())
        return outputsOf(layer, row);
    return m_stages[layer].gradients.data() + row * m_arrangement.layers()[layer].stride();
}

void DensePass::forward(std::size_t thread, const Range &rows)
{
    const std::vector<DenseShape> &layers = m_arrangement.layers();
    const std::size_t count = rows.last - rows.first;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const float *const parameters = m_parameters + m_arrangement.offset(l);
        float *const outputs = outputsOf(l, rows.first);
        const bool relu = l + 1 < layers.size();
        if (l > 0)
            kernels::forwardDense(layers[l], parameters, outputsOf(l - 1, rows.first), layers[l - 1].stride(),
                                  count, relu, outputs);
        else if (m_lists)
            kernels::forwardSparse(layers[l], parameters, m_entries.data(), findNonZeros(thread, rows), count,
                                   relu, outputs);
        else
            kernels::forwardDense(layers[l], parameters,
                                  m_inputs.const_data_ptr<float>() + rows.first * layers[l].in, layers[l].in,
                                  count, relu, outputs);
    }
}

/// To [rows, out].
void DensePass::copyOutputs(const Range &rows, float *to)
{
    const std::size_t head = m_stages.size() - 1, out = m_arrangement.layers()[head].out;
    for (std::size_t row = rows.first; row < rows.last; ++row)
        std::copy_n(outputsOf(head, row), out, to + row * out);
}

void DensePass::backward(const Range &rows)
{
    for (std::size_t l = m_stages.size() - 1; l > 0; --l)
        kernels::backwardRelu(m_arrangement.layers()[l], m_stages[l].transposed.data(),
                              gradientsOf(l, rows.first), rows.last - rows.first,
                              outputsOf(l - 1, rows.first), gradientsOf(l - 1, rows.first));
}

/// A thread's share of a layer's parameters.
void DensePass::finishLayer(std::size_t layer, std::size_t thread, const GradientTarget &target)
{
    const DenseShape &shape = m_arrangement.layers()[layer];
    const Range inputs = part(shape.in, thread);
    const GradientTarget here = targetOf(layer, target);
    const float *const gradients = gradientsOf(layer, 0);
    if (layer > 0)
        kernels::weightGradientDense(shape, outputsOf(layer - 1, 0),
                                     m_arrangement.layers()[layer - 1].stride(), gradients, m_rows,
                                     inputs.first, inputs.last, here);
    else if (m_lists) {
        const Columns &columns = findColumns(thread, inputs);
        kernels::weightGradientSparse(shape, columns.entries.data(), columns.starts.data(), gradients, m_rows,
                                      inputs.first, inputs.last, here);
    } else
        kernels::weightGradientDense(shape, m_inputs.const_data_ptr<float>(), shape.in, gradients, m_rows,
                                     inputs.first, inputs.last, here);
    if (thread == 0)
        kernels::biasGradient(shape, gradients, m_rows, here);
    if (layer > 0 && target.adam)
        transpose(layer, target.parameters, inputs);
}

void DensePass::transpose(std::size_t layer, const float *parameters, const Range &inputs)
{
    const DenseShape &shape = m_arrangement.layers()[layer];
    const std::size_t inStride = kernels::padded(shape.in);
    kernels::transpose({.rows = inputs.last - inputs.first,
                        .columns = shape.out,
                        .fromStride = shape.stride(),
                        .toStride = inStride},
                       parameters + m_arrangement.offset(layer) + inputs.first * shape.stride(),
                       m_stages[layer].transposed.sized(shape.out * inStride) + inputs.first);
}

GradientTarget DensePass::targetOf(std::size_t layer, const GradientTarget &target) const
{
    const std::size_t offset = m_arrangement.offset(layer);
    if (!target.adam)
        return {.gradient = target.gradient + offset};
    return {target.adam, target.parameters + offset, target.mean + offset, target.variance + offset};
}

/// Where the rows of a thread's samples begin in the entries; one more at the end.
std::uint32_t *DensePass::startsOf(std::size_t thread) const
{
    return m_starts.data() + part(m_rows, thread).first + thread;
}

const std::uint32_t *DensePass::findNonZeros(std::size_t thread, const Range &rows)
{
    const std::size_t width = m_arrangement.layers().front().in;
    const std::uint8_t *const bytes = m_inputs.const_data_ptr<std::uint8_t>();
    std::uint32_t *const starts = startsOf(thread);
    std::size_t next = rows.first * width;
    for (std::size_t row = rows.first; row < rows.last; ++row) {
        starts[row - rows.first] = static_cast<std::uint32_t>(next);
        next += kernels::nonZeros(bytes + row * width, width, m_entries.data() + next);
    }
    starts[rows.last - rows.first] = static_cast<std::uint32_t>(next);
    return starts;
}

/// The entries in these columns, by column, then by row.
const DensePass::Columns &DensePass::findColumns(std::size_t thread, const Range &inputs)
{
    Columns &columns = m_columns[thread];
    columns.starts.assign(inputs.last - inputs.first + 1, 0);
    overEntries(inputs,
                [&](std::size_t, const NonZero &entry) { ++columns.starts[entry.index - inputs.first + 1]; });
    std::partial_sum(columns.starts.begin(), columns.starts.end(), columns.starts.begin());
    columns.next = columns.starts;
    NonZero *const entries = columns.entries.sized(columns.starts.back());
    overEntries(inputs, [&](std::size_t row, const NonZero &entry) {
        entries[columns.next[entry.index - inputs.first]++] = {static_cast<std::uint32_t>(row), entry.value};
    });
    return columns;
}

/// work(row, entry) for all entries in these columns, by row.
template <class Work>
void DensePass::overEntries(const Range &inputs, const Work &work) const
{
    const auto before = [](const NonZero &entry, std::size_t column) { return entry.index < column; };
    for (std::size_t thread = 0; thread < m_team.size(); ++thread) {
        const Range rows = part(m_rows, thread);
        const std::uint32_t *const starts = startsOf(thread);
        for (std::size_t row = rows.first; row < rows.last; ++row) {
            const NonZero *entry = m_entries.data() + starts[row - rows.first];
            const NonZero *const end = m_entries.data() + starts[row - rows.first + 1];
            if (inputs.first > 0)
                entry = std::lower_bound(entry, end, inputs.first, before);
            for (; entry != end && entry->index < inputs.last; ++entry)
                work(row, *entry);
        }
    }
}

} // namespace losslab
