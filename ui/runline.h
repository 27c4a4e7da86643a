#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace losslab::ui {

class ElidedLabel;

/// A line above the charts: which run they show, and that the form asks for another one by now.
class RunLine : public QWidget
{
    Q_OBJECT

public:
    explicit RunLine(QWidget *parent = nullptr);

    /// "Run of 24 Nov 2026, 10:15: quick preset, epochs=100 · seed 1".
    void setText(const QString &text);
    QString text() const;
    /// Whether the form's settings are others than the run's.
    void setChanged(bool changed);

Q_SIGNALS:
    void settingsWanted(); ///< the run's, in the form

private:
    ElidedLabel *m_text;
    QLabel *m_changed;
    QPushButton *m_use;
};

} // namespace losslab::ui
