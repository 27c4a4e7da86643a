#include "archives.h"
#include "base/sha256.h"
#include "data/datafiles.h"
#include "data/download.h"
#include "filefixtures.h"
#include "httpsserver.h"

#include <QTest>
#include <atomic>
#include <future>
#include <utility>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

/// The files of a set, by name.
using Files = std::map<std::string, std::string>;

std::string largestFile()
{
    return std::string(dataFileNames[2]) + ".gz";
}

/// Bytes that look like nothing.
Files fewBytes()
{
    Files files;
    unsigned state = 1;
    for (const std::string_view name : dataFileNames) {
        std::string &content = files[std::string(name) + ".gz"];
        for (int i = 0; i < (name == dataFileNames[2] ? 200000 : 5000); ++i)
            content += static_cast<char>((state = state * 1103515245u + 12345u) >> 16);
    }
    return files;
}

CatalogueEntry entryOf(const Files &files, const std::vector<std::string> &urls)
{
    CatalogueEntry entry;
    entry.id = "tiny";
    entry.title = "Tiny";
    entry.about = "Few bytes.";
    entry.licence = "MIT";
    entry.source = "https://example.org/tiny";
    entry.cite = "Somebody, 2026";
    entry.urls = urls;
    for (const auto &[name, content] : files)
        entry.files.push_back({name, content.size(), sha256(content)});
    return entry;
}

HttpsServer::Handler serving(const Files &files)
{
    return [files](Exchange &exchange) { exchange.replyFile(files.at(exchange.path.substr(1))); };
}

/// Serves all files but the largest, which `special` answers.
HttpsServer::Handler serving(const Files &files, const HttpsServer::Handler &special)
{
    return [usual = serving(files), special](Exchange &exchange) {
        (exchange.path == "/" + largestFile() ? special : usual)(exchange);
    };
}

/// A reply's head that promises the whole file.
std::string wholeHead(const std::string &content)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(content.size()) + "\r\n\r\n";
}

void writePart(const fs::path &folder, const std::string &bytes)
{
    fs::create_directories(folder / ".tiny.partial");
    write(folder / ".tiny.partial" / (largestFile() + ".part"), bytes);
}

/// The set as an archive that has its files under other names in a folder, and more.
struct Packed
{
    CatalogueEntry entry;
    std::string archive;
};

Packed packed(const Files &files, const std::string &url, Packing packing)
{
    const TemporaryFolder folder;
    Members members{{"gzip/of-another-set.gz", "not needed"}, {"../../escaped", "nor this"}};
    CatalogueFile file;
    for (const auto &[name, content] : files) {
        members.emplace_back("../gzip/their-" + name, content);
        file.members.push_back({"their-" + name, name});
        file.unpacked += content.size();
    }
    pack(folder / "all", members, packing);
    Packed result{entryOf({}, {url}), read(folder / "all")};
    file.name = "all.archive";
    file.size = result.archive.size();
    file.sha256 = sha256(result.archive);
    result.entry.files = {file};
    return result;
}

#define VERIFY_INSTALLED(folder, files)                                                                      \
    do {                                                                                                     \
        for (const auto &[name, content] : (files))                                                          \
            QVERIFY2(read((folder) / "tiny" / name) == content, name.c_str());                               \
        QVERIFY(!fs::exists((folder) / ".tiny.partial"));                                                    \
    } while (false)

} // namespace

class TestDownload : public QObject
{
    Q_OBJECT

private:
    const Files m_files = fewBytes();
    const std::string m_large = m_files.at(largestFile());

private Q_SLOTS:
    void allFourAreInstalledWithTheirCheckSums()
    {
        const TemporaryFolder folder;
        HttpsServer server(serving(m_files));
        const CatalogueEntry entry = entryOf(m_files, {server.url()});
        std::vector<std::uint64_t> received;
        DownloadOptions options{folder.path()};
        options.progress = [&](const DownloadProgress &progress) {
            received.push_back(progress.received);
            QCOMPARE(progress.total, entry.bytes());
            QVERIFY(!fs::exists(folder / "tiny"));
        };
        const auto place = downloadDataset(entry, options);
        VERIFY_RESULT(place);
        QCOMPARE(*place, folder / "tiny");
        VERIFY_INSTALLED(folder, m_files);
        QVERIFY(std::is_sorted(received.begin(), received.end()));
        QCOMPARE(received.back(), entry.bytes());
        QCOMPARE(read(*place / "SHA256SUMS").substr(0, 64), entry.files[0].sha256);
        QVERIFY(read(*place / "README.md").find("Licence: MIT") != std::string::npos);

        VERIFY_RESULT(downloadDataset(entry, {folder.path()}));
        QCOMPARE(server.requests("/" + largestFile()), 1);
    }

    void aConnectionThatBreaksOffIsTakenUpAgain()
    {
        const TemporaryFolder folder;
        std::vector<std::size_t> starts;
        HttpsServer server(serving(m_files, [&](Exchange &exchange) {
            starts.push_back(exchange.rangeStart());
            if (starts.size() == 1)
                exchange.send(wholeHead(m_large) + m_large.substr(0, 70000));
            else
                exchange.replyFile(m_large);
        }));
        VERIFY_RESULT(downloadDataset(entryOf(m_files, {server.url()}), {folder.path()}));
        VERIFY_INSTALLED(folder, m_files);
        QCOMPARE(starts, (std::vector<std::size_t>{0, 70000}));
    }

    void aPartOfAnEarlierTryIsGoneOnWith_data()
    {
        QTest::addColumn<QByteArray>("part");
        QTest::addColumn<bool>("ranges");
        QTest::addColumn<int>("requests");
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        const std::string other(1000, 'x');
        QTest::newRow("the beginning") << bytes(m_large.substr(0, 1000)) << true << 1;
        QTest::newRow("all") << bytes(m_large) << true << 0;
        QTest::newRow("a server without ranges") << bytes(m_large.substr(0, 1000)) << false << 1;
        QTest::newRow("of another file") << bytes(other) << true << 2;
        QTest::newRow("of another file, no ranges") << bytes(other) << false << 1;
        QTest::newRow("as long, but another") << bytes(std::string(m_large.size(), 'x')) << true << 1;
        QTest::newRow("too long") << bytes(m_large + other) << true << 1;
    }

    /// Whatever a server says to the question for the rest: the file comes whole, or not at all.
    void anAnswerThatIsNotTheRestBeginsAnew_data()
    {
        QTest::addColumn<QByteArray>("reply");
        const auto row = [](const char *name, const std::string &reply) {
            QTest::newRow(name) << QByteArray::fromStdString(reply);
        };
        const std::string rest = m_large.substr(1000), size = std::to_string(m_large.size());
        const auto partial = [](const std::string &range, const std::string &body) {
            return "HTTP/1.1 206 Partial Content\r\nContent-Range: " + range
                   + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        };
        row("no such range", "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n");
        row("another range", partial("bytes 0-999/" + size, m_large.substr(0, 1000)));
        row("of a file of another size", partial("bytes 1000-1999/2000", rest.substr(0, 1000)));
        row("of a file of any size", partial("bytes 1000-199999/*", rest));
        row("without a word where it begins", "HTTP/1.1 206 Partial Content\r\nContent-Length: "
                                                  + std::to_string(rest.size()) + "\r\n\r\n" + rest);
        row("other bytes", partial("bytes 1000-199999/" + size, std::string(rest.size(), 'x')));
    }

    void anAnswerThatIsNotTheRestBeginsAnew()
    {
        QFETCH(QByteArray, reply);
        const TemporaryFolder folder;
        writePart(folder.path(), m_large.substr(0, 1000));
        std::vector<std::size_t> starts;
        HttpsServer server(serving(m_files, [&](Exchange &exchange) {
            starts.push_back(exchange.rangeStart());
            starts.size() == 1 ? exchange.send(reply.toStdString()) : exchange.replyFile(m_large);
        }));
        VERIFY_RESULT(downloadDataset(entryOf(m_files, {server.url()}), {folder.path()}));
        VERIFY_INSTALLED(folder, m_files);
        QCOMPARE(starts, (std::vector<std::size_t>{1000, 0}));
    }

    void aPartOfAnEarlierTryIsGoneOnWith()
    {
        QFETCH(QByteArray, part);
        QFETCH(bool, ranges);
        QFETCH(int, requests);
        const TemporaryFolder folder;
        writePart(folder.path(), part.toStdString());
        HttpsServer server(serving(m_files, [&](Exchange &exchange) {
            ranges ? exchange.replyFile(m_large) : exchange.reply("200 OK", m_large);
        }));
        VERIFY_RESULT(downloadDataset(entryOf(m_files, {server.url()}), {folder.path()}));
        VERIFY_INSTALLED(folder, m_files);
        QCOMPARE(server.requests("/" + largestFile()), requests);
    }

    void theNextAddressIsTriedWhereOneFails()
    {
        const TemporaryFolder folder;
        HttpsServer server([&](Exchange &exchange) {
            const bool good = exchange.path.starts_with("/good/");
            good ? exchange.replyFile(m_files.at(exchange.path.substr(6)))
                 : exchange.reply("404 Not Found", "none");
        });
        VERIFY_RESULT(downloadDataset(entryOf(m_files, {server.url() + "bad/", server.url() + "good/"}),
                                      {folder.path()}));
        VERIFY_INSTALLED(folder, m_files);
    }

    void redirectionsAreFollowedOverHttpsAlone()
    {
        const TemporaryFolder folder;
        std::string target;
        HttpsServer server([&](Exchange &exchange) {
            if (exchange.path == "/" + largestFile())
                exchange.reply("302 Found", "elsewhere", "Location: " + target + "\r\n");
            else if (exchange.path == "/elsewhere")
                exchange.replyFile(m_large);
            else
                exchange.replyFile(m_files.at(exchange.path.substr(1)));
        });
        const CatalogueEntry entry = entryOf(m_files, {server.url()});
        target = "http" + server.url().substr(5) + "elsewhere";
        VERIFY_DATA_ERROR(downloadDataset(entry, {folder.path()}), "redirects to an address without https");
        QCOMPARE(server.requests("/elsewhere"), 0);
        target = server.url() + "elsewhere";
        VERIFY_RESULT(downloadDataset(entry, {folder.path()}));
        VERIFY_INSTALLED(folder, m_files);
    }

    void noRedirectionLeadsElsewhere_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("a file") << QByteArray("file:///etc/passwd") << QByteArray("without https");
        QTest::newRow("another protocol") << QByteArray("ftp://127.0.0.1/") << QByteArray("without https");
        QTest::newRow("to itself") << QByteArray() << QByteArray("redirects in circles");
    }

    void noRedirectionLeadsElsewhere()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, words);
        const TemporaryFolder folder;
        HttpsServer server([&](Exchange &exchange) {
            const std::string to = target.isEmpty() ? exchange.path : target.toStdString();
            exchange.reply("302 Found", "elsewhere", "Location: " + to + "\r\n");
        });
        VERIFY_DATA_ERROR(downloadDataset(entryOf(m_files, {server.url()}), {folder.path()}),
                          words.toStdString());
        QVERIFY(!fs::exists(folder / "tiny"));
        QVERIFY(!fs::exists(folder / ".tiny.partial"));
    }

    void aHeadWithoutEndIsGivenUp()
    {
        const TemporaryFolder folder;
        std::atomic<std::size_t> sent = 0;
        HttpsServer server([&](Exchange &exchange) {
            exchange.send("HTTP/1.1 200 OK\r\n");
            for (const std::string line = "X-More: " + std::string(1000, 'x') + "\r\n"; exchange.send(line);)
                sent += line.size();
        });
        VERIFY_DATA_ERROR(downloadDataset(entryOf(m_files, {server.url()}), {folder.path()}),
                          "does not come to the file");
        QVERIFY(!fs::exists(folder / "tiny"));
        QVERIFY(sent < std::size_t{50} << 20);
    }

    void aReplyThatIsNotTheFileInstallsNothing_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char *name, const std::string &reply, const char *words) {
            QTest::newRow(name) << QByteArray::fromStdString(reply) << QByteArray(words);
        };
        const std::string size = std::to_string(m_large.size());
        std::string changed = m_large;
        changed[100] ^= 1;
        row("one bit", wholeHead(changed) + changed, "has not the check sum");
        row("not there", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone", "does not have the file");
        row("no body", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "status 403");
        row("empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "has 0 bytes");
        row("a page to sign in",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", "sign in first");
        row("of another size", "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + std::string(300000, 'x'),
            "has 300000 bytes, not 200000");
        row("more than was said", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + m_large + "x",
            "more than the 200000 bytes");
        row("a range nobody asked for",
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-6/7\r\nContent-Length: 2\r\n\r\nab",
            "status 206");
        row("no words", "", "without an answer");
    }

    void aReplyThatIsNotTheFileInstallsNothing()
    {
        QFETCH(QByteArray, reply);
        QFETCH(QByteArray, words);
        const TemporaryFolder folder;
        HttpsServer server(serving(m_files, [&](Exchange &exchange) { exchange.send(reply.toStdString()); }));
        const auto place = downloadDataset(entryOf(m_files, {server.url()}), {folder.path()});
        VERIFY_DATA_ERROR(place, words.toStdString());
        VERIFY_DATA_ERROR(place, "Tiny could not be downloaded");
        VERIFY_DATA_ERROR(place, (folder / "tiny").string());
        QVERIFY(!fs::exists(folder / "tiny"));
        QVERIFY(!fs::exists(folder / ".tiny.partial" / largestFile()));
    }

    void whatIsWrongFromTheFirstFileOnLeavesNothingAtAll()
    {
        const TemporaryFolder folder;
        HttpsServer server([](Exchange &exchange) { exchange.reply("200 OK", std::string(5000, 'x')); });
        VERIFY_DATA_ERROR(downloadDataset(entryOf(m_files, {server.url()}), {folder.path()}), "check sum");
        QVERIFY(!fs::exists(folder / "tiny"));
        QVERIFY(!fs::exists(folder / ".tiny.partial"));
    }

    void aServerThatStopsSendingIsGivenUp()
    {
        const TemporaryFolder folder;
        HttpsServer server(serving(m_files, [&](Exchange &exchange) {
            if (exchange.rangeStart() == 0)
                exchange.send(wholeHead(m_large) + m_large.substr(0, 50000));
            exchange.waitForTheEnd();
        }));
        DownloadOptions options{folder.path()};
        options.limits.stall = std::chrono::seconds(1);
        VERIFY_DATA_ERROR(downloadDataset(entryOf(m_files, {server.url()}), options), "does not answer");
        QCOMPARE(read(folder / ".tiny.partial" / (largestFile() + ".part")), m_large.substr(0, 50000));
    }

    void whereNobodyListensTheWayOnIsTold()
    {
        const TemporaryFolder folder;
        std::string gone;
        {
            const HttpsServer server(serving(m_files));
            gone = server.url();
        }
        CatalogueEntry entry = entryOf(m_files, {gone});
        entry.package = CataloguePackage{"dataset-tiny", "/usr/share/tiny"};
        const auto place = downloadDataset(entry, {folder.path()});
        for (const std::string &words : {std::string("no connection can be made to the server ("), gone,
                                         std::string("apt install dataset-tiny"), (folder / "tiny").string()})
            VERIFY_DATA_ERROR(place, words);
        QVERIFY(!fs::exists(folder / ".tiny.partial"));
    }

    void aCertificateThatNobodyKnowsIsRefused()
    {
        const TemporaryFolder folder;
        HttpsServer server(serving(m_files));
        const QByteArray known = qgetenv("SSL_CERT_FILE");
        qunsetenv("SSL_CERT_FILE");
        const auto place = downloadDataset(entryOf(m_files, {server.url()}), {folder.path()});
        qputenv("SSL_CERT_FILE", known);
        VERIFY_DATA_ERROR(place, "certificate cannot be trusted");
    }

    void aStopIsHeardAndLosesNothing()
    {
        const TemporaryFolder folder;
        std::atomic<bool> stopped = false;
        HttpsServer server(serving(m_files, [&](Exchange &exchange) {
            exchange.send(wholeHead(m_large) + m_large.substr(0, 50000));
            exchange.waitForTheEnd();
        }));
        const CatalogueEntry entry = entryOf(m_files, {server.url()});
        DownloadOptions options{folder.path()};
        options.progress = [&](const DownloadProgress &progress) { stopped = progress.received > 50000; };
        options.isStopped = [&] { return stopped.load(); };
        VERIFY_DATA_ERROR(downloadDataset(entry, options), "was stopped");
        QVERIFY(!fs::exists(folder / "tiny"));

        HttpsServer again(serving(m_files));
        VERIFY_RESULT(downloadDataset(entryOf(m_files, {again.url()}), {folder.path()}));
        VERIFY_INSTALLED(folder, m_files);
        QCOMPARE(again.requests("/" + m_files.begin()->first), 0);
    }

    void aSecondProgramWaitsForTheFirst()
    {
        const TemporaryFolder folder;
        std::promise<void> began, waits;
        HttpsServer server(serving(m_files, [&](Exchange &exchange) {
            began.set_value();
            waits.get_future().wait();
            exchange.replyFile(m_large);
        }));
        const CatalogueEntry entry = entryOf(m_files, {server.url()});
        auto first = std::async(std::launch::async, [&] { return downloadDataset(entry, {folder.path()}); });
        began.get_future().wait();
        DownloadOptions options{folder.path()};
        options.progress = [&, told = false](const DownloadProgress &progress) mutable {
            if (progress.waiting && !std::exchange(told, true))
                waits.set_value();
        };
        VERIFY_RESULT(downloadDataset(entry, options));
        VERIFY_RESULT(first.get());
        VERIFY_INSTALLED(folder, m_files);
        QCOMPARE(server.requests("/" + largestFile()), 1);
    }

    void aFullDiskIsToldInWords()
    {
        const TemporaryFolder folder;
        HttpsServer server(serving(m_files));
        const CatalogueEntry entry = entryOf(m_files, {server.url()});
        {
            const FullDisk full(100000);
            VERIFY_DATA_ERROR(downloadDataset(entry, {folder.path()}), "There is no more room");
        }
        QVERIFY(!fs::exists(folder / "tiny"));
        VERIFY_RESULT(downloadDataset(entry, {folder.path()}));
        VERIFY_INSTALLED(folder, m_files);
    }

    void moreThanTheDiskHasIsNotBegun()
    {
        const TemporaryFolder folder;
        HttpsServer server(serving(m_files));
        CatalogueEntry entry = entryOf(m_files, {server.url()});
        entry.files[0].size = std::uint64_t{1} << 60;
        VERIFY_DATA_ERROR(downloadDataset(entry, {folder.path()}), "There is no room for Tiny");
        QCOMPARE(server.requests("/" + m_files.begin()->first), 0);
    }

    /// Names in an archive lead nowhere: its files lie under those of the catalogue, and nothing else comes.
    void ofAnArchiveWhatIsNeededIsKept_data()
    {
        QTest::addColumn<int>("packing");
        QTest::newRow("zip") << static_cast<int>(Packing::Zip);
        QTest::newRow("tar.gz") << static_cast<int>(Packing::TarGz);
    }
    void ofAnArchiveWhatIsNeededIsKept()
    {
        QFETCH(int, packing);
        const TemporaryFolder folder;
        Files served;
        HttpsServer server([&](Exchange &exchange) { exchange.replyFile(served.begin()->second); });
        const Packed set = packed(m_files, server.url(), static_cast<Packing>(packing));
        served = {{"all.archive", set.archive}};
        bool unpacking = false;
        DownloadOptions options{folder / "sets"};
        options.progress = [&](const DownloadProgress &progress) { unpacking |= progress.unpacking; };
        VERIFY_RESULT(downloadDataset(set.entry, options));
        VERIFY_INSTALLED(folder / "sets", m_files);
        QVERIFY(unpacking);
        std::vector<std::string> there;
        for (const auto &entry : fs::directory_iterator(folder / "sets" / "tiny"))
            there.push_back(entry.path().filename().string());
        QCOMPARE(there.size(), m_files.size() + 2); // SHA256SUMS and README.md
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
        const std::string sums = read(folder / "sets" / "tiny" / "SHA256SUMS");
        for (const auto &[name, content] : m_files)
            QVERIFY(sums.find(sha256(content) + "  " + name) != std::string::npos);
    }

    void anArchiveThatHoldsMoreThanToldIsRefused()
    {
        const TemporaryFolder folder;
        Files served;
        HttpsServer server([&](Exchange &exchange) { exchange.replyFile(served.begin()->second); });
        Packed set = packed(m_files, server.url(), Packing::Zip);
        served = {{"all.archive", set.archive}};
        set.entry.files[0].unpacked -= 1;
        VERIFY_DATA_ERROR(downloadDataset(set.entry, {folder.path()}), "holds more than");
        QVERIFY(!fs::exists(folder / "tiny"));
    }

    void anArchiveWithoutAllItsFilesIsNoSet()
    {
        const TemporaryFolder folder;
        Files served;
        HttpsServer server([&](Exchange &exchange) { exchange.replyFile(served.begin()->second); });
        Packed set = packed(m_files, server.url(), Packing::TarGz);
        served = {{"all.archive", set.archive}};
        const std::string name = std::exchange(set.entry.files[0].members[0].name, "nowhere");
        VERIFY_DATA_ERROR(downloadDataset(set.entry, {folder.path()}), "has not all of its files");
        QVERIFY(!fs::exists(folder / "tiny"));
        // What has come is not asked for again.
        set.entry.files[0].members[0].name = name;
        VERIFY_RESULT(downloadDataset(set.entry, {folder.path()}));
        QCOMPARE(server.requests("/all.archive"), 1);
    }

    void anotherArchiveIsRefused()
    {
        const TemporaryFolder folder;
        Files served;
        HttpsServer server([&](Exchange &exchange) { exchange.replyFile(served.begin()->second); });
        const Packed set = packed(m_files, server.url(), Packing::Zip);
        std::string other = set.archive;
        other[other.size() / 2] = static_cast<char>(~other[other.size() / 2]);
        served = {{"all.archive", other}};
        const auto place = downloadDataset(set.entry, {folder.path()});
        VERIFY_DATA_ERROR(place, "not the check sum");
        for (const auto &[name, content] : m_files)
            VERIFY_DATA_ERROR(place, "their-" + name + " as " + name); // what to do by hand
    }

    void roomIsThatOfTheArchiveAndOfWhatIsInIt()
    {
        const TemporaryFolder folder;
        HttpsServer server(serving(m_files));
        Packed set = packed(m_files, server.url(), Packing::Zip);
        QCOMPARE(set.entry.room(), set.entry.bytes() + set.entry.files[0].unpacked);
        set.entry.files[0].unpacked = std::uint64_t{1} << 60;
        VERIFY_DATA_ERROR(downloadDataset(set.entry, {folder.path()}), "There is no room for Tiny");
        QCOMPARE(server.requests("/all.archive"), 0);
    }
};

QTEST_GUILESS_MAIN(TestDownload)
#include "test_download.moc"
