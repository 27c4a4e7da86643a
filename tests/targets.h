#pragma once

#include <cstdint>
#include <hwy/targets.h>

namespace losslab::test {

/// Calls work(its name) with the kernels of every kind of processor that this machine can play, one after the
/// other.
template <class Work>
void onEveryTarget(const Work &work)
{
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().DeInit(); // chosen anew at the next call
        work(hwy::TargetName(target));
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
}

} // namespace losslab::test
