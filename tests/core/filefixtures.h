#pragma once

#include <QDir>
#include <QTemporaryDir>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>

namespace losslab::test {

/// A folder of its own for a test, under a name with a space and letters beyond ASCII.
class TemporaryFolder
{
public:
    std::filesystem::path path() const { return m_folder.path().toStdString(); }
    std::filesystem::path operator/(const std::filesystem::path &name) const { return path() / name; }

    bool isEmpty() const { return std::filesystem::is_empty(path()); }

private:
    QTemporaryDir m_folder{QDir::tempPath() + QStringLiteral("/läb röom XXXXXX")};
};

inline void write(const std::filesystem::path &path, const std::string &content)
{
    std::ofstream(path, std::ios::binary) << content;
}

inline std::string read(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// As long as it lives, no file of this process can grow beyond so many bytes: what a full disk does, for
/// root as well.
class FullDisk
{
public:
    explicit FullDisk(rlim_t largestFile)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{largestFile, m_before.rlim_max};
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    FullDisk(const FullDisk &) = delete;
    FullDisk &operator=(const FullDisk &) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int) = nullptr;
};

} // namespace losslab::test

/// Checks a Result and shows its message where it is an error.
#define VERIFY_RESULT(expression)                                                                            \
    do {                                                                                                     \
        const auto &checked = (expression);                                                                  \
        QVERIFY2(checked.has_value(), checked ? "" : checked.error().message.c_str());                       \
    } while (false)

/// Checks that a Result is a data error whose message holds the text.
#define VERIFY_DATA_ERROR(expression, text)                                                                  \
    do {                                                                                                     \
        const auto &checked = (expression);                                                                  \
        QVERIFY(!checked.has_value());                                                                       \
        QCOMPARE(checked.error().kind, losslab::ErrorKind::Data);                                            \
        QVERIFY2(checked.error().message.find(text) != std::string::npos, checked.error().message.c_str());  \
    } while (false)
