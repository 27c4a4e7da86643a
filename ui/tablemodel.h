#pragma once

#include "lab/table.h"

#include <QAbstractTableModel>
#include <cstdint>

namespace losslab {
struct RowEvent;
struct TableData;
} // namespace losslab

namespace losslab::ui {

/// Rows of a table as they come; with repeats, the first column tells a row's seed.
class TableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// A cell's own value (number, text or truth value), which sorting goes by.
    static constexpr int ValueRole = Qt::UserRole;

    TableModel(const TableInfo &info, QObject *parent);

    /// Shows the rows of a run, which must outlive the model or the next call; nullptr: none.
    void setRows(const TableData *rows, std::uint64_t firstSeed, int repeats);
    /// Takes rows that have been added since.
    void refresh();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const RowEvent &row(int index) const;
    /// The declared column that stands there; nullptr: the seed's.
    const Column *column(int index) const;
    Value value(int row, int column) const;
    bool isText(int column) const;

    TableInfo m_info;
    const TableData *m_rows = nullptr;
    int m_count = 0;
    std::uint64_t m_firstSeed = 1;
    bool m_seeds = false; ///< there is more than one seed to tell
};

} // namespace losslab::ui
