#include "base/plaintext.h"
#include "damaged/damaged.h"
#include "filefixtures.h"

#include <QTest>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <sys/stat.h>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace losslab::test {

DamagedFiles::DamagedFiles(std::vector<Damaged> &all, std::string kind, std::string name, Reader reader)
    : m_all(all), m_kind(std::move(kind)), m_name(std::move(name)), m_reader(std::move(reader))
{}

void DamagedFiles::add(const std::string &how, const std::string &content)
{
    make(how, [content](const fs::path &file) { write(file, content); });
}

void DamagedFiles::make(const std::string &how, const std::function<void(const fs::path &)> &maker)
{
    m_all.push_back({m_kind, how, m_name, [maker, reader = m_reader, name = m_name](const fs::path &folder) {
                         const fs::path file = folder / (name.empty() ? "file" : name);
                         maker(file);
                         return reader(file);
                     }});
}

void DamagedFiles::addOtherThanFiles()
{
    make("not there", [](const fs::path &) {});
    make("a folder", [](const fs::path &file) { fs::create_directory(file); });
    make("a pipe", [](const fs::path &file) { ::mkfifo(file.c_str(), 0600); });
}

void addTyped(std::vector<Damaged> &all, const std::string &kind,
              const std::function<std::optional<Error>(const std::string &)> &reader,
              const std::vector<std::pair<std::string, std::string>> &texts)
{
    for (const auto &[how, text] : texts)
        all.push_back({kind, how, "", [reader, text = text](const fs::path &) { return reader(text); }});
}

} // namespace losslab::test

namespace {

const std::vector<Damaged> &allDamaged()
{
    static const std::vector<Damaged> all = [] {
        std::vector<Damaged> made;
        for (const auto &add : {addDataFiles, addModels, addLists, addTexts, addRuns})
            add(made);
        return made;
    }();
    return all;
}

std::vector<std::string> cellsOf(const std::string &line)
{
    std::vector<std::string> cells;
    std::istringstream parts(line);
    std::string cell;
    std::getline(parts, cell, '|'); // before the first
    while (std::getline(parts, cell, '|')) {
        const std::size_t first = cell.find_first_not_of(' ');
        cells.push_back(
            first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(' ') + 1 - first));
    }
    return cells;
}

using Table = std::map<std::pair<std::string, std::string>, std::string>;

/// messages.md: the words by kind and damage.
Table readTable()
{
    Table table;
    std::istringstream lines(read(fs::path(LOSSLAB_DAMAGED) / "messages.md"));
    for (std::string line; std::getline(lines, line);)
        if (const auto cells = cellsOf(line); cells.size() == 3 && !cells[2].starts_with("---"))
            table[{cells[0], cells[1]}] = cells[2];
    table.erase({"kind", "damage"});
    return table;
}

/// Whether the parts, between which "…" stands for anything, are in the message in their order.
bool holds(const std::string &message, const std::string &words)
{
    const std::string gap = " … ";
    std::size_t at = 0;
    for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + gap.size()) {
        end = words.find(gap, begin);
        const std::string part = words.substr(begin, end - begin);
        at = message.find(part, at);
        if (at == std::string::npos)
            return false;
        at += part.size();
    }
    return true;
}

} // namespace

/// Every damaged input gets the words that messages.md says it gets.
class TestDamaged : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTableIsThatOfTheInputs()
    {
        Table table = readTable();
        for (const Damaged &damaged : allDamaged())
            if (table.erase({damaged.kind, damaged.how}) != 1)
                QFAIL(fmt::format("Not in the table, or twice: {}, {}", damaged.kind, damaged.how).c_str());
        for (const auto &[row, words] : table)
            QFAIL(fmt::format("There is no such input: {}, {}", row.first, row.second).c_str());
        QVERIFY(allDamaged().size() >= 150);
    }

    void eachGetsItsMessage_data()
    {
        QTest::addColumn<int>("number");
        for (std::size_t i = 0; i < allDamaged().size(); ++i)
            QTest::newRow((allDamaged()[i].kind + ": " + allDamaged()[i].how).c_str()) << static_cast<int>(i);
    }
    void eachGetsItsMessage()
    {
        QFETCH(int, number);
        const Damaged &damaged = allDamaged()[static_cast<std::size_t>(number)];
        const TemporaryFolder folder;
        const std::optional<Error> error = damaged.read(folder.path());
        QVERIFY2(error, "It was taken.");
        const std::string &message = error->message;
        if (qEnvironmentVariableIsSet("LOSSLAB_SHOW_MESSAGES"))
            fmt::print("| {} | {} | {} |\n", damaged.kind, damaged.how, plainText(message, true));
        QVERIFY2(error->kind == ErrorKind::Data || error->kind == ErrorKind::Usage, message.c_str());
        QVERIFY2(message.ends_with('.') || message.ends_with('?'), message.c_str());
        QVERIFY2(message.size() < 3000, message.substr(0, 3000).c_str());
        QVERIFY2(damaged.name.empty() || isPlain(message), message.c_str());
        QVERIFY2(message.find(damaged.name) != std::string::npos, message.c_str());
        const Table table = readTable();
        const auto row = table.find({damaged.kind, damaged.how});
        QVERIFY(row != table.end());
        QVERIFY2(holds(message, row->second), message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestDamaged)
#include "test_damaged.moc"
