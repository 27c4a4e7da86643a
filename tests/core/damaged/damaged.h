#pragma once

#include "base/result.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace losslab::test {

/// An input that is wrong in one way. What it is told is in messages.md, by kind and damage.
struct Damaged
{
    std::string kind; ///< "IDX images"
    std::string how;  ///< "cut off in its header"
    std::string name; ///< of the file or folder, which the message must say; empty where it was typed
    /// Makes it in the folder and reads it; nothing where that did not refuse it.
    std::function<std::optional<Error>(const std::filesystem::path &folder)> read;
};

using Reader = std::function<std::optional<Error>(const std::filesystem::path &file)>;

template <class T>
std::optional<Error> errorOf(const Result<T> &result)
{
    return result ? std::nullopt : std::optional(result.error());
}

/// Damaged files of one kind: each is written under one name and read.
class DamagedFiles
{
public:
    DamagedFiles(std::vector<Damaged> &all, std::string kind, std::string name, Reader reader);

    void add(const std::string &how, const std::string &content);
    /// Made by other means than writing it.
    void make(const std::string &how, const std::function<void(const std::filesystem::path &file)> &maker);
    /// What is no file at all: not there, a folder, a pipe.
    void addOtherThanFiles();

private:
    std::vector<Damaged> &m_all;
    std::string m_kind, m_name;
    Reader m_reader;
};

/// Texts of one kind as a person types them.
void addTyped(std::vector<Damaged> &all, const std::string &kind,
              const std::function<std::optional<Error>(const std::string &text)> &reader,
              const std::vector<std::pair<std::string, std::string>> &texts);

void addDataFiles(std::vector<Damaged> &all);
void addModels(std::vector<Damaged> &all);
void addLists(std::vector<Damaged> &all);
void addTexts(std::vector<Damaged> &all);
void addRuns(std::vector<Damaged> &all);

} // namespace losslab::test
