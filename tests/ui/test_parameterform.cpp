#include "experiments/registry.h"
#include "lab/experiment.h"
#include "tests/everyexperiment.h"
#include "ui/parameterfield.h"
#include "ui/parameterform.h"
#include "ui/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace losslab;
using namespace losslab::ui;

class TestParameterForm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyParameterHasItsField_data() { test::everyExperiment(); }
    void everyParameterHasItsField();
    void presetsFillTheForm_data() { test::everyExperiment(); }
    void presetsFillTheForm();
    void aWrongValueIsToldUnderItsField_data() { test::everyExperiment(); }
    void aWrongValueIsToldUnderItsField();
    void oneFieldGoesBackAlone_data() { test::everyExperiment(); }
    void oneFieldGoesBackAlone();
    void settingsComeBackAsTyped_data() { test::everyExperiment(); }
    void settingsComeBackAsTyped();
    void aRunsSettingsFillTheForm();
    void aCommaIsToldUnderItsField();
    void aCommaThatMayPartThousandsIsRefused();
    void spellingsOfOneSettingAgree();
    void arrowKeysGoThroughRoundNumbers();
    void allCoresAreCalledSo();
    void aFunctionIsWrittenOrChosen();
    void aFunctionsErrorIsToldWhileTyping();
    void valuesThatDoNotGoTogetherAreTold();
    void aDataSetIsAskedForWhereImagesAreLearned();
    void tabGoesThroughTheFieldsAndThenToReset_data() { test::everyExperiment(); }
    void tabGoesThroughTheFieldsAndThenToReset();
    void aFieldGoesBackByKeys();
    void everyReplacementIsUndone();
    void whatWasTypedOrChosenIsUndone_data() { test::everyExperiment(); }
    void whatWasTypedOrChosenIsUndone();

private:
};

namespace {

QLineEdit *numberField(const ParameterForm &form)
{
    for (const ParameterField *field : form.fields())
        if (auto *line = qobject_cast<QLineEdit *>(field->editor());
            line && field->isShown() && field->info().kind->limits())
            return line;
    return nullptr;
}

template <class Widget>
Widget *beside(const ParameterForm &form, const QWidget *editor, const char *suffix)
{
    return form.findChild<Widget *>(editor->objectName() + QLatin1String(suffix));
}

} // namespace

void TestParameterForm::everyParameterHasItsField()
{
    QFETCH(QString, id);
    const auto experiment = std::move(*makeExperiment(id.toStdString()));
    ParameterForm form(*experiment);
    form.show();
    for (const Parameter *parameter : experiment->parameters()) {
        const ParameterInfo &info = parameter->info();
        auto *editor = form.findChild<QWidget *>(fromText(info.key));
        QVERIFY2(editor, info.key.c_str());
        QCOMPARE(editor->isVisibleTo(&form), applies(info, form.spec(), *experiment));
        QCOMPARE(editor->accessibleName(), fromText(info.label));
        if (std::holds_alternative<bool>(info.report))
            QVERIFY(qobject_cast<QCheckBox *>(editor));
        else if (const auto *box = qobject_cast<QComboBox *>(editor))
            QCOMPARE(box->count(), static_cast<int>(info.kind->options().size()));
        else if (qobject_cast<QLineEdit *>(editor))
            QVERIFY2(editor->toolTip().contains(fromText(info.kind->range())), info.key.c_str());
    }
    for (const char *key : {"seed", "repeats", "threads"})
        QVERIFY(form.findChild<QLineEdit *>(QLatin1String(key)));
}

void TestParameterForm::presetsFillTheForm()
{
    QFETCH(QString, id);
    const auto experiment = std::move(*makeExperiment(id.toStdString()));
    ParameterForm form(*experiment);
    for (const Preset preset : {Preset::Quick, Preset::Report}) {
        form.setPreset(preset);
        QVERIFY(form.problem().isEmpty());
        QCOMPARE(form.changedCount(), 0);
        QVERIFY(form.spec().parameters == makeSpec(*experiment, preset).parameters);
    }
}

void TestParameterForm::aWrongValueIsToldUnderItsField()
{
    QFETCH(QString, id);
    const auto experiment = std::move(*makeExperiment(id.toStdString()));
    ParameterForm form(*experiment);
    form.show();
    QLineEdit *line = numberField(form);
    auto *message = beside<QLabel>(form, line, "-message");
    QVERIFY(!message->isVisibleTo(&form));

    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("-x"));
    QVERIFY(message->isVisibleTo(&form));
    QVERIFY(message->text().startsWith(QLatin1String("Enter ")));
    QVERIFY(form.problem().contains(message->text()));

    form.reset();
    QVERIFY(!message->isVisibleTo(&form));
    QVERIFY(form.problem().isEmpty());
}

void TestParameterForm::oneFieldGoesBackAlone()
{
    QFETCH(QString, id);
    const auto experiment = std::move(*makeExperiment(id.toStdString()));
    ParameterForm form(*experiment);
    form.show();
    QLineEdit *line = numberField(form);
    auto *seed = form.findChild<QLineEdit *>(QStringLiteral("seed"));
    auto *back = beside<QToolButton>(form, line, "-reset");
    const QString standard = line->text();
    QVERIFY(!back->isVisibleTo(&form));

    line->setText(QStringLiteral("3"));
    seed->setText(QStringLiteral("7"));
    QCOMPARE(form.changedCount(), 2);
    QVERIFY(back->isVisibleTo(&form));

    back->click();
    QCOMPARE(line->text(), standard);
    QCOMPARE(form.changedCount(), 1);
    QCOMPARE(form.spec().seed, std::uint64_t(7));

    form.findChild<QPushButton *>(QStringLiteral("resetAll"))->click();
    QCOMPARE(form.changedCount(), 0);
}

void TestParameterForm::settingsComeBackAsTyped()
{
    QFETCH(QString, id);
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("settings.ini"));
    const auto experiment = std::move(*makeExperiment(id.toStdString()));
    {
        QSettings settings(file, QSettings::IniFormat);
        ParameterForm form(*experiment);
        form.setPreset(Preset::Quick);
        numberField(form)->setText(QStringLiteral("not, finished"));
        form.findChild<QLineEdit *>(QStringLiteral("seed"))->setText(QStringLiteral("42"));
        form.save(settings);
    }
    const QSettings settings(file, QSettings::IniFormat);
    ParameterForm form(*experiment);
    form.restore(settings);
    QCOMPARE(form.preset().base, makeSpec(*experiment, Preset::Quick).preset);
    QCOMPARE(numberField(form)->text(), QStringLiteral("not, finished"));
    QVERIFY(!form.problem().isEmpty());
    QCOMPARE(form.spec().seed, std::uint64_t(42));
    QCOMPARE(form.changedCount(), 2);
}

void TestParameterForm::aRunsSettingsFillTheForm()
{
    const auto experiment = std::move(*makeExperiment("gradient-zero"));
    RunSpec spec = makeSpec(*experiment, Preset::Quick);
    *spec.find("hidden") = std::string("37, 5");
    *spec.find("lr") = 0.0025;
    spec.seed = 11;
    spec.repeats = 3;
    ParameterForm form(*experiment);
    form.setSpec(spec);
    QVERIFY(form.spec().parameters == spec.parameters);
    QCOMPARE(form.spec().preset, Preset::Quick);
    QCOMPARE(form.spec().seed, std::uint64_t(11));
    QCOMPARE(form.spec().repeats, 3);
}

/// In the words of the command line; the form takes what was meant.
void TestParameterForm::aCommaIsToldUnderItsField()
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    ParameterForm form(*experiment);
    form.show();
    auto *rate = form.findChild<QLineEdit *>(QStringLiteral("lr"));
    auto *message = beside<QLabel>(form, rate, "-message");
    rate->setText(QStringLiteral("0,5"));
    QVERIFY(message->isVisibleTo(&form));
    QCOMPARE(message->text(), QStringLiteral("Read as 0.5: decimals have a point."));
    QVERIFY(form.problem().isEmpty());
    QCOMPARE(std::get<double>(*form.spec().find("lr")), 0.5);
    rate->setText(QStringLiteral("0.5"));
    QVERIFY(!message->isVisibleTo(&form));

    auto *points = form.findChild<QLineEdit *>(QStringLiteral("points"));
    auto *ofPoints = beside<QLabel>(form, points, "-message");
    points->setText(QStringLiteral("1,5"));
    QVERIFY2(ofPoints->text().startsWith(QLatin1String("Enter a whole number")),
             qPrintable(ofPoints->text()));
    points->setText(QStringLiteral("1,000"));
    QCOMPARE(ofPoints->text(), QStringLiteral("Read as 1000: commas are left out."));
    QCOMPARE(std::get<std::int64_t>(*form.spec().find("points")), std::int64_t(1000));
}

/// Taken for one, "1,000" would be a thousandth of what some mean by it.
void TestParameterForm::aCommaThatMayPartThousandsIsRefused()
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    ParameterForm form(*experiment);
    form.show();
    auto *factor = form.findChild<QLineEdit *>(QStringLiteral("lr-factor"));
    factor->setText(QStringLiteral("1,000"));
    QCOMPARE(beside<QLabel>(form, factor, "-message")->text(),
             QStringLiteral("Write 1000 or 1.000: the comma may mean either."));
    QVERIFY(!form.problem().isEmpty());
    factor->setText(QStringLiteral("0,500"));
    QVERIFY(form.problem().isEmpty());
    QCOMPARE(std::get<double>(*form.spec().find("lr-factor")), 0.5);
}

/// A run keeps a function by its name, and numbers as such, however they were typed.
void TestParameterForm::spellingsOfOneSettingAgree()
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    ParameterForm form(*experiment);
    RunSpec spec = makeSpec(*experiment, Preset::Report);
    QVERIFY(form.agreesWith(spec));
    auto *function = form.findChild<QComboBox *>(QStringLiteral("function"));
    function->setEditText(QStringLiteral("sin(5 * pi * x) / (5 * pi * x)"));
    QVERIFY(form.problem().isEmpty());
    QVERIFY(form.agreesWith(spec));
    *spec.find("high") = std::int64_t(1); // as JSON has it
    QVERIFY(form.agreesWith(spec));
    function->setEditText(QStringLiteral("cos(x)"));
    QVERIFY(!form.agreesWith(spec));
}

void TestParameterForm::arrowKeysGoThroughRoundNumbers()
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    ParameterForm form(*experiment);
    form.show();
    auto *rate = form.findChild<QLineEdit *>(QStringLiteral("lr"));
    rate->setText(QStringLiteral("0.003"));
    QTest::keyClick(rate, Qt::Key_Up);
    QCOMPARE(rate->text(), QStringLiteral("0.005"));
    QTest::keyClick(rate, Qt::Key_Up);
    QCOMPARE(rate->text(), QStringLiteral("0.01"));
    QTest::keyClick(rate, Qt::Key_Down);
    QTest::keyClick(rate, Qt::Key_Down);
    QCOMPARE(rate->text(), QStringLiteral("0.002"));
    rate->setText(QStringLiteral("10"));
    QTest::keyClick(rate, Qt::Key_Up);
    QCOMPARE(rate->text(), QStringLiteral("10")); // its highest
    auto *points = form.findChild<QLineEdit *>(QStringLiteral("points"));
    points->setText(QStringLiteral("400"));
    QTest::keyClick(points, Qt::Key_Down);
    QCOMPARE(points->text(), QStringLiteral("399"));
}

void TestParameterForm::allCoresAreCalledSo()
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    ParameterForm form(*experiment);
    auto *cores = form.findChild<QLineEdit *>(QStringLiteral("threads"));
    QCOMPARE(cores->text(), QStringLiteral("all"));
    QCOMPARE(form.spec().threads, 0);
    cores->setText(QStringLiteral("1"));
    QCOMPARE(form.spec().threads, 1);
    QCOMPARE(form.changedCount(), 1);
    QTest::keyClick(cores, Qt::Key_Down);
    QCOMPARE(cores->text(), QStringLiteral("all"));
    cores->setText(QStringLiteral("some"));
    QVERIFY(form.problem().contains(QLatin1String("all, or a whole number from 1")));
    cores->setText(QStringLiteral("0"));
    QCOMPARE(form.changedCount(), 0);
}

void TestParameterForm::aFunctionIsWrittenOrChosen()
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    ParameterForm form(*experiment);
    auto *function = form.findChild<QComboBox *>(QStringLiteral("function"));
    const auto inSpec = [&] { return std::get<std::string>(*form.spec().find("function")); };
    QVERIFY(function->isEditable());
    QCOMPARE(inSpec(), std::string("sinc"));
    function->setCurrentIndex(0);
    QCOMPARE(inSpec(), std::string("square"));
    function->setEditText(QStringLiteral(" x^3 - x "));
    QCOMPARE(inSpec(), std::string("x^3 - x"));
    QCOMPARE(form.changedCount(), 1);
    function->setEditText(QStringLiteral("sinc")); // by its name
    QCOMPARE(inSpec(), std::string("sinc"));
    QCOMPARE(form.changedCount(), 0);

    RunSpec spec = makeSpec(*experiment, Preset::Report);
    *spec.find("function") = std::string("cos(x)");
    form.setSpec(spec);
    QCOMPARE(function->currentText(), QStringLiteral("cos(x)"));
    beside<QToolButton>(form, function, "-reset")->click();
    QCOMPARE(inSpec(), std::string("sinc"));
    QCOMPARE(function->currentText(), function->itemText(1));
}

void TestParameterForm::aFunctionsErrorIsToldWhileTyping()
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    ParameterForm form(*experiment);
    form.show();
    auto *function = form.findChild<QComboBox *>(QStringLiteral("function"));
    auto *message = beside<QLabel>(form, function, "-message");
    function->lineEdit()->selectAll();
    QTest::keyClicks(function->lineEdit(), QStringLiteral("sin(x"));
    QVERIFY(message->isVisibleTo(&form));
    QCOMPARE(message->text(), QStringLiteral("A parenthesis is missing at the end."));
    QVERIFY(form.problem().startsWith(QLatin1String("Function: A parenthesis")));
    QTest::keyClicks(function->lineEdit(), QStringLiteral(")"));
    QVERIFY(!message->isVisibleTo(&form));
    QVERIFY(form.problem().isEmpty());
    QTest::keyClicks(function->lineEdit(), QStringLiteral(" / (x + 1)"));
    QCOMPARE(message->text(), QStringLiteral("The function is infinite at x = -1."));
    QVERIFY(!form.problem().isEmpty());
    form.findChild<QLineEdit *>(QStringLiteral("low"))->setText(QStringLiteral("0"));
    QVERIFY(form.problem().isEmpty()); // there it has values
}

void TestParameterForm::valuesThatDoNotGoTogetherAreTold()
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    ParameterForm form(*experiment);
    form.show();
    auto *low = form.findChild<QLineEdit *>(QStringLiteral("low"));
    auto *high = form.findChild<QLineEdit *>(QStringLiteral("high"));
    auto *message = beside<QLabel>(form, high, "-message");
    low->setText(QStringLiteral("3"));
    QVERIFY(message->isVisibleTo(&form));
    QVERIFY2(message->text().contains(QLatin1String("interval is empty")), qPrintable(message->text()));
    QVERIFY(form.problem().startsWith(QLatin1String("Highest x")));
    high->setText(QStringLiteral("4"));
    QVERIFY(!message->isVisibleTo(&form));
    QVERIFY(form.problem().isEmpty());
    low->setText(QStringLiteral("much")); // one that is wrong by itself comes first
    high->setText(QStringLiteral("-4"));
    QVERIFY(form.problem().startsWith(QLatin1String("Lowest x")));
    QVERIFY(!message->isVisibleTo(&form));
}

void TestParameterForm::tabGoesThroughTheFieldsAndThenToReset()
{
    QFETCH(QString, id);
    const auto experiment = std::move(*makeExperiment(id.toStdString()));
    ParameterForm form(*experiment);
    form.show();
    form.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&form));
    form.findChild<QLineEdit *>(QStringLiteral("seed"))
        ->setText(QStringLiteral("3")); // Reset has something to do
    form.fields().front()->editor()->setFocus();
    for (const ParameterField *field : form.fields()) {
        if (!field->isShown())
            continue;
        QWidget *now = QApplication::focusWidget();
        QVERIFY2(now && (now == field->editor() || field->editor()->isAncestorOf(now)),
                 field->info().key.c_str());
        QTest::keyClick(now, Qt::Key_Tab); // past the reset of one that is changed
    }
    QCOMPARE(QApplication::focusWidget(), form.findChild<QPushButton *>(QStringLiteral("resetAll")));
}

/// By a key and by the menu of its own, which a line has with what it always offers.
void TestParameterForm::aFieldGoesBackByKeys()
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    ParameterForm form(*experiment);
    form.show();
    form.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&form));
    const auto reset = [](QWidget *widget) {
        widget->setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backspace,
                        Qt::ControlModifier | Qt::ShiftModifier);
    };
    auto *seed = form.findChild<QLineEdit *>(QStringLiteral("seed"));
    seed->setText(QStringLiteral("3"));
    reset(seed);
    QCOMPARE(seed->text(), QStringLiteral("1"));
    auto *optimizer = form.findChild<QComboBox *>(QStringLiteral("optimizer"));
    optimizer->setCurrentIndex(optimizer->findData(QStringLiteral("sgd")));
    QCOMPARE(form.changedCount(), 1);
    reset(optimizer);
    QCOMPARE(form.changedCount(), 0);

    seed->setText(QStringLiteral("4"));
    QContextMenuEvent asked(QContextMenuEvent::Keyboard, {}, seed->mapToGlobal(QPoint()));
    QCoreApplication::sendEvent(seed, &asked);
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    QVERIFY(menu->actions().size() > 2);
    QAction *last = menu->actions().last();
    QVERIFY(last->isEnabled());
    last->trigger();
    menu->close();
    QCOMPARE(seed->text(), QStringLiteral("1"));
    QVERIFY(!last->isEnabled()); // nothing is left to do
}

/// What a function is learned by neither shows nor matters where images are, and the other way round.
void TestParameterForm::aDataSetIsAskedForWhereImagesAreLearned()
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    ParameterForm form(*experiment);
    form.show();
    const auto shows = [&](const char *key) {
        return form.findChild<QWidget *>(QLatin1String(key))->isVisibleTo(&form);
    };
    const auto choose = [&](const char *task) {
        auto *learns = form.findChild<QComboBox *>(QStringLiteral("learns"));
        learns->setCurrentIndex(learns->findData(QLatin1String(task)));
    };
    RunSpec spec = form.spec();
    spec.data = "/nowhere";
    form.setSpec(spec, {});
    QVERIFY(shows("function") && shows("table") && shows("hidden"));
    QVERIFY(!shows("data") && !shows("samples") && !shows("pixels") && !shows("image-hidden"));
    QVERIFY2(form.problem().isEmpty(), qPrintable(form.problem()));

    choose("images");
    QVERIFY(!shows("function") && !shows("table") && !shows("hidden"));
    QVERIFY(shows("data") && shows("pixels") && shows("image-hidden"));
    QVERIFY2(form.problem().contains(QLatin1String("nowhere")), qPrintable(form.problem()));
    choose("function");
    QVERIFY2(form.problem().isEmpty(), qPrintable(form.problem()));
}

void TestParameterForm::everyReplacementIsUndone()
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    ParameterForm form(*experiment);
    form.show();
    auto *hidden = form.findChild<QLineEdit *>(QStringLiteral("hidden"));
    QStringList told;
    connect(&form, &ParameterForm::replaced, this, [&](const QString &what, int settings) {
        told << QStringLiteral("%1 %2").arg(what).arg(settings);
    });
    form.setPreset(Preset::Quick); // nothing typed is lost
    QVERIFY(told.isEmpty());
    form.history().undo();
    QCOMPARE(form.preset().base, Preset::Report);

    hidden->setText(QStringLiteral("not yet"));
    form.findChild<QLineEdit *>(QStringLiteral("seed"))->setText(QStringLiteral("4"));
    RunSpec spec = makeSpec(*experiment, Preset::Quick);
    *spec.find("lr") = 0.5;
    const std::vector<std::function<void()>> replacements{
        [&] { form.setPreset(Preset::Quick); }, [&] { form.reset(); },
        [&] { form.setSpec(spec, QStringLiteral("A run")); },
        [&] { beside<QToolButton>(form, hidden, "-reset")->click(); }};
    for (const auto &replacement : replacements) {
        replacement();
        QVERIFY(hidden->text() != QLatin1String("not yet"));
        form.history().undo();
        QCOMPARE(hidden->text(), QStringLiteral("not yet"));
        QCOMPARE(form.preset().base, Preset::Report);
        QCOMPARE(form.spec().seed, std::uint64_t(4));
    }
    QCOMPARE(told, (QStringList{QStringLiteral("The preset 1"), QStringLiteral("Reset 2"),
                                QStringLiteral("A run 2")}));
    form.history().redo();
    QCOMPARE(form.changedCount(), 1); // the seed; the field is as in the preset
}

void TestParameterForm::whatWasTypedOrChosenIsUndone()
{
    QFETCH(QString, id);
    const auto experiment = std::move(*makeExperiment(id.toStdString()));
    ParameterForm form(*experiment);
    form.show();
    form.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&form));
    const auto texts = [&] {
        QStringList all;
        for (const ParameterField *field : form.fields())
            all << field->text();
        return all;
    };
    std::vector<QStringList> states{texts()};
    for (const ParameterField *field : form.fields()) {
        if (!field->isShown())
            continue;
        QWidget *editor = field->editor();
        const auto *box = qobject_cast<QComboBox *>(editor);
        editor->setFocus();
        if (qobject_cast<QCheckBox *>(editor)) {
            QTest::keyClick(editor, Qt::Key_Space);
        } else if (auto *table = editor->findChild<QTableWidget *>()) {
            table->setCurrentCell(0, 0);
            QTest::keyClick(table, Qt::Key_D, Qt::ControlModifier); // duplicates the row
        } else if (box && !box->isEditable()) {
            QTest::keyClick(editor, box->currentIndex() > 0 ? Qt::Key_Up : Qt::Key_Down);
        } else {
            QWidget *line = box ? box->lineEdit() : editor;
            QTest::keyClick(line, Qt::Key_End);
            QTest::keyClicks(line, QStringLiteral("7q")); // what is wrong is undone as well
            QTest::keyClick(line, Qt::Key_Tab);
        }
        QVERIFY2(texts() != states.back(), qPrintable(editor->objectName()));
        states.push_back(texts());
    }
    for (std::size_t i = states.size() - 1; i-- > 0;) {
        form.history().undo();
        QCOMPARE(texts(), states[i]);
    }
    QVERIFY(!form.history().canUndo());
    for (std::size_t i = 1; i < states.size(); ++i) {
        form.history().redo();
        QCOMPARE(texts(), states[i]);
    }
}

QTEST_MAIN(TestParameterForm)
#include "test_parameterform.moc"
