#pragma once

#include "lab/run.h"

#include <mutex>
#include <utility>
#include <variant>
#include <vector>

namespace losslab::test {

/// A run for trainers and tasks, without a runner: nothing is written, all events are kept.
class Stage
{
    std::mutex m_mutex; // before the run, whose threads use it
    std::vector<Event> m_events;

public:
    /// Control and sink are the stage's own.
    explicit Stage(Run::Environment environment = {}) : run(onStage(std::move(environment))) {}

    /// The events of this kind so far, in their order.
    template <class Kind>
    std::vector<Kind> of()
    {
        const std::lock_guard lock(m_mutex);
        std::vector<Kind> found;
        for (const Event &event : m_events)
            if (const auto *kind = std::get_if<Kind>(&event))
                found.push_back(*kind);
        return found;
    }

    RunControl control;
    Run run;

private:
    Run::Environment onStage(Run::Environment environment)
    {
        environment.control = &control;
        environment.sink = [this](Event event, const std::string &) {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(std::move(event));
        };
        if (!environment.saveModel)
            environment.saveModel = [](const std::string &, const std::string &, const auto &) {};
        return environment;
    }
};

} // namespace losslab::test
