#include "filefixtures.h"
#include "store/platform.h"

#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>
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

    void anAppendedFileIsAlwaysANewOne()
    {
        const TemporaryFolder folder;
        write(folder / "journal", "mine");
        VERIFY_DATA_ERROR(platform::AppendFile::create(folder / "journal"), "there is one already");
        QCOMPARE(read(folder / "journal"), std::string("mine"));
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
        const TemporaryFolder folder;
        QVERIFY(platform::freeDiskBytes(folder / "not" / "yet") > 0);
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
