#include "recordeddisk.h"

#include "filefixtures.h"

#include <algorithm>

namespace losslab::test {

namespace fs = std::filesystem;
using Kind = platform::FileCall::Kind;

namespace {

/// What a disk writes at once or not at all.
constexpr std::size_t sector = 512;

bool oneIn(int count, std::mt19937_64 &random)
{
    return random() % static_cast<std::uint64_t>(count) == 0;
}

} // namespace

DiskRecorder::DiskRecorder(fs::path root) : m_root(std::move(root))
{
    std::error_code none;
    for (fs::recursive_directory_iterator entry(m_root, none), end; !none && entry != end; ++entry) {
        const fs::path &path = entry->path();
        if (entry->is_directory()) {
            m_steps.push_back({Kind::MakeFolder, path, {}, -1, {}, 0});
        } else {
            const int file = m_names[path] = ++m_files;
            m_steps.push_back({Kind::Open, path, {}, file, {}, 0});
            m_steps.push_back({Kind::Write, {}, {}, file, read(path), 0});
            m_steps.push_back({Kind::Sync, {}, {}, file, {}, 0});
        }
        m_steps.push_back({Kind::SyncFolder, path.parent_path(), {}, -1, {}, 0});
    }
}

bool DiskRecorder::isBeneath(const fs::path &path) const
{
    return path.native().starts_with(m_root.native());
}

long DiskRecorder::answer(platform::FileCall &call, const std::function<long()> &make)
{
    const long result = make();
    if (result >= 0)
        note(call, result);
    return result;
}

void DiskRecorder::noteOpened(const platform::FileCall &call, int descriptor)
{
    m_open.erase(descriptor);
    if (!isBeneath(call.path))
        return;
    const auto known = call.kind == Kind::Open ? m_names.find(call.path) : m_names.end();
    const int file = known == m_names.end() ? ++m_files : known->second;
    m_open[descriptor] = file;
    if (known != m_names.end())
        return;
    m_steps.push_back({call.kind, call.path, {}, file, {}, 0});
    if (call.kind == Kind::Open)
        m_names[call.path] = file;
}

void DiskRecorder::note(const platform::FileCall &call, long result)
{
    if (call.kind == Kind::Open || call.kind == Kind::OpenNameless)
        return noteOpened(call, static_cast<int>(result));
    const auto open = m_open.find(call.file);
    if (call.file >= 0 ? open == m_open.end() : !isBeneath(call.path))
        return;
    DiskStep step{call.kind, call.path, call.to, call.file >= 0 ? open->second : -1, {}, call.length};
    if (call.kind == Kind::Write)
        step.data = call.data.substr(0, static_cast<std::size_t>(result));
    if (call.kind == Kind::Link)
        m_names[call.path] = step.file;
    if (call.kind == Kind::Rename) {
        m_names[call.to] = step.file = m_names[call.path];
        m_names.erase(call.path);
    }
    if (call.kind == Kind::Remove)
        m_names.erase(call.path);
    m_steps.push_back(std::move(step));
}

void ModelDisk::apply(const Naming &naming, Names &names)
{
    if (!naming.gone.empty())
        names.erase(naming.gone);
    if (!naming.name.empty())
        names[naming.name] = naming.file;
}

void ModelDisk::name(const Naming &naming)
{
    const fs::path &path = naming.name.empty() ? naming.gone : naming.name;
    m_folders[path.parent_path()].since.push_back(naming);
}

void ModelDisk::apply(const DiskStep &step)
{
    switch (step.kind) {
    case Kind::Open:
    case Kind::Link:
        return name({step.path, {}, step.file});
    case Kind::OpenNameless:
        m_files[step.file];
        return;
    case Kind::Rename:
        return name({step.to, step.path, step.file});
    case Kind::MakeFolder:
        return name({step.path, {}, isFolder});
    case Kind::Remove:
    case Kind::RemoveFolder:
        return name({{}, step.path, isFolder});
    case Kind::Write: {
        File &file = m_files[step.file];
        file.since.push_back({false, file.length, step.data});
        file.length += step.data.size();
        return;
    }
    case Kind::Cut: {
        File &file = m_files[step.file];
        file.since.push_back({true, file.length = step.length, {}});
        return;
    }
    case Kind::Sync: {
        File &file = m_files[step.file];
        for (const Change &change : file.since) {
            file.synced.resize(change.offset);
            file.synced += change.data;
        }
        file.since.clear();
        return;
    }
    case Kind::SyncFolder: {
        Folder &folder = m_folders[step.path];
        for (const Naming &naming : folder.since)
            apply(naming, folder.synced);
        folder.since.clear();
        return;
    }
    }
}

std::optional<std::vector<std::string>> ModelDisk::certain(const fs::path &path) const
{
    for (fs::path folder = path.parent_path(); folder != m_root; folder = folder.parent_path()) {
        const auto above = m_folders.find(folder.parent_path());
        if (above == m_folders.end() || !above->second.synced.contains(folder))
            return std::nullopt;
    }
    const auto folder = m_folders.find(path.parent_path());
    if (folder == m_folders.end() || !folder->second.synced.contains(path))
        return std::nullopt;
    std::vector<int> files{folder->second.synced.at(path)};
    for (const Naming &naming : folder->second.since) {
        if (naming.gone == path)
            return std::nullopt;
        if (naming.name == path)
            files.push_back(naming.file);
    }
    std::vector<std::string> contents;
    for (const int file : files) {
        const auto found = m_files.find(file);
        contents.push_back(found == m_files.end() ? std::string() : found->second.synced);
    }
    return contents;
}

/// Of what came since it was synced: each change or none of it, of a write some sectors, of the length a
/// part.
std::string ModelDisk::contentAfter(const File &file, std::mt19937_64 &random) const
{
    std::string content = file.synced;
    const bool all = oneIn(4, random), none = !all && oneIn(3, random), torn = oneIn(2, random);
    for (const Change &change : file.since) {
        if (none || (!all && oneIn(3, random)))
            continue;
        if (change.isCut) {
            content.resize(std::min<std::size_t>(content.size(), change.offset));
            continue;
        }
        content.resize(std::max<std::size_t>(content.size(), change.offset + change.data.size()));
        for (std::size_t i = 0; i < change.data.size();) {
            const std::size_t place = change.offset + i;
            const std::size_t count = std::min(sector - place % sector, change.data.size() - i);
            if (all || !torn || !oneIn(3, random))
                content.replace(place, count, change.data, i, count);
            i += count;
        }
    }
    if (torn && content.size() > file.synced.size())
        content.resize(file.synced.size() + random() % (content.size() - file.synced.size() + 1));
    return content;
}

void ModelDisk::collect(const fs::path &path, std::mt19937_64 &random, Files &files) const
{
    const auto folder = m_folders.find(path);
    if (folder == m_folders.end())
        return;
    Names names = folder->second.synced;
    const bool all = oneIn(3, random), none = !all && oneIn(3, random);
    for (const Naming &naming : folder->second.since)
        if (all || (!none && oneIn(2, random)))
            apply(naming, names);
    for (const auto &[name, file] : names) {
        const fs::path relative = name.lexically_relative(m_root);
        const auto found = m_files.find(file);
        if (file == isFolder) {
            files[relative / ""];
            collect(name, random, files);
        } else {
            files[relative] = found == m_files.end() ? std::string() : contentAfter(found->second, random);
        }
    }
}

ModelDisk::Files ModelDisk::afterPowerLoss(std::mt19937_64 &random) const
{
    Files files;
    collect(m_root, random, files);
    return files;
}

} // namespace losslab::test
