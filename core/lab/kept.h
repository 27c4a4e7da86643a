#pragma once

#include "lab/trainingstate.h"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace losslab {

/// How a value is told to a TrainingState. Of a type of one's own: its members `std::vector<double>
/// numbers() const` and `static T ofNumbers(const std::vector<double> &)`. For tensors, see train/kept.h.
template <class T>
struct Keeping
{
    static void put(TrainingState &state, const std::string &name, const T &value)
    {
        if constexpr (std::is_arithmetic_v<T>)
            state.put(name, static_cast<double>(value)); // whole numbers to 2⁵³
        else
            state.put(name, value.numbers());
    }
    static T get(const TrainingState &state, const std::string &name)
    {
        if constexpr (std::is_arithmetic_v<T>)
            return static_cast<T>(state.number(name));
        else
            return T::ofNumbers(state.numbers(name));
    }
};

/// A value beside a training that the task's loop over epochs changes: the least loss so far, a running sum.
/// A run that goes on finds it as it was when the loop goes on; so it is changed in the loop alone. The name
/// is one of its own in the task.
template <class T>
class Kept final : public KeptValue
{
public:
    Kept(Task &task, std::string name, T initial = {})
        : KeptValue(task), m_name(std::move(name)), m_value(std::move(initial))
    {}

    Kept &operator=(T value)
    {
        m_value = std::move(value);
        return *this;
    }
    T &operator*() { return m_value; }
    const T &operator*() const { return m_value; }
    T *operator->() { return &m_value; }
    const T *operator->() const { return &m_value; }

    void save(TrainingState &state) override { Keeping<T>::put(state, m_name, m_value); }
    void restore(const TrainingState &state) override { m_value = Keeping<T>::get(state, m_name); }

private:
    std::string m_name;
    T m_value;
};

} // namespace losslab
