/// Gives a reader every file of its corpus, and some thousand others made from these: a test that needs no
/// fuzzer. The same every time. What an input breaks ends the program, which then says which input it was.
#include "readers.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <random>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr unsigned longestSeconds = 60; ///< for one input: one that takes more hangs
constexpr long mostMemory = 256 << 10;  ///< kibibytes that one may take
constexpr std::size_t longestInput = 1 << 20;

std::string current;             ///< the input that is being read
const char *lastInput = nullptr; ///< where it is left if it breaks something

void leaveInput()
{
    const int saved = ::creat(lastInput, 0644);
    if (saved < 0 || ::write(saved, current.data(), current.size()) < 0)
        std::perror("The input could not be kept");
    std::fprintf(stderr, "It was broken by the input that is now in %s.\n", lastInput);
}

void onEnd(int signal)
{
    leaveInput();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

long peakMemory()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

class Mutator
{
public:
    explicit Mutator(std::vector<std::string> seeds) : m_seeds(std::move(seeds)) {}

    std::string next()
    {
        std::string text = seed();
        for (std::size_t changes = 1 + below(4); changes > 0; --changes)
            change(text);
        text.resize(std::min(text.size(), longestInput));
        return text;
    }

private:
    std::size_t below(std::size_t end) { return end == 0 ? 0 : m_random() % end; }
    const std::string &seed() { return m_seeds[below(m_seeds.size())]; }

    void change(std::string &text)
    {
        static constexpr std::string_view odd[]{"",     "{}",   "[",  "]",     "}",
                                                "\"",   "0",    "-1", "1e999", "18446744073709551616",
                                                "/",    "../",  "\\", "\n",    "\xe2\x80\xae",
                                                "\xff", "null", ",",  ":",     ";",
                                                "<b>"};
        const std::size_t at = below(text.size()), length = 1 + below(std::min<std::size_t>(text.size(), 64));
        switch (below(8)) {
        case 0:
            if (!text.empty())
                text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1u << below(8)));
            break;
        case 1:
            if (!text.empty())
                text[at] = static_cast<char>(below(256));
            break;
        case 2:
            text.resize(at);
            break;
        case 3:
            text.erase(at, length);
            break;
        case 4:
            text.insert(at, text.substr(at, length));
            break;
        case 5:
            text.insert(at, odd[below(std::size(odd))]);
            break;
        case 6: {
            const std::string &other = seed();
            text = text.substr(0, at) + other.substr(below(other.size()));
            break;
        }
        default:
            for (std::size_t i = at; i < std::min(text.size(), at + 4); ++i)
                text[i] = below(2) == 0 ? '\xff' : '\0';
        }
    }

    std::vector<std::string> m_seeds;
    std::mt19937_64 m_random{20261130};
};

void take(const losslab::fuzz::Reader &reader, std::string input)
{
    current = std::move(input);
    ::alarm(longestSeconds);
    const long before = peakMemory();
    reader.take(current);
    ::alarm(0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    losslab::fuzz::promise(peakMemory() - before <= mostMemory, "no input takes much memory");
#else
    (void)before;
#endif
}

std::vector<std::string> filesIn(const fs::path &folder)
{
    std::vector<fs::path> paths;
    for (const auto &entry : fs::directory_iterator(folder))
        paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> contents;
    for (const fs::path &path : paths) {
        std::ifstream file(path, std::ios::binary);
        contents.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return contents;
}

} // namespace

int main(int argc, char **argv)
{
    const losslab::fuzz::Reader *reader = argc > 2 ? losslab::fuzz::findReader(argv[1]) : nullptr;
    if (!reader) {
        std::fputs("Usage: losslab_fuzz READER CORPUS [MUTATIONS]\n", stderr);
        return 2;
    }
    const std::string kept = fmt::format("fuzz-{}.broken", reader->name);
    lastInput = kept.c_str();
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGALRM})
        std::signal(signal, onEnd);
    const std::vector<std::string> seeds = filesIn(argv[2]);
    if (seeds.empty()) {
        std::fprintf(stderr, "There is nothing in %s.\n", argv[2]);
        return 2;
    }
    for (const std::string &seed : seeds)
        take(*reader, seed);
    Mutator mutator(seeds);
    const int mutations = argc > 3 ? std::atoi(argv[3]) : reader->mutations;
    for (int i = 0; i < mutations; ++i)
        take(*reader, mutator.next());
    std::printf("%zu inputs of the corpus and %d made from them: nothing broke.\n", seeds.size(), mutations);
    return 0;
}
