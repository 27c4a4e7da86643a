#include "data/filekind.h"

#include "base/plaintext.h"
#include "base/text.h"

#include <filesystem>
#include <system_error>

namespace losslab {

namespace fs = std::filesystem;

std::string FileKind::words(const Value &value) const
{
    const std::string text = toText(value);
    return text.empty() ? "none" : fs::path(text).filename().string();
}

Result<std::string> FileKind::written(std::string_view text) const
{
    const std::string_view path = trimmed(text);
    if (!isPlain(path))
        return usageError("A path has no control characters.");
    std::error_code nowhere;
    const fs::path whole = path.empty() ? fs::path() : fs::absolute(path, nowhere);
    if (nowhere)
        return usageError(nowhere.message());
    const fs::path tidy = whole.lexically_normal();
    return (tidy.has_filename() ? tidy : tidy.parent_path()).string(); // no separator behind a folder
}

} // namespace losslab
