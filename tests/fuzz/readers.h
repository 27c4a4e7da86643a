#pragma once

#include "base/result.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// What reads files and texts from elsewhere, each as a function of any bytes. They end the program where a
/// reader breaks what it promises, and come back otherwise.
namespace losslab::fuzz {

void readCatalogueFile(std::string_view input);
void readCheckpointFile(std::string_view input);
void readChecksumFile(std::string_view input);
void readCifarFile(std::string_view input);
void readExpression(std::string_view input);
void readGzip(std::string_view input);
void readIdx(std::string_view input);
void readJournalFile(std::string_view input);
void readJson(std::string_view input);
void readLayerText(std::string_view input);
void readNetworkList(std::string_view input);
void readOrderFile(std::string_view input);
void readPointsFile(std::string_view input);
void readNotesFile(std::string_view input);
void readPresetFile(std::string_view input);
void readRunJsonFile(std::string_view input);
void readSafetensorsFile(std::string_view input);
void readTar(std::string_view input);
void readValue(std::string_view input);

struct Reader
{
    std::string_view name; ///< also of its folder in corpus/
    void (*take)(std::string_view input);
    int mutations; ///< that the test makes: some seconds' worth under the sanitizers
};

/// All of them.
std::span<const Reader> readers();
/// nullptr where there is none of that name.
const Reader *findReader(std::string_view name);

/// A folder of this process alone, in memory where the system has such a place; gone when the process ends.
const std::filesystem::path &workFolder();
/// Writes workFolder()/name, with the folders above it, and returns that path.
std::filesystem::path put(std::string_view name, std::string_view content);

/// Ends the program with these words where the promise does not hold.
void promise(bool holds, std::string_view words);
/// What holds of every message for people: a sentence, plain text on one line, and not endless.
void promiseMessage(const Error &error);

/// What holds of an answer to what a person types, which it may quote: a sentence.
void promiseAnswer(const Error &error);

template <class T>
void promiseMessage(const Result<T> &result)
{
    if (!result)
        promiseMessage(result.error());
}
template <class T>
void promiseAnswer(const Result<T> &result)
{
    if (!result)
        promiseAnswer(result.error());
}

} // namespace losslab::fuzz
