#pragma once

#include <QTimer>
#include <QUrl>
#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace losslab::ui {

class RunController;

/// The window's bottom line: progress, what the run says of itself, the time left; or a message with a link.
class StatusFooter : public QWidget
{
    Q_OBJECT

public:
    explicit StatusFooter(QWidget *parent = nullptr);

    /// How a run stands. Title: of the experiment, where it is not the one being looked at.
    void showRun(const RunController &controller, const QString &title);
    /// For ten seconds, in place of the run's text. The link is an address, opened when its text is clicked.
    void showMessage(const QString &text, const QString &linkText = {}, const QUrl &link = {});
    QString message() const;
    /// At the right, how the queue stands; empty where there is nothing in it.
    void showQueue(const QString &text);

Q_SIGNALS:
    void queueAsked();

private:
    QProgressBar *m_bar;
    QLabel *m_text;
    QLabel *m_left;
    QLabel *m_message;
    QToolButton *m_queue;
    QTimer m_messageTimer;
};

} // namespace losslab::ui
