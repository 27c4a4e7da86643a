#include "ui/tablemodel.h"

#include "lab/rundata.h"
#include "ui/charts/chartaxis.h"
#include "ui/text.h"

#include <algorithm>

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

QVariant toVariant(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return fromText(*text);
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        return QVariant::fromValue<qlonglong>(*whole);
    if (const auto *flag = std::get_if<bool>(&value))
        return *flag;
    return std::get<double>(value);
}

} // namespace

TableModel::TableModel(const TableInfo &info, QObject *parent) : QAbstractTableModel(parent), m_info(info) {}

void TableModel::setRows(const TableData *rows, std::uint64_t firstSeed, int repeats)
{
    beginResetModel();
    m_rows = rows;
    m_count = rows ? static_cast<int>(rows->rows.size()) : 0;
    m_firstSeed = firstSeed;
    m_seeds = repeats > 1;
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
    return parent.isValid() ? 0 : static_cast<int>(m_info.columns.size()) + (m_seeds ? 1 : 0);
}

const RowEvent &TableModel::row(int index) const
{
    return m_rows->rows[static_cast<std::size_t>(index)];
}

const Column *TableModel::column(int index) const
{
    const int declared = index - (m_seeds ? 1 : 0);
    return declared < 0 ? nullptr : &m_info.columns[static_cast<std::size_t>(declared)];
}

Value TableModel::value(int index, int at) const
{
    const RowEvent &cells = row(index);
    const Column *shown = column(at);
    if (!shown)
        return static_cast<std::int64_t>(m_firstSeed) + cells.repeat;
    const auto found = std::find_if(cells.cells.begin(), cells.cells.end(),
                                    [&](const auto &cell) { return cell.first == shown->key; });
    return found == cells.cells.end() ? Value(std::string()) : found->second;
}

/// As the first row has it.
bool TableModel::isText(int at) const
{
    return m_count > 0 && std::holds_alternative<std::string>(value(0, at));
}

QVariant TableModel::data(const QModelIndex &index, int role) const
{
    const Column *shown = column(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(value(index.row(), index.column()), shown ? shown->format : Format::Number);
    case ValueRole:
        return toVariant(value(index.row(), index.column()));
    case Qt::TextAlignmentRole:
        return static_cast<int>((isText(index.column()) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::TextAlignmentRole) {
        const bool left = orientation == Qt::Horizontal && isText(section);
        return static_cast<int>((left ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return section + 1;
    const Column *shown = column(section);
    return shown ? fromText(shown->label) : tr("Seed");
}

} // namespace losslab::ui
