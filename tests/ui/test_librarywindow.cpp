#include "base/platform.h"
#include "library/runnotes.h"
#include "tests/madeuprun.h"
#include "ui/experimentpanel.h"
#include "ui/librarydialog.h"
#include "ui/mainwindow.h"
#include "ui/notesdialog.h"
#include "ui/parameterform.h"
#include "ui/runtable.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace losslab;
using namespace losslab::test;
using namespace losslab::ui;

namespace {

constexpr int patience = 20000; // ms

} // namespace

/// Runs are found again in the window.
class TestLibraryWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        qputenv("LOSSLAB_HOME", m_home->path().toUtf8());
        qputenv("XDG_DATA_HOME", m_home->filePath(QStringLiteral("data")).toUtf8());
        makeRun(runFolder("2026-11-20-101500-gradient-norm"), 0.01, 1, "2026-11-20T10:15:00Z");
        makeRun(runFolder("2026-11-21-101500-gradient-norm"), 0.1, 2, "2026-11-21T10:15:00Z");
        makeRun(runFolder("2026-11-22-101500-gradient-norm"), 0.02, 3, "2026-11-22T10:15:00Z");
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1200, 800);
        m_window->show();
        m_window->actions().showLibrary->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(rows().rowCount(), 3, patience);
    }
    void cleanup()
    {
        m_window.reset();
        m_home.reset();
    }

    void aSettingIsFound()
    {
        QTest::keyClicks(&dialog().search(), QStringLiteral("lr=0.02"));
        QCOMPARE(names(), QStringList("2026-11-22-101500-gradient-norm"));
        QCOMPARE(said(), QStringLiteral("1 of 3 runs"));
        dialog().search().setText(QStringLiteral("lrr=0.02"));
        QCOMPARE(said(), QStringLiteral("No run has “lrr”. Did you mean lr?"));
        QCOMPARE(names().size(), 1); // what was found stays
        dialog().search().setText(QStringLiteral("nowhere"));
        QCOMPARE(said(), QStringLiteral("None of 3 runs is like that."));
        QVERIFY(!button("libraryOpen").isEnabled());
        dialog().search().clear();
        QCOMPARE(said(), QStringLiteral("3 runs"));
    }

    void aColumnSorts()
    {
        const QStringList newest{"2026-11-22-101500-gradient-norm", "2026-11-21-101500-gradient-norm",
                                 "2026-11-20-101500-gradient-norm"};
        QCOMPARE(names(), newest);
        QHeaderView &head = *dialog().table().horizontalHeader();
        const auto click = [&] {
            QTest::mouseClick(head.viewport(), Qt::LeftButton, {},
                              QPoint(head.sectionViewportPosition(RunTable::Name) + 20, head.height() / 2));
        };
        click();
        QCOMPARE(names(), QStringList(newest.rbegin(), newest.rend()));
        click();
        QCOMPARE(names(), newest);
        click();
        QCOMPARE(head.sortIndicatorSection(), -1);
        QCOMPARE(names(), newest);
    }

    void itsSettingsAreUsed()
    {
        find("lr=0.02");
        button("libraryUseSettings").click();
        const RunSpec spec = m_window->currentPanel().form().spec();
        QCOMPARE(QString::fromStdString(spec.experiment), QStringLiteral("gradient-norm"));
        QCOMPARE(spec.seed, std::uint64_t(3));
        QCOMPARE(std::get<double>(*spec.find("lr")), 0.02);
        QVERIFY(!m_window->trainingPanel());
    }

    void itRunsAgain()
    {
        find("lr=0.02");
        button("libraryRunAgain").click();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->trainingPanel(), patience);
        QCOMPARE(m_window->trainingPanel()->controller().leftSpec().seed, std::uint64_t(3));
        dialog().search().clear();
        QTRY_COMPARE_WITH_TIMEOUT(rows().rowCount(), 4, patience); // which stands here, too
        m_window->actions().stop->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->trainingPanel(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(cell(0, RunTable::State) != QLatin1String("Training now"), patience);
    }

    void returnOpensTheFirstThatIsFound()
    {
        QTest::keyClicks(&dialog().search(), QStringLiteral("lr=0.1"));
        QTest::keyClick(&dialog().search(), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->currentPanel().controller().hasRun()
                                     && m_window->currentPanel().controller().spec().seed == 2,
                                 patience);
    }

    void nameTagsAndNoteAreKept()
    {
        find("lr=0.1");
        QTest::keyClick(&dialog().table(), Qt::Key_F2);
        auto *asked = dialog().findChild<NotesDialog *>();
        QVERIFY(asked);
        asked->findChild<QLineEdit *>(QStringLiteral("runName"))->setText(QStringLiteral("  Too   fast "));
        asked->findChild<QLineEdit *>(QStringLiteral("runTags"))->setText(QStringLiteral("draft homework"));
        asked->findChild<QPlainTextEdit *>(QStringLiteral("runNote"))->setPlainText(QStringLiteral("a\nb\n"));
        asked->accept();
        QCOMPARE(cell(0, RunTable::Name), QStringLiteral("Too fast"));
        QCOMPARE(cell(0, RunTable::Tags), QStringLiteral("draft, homework"));
        QTest::keyClick(&dialog().table(), Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(cell(0, RunTable::Star), QStringLiteral("★"));
        const auto notes = readRunNotes(runFolder("2026-11-21-101500-gradient-norm"));
        QVERIFY(notes && *notes == (RunNotes{"Too fast", "a\nb", {"draft", "homework"}, true}));
        dialog().search().setText(QStringLiteral("tag=draft star=yes fast"));
        QCOMPARE(rows().rowCount(), 1);
        button("libraryStar").click();
        QCOMPARE(rows().rowCount(), 0); // it has none any more
    }

    void theTrashGivesBack()
    {
        find("seed=2");
        const std::filesystem::path folder = rows().entry(0).folder;
        dialog().search().clear();
        QCOMPARE(dialog().table().currentIndex().row(), 1); // it stays the chosen one
        QVERIFY(!button("libraryUndo").isEnabled());
        QTest::keyClick(&dialog().table(), Qt::Key_Delete);
        QCOMPARE(rows().rowCount(), 2);
        QVERIFY(!std::filesystem::exists(folder));
        QVERIFY(said().contains(QLatin1String("in the trash")));
        QTest::keyClick(&dialog().table(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(std::filesystem::exists(folder / "run.json"));
        QTRY_COMPARE_WITH_TIMEOUT(
            names(),
            QStringList({"2026-11-22-101500-gradient-norm", "2026-11-21-101500-gradient-norm",
                         "2026-11-20-101500-gradient-norm"}),
            patience);
        QCOMPARE(dialog().table().currentIndex().row(), 1);
        QVERIFY(!button("libraryUndo").isEnabled());
        QVERIFY(QDir(m_home->filePath(QStringLiteral("data/Trash/info"))).isEmpty());
    }

    /// Or a line break, or markup.
    void whatARunSaysIsNoMarkup()
    {
        const std::filesystem::path folder = runFolder("damaged");
        std::filesystem::create_directories(folder);
        write(folder / "run.json", "<b>no JSON</b>");
        QTRY_COMPARE_WITH_TIMEOUT(rows().rowCount(), 4, patience);
        find("folder=damaged");
        QCOMPARE(cell(0, RunTable::State), QStringLiteral("Cannot be read"));
        QVERIFY(!button("libraryUseSettings").isEnabled() && !button("libraryRunAgain").isEnabled());
        QVERIFY(button("libraryRemove").isEnabled());
    }

private:
    std::filesystem::path runFolder(const char *name) const { return platform::runsFolder() / name; }
    LibraryDialog &dialog() { return *m_window->findChild<LibraryDialog *>(); }
    RunTable &rows() { return dialog().rows(); }
    QPushButton &button(const char *name)
    {
        return *dialog().findChild<QPushButton *>(QString::fromLatin1(name));
    }
    QString said() { return dialog().findChild<QLabel *>(QStringLiteral("librarySaid"))->text(); }
    QString cell(int row, int column) { return rows().index(row, column).data().toString(); }
    QStringList names()
    {
        QStringList names;
        for (int row = 0; row < rows().rowCount(); ++row)
            names << fromPath(rows().entry(row).folder.filename());
        return names;
    }
    /// The first of them is chosen.
    void find(const char *filter)
    {
        dialog().search().setText(QString::fromLatin1(filter));
        dialog().table().setCurrentIndex(rows().index(0, RunTable::Name));
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestLibraryWindow)
#include "test_librarywindow.moc"
