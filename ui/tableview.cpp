#include "ui/tableview.h"

#include "lab/rundata.h"
#include "store/numbertext.h"
#include "ui/icons.h"
#include "ui/tablemodel.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
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
QString plainText(const QVariant &value)
{
    return value.typeId() == QMetaType::Double ? fromText(numberText(value.toDouble())) : value.toString();
}

} // namespace

TableView::TableView(const TableInfo &info, QWidget *parent)
    : QTableView(parent),
      m_info(info),
      m_model(new TableModel(info, this)),
      m_sorted(new ValueOrder(this)),
      m_copy(new QAction(icon(QStringLiteral("copy")), tr("Copy rows"), this)),
      m_export(new QAction(icon(QStringLiteral("export")), tr("Export table…"), this))
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

    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetShortcut);
    m_copy->setToolTip(tr("Copy the rows selected, or all, for a spreadsheet (Ctrl+C)"));
    m_export->setToolTip(tr("Write all rows as CSV"));
    connect(m_copy, &QAction::triggered, this, [this] { QApplication::clipboard()->setText(text()); });
    connect(m_export, &QAction::triggered, this, &TableView::exportRequested);
    addActions({m_copy, m_export});
    setContextMenuPolicy(Qt::ActionsContextMenu);
    updateActions();
}

void TableView::setRows(const TableData *rows, std::uint64_t firstSeed, int repeats)
{
    m_model->setRows(rows, firstSeed, repeats);
    updateActions();
}

void TableView::refresh()
{
    m_model->refresh();
    updateActions();
}

void TableView::updateActions()
{
    const bool any = m_model->rowCount() > 0;
    m_copy->setEnabled(any);
    m_export->setEnabled(any);
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

QString TableView::text() const
{
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(),
              [](const QModelIndex &a, const QModelIndex &b) { return a.row() < b.row(); });
    if (rows.isEmpty())
        for (int row = 0; row < m_sorted->rowCount(); ++row)
            rows << m_sorted->index(row, 0);

    QStringList heading;
    for (int column = 0; column < m_sorted->columnCount(); ++column)
        heading << m_sorted->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    QStringList lines{heading.join(QLatin1Char('\t'))};
    for (const QModelIndex &row : rows) {
        QStringList cells;
        for (int column = 0; column < m_sorted->columnCount(); ++column)
            cells << plainText(row.siblingAtColumn(column).data(TableModel::ValueRole));
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace losslab::ui
