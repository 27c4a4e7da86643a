#include "ui/valueeditor.h"

#include "data/datasetlist.h"
#include "data/datasetting.h"
#include "data/filekind.h"
#include "lab/optionlist.h"
#include "lab/sweepkind.h"
#include "train/layerskind.h"
#include "train/networklist.h"
#include "ui/dataseteditor.h"
#include "ui/filepicker.h"
#include "ui/networktable.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <algorithm>
#include <cmath>
#include <iterator>

namespace losslab::ui {

namespace {

constexpr int usualChoice = 12; ///< letters: about as wide as a number and its unit

/// A line that is written into.
class LineEditor : public ValueEditor
{
public:
    LineEditor(const ParameterInfo &, QWidget *parent) : m_line(new QLineEdit(parent))
    {
        connect(m_line, &QLineEdit::textChanged, this, &ValueEditor::edited);
        connect(m_line, &QLineEdit::editingFinished, this, &ValueEditor::settled);
    }

    QWidget *widget() const override { return m_line; }
    QString text() const override { return m_line->text(); }
    void setText(const QString &text) override
    {
        m_line->setText(text);
        m_line->setCursorPosition(0);
    }
    Place place() const override { return Place::Below; }
    QLineEdit *line() const override { return m_line; }

private:
    QLineEdit *m_line;
};

class NumberEditor final : public LineEditor
{
public:
    NumberEditor(const ParameterInfo &info, QWidget *parent) : LineEditor(info, parent), m_kind(info.kind)
    {
        line()->setAlignment(Qt::AlignRight);
        line()->setFixedWidth(line()->fontMetrics().horizontalAdvance(QStringLiteral("0.0000001"))
                              + 2 * gridStep);
        line()->installEventFilter(this);
    }

    Place place() const override { return Place::Beside; }

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() != QEvent::KeyPress)
            return false;
        const int key = static_cast<QKeyEvent *>(event)->key();
        return (key == Qt::Key_Up || key == Qt::Key_Down) && step(key == Qt::Key_Up ? 1 : -1);
    }

private:
    /// By one, or through round numbers where the number is not whole.
    bool step(int direction)
    {
        std::optional<Value> next = m_kind->read(m_kind->plain(text().toStdString()));
        if (!next)
            return false;
        if (auto *whole = std::get_if<std::int64_t>(&*next))
            *whole += direction;
        else if (auto *number = std::get_if<double>(&*next))
            *number = *number > 0 ? nextRound(*number, direction)
                                  : (direction > 0 ? nextRound(m_kind->limits()->max * 1e-6, 1) : 0);
        if (const std::optional<Value> allowed = m_kind->take(*next)) {
            setText(fromText(m_kind->text(*allowed)));
            Q_EMIT settled();
        }
        return true;
    }

    std::shared_ptr<const ValueKind> m_kind;
};

class FlagEditor final : public ValueEditor
{
public:
    FlagEditor(const ParameterInfo &, QWidget *parent) : m_box(new QCheckBox(parent))
    {
        connect(m_box, &QCheckBox::toggled, this, &ValueEditor::edited);
        connect(m_box, &QCheckBox::clicked, this, &ValueEditor::settled);
    }

    QWidget *widget() const override { return m_box; }
    QString text() const override { return fromText(toText(Value(m_box->isChecked()))); }
    void setText(const QString &text) override { m_box->setChecked(text == QLatin1String("true")); }

private:
    QCheckBox *m_box;
};

class ChoiceEditor final : public ValueEditor
{
public:
    ChoiceEditor(const ParameterInfo &info, QWidget *parent) : m_box(makeOptions(*info.kind, parent))
    {
        connect(m_box, &QComboBox::currentIndexChanged, this, &ValueEditor::edited);
        connect(m_box, &QComboBox::activated, this, &ValueEditor::settled);
    }

    QWidget *widget() const override { return m_box; }
    QString text() const override { return m_box->currentData().toString(); }
    void setText(const QString &text) override { m_box->setCurrentIndex(std::max(0, m_box->findData(text))); }

    /// A choice with long texts stands beneath its label, where they are read whole.
    Place place() const override
    {
        const QFontMetrics type = m_box->fontMetrics();
        const int room = usualChoice * type.horizontalAdvance(QLatin1Char('X'));
        for (int i = 0; i < m_box->count(); ++i)
            if (type.horizontalAdvance(m_box->itemText(i)) > room)
                return Place::Below;
        return Place::Wide;
    }

private:
    QComboBox *m_box;
};

/// Is written into, and offers what has a name.
class TextEditor final : public ValueEditor
{
public:
    TextEditor(const ParameterInfo &info, QWidget *parent) : m_box(makeOptions(*info.kind, parent))
    {
        m_box->setEditable(true);
        m_box->setInsertPolicy(QComboBox::NoInsert);
        m_box->setCompleter(nullptr);
        connect(m_box, &QComboBox::editTextChanged, this, &ValueEditor::edited);
        connect(m_box, &QComboBox::currentIndexChanged, this, &ValueEditor::edited);
        connect(m_box, &QComboBox::activated, this, &ValueEditor::settled);
        connect(m_box->lineEdit(), &QLineEdit::editingFinished, this, &ValueEditor::settled);
    }

    QWidget *widget() const override { return m_box; }
    QString text() const override
    {
        const int named = m_box->findText(m_box->currentText(), Qt::MatchExactly);
        return named < 0 ? m_box->currentText() : m_box->itemData(named).toString();
    }
    void setText(const QString &text) override
    {
        const int named = m_box->findData(text);
        if (named >= 0)
            m_box->setCurrentIndex(named);
        // The index may have been there while other text stood in it.
        m_box->setEditText(named < 0 ? text : m_box->itemText(named));
    }
    Place place() const override { return Place::Wide; }
    QLineEdit *line() const override { return m_box->lineEdit(); }

private:
    QComboBox *m_box;
};

using Maker = ValueEditor *(*)(const ParameterInfo &, QWidget *);

template <class KindOfValue>
bool is(const ValueKind &kind)
{
    return dynamic_cast<const KindOfValue *>(&kind) != nullptr;
}

template <class Editor>
ValueEditor *make(const ParameterInfo &info, QWidget *parent)
{
    return new Editor(info, parent);
}

struct Entry
{
    bool (*suits)(const ValueKind &);
    Maker make;
};

constexpr Entry editors[] = {
    {is<NumberKind>, make<NumberEditor>},   {is<FlagKind>, make<FlagEditor>},
    {is<ChoiceKind>, make<ChoiceEditor>},   {is<TextKind>, make<TextEditor>},
    {is<DatasetKind>, make<DatasetEditor>}, {is<LayersKind>, make<LineEditor>},
    {is<SweepKind>, make<LineEditor>},      {is<NetworkListKind>, make<NetworkTable>},
    {is<FileKind>, make<FilePicker>},       {is<DatasetListKind>, make<LineEditor>},
    {is<OptionListKind>, make<LineEditor>},
};

} // namespace

ValueEditor *makeEditor(const ParameterInfo &info, QWidget *parent)
{
    const auto *entry = std::find_if(std::begin(editors), std::end(editors),
                                     [&](const Entry &one) { return one.suits(*info.kind); });
    if (entry == std::end(editors))
        qFatal("No editor takes a value of the kind %s.", std::string(info.kind->name()).c_str());
    ValueEditor *editor = entry->make(info, parent);
    editor->setParent(editor->widget());
    return editor;
}

QComboBox *makeOptions(const ValueKind &kind, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    giveRoom(*box);
    for (const Option &option : kind.options())
        box->addItem(fromText(option.label), fromText(option.key));
    box->setFocusPolicy(Qt::StrongFocus);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(usualChoice);
    return box;
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

} // namespace losslab::ui
