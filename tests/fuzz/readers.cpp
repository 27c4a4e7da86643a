#include "readers.h"

#include "base/plaintext.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace losslab::fuzz {

namespace {

namespace fs = std::filesystem;

constexpr std::array<Reader, 19> all{{
    {"catalogue", readCatalogueFile, 1500},
    {"checkpoint", readCheckpointFile, 3000},
    {"checksums", readChecksumFile, 3000},
    {"cifar", readCifarFile, 500},
    {"expression", readExpression, 3000},
    {"gzip", readGzip, 3000},
    {"idx", readIdx, 2000},
    {"journal", readJournalFile, 400},
    {"json", readJson, 3000},
    {"layers", readLayerText, 3000},
    {"networks", readNetworkList, 3000},
    {"order", readOrderFile, 1000},
    {"points", readPointsFile, 3000},
    {"notes", readNotesFile, 3000},
    {"preset", readPresetFile, 800},
    {"runjson", readRunJsonFile, 1000},
    {"safetensors", readSafetensorsFile, 3000},
    {"tar", readTar, 1500},
    {"value", readValue, 2000},
}};

/// Made with the first use, and taken away at the end.
class WorkFolder
{
public:
    WorkFolder()
    {
        std::error_code ignored;
        const fs::path memory = "/dev/shm";
        const fs::path above = fs::is_directory(memory, ignored) ? memory : fs::temp_directory_path();
        m_path = above / fmt::format("losslab-fuzz-{}", ::getpid());
        fs::create_directories(m_path);
    }
    ~WorkFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;

    const fs::path &path() const { return m_path; }

private:
    fs::path m_path;
};

} // namespace

std::span<const Reader> readers()
{
    return all;
}

const Reader *findReader(std::string_view name)
{
    const auto *found =
        std::find_if(all.begin(), all.end(), [&](const Reader &reader) { return reader.name == name; });
    return found == all.end() ? nullptr : found;
}

const fs::path &workFolder()
{
    static const WorkFolder folder;
    return folder.path();
}

fs::path put(std::string_view name, std::string_view content)
{
    fs::path path = workFolder() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

void promise(bool holds, std::string_view words)
{
    if (holds)
        return;
    std::fprintf(stderr, "Broken promise: %.*s\n", static_cast<int>(words.size()), words.data());
    std::abort();
}

void promiseAnswer(const Error &error)
{
    const std::string &message = error.message;
    promise(message.ends_with('.') || message.ends_with('?'), "an answer is a sentence: " + message);
}

void promiseMessage(const Error &error)
{
    constexpr std::size_t longest = 5000; // bytes
    const std::string &message = error.message;
    promiseAnswer(error);
    promise(isPlain(message), "a message is plain text on one line: " + plainText(message, true));
    promise(message.size() <= longest, "a message ends: " + message.substr(0, longest));
}

} // namespace losslab::fuzz
