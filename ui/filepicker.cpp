#include "ui/filepicker.h"

#include "data/filekind.h"
#include "ui/icons.h"
#include "ui/text.h"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>

namespace losslab::ui {

FilePicker::FilePicker(const ParameterInfo &info, QWidget *parent)
    : m_title(fromText(info.label)), m_line(new QLineEdit(parent))
{
    const Option filter = dynamic_cast<const FileKind &>(*info.kind).filter();
    m_filter = tr("%1 (%2);;All files (*)").arg(fromText(filter.label), fromText(filter.key));
    m_line->setPlaceholderText(tr("none"));
    m_line->setClearButtonEnabled(true);
    QAction *choose = m_line->addAction(icon(QStringLiteral("folder")), QLineEdit::TrailingPosition);
    choose->setText(tr("Choose a file"));
    choose->setToolTip(tr("Choose a file (Alt+Down)"));
    choose->setShortcut(Qt::ALT | Qt::Key_Down);
    choose->setShortcutContext(Qt::WidgetShortcut);
    connect(choose, &QAction::triggered, this, &FilePicker::ask);
    connect(m_line, &QLineEdit::textChanged, this, &ValueEditor::edited);
    connect(m_line, &QLineEdit::editingFinished, this, &ValueEditor::settled);
}

QWidget *FilePicker::widget() const
{
    return m_line;
}

QString FilePicker::text() const
{
    return m_line->text();
}

void FilePicker::setText(const QString &text)
{
    m_line->setText(text);
}

void FilePicker::ask()
{
    auto *dialog = new QFileDialog(m_line, m_title, QFileInfo(text()).absolutePath(), m_filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        setText(file);
        Q_EMIT settled();
    });
    dialog->open();
}

} // namespace losslab::ui
