#include "library/runindex.h"

#include "base/platform.h"
#include "runs/runlibrary.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <sqlite3.h>
#include <system_error>
#include <utility>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr int patience = 500; ///< milliseconds that another program may keep the cache to itself

/// What changes when one of the files does that an entry is made of; empty where there is no run.
std::string signatureOf(const fs::path &folder)
{
    std::string signature = LOSSLAB_VERSION;
    for (const char *name : {"run.json", "summary.json", "notes.json"}) {
        std::error_code missing;
        const auto size = fs::file_size(folder / name, missing);
        if (missing && name == std::string_view("run.json") && !fs::exists(folder / name, missing))
            return {};
        const auto time = fs::last_write_time(folder / name, missing);
        signature += missing ? " -" : fmt::format(" {}:{}", size, time.time_since_epoch().count());
    }
    return signature;
}

/// The one begun last first.
void putInOrder(std::vector<RunEntry> &entries)
{
    std::vector<BegunRun> runs;
    runs.reserve(entries.size());
    for (const RunEntry &entry : entries)
        runs.push_back({entry.folder.filename().string(), entry.started});
    std::map<std::string, std::size_t> ranks;
    for (const std::string &name : namesByBegin(std::move(runs)))
        ranks.emplace(name, ranks.size());
    std::sort(entries.begin(), entries.end(), [&](const RunEntry &a, const RunEntry &b) {
        return ranks[a.folder.filename().string()] < ranks[b.folder.filename().string()];
    });
}

} // namespace

/// The SQLite file. Whatever goes wrong with it, it only knows less.
class RunIndex::Cache
{
public:
    explicit Cache(const fs::path &file)
    {
        if (!open(file)) { // damaged, say: it is made anew
            close();
            (void)platform::removeFile(file);
            if (!open(file))
                close();
        }
    }
    ~Cache() { close(); }
    Cache(const Cache &) = delete;
    Cache &operator=(const Cache &) = delete;

    struct Known
    {
        std::string signature;
        std::string text;
    };

    /// All of a folder, by name.
    std::map<std::string, Known> read(const std::string &folder) const
    {
        std::map<std::string, Known> known;
        const Statement statement(m_database, "SELECT name, signature, entry FROM runs WHERE folder = ?1");
        statement.bind(1, folder);
        while (statement.step() == SQLITE_ROW)
            known[statement.text(0)] = {statement.text(1), statement.text(2)};
        return known;
    }

    struct Change
    {
        std::string name;
        std::optional<Known> known; ///< none: the run is gone
    };

    void write(const std::string &folder, const std::vector<Change> &changes)
    {
        if (changes.empty() || !run("BEGIN IMMEDIATE"))
            return;
        for (const auto &[name, known] : changes) {
            const Statement statement(m_database, known
                                                      ? "INSERT OR REPLACE INTO runs VALUES (?1, ?2, ?3, ?4)"
                                                      : "DELETE FROM runs WHERE folder = ?1 AND name = ?2");
            statement.bind(1, folder);
            statement.bind(2, name);
            if (known) {
                statement.bind(3, known->signature);
                statement.bind(4, known->text);
            }
            if (statement.step() != SQLITE_DONE) { // no room, say
                (void)run("ROLLBACK");
                return;
            }
        }
        (void)run("COMMIT");
    }

private:
    /// Texts that are bound outlive it.
    class Statement
    {
    public:
        Statement(sqlite3 *database, const char *sql)
        {
            if (database)
                sqlite3_prepare_v2(database, sql, -1, &m_statement, nullptr);
        }
        ~Statement() { sqlite3_finalize(m_statement); }
        Statement(const Statement &) = delete;
        Statement &operator=(const Statement &) = delete;

        void bind(int place, const std::string &text) const
        {
            if (m_statement)
                sqlite3_bind_text(m_statement, place, text.data(), static_cast<int>(text.size()), nullptr);
        }
        int step() const { return m_statement ? sqlite3_step(m_statement) : SQLITE_ERROR; }
        std::string text(int column) const
        {
            const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
            return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
        }

    private:
        sqlite3_stmt *m_statement = nullptr;
    };

    bool open(const fs::path &file)
    {
        return sqlite3_open_v2(file.c_str(), &m_database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr)
                   == SQLITE_OK
               && sqlite3_busy_timeout(m_database, patience) == SQLITE_OK
               && run("CREATE TABLE IF NOT EXISTS runs (folder TEXT, name TEXT, signature TEXT, entry TEXT, "
                      "PRIMARY KEY (folder, name)) WITHOUT ROWID")
               && Statement(m_database, "SELECT folder, name, signature, entry FROM runs LIMIT 1").step()
                      != SQLITE_ERROR
               && run("PRAGMA synchronous = OFF"); // it may be thrown away
    }
    void close() { sqlite3_close(std::exchange(m_database, nullptr)); }
    bool run(const char *sql)
    {
        return m_database && sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    }

    sqlite3 *m_database = nullptr;
};

/// What was known of the runs when they were last looked at.
struct RunIndex::Known
{
    std::map<std::string, const RunEntry *> entries; ///< by name
    std::map<std::string, Cache::Known> cached;      ///< by name
};

RunIndex::RunIndex(fs::path runs, fs::path cache)
    : m_runs(std::move(runs)), m_cache(std::make_unique<Cache>(cache))
{}

RunIndex::~RunIndex() = default;

fs::path RunIndex::standardCache()
{
    return platform::homeFolder() / "library.sqlite";
}

/// As known from before or from the cache, if nothing has changed, else as its files say: then `changed`.
RunEntry RunIndex::entryOf(const fs::path &folder, const std::string &signature, const Known &known,
                           bool &changed)
{
    const std::string name = folder.filename().string();
    if (const auto found = known.entries.find(name);
        found != known.entries.end() && m_signatures[name] == signature)
    {
        RunEntry entry = *found->second;
        lookWhetherItTrains(entry);
        return entry;
    }
    if (const auto found = known.cached.find(name);
        found != known.cached.end() && found->second.signature == signature)
        if (auto entry = readEntryText(found->second.text)) {
            entry->folder = folder;
            lookWhetherItTrains(*entry);
            return std::move(*entry);
        }
    changed = true;
    ++m_readLast;
    return readRunEntry(folder);
}

bool RunIndex::refresh()
{
    const std::string folder = m_runs.string();
    const std::vector<RunEntry> before = std::exchange(m_entries, {});
    Known known;
    for (const RunEntry &entry : before)
        known.entries.emplace(entry.folder.filename().string(), &entry);
    if (before.empty())
        known.cached = m_cache->read(folder);
    std::vector<Cache::Change> changes;
    std::map<std::string, std::string> signatures;
    m_readLast = 0;
    std::error_code error;
    for (fs::directory_iterator place(m_runs, error), end; !error && place != end; place.increment(error)) {
        const std::string name = place->path().filename().string();
        std::string signature = name.starts_with('.') ? std::string() : signatureOf(place->path());
        if (signature.empty())
            continue;
        bool changed = false;
        m_entries.push_back(entryOf(place->path(), signature, known, changed));
        if (changed)
            changes.push_back({name, Cache::Known{signature, entryText(m_entries.back())}});
        signatures.emplace(name, std::move(signature));
    }
    const auto forget = [&](const auto &before) {
        for (const auto &[name, what] : before)
            if (!signatures.contains(name))
                changes.push_back({name, std::nullopt});
    };
    forget(m_signatures);
    forget(known.cached);
    m_signatures = std::move(signatures);
    m_cache->write(folder, changes);
    putInOrder(m_entries);
    return m_entries != before;
}

} // namespace losslab
