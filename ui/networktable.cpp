#include "ui/networktable.h"

#include "base/numbertext.h"
#include "train/networklist.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QTextCursor>
#include <QTextOption>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace losslab::ui {

namespace {

constexpr int mostRowsSeen = 6;

/// A cell that is written into, in as many lines as it takes; takes no letter that parts networks.
class CellEditor final : public QPlainTextEdit
{
public:
    static constexpr int margin = 2; ///< pixels around the text

    CellEditor(const QString &forbidden, QWidget *parent) : QPlainTextEdit(parent), m_forbidden(forbidden)
    {
        setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setFrameShape(QFrame::NoFrame);
        document()->setDocumentMargin(margin);
        connect(this, &QPlainTextEdit::textChanged, this, &CellEditor::clean);
    }

private:
    /// However it came: typed, pasted or dropped.
    void clean()
    {
        QString text = toPlainText();
        const auto isForbidden = [this](QChar letter) { return m_forbidden.contains(letter); };
        if (std::none_of(text.cbegin(), text.cend(), isForbidden))
            return;
        const qsizetype after = text.size() - textCursor().position();
        text.removeIf(isForbidden);
        setPlainText(text);
        QTextCursor cursor = textCursor();
        cursor.setPosition(static_cast<int>(std::max<qsizetype>(text.size() - after, 0)));
        setTextCursor(cursor);
    }

    QString m_forbidden;
};

/// Hands on every letter, so that what is typed counts, and the row grows with it, before the cell is left.
class CellDelegate final : public QStyledItemDelegate
{
public:
    CellDelegate(bool &typing, QObject *parent) : QStyledItemDelegate(parent), m_typing(typing) {}

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &,
                          const QModelIndex &index) const override
    {
        auto *editor = new CellEditor(
            index.column() == NetworkTable::Name ? QStringLiteral(";:|,\n") : QStringLiteral(";:\n"), parent);
        m_before = index.data(Qt::EditRole).toString();
        editor->setPlainText(m_before);
        editor->selectAll();
        connect(editor, &QPlainTextEdit::textChanged, this, [this, editor] { commit(editor); });
        return editor;
    }

    /// With room for the margins of what it is written in.
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, 2 * CellEditor::margin);
    }

    /// All of the cell, whose text would else be seen around it.
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &) const override
    {
        editor->setGeometry(option.rect);
    }

    /// What was typed has come back from the table: it leaves the cursor where it is.
    void setEditorData(QWidget *editor, const QModelIndex &index) const override
    {
        auto *cell = static_cast<CellEditor *>(editor);
        if (const QString text = index.data(Qt::EditRole).toString(); text != cell->toPlainText())
            cell->setPlainText(text);
    }

    /// Return ends the cell, where a text of several lines would take it; Escape takes back what was typed,
    /// which has counted since.
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        auto *editor = dynamic_cast<CellEditor *>(watched);
        const int key =
            editor && event->type() == QEvent::KeyPress ? static_cast<QKeyEvent *>(event)->key() : 0;
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            Q_EMIT closeEditor(editor);
            return true;
        }
        if (key == Qt::Key_Escape)
            editor->setPlainText(m_before);
        return QStyledItemDelegate::eventFilter(watched, event);
    }

private:
    void commit(QPlainTextEdit *editor) const
    {
        m_typing = true;
        Q_EMIT const_cast<CellDelegate *>(this)->commitData(editor);
        m_typing = false;
    }

    bool &m_typing;
    mutable QString m_before; ///< in the cell that is written into
};

} // namespace

NetworkTable::NetworkTable(const ParameterInfo &info, QWidget *parent)
    : m_kind(info.kind), m_widget(new QWidget(parent)), m_table(new QTableWidget(0, 3, m_widget))
{
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Layers | lr | decay"), tr("Size")});
    m_table->horizontalHeaderItem(Name)->setToolTip(tr("Of its curve and its files"));
    m_table->horizontalHeaderItem(Layers)->setToolTip(
        tr("Widths such as 10, 10. For images also conv 10 4 (ten channels, kernels of 4 × 4), pool 2, "
           "avgpool 2 and "
           "dropout 0.25.\nBehind them, where the network has its own: | lr 0.001 | decay 0.0001"));
    m_table->horizontalHeaderItem(Parameters)->setToolTip(tr("Parameters, counted as you type"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->setWordWrap(true);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(Layers, QHeaderView::Stretch);
    m_table->horizontalHeader()->setMaximumSectionSize(26 * gridStep);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setProperty("role", "edited");
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setItemDelegate(new CellDelegate(m_typing, m_table));
    m_table->setAccessibleName(fromText(info.label));
    m_table->setAccessibleDescription(fromText(info.help));
    m_table->installEventFilter(this);
    connect(m_table, &QTableWidget::cellChanged, this, &NetworkTable::change);
    connect(m_table->itemDelegate(), &QAbstractItemDelegate::closeEditor, this, &ValueEditor::settled);

    auto *layout = new QVBoxLayout(m_widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_table);
    layout->addWidget(makeButtons());
    m_widget->setFocusProxy(m_table);
}

QWidget *NetworkTable::makeButtons()
{
    auto *row = new QWidget(m_widget);
    row->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    const auto addButton = [&](const QString &text, const QString &tip, auto act) {
        auto *button = new QToolButton(row);
        button->setText(text);
        button->setToolTip(plainTip(tip));
        button->setAccessibleName(tip);
        button->setFocusPolicy(Qt::NoFocus); // by keys from the table
        button->setStyleSheet(QStringLiteral("padding: 2px 4px;"));
        connect(button, &QToolButton::clicked, this, act);
        layout->addWidget(button);
    };
    addButton(tr("Add"), tr("Add a network (Insert)"), [this] { add(); });
    addButton(tr("Copy"), tr("Copy this network (Ctrl+D)"), [this] { duplicate(); });
    addButton(tr("Remove"), tr("Remove this network (Delete)"), [this] { remove(); });
    addButton(QStringLiteral("↑"), tr("Move it up (Alt+Up)"), [this] { move(-1); });
    addButton(QStringLiteral("↓"), tr("Move it down (Alt+Down)"), [this] { move(1); });
    layout->addStretch(1);
    return row;
}

QString NetworkTable::text() const
{
    QStringList networks;
    for (int row = 0; row < m_table->rowCount(); ++row)
        networks.push_back(QStringLiteral("%1: %2").arg(cell(row, Name), cell(row, Layers)));
    return networks.join(QStringLiteral("; "));
}

void NetworkTable::setText(const QString &text)
{
    if (text == this->text())
        return;
    const int row = m_table->currentRow(), column = m_table->currentColumn(); // stays the chosen one
    m_filling = true;
    m_table->setRowCount(0);
    for (const QString &network : text.split(QLatin1Char(';'), Qt::SkipEmptyParts)) {
        const qsizetype colon = network.indexOf(QLatin1Char(':'));
        addRow(m_table->rowCount(), network.left(std::max<qsizetype>(colon, 0)).trimmed(),
               network.mid(colon + 1).trimmed());
    }
    m_filling = false;
    if (row >= 0 && m_table->rowCount() > 0)
        m_table->setCurrentCell(std::min(row, m_table->rowCount() - 1), std::max(column, 0));
    fitHeight();
    Q_EMIT edited();
}

void NetworkTable::addRow(int row, const QString &name, const QString &layers)
{
    const bool before = std::exchange(m_filling, true);
    m_table->insertRow(row);
    m_table->setItem(row, Name, new QTableWidgetItem(name));
    m_table->setItem(row, Layers, new QTableWidgetItem(layers));
    auto *size = new QTableWidgetItem;
    size->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    size->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    m_table->setItem(row, Parameters, size);
    count(row);
    m_filling = before;
}

QString NetworkTable::cell(int row, Column column) const
{
    return m_table->item(row, column)->text().trimmed();
}

/// The name with another number where there is one of it.
QString NetworkTable::freeName(const QString &like) const
{
    QString stem = like;
    while (!stem.isEmpty() && stem.back().isDigit())
        stem.chop(1);
    for (int number = m_table->rowCount() + 1;; ++number) {
        const QString name = stem + QString::number(number);
        if (m_table->findItems(name, Qt::MatchFixedString).isEmpty())
            return name;
    }
}

void NetworkTable::add()
{
    const int row = m_table->rowCount();
    addRow(row, freeName(QStringLiteral("net")), QStringLiteral("10"));
    m_table->setCurrentCell(row, Layers);
    change(row);
    m_table->setFocus();
    m_table->editItem(m_table->item(row, Layers));
}

void NetworkTable::duplicate()
{
    const int row = m_table->currentRow();
    if (row < 0)
        return;
    addRow(row + 1, freeName(cell(row, Name)), cell(row, Layers));
    m_table->setCurrentCell(row + 1, Layers);
    change(row + 1);
}

void NetworkTable::remove()
{
    const int row = m_table->currentRow();
    if (row < 0)
        return;
    m_table->removeRow(row);
    m_table->setCurrentCell(std::min(row, m_table->rowCount() - 1), Layers);
    fitHeight();
    Q_EMIT edited();
    Q_EMIT settled();
}

void NetworkTable::move(int by)
{
    const int row = m_table->currentRow(), to = row + by, column = m_table->currentColumn();
    if (row < 0 || to < 0 || to >= m_table->rowCount())
        return;
    const QString name = cell(row, Name), layers = cell(row, Layers);
    m_filling = true;
    m_table->removeRow(row);
    addRow(to, name, layers);
    m_filling = false;
    m_table->setCurrentCell(to, column);
    change(to);
}

/// A cell of the row has another text.
void NetworkTable::change(int row)
{
    if (m_filling)
        return;
    count(row);
    fitHeight();
    Q_EMIT edited();
    if (!m_typing)
        Q_EMIT settled();
}

void NetworkTable::count(int row)
{
    const bool before = std::exchange(m_filling, true);
    const auto parameters =
        static_cast<const NetworkListKind &>(*m_kind).parameterCount(cell(row, Layers).toStdString());
    m_table->item(row, Parameters)
        ->setText(parameters ? fromText(countText(*parameters)) : QStringLiteral("–"));
    for (const Column column : {Name, Layers})
        m_table->item(row, column)->setToolTip(plainTip(m_table->item(row, column)->text()));
    m_filling = before;
}

/// Networks for other images have other sizes.
void NetworkTable::setKind(const std::shared_ptr<const ValueKind> &kind)
{
    m_kind = kind;
    for (int row = 0; row < m_table->rowCount(); ++row)
        count(row);
}

void NetworkTable::fitHeight()
{
    m_table->resizeRowsToContents();
    int height = m_table->horizontalHeader()->sizeHint().height() + 2 * m_table->frameWidth() + 2;
    for (int row = 0; row < std::min(m_table->rowCount(), mostRowsSeen); ++row)
        height += m_table->rowHeight(row);
    m_table->setFixedHeight(height);
}

/// Whether the key is one of the table's own.
bool NetworkTable::press(const QKeyEvent &key)
{
    const bool plain = key.modifiers() == Qt::NoModifier, alt = key.modifiers() == Qt::AltModifier;
    if (key.key() == Qt::Key_Insert)
        add();
    else if (key.key() == Qt::Key_D && key.modifiers() == Qt::ControlModifier)
        duplicate();
    else if (key.key() == Qt::Key_Delete && plain)
        remove();
    else if (alt && (key.key() == Qt::Key_Up || key.key() == Qt::Key_Down))
        move(key.key() == Qt::Key_Up ? -1 : 1);
    else if ((key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter) && m_table->currentItem()
             && m_table->currentColumn() != Parameters)
        m_table->editItem(m_table->currentItem());
    else
        return false;
    return true;
}

bool NetworkTable::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize) // rows wrap at another place
        QMetaObject::invokeMethod(this, &NetworkTable::fitHeight, Qt::QueuedConnection);
    if (event->type() == QEvent::KeyPress && press(*static_cast<QKeyEvent *>(event)))
        return true;
    return QObject::eventFilter(watched, event);
}

} // namespace losslab::ui
