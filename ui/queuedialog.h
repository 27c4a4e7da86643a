#pragma once

#include <QDialog>
#include <QTimer>
#include <cstdint>
#include <map>

class QAction;
class QLabel;
class QPushButton;

namespace losslab {
struct QueuedRun;
}

namespace losslab::ui {

class QueueController;
class QueueTable;
struct QueueRow;

/// The queue beside the window: what waits, runs and has ended, in which order and how long, and all that can
/// be done with it.
class QueueDialog final : public QDialog
{
    Q_OBJECT

public:
    /// The actions are the window's, which has them do what their buttons say here.
    struct Actions
    {
        QAction *add;
        QAction *addAll;
        QAction *start; ///< or pause after the run that goes on
        QAction *stop;
    };

    QueueDialog(QueueController &queue, const Actions &actions, QWidget *parent);

    QueueTable &table() { return *m_table; }

Q_SIGNALS:
    /// A run that has ended or goes on is to be looked at.
    void openAsked(std::int64_t id);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeHead(const Actions &actions);
    QWidget *makeButtons(const Actions &actions);
    QPushButton *makeButton(const QString &name, const QString &text, const QString &tip);
    QPushButton *makeButton(const QString &name, QAction *action);
    void connectAll();
    QString textOf(const QueuedRun &run);
    void update();
    void updateButtons();
    void move(int by);
    void remove(std::int64_t id);
    void clear(bool waitingAsWell);
    QString standingText() const;
    QString timeText() const;

    QueueController &m_queue;
    QueueTable *m_table;
    QLabel *m_standing;
    QLabel *m_time;
    QPushButton *m_up = nullptr;
    QPushButton *m_down = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_undo = nullptr;
    QPushButton *m_clearEnded = nullptr;
    QPushButton *m_clear = nullptr;
    std::map<std::int64_t, QString> m_texts; ///< of runs, by id
    QTimer m_clock;                          ///< times pass, and other windows change the queue
};

} // namespace losslab::ui
