// The list of networks in the form, as it is filled with keys.

#include "experiments/registry.h"
#include "lab/experiment.h"
#include "train/networklist.h"
#include "ui/networktable.h"
#include "ui/parameterform.h"
#include "ui/text.h"

#include <QApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTableWidget>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

using namespace losslab;
using namespace losslab::ui;

class TestNetworkTable : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Experiment> m_experiment;
    std::unique_ptr<ParameterForm> m_form;
    QTableWidget *m_table = nullptr;

    void open(const char *id)
    {
        m_form.reset();
        m_experiment = std::move(*makeExperiment(id));
        m_form = std::make_unique<ParameterForm>(*m_experiment);
        m_form->resize(400, 900);
        m_form->show();
        m_form->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_form.get()));
        m_table = m_form->findChild<QWidget *>(QStringLiteral("models"))->findChild<QTableWidget *>();
        QVERIFY(m_table);
    }

    QString models() const { return fromText(toText(*m_form->spec().find("models"))); }
    QString said() const { return m_form->findChild<QLabel *>(QStringLiteral("models-message"))->text(); }

    /// Into the cell, in place of what it holds.
    void type(int row, int column, const char *text)
    {
        m_table->setFocus();
        m_table->setCurrentCell(row, column);
        QTest::keyClick(m_table, Qt::Key_Return);
        auto *line = qobject_cast<QPlainTextEdit *>(QApplication::focusWidget());
        QVERIFY(line);
        line->selectAll();
        QTest::keyClicks(line, QLatin1String(text));
        QTest::keyClick(line, Qt::Key_Return);
        QCoreApplication::processEvents(); // only then is the cell left
    }

private Q_SLOTS:
    void cleanup() { m_form.reset(); }

    void networksAreListedWithTheirSize()
    {
        open("function-fit");
        QCOMPARE(m_table->rowCount(), 3);
        QCOMPARE(m_table->item(0, NetworkTable::Name)->text(), QStringLiteral("deep"));
        QCOMPARE(m_table->item(0, NetworkTable::Parameters)->text(), QStringLiteral("555"));
        QVERIFY(m_table->item(0, NetworkTable::Layers)
                    ->text()
                    .endsWith(QStringLiteral("| lr 0.001 | decay 0.0001")));
        QVERIFY2(said().startsWith(QStringLiteral("555 · 558 · 557 parameters")), qPrintable(said()));
        QCOMPARE(m_form->changedCount(), 0);

        open("cnn-mnist");
        QCOMPARE(m_table->item(0, NetworkTable::Parameters)->text(), QStringLiteral("24,330"));
    }

    void keysAddDuplicateMoveAndRemove()
    {
        open("function-fit");
        const QString before = models();
        m_table->setFocus();
        QTest::keyClick(m_table, Qt::Key_Insert);
        QCOMPARE(m_table->rowCount(), 4);
        auto *line = qobject_cast<QPlainTextEdit *>(QApplication::focusWidget());
        QVERIFY(line); // what it is made of is typed at once
        line->selectAll();
        QTest::keyClicks(line, QStringLiteral("190"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(m_table->item(3, NetworkTable::Parameters)->text(), QStringLiteral("571"));
        QVERIFY2(models().endsWith(QStringLiteral("; net4: 190")), qPrintable(models()));

        m_table->setCurrentCell(3, NetworkTable::Name);
        QTest::keyClick(m_table, Qt::Key_Up, Qt::AltModifier);
        QVERIFY2(models().contains(QStringLiteral("; net4: 190; shallow")), qPrintable(models()));
        QTest::keyClick(m_table, Qt::Key_D, Qt::ControlModifier);
        QVERIFY2(models().contains(QStringLiteral("; net4: 190; net5: 190; shallow")), qPrintable(models()));
        QTest::keyClick(m_table, Qt::Key_Delete);
        m_table->setCurrentCell(2, NetworkTable::Name);
        QTest::keyClick(m_table, Qt::Key_Delete);
        QCOMPARE(models(), before);
        while (m_form->history().canUndo())
            m_form->history().undo();
        QCOMPARE(models(), before);
        QCOMPARE(m_form->changedCount(), 0);
    }

    void cellsAreTyped()
    {
        open("function-fit");
        type(1, NetworkTable::Name, "mine");
        type(1, NetworkTable::Layers, "7-7 | lr 0.02 | decay 0.5");
        QVERIFY2(models().contains(QStringLiteral("; mine: 7, 7 | lr 0.02 | decay 0.5; ")),
                 qPrintable(models()));
        QCOMPARE(m_table->item(1, NetworkTable::Parameters)->text(), QStringLiteral("78"));
    }

    /// The run that is started next has it.
    void whatIsTypedCountsBeforeTheCellIsLeft()
    {
        open("function-fit");
        m_table->setFocus();
        QTest::keyClick(m_table, Qt::Key_Insert);
        auto *line = qobject_cast<QPlainTextEdit *>(QApplication::focusWidget());
        QVERIFY(line);
        line->selectAll();
        QTest::keyClicks(line, QStringLiteral("30;:")); // what parts networks is not taken
        QVERIFY2(models().endsWith(QStringLiteral("; net4: 30")), qPrintable(models()));
        QCOMPARE(readNetworks(models().toStdString())->size(), std::size_t{4});
    }

    /// While it is written, too; and what is typed within it stays there.
    void aLongCellIsSeenWhole()
    {
        open("cnn-mnist");
        m_table->setCurrentCell(0, NetworkTable::Layers);
        m_table->setFocus();
        QTest::keyClick(m_table, Qt::Key_F2);
        auto *cell = qobject_cast<QPlainTextEdit *>(QApplication::focusWidget());
        QVERIFY(cell);
        const int before = m_table->rowHeight(0);
        QTest::keyClick(cell, Qt::Key_Home, Qt::ControlModifier);
        QTest::keyClicks(cell, QStringLiteral("conv 10 4 pad same, conv 10 4 pad same, "));
        QVERIFY2(
            models().startsWith(QStringLiteral("cnn1: conv 10 4 pad same, conv 10 4 pad same, conv 10 4, ")),
            qPrintable(models()));
        QCoreApplication::processEvents();
        QVERIFY(m_table->rowHeight(0) > before);
        QCOMPARE(cell->height(), m_table->visualItemRect(m_table->item(0, NetworkTable::Layers)).height());
        int lines = 0;
        for (QTextBlock block = cell->document()->begin(); block.isValid(); block = block.next())
            lines += block.layout()->lineCount();
        QVERIFY(lines > 1);
        QVERIFY2(
            lines * cell->fontMetrics().lineSpacing() <= cell->viewport()->height(),
            qPrintable(QStringLiteral("%1 lines, %2 pixels").arg(lines).arg(cell->viewport()->height())));
        QTest::keyClick(cell, Qt::Key_Return);
        QCoreApplication::processEvents();
        QVERIFY(!m_table->findChild<QPlainTextEdit *>()
                || !m_table->findChild<QPlainTextEdit *>()->isVisible());
    }

    void escapeTakesBackWhatWasTyped()
    {
        open("function-fit");
        const QString before = models();
        m_table->setCurrentCell(1, NetworkTable::Layers);
        m_table->setFocus();
        QTest::keyClick(m_table, Qt::Key_F2);
        auto *line = qobject_cast<QPlainTextEdit *>(QApplication::focusWidget());
        QVERIFY(line);
        QTest::keyClicks(line, QStringLiteral("7"));
        QVERIFY(models() != before);
        QTest::keyClick(line, Qt::Key_Escape);
        QCOMPARE(models(), before);
    }

    void undoKeepsTheChosenCell()
    {
        open("function-fit");
        type(2, NetworkTable::Layers, "190");
        m_table->setCurrentCell(2, NetworkTable::Layers);
        m_form->history().undo();
        QCOMPARE(m_table->currentRow(), 2);
        QCOMPARE(m_table->currentColumn(), int(NetworkTable::Layers));
    }

    void whatIsWrongIsTold()
    {
        open("function-fit");
        type(0, NetworkTable::Layers, "5, ten");
        QVERIFY2(said().startsWith(QStringLiteral("deep: “ten” is no layer")), qPrintable(said()));
        QCOMPARE(m_table->item(0, NetworkTable::Parameters)->text(), QStringLiteral("–"));
        QVERIFY(m_form->problem().contains(QStringLiteral("ten")));
        m_form->history().undo();
        QVERIFY2(m_form->problem().isEmpty(), qPrintable(m_form->problem()));
        type(1, NetworkTable::Name, "deep");
        QVERIFY2(said().contains(QStringLiteral("Two networks are called deep.")), qPrintable(said()));
        type(1, NetworkTable::Name, "middle");
        type(2, NetworkTable::Layers, "5 | lr 0");
        QVERIFY2(said().startsWith(QStringLiteral("The learning rate of shallow")), qPrintable(said()));
        type(2, NetworkTable::Layers, "5");
        QVERIFY2(m_form->problem().isEmpty(), qPrintable(m_form->problem()));
        for (int row = 0; row < 3; ++row) {
            m_table->setCurrentCell(0, NetworkTable::Name);
            QTest::keyClick(m_table, Qt::Key_Delete);
        }
        QVERIFY2(said().startsWith(QStringLiteral("There is no network.")), qPrintable(said()));
    }
};

QTEST_MAIN(TestNetworkTable)
#include "test_networktable.moc"
