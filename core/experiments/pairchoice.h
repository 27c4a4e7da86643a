#pragma once

#include "data/modelfile.h"
#include "lab/experiment.h"
#include "nn/architecture.h"
#include "nn/optimizer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

/// Two networks of one shape, for the line through both: they differ in one setting of their training, in
/// their start alone, or were trained elsewhere. A member of the experiment, which it registers its
/// parameters with.
class PairChoice
{
public:
    struct Standards
    {
        std::string differsIn = "batch"; ///< "batch" or "rate"
        std::int64_t batchSize = 500;
        double learningRate = 1e-3;
        double weightDecay = 0;
        double tuningRate = 1e-3; ///< of training at each α
        double tuningDecay = 0;
        /// Keys of the fields that it differs in as standard, those of before there were others.
        std::pair<std::string, std::string> keys = {};
        bool optional = false; ///< whether there may be no such pair
    };

    /// `letter`: 'a', of its charts and models.
    PairChoice(Experiment *owner, char letter, const Standards &standards);

    /// One of both.
    struct End
    {
        std::string name = {};  ///< of its files, its figures and its series
        std::string label = {}; ///< what it has: "batch 64"
        std::int64_t batchSize = 0;
        Optimizer optimizer = {};
        std::string file = {}; ///< of a network that is trained already; empty: it is trained here
    };

    char letter() const { return m_letter; }
    /// Whether there is such a pair.
    bool isThere(const RunSpec &spec) const { return m_differsIn.in(spec) != "none"; }
    /// At α = 0 and at α = 1. `optimizer`: what both have but for rate and decay.
    std::pair<End, End> ends(const RunSpec &spec, const Optimizer &optimizer = {}) const;
    /// What both ends are told apart by: "batch 64 to 1024".
    std::string title(const RunSpec &spec) const;
    /// Keys of the batch sizes that count.
    std::vector<std::string> batchKeys() const;
    /// Of training at each α.
    Optimizer tuning(Optimizer optimizer) const;

    /// Why there is no line through both: they do not differ, or a file is no network of this architecture.
    std::optional<Conflict> conflict(const RunSpec &spec, const Architecture &architecture,
                                     std::int64_t trainingImages) const;

private:
    /// What the fields share.
    struct Fields;
    PairChoice(Experiment *owner, const Fields &fields);

    char m_letter;
    Choice m_differsIn;
    Int m_firstBatch;
    Int m_secondBatch;
    Real m_firstRate;
    Real m_secondRate;
    Real m_firstDecay;
    Real m_secondDecay;
    Choice m_firstMethod;
    Choice m_secondMethod;
    ModelFile m_firstModel;
    ModelFile m_secondModel;
    Int m_batchSize;
    Real m_learningRate;
    Real m_weightDecay;
    Real m_tuningRate;
    Real m_tuningDecay;
};

} // namespace losslab
