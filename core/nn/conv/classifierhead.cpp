#include "nn/conv/classifierhead.h"

#include "nn/dropout.h"
#include "nn/kernels/activation.h"
#include "nn/kernels/lanes.h"

#include <algorithm>
#include <cmath>

namespace losslab {

namespace {

kernels::DenseLayer<float> layerOf(const DenseStage &stage, const float *parameters)
{
    return {stage.in, stage.out, parameters + stage.weight, parameters + stage.bias};
}

} // namespace

ClassifierHead::ClassifierHead(const ConvPlan &plan, std::size_t most)
    : m_inputActivation(plan.convs.back().activation),
      m_inputIsActivated(plan.convs.back().poolsActivated()),
      m_stages(plan.denses)
{
    const auto rows = [&](std::size_t width) {
        return at::zeros({static_cast<std::int64_t>(width * kernels::paddedSamples<float>(most))},
                         at::kFloat);
    };
    std::size_t widest = m_stages.front().in;
    m_activations.push_back(rows(widest));
    for (const DenseStage &stage : m_stages) {
        m_activations.push_back(rows(stage.out));
        m_masks.push_back(stage.dropout > 0 ? rows(stage.out) : at::Tensor());
        widest = std::max(widest, stage.out);
    }
    for (std::size_t i = 0; i < m_activations.size(); ++i)
        m_slopes.push_back(kernels::hasSlopes(activationAt(i)) ? at::empty_like(m_activations[i])
                                                               : at::Tensor());
    m_delta = rows(widest);
    m_nextDelta = rows(widest);
}

void ClassifierHead::setCount(std::size_t count)
{
    m_count = count;
    m_rowLength = kernels::paddedSamples<float>(count);
}

Activation ClassifierHead::activationAt(std::size_t index) const
{
    return index == 0 ? m_inputActivation : m_stages[index - 1].activation;
}

/// Takes an activation that the products before it have not taken along.
void ClassifierHead::activate(std::size_t index, bool training)
{
    if (!kernels::hasSlopes(activationAt(index)) || (index == 0 && m_inputIsActivated))
        return;
    const std::size_t width = index == 0 ? m_stages.front().in : m_stages[index - 1].out;
    kernels::activate(activationAt(index), m_activations[index].mutable_data_ptr<float>(),
                      training ? m_slopes[index].mutable_data_ptr<float>() : nullptr, width * m_rowLength);
}

void ClassifierHead::forward(const float *parameters, const std::optional<ChunkDropout> &dropout)
{
    activate(0, dropout.has_value());
    for (std::size_t i = 0; i < m_stages.size(); ++i) {
        float *y = m_activations[i + 1].mutable_data_ptr<float>();
        kernels::denseForward(layerOf(m_stages[i], parameters), m_activations[i].const_data_ptr<float>(), y,
                              m_rowLength, m_stages[i].activation == Activation::Relu);
        activate(i + 1, dropout.has_value());
        if (dropout && m_stages[i].dropout > 0) {
            drawMask(i, *dropout);
            applyMask(i, y);
        }
    }
}

void ClassifierHead::drawMask(std::size_t index, const ChunkDropout &dropout)
{
    const DenseStage &stage = m_stages[index];
    const DropoutMask mask(dropout.seed, stage.dropoutLayer, stage.dropout);
    float *factors = m_masks[index].mutable_data_ptr<float>();
    for (std::size_t unit = 0; unit < stage.out; ++unit)
        for (std::size_t sample = 0; sample < m_count; ++sample)
            factors[unit * m_rowLength + sample] =
                static_cast<float>(mask.factor((dropout.firstSample + sample) * stage.out + unit));
}

void ClassifierHead::applyMask(std::size_t index, float *rows) const
{
    const float *factors = m_masks[index].const_data_ptr<float>();
    for (std::size_t i = 0; i < m_stages[index].out * m_rowLength; ++i)
        rows[i] *= factors[i];
}

void ClassifierHead::copyOutputs(float *outputs) const
{
    const std::size_t width = m_stages.back().out;
    const float *logits = m_activations.back().const_data_ptr<float>();
    for (std::size_t sample = 0; sample < m_count; ++sample)
        for (std::size_t o = 0; o < width; ++o)
            outputs[sample * width + o] = logits[o * m_rowLength + sample];
}

/// The outputs' gradient goes to m_delta: share · (softmax - 1 at the label).
double ClassifierHead::crossEntropy(const std::int64_t *labels, float share)
{
    const std::size_t width = m_stages.back().out;
    const float *logits = m_activations.back().const_data_ptr<float>();
    float *delta = m_delta.mutable_data_ptr<float>();
    std::fill_n(delta, width * m_rowLength, 0.0f);
    double total = 0;
    for (std::size_t sample = 0; sample < m_count; ++sample) {
        const auto at = [&](std::size_t o) { return o * m_rowLength + sample; };
        const auto label = static_cast<std::size_t>(labels[sample]);
        float largest = logits[at(0)];
        for (std::size_t o = 1; o < width; ++o)
            largest = std::max(largest, logits[at(o)]);
        float sum = 0;
        for (std::size_t o = 0; o < width; ++o)
            sum += delta[at(o)] = std::exp(logits[at(o)] - largest);
        for (std::size_t o = 0; o < width; ++o)
            delta[at(o)] *= share / sum;
        delta[at(label)] -= share;
        total += static_cast<double>(std::log(sum) + largest - logits[at(label)]);
    }
    return total;
}

double ClassifierHead::backward(const float *parameters, const std::int64_t *labels, float share,
                                float *gradient)
{
    const double loss = crossEntropy(labels, share);
    for (std::size_t i = m_stages.size(); i-- > 0;) {
        const DenseStage &stage = m_stages[i];
        const float *x = m_activations[i].const_data_ptr<float>();
        const float *dy = m_delta.const_data_ptr<float>();
        kernels::addWeightGradient(dy, stage.out, x, stage.in, m_rowLength, gradient + stage.weight);
        kernels::addBiasGradient(dy, stage.out, m_rowLength, gradient + stage.bias);
        const bool gated = i > 0 && activationAt(i) == Activation::Relu; // of the input, convolutions know
        const float *slopes = m_slopes[i].defined() ? m_slopes[i].const_data_ptr<float>() : nullptr;
        float *dx = m_nextDelta.mutable_data_ptr<float>();
        kernels::denseBackward(layerOf(stage, parameters), dy, gated ? x : nullptr, dx, m_rowLength, slopes);
        if (i > 0 && m_stages[i - 1].dropout > 0)
            applyMask(i - 1, dx);
        std::swap(m_delta, m_nextDelta);
    }
    return loss;
}

} // namespace losslab
