#include "ui/presetdialog.h"

#include "runs/presetfile.h"
#include "ui/plainlabel.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>

namespace losslab::ui {

PresetDialog::PresetDialog(std::vector<std::string> taken, const std::string &suggestion, const QString &note,
                           QWidget *parent)
    : QDialog(parent),
      m_taken(std::move(taken)),
      m_name(new QLineEdit(fromText(suggestion), this)),
      m_message(new PlainLabel(this))
{
    setWindowTitle(tr("Save as preset"));
    m_name->setObjectName(QStringLiteral("presetName"));
    m_name->setAccessibleName(tr("Name of the preset"));
    m_name->setPlaceholderText(tr("Homework 1"));
    m_name->selectAll();
    m_message->setObjectName(QStringLiteral("presetMessage"));
    m_message->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    m_save = buttons->button(QDialogButtonBox::Save);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, &PresetDialog::update);

    auto *form = new QFormLayout;
    form->addRow(tr("&Name"), m_name);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * gridStep, 2 * gridStep, 2 * gridStep, 2 * gridStep);
    layout->setSpacing(gridStep);
    layout->addLayout(form);
    layout->addWidget(m_message);
    if (!note.isEmpty()) {
        auto *about = new PlainLabel(note, this);
        about->setWordWrap(true);
        about->setProperty("role", "muted");
        layout->addWidget(about);
    }
    layout->addStretch();
    layout->addWidget(buttons);
    m_message->setMinimumHeight(2 * m_message->fontMetrics().lineSpacing()); // nothing moves while one types
    m_message->setAlignment(Qt::AlignTop);
    setMinimumWidth(48 * gridStep);
    update();
}

/// As composed signs, whatever the keyboard made: a name is found by its bytes.
std::string PresetDialog::name() const
{
    return m_name->text().trimmed().normalized(QString::NormalizationForm_C).toStdString();
}

void PresetDialog::update()
{
    const std::string wrong = presetNameProblem(name());
    const bool replaces = std::find(m_taken.begin(), m_taken.end(), name()) != m_taken.end();
    const bool begun = !m_name->text().isEmpty();
    m_save->setEnabled(wrong.empty());
    m_save->setText(replaces ? tr("&Replace") : tr("&Save"));
    m_message->setText(!begun           ? tr("Settings are kept under this name, for this experiment.")
                       : !wrong.empty() ? fromText(wrong)
                       : replaces       ? tr("There is a preset of this name: it is replaced.")
                                        : QString());
    m_message->setProperty("role", begun && !wrong.empty() ? "error" : "muted");
    m_message->style()->polish(m_message);
}

} // namespace losslab::ui
