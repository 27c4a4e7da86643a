#include "readers.h"

#include "data/pointtable.h"

#include <algorithm>
#include <cmath>

void losslab::fuzz::readPointsFile(std::string_view input)
{
    const auto points = readPoints(put("points.csv", input));
    promiseMessage(points);
    if (!points)
        return;
    promise(points->x.size() >= 2 && points->x.size() == points->y.size(), "points have x and y");
    promise(std::is_sorted(points->x.begin(), points->x.end()), "points come by x");
    for (const double y : points->y)
        promise(std::abs(y) <= 1e15, "values can be learned");
}
