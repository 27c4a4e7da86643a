#include "readers.h"

#include "data/targets.h"

#include <cmath>

void losslab::fuzz::readExpression(std::string_view input)
{
    promiseAnswer(checkFunction(input));
    const auto samples = sample(input, 7, {-1, 2});
    promiseAnswer(samples);
    if (!samples)
        return;
    promise(samples->y.size() == 7, "there is a value at each point");
    for (const double y : samples->y)
        promise(std::abs(y) <= 1e15, "values can be learned");
}
