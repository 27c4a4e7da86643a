// Every line with `losslab run` in docs/, README and help pages is one that the program takes.

#include "experiments/registry.h"
#include "lab/namedpreset.h"
#include "lab/runspec.h"
#include "runs/presetlibrary.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

using namespace losslab;

namespace {

/// The words of a shell's line: spaces between them, but not within quotes.
QStringList wordsOf(const QString &line)
{
    QStringList words;
    QString word;
    QChar quote;
    bool begun = false;
    for (const QChar c : line) {
        if (!quote.isNull()) {
            if (c == quote)
                quote = {};
            else
                word += c;
        } else if (c == '\'' || c == '"') {
            quote = c;
            begun = true;
        } else if (c == ' ') {
            if (begun)
                words += word;
            word.clear();
            begun = false;
        } else {
            word += c;
            begun = true;
        }
    }
    if (begun)
        words += word;
    return words;
}

/// Lines of code that begin so and name an experiment, those that go on after a backslash as one.
QStringList linesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString text = QString::fromUtf8(file.readAll()).replace(QRegularExpression("\\\\\n\\s*"), "");
    QStringList lines;
    static const QRegularExpression code("(?:^ {4}|`)(losslab run [a-z][^`\n]+)",
                                         QRegularExpression::MultilineOption);
    for (auto match = code.globalMatch(text); match.hasNext();)
        lines += match.next().captured(1).section("  #", 0, 0).trimmed();
    return lines;
}

} // namespace

class TestDocs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid() && QDir::setCurrent(m_folder.path()));
        QFile points("points.csv"); // the reader's own
        QVERIFY(points.open(QIODevice::WriteOnly) && points.write("x,y\n0,1\n1,2\n") > 0);
    }

    void everyLineIsTaken_data()
    {
        QTest::addColumn<QString>("line");
        const QDir tree(LOSSLAB_SOURCE);
        QStringList pages{"README.md"};
        for (const char *folder : {"docs", "resources/help"})
            for (const QString &page : QDir(tree.filePath(folder)).entryList({"*.md"}))
                pages += QString(folder) + '/' + page;
        int count = 0;
        for (const QString &page : pages)
            for (const QString &line : linesOf(tree.filePath(page)))
                QTest::addRow("%s %d", qPrintable(page), ++count) << line;
        QVERIFY(count > 30);
    }

    void everyLineIsTaken()
    {
        QFETCH(QString, line);
        const QStringList words = wordsOf(line);
        auto made = makeExperiment(words.value(2).toStdString());
        QVERIFY2(made, qPrintable(words.value(2)));
        Experiment &experiment = **made;
        const qsizetype preset = words.indexOf("--preset");
        const auto named =
            findPreset(experiment, preset < 0 ? "report" : words.value(preset + 1).toStdString());
        QVERIFY2(named || words.value(preset + 1).contains(QRegularExpression("[A-Z.]")),
                 qPrintable(line)); // a file
        RunSpec spec = makeSpec(experiment, named.value_or(NamedPreset()));
        static const QStringList options{"--set",  "--preset",  "--repeats", "--seed",  "--out",
                                         "--data", "--threads", "--charts",  "--device"};
        for (const QString &word : words)
            QVERIFY2(!word.startsWith("--") || options.contains(word), qPrintable(word));
        for (qsizetype i = 3; i + 1 < words.size(); ++i) {
            if (words[i] != "--set")
                continue;
            const std::string key = words[i + 1].section('=', 0, 0).toStdString();
            const Parameter *parameter = experiment.findParameter(key);
            QVERIFY2(parameter, qPrintable(line));
            const auto value = parameter->info().parse(words[i + 1].section('=', 1).toStdString());
            QVERIFY2(value, value ? "" : value.error().message.c_str());
            *spec.find(key) = *value;
        }
        const auto applied = applyParameters(spec, experiment);
        QVERIFY2(applied, applied ? "" : applied.error().message.c_str());
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestDocs)
#include "test_docs.moc"
