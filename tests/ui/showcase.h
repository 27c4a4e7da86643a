#pragma once

#include "lab/experiment.h"
#include "lab/rundata.h"
#include "runs/runrecord.h"

namespace losslab::ui {

/// A declaration with every kind of chart that an experiment can ask for, and a table. It has data of its own
/// (closed forms), so that they can be looked at and tested without training.
class Showcase final : public Experiment
{
public:
    Showcase();

    void run(Run &) override {}

    /// A finished run of it, with this many repeats.
    RunRecord record(int repeats = 1) const;

    static constexpr int paths = 8;
    static constexpr int pathLength = 15;
    static constexpr int curves = 10;

private:
    static std::vector<SeriesInfo> pathSeries();
    void fillInterpolation(RunData &data) const;
    void fillPaths(RunData &data, int repeat) const;
    void fillSpectrum(RunData &data) const;
    void fillCurves(RunData &data) const;

    Int m_epochs{this, "epochs", "At most", {.standard = 45, .min = 1, .unit = "epochs"}};
    Chart m_interpolation{this,
                          "interpolation",
                          "Between two minima",
                          Axis{"α"},
                          Axis{"Cross entropy", Scale::Log},
                          {.series = {{"train-loss", "training loss", Mark::LinePoints},
                                      {"test-loss", "test loss", Mark::LinePoints},
                                      {"train-accuracy", "training accuracy", Mark::Line, true},
                                      {"test-accuracy", "test accuracy", Mark::Line, true}},
                           .right = Axis{"Accuracy", Scale::Linear, Format::Percent},
                           .references = {{0, "θ₁", true}, {1, "θ₂", true}}}};
    Chart m_paths{this,
                  "paths",
                  "Weights of eight runs",
                  Axis{"First component"},
                  Axis{"Second component"},
                  {.series = pathSeries()}};
    Chart m_spectrum{
        this,
        "spectrum",
        "Eigenvalues",
        Axis{"λ"},
        Axis{"Number", Scale::Log, Format::Number, true},
        {.series = {{"eigenvalues", "eigenvalues", Mark::Bars}}, .references = {{0.02, "tolerance", true}}}};
    Chart m_curves{this, "curves", "Loss of ten models", epochAxis(), Axis{"Cross entropy", Scale::Log}, {}};
    Chart m_accuracy{this,
                     "accuracy",
                     "Accuracy of ten models",
                     epochAxis(),
                     Axis{"Accuracy", Scale::Linear, Format::Percent},
                     {.references = {{0.1, "chance"}}, .sharesX = "curves"}};
    Table m_points{this,
                   "points",
                   "Points",
                   {{"x", "First component"},
                    {"y", "Second component"},
                    {"epoch", "Epoch"},
                    {"run", "Run"},
                    {"accuracy", "Training accuracy", Format::Percent},
                    {"loss", "Training loss"}}};
    Figure m_variance{this, "variance", "Share of variance", Format::Percent, {{"model", 0.61, 0.75}}};
    Figure m_test{this, "test-loss", "Test loss", Format::Number, {{"run0", 0.059, 0.065}, {"run1", 0.06}}};
};

} // namespace losslab::ui
