#pragma once

#include "nn/dense/denseproducts.h"
#include "nn/engine.h"
#include "nn/memory/threadteam.h"

#include <memory>

namespace losslab {

/// A batch on its way through dense layers and back, shared over the calling thread's threads, and the memory
/// for it.
class DensePass
{
public:
    /// sparse: whether images come as lists of the bytes that are not zero. The precision is that of
    /// training; bfloat16 takes all images so, and inputs that are no images in float.
    DensePass(DenseArrangement arrangement, bool sparse, Precision precision, Pulse pulse = {},
              std::int64_t piece = pieceOfWork);

    const DenseArrangement &arrangement() const { return m_arrangement; }

    /// Outputs [rows, out] alone, in single precision. Parameters as arranged, here and below.
    at::Tensor outputs(const float *parameters, const at::Tensor &inputs);

    /// To be called before run(), where other hands than run() have changed the parameters.
    void prepare(const float *parameters);
    /// Losses, and the gradients of all parameters, which go to the target; the last layer's outputs, [rows,
    /// out], to `outputs` where it is given. A large batch goes in blocks of rows, which bounds the memory
    /// and lets the pulse be felt; every sum is the same as in one block.
    void run(const float *parameters, const Batch &batch, const kernels::GradientTarget &target,
             float *outputs = nullptr);

    /// Of the batch run last.
    double lossSum() const { return m_lossSum; }
    std::int64_t hits() const { return m_hitSum; }

private:
    void runBlock(const float *parameters, const Batch &batch, float *outputs);
    void finish(const kernels::GradientTarget &target);
    kernels::GradientTarget blockTarget(const kernels::GradientTarget &target, bool first, bool last);
    void begin(const at::Tensor &inputs, bool training);
    Range rowsOf(std::size_t thread) const { return m_sharing.part(m_activations.rows(), thread); }
    void forward(DenseProducts &products, const float *parameters, std::size_t thread);
    void copyOutputs(const Range &rows, float *to) const;
    void crossEntropy(const Range &rows, const std::int64_t *labels);
    void backward(const Range &rows);
    void finishLayer(std::size_t layer, std::size_t thread, const kernels::GradientTarget &target);
    kernels::GradientTarget targetOf(std::size_t layer, const kernels::GradientTarget &target) const;

    DenseArrangement m_arrangement;
    bool m_sparse;
    DenseActivations m_activations;
    SingleProducts m_single;
    std::unique_ptr<DenseProducts> m_rough; ///< in another precision, or nullptr
    DenseProducts &m_training;              ///< one of the two
    Sharing m_sharing;                      ///< of rows, and of a layer's inputs
    bool m_lists = false;                   ///< whether this batch's inputs are taken as lists
    at::Tensor m_inputs;
    SparseInputs m_images;
    std::int64_t m_rowsAtOnce; ///< of a block
    std::int64_t m_batchRows = 0;
    Buffer<float> m_losses; ///< by row
    Buffer<std::uint8_t> m_hits;
    double m_lossSum = 0;
    std::int64_t m_hitSum = 0;
    Buffer<float> m_sums; ///< gradients of the blocks so far, where there are several
    Pulse m_pulse;
    ThreadTeam m_team; ///< as many as the calling thread may use
};

} // namespace losslab
