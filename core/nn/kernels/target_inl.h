// What all kernels ask of the kind of processor they are compiled for. Compiled once for every kind.

#if defined(LOSSLAB_KERNELS_TARGET_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LOSSLAB_KERNELS_TARGET_INL
#undef LOSSLAB_KERNELS_TARGET_INL
#else
#define LOSSLAB_KERNELS_TARGET_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Whether there are 32 vector registers: x86 has 16 of them before AVX-512, all others have 32.
constexpr bool manyRegisters = !HWY_ARCH_X86 || HWY_TARGET <= HWY_AVX3;

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
