#pragma once

#include "nn/learner.h"
#include "nn/pulse.h"

#include <memory>
#include <string_view>

namespace losslab {

enum class Loss {
    MeanSquaredError, ///< mean over samples and outputs of (output - target)²
    CrossEntropy,     ///< mean over samples of -log softmax(outputs)[label]
};

/// What training makes small.
enum class Objective {
    Loss,
    GradientNorm, ///< ‖∇L‖₂; Step::loss is then that norm, and the gradient the norm's own
};

/// What the products of matrices in training take their operands as. Parameters, optimizer and all evaluation
/// are in the workload's type.
enum class Precision {
    Full,     ///< that type itself
    BFloat16, ///< rounded to bfloat16; on a GPU, so are the products' results
};

/// The loss of a batch, 0-dimensional, and the outputs [N, out]; both still on the device, nothing waited
/// for.
struct Step
{
    at::Tensor loss;
    at::Tensor outputs;
};

struct Workload;

/// Computes what training and evaluation need of a network, from its flat parameters [P].
class Engine
{
public:
    virtual ~Engine() = default;

    /// Mean loss over the batch, in training mode; its gradient [P] overwrites `gradient`. Dropout's masks
    /// depend on dropoutSeed alone.
    virtual Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                          std::uint64_t dropoutSeed) = 0;

    /// Outputs [N, out] in evaluation mode (no dropout), outside autograd. Inputs as in a Batch.
    virtual at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) = 0;

    /// The engine's own way to train, where it has one that is faster than gradient() and then an optimizer;
    /// it may refer to the engine. options.onGradient is not set.
    virtual std::unique_ptr<Learner> ownLearner(const LearnerOptions & /*options*/) { return nullptr; }

    /// Its name in the table of engines; empty of one that was not made by makeEngine().
    std::string_view name() const { return m_name; }

private:
    friend std::unique_ptr<Engine> makeEngine(const Architecture &, Loss, const Workload &, Objective);

    std::string_view m_name;
};

/// What an engine is to compute with.
struct Workload
{
    at::Device device = at::kCPU;
    at::ScalarType type = at::kFloat; ///< of parameters and outputs
    double density = 1;               ///< share of the inputs that are not zero
    Precision precision = Precision::Full;
    Pulse pulse = {}; ///< within long steps; what it throws leaves parameters and moments as they were
};

/// Mean loss of outputs against targets or labels, 0-dimensional.
at::Tensor lossOf(Loss loss, const at::Tensor &outputs, const at::Tensor &targets);

/// How many of the outputs [N, classes] are largest at their label, 0-dimensional int64.
at::Tensor hitsOf(const at::Tensor &outputs, const at::Tensor &labels);

/// Inputs of a batch in this floating type: byte · 1/255.
at::Tensor scaledInputs(const at::Tensor &inputs, at::ScalarType type);

} // namespace losslab
