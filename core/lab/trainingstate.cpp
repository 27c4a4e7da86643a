#include "lab/trainingstate.h"

#include "lab/runerror.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace losslab {

namespace {

[[noreturn]] void refuse(const std::string &name)
{
    refuseCheckpoint(
        fmt::format("A checkpoint of this run has no proper “{}”: another version of LossLab has made "
                    "it, or the run is another one.",
                    name));
}

} // namespace

void refuseCheckpoint(const std::string &why)
{
    throw RunError(dataError(why + " Start the run anew.").value());
}

void TrainingState::put(const std::string &name, TensorData tensor)
{
    tensor.name = name;
    m_values[name] = std::move(tensor);
}

void TrainingState::put(const std::string &name, std::span<const double> numbers)
{
    const auto bytes = std::as_bytes(numbers);
    put(name, {name, TensorType::Float64, {std::ssize(numbers)}, {bytes.begin(), bytes.end()}});
}

void TrainingState::add(const std::string &name, TensorData tensor)
{
    tensor.name = name;
    m_added[name] = std::move(tensor);
}

const TensorData &TrainingState::tensor(const std::string &name) const
{
    for (const Tensors *tensors : {&m_values, &m_added})
        if (const auto found = tensors->find(name); found != tensors->end())
            return found->second;
    refuse(name);
}

std::vector<double> TrainingState::numbers(const std::string &name) const
{
    const TensorData &data = tensor(name);
    if (data.type != TensorType::Float64)
        refuse(name);
    std::vector<double> numbers(data.bytes.size() / sizeof(double));
    std::memcpy(numbers.data(), data.bytes.data(), numbers.size() * sizeof(double));
    return numbers;
}

void TrainingState::readNumbers(const std::string &name, std::span<double> to) const
{
    const std::vector<double> all = numbers(name);
    if (all.size() != to.size())
        refuse(name);
    std::copy(all.begin(), all.end(), to.begin());
}

} // namespace losslab
