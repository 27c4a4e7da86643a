#include "showcase.h"

#include <cmath>
#include <fmt/format.h>

namespace losslab::ui {

Showcase::Showcase()
    : Experiment({.id = "showcase",
                  .title = "Showcase",
                  .question = "What does every kind of chart look like?",
                  .promise = "train nothing, and see two axes, labelled paths, bars, ten curves and a table.",
                  .part = Part::Generalization})
{}

std::vector<SeriesInfo> Showcase::pathSeries()
{
    std::vector<SeriesInfo> series;
    for (int run = 0; run < paths; ++run)
        series.push_back({fmt::format("run{}", run), fmt::format("run {}", run), Mark::Points});
    return series;
}

void Showcase::fillInterpolation(RunData &data) const
{
    for (int i = 0; i <= 30; ++i) {
        const double alpha = -2 + 4 * i / 30.0;
        const double away = std::min(std::abs(alpha), std::abs(alpha - 1));
        const double loss = 0.002 * std::exp(4.5 * away);
        const double accuracy = 1 - 0.6 * std::pow(away / 2, 2);
        const std::string chart = m_interpolation.info().id;
        data.apply(PointEvent{chart, "train-loss", 0, alpha, loss});
        data.apply(PointEvent{chart, "test-loss", 0, alpha, loss + 0.06});
        data.apply(PointEvent{chart, "train-accuracy", 0, alpha, accuracy});
        data.apply(PointEvent{chart, "test-accuracy", 0, alpha, accuracy - 0.02});
    }
}

void Showcase::fillPaths(RunData &data, int repeat) const
{
    for (int run = 0; run < paths; ++run) {
        CurveEvent path{m_paths.info().id, fmt::format("run{}", run), repeat, {}, {}, true, {}};
        for (int i = 1; i <= pathLength; ++i) {
            const double way = 1 - std::exp(-i / 5.0);
            const double angle = 2 * M_PI * run / paths + 0.05 * i + 0.3 * repeat;
            const double accuracy = 1 - 0.09 * std::exp(-i / 4.0);
            path.x.push_back(40 * way * std::cos(angle));
            path.y.push_back(25 * way * std::sin(angle));
            path.labels.push_back(fmt::format("{:.0f}", 100 * accuracy));
            data.apply(RowEvent{m_points.info().id,
                                repeat,
                                {{"x", path.x.back()},
                                 {"y", path.y.back()},
                                 {"epoch", std::int64_t(3 * i)},
                                 {"run", path.series},
                                 {"accuracy", accuracy},
                                 {"loss", 0.3 * std::exp(-i / 4.0)}}});
        }
        data.apply(std::move(path));
    }
}

void Showcase::fillSpectrum(RunData &data) const
{
    CurveEvent bars{m_spectrum.info().id, "eigenvalues", 0, {}, {}, true, {}};
    for (int i = 0; i < 40; ++i) {
        const double edge = -0.2 + 0.03 * i;
        bars.x.push_back(edge);
        bars.y.push_back(
            std::floor(900 * std::exp(-std::pow((edge + 0.01) / 0.05, 2)) + 12 * std::exp(-edge)));
    }
    data.apply(std::move(bars));
}

void Showcase::fillCurves(RunData &data) const
{
    for (int model = 1; model <= curves; ++model) {
        const std::string key = fmt::format("h{}", 100 * model);
        for (int epoch = 1; epoch <= 100; ++epoch) {
            const double loss = 2.3 * std::exp(-0.03 * epoch * (1 + 0.1 * model)) + 0.02 / model;
            data.apply(PointEvent{m_curves.info().id, key, 0, double(epoch), loss});
            data.apply(PointEvent{m_accuracy.info().id, key, 0, double(epoch), std::exp(-loss)});
        }
    }
}

RunRecord Showcase::record(int repeats) const
{
    RunRecord record;
    record.spec = makeSpec(*this, Preset::Report);
    record.spec.repeats = repeats;
    record.data = RunData(*this);
    record.state = RunState::Finished;
    fillInterpolation(record.data);
    for (int repeat = 0; repeat < repeats; ++repeat)
        fillPaths(record.data, repeat);
    fillSpectrum(record.data);
    fillCurves(record.data);
    record.data.apply(StateEvent{RunState::Finished});
    record.data.apply(FigureEvent{"model", "variance", 0, 0.7});
    record.data.apply(FigureEvent{"run0", "test-loss", 0, 0.0623});
    record.data.apply(FigureEvent{"run1", "test-loss", 0, 0.07});
    return record;
}

} // namespace losslab::ui
