#include "base/platform.h"
#include "experiments/registry.h"
#include "lab/jsonfields.h"
#include "lab/runsettings.h"
#include "runs/journalline.h"
#include "runs/runjson.h"
#include "runs/runrecord.h"
#include "ui/banner.h"
#include "ui/charts/chartwidget.h"
#include "ui/details.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/plainlabel.h"
#include "ui/runcontroller.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAbstractItemView>
#include <QAction>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>
#include <QTextDocument>
#include <memory>

using namespace losslab;
using namespace losslab::ui;

namespace {

constexpr int patience = 30000; // ms

/// What Qt would load a file for, where it took it for markup.
const std::string markup = "<img src='/dev/zero'><b>bold</b>";

/// A run whose every text that may be free has markup.
void writeRun(const std::filesystem::path &folder)
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    const RunSpec spec = makeSpec(*experiment, Preset::Quick);
    QVERIFY(platform::makeFolder(folder));
    RunFacts facts;
    facts.program = facts.libTorch = facts.device = markup;
    facts.started = facts.ended = markup;
    QVERIFY(platform::writeFileAtomically(folder / "run.json",
                                          runJson(spec, facts, {RunState::Finished, markup})));
    std::string journal;
    std::uint64_t number = 0;
    const auto add = [&](Json fields) {
        const std::string line = fields.dump();
        appendJournalLine(journal, ++number, std::string_view(line).substr(1, line.size() - 2));
    };
    for (const ChartInfo &chart : experiment->chartsFor(spec)) {
        for (int i = 1; i < 4; ++i)
            add({{"chart", chart.id},
                 {"series", markup},
                 {"repeat", 0},
                 {"x", i},
                 {"y", 1.0 / i},
                 {"label", markup}});
        const Json line{{"at", 0.1}, {"label", markup}, {"vertical", false}};
        add({{"chart", chart.id}, {"repeat", 0}, {"remark", markup}, {"lines", {line}}});
    }
    add({{"figure", experiment->figures()[0]->info().key},
         {"model", markup},
         {"repeat", 0},
         {"value", 0.25}});
    QVERIFY(platform::writeFileAtomically(folder / "metrics.jsonl", journal));
}

bool isMarkup(const QString &text)
{
    return Qt::mightBeRichText(text) && text.contains(QLatin1String("<img"));
}

QStringList tipsOf(const QAbstractItemModel &model)
{
    QStringList tips;
    for (int row = 0; row < model.rowCount(); ++row)
        for (int column = 0; column < model.columnCount(); ++column)
            tips << model.index(row, column).data(Qt::ToolTipRole).toString();
    return tips;
}

/// Whatever in the window would take a text for markup.
QStringList takenForMarkup(const QWidget &window)
{
    QStringList found;
    for (const QLabel *label : window.findChildren<QLabel *>())
        if (label->textFormat() != Qt::PlainText && isMarkup(label->text()))
            found << QStringLiteral("label: ") + label->text();
    for (const QWidget *widget : window.findChildren<QWidget *>())
        if (isMarkup(widget->toolTip()))
            found << QStringLiteral("tip: ") + widget->toolTip();
    for (const QAction *action : window.findChildren<QAction *>())
        if (isMarkup(action->toolTip()))
            found << QStringLiteral("action: ") + action->toolTip();
    for (const QAbstractItemView *view : window.findChildren<QAbstractItemView *>())
        for (const QString &tip : view->model() ? tipsOf(*view->model()) : QStringList())
            if (isMarkup(tip))
                found << QStringLiteral("item: ") + tip;
    return found;
}

/// Whether some label shows the text as it stands.
bool shows(const QWidget &window, const QString &text)
{
    const QList<QLabel *> labels = window.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel *label) { return label->text().contains(text); });
}

} // namespace

/// Texts of files and runs are never taken for markup.
class TestPlainTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        qputenv("LOSSLAB_HOME", m_home->path().toUtf8());
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1366, 768);
        m_window->show();
    }
    void cleanup()
    {
        m_window.reset();
        qunsetenv("LOSSLAB_HOME");
    }

    void aLabelShowsWhatItIsGiven()
    {
        PlainLabel label(fromText(markup), nullptr);
        QCOMPARE(label.textFormat(), Qt::PlainText);
        label.setText(QStringLiteral("<b>wide</b>"));
        QVERIFY(label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(label.text()));
    }

    void aTipShowsWhatItIsGiven()
    {
        for (const QString &text : {fromText(markup), QStringLiteral("<p>a</p>"), QStringLiteral("a & b < c"),
                                    QStringLiteral("one\ntwo"), QString()})
        {
            for (const QString &tip : {plainTip(text), wrappedTip(text)}) {
                QTextDocument document;
                Qt::mightBeRichText(tip) ? document.setHtml(tip) : document.setPlainText(tip);
                QCOMPARE(document.toPlainText().simplified(), text.simplified());
            }
        }
        QCOMPARE(plainTip(QStringLiteral("Copy (Ctrl+C)")), QStringLiteral("Copy (Ctrl+C)"));
    }

    void aReceivedRunIsShownAsItIs()
    {
        const std::filesystem::path folder = toPath(m_home->filePath(QStringLiteral("<b>run<")));
        writeRun(folder);
        m_window->openRun(folder);
        QTRY_VERIFY_WITH_TIMEOUT(shows(*m_window, QStringLiteral("<b>bold")), patience);
        m_window->grab();
        QCOMPARE(takenForMarkup(*m_window), QStringList());
    }

    void aDamagedRunIsToldAsItIs()
    {
        const std::filesystem::path folder = toPath(m_home->filePath(QStringLiteral("<img src='x'>")));
        QVERIFY(platform::makeFolder(folder));
        QVERIFY(platform::writeFileAtomically(folder / "run.json", "{"));
        m_window->openRun(folder);
        Banner &banner = m_window->currentPanel().banner();
        QTRY_VERIFY_WITH_TIMEOUT(banner.isVisible(), patience);
        QVERIFY(banner.text().contains(QLatin1String("<img src='x'>")));
        QCOMPARE(takenForMarkup(*m_window), QStringList());
    }

    void aFootersMessageIsNoMarkup()
    {
        auto *footer = m_window->findChild<StatusFooter *>();
        QVERIFY(footer);
        footer->showMessage(fromText(markup), QStringLiteral("<i>link</i>"),
                            QUrl(QStringLiteral("file:///a\"<b>")));
        QVERIFY(!footer->message().contains(QLatin1String("<img")));
        QVERIFY(!footer->message().contains(QLatin1String("<i>")));
        QVERIFY(footer->message().contains(QLatin1String("&lt;img")));
    }

private:
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestPlainTexts)
#include "test_plaintexts.moc"
