#include "lab/experiment.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <random>
#include <sys/stat.h>

using namespace losslab::ui;

namespace {

const QStringList keys{QStringLiteral("window/theme"),
                       QStringLiteral("window/device"),
                       QStringLiteral("window/geometry"),
                       QStringLiteral("window/columns"),
                       QStringLiteral("window/showExperiments"),
                       QStringLiteral("window/showSettings"),
                       QStringLiteral("window/experiment"),
                       QStringLiteral("window/rows"),
                       QStringLiteral("export/width")};

QByteArray allKeysWith(const QByteArray &value)
{
    QByteArray text;
    for (const QString &key : keys) {
        const QStringList parts = key.split(QLatin1Char('/'));
        text += "[" + parts[0].toUtf8() + "]\n" + parts[1].toUtf8() + "=" + value + "\n";
    }
    return text;
}

} // namespace

/// The window opens, and works, whatever is in the file of its settings.
class TestWindowSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverTheyAreTheWindowOpens_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a word") << allKeysWith("nonsense");
        QTest::newRow("markup") << allKeysWith("\"<img src='/dev/zero'>\"");
        QTest::newRow("a path") << allKeysWith("../../../etc/passwd");
        QTest::newRow("a number without end") << allKeysWith("1e999");
        QTest::newRow("less than nothing") << allKeysWith("-2147483648");
        QTest::newRow("bytes that are no state")
            << allKeysWith("@ByteArray(\\x1\\xd9\\xd0\\xcb\\xff\\xff\\xff\\xff)");
        QTest::newRow("a value of another type") << allKeysWith("@Size(2147483647 -5)");
        QTest::newRow("a list") << allKeysWith(QByteArray("a, ").repeated(10000));
        QTest::newRow("a mebibyte") << allKeysWith(QByteArray(1 << 20, 'x'));
        QByteArray bytes;
        std::mt19937 random(16);
        for (int i = 0; i < 20000; ++i)
            bytes += static_cast<char>(random());
        QTest::newRow("bytes that are no text") << bytes;
    }

    void whateverTheyAreTheWindowOpens()
    {
        QFETCH(QByteArray, text);
        const QTemporaryDir home;
        QFile file(home.filePath(QStringLiteral("settings.ini")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        opens(home);
    }

    /// What is no file is not waited for, and a huge one not read.
    void whereNoneCanBeKeptTheWindowOpens()
    {
        const QTemporaryDir folder, pipe, sparse;
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("settings.ini")));
        opens(folder);
        QCOMPARE(::mkfifo(qPrintable(pipe.filePath(QStringLiteral("settings.ini"))), 0600), 0);
        opens(pipe);
        QFile file(sparse.filePath(QStringLiteral("settings.ini")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(qint64{6} << 30));
        opens(sparse);
    }

private:
    static void opens(const QTemporaryDir &home)
    {
        qputenv("LOSSLAB_HOME", home.path().toUtf8());
        MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY(!window.grab().isNull());
        QVERIFY(window.width() >= window.minimumSizeHint().width());
        QVERIFY(!window.currentPanel().experiment().info().id.empty());
        QVERIFY(window.actions().run->isEnabled());
        window.close();
        qunsetenv("LOSSLAB_HOME");
    }
};

QTEST_MAIN(TestWindowSettings)
#include "test_windowsettings.moc"
