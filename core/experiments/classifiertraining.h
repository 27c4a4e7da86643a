#pragma once

#include "experiments/choices.h"
#include "train/footprint.h"
#include "train/trainer.h"

#include <cstdint>
#include <optional>

namespace losslab {

/// How the classifiers of an experiment are trained: start, epochs, batch size, optimizer, schedule and
/// precision. A member of the experiment, which it registers its parameters with.
class ClassifierTraining
{
public:
    struct Standards
    {
        std::int64_t epochs = 0;
        std::optional<std::int64_t> quickEpochs = {};
        std::optional<std::int64_t> slidesEpochs = {};
        std::int64_t mostEpochs = 10000;
        std::int64_t batchSize = 500;
        std::optional<Condition> batchSizeWhen = {}; ///< see OptimizerChoice::Standards
        OptimizerChoice::Standards optimizer = {};
    };

    ClassifierTraining(Experiment *owner, const Standards &standards)
        : m_start(owner),
          m_epochs(owner, standards.epochs, standards.quickEpochs, standards.mostEpochs,
                   standards.slidesEpochs),
          m_batchSize(owner, standards.batchSize, standards.batchSizeWhen),
          m_optimizer(owner, standards.optimizer),
          m_schedule(owner),
          m_precision(owner)
    {}

    std::int64_t epochs() const { return m_epochs; }

    TrainerOptions options() const
    {
        return {.optimizer = m_optimizer,
                .batchSize = m_batchSize,
                .precision = m_precision,
                .weights = m_start,
                .schedule = m_schedule.over(m_epochs)};
    }

    /// Bytes that it takes, roughly.
    double bytes(const Architecture &architecture) const { return bytes(architecture, m_batchSize); }
    double bytes(const Architecture &architecture, std::int64_t batchSize) const
    {
        return trainingBytes(architecture, Loss::CrossEntropy, batchSize, {.precision = m_precision});
    }

    /// Why a network cannot be trained so.
    std::optional<Conflict> conflict(const Architecture &architecture) const
    {
        return m_precision.conflict(architecture);
    }

private:
    StartChoice m_start;
    EpochsChoice m_epochs;
    BatchSizeChoice m_batchSize;
    OptimizerChoice m_optimizer;
    ScheduleChoice m_schedule;
    PrecisionChoice m_precision;
};

} // namespace losslab
