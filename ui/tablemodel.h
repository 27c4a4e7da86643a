#pragma once

#include "lab/chart.h"

#include <QAbstractTableModel>

namespace losslab {
struct TableData;
}

namespace losslab::ui {

/// Rows of a table as they come.
class TableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    TableModel(const TableInfo &info, QObject *parent);

    /// Shows the rows, which must outlive the model or the next call; nullptr: none.
    void setRows(const TableData *rows);
    /// Takes rows that have been added since.
    void refresh();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    TableInfo m_info;
    const TableData *m_rows = nullptr;
    int m_count = 0;
};

} // namespace losslab::ui
