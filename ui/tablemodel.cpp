#include "ui/tablemodel.h"

#include "lab/rundata.h"
#include "ui/charts/chartaxis.h"
#include "ui/text.h"

namespace losslab::ui {

namespace {

QString cellText(const Value &value, Format format)
{
    if (const auto *number = std::get_if<double>(&value))
        return valueText(*number, format);
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        return valueText(static_cast<double>(*whole), format);
    return fromText(toText(value));
}

} // namespace

TableModel::TableModel(const TableInfo &info, QObject *parent) : QAbstractTableModel(parent), m_info(info) {}

void TableModel::setRows(const TableData *rows)
{
    beginResetModel();
    m_rows = rows;
    m_count = rows ? static_cast<int>(rows->rows.size()) : 0;
    endResetModel();
}

void TableModel::refresh()
{
    const int count = m_rows ? static_cast<int>(m_rows->rows.size()) : 0;
    if (count <= m_count)
        return;
    beginInsertRows({}, m_count, count - 1);
    m_count = count;
    endInsertRows();
}

int TableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

int TableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_info.columns.size());
}

QVariant TableModel::data(const QModelIndex &index, int role) const
{
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const auto column = static_cast<std::size_t>(index.column());
    const RowEvent &row = m_rows->rows[static_cast<std::size_t>(index.row())];
    if (column >= row.cells.size())
        return {};
    return cellText(row.cells[column].second, m_info.columns[column].format);
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return section + 1;
    return fromText(m_info.columns[static_cast<std::size_t>(section)].label);
}

} // namespace losslab::ui
