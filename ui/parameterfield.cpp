#include "ui/parameterfield.h"

#include "base/numbertext.h"
#include "ui/icons.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QStyle>
#include <QToolButton>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

QString plainNumber(const QString &typed, ParameterInfo::Kind kind)
{
    static const QRegularExpression spaces(QStringLiteral("[\\s'’_]"),
                                           QRegularExpression::UseUnicodePropertiesOption);
    if (kind != ParameterInfo::Kind::Int && kind != ParameterInfo::Kind::Real)
        return typed;
    QString plain = typed;
    plain.remove(spaces).replace(QChar(0x2212), QLatin1Char('-'));
    const auto commas = plain.count(QLatin1Char(','));
    const bool grouped = isGrouped(plain.toStdString()); // one group of a real number may be decimals
    if (grouped && (kind == ParameterInfo::Kind::Int || commas > 1))
        plain.remove(QLatin1Char(','));
    if (kind == ParameterInfo::Kind::Real && !grouped && commas == 1 && !plain.contains(QLatin1Char('.')))
        plain.replace(QLatin1Char(','), QLatin1Char('.'));
    return plain;
}

double nextRound(double value, int direction)
{
    const double decade = std::pow(10, std::floor(std::log10(value) + 1e-9));
    if (direction > 0) {
        for (const double factor : {1.0, 2.0, 5.0, 10.0})
            if (factor * decade > value * (1 + 1e-9))
                return factor * decade;
    }
    for (const double factor : {5.0, 2.0, 1.0, 0.5})
        if (factor * decade < value * (1 - 1e-9))
            return factor * decade;
    return value;
}

namespace {

constexpr int usualChoice = 12; // letters: about as wide as a number and its unit
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
      m_label(new QLabel(fromText(m_info.label), parent)),
      m_editor(makeEditor(parent)),
      m_unit(new QLabel(fromText(m_info.unit), parent)),
      m_reset(new QToolButton(parent)),
      m_message(new QLabel(parent))
{
    const QString key = fromText(m_info.key);
    m_editor->setObjectName(key);
    m_editor->setAccessibleName(fromText(m_info.label));
    m_editor->setAccessibleDescription(fromText(m_info.help));
    m_editor->installEventFilter(this);
    QString tip = fromText(m_info.help);
    if (m_info.kind != ParameterInfo::Kind::Flag && m_info.kind != ParameterInfo::Kind::Choice)
        tip += (tip.isEmpty() ? tr("Enter %1.") : tr("\nEnter %1.")).arg(fromText(m_info.range()));
    m_label->setWordWrap(true);
    m_label->setMinimumWidth(
        std::min(m_label->fontMetrics().horizontalAdvance(m_label->text()), longestLabel));
    m_label->setToolTip(tip);
    m_editor->setToolTip(tip);
    m_label->setBuddy(m_editor);
    m_unit->setProperty("role", "muted");
    m_reset->setIcon(icon(QStringLiteral("reset")));
    m_reset->setIconSize({14, 14});
    m_reset->setStyleSheet(QStringLiteral("padding: 2px;"));
    m_reset->setObjectName(key + QStringLiteral("-reset"));
    m_reset->setAccessibleName(tr("Reset %1").arg(fromText(m_info.label)));
    m_message->setObjectName(key + QStringLiteral("-message"));
    m_message->setProperty("role", "error");
    m_message->setWordWrap(true);
    QSizePolicy keepsItsPlace = m_reset->sizePolicy();
    keepsItsPlace.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(keepsItsPlace);
    connect(m_reset, &QToolButton::clicked, this, [this] {
        Q_EMIT resetRequested();
        m_editor->setFocus();
    });
}

QWidget *ParameterField::resetButton() const
{
    return m_reset;
}

/// A choice with long texts stands beneath its label, where they are read whole.
bool ParameterField::isLong() const
{
    const auto *box = qobject_cast<QComboBox *>(m_editor);
    const QFontMetrics type = m_editor->fontMetrics();
    const int room = usualChoice * type.horizontalAdvance(QLatin1Char('X'));
    for (int i = 0; box && !box->isEditable() && i < box->count(); ++i)
        if (type.horizontalAdvance(box->itemText(i)) > room)
            return true;
    return false;
}

void ParameterField::place(QGridLayout &grid, int row) const
{
    if (isLong()) {
        grid.addWidget(m_label, row, LabelColumn, 1, ResetColumn - LabelColumn);
        grid.addWidget(m_editor, ++row, LabelColumn, 1, ResetColumn - LabelColumn);
        grid.addWidget(m_reset, row, ResetColumn);
        grid.addWidget(m_message, row + 1, LabelColumn, 1, ResetColumn - LabelColumn + 1);
        m_unit->hide();
        return;
    }
    grid.addWidget(m_label, row, LabelColumn);
    const bool wide = qobject_cast<QComboBox *>(m_editor) != nullptr;
    grid.addWidget(m_editor, row, EditorColumn, 1, wide ? 2 : 1);
    if (!wide)
        grid.addWidget(m_unit, row, UnitColumn);
    m_unit->setVisible(!wide);
    grid.addWidget(m_reset, row, ResetColumn);
    grid.addWidget(m_message, row + 1, LabelColumn, 1, ResetColumn - LabelColumn + 1);
}

QWidget *ParameterField::makeEditor(QWidget *parent)
{
    switch (m_info.kind) {
    case ParameterInfo::Kind::Flag: {
        auto *box = new QCheckBox(parent);
        connect(box, &QCheckBox::toggled, this, &ParameterField::update);
        connect(box, &QCheckBox::clicked, this, &ParameterField::settled);
        return box;
    }
    case ParameterInfo::Kind::Choice:
    case ParameterInfo::Kind::Text:
        return makeChoice(parent);
    case ParameterInfo::Kind::Int:
    case ParameterInfo::Kind::Real:
        break;
    }
    auto *line = new QLineEdit(parent);
    line->setAlignment(Qt::AlignRight);
    line->setFixedWidth(line->fontMetrics().horizontalAdvance(QStringLiteral("0.0000001")) + 2 * gridStep);
    connect(line, &QLineEdit::textChanged, this, &ParameterField::update);
    connect(line, &QLineEdit::editingFinished, this, &ParameterField::settled);
    return line;
}

/// A text's is written into, and offers what has a name.
QComboBox *ParameterField::makeChoice(QWidget *parent)
{
    auto *box = new QComboBox(parent);
    giveRoom(*box);
    for (const Option &option : m_info.options)
        box->addItem(fromText(option.label), fromText(option.key));
    box->setFocusPolicy(Qt::StrongFocus);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(usualChoice);
    if (m_info.kind == ParameterInfo::Kind::Text) {
        box->setEditable(true);
        box->setInsertPolicy(QComboBox::NoInsert);
        box->setCompleter(nullptr);
        connect(box, &QComboBox::editTextChanged, this, &ParameterField::update);
        connect(box->lineEdit(), &QLineEdit::editingFinished, this, &ParameterField::settled);
    }
    connect(box, &QComboBox::currentIndexChanged, this, &ParameterField::update);
    connect(box, &QComboBox::activated, this, [this, box](int index) {
        if (box->itemData(index).isValid()) // else it asks for something
            Q_EMIT settled();
    });
    return box;
}

std::optional<Value> ParameterField::value() const
{
    const Result<Value> value = m_info.parse(plainNumber(text(), m_info.kind).toStdString());
    return value ? std::optional(*value) : std::nullopt;
}

void ParameterField::setValue(const Value &value)
{
    setText(fromText(m_info.text(value)));
}

QString ParameterField::text() const
{
    if (const auto *line = qobject_cast<QLineEdit *>(m_editor))
        return line->text();
    if (const auto *box = qobject_cast<QComboBox *>(m_editor)) {
        const int named =
            box->isEditable() ? box->findText(box->currentText(), Qt::MatchExactly) : box->currentIndex();
        return named < 0 ? box->currentText() : box->itemData(named).toString();
    }
    return fromText(toText(Value(static_cast<QCheckBox *>(m_editor)->isChecked())));
}

void ParameterField::setText(const QString &text)
{
    if (auto *line = qobject_cast<QLineEdit *>(m_editor)) {
        line->setText(text);
        line->setCursorPosition(0);
    } else if (auto *box = qobject_cast<QComboBox *>(m_editor)) {
        const int named = box->findData(text);
        if (named < 0 && box->isEditable())
            box->setEditText(text);
        else
            box->setCurrentIndex(std::max(0, named));
        if (box->isEditable() && named >= 0)
            box->setEditText(
                box->itemText(named)); // the index may have been there while other text stood in it
    } else {
        static_cast<QCheckBox *>(m_editor)->setChecked(text == QLatin1String("true"));
    }
    update();
}

void ParameterField::setStandard(const Value &standard)
{
    m_standard = standard;
    m_reset->setToolTip(tr("Back to the preset's %1").arg(fromText(m_info.text(standard))));
    update();
}

bool ParameterField::isChanged() const
{
    return value() != m_standard;
}

QString ParameterField::problem() const
{
    const QString wrong = fromText(m_info.problem(plainNumber(text(), m_info.kind).toStdString()));
    return wrong.isEmpty() ? m_conflict : wrong;
}

void ParameterField::setConflict(const QString &conflict)
{
    if (m_conflict == conflict)
        return;
    m_conflict = conflict;
    showMessage();
    setState(*m_editor, "wrong", !problem().isEmpty());
}

void ParameterField::update()
{
    showMessage();
    setState(*m_label, "changed", isChanged());
    m_reset->setVisible(isChanged());
    setState(*m_editor, "wrong", !problem().isEmpty());
    Q_EMIT edited();
}

void ParameterField::showMessage()
{
    const QString wrong = problem();
    const QString text = wrong.isEmpty() ? hint() : wrong;
    setState(*m_message, "role", wrong.isEmpty() ? QStringLiteral("muted") : QStringLiteral("error"));
    m_message->setText(text);
    m_message->setVisible(!text.isEmpty());
}

/// A comma is taken, and what it was taken for is told: "1,000" is no thousand where there are decimals.
QString ParameterField::hint() const
{
    return fromText(m_info.spelling(text().toStdString()));
}

void ParameterField::addOption(const Option &option, int place)
{
    m_info.options.push_back(option);
    static_cast<QComboBox *>(m_editor)->insertItem(place, fromText(option.label), fromText(option.key));
}

/// Up and down keys: by one, or through round numbers where the parameter is of logarithmic scale.
bool ParameterField::step(int direction)
{
    const std::optional<Value> current = value();
    if (!current)
        return false;
    Value next = *current;
    if (auto *whole = std::get_if<std::int64_t>(&next))
        *whole += direction;
    else if (auto *number = std::get_if<double>(&next))
        *number = *number > 0 ? nextRound(*number, direction)
                              : (direction > 0 ? nextRound(m_info.max * 1e-6, 1) : 0);
    if (const Result<Value> allowed = m_info.check(next))
        setValue(*allowed);
    return true;
}

/// False where the key asks to undo, or to do again, and nothing was typed here that it could mean.
bool ParameterField::undoesHere(const QKeyEvent &key) const
{
    const auto *box = qobject_cast<QComboBox *>(m_editor);
    const QLineEdit *line = box ? box->lineEdit() : qobject_cast<QLineEdit *>(m_editor);
    if (key.matches(QKeySequence::Undo))
        return line && line->isUndoAvailable();
    if (key.matches(QKeySequence::Redo))
        return line && line->isRedoAvailable();
    return true;
}

bool ParameterField::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Wheel && !m_editor->hasFocus())
        return event->ignore(),
               true; // the wheel scrolls the form; it changes a value only where one is at work
    if (event->type() == QEvent::ShortcutOverride && !undoesHere(*static_cast<QKeyEvent *>(event))) {
        event->ignore(); // the form's history has what came before
        return true;
    }
    if (event->type() == QEvent::KeyPress && qobject_cast<QLineEdit *>(m_editor)) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down)
            return step(key == Qt::Key_Up ? 1 : -1);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace losslab::ui
