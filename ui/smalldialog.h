#pragma once

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

} // namespace losslab::ui
