#include "ui/notesdialog.h"

#include "ui/text.h"
#include "ui/theme.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace losslab::ui {

NotesDialog::NotesDialog(const RunNotes &notes, const QString &folder, QWidget *parent)
    : QDialog(parent),
      m_starred(notes.starred),
      m_name(new QLineEdit(fromText(notes.name), this)),
      m_tags(new QLineEdit(this)),
      m_note(new QPlainTextEdit(fromText(notes.note), this))
{
    setWindowTitle(tr("Name and notes"));
    setObjectName(QStringLiteral("notesDialog"));
    m_name->setObjectName(QStringLiteral("runName"));
    m_name->setPlaceholderText(folder);
    m_name->setMaxLength(static_cast<int>(longestRunName) / 4); // of any letters
    m_tags->setObjectName(QStringLiteral("runTags"));
    m_tags->setPlaceholderText(tr("homework, draft"));
    QStringList tags;
    for (const std::string &tag : notes.tags)
        tags << fromText(tag);
    m_tags->setText(tags.join(QStringLiteral(", ")));
    m_note->setObjectName(QStringLiteral("runNote"));
    m_note->setTabChangesFocus(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *form = new QFormLayout;
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Tags"), m_tags);
    form->addRow(tr("N&ote"), m_note);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * gridStep, 2 * gridStep, 2 * gridStep, 2 * gridStep);
    layout->setSpacing(gridStep);
    layout->addLayout(form);
    layout->addWidget(buttons);
    resize(QSize(60, 36) * gridStep);
}

RunNotes NotesDialog::notes() const
{
    return {m_name->text().simplified().toStdString(), m_note->toPlainText().trimmed().toStdString(),
            tagsIn(m_tags->text().toStdString()), m_starred};
}

} // namespace losslab::ui
