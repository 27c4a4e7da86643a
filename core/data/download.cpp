#include "data/download.h"

#include "base/platform.h"
#include "base/sha256.h"
#include "data/archive.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <thread>

namespace losslab {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
constexpr auto pollInterval = std::chrono::milliseconds(100);
constexpr int mostAttempts = 20;              ///< at one address, each of which brought something
constexpr std::uint64_t spareBytes = 1 << 20; ///< for the small files beside the data

/// Takes one file into <name>.part, going on where an earlier download has left it.
class PartFile final : public HttpReceiver
{
public:
    PartFile(fs::path path, platform::AppendFile file, std::uint64_t size,
             std::function<bool(std::uint64_t size)> goesOn)
        : m_path(std::move(path)), m_file(std::move(file)), m_size(size), m_goesOn(std::move(goesOn))
    {}

    const fs::path &path() const { return m_path; }
    std::uint64_t size() const { return m_size; }
    /// Why it refused to take more; fine where it did not.
    const Result<void> &failure() const { return m_failure; }

    bool clear()
    {
        m_size = 0;
        return kept(m_file.clear());
    }
    bool sync() { return kept(m_file.sync()); }

    bool begin(std::uint64_t offset) override { return offset == m_size || clear(); }
    bool take(std::string_view bytes) override
    {
        if (!kept(m_file.append(bytes)))
            return false;
        m_size += bytes.size();
        return true;
    }
    bool isWanted() override { return m_goesOn(m_size); }

private:
    bool kept(Result<void> done)
    {
        m_failure = std::move(done);
        return m_failure.has_value();
    }

    fs::path m_path;
    platform::AppendFile m_file;
    std::uint64_t m_size;
    std::function<bool(std::uint64_t size)> m_goesOn;
    Result<void> m_failure;
};

/// "its files from https://…"; of archives, their members by both names.
std::string whatToPut(const CatalogueEntry &entry)
{
    std::vector<std::string> names;
    for (const CatalogueFile &file : entry.files)
        for (const CatalogueMember &member : file.members)
            names.push_back(member.name == member.file ? member.name
                                                       : fmt::format("{} as {}", member.name, member.file));
    const std::string &url = entry.urls.front();
    return names.empty() ? fmt::format("its files from {}", url)
                         : fmt::format("these files of {}{}: {},", url, entry.files.front().name,
                                       fmt::join(names, ", "));
}

class Download
{
public:
    Download(const CatalogueEntry &entry, const DownloadOptions &options)
        : m_entry(entry),
          m_options(options),
          m_place(options.folder / entry.id),
          m_partial(options.folder / fmt::format(".{}.partial", entry.id))
    {}

    Result<fs::path> run();

private:
    Result<std::optional<platform::FileLock>> lock();
    Result<void> install();
    Result<void> checkSpace() const;
    Result<void> fetch(const CatalogueFile &file);
    Result<void> fetchFrom(const std::string &url, const CatalogueFile &file, PartFile &part);
    Result<bool> finish(const CatalogueFile &file, PartFile &part);
    Result<bool> isRight(const fs::path &path, const CatalogueFile &file) const;
    Result<void> keep(const CatalogueFile &file);
    Result<void> unpack(const CatalogueFile &file);
    Result<void> writeFacts() const;
    bool goesOn(std::uint64_t ofThisFile);
    void noteReason(const std::string &reason, const std::string &url);
    tl::unexpected<Error> stopped() const;
    Error inWords() const;

    const CatalogueEntry &m_entry;
    const DownloadOptions &m_options;
    const fs::path m_place;                    ///< of the whole set
    const fs::path m_partial;                  ///< of what has arrived
    std::uint64_t m_done = 0;                  ///< bytes of the files that are whole
    std::map<std::string, std::string> m_sums; ///< SHA-256 of what is kept, by name
    Clock::time_point m_told{};
    std::vector<std::pair<std::string, std::string>>
        m_reasons; ///< why, and the addresses of which that is so
};

Result<fs::path> Download::run()
{
    if (const auto made = platform::makeFolder(m_options.folder); !made)
        return tl::unexpected(made.error());
    const auto locked = lock();
    if (!locked)
        return tl::unexpected(locked.error());
    std::error_code ignored;
    if (fs::exists(m_place, ignored))
        return m_place;
    const Result<void> installed = install();
    if (!installed) {
        (void)platform::removeEmptyFolder(m_partial);
        return tl::unexpected(installed.error());
    }
    return m_place;
}

/// Waits while another program has it.
Result<std::optional<platform::FileLock>> Download::lock()
{
    for (;;) {
        auto lock = platform::FileLock::tryTake(m_options.folder / fmt::format(".{}.lock", m_entry.id));
        if (!lock || *lock)
            return lock;
        if (m_options.isStopped())
            return stopped();
        m_options.progress({0, m_entry.bytes(), true});
        std::this_thread::sleep_for(pollInterval);
    }
}

Result<void> Download::install()
{
    if (const auto made = platform::makeFolder(m_partial); !made)
        return made;
    if (const auto space = checkSpace(); !space)
        return space;
    for (const CatalogueFile &file : m_entry.files) {
        if (const auto fetched = fetch(file); !fetched)
            return fetched;
        m_done += file.size;
        if (const auto kept = keep(file); !kept)
            return kept;
    }
    m_options.progress({m_done, m_done});
    if (const auto written = writeFacts(); !written)
        return written;
    return platform::rename(m_partial, m_place);
}

Result<void> Download::checkSpace() const
{
    std::uint64_t there = 0;
    std::error_code ignored;
    for (const auto &entry : fs::directory_iterator(m_partial, ignored))
        there += entry.is_regular_file(ignored) ? entry.file_size(ignored) : 0;
    const std::uint64_t free = platform::freeDiskBytes(m_options.folder);
    if (free + there >= m_entry.room() + spareBytes)
        return {};
    return dataError(fmt::format(
        "There is no room for {}: it takes {}, and {} are free in {}. Free some space, "
        "or choose another folder with LOSSLAB_HOME.",
        m_entry.title, megabytes(m_entry.room()), megabytes(free), platform::quoted(m_options.folder)));
}

/// Whether to go on; tells how far it is.
bool Download::goesOn(std::uint64_t ofThisFile)
{
    if (Clock::now() - m_told >= pollInterval) {
        m_told = Clock::now();
        m_options.progress({m_done + ofThisFile, m_entry.bytes()});
    }
    return !m_options.isStopped();
}

Result<bool> Download::isRight(const fs::path &path, const CatalogueFile &file) const
{
    std::error_code ignored;
    if (fs::file_size(path, ignored) != file.size)
        return false;
    return sha256OfFile(path).map([&](const std::string &sum) { return sum == file.sha256; });
}

/// From the first address that has it.
Result<void> Download::fetch(const CatalogueFile &file)
{
    std::error_code ignored;
    if (fs::exists(m_partial / file.name, ignored)) {
        const auto right = isRight(m_partial / file.name, file);
        if (!right || *right)
            return right.map([](bool) {});
        (void)platform::removeFile(m_partial / file.name);
    }
    const fs::path path = m_partial / (file.name + ".part");
    const std::uintmax_t size = fs::exists(path, ignored) ? fs::file_size(path, ignored) : 0;
    auto opened = platform::AppendFile::open(path);
    if (!opened)
        return tl::unexpected(opened.error());
    PartFile part(path, std::move(*opened), size, [this](std::uint64_t have) { return goesOn(have); });
    m_reasons.clear();
    for (const std::string &url : m_entry.urls) {
        if (const auto fetched = fetchFrom(url, file, part); !fetched)
            return fetched;
        if (fs::exists(m_partial / file.name, ignored))
            return {};
    }
    if (part.size() == 0)
        (void)platform::removeFile(path);
    return tl::unexpected(inWords());
}

/// Asks one address for what is missing, as often as something comes; an error is one that no other address
/// mends.
Result<void> Download::fetchFrom(const std::string &url, const CatalogueFile &file, PartFile &part)
{
    std::string reason;
    for (int attempt = 0; attempt < mostAttempts && reason.empty(); ++attempt) {
        if (part.size() > file.size && !part.clear())
            return part.failure();
        const std::uint64_t before = part.size();
        HttpEnd end{HttpEnd::Kind::Complete};
        if (before < file.size)
            end = httpGet({url + file.name, before, file.size, m_options.limits}, part);
        if (end.kind == HttpEnd::Kind::Ended)
            return part.failure().and_then([this]() -> Result<void> { return stopped(); });
        if (end.kind == HttpEnd::Kind::Complete) {
            const auto whole = finish(file, part);
            if (!whole || *whole)
                return whole.map([](bool) {});
            if (before
                == 0) // else the bytes that were there may have been wrong: once more, from the beginning
                reason = "the server's file has not the check sum that it should have";
        } else if (end.kind == HttpEnd::Kind::OtherFile) {
            if (!part.clear())
                return part.failure();
        } else if (end.kind == HttpEnd::Kind::Failed || part.size() <= before) {
            reason = std::move(end.reason);
        }
    }
    noteReason(reason.empty() ? "the connection breaks off again and again" : reason, url);
    return {};
}

/// Gives a file that has come whole its name. False where it is not the right one; it is then emptied.
Result<bool> Download::finish(const CatalogueFile &file, PartFile &part)
{
    if (!part.sync())
        return tl::unexpected(part.failure().error());
    const auto right = isRight(part.path(), file);
    if (!right || !*right)
        return part.clear() ? right : tl::unexpected(part.failure().error());
    return platform::rename(part.path(), m_partial / file.name).map([] { return true; });
}

/// Of a file that has come, what the data set needs.
Result<void> Download::keep(const CatalogueFile &file)
{
    if (!file.members.empty())
        return unpack(file);
    m_sums[file.name] = file.sha256;
    return {};
}

/// Members go under the names of the catalogue, whatever the archive calls their folders; it goes itself.
Result<void> Download::unpack(const CatalogueFile &file)
{
    m_options.progress({m_done, m_entry.bytes(), false, true});
    const auto memberOf = [&](const std::string &name) {
        return std::find_if(file.members.begin(), file.members.end(),
                            [&](const CatalogueMember &member) { return member.name == name; });
    };
    std::size_t taken = 0;
    const auto take = [&](const std::string &name, const std::string &content) -> Result<bool> {
        if (m_options.isStopped())
            return stopped();
        const std::string &here = memberOf(name)->file;
        m_sums[here] = sha256(content);
        ++taken;
        return platform::writeFileAtomically(m_partial / here, content).map([&] {
            return taken < file.members.size();
        });
    };
    const fs::path archive = m_partial / file.name;
    const auto read = readArchive(
        archive, {.wanted = [&](const std::string &name) { return memberOf(name) != file.members.end(); },
                  .take = take,
                  .largest = file.unpacked});
    if (!read)
        return read;
    if (taken < file.members.size())
        return dataError(fmt::format("{} could not be installed: {} has not all of its files. LossLab's "
                                     "catalogue is wrong there; update LossLab.",
                                     m_entry.title, file.name));
    (void)platform::removeFile(archive);
    return {};
}

/// SHA256SUMS, with which the files are compared whenever they are read, and whose they are.
Result<void> Download::writeFacts() const
{
    std::string sums;
    for (const auto &[name, sum] : m_sums)
        sums += fmt::format("{}  {}\n", sum, name);
    const std::string words = fmt::format(
        "# {}\n\n{}\n\n{}\n\n{}\n\nSource: <{}>\n\nLicence: {}\n", m_entry.title, m_entry.about,
        "Downloaded by LossLab; the files are as published.", m_entry.cite, m_entry.source, m_entry.licence);
    return platform::writeFileAtomically(m_partial / "SHA256SUMS", sums).and_then([&] {
        return platform::writeFileAtomically(m_partial / "README.md", words);
    });
}

void Download::noteReason(const std::string &reason, const std::string &url)
{
    const auto known = std::find_if(m_reasons.begin(), m_reasons.end(),
                                    [&](const auto &pair) { return pair.first == reason; });
    if (known == m_reasons.end())
        m_reasons.emplace_back(reason, url);
    else
        known->second += ", " + url;
}

tl::unexpected<Error> Download::stopped() const
{
    return dataError(fmt::format("The download of {} was stopped; what has come is kept.", m_entry.title));
}

Error Download::inWords() const
{
    std::string reasons;
    for (const auto &[reason, urls] : m_reasons)
        reasons += fmt::format("{}{} ({})", reasons.empty() ? "" : "; ", reason, urls);
    std::string message = fmt::format(
        "{} could not be downloaded: {}. Run again to continue where it stopped, or put {} into {} by hand.",
        m_entry.title, reasons, whatToPut(m_entry), platform::quoted(m_place));
    if (m_entry.package)
        message += fmt::format(" Debian and Ubuntu also have them: apt install {}.", m_entry.package->name);
    return {ErrorKind::Data, message};
}

} // namespace

Result<fs::path> downloadDataset(const CatalogueEntry &entry, const DownloadOptions &options)
{
    return Download(entry, options).run();
}

} // namespace losslab
