#pragma once

#include "lab/experiment.h"
#include "lab/rundata.h"
#include "lab/runspec.h"

#include <string>

namespace losslab {

/// The published value of a figure, and whether it may stand beside a run's.
struct PublishedFor
{
    const Published *value = nullptr; ///< of the settings nearest to the run's; nullptr: none is published
    /// In what the run differs from what the value was found with: "epochs 3 instead of 15"; empty where
    /// there is nothing.
    std::string unlike = {};

    bool holds() const { return value && unlike.empty(); }
};

/// A published value holds where every setting that decides the figure is the one it was found with, and the
/// data are MNIST's.
PublishedFor publishedFor(const Experiment &experiment, const RunSpec &spec, const std::string &figure,
                          const std::string &model);

/// Sentences for beneath a run's figures: which published values are left out, and why. Empty where none is.
std::string publishedNote(const Experiment &experiment, const RunSpec &spec, const RunData &data);

/// Whose the published values are: "Published: a student's report of …". Empty where none stands beside.
std::string publishedSource(const Experiment &experiment, const RunSpec &spec, const RunData &data);

} // namespace losslab
