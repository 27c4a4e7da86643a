#include "ui/networktable.h"

#include "base/numbertext.h"
#include "train/networklist.h"
#include "ui/icons.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace losslab::ui {

namespace {

constexpr int mostRowsSeen = 6;

/// What stands between "key" and the next option of a network's text, as it was typed.
QString optionOf(const QStringList &parts, const QString &key)
{
    for (qsizetype i = 1; i < parts.size(); ++i)
        if (const QString part = parts[i].trimmed(); part.startsWith(key + QLatin1Char(' ')))
            return part.mid(key.size()).trimmed();
    return {};
}

} // namespace

NetworkTable::NetworkTable(const ParameterInfo &info, QWidget *parent)
    : m_kind(info.kind), m_widget(new QWidget(parent)), m_table(new QTableWidget(0, 5, m_widget))
{
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Layers"), tr("Rate"), tr("Decay"), tr("Size")});
    m_table->horizontalHeaderItem(Layers)->setToolTip(
        tr("Widths such as 10, 10. For images also conv 10 4 (ten channels, kernels of 4 × 4), pool 2, "
           "avgpool 2 "
           "and dropout 0.25."));
    m_table->horizontalHeaderItem(Rate)->setToolTip(tr("Learning rate; empty: the experiment's own"));
    m_table->horizontalHeaderItem(Decay)->setToolTip(tr("Weight decay; empty: the experiment's own"));
    m_table->horizontalHeaderItem(Parameters)->setToolTip(tr("Parameters, counted as you type"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->setWordWrap(true);
    m_table->setTextElideMode(Qt::ElideNone);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(Layers, QHeaderView::Stretch);
    m_table->horizontalHeader()->setMinimumSectionSize(3 * gridStep);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setProperty("role", "edited");
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setAccessibleName(fromText(info.label));
    m_table->setAccessibleDescription(fromText(info.help));
    m_table->installEventFilter(this);
    connect(m_table, &QTableWidget::cellChanged, this, &NetworkTable::change);

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
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        button->setFocusPolicy(Qt::NoFocus); // by keys from the table
        button->setStyleSheet(QStringLiteral("padding: 2px 5px;"));
        connect(button, &QToolButton::clicked, this, act);
        layout->addWidget(button);
        return button;
    };
    addButton(QStringLiteral("+"), tr("Add a network (Insert)"), [this] { add(); });
    addButton(QStringLiteral("−"), tr("Remove this network (Delete)"), [this] { remove(); });
    addButton(tr("Duplicate"), tr("Duplicate this network (Ctrl+D)"), [this] { duplicate(); });
    addButton(QStringLiteral("↑"), tr("Move it up (Alt+Up)"), [this] { move(-1); });
    addButton(QStringLiteral("↓"), tr("Move it down (Alt+Down)"), [this] { move(1); });
    layout->addStretch(1);
    m_rates = addButton(tr("Rates"), tr("Show the networks' own learning rates and weight decays (Ctrl+R)"),
                        [this](bool shown) { showRates(shown); });
    m_rates->setCheckable(true);
    return row;
}

QString NetworkTable::text() const
{
    QStringList networks;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QStringList cells = this->cells(row);
        QString network = QStringLiteral("%1: %2").arg(cells[Name], cells[Layers]);
        if (!cells[Rate].isEmpty())
            network += QStringLiteral(" | lr ") + cells[Rate];
        if (!cells[Decay].isEmpty())
            network += QStringLiteral(" | decay ") + cells[Decay];
        networks.push_back(network);
    }
    return networks.join(QStringLiteral("; "));
}

void NetworkTable::setText(const QString &text)
{
    if (text == this->text())
        return;
    m_filling = true;
    m_table->setRowCount(0);
    for (const QString &network : text.split(QLatin1Char(';'), Qt::SkipEmptyParts)) {
        const QStringList parts = network.split(QLatin1Char('|'));
        const qsizetype colon = parts.front().indexOf(QLatin1Char(':'));
        addRow(m_table->rowCount(),
               {parts.front().left(std::max<qsizetype>(colon, 0)).trimmed(),
                parts.front().mid(colon + 1).trimmed(), optionOf(parts, QStringLiteral("lr")),
                optionOf(parts, QStringLiteral("decay"))});
    }
    m_filling = false;
    showRates(hasRates());
    Q_EMIT edited();
}

/// Whether a network has a rate or a decay of its own.
bool NetworkTable::hasRates() const
{
    for (int row = 0; row < m_table->rowCount(); ++row)
        if (!m_table->item(row, Rate)->text().isEmpty() || !m_table->item(row, Decay)->text().isEmpty())
            return true;
    return false;
}

/// Layers have their room otherwise. What is set is always seen.
void NetworkTable::showRates(bool shown)
{
    const bool seen = shown || hasRates();
    m_rates->setChecked(seen);
    for (const int column : {Rate, Decay})
        m_table->setColumnHidden(column, !seen);
    fitHeight();
}

void NetworkTable::addRow(int row, const QStringList &cells)
{
    const bool before = std::exchange(m_filling, true);
    m_table->insertRow(row);
    for (int column = Name; column <= Parameters; ++column) {
        auto *item = new QTableWidgetItem(column < cells.size() ? cells[column] : QString());
        if (column >= Rate)
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        if (column == Parameters)
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        m_table->setItem(row, column, item);
    }
    count(row);
    m_filling = before;
}

QStringList NetworkTable::cells(int row) const
{
    QStringList cells;
    for (int column = Name; column <= Decay; ++column)
        cells.push_back(m_table->item(row, column)->text().trimmed());
    return cells;
}

/// The name with another number where there is one of it.
QString NetworkTable::freeName(const QString &like) const
{
    QString stem = like;
    while (!stem.isEmpty() && stem.back().isDigit())
        stem.chop(1);
    for (int number = 2;; ++number) {
        const QString name = stem + QString::number(number);
        if (m_table->findItems(name, Qt::MatchExactly).isEmpty())
            return name;
    }
}

void NetworkTable::add()
{
    const int row = m_table->rowCount();
    addRow(row, {freeName(QStringLiteral("net")), QStringLiteral("10")});
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
    QStringList copy = cells(row);
    copy[Name] = freeName(copy[Name]);
    addRow(row + 1, copy);
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
    const QStringList moved = cells(row);
    m_filling = true;
    m_table->removeRow(row);
    addRow(to, moved);
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
    Q_EMIT settled();
}

void NetworkTable::count(int row)
{
    const bool before = std::exchange(m_filling, true);
    const auto &kind = static_cast<const NetworkListKind &>(*m_kind);
    const std::string layers = m_table->item(row, Layers)->text().toStdString();
    const auto network = readLayers(layers).and_then(
        [&](const std::vector<LayerWord> &words) { return networkOf(words, kind.task()); });
    m_table->item(row, Parameters)
        ->setText(network ? fromText(countText(network->parameterCount())) : QStringLiteral("–"));
    for (int column = Name; column <= Layers; ++column)
        m_table->item(row, column)->setToolTip(m_table->item(row, column)->text());
    m_filling = before;
}

void NetworkTable::fitHeight()
{
    m_table->resizeRowsToContents();
    int height = m_table->horizontalHeader()->sizeHint().height() + 2 * m_table->frameWidth();
    for (int row = 0; row < std::min(m_table->rowCount(), mostRowsSeen); ++row)
        height += m_table->rowHeight(row);
    m_table->setFixedHeight(height);
}

bool NetworkTable::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize) // rows wrap at another place
        QMetaObject::invokeMethod(this, &NetworkTable::fitHeight, Qt::QueuedConnection);
    if (event->type() != QEvent::KeyPress)
        return QObject::eventFilter(watched, event);
    const auto &key = *static_cast<QKeyEvent *>(event);
    const bool alt = key.modifiers() == Qt::AltModifier;
    if (key.key() == Qt::Key_Insert)
        add();
    else if (key.key() == Qt::Key_D && key.modifiers() == Qt::ControlModifier)
        duplicate();
    else if (key.key() == Qt::Key_Delete && key.modifiers() == Qt::NoModifier)
        remove();
    else if (key.key() == Qt::Key_R && key.modifiers() == Qt::ControlModifier)
        showRates(!m_rates->isChecked());
    else if (alt && (key.key() == Qt::Key_Up || key.key() == Qt::Key_Down))
        move(key.key() == Qt::Key_Up ? -1 : 1);
    else if ((key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter) && m_table->currentItem())
        m_table->editItem(m_table->currentItem());
    else
        return QObject::eventFilter(watched, event);
    return true;
}

} // namespace losslab::ui
