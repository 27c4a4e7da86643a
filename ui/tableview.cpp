#include "ui/tableview.h"

#include "base/numbertext.h"
#include "lab/rundata.h"
#include "ui/tablemodel.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QAction>
#include <QHeaderView>
#include <QSortFilterProxyModel>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

/// Numbers by their value, not-a-number after all others in either direction.
class ValueOrder final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override
    {
        const bool leftNan = isNan(left);
        const bool rightNan = isNan(right);
        if (leftNan || rightNan)
            return sortOrder() == Qt::AscendingOrder ? rightNan && !leftNan : leftNan && !rightNan;
        return QSortFilterProxyModel::lessThan(left, right);
    }

private:
    bool isNan(const QModelIndex &index) const
    {
        const QVariant value = index.data(sortRole());
        return value.typeId() == QMetaType::Double && std::isnan(value.toDouble());
    }
};

/// In full, unlike what is shown.
QString fullText(const QModelIndex &index)
{
    const QVariant value = index.data(TableModel::ValueRole);
    return value.typeId() == QMetaType::Double ? fromText(numberText(value.toDouble())) : value.toString();
}

QString shownText(const QModelIndex &index)
{
    return index.data().toString();
}

} // namespace

TableView::TableView(const TableInfo &info, QWidget *parent)
    : CopyTable(parent), m_info(info), m_model(new TableModel(info, this)), m_sorted(new ValueOrder(this))
{
    setObjectName(fromText(info.id));
    setAccessibleName(fromText(info.title));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(TableModel::ValueRole);
    setModel(m_sorted);
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setWordWrap(false);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + gridStep / 2);
    verticalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(true);
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, &TableView::sortBy);
    addSortAction();
}

/// For those who use no pointer.
void TableView::addSortAction()
{
    auto *sort = new QAction(tr("&Sort by this column"), this);
    sort->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+S")));
    sort->setShortcutContext(Qt::WidgetShortcut);
    connect(sort, &QAction::triggered, this, [this] { sortBy(std::max(0, currentIndex().column())); });
    addAction(sort);
}

void TableView::setRows(const TableData *rows, std::uint64_t firstSeed, int repeats)
{
    m_model->setRows(rows, firstSeed, repeats);
    setCopyable(m_model->rowCount() > 0);
}

void TableView::refresh()
{
    m_model->refresh();
    setCopyable(m_model->rowCount() > 0);
}

void TableView::sortBy(int column)
{
    const bool same = m_sorted->sortColumn() == column;
    const bool back = same && m_sorted->sortOrder() == Qt::DescendingOrder;
    const Qt::SortOrder order = same ? Qt::DescendingOrder : Qt::AscendingOrder;
    m_sorted->sort(back ? -1 : column, order);
    horizontalHeader()->setSortIndicatorShown(!back);
    horizontalHeader()->setSortIndicator(column, order);
}

TableText TableView::values() const
{
    return texts(fullText);
}

TableText TableView::shownTexts() const
{
    return texts(shownText);
}

TableText TableView::texts(QString (*write)(const QModelIndex &)) const
{
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(),
              [](const QModelIndex &a, const QModelIndex &b) { return a.row() < b.row(); });
    if (rows.isEmpty())
        for (int row = 0; row < m_sorted->rowCount(); ++row)
            rows << m_sorted->index(row, 0);
    TableText table;
    for (int column = 0; column < m_sorted->columnCount(); ++column)
        table.heading << m_sorted->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    for (const QModelIndex &row : rows) {
        table.rows.emplace_back();
        for (int column = 0; column < m_sorted->columnCount(); ++column)
            table.rows.back() << write(row.siblingAtColumn(column));
    }
    return table;
}

} // namespace losslab::ui
