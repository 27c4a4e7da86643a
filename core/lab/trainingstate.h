#pragma once

#include "base/tensordata.h"

#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

class Task;

/// Throws the RunError of a checkpoint that does not fit the run: why, a sentence, and what to do.
[[noreturn]] void refuseCheckpoint(const std::string &why);

/// Named tensors: what of a training, and of the values kept beside it, has to be written down so that it can
/// go on as if it had not been left.
class TrainingState
{
public:
    void put(const std::string &name, TensorData tensor);
    /// [numbers], in double.
    void put(const std::string &name, std::span<const double> numbers);
    void put(const std::string &name, double number) { put(name, std::span(&number, 1)); }
    /// What will never change, such as the weights after an epoch: is written once, and is to be told once.
    void add(const std::string &name, TensorData tensor);

    /// Throw RunError where there is none of that name, or no such.
    const TensorData &tensor(const std::string &name) const;
    std::vector<double> numbers(const std::string &name) const;
    double number(const std::string &name) const { return numbers<1>(name)[0]; }
    template <std::size_t count>
    std::array<double, count> numbers(const std::string &name) const
    {
        std::array<double, count> numbers;
        readNumbers(name, numbers);
        return numbers;
    }
    bool has(const std::string &name) const { return m_values.contains(name) || m_added.contains(name); }

    using Tensors = std::map<std::string, TensorData>;
    const Tensors &values() const { return m_values; }
    const Tensors &added() const { return m_added; }
    /// What was added, which is then the taker's to keep.
    Tensors takeAdded() { return std::exchange(m_added, {}); }

private:
    void readNumbers(const std::string &name, std::span<double> to) const;

    Tensors m_values;
    Tensors m_added;
};

/// A value that a loop over epochs changes, beside its training: kept with that one's state, for as long as
/// this lives.
class KeptValue
{
public:
    explicit KeptValue(Task &task);
    virtual ~KeptValue();
    KeptValue(const KeptValue &) = delete;
    KeptValue &operator=(const KeptValue &) = delete;

    virtual void save(TrainingState &state) = 0;
    virtual void restore(const TrainingState &state) = 0;

private:
    Task &m_task;
};

} // namespace losslab
