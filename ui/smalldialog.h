#pragma once

#include "ui/text.h"
#include "ui/theme.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace losslab::ui {

/// Lays out a dialog that asks for one thing: a field, a muted note that says what it means, and the buttons,
/// of which the first does it. `columns`: of the grid, its least width.
inline void layOutSmall(QDialog &dialog, const QString &label, QWidget &field, QLabel &note,
                        const QString &does, int columns)
{
    note.setProperty("role", "muted");
    note.setWordWrap(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, &dialog);
    buttons->button(QDialogButtonBox::Ok)->setText(does);
    QObject::connect(buttons, &QDialogButtonBox::accepted, &dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    auto *form = new QFormLayout;
    form->addRow(label, &field);
    auto *layout = new QVBoxLayout(&dialog);
    layout->setContentsMargins(2 * gridStep, 2 * gridStep, 2 * gridStep, 2 * gridStep);
    layout->setSpacing(gridStep);
    layout->addLayout(form);
    layout->addWidget(&note);
    layout->addStretch();
    layout->addWidget(buttons);
    dialog.setMinimumWidth(columns * gridStep);
}

/// A button in a row of a dialog with a table, whose Return it leaves to that. The tip is plain text.
inline QPushButton *makeRowButton(QDialog &dialog, const QString &name, const QString &text,
                                  const QString &tip)
{
    auto *button = new QPushButton(text, &dialog);
    button->setObjectName(name);
    button->setToolTip(plainTip(tip));
    button->setAutoDefault(false);
    button->setStyleSheet(QStringLiteral("padding-left: 8px; padding-right: 8px;"));
    return button;
}

} // namespace losslab::ui
