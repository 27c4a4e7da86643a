#pragma once

#include "lab/parameter.h"

#include <QObject>
#include <QString>

class QComboBox;
class QLineEdit;
class QWidget;

namespace losslab::ui {

/// The widget that a value of one kind is set with, and its text, as ParameterInfo::parse() reads it. One
/// class a kind, or several kinds of like looks; makeEditor() knows which.
class ValueEditor : public QObject
{
    Q_OBJECT

public:
    enum class Place {
        Beside, ///< its label, with its unit
        Wide,   ///< beside its label, where the unit would be as well
        Below,  ///< its label, as wide as the form
    };

    virtual QWidget *widget() const = 0;
    /// As typed, wrong or not.
    virtual QString text() const = 0;
    virtual void setText(const QString &text) = 0;
    virtual Place place() const { return Place::Beside; }
    /// Where text is typed, which has an undo of its own; null: nowhere.
    virtual QLineEdit *line() const { return nullptr; }
    /// What there is to say of a text with which nothing is wrong.
    virtual QString hint() const { return {}; }
    /// The value's kind, where it has become another, see ValueKind::forImages().
    virtual void setKind(const std::shared_ptr<const ValueKind> &) {}
    /// What is shown of the value beneath it; null: nothing.
    virtual QWidget *picture() const { return nullptr; }
    /// Whether the picture is to be seen, where there is one and it has something to show.
    virtual void setPictureShown(bool /*shown*/) {}
    /// Looks again at what changes outside the form.
    virtual void refresh() {}

Q_SIGNALS:
    void edited();
    /// What was typed is complete: Enter, or the focus has left. A choice is at once.
    void settled();
};

/// The editor for the kind of value that a parameter takes, inside `parent`.
ValueEditor *makeEditor(const ParameterInfo &info, QWidget *parent);

/// A combo box with the options of a kind, as wide as a number and its unit.
QComboBox *makeOptions(const ValueKind &kind, QWidget *parent);

/// The next round number (1, 2, 5 times a power of ten) above or below.
double nextRound(double value, int direction);

} // namespace losslab::ui
