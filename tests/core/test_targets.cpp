#include "data/pointtable.h"
#include "data/targets.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <numbers>

using namespace losslab;

class TestTargets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linspaceIsEquallySpacedAndMeetsBothEnds()
    {
        QCOMPARE(linspace(-1, 1, 5), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
        const std::vector<double> points = linspace(-2, 2, 31);
        QCOMPARE(points.front(), -2.0);
        QCOMPARE(points.back(), 2.0);
        QVERIFY(points[15] == 0);
        for (std::size_t i = 1; i < points.size(); ++i)
            QVERIFY(std::abs(points[i] - points[i - 1] - 4.0 / 30) < 1e-15);
        QCOMPARE(linspace(3, 4, 1), std::vector<double>{3});
        QVERIFY(linspace(3, 4, 0).empty());
    }

    void squareIsZeroWhereTheSineIs()
    {
        for (int k = -4; k <= 4; ++k)
            QVERIFY2(evaluate(Target::Square, k / 5.0) == 0, qPrintable(QString::number(k)));
        // One point in the middle of each of the ten half waves.
        for (int k = -5; k < 5; ++k)
            QCOMPARE(evaluate(Target::Square, (k + 0.5) / 5), k % 2 == 0 ? 1.0 : -1.0);
    }

    void squareIsTheSignOfTheSineAtTheReportsPoints()
    {
        const TargetSamples samples = sample(Target::Square, 400);
        QCOMPARE(samples.x.size(), std::size_t{400});
        QCOMPARE(samples.y.front(), -1.0); // the function goes on to the ends
        QCOMPARE(samples.y.back(), 1.0);
        for (std::size_t i = 1; i < 399; ++i)
            QCOMPARE(samples.y[i], std::copysign(1.0, std::sin(5 * std::numbers::pi * samples.x[i])));
    }

    void sincIsOneInTheMiddleAndDiesAway()
    {
        QCOMPARE(evaluate(Target::Sinc, 0), 1.0);
        QCOMPARE(evaluate(Target::Sinc, 0.1), 2 / std::numbers::pi);
        QCOMPARE(evaluate(Target::Sinc, 1e-9), 1.0);
        const TargetSamples samples = sample(Target::Sinc, 300);
        for (std::size_t i = 0; i < 300; ++i) {
            QVERIFY(std::abs(samples.y[i] - samples.y[299 - i]) < 1e-13);
            QVERIFY(std::abs(samples.y[i])
                    <= std::min(1.0, 1 / std::abs(5 * std::numbers::pi * samples.x[i])) + 1e-15);
        }
    }

    void drawnPointsAreUniformAscendingAndOfTheSeedAlone()
    {
        const std::vector<double> points = drawnPoints({-2, 6}, 100000, 7);
        QVERIFY(std::is_sorted(points.begin(), points.end()));
        QVERIFY(points.front() >= -2 && points.back() < 6);
        QCOMPARE(points, drawnPoints({-2, 6}, 100000, 7));
        QVERIFY(points != drawnPoints({-2, 6}, 100000, 8));
        // Kolmogorov and Smirnov's distance to the uniform distribution: above 1.95 / √n once in a thousand.
        double distance = 0;
        for (std::size_t i = 0; i < points.size(); ++i)
            distance =
                std::max(distance, std::abs((points[i] + 2) / 8 - (static_cast<double>(i) + 0.5) / 1e5));
        QVERIFY2(distance < 1.95 / std::sqrt(1e5), qPrintable(QString::number(distance)));
    }

    void aTableIsReadInEveryUsualForm_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("commas") << QByteArray("0,1\n0.5,-2e-1\n1,3\n");
        QTest::newRow("a heading") << QByteArray("time (s),voltage\n0,1\n0.5,-0.2\n1,3\n");
        QTest::newRow("a heading of NumPy") << QByteArray("# x y\n0 1\n0.5 -0.2\n1 3\n");
        QTest::newRow("semicolons") << QByteArray("x;y\n0;1\n0.5;-0.2\n1;3");
        QTest::newRow("tabs and Windows' ends") << QByteArray("0\t1\r\n0.5\t-0.2\r\n1\t3\r\n");
        QTest::newRow("spaces, in columns") << QByteArray("   0     1\n 0.5  -0.2\n   1     3\n");
        QTest::newRow("quotes") << QByteArray("\"x\",\"y\"\n\"0\",\"1\"\n\"0.5\",\"-0.2\"\n\"1\",\"3\"\n");
        QTest::newRow("a mark before it") << QByteArray("\xEF\xBB\xBFx,y\n0,1\n0.5,-0.2\n1,3\n\n\n");
        QTest::newRow("remarks and an empty last column")
            << QByteArray("# a\n# b c d\nx,y,\n0,1,\n0.5,-0.2,\n#\n1,3,\n");
        QTest::newRow("in any order, with signs") << QByteArray("+1,+3\n0,1\n.5,-.2\n");
    }

    void aTableIsReadInEveryUsualForm()
    {
        QFETCH(QByteArray, text);
        const auto points = readTable(text);
        QVERIFY2(points, points ? "" : points.error().message.c_str());
        QCOMPARE(points->x, (std::vector<double>{0, 0.5, 1}));
        QCOMPARE(points->y, (std::vector<double>{1, -0.2, 3}));
        QVERIFY(!points->target);
    }

    void aTableThatIsNoneSaysWhichLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &text, const char *said) {
            QTest::newRow(name) << text << QString::fromUtf8(said);
        };
        row("decimal commas", "x;y\n0,5;1\n1;2\n", "Line 2: “0,5” has a decimal comma.");
        row("decimal commas in the first line", "0,5;1\n1;2\n", "Line 1: “0,5” has a decimal comma.");
        row("decimal commas after tabs", "0\t1\n1\t2,5\n", "Line 2: “2,5” has a decimal comma.");
        row("decimal commas between commas", "0,5,1,2\n", "Line 1 has 4 values.");
        row("decimal commas and spaces", "0,5 1\n1,5 2\n", "Line 1 has decimal commas, or several values.");
        row("many gaps", "0,\n1,\n2,\n3,\n4,\n5,\n6,1\n", "line 5 has no y, and one more line has a gap.");
        row("too large in the first line", "1e16,1e16\n0,1\n1,2\n", "Line 1: “1e16” is no number");
        row("nan in the first line", "nan,nan\n0,1\n1,2\n", "Line 1: “nan” is no number");
        row("another minus in the first line", "\u22121,\u22122\n0,1\n1,2\n",
            "Line 1: “\u22121” is no number");
        row("versions in the first line", "1.0.0,2.0.0\n0,1\n1,2\n", "Line 1: “1.0.0” is no number");
        row("one x", "1,1\n1,2\n", "All its points have one x.");
        row("no y", "0,1\n0.5,\n1,2\n", "Line 2 has no y.");
        row("no x", "x,y\n0,1\n,4\n1,2\n", "Line 3 has no x.");
        row("an empty line", "0,1\n\n1,2\n", "Line 2 is empty.");
        row("several gaps", "0,1\n0.5,\n\n1,2\n,2\n", "Line 2 has no y, line 3 is empty, line 5 has no x.");
        row("words", "0,1\n0.5,n/a\n", "Line 2: “n/a” is no number");
        row("not a number", "0,1\n0.5,nan\n", "Line 2: “nan” is no number");
        row("beyond what can be learned", "0,1\n1,1e300\n",
            "Line 2: “1e300” is no number from -1e15 to 1e15");
        row("two headings", "x,y\ns,V\n0,1\n1,2\n", "Line 2: “s” is no number");
        row("three columns", "x,y,z\n0,1,2\n", "Line 2 has 3 values.");
        row("one point", "x,y\n0,1\n", "fewer than two points");
        row("nothing", "", "fewer than two points");
        row("UTF-16",
            QByteArray("\xFF\xFE"
                       "0\0,\0001\0",
                       8),
            "is no text in UTF-8");
        row("too many", QByteArray("0,1\n").repeated(500001), "more than 500,000 points");
    }

    void aTableThatIsNoneSaysWhichLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        const auto points = readTable(text);
        QVERIFY(!points);
        const QString message = QString::fromStdString(points.error().message);
        QVERIFY2(message.contains(said), qPrintable(message));
        QVERIFY2(message.startsWith(QStringLiteral("my points ü.csv")), qPrintable(message));
        QCOMPARE(points.error().kind, ErrorKind::Usage);
    }

    void aTableThatChangesIsReadAnew()
    {
        const QString path = m_folder.filePath(QStringLiteral("live.csv"));
        write(path, "0,1\n1,2\n");
        QCOMPARE((*knownPoints(path.toStdString()))->x.size(), std::size_t{2});
        write(path, "0,1\n1,2\n2,3\n");
        QCOMPARE((*knownPoints(path.toStdString()))->x.size(), std::size_t{3});
        QFile::remove(path);
        QVERIFY(!*knownPoints(path.toStdString()));
    }

private:
    static void write(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }
    Result<TargetSamples> readTable(const QByteArray &text) const
    {
        const QString path = m_folder.filePath(QStringLiteral("my points ü.csv"));
        write(path, text);
        return readPoints(path.toStdString());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestTargets)
#include "test_targets.moc"
