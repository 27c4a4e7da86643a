#pragma once

#include <QWidget>
#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace losslab::ui {

/// A message above the charts that stays until it is closed or no longer holds; it never interrupts.
class Banner : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Info, Error };

    explicit Banner(QWidget *parent = nullptr);

    /// Text is plain; with an action's text, a button that runs it.
    void showMessage(Kind kind, const QString &text, const QString &action = {},
                     std::function<void()> run = {});
    /// Hides the message where it is this one: it no longer holds.
    void withdraw(const QString &text);
    QString text() const;
    Kind kind() const { return m_kind; }

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void updateIcon();

    Kind m_kind = Kind::Info;
    std::function<void()> m_run;
    QLabel *m_icon;
    QLabel *m_text;
    QPushButton *m_action;
    QToolButton *m_close;
};

} // namespace losslab::ui
