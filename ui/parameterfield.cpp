#include "ui/parameterfield.h"

#include "ui/icons.h"
#include "ui/plainlabel.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStyle>
#include <QToolButton>
#include <algorithm>

namespace losslab::ui {

namespace {

constexpr int longestLabel =
    10 * gridStep + gridStep / 2; // pixels; longer ones take a second line, not the charts' room

/// A property that the style sheet looks at.
void setState(QWidget &widget, const char *name, const QVariant &state)
{
    if (widget.property(name) == state)
        return;
    widget.setProperty(name, state);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

} // namespace

ParameterField::ParameterField(ParameterInfo info, QWidget *parent)
    : QObject(parent),
      m_info(std::move(info)),
      m_standard(m_info.report),
      m_label(new PlainLabel(fromText(m_info.label), parent)),
      m_editor(makeEditor(m_info, parent)),
      m_unit(new PlainLabel(fromText(m_info.unit), parent)),
      m_resetAction(new QAction(tr("Reset to the preset's value"), this)),
      m_reset(new QToolButton(parent)),
      m_message(new PlainLabel(parent))
{
    const QString key = fromText(m_info.key);
    editor()->setObjectName(key);
    editor()->setAccessibleName(fromText(m_info.label));
    editor()->setAccessibleDescription(fromText(m_info.help));
    editor()->installEventFilter(this);
    QString tip = fromText(m_info.help);
    if (m_editor->line())
        tip += (tip.isEmpty() ? tr("Enter %1.") : tr("\nEnter %1.")).arg(fromText(m_info.kind->range()));
    m_label->setWordWrap(true);
    m_label->setMinimumWidth(
        std::min(m_label->fontMetrics().horizontalAdvance(m_label->text()), longestLabel));
    m_label->setToolTip(plainTip(tip));
    editor()->setToolTip(plainTip(tip));
    m_label->setBuddy(editor());
    m_unit->setProperty("role", "muted");
    makeReset();
    m_message->setObjectName(key + QStringLiteral("-message"));
    m_message->setProperty("role", "error");
    m_message->setWordWrap(true);
    connect(m_editor, &ValueEditor::edited, this, &ParameterField::update);
    connect(m_editor, &ValueEditor::settled, this, &ParameterField::settled);
}

void ParameterField::makeReset()
{
    m_resetAction->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+Backspace")));
    m_resetAction->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    editor()->addAction(m_resetAction);
    m_label->addAction(m_resetAction);
    m_label->setContextMenuPolicy(Qt::ActionsContextMenu);
    if (QLineEdit *line = m_editor->line()) // which has a menu of its own
        line->installEventFilter(this);
    else
        editor()->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_reset->setIcon(icon(QStringLiteral("reset")));
    m_reset->setIconSize({14, 14});
    m_reset->setStyleSheet(QStringLiteral("padding: 2px;"));
    m_reset->setObjectName(fromText(m_info.key) + QStringLiteral("-reset"));
    m_reset->setAccessibleName(tr("Reset %1").arg(fromText(m_info.label)));
    m_reset->setFocusPolicy(Qt::NoFocus); // by keys from the field
    QSizePolicy keepsItsPlace = m_reset->sizePolicy();
    keepsItsPlace.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(keepsItsPlace);
    connect(m_reset, &QToolButton::clicked, m_resetAction, &QAction::trigger);
    connect(m_resetAction, &QAction::triggered, this, [this] {
        Q_EMIT resetRequested();
        editor()->setFocus();
    });
}

/// The line's own, with the reset.
void ParameterField::showMenu(const QContextMenuEvent &event)
{
    QMenu *menu = m_editor->line()->createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addSeparator();
    menu->addAction(m_resetAction);
    menu->popup(event.globalPos());
}

QWidget *ParameterField::resetButton() const
{
    return m_reset;
}

void ParameterField::place(QGridLayout &grid, int row) const
{
    constexpr int beforeReset = ResetColumn - LabelColumn;
    const ValueEditor::Place place = m_editor->place();
    m_unit->setVisible(place == ValueEditor::Place::Beside);
    if (place == ValueEditor::Place::Below) {
        grid.addWidget(m_label, row, LabelColumn, 1, beforeReset);
        grid.addWidget(editor(), ++row, LabelColumn, 1, beforeReset);
    } else {
        grid.addWidget(m_label, row, LabelColumn);
        grid.addWidget(editor(), row, EditorColumn, 1, place == ValueEditor::Place::Wide ? 2 : 1);
    }
    if (place == ValueEditor::Place::Beside)
        grid.addWidget(m_unit, row, UnitColumn);
    grid.addWidget(m_reset, row, ResetColumn);
    grid.addWidget(m_message, row + 1, LabelColumn, 1, beforeReset + 1);
    if (QWidget *picture = m_editor->picture())
        grid.addWidget(picture, row + 2, LabelColumn, 1, beforeReset);
}

std::string ParameterField::plainText() const
{
    return m_info.kind->plain(text().toStdString());
}

void ParameterField::setApplies(bool applies)
{
    if (m_applies == applies)
        return;
    m_applies = applies;
    for (QWidget *widget : {static_cast<QWidget *>(m_label), editor()})
        widget->setVisible(applies);
    m_editor->setPictureShown(applies);
    m_unit->setVisible(applies && m_editor->place() == ValueEditor::Place::Beside);
    QSizePolicy reset = m_reset->sizePolicy(); // which keeps its place where the field is seen
    reset.setRetainSizeWhenHidden(applies);
    m_reset->setSizePolicy(reset);
    update();
}

std::optional<Value> ParameterField::value() const
{
    if (!m_applies)
        return m_standard;
    const Result<Value> value = m_info.parse(plainText());
    return value ? std::optional(*value) : std::nullopt;
}

void ParameterField::setValue(const Value &value)
{
    setText(fromText(m_info.kind->text(value)));
}

void ParameterField::setText(const QString &text)
{
    m_editor->setText(text);
    update();
}

void ParameterField::setStandard(const Value &standard)
{
    m_standard = standard;
    m_reset->setToolTip(plainTip(tr("Back to the preset's %1 (%2 in the field)")
                                     .arg(fromText(m_info.kind->text(standard)),
                                          m_resetAction->shortcut().toString(QKeySequence::NativeText))));
    update();
}

bool ParameterField::isChanged() const
{
    return value() != m_standard;
}

QString ParameterField::problem() const
{
    if (!m_applies)
        return {};
    const QString wrong = fromText(m_info.problem(plainText()));
    return wrong.isEmpty() ? m_conflict : wrong;
}

void ParameterField::refresh()
{
    m_editor->refresh();
    showMessage();
}

void ParameterField::setImages(const ImageSurvey &images)
{
    if (!m_info.setImages(images))
        return;
    m_editor->setKind(m_info.kind);
    update();
}

void ParameterField::setConflict(const QString &conflict)
{
    if (m_conflict == conflict)
        return;
    m_conflict = conflict;
    showMessage();
    setState(*editor(), "wrong", !problem().isEmpty());
}

void ParameterField::update()
{
    showMessage();
    setState(*m_label, "changed", isChanged());
    m_reset->setVisible(isChanged() && m_applies);
    m_resetAction->setEnabled(isChanged() && m_applies);
    setState(*editor(), "wrong", !problem().isEmpty());
    Q_EMIT edited();
}

void ParameterField::showMessage()
{
    const QString wrong = problem();
    const QString text = wrong.isEmpty() ? hint() : wrong;
    setState(*m_message, "role", wrong.isEmpty() ? QStringLiteral("muted") : QStringLiteral("error"));
    m_message->setText(text);
    m_message->setVisible(m_applies && !text.isEmpty());
}

/// A comma is taken, and what it was taken for is told: "1,000" is no thousand where there are decimals.
QString ParameterField::hint() const
{
    const std::string typed = text().toStdString();
    for (const std::string &said : {m_info.kind->reading(typed), m_info.kind->note(typed)})
        if (!said.empty())
            return fromText(said);
    return m_editor->hint();
}

/// False where the key asks to undo, or to do again, and nothing was typed here that it could mean; and where
/// it resets, which a line would take for deleting a word.
bool ParameterField::isForLine(const QKeyEvent &key) const
{
    const QLineEdit *line = m_editor->line();
    if (QKeySequence(key.keyCombination()) == m_resetAction->shortcut())
        return !m_resetAction->isEnabled();
    if (key.matches(QKeySequence::Undo))
        return line && line->isUndoAvailable();
    if (key.matches(QKeySequence::Redo))
        return line && line->isRedoAvailable();
    return true;
}

void ParameterField::forgetTyping()
{
    if (QLineEdit *line = m_editor->line())
        line->setText(line->text()); // which it cannot undo
}

bool ParameterField::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ContextMenu && watched == m_editor->line()) {
        showMenu(*static_cast<QContextMenuEvent *>(event));
        return true;
    }
    if (event->type() == QEvent::Wheel && !editor()->hasFocus()) {
        event->ignore(); // the wheel scrolls the form; it changes a value only where one is at work
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride && !isForLine(*static_cast<QKeyEvent *>(event))) {
        event->ignore(); // the form's history has what came before
        return true;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace losslab::ui
