#include "experiments/registry.h"
#include "lab/experiment.h"
#include "runs/presetlibrary.h"
#include "ui/banner.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/presetdialog.h"
#include "ui/settings.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QToolBar>
#include <fstream>

using namespace losslab;
using namespace losslab::ui;

namespace {

constexpr int patience = 30000; // ms

} // namespace

/// A person's own presets in the window.
class TestPresetWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        qputenv("LOSSLAB_HOME", m_home->path().toUtf8());
        openWindow();
        m_window->select("gradient-norm");
    }
    void cleanup()
    {
        m_window.reset();
        m_home.reset();
    }

    /// Alt+F and letters, the name, Return; the list by Alt+P and arrows.
    void presetsAreSavedChosenAndDeletedByKeyboard()
    {
        type("hidden", "37");
        save(QStringLiteral("Mine"));
        QCOMPARE(form().changedCount(), 0);
        QCOMPARE(box()->currentText(), QStringLiteral("Mine"));
        QVERIFY(form()
                    .findChild<QWidget *>(QStringLiteral("presetSummary"))
                    ->accessibleName()
                    .startsWith("Mine preset"));

        press(box(), Qt::Key_Up); // past the line, to what there is above
        QCOMPARE(form().preset().base, Preset::Slides);
        QVERIFY(!form().preset().isOwn());
        QCOMPARE(hidden(), std::string("400"));
        press(box(), Qt::Key_Down);
        QCOMPARE(form().preset().name, std::string("Mine"));
        QCOMPARE(hidden(), std::string("37"));
        m_window->actions().undo->trigger();
        QCOMPARE(form().preset().name, std::string("slides"));
        QCOMPARE(box()->currentText(), QStringLiteral("Slides"));
        m_window->actions().redo->trigger();
        QCOMPARE(hidden(), std::string("37"));

        menu(Qt::Key_D);
        QVERIFY(ownPresets("gradient-norm").presets.empty());
        QCOMPARE(box()->findText(QStringLiteral("Mine")), -1);
        QCOMPARE(hidden(), std::string("37")); // no setting is lost
        QCOMPARE(form().changedCount(), 1);
        QVERIFY(!m_window->actions().deletePreset->isEnabled()
                && !m_window->actions().exportPreset->isEnabled());
        QCOMPARE(banner().text(), QStringLiteral("Deleted the preset “Mine”."));
        press(banner().findChild<QPushButton *>(QStringLiteral("bannerAction")), Qt::Key_Space);
        QCOMPARE(box()->currentText(), QStringLiteral("Mine"));
        QCOMPARE(form().changedCount(), 0);
        QVERIFY(!banner().isVisible());
        QCOMPARE(ownPresets("gradient-norm").presets.size(), std::size_t(1));
    }

    void theDialogSaysWhatANameDoes()
    {
        save(QStringLiteral("Mine"));
        PresetDialog *dialog = ask();
        QVERIFY(dialog);
        auto *name = dialog->findChild<QLineEdit *>();
        auto *message = dialog->findChild<QLabel *>(QStringLiteral("presetMessage"));
        const auto button = [&](const QString &text) {
            for (QPushButton *one : dialog->findChildren<QPushButton *>())
                if (one->text().remove(QLatin1Char('&')) == text)
                    return one;
            return static_cast<QPushButton *>(nullptr);
        };
        QCOMPARE(name->text(), QStringLiteral("Mine")); // the one chosen
        QVERIFY(button("Replace") && message->text().contains("is replaced"));
        name->setText(QStringLiteral(" Quick "));
        QVERIFY(!button("Save")->isEnabled() && message->text().contains("LossLab's own"));
        name->clear();
        QVERIFY(!button("Save")->isEnabled());
        name->setText(QString::fromUtf8("U\u0308bung"));
        QVERIFY(button("Save")->isEnabled() && message->text().isEmpty());
        QCOMPARE(dialog->name(), std::string("Übung")); // however it was typed
        QVERIFY(!name->accessibleName().isEmpty());
        QTest::keyClick(name, Qt::Key_Escape);
        QTRY_VERIFY(!m_window->findChild<PresetDialog *>());
        QCOMPARE(ownPresets("gradient-norm").presets.size(), std::size_t(1));
    }

    void undoGoesToNoPresetThatWasDeleted()
    {
        type("hidden", "37");
        save(QStringLiteral("Mine"));
        QVERIFY(removePreset("gradient-norm", "Mine"));
        m_window->actions().presetChosen(QStringLiteral("report"));
        form().history().undo();
        QCOMPARE(hidden(), std::string("37"));
        QVERIFY(!form().preset().isOwn());
        QCOMPARE(form().changedCount(), 1);
    }

    void wrongSettingsAreNotSaved()
    {
        type("hidden", "many");
        m_window->actions().savePreset->trigger();
        QVERIFY(!m_window->findChild<PresetDialog *>());
        QVERIFY(banner().text().contains("while a setting is wrong"));
        QVERIFY(banner().isVisible());
        type("hidden", "37"); // then none is
        QVERIFY(!banner().isVisible());
    }

    void aRunBearsThePresetsNameWhileItHasItsSettings()
    {
        type("hidden", "37");
        save(QStringLiteral("Mine"));
        type("seed", "5"); // of which it says nothing
        QCOMPARE(form().spec().ownPreset, std::string("Mine"));
        type("hidden", "38");
        QCOMPARE(form().changedCount(), 2);
        QCOMPARE(form().spec().ownPreset, std::string());
        QCOMPARE(form().spec().preset, Preset::Report);
    }

    /// The momentum that it sets counts no longer, and does not hinder the run.
    void whatThePresetSetsMayStopToCount()
    {
        RunSpec spec = form().spec();
        *spec.find("optimizer") = std::string("sgd");
        *spec.find("momentum") = 0.5;
        QVERIFY(savePreset(*makePreset("SGD", spec)));
        m_window->actions().presetChosen(QStringLiteral("SGD"));
        QCOMPARE(form().changedCount(), 0);
        QCOMPARE(std::get<double>(*form().spec().find("momentum")), 0.5);
        auto *optimizer = form().findChild<QComboBox *>(QStringLiteral("optimizer"));
        optimizer->setCurrentIndex(optimizer->findText(QStringLiteral("Adam")));
        QCOMPARE(toText(*form().spec().find("optimizer")), std::string("adam"));
        const auto other = makePreset("x", form().spec());
        QVERIFY2(other, other ? "" : other.error().message.c_str());
    }

    void whatDoesNotFitChangesNothingAndSaysWhy()
    {
        type("hidden", "37");
        auto own = *makePreset("Old", form().spec());
        own.preset.settings.emplace_back("gone", std::int64_t{1});
        QVERIFY(savePreset(own));
        m_window->select("capacity");
        m_window->select("gradient-norm");
        QVERIFY(box()->findText(QStringLiteral("Old")) >= 0);
        box()->setCurrentIndex(box()->findText(QStringLiteral("Old")));
        m_window->actions().presetChosen(QStringLiteral("Old"));
        QVERIFY2(banner().text().contains("no parameter “gone”"), qPrintable(banner().text()));
        QCOMPARE(hidden(), std::string("37"));
        QCOMPARE(box()->currentText(), QStringLiteral("Report"));
        QCOMPARE(form().changedCount(), 1);
        banner().findChild<QPushButton *>(QStringLiteral("bannerAction"))->click(); // deletes it
        QVERIFY(ownPresets("gradient-norm").presets.empty());
        QCOMPARE(hidden(), std::string("37"));
    }

    void aFileGoesToItsExperiment()
    {
        const auto experiment = *makeExperiment("capacity");
        RunSpec spec = makeSpec(*experiment, Preset::Quick);
        spec.seed = 9;
        const std::filesystem::path file = toPath(m_home->filePath("x.losslab-preset"));
        QVERIFY(writePreset(file, *makePreset("Teacher's", spec)));
        m_window->open(file); // as when the program is started with it
        QCOMPARE(m_window->currentPanel().experiment().info().id, std::string("capacity"));
        QCOMPARE(form().preset().name, std::string("Teacher's"));
        QCOMPARE(form().spec().seed, std::uint64_t(9));
        QCOMPARE(form().spec().ownPreset, std::string("Teacher's"));
        QCOMPARE(box()->currentText(), QStringLiteral("Teacher's"));
        QVERIFY(m_window->findChild<StatusFooter *>()->message().contains("Opened the preset “Teacher's”"));

        spec.seed = 10; // another one of the same name
        QVERIFY(writePreset(file, *makePreset("Teacher's", spec)));
        m_window->openPreset(file);
        QCOMPARE(form().preset().name, std::string("Teacher's (2)"));
        QCOMPARE(ownPresets("capacity").presets.size(), std::size_t(2));
    }

    void aDamagedFileChangesNothing()
    {
        const std::filesystem::path file = toPath(m_home->filePath("x.losslab-preset"));
        std::ofstream(file) << "{";
        m_window->openPreset(file);
        QCOMPARE(m_window->currentPanel().experiment().info().id, std::string("gradient-norm"));
        QVERIFY(banner().isVisible() && banner().text().contains("Nothing was changed"));
        QCOMPARE(box()->findText(QStringLiteral("x")), -1);
        QVERIFY(writePreset(file, *makePreset("Mine", form().spec())));
        m_window->openPreset(file); // got again
        QVERIFY(!banner().isVisible());
    }

    /// On a field as well, which would take it as text.
    void aFileIsDroppedAnywhere()
    {
        const std::filesystem::path file = toPath(m_home->filePath("x.losslab-preset"));
        QVERIFY(writePreset(file, *makePreset("Dropped", form().spec())));
        auto *field = form().findChild<QLineEdit *>(QStringLiteral("hidden"));
        const QString before = field->text();
        (void)drop(*field, m_home->filePath("other.txt")); // is the field's
        QVERIFY(!form().preset().isOwn());
        field->setText(before);
        QVERIFY(drop(*field, fromPath(file)));
        QCOMPARE(field->text(), before);
        QCOMPARE(form().preset().name, std::string("Dropped"));
    }

    void exportingWritesTheChosenOne()
    {
        type("hidden", "37");
        save(QStringLiteral("a/b"));
        menu(Qt::Key_X);
        QFileDialog *dialog = m_window->findChild<QFileDialog *>();
        QVERIFY(dialog);
        QVERIFY(dialog->selectedFiles().constFirst().endsWith("a-b.losslab-preset"));
        const QString file = m_home->filePath("handed on.losslab-preset");
        Q_EMIT dialog->fileSelected(file);
        dialog->reject();
        const auto own = readPreset(toPath(file));
        QVERIFY(own && own->preset == form().preset());
    }

    void anOwnPresetSurvivesARestart()
    {
        type("hidden", "37");
        save(QStringLiteral("Mine"));
        type("lr", "0.5");
        m_window->close();
        openWindow();
        QCOMPARE(form().preset().name, std::string("Mine"));
        QCOMPARE(box()->currentText(), QStringLiteral("Mine"));
        QCOMPARE(form().changedCount(), 1);
        QCOMPARE(hidden(), std::string("37"));
        m_window->close();
        QVERIFY(removePreset("gradient-norm", "Mine")); // by a command
        openWindow();
        QCOMPARE(box()->currentText(), QStringLiteral("Report"));
        QCOMPARE(hidden(), std::string("37"));
        QCOMPARE(form().changedCount(), 2);
    }

    void aListOfAnotherProgramIsSeen()
    {
        QVERIFY(savePreset(*makePreset("By command", form().spec())));
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QEvent activated(QEvent::ActivationChange);
        QApplication::sendEvent(m_window.get(), &activated);
        QVERIFY(box()->findText(QStringLiteral("By command")) > 0);
    }

    void aLongNameLeavesTheWindowAsItIs()
    {
        m_window->resize(910, 512);
        const int bar = m_window->actions().toolBar()->sizeHint().width();
        const int least = form().minimumSizeHint().width();
        save(QString(100, QLatin1Char('W')));
        QTest::qWait(0);
        QCOMPARE(m_window->size(), QSize(910, 512));
        QCOMPARE(m_window->actions().toolBar()->sizeHint().width(), bar);
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTest::keyClick(m_window.get(), Qt::Key_P, Qt::AltModifier); // its label has no room
        QVERIFY(box()->hasFocus());
        QCOMPARE(form().minimumSizeHint().width(), least);
    }

private:
    void openWindow()
    {
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    ParameterForm &form() { return m_window->currentPanel().form(); }
    Banner &banner() { return m_window->currentPanel().banner(); }
    QComboBox *box() { return m_window->findChild<QComboBox *>(QStringLiteral("preset")); }
    std::string hidden() { return toText(*form().spec().find("hidden")); }
    void type(const char *key, const char *text)
    {
        form().findChild<QLineEdit *>(QLatin1String(key))->setText(QLatin1String(text));
    }
    static void press(QWidget *widget, Qt::Key key)
    {
        widget->setFocus();
        QTest::keyClick(widget, key);
    }
    /// Of the File menu, by its letter.
    void menu(Qt::Key letter)
    {
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::AltModifier);
        QWidget *opened = QApplication::activePopupWidget();
        QVERIFY(opened);
        QTest::keyClick(opened, letter);
        QTRY_VERIFY(!QApplication::activePopupWidget());
    }
    PresetDialog *ask()
    {
        m_window->activateWindow();
        (void)QTest::qWaitForWindowActive(m_window.get());
        QTest::keyClick(m_window.get(), Qt::Key_S, Qt::ControlModifier);
        return m_window->findChild<PresetDialog *>();
    }
    void save(const QString &name)
    {
        PresetDialog *dialog = ask();
        QVERIFY(dialog);
        auto *field = dialog->findChild<QLineEdit *>();
        QTest::keyClicks(field, name); // in place of what is selected
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->findChild<PresetDialog *>(), patience);
        QVERIFY2(!banner().isVisible(), qPrintable(banner().text()));
    }
    bool drop(QWidget &on, const QString &file)
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(file)});
        QDragEnterEvent enter(QPoint(1, 1), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&on, &enter);
        QDropEvent event(QPointF(1, 1), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&on, &event);
        return event.isAccepted();
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestPresetWindow)
#include "test_presetwindow.moc"
