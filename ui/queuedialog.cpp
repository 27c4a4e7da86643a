#include "ui/queuedialog.h"

#include "ui/plainlabel.h"
#include "ui/queuecontroller.h"
#include "ui/queuemodel.h"
#include "ui/queuetable.h"
#include "ui/runcontroller.h"
#include "ui/smalldialog.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScreen>
#include <QShortcut>
#include <QVBoxLayout>
#include <cmath>

namespace losslab::ui {

namespace {

constexpr int lookEvery = 1000; // ms
constexpr QSize wantedSize(92 * gridStep, 50 * gridStep);

QString runningText(const RunController &run)
{
    if (run.state() != RunState::Running)
        return stateText(run.state());
    return QueueDialog::tr("Running, %1 %").arg(std::floor(100 * run.progress().done));
}

QString standingOf(const QueuedRun &run, const QueueController &queue)
{
    if (waits(run.state) && !run.misfit.empty())
        return QueueDialog::tr("Cannot run: %1").arg(fromText(run.misfit));
    switch (run.state) {
    case QueuedState::Waiting:
        return QueueDialog::tr("Waiting");
    case QueuedState::Interrupted:
        return QueueDialog::tr("Interrupted, waiting");
    case QueuedState::Running:
        return run.id == queue.currentId() && queue.current() ? runningText(*queue.current())
                                                              : QueueDialog::tr("Running elsewhere");
    case QueuedState::Finished:
        return stateText(RunState::Finished);
    case QueuedState::Stopped:
        return stateText(RunState::Stopped);
    case QueuedState::Failed:
        break;
    }
    return QueueDialog::tr("Failed: %1").arg(fromText(run.message));
}

QString timeOf(const QueuedRun &run, const QueueController &queue)
{
    if (run.id == queue.currentId() && queue.current())
        return durationText(queue.currentSeconds());
    if (!waits(run.state))
        return run.seconds >= 0 ? durationText(run.seconds) : QString();
    const auto expected = queue.expectedSeconds(run.id);
    return expected ? QueueDialog::tr("about %1").arg(durationText(*expected)) : QStringLiteral("–");
}

QueueRow rowOf(const QueuedRun &run, const QString &text, const QueueController &queue)
{
    const bool isOurs = run.id == queue.currentId() && queue.current();
    return {.id = run.id,
            .state = run.state,
            .opens = isOurs || (isEnded(run.state) && !run.folder.empty()),
            .run = text,
            .standing = standingOf(run, queue),
            .time = timeOf(run, queue)};
}

} // namespace

QueueDialog::QueueDialog(QueueController &queue, const Actions &actions, QWidget *parent)
    : QDialog(parent),
      m_queue(queue),
      m_table(new QueueTable(this)),
      m_standing(new PlainLabel(this)),
      m_time(new PlainLabel(this))
{
    setWindowTitle(tr("Queue"));
    setObjectName(QStringLiteral("queueDialog"));
    m_standing->setObjectName(QStringLiteral("queueStanding"));
    m_time->setObjectName(QStringLiteral("queueTime"));
    m_time->setProperty("role", "muted");
    for (QLabel *label : {m_standing, m_time})
        label->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * gridStep, 2 * gridStep, 2 * gridStep, 2 * gridStep);
    layout->setSpacing(gridStep);
    layout->addWidget(makeHead(actions));
    layout->addWidget(m_table, 1);
    layout->addWidget(m_time);
    layout->addWidget(makeButtons(actions));
    resize(wantedSize.boundedTo(screen()->availableSize() - QSize(8, 6) * gridStep));
    connectAll();
    m_clock.setInterval(lookEvery);
    m_table->setFocus();
    update();
}

QWidget *QueueDialog::makeHead(const Actions &actions)
{
    auto *head = new QWidget(this);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(gridStep);
    layout->addWidget(m_standing, 1);
    QPushButton *start = makeButton(QStringLiteral("queueStart"), actions.start);
    start->setProperty("primary", true);
    layout->addWidget(start);
    layout->addWidget(makeButton(QStringLiteral("queueStop"), actions.stop));
    return head;
}

QWidget *QueueDialog::makeButtons(const Actions &actions)
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(gridStep / 2);
    m_up = makeButton(QStringLiteral("queueUp"), QStringLiteral("↑"), tr("Run it earlier (Alt+Up)"));
    m_down = makeButton(QStringLiteral("queueDown"), QStringLiteral("↓"), tr("Run it later (Alt+Down)"));
    m_remove = makeButton(QStringLiteral("queueRemove"), tr("&Remove"),
                          tr("Take the chosen run out of the queue (Delete); the run's folder stays"));
    m_clearEnded = makeButton(QStringLiteral("queueClearEnded"), tr("Clear &ended"),
                              tr("Take out all runs that have ended; their folders stay"));
    m_clear = makeButton(QStringLiteral("queueClear"), tr("&Clear all"),
                         tr("Take out all runs but the one that goes on"));
    m_undo =
        makeButton(QStringLiteral("queueUndo"), tr("&Undo"), tr("Put back what was taken out last (Ctrl+Z)"));
    for (QPushButton *button : {m_up, m_down, m_remove, m_clearEnded, m_clear, m_undo})
        layout->addWidget(button);
    layout->addStretch(1);
    layout->addWidget(makeButton(QStringLiteral("queueAdd"), actions.add));
    layout->addWidget(makeButton(QStringLiteral("queueAddAll"), actions.addAll));
    return row;
}

QPushButton *QueueDialog::makeButton(const QString &name, const QString &text, const QString &tip)
{
    QPushButton *button = makeRowButton(*this, name, text, tip);
    if (text.size() == 1)
        button->setAccessibleName(tip);
    return button;
}

QPushButton *QueueDialog::makeButton(const QString &name, QAction *action)
{
    QPushButton *button = makeButton(name, action->text(), action->toolTip());
    const auto follow = [button, action] {
        button->setText(action->text());
        button->setToolTip(plainTip(action->toolTip()));
        button->setEnabled(action->isEnabled());
    };
    follow();
    connect(action, &QAction::changed, button, follow);
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

void QueueDialog::connectAll()
{
    connect(&m_queue, &QueueController::changed, this, &QueueDialog::update);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        m_queue.refresh();
        update();
    });
    connect(m_table, &QueueTable::choiceChanged, this, &QueueDialog::updateButtons);
    connect(m_table, &QueueTable::openAsked, this, &QueueDialog::openAsked);
    connect(m_table, &QueueTable::removeAsked, this, &QueueDialog::remove);
    connect(m_table, &QueueTable::moveAsked, &m_queue, &QueueController::move);
    connect(m_up, &QPushButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { move(1); });
    connect(m_remove, &QPushButton::clicked, this, [this] { remove(m_table->chosen()); });
    connect(m_clearEnded, &QPushButton::clicked, this, [this] { clear(false); });
    connect(m_clear, &QPushButton::clicked, this, [this] { clear(true); });
    connect(m_undo, &QPushButton::clicked, &m_queue, &QueueController::undoRemoval);
    connect(new QShortcut(QKeySequence(QStringLiteral("Ctrl+Z")), this), &QShortcut::activated, m_undo,
            &QPushButton::click);
}

void QueueDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    m_clock.start();
    m_queue.refresh();
    update();
}

void QueueDialog::hideEvent(QHideEvent *event)
{
    m_clock.stop();
    QDialog::hideEvent(event);
}

/// Made once: a thousand of them every second would be felt.
QString QueueDialog::textOf(const QueuedRun &run)
{
    QString &text = m_texts[run.id];
    if (text.isEmpty())
        text = queuedText(run);
    return text;
}

/// The chosen run stays the chosen one, wherever it has gone.
void QueueDialog::update()
{
    const std::int64_t chosen = m_table->chosen();
    std::vector<QueueRow> rows;
    for (const QueuedRun &run : m_queue.runs())
        rows.push_back(rowOf(run, textOf(run), m_queue));
    m_table->rows().setRows(std::move(rows));
    m_table->choose(chosen);
    m_standing->setText(standingText());
    m_time->setText(timeText());
    updateButtons();
}

void QueueDialog::updateButtons()
{
    const std::int64_t chosen = m_table->chosen();
    const int place = m_table->placeOf(chosen);
    const auto &rows = m_table->rows().rows();
    const auto has = [&](auto isOne) { return std::any_of(rows.begin(), rows.end(), isOne); };
    const auto isRemovable = [](const QueueRow &row) { return row.state != QueuedState::Running; };
    m_up->setEnabled(chosen && place > 0);
    m_down->setEnabled(chosen && place >= 0 && place + 1 < m_queue.waiting());
    m_remove->setEnabled(has([&](const QueueRow &row) { return row.id == chosen && isRemovable(row); }));
    m_clearEnded->setEnabled(has([](const QueueRow &row) { return isEnded(row.state); }));
    m_clear->setEnabled(has(isRemovable));
    m_undo->setEnabled(m_queue.canUndoRemoval());
}

void QueueDialog::move(int by)
{
    const std::int64_t chosen = m_table->chosen();
    m_queue.move(chosen, m_table->placeOf(chosen) + by);
}

/// The next one is chosen then.
void QueueDialog::remove(std::int64_t id)
{
    const int row = m_table->rows().rowOf(id);
    m_queue.remove({id});
    const int last = m_table->rows().rowCount() - 1;
    if (m_table->rows().rowOf(id) < 0 && last >= 0)
        m_table->setCurrentIndex(m_table->rows().index(std::min(row, last), QueueModel::Run));
}

void QueueDialog::clear(bool waitingAsWell)
{
    std::vector<std::int64_t> ids;
    for (const QueuedRun &run : m_queue.runs())
        if (waitingAsWell || isEnded(run.state))
            ids.push_back(run.id);
    m_queue.remove(ids);
}

QString QueueDialog::standingText() const
{
    const int waiting = m_queue.waiting();
    const QString wait = waiting == 1 ? tr("1 run waits.") : tr("%1 runs wait.").arg(waiting);
    if (m_queue.runsElsewhere())
        return tr("Another window of LossLab runs the queue. %1").arg(wait);
    if (m_queue.current() && !m_queue.isOn() && waiting > 0)
        return tr("Pauses when this run has ended. %1").arg(wait);
    if (m_queue.current()) {
        const std::size_t all = m_queue.runs().size(), place = all - static_cast<std::size_t>(waiting);
        const QString which = tr("Run %1 of %2 goes on.").arg(place).arg(all);
        return waiting > 0 ? tr("%1 %2").arg(which, wait) : which;
    }
    if (m_queue.isOn())
        return tr("Begins when the run that goes on has ended. %1").arg(wait);
    if (waiting > 0)
        return tr("Not started. %1").arg(wait);
    return m_queue.runs().empty() ? tr(
               "The queue is empty. Add the settings of an experiment here or in the window (Ctrl+Shift+R).")
                                  : tr("All runs have ended.");
}

/// What is not known is not guessed.
QString QueueDialog::timeText() const
{
    double spent = m_queue.currentSeconds(), left = 0;
    int unknown = 0;
    for (const QueuedRun &run : m_queue.runs()) {
        const auto expected = m_queue.expectedSeconds(run.id);
        spent += isEnded(run.state) ? std::max(0.0, run.seconds) : 0;
        left += waits(run.state) ? expected.value_or(0) : 0;
        unknown += waits(run.state) && !expected ? 1 : 0;
    }
    if (const RunController *run = m_queue.current()) {
        left += std::max(0.0, run->progress().secondsLeft);
        unknown += run->progress().secondsLeft < 0 ? 1 : 0;
    }
    if (m_queue.waiting() == 0 && !m_queue.current())
        return m_queue.runs().empty() ? QString() : tr("%1 of training in all").arg(durationText(spent));
    const QString many = unknown == 1 ? tr("1 run was not timed on this machine before")
                                      : tr("%1 runs were not timed on this machine before").arg(unknown);
    QString text = unknown == 0 ? tr("about %1 left").arg(durationText(left))
                   : left > 0   ? tr("more than %1 left: %2").arg(durationText(left), many)
                                : tr("time left not known: %1").arg(many);
    if (spent > 0)
        return tr("%1 of training so far  ·  %2").arg(durationText(spent), text);
    text[0] = text[0].toUpper();
    return text;
}

} // namespace losslab::ui
