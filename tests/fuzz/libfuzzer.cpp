/// For clang's libFuzzer: `./dev fuzz READER`, which names the reader in the environment.
#include "readers.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

const losslab::fuzz::Reader *reader = nullptr;

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
    const char *name = std::getenv("LOSSLAB_FUZZ");
    reader = losslab::fuzz::findReader(name ? name : "");
    if (reader)
        return 0;
    std::fprintf(stderr, "LOSSLAB_FUZZ names no reader.\n");
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    reader->take({reinterpret_cast<const char *>(data), size});
    return 0;
}
