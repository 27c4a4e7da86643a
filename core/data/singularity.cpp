#include "data/singularity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace losslab {

namespace {

constexpr std::size_t evaluations = 8000; // of the grid between the samples
constexpr std::size_t mostPeaks = 100;    // that are looked at closely
constexpr int halvings = 20;              // of the distance to a peak, by which it is judged

struct Grid
{
    std::vector<double> x;
    std::vector<double> y;
};

/// The samples, and equally many points between each two.
Grid refined(const std::function<double(double)> &function, const std::vector<double> &samples)
{
    const std::size_t parts = std::max<std::size_t>(evaluations / (samples.size() - 1), 4);
    Grid grid;
    for (std::size_t i = 0; i + 1 < samples.size(); ++i)
        for (std::size_t part = 0; part < parts; ++part)
            grid.x.push_back(samples[i]
                             + (samples[i + 1] - samples[i]) * static_cast<double>(part)
                                   / static_cast<double>(parts));
    grid.x.push_back(samples.back());
    std::transform(grid.x.begin(), grid.x.end(), std::back_inserter(grid.y), function);
    return grid;
}

struct Peak
{
    double low, high; ///< around it
    double contrast;  ///< by how much it stands above the lower of its neighbours
};

/// Where sign · y is not below its neighbours, the sharpest first.
std::vector<Peak> peaks(const Grid &grid, double sign)
{
    std::vector<Peak> found;
    const std::size_t last = grid.x.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
        const std::size_t before = i > 0 ? i - 1 : i + 1, after = i < last ? i + 1 : i - 1;
        const double here = sign * grid.y[i];
        const double left = sign * grid.y[before], right = sign * grid.y[after];
        if (here >= left && here >= right && here > std::min(left, right))
            found.push_back(
                {grid.x[std::min(before, i)], grid.x[std::max(after, i)], here - std::min(left, right)});
    }
    std::sort(found.begin(), found.end(),
              [](const Peak &a, const Peak &b) { return a.contrast > b.contrast; });
    found.resize(std::min(found.size(), mostPeaks));
    return found;
}

/// Where sign · function is greatest around a peak, up to rounding.
double topOf(const std::function<double(double)> &function, double sign, const Peak &peak)
{
    double low = peak.low, high = peak.high, place = low;
    for (int step = 0; step < 60; ++step) {
        const double quarter = (high - low) / 4;
        double most = -std::numeric_limits<double>::infinity();
        for (int i = 0; i <= 4; ++i) {
            const double x = low + i * quarter;
            if (const double y = sign * function(x); y > most) {
                most = y;
                place = x;
            }
        }
        low = std::max(low, place - quarter);
        high = std::min(high, place + quarter);
    }
    return place;
}

/// Comes nearer to the peak's top by halves. Where there is a limit, each step brings less than the one
/// before: a quarter at a smooth top. Towards a pole each brings more, towards that of log |x| as much.
bool growsWithoutLimit(const std::function<double(double)> &function, double sign, const Peak &peak,
                       double top)
{
    const auto beside = [&](double distance) {
        double most = -std::numeric_limits<double>::infinity();
        for (const double x : {top - distance, top + distance})
            if (const double y = sign * function(x); x >= peak.low && x <= peak.high && y > most)
                most = y;
        return most;
    };
    double distance = (peak.high - peak.low) / 4;
    if (std::ldexp(distance, -halvings) < 1000 * std::numeric_limits<double>::epsilon() * std::abs(top))
        return false; // too narrow an interval to tell
    std::vector<double> reached{beside(distance)};
    for (int step = 0; step < halvings; ++step) {
        reached.push_back(beside(distance /= 2));
        if (!(reached.back() > reached[reached.size() - 2]))
            return false;
    }
    constexpr double steady = 0.8; // 0.5 at 1 - |x|^0.1
    return reached[halvings] - reached[halvings / 2] > steady * (reached[halvings / 2] - reached[0]);
}

/// The nearest number with few digits: a pole is found up to rounding, and is at 0.3, not at
/// 0.30000000000001.
double tidied(double x)
{
    const double unit = 1e-9 * std::max(1.0, std::abs(x));
    return std::round(x / unit) * unit + 0.0; // no -0
}

} // namespace

std::optional<Singularity> findSingularity(const std::function<double(double)> &function,
                                           const std::vector<double> &x)
{
    if (x.size() < 2)
        return std::nullopt;
    const Grid grid = refined(function, x);
    for (std::size_t i = 0; i < grid.x.size(); ++i) {
        if (std::isinf(grid.y[i]))
            return Singularity{grid.x[i], Singularity::Kind::Pole};
        if (i > 0 && std::isnan(grid.y[i - 1]) && std::isnan(grid.y[i]))
            return Singularity{grid.x[i], Singularity::Kind::NoValue};
    }
    for (const double sign : {1.0, -1.0})
        for (const Peak &peak : peaks(grid, sign))
            if (const double top = topOf(function, sign, peak); growsWithoutLimit(function, sign, peak, top))
                return Singularity{tidied(top), Singularity::Kind::Pole};
    return std::nullopt;
}

} // namespace losslab
