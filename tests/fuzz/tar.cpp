#include "readers.h"

#include "data/archive.h"

void losslab::fuzz::readTar(std::string_view input)
{
    constexpr std::uint64_t largest = 1 << 20;
    const std::filesystem::path path = put("set.tar.gz", input);
    std::uint64_t taken = 0;
    const auto all = readArchive(path, {.wanted = [](const std::string &) { return true; },
                                        .take =
                                            [&](const std::string &name, const std::string &content) {
                                                promise(!name.empty() && name.find('/') == std::string::npos,
                                                        "names lead nowhere");
                                                taken += content.size();
                                                return Result<bool>(true);
                                            },
                                        .largest = largest});
    promiseMessage(all);
    promise(taken <= largest, "no more is unpacked than was asked for");
    promiseMessage(readArchive(
        path, {.wanted = [](const std::string &name) { return name == "a.bin"; },
               .take = [](const std::string &, const std::string &) { return Result<bool>(true); }}));
}
