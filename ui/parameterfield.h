#pragma once

#include "lab/parameter.h"
#include "ui/valueeditor.h"

#include <QObject>
#include <QString>
#include <optional>

class QAction;
class QContextMenuEvent;
class QGridLayout;
class QKeyEvent;
class QLabel;
class QToolButton;
class QWidget;

namespace losslab::ui {

/// One parameter in a form: its label (in the accent colour where the value is not the preset's), the editor
/// of its kind, its unit, a small reset where it has something to do (by keys from the editor, so that Tab
/// goes from field to field), and beneath them what is wrong with what was typed, or a hint; and what is
/// shown of the value.
class ParameterField final : public QObject
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
    QWidget *editor() const { return m_editor->widget(); }
    QWidget *resetButton() const;

    /// Nothing where what was typed is wrong.
    std::optional<Value> value() const;
    void setValue(const Value &value);
    /// As typed, wrong or not.
    QString text() const { return m_editor->text(); }
    void setText(const QString &text);

    /// The preset's value, which reset goes back to.
    void setStandard(const Value &standard);
    const Value &standard() const { return m_standard; }
    bool isChanged() const;
    /// A sentence, or empty where the value is fine.
    QString problem() const;
    /// Shows the problem or the hint anew: for what changes outside the form.
    void refresh();
    /// Holds the value to these images, and tells what there is to say of it with them.
    void setImages(const ImageSurvey &images);
    /// Where the parameter counts with the others' values. One that does not is not shown, has the preset's
    /// value, and nothing is wrong with it.
    void setApplies(bool applies);
    bool isShown() const { return m_applies; }
    /// Says that the value, fine by itself, does not go with others; empty: it does.
    void setConflict(const QString &conflict);
    /// What was typed is a change of the form's history from now on, and no longer one of the field's own.
    void forgetTyping();

Q_SIGNALS:
    void edited();
    /// What was typed is complete, see ValueEditor.
    void settled();
    void resetRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    std::string plainText() const;
    QString hint() const;
    void showMessage();
    void update();
    bool isForLine(const QKeyEvent &key) const;
    void makeReset();
    void showMenu(const QContextMenuEvent &event);

    ParameterInfo m_info;
    Value m_standard;
    QLabel *m_label;
    ValueEditor *m_editor;
    QLabel *m_unit;
    QAction *m_resetAction;
    QToolButton *m_reset;
    QLabel *m_message;
    QString m_conflict;
    bool m_applies = true;
};

} // namespace losslab::ui
