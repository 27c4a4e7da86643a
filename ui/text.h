#pragma once

#include <QString>
#include <filesystem>
#include <string>

namespace losslab::ui {

inline QString fromText(const std::string &text)
{
    return QString::fromStdString(text);
}

/// Numbers, which do not break before "%".
QString fromNumbers(const std::string &text);

inline QString fromPath(const std::filesystem::path &path)
{
    return QString::fromStdU16String(path.u16string());
}

inline std::filesystem::path toPath(const QString &path)
{
    return std::filesystem::path(path.toStdU16String());
}

/// For a tool tip, which would take for markup what looks like it: the text as it stands.
QString plainTip(const QString &text);
/// The same, wrapped where it is long.
QString wrappedTip(const QString &text);

/// "4 s", "3 min 20 s", "1 h 5 min".
QString durationText(double seconds);

} // namespace losslab::ui
