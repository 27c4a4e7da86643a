// A person at the window while a run goes on, who presses keys, drags and turns the wheel without sense, at
// any moment: also between a drain of the run's events and the redraw that shows them. Most is worth under
// the address sanitizer.

#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/runsettings.h"
#include "lab/runspec.h"
#include "runs/runrecord.h"
#include "tests/runcontent.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartcanvas.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QMouseEvent>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <functional>
#include <iterator>
#include <random>

using namespace losslab;
using namespace losslab::test;
using namespace losslab::ui;

namespace {

constexpr int patience = 60000; ///< ms
constexpr int actions = 400;    ///< a person's, a test

/// Starts a run that does not end by itself.
void startLongRun(MainWindow &window, const QString &id)
{
    window.select(id.toStdString());
    ExperimentPanel &panel = window.currentPanel();
    panel.form().reset();
    const ParameterInfo &epochs = panel.experiment().findParameter("epochs")->info();
    panel.form()
        .findChild<QLineEdit *>(QStringLiteral("epochs"))
        ->setText(fromText(toText(Value(static_cast<std::int64_t>(epochs.kind->limits()->max)))));
    if (auto *hidden = panel.form().findChild<QLineEdit *>(QStringLiteral("hidden")))
        hidden->setText(QStringLiteral("4")); // too few to converge
    panel.form().findChild<QLineEdit *>(QStringLiteral("repeats"))->setText(QString::number(mostRepeats));
    window.actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(pointsIn(panel.controller().data()) > 20, patience);
}

void stopRun(MainWindow &window)
{
    window.actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!window.trainingPanel(), patience);
}

class Person
{
public:
    Person(MainWindow &window, QString experiment, unsigned seed)
        : m_window(window), m_experiment(std::move(experiment)), m_random(seed)
    {}
    ~Person() { m_window.setUpdatesEnabled(true); }

    void act()
    {
        using Action = void (Person::*)();
        static constexpr std::pair<int, Action> all[] = {
            {30, &Person::press},        {15, &Person::holdCrosshairKeys},
            {15, &Person::turnTheWheel}, {15, &Person::point},
            {8, &Person::drag},          {6, &Person::clickTwice},
            {25, &Person::wait},         {10, &Person::lookAway},
            {3, &Person::lookAtAnother}, {3, &Person::resize},
            {2, &Person::copy},          {1, &Person::runAgain},
        };
        int left = 0;
        for (const auto &[weight, action] : all)
            left += weight;
        left = upTo(left);
        for (const auto &[weight, action] : all)
            if ((left -= weight) < 0)
                return (this->*action)();
    }

private:
    int upTo(int count) { return static_cast<int>(m_random() % static_cast<unsigned>(count)); }
    bool oneIn(int count) { return upTo(count) == 0; }

    template <class Values>
    auto oneOf(const Values &values)
    {
        return values[static_cast<std::size_t>(upTo(static_cast<int>(std::size(values))))];
    }

    ChartCanvas &canvas()
    {
        std::vector<ChartCanvas *> shown;
        for (ChartCanvas *one : m_window.currentPanel().findChildren<ChartCanvas *>())
            if (one->isVisible())
                shown.push_back(one);
        return shown.empty() ? *m_window.currentPanel().findChild<ChartCanvas *>() : *oneOf(shown);
    }

    QPoint place(const QWidget &widget) { return {upTo(widget.width()), upTo(widget.height())}; }

    /// Keys of charts, most of the time on one; Tab leads anywhere.
    void press()
    {
        static constexpr Qt::Key keys[] = {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up,   Qt::Key_Down,
                                           Qt::Key_Plus, Qt::Key_Minus, Qt::Key_Home, Qt::Key_Escape,
                                           Qt::Key_End,  Qt::Key_1,     Qt::Key_2,    Qt::Key_3};
        if (oneIn(8)) {
            QTest::keyClick(&m_window, oneIn(2) ? Qt::Key_Tab : Qt::Key_Backtab);
        } else if (oneIn(10)) {
            QTest::keyClick(&m_window, oneIn(2) ? Qt::Key_F11 : Qt::Key_L,
                            oneIn(2) ? Qt::NoModifier : Qt::ControlModifier);
        } else if (oneIn(6) && QApplication::focusWidget()) {
            QTest::keyClick(QApplication::focusWidget(), oneOf(keys));
        } else if (oneIn(10)) {
            QTest::keyEvent(oneIn(2) ? QTest::Press : QTest::Release, &canvas(), Qt::Key_Space);
        } else {
            ChartCanvas &chart = canvas();
            chart.setFocus();
            QTest::keyClick(&chart, oneOf(keys));
        }
    }

    void holdCrosshairKeys()
    {
        ChartCanvas &chart = canvas();
        const Qt::Key key = oneIn(2) ? Qt::Key_Left : Qt::Key_Right;
        for (int i = upTo(6); i >= 0; --i)
            QTest::keyClick(&chart, key, Qt::ControlModifier);
    }

    void turnTheWheel()
    {
        ChartCanvas &chart = canvas();
        const QPoint at = place(chart);
        const Qt::KeyboardModifiers modifiers = oneIn(4) ? Qt::ShiftModifier : Qt::NoModifier;
        for (int i = upTo(4); i >= 0; --i) {
            QWheelEvent event(at, chart.mapToGlobal(at), {}, QPoint(0, 120 * (upTo(7) - 3)), Qt::NoButton,
                              modifiers, Qt::NoScrollPhase, false);
            QApplication::sendEvent(&chart, &event);
        }
    }

    void move(ChartCanvas &chart, QPoint at, Qt::MouseButtons buttons)
    {
        QMouseEvent event(QEvent::MouseMove, at, chart.mapToGlobal(at), Qt::NoButton, buttons, {});
        QApplication::sendEvent(&chart, &event);
    }

    void point()
    {
        ChartCanvas &chart = canvas();
        for (int i = upTo(4); i >= 0; --i)
            move(chart, place(chart), Qt::NoButton);
        if (oneIn(3))
            QTest::mouseClick(&chart, Qt::LeftButton, {}, place(chart));
        if (oneIn(10)) {
            QEvent left(QEvent::Leave);
            QApplication::sendEvent(&chart, &left);
        }
    }

    void drag()
    {
        ChartCanvas &chart = canvas();
        const Qt::MouseButton button = oneIn(3) ? Qt::MiddleButton : Qt::LeftButton;
        QTest::mousePress(&chart, button, {}, place(chart));
        for (int i = upTo(5); i >= 0; --i) {
            move(chart, place(chart), button);
            if (oneIn(4))
                wait();
        }
        QTest::mouseRelease(&chart, button, {}, place(chart));
    }

    void clickTwice()
    {
        ChartCanvas &chart = canvas();
        QTest::mouseDClick(&chart, Qt::LeftButton, {}, place(chart));
    }

    /// Timers drain and redraw.
    void wait() { QTest::qWait(upTo(60)); }

    /// Nothing is painted for a while, as behind another window, but the run goes on and is drained.
    void lookAway() { m_window.setUpdatesEnabled(oneIn(2)); }

    void lookAtAnother()
    {
        m_window.select(oneIn(2) ? "capacity" : "gradient-norm");
        QTest::qWait(upTo(60));
        m_window.select(m_experiment.toStdString());
    }

    void resize() { m_window.resize(700 + upTo(900), 500 + upTo(500)); }

    void copy() { m_window.actions().copyChart->trigger(); }

    void runAgain()
    {
        stopRun(m_window);
        if (oneIn(2))
            press();
        startLongRun(m_window, m_experiment);
    }

    MainWindow &m_window;
    QString m_experiment;
    std::mt19937 m_random;
};

bool isSound(const AxisRange &range)
{
    return std::isfinite(range.min) && std::isfinite(range.max) && range.min < range.max;
}

} // namespace

class TestRandomInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRunIsNotDisturbed_data()
    {
        QTest::addColumn<QString>("experiment");
        QTest::addColumn<unsigned>("seed");
        for (const unsigned seed : {1U, 2U, 3U})
            for (const char *experiment : {"function-fit", "gradient-norm"})
                QTest::addRow("%s, seed %u", experiment, seed) << experiment << seed;
    }

    void aRunIsNotDisturbed()
    {
        QFETCH(QString, experiment);
        QFETCH(unsigned, seed);
        const QTemporaryDir home;
        qputenv("LOSSLAB_HOME", home.path().toUtf8());
        MainWindow window;
        window.show();
        startLongRun(window, experiment);
        {
            Person person(window, experiment, seed);
            for (int i = 0; i < actions; ++i)
                person.act();
        }
        RunController &controller = window.currentPanel().controller();
        QCOMPARE(controller.state(), RunState::Running);
        const std::size_t before = pointsIn(controller.data());
        QTRY_VERIFY_WITH_TIMEOUT(pointsIn(controller.data()) > before, patience);
        for (ChartCanvas *canvas : window.currentPanel().findChildren<ChartCanvas *>()) {
            canvas->grab();
            const PlotSpace &space = canvas->drawing().space();
            QVERIFY(isSound(space.x) && isSound(space.left));
        }

        stopRun(window);
        const Result<RunRecord> record = readRun(controller.folder());
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(record->state, RunState::Stopped);
        QCOMPARE(pointsIn(record->data), pointsIn(controller.data()));
    }
};

QTEST_MAIN(TestRandomInput)
#include "test_randominput.moc"
