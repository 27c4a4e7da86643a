#pragma once

#include "lab/run.h"

namespace losslab::test {

/// What a trainer needs of a run; nothing is kept.
struct Stage
{
    explicit Stage(int threads, Device device = Device::Cpu) : run(environment(threads, device)) {}

    Run::Environment environment(int threads, Device device)
    {
        Run::Environment environment;
        environment.device = device;
        environment.threads = threads;
        environment.control = &control;
        environment.sink = [](const Event &) {};
        return environment;
    }

    RunControl control;
    Run run;
    Task &task = run.task();
};

} // namespace losslab::test
