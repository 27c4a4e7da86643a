#pragma once

#include "base/result.h"

#include <stdexcept>
#include <utility>

namespace losslab {

/// Thrown inside a task when the person asked to stop; caught once, by the runner.
struct Stopped
{};

/// A failure that names its cause and the way on.
class RunError : public std::runtime_error
{
public:
    explicit RunError(Error error) : std::runtime_error(error.message), m_error(std::move(error)) {}
    const Error &error() const { return m_error; }

private:
    Error m_error;
};

/// A loss that is no longer a number: the end of one model's training, and of no other's.
class Diverged final : public RunError
{
public:
    using RunError::RunError;
};

} // namespace losslab
