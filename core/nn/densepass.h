#pragma once

#include "nn/buffer.h"
#include "nn/kernels/dense.h"
#include "nn/learner.h"
#include "nn/threadteam.h"

#include <vector>

namespace losslab {

/// The parameters of dense layers one after the other, as the kernels want them.
class DenseArrangement
{
public:
    explicit DenseArrangement(const Architecture &architecture);

    const std::vector<kernels::DenseShape> &layers() const { return m_layers; }
    std::size_t offset(std::size_t layer) const { return m_offsets[layer]; }
    std::size_t size() const { return m_size; }

    /// From PyTorch's order, [out, in] and [out] of each layer.
    void arrange(const float *flat, float *arranged) const;
    void flatten(const float *arranged, float *flat) const;

private:
    std::vector<kernels::DenseShape> m_layers;
    std::vector<std::size_t> m_offsets;
    std::size_t m_size = 0;
};

/// A batch on its way through dense layers and back, shared over the calling thread's threads, and the memory
/// for it.
class DensePass
{
public:
    /// sparse: whether images come as lists of the bytes that are not zero.
    DensePass(DenseArrangement arrangement, bool sparse);

    const DenseArrangement &arrangement() const { return m_arrangement; }

    /// Outputs [rows, out] alone. Parameters as arranged, here and below.
    at::Tensor outputs(const float *parameters, const at::Tensor &inputs);

    /// To be called before run(), where other hands than finish() have changed the parameters.
    void prepare(const float *parameters);
    /// Losses, and the gradients with respect to each layer's outputs; those of the last layer, [rows, out],
    /// also to `outputs` where it is given.
    void run(const float *parameters, const Batch &batch, float *outputs = nullptr);
    /// Hands over the gradients of all parameters, of the batch run last.
    void finish(const kernels::GradientTarget &target);

    /// Of the batch run last.
    double lossSum() const;
    std::int64_t hits() const;

private:
    struct Range
    {
        std::size_t first;
        std::size_t last;
    };

    /// What a layer keeps of a batch.
    struct Stage
    {
        Buffer<float> outputs;    ///< [rows, out]; of the last layer, then the gradients with respect to them
        Buffer<float> gradients;  ///< with respect to the outputs, of the layers before the last
        Buffer<float> transposed; ///< the weights, of the layers after the first
    };

    /// A thread's inputs that are not zero, by column.
    struct Columns
    {
        std::vector<std::uint32_t> starts;
        std::vector<std::uint32_t> next;
        Buffer<kernels::NonZero> entries;
    };

    void begin(const float *parameters, const at::Tensor &inputs, bool training);
    Range part(std::size_t count, std::size_t thread) const;
    float *outputsOf(std::size_t layer, std::size_t row);
    float *gradientsOf(std::size_t layer, std::size_t row);
    void forward(std::size_t thread, const Range &rows);
    void copyOutputs(const Range &rows, float *to);
    void backward(const Range &rows);
    void finishLayer(std::size_t layer, std::size_t thread, const kernels::GradientTarget &target);
    void transpose(std::size_t layer, const float *parameters, const Range &inputs);
    kernels::GradientTarget targetOf(std::size_t layer, const kernels::GradientTarget &target) const;
    std::uint32_t *startsOf(std::size_t thread) const;
    const std::uint32_t *findNonZeros(std::size_t thread, const Range &rows);
    const Columns &findColumns(std::size_t thread, const Range &inputs);
    template <class Work>
    void overEntries(const Range &inputs, const Work &work) const;

    DenseArrangement m_arrangement;
    bool m_sparse;
    std::vector<Stage> m_stages;
    const float *m_parameters = nullptr;
    std::size_t m_rows = 0;
    bool m_lists = false; ///< whether this batch's inputs are taken as lists
    at::Tensor m_inputs;
    Buffer<kernels::NonZero> m_entries; ///< by row; a thread's begin where they would if none were zero
    Buffer<std::uint32_t> m_starts;     ///< of the rows in the entries, and of each thread's end
    std::vector<Columns> m_columns;     ///< by thread
    Buffer<float> m_losses;             ///< by row
    Buffer<std::uint8_t> m_hits;
    ThreadTeam m_team; ///< as many as the calling thread may use
};

} // namespace losslab
