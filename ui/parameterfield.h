#pragma once

#include "lab/parameter.h"

#include <QObject>
#include <QString>
#include <optional>

class QComboBox;
class QGridLayout;
class QKeyEvent;
class QLabel;
class QLineEdit;
class QToolButton;
class QWidget;

namespace losslab::ui {

/// One parameter in a form: its label (in the accent colour where the value is not the preset's), an editor
/// of its kind, its unit, a small reset where it has something to do, and beneath them what is wrong with
/// what was typed, or a hint.
class ParameterField : public QObject
{
    Q_OBJECT

public:
    /// Columns that place() fills.
    enum Column { LabelColumn, EditorColumn, UnitColumn, ResetColumn };

    /// Without a value, until one is set.
    ParameterField(ParameterInfo info, QWidget *parent);

    const ParameterInfo &info() const { return m_info; }
    /// Puts the widgets into two rows of the grid from this one on.
    void place(QGridLayout &grid, int row) const;
    QWidget *editor() const { return m_editor; }
    QWidget *resetButton() const;

    /// Nothing where what was typed is wrong.
    std::optional<Value> value() const;
    void setValue(const Value &value);
    /// As typed, wrong or not.
    QString text() const;
    virtual void setText(const QString &text);

    /// The preset's value, which reset goes back to.
    void setStandard(const Value &standard);
    const Value &standard() const { return m_standard; }
    bool isChanged() const;
    /// A sentence, or empty where the value is fine.
    virtual QString problem() const;
    /// Shows the problem or the hint anew: for what changes outside the form.
    virtual void showMessage();
    /// Says that the value, fine by itself, does not go with others; empty: it does.
    void setConflict(const QString &conflict);

Q_SIGNALS:
    void edited();
    /// What was typed is complete: Enter, or the focus has left. A choice is at once.
    void settled();
    void resetRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    /// What there is to say of the value where nothing is wrong with it.
    virtual QString hint() const;
    /// One more value for a Choice.
    void addOption(const Option &option, int place);

private:
    bool isLong() const;
    QWidget *makeEditor(QWidget *parent);
    QComboBox *makeChoice(QWidget *parent);
    void update();
    bool step(int direction);
    bool undoesHere(const QKeyEvent &key) const;

    ParameterInfo m_info;
    Value m_standard;
    QLabel *m_label;
    QWidget *m_editor;
    QLabel *m_unit;
    QToolButton *m_reset;
    QLabel *m_message;
    QString m_conflict;
};

/// A number as people of either habit type it, as ParameterInfo::parse reads it: "0,5" is "0.5", "20 000" is
/// "20000". "1,000" stays as it is where it may be either, and so does what is of a kind that is no number.
QString plainNumber(const QString &typed, ParameterInfo::Kind kind);

/// The next round number (1, 2, 5 times a power of ten) above or below.
double nextRound(double value, int direction);

} // namespace losslab::ui
