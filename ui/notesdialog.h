#pragma once

#include "library/runnotes.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace losslab::ui {

/// Asks for what a person says of a run: its name, tags and a note.
class NotesDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `folder`: what the run is called without a name.
    NotesDialog(const RunNotes &notes, const QString &folder, QWidget *parent);

    RunNotes notes() const;

private:
    bool m_starred;
    QLineEdit *m_name;
    QLineEdit *m_tags;
    QPlainTextEdit *m_note;
};

} // namespace losslab::ui
