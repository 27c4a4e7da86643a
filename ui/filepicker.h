#pragma once

#include "ui/valueeditor.h"

class QLineEdit;

namespace losslab::ui {

/// A path that is typed, or chosen in a dialog: by the folder at its end, or Alt+Down.
class FilePicker final : public ValueEditor
{
    Q_OBJECT

public:
    FilePicker(const ParameterInfo &info, QWidget *parent);

    QWidget *widget() const override;
    QString text() const override;
    void setText(const QString &text) override;
    Place place() const override { return Place::Below; }
    QLineEdit *line() const override { return m_line; }

private:
    void ask();

    QString m_title;  ///< of the dialog
    QString m_filter; ///< the same
    QLineEdit *m_line;
};

} // namespace losslab::ui
