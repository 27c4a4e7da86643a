#include "base/filehook.h"
#include "base/platform.h"
#include "filefixtures.h"

#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>
#include <future>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

class TestPlatform : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsReplacedWhole()
    {
        const TemporaryFolder folder;
        const std::string large(3'000'000, 'x');
        VERIFY_RESULT(platform::writeFileAtomically(folder / "file ü", large));
        VERIFY_RESULT(platform::writeFileAtomically(folder / "file ü", std::string("short\0text", 10)));
        const auto content = platform::readFile(folder / "file ü");
        VERIFY_RESULT(content);
        QCOMPARE(*content, std::string("short\0text", 10));
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), {}), 1);
    }

    void aFileNameMayBeAsLongAsTheSystemAllows()
    {
        const TemporaryFolder folder;
        const std::string name(255, 'n');
        VERIFY_RESULT(platform::writeFileAtomically(folder / name, "content"));
        QCOMPARE(read(folder / name), std::string("content"));
    }

    void aFullDiskLeavesTheFormerFile()
    {
        const TemporaryFolder folder;
        VERIFY_RESULT(platform::writeFileAtomically(folder / "file", "former"));
        {
            const FullDisk full(1000);
            const auto written = platform::writeFileAtomically(folder / "file", std::string(5000, 'x'));
            VERIFY_DATA_ERROR(written, "There is no more room for “" + (folder / "file").string());
            VERIFY_DATA_ERROR(written, "Free some space");
        }
        QCOMPARE(read(folder / "file"), std::string("former"));
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), {}), 1);
    }

    void aFullDiskCutsAnAppendedFileBackToWholeLines()
    {
        const TemporaryFolder folder;
        auto file = platform::AppendFile::create(folder / "journal");
        VERIFY_RESULT(file);
        VERIFY_RESULT(file->append("first\n"));
        {
            const FullDisk full(10);
            VERIFY_DATA_ERROR(file->append("second line\n"), "There is no more room");
            QCOMPARE(read(folder / "journal"), std::string("first\n"));
        }
        VERIFY_RESULT(file->append("third\n"));
        VERIFY_RESULT(file->sync());
        QCOMPARE(read(folder / "journal"), std::string("first\nthird\n"));
    }

    void aFullDiskKeepsTheLinesThatFit()
    {
        const TemporaryFolder folder;
        auto file = platform::AppendFile::create(folder / "journal");
        VERIFY_RESULT(file);
        const auto restore = qScopeGuard([] { platform::limitRoom({}); });
        std::size_t room = 14;
        platform::limitRoom([&room](std::size_t wanted) {
            const std::size_t fits = std::min(wanted, room);
            room -= fits;
            return fits;
        });
        std::string lines = "first\nsecond\nthird\n"; // the second ends at 13
        const auto appended = file->appendLines(lines);
        VERIFY_DATA_ERROR(appended, "There is no more room");
        QVERIFY(appended.error().noRoom);
        QCOMPARE(lines, std::string("third\n"));
        QCOMPARE(read(folder / "journal"), std::string("first\nsecond\n"));
        platform::limitRoom({});
        VERIFY_RESULT(file->appendLines(lines));
        QCOMPARE(lines, std::string());
        QCOMPARE(read(folder / "journal"), std::string("first\nsecond\nthird\n"));
    }

    void anAppendedFileThatIsNoLongerItselfIsNoticed_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("deleted") << QByteArray("deleted") << QByteArray("deleted, moved or replaced");
        QTest::newRow("moved") << QByteArray("moved") << QByteArray("deleted, moved or replaced");
        QTest::newRow("replaced") << QByteArray("replaced") << QByteArray("deleted, moved or replaced");
        QTest::newRow("emptied") << QByteArray("emptied")
                                 << QByteArray("it has 0 bytes where 6 were written");
        QTest::newRow("longer") << QByteArray("longer") << QByteArray("it has 9 bytes where 6 were written");
    }
    void anAppendedFileThatIsNoLongerItselfIsNoticed()
    {
        QFETCH(QByteArray, what);
        QFETCH(QByteArray, says);
        const TemporaryFolder folder;
        const fs::path path = folder / "journal";
        auto file = platform::AppendFile::create(path);
        VERIFY_RESULT(file);
        VERIFY_RESULT(file->append("first\n"));
        if (what == "moved")
            fs::rename(path, folder / "elsewhere");
        else if (what == "emptied")
            fs::resize_file(path, 0);
        else if (what == "longer")
            fs::resize_file(path, 9);
        else
            fs::remove(path);
        if (what == "replaced")
            write(path, "first\n");
        std::string line = "second\n";
        VERIFY_DATA_ERROR(file->sync(), says.toStdString());
        VERIFY_DATA_ERROR(file->append("second\n"), says.toStdString());
        VERIFY_DATA_ERROR(file->appendLines(line), says.toStdString());
        VERIFY_DATA_ERROR(file->sync(), path.string());
    }

    /// In a process of its own, which ends in the middle of the writing.
    void aProgramThatIsKilledWhileItWritesLeavesNothing()
    {
        const TemporaryFolder folder;
        VERIFY_RESULT(platform::writeFileAtomically(folder / "file", "former"));
        const pid_t child = ::fork();
        if (child == 0) {
            platform::limitRoom([parts = 0](std::size_t wanted) mutable -> std::size_t {
                if (++parts == 2)
                    ::_exit(42);
                return wanted / 2;
            });
            (void)platform::writeFileAtomically(folder / "file", std::string(5000, 'x'));
            ::_exit(1);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QCOMPARE(WEXITSTATUS(status), 42);
        QCOMPARE(read(folder / "file"), std::string("former"));
        platform::clearLeftovers(folder.path()); // where the file system has no files without a name
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), {}), 1);
    }

    void leftoversAreClearedButNotWhatIsBeingWritten()
    {
        const TemporaryFolder folder;
        write(folder / ".losslab-1-0.tmp", "left");
        write(folder / ".losslab-1-1.tmp", "being written");
        write(folder / "losslab-1-0.tmp", "mine");
        fs::create_symlink("losslab-1-0.tmp", folder / ".losslab-1-2.tmp");
        const auto held = platform::FileLock::tryTake(folder / ".losslab-1-1.tmp");
        VERIFY_RESULT(held);
        const TemporaryFolder received;
        fs::create_directory_symlink(folder.path(), received / "models"); // which leads out of it
        platform::clearLeftovers(received / "models");
        QVERIFY(fs::exists(folder / ".losslab-1-0.tmp"));
        platform::clearLeftovers(folder.path());
        QVERIFY(!fs::exists(folder / ".losslab-1-0.tmp"));
        QVERIFY(fs::exists(folder / ".losslab-1-1.tmp"));
        QCOMPARE(read(folder / "losslab-1-0.tmp"), std::string("mine"));
    }

    void onlyOrdinaryFilesUpToASizeAreRead()
    {
        const TemporaryFolder folder;
        QCOMPARE(::mkfifo((folder / "pipe").c_str(), 0600), 0);
        VERIFY_DATA_ERROR(platform::readFile(folder / "pipe"), "it is a pipe, not a file");
        VERIFY_DATA_ERROR(platform::readFile("/dev/zero"), "it is a device, not a file");
        VERIFY_DATA_ERROR(platform::readFile(folder.path()), "it is a folder, not a file");
        const auto take = [](std::string_view) { return true; };
        VERIFY_DATA_ERROR(platform::readParts(folder / "pipe", take), "it is a pipe, not a file");
        VERIFY_DATA_ERROR(platform::readParts("/dev/zero", take), "it is a device, not a file");
        write(folder / "file", "12345678");
        QCOMPARE(*platform::readFile(folder / "file", 8), std::string("12345678"));
        VERIFY_DATA_ERROR(platform::readFile(folder / "file", 7),
                          "it has 8 bytes, and LossLab reads at most 7");
        fs::resize_file(folder / "file", std::uintmax_t{6} << 30);
        VERIFY_DATA_ERROR(platform::readFile(folder / "file"), "it has 6442450944 bytes");
    }

    void whatStandsAtAPathIsLookedAt()
    {
        const TemporaryFolder folder;
        write(folder / "file", "123");
        QCOMPARE((*platform::look(folder / "file"))->size, std::uint64_t{3});
        QVERIFY((*platform::look(folder / "file"))->isFile);
        QVERIFY((*platform::look(folder.path()))->isFolder);
        QVERIFY(!*platform::look(folder / "none"));
        QVERIFY(!*platform::look(folder / "file" / "below"));
        fs::create_symlink("circle", folder / "circle");
        VERIFY_DATA_ERROR(platform::look(folder / "circle"),
                          "Could not look at “" + (folder / "circle").string());
    }

    void linesOfSeveralAtOnceDoNotMix()
    {
        const TemporaryFolder folder;
        std::vector<std::future<bool>> writers;
        for (int i = 0; i < 8; ++i)
            writers.push_back(std::async(std::launch::async, [&] {
                bool all = true;
                for (int line = 0; line < 100; ++line)
                    all = all && platform::addLine(folder / "list", "a line").has_value();
                return all;
            }));
        for (auto &writer : writers)
            QVERIFY(writer.get());
        std::string expected;
        for (int i = 0; i < 800; ++i)
            expected += "a line\n";
        QCOMPARE(read(folder / "list"), expected);
    }

    void anAppendedFileIsAlwaysANewOne()
    {
        const TemporaryFolder folder;
        write(folder / "journal", "mine");
        VERIFY_DATA_ERROR(platform::AppendFile::create(folder / "journal"), "there is one already");
        QCOMPARE(read(folder / "journal"), std::string("mine"));

        // Empty, and nobody has it open: as left by a program that was killed at once.
        write(folder / "empty", "");
        auto file = platform::AppendFile::create(folder / "empty");
        VERIFY_RESULT(file);
        VERIFY_DATA_ERROR(platform::AppendFile::create(folder / "empty"), "there is one already");
        VERIFY_RESULT(file->append("mine"));
        QCOMPARE(read(folder / "empty"), std::string("mine"));
    }

    void errorsSayWhatWasDoneToWhich()
    {
        const TemporaryFolder folder;
        write(folder / "file", "");
        const std::string missing = "“" + (folder / "missing").string() + "”: there is no such file";
        VERIFY_DATA_ERROR(platform::readFile(folder / "missing"), "Could not read " + missing);
        VERIFY_DATA_ERROR(platform::readFile(folder.path()), "Could not read “" + folder.path().string());
        VERIFY_DATA_ERROR(platform::makeFolder(folder / "file" / "below"), "Could not make the folder");
        VERIFY_DATA_ERROR(platform::writeFileAtomically(folder / "no" / "file", "x"),
                          "there is no such file or folder");
        VERIFY_DATA_ERROR(platform::writeFileAtomically(folder.path(), "x"), "Could not write");
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), {}), 1);
    }

    void homeIsWhereTheEnvironmentSays()
    {
        const auto restore = qScopeGuard([home = qgetenv("HOME")] {
            qunsetenv("LOSSLAB_HOME");
            qunsetenv("XDG_DATA_HOME");
            qputenv("HOME", home);
        });
        qputenv("LOSSLAB_HOME", "/chosen");
        qputenv("XDG_DATA_HOME", "/data");
        qputenv("HOME", "/home/me");
        QCOMPARE(platform::homeFolder(), fs::path("/chosen"));
        QCOMPARE(platform::runsFolder(), fs::path("/chosen/runs"));
        qunsetenv("LOSSLAB_HOME");
        QCOMPARE(platform::homeFolder(), fs::path("/data/losslab"));
        qputenv("XDG_DATA_HOME", "relative"); // to be ignored, says the XDG base directory specification
        QCOMPARE(platform::homeFolder(), fs::path("/home/me/.local/share/losslab"));
    }

    void theExecutablesFolderHoldsThisTest()
    {
        const fs::path name = fs::path(QCoreApplication::applicationFilePath().toStdString()).filename();
        QVERIFY(fs::exists(platform::executableFolder() / name));
    }

    void coresFollowTheAffinity()
    {
        const int before = platform::cpuCount();
        cpu_set_t all, one;
        QCOMPARE(::sched_getaffinity(0, sizeof all, &all), 0);
        CPU_ZERO(&one);
        int first = 0;
        while (!CPU_ISSET(first, &all))
            ++first;
        CPU_SET(first, &one);
        QCOMPARE(::sched_setaffinity(0, sizeof one, &one), 0);
        const int bound = platform::cpuCount();
        QCOMPARE(::sched_setaffinity(0, sizeof all, &all), 0);
        QCOMPARE(bound, 1);
        QCOMPARE(platform::cpuCount(), before);
    }

    void freeSpaceOfAFolderToBeIsThatOfTheOneAboveIt()
    {
        QCOMPARE(platform::freeDiskBytes("/proc/not/yet"), std::uint64_t(0)); // a file system without room
        const TemporaryFolder folder;
        // Others may write to that disk meanwhile, but not at all times.
        const auto isThatOfTheFolder = [&] {
            const std::uintmax_t before = fs::space(folder.path()).available;
            return platform::freeDiskBytes(folder / "not" / "yet") == before;
        };
        bool agreed = false;
        for (int attempt = 0; attempt < 1000 && !agreed; ++attempt)
            agreed = isThatOfTheFolder();
        QVERIFY(agreed);
    }

    void timesAreWrittenForFilesAndForNames()
    {
        static const QRegularExpression utc(R"(^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ$)");
        static const QRegularExpression local(R"(^20\d\d-[01]\d-[0-3]\d-[0-2]\d[0-5]\d[0-6]\d$)");
        QVERIFY(utc.match(QString::fromStdString(platform::utcNow())).hasMatch());
        QVERIFY(local.match(QString::fromStdString(platform::localStamp())).hasMatch());
    }

    /// In a process of its own, since its end is part of the promise.
    void theFirstInterruptCallsBackTheSecondEnds()
    {
        int fromChild[2];
        QCOMPARE(::pipe(fromChild), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            int called[2];
            if (::pipe(called) != 0)
                ::_exit(99);
            platform::onInterrupt([&] {
                const bool told = ::write(fromChild[1], "called", 6) == 6 && ::write(called[1], "!", 1) == 1;
                if (!told)
                    ::_exit(98);
            });
            char mark = 0;
            ::kill(::getpid(), SIGINT);
            if (::read(called[0], &mark, 1) != 1)
                ::_exit(97);
            ::kill(::getpid(), SIGTERM);
            ::pause();
            ::_exit(0);
        }
        ::close(fromChild[1]);
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        char said[32] = {};
        const ssize_t length = ::read(fromChild[0], said, sizeof said);
        ::close(fromChild[0]);
        QCOMPARE(QByteArray(said, length), QByteArray("called"));
        QVERIFY2(WIFSIGNALED(status), qPrintable(QString::number(status)));
        QCOMPARE(WTERMSIG(status), SIGTERM);
    }
};

QTEST_GUILESS_MAIN(TestPlatform)
#include "test_platform.moc"
