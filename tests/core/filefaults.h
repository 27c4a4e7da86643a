#pragma once

#include "base/filehook.h"

#include <cerrno>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace losslab::test {

inline std::string_view nameOf(platform::FileCall::Kind kind)
{
    using Kind = platform::FileCall::Kind;
    switch (kind) {
    case Kind::Open:
        return "open";
    case Kind::OpenNameless:
        return "open without a name";
    case Kind::Write:
        return "write";
    case Kind::Cut:
        return "cut";
    case Kind::Sync:
        return "sync";
    case Kind::SyncFolder:
        return "sync the folder";
    case Kind::Link:
        return "link";
    case Kind::Rename:
        return "rename";
    case Kind::Remove:
        return "remove";
    case Kind::MakeFolder:
        return "make the folder";
    case Kind::RemoveFolder:
        break;
    }
    return "remove the folder";
}

/// The change to files of this number (from 1) fails, or it and all after it. Half of a write is made before
/// it fails. 0: none fails.
class FaultAt
{
public:
    enum class Until { Once, Forever };

    explicit FaultAt(int number = 0, int error = 0, Until until = Until::Once)
        : m_number(number), m_error(error), m_until(until)
    {}

    long answer(platform::FileCall &call, const std::function<long()> &make)
    {
        ++m_calls;
        if (m_number == 0 || m_calls < m_number)
            return make();
        if (m_calls == m_number) {
            m_what = nameOf(call.kind);
            if (m_halfWritten = call.kind == Kind::Write && call.data.size() > 1; m_halfWritten) {
                call.data = call.data.substr(0, call.data.size() / 2);
                return make();
            }
            return -m_error;
        }
        if (m_until == Until::Forever)
            return -m_error;
        if (m_halfWritten && call.kind == Kind::Write) { // the rest of it
            m_halfWritten = false;
            return -m_error;
        }
        return make();
    }

    bool isForever() const { return m_until == Until::Forever; }
    /// What the call was that failed; empty where there were not so many.
    const std::string &what() const { return m_what; }

private:
    using Kind = platform::FileCall::Kind;

    int m_number;
    int m_error;
    Until m_until;
    int m_calls = 0;
    std::string m_what;
    bool m_halfWritten = false;
};

/// For as long as it lives, changes to files pass through `answer`.
class FileHookScope
{
public:
    explicit FileHookScope(platform::FileHook answer) { platform::hookFileCalls(std::move(answer)); }
    ~FileHookScope() { platform::hookFileCalls({}); }
    FileHookScope(const FileHookScope &) = delete;
    FileHookScope &operator=(const FileHookScope &) = delete;
};

} // namespace losslab::test
