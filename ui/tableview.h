#pragma once

#include "lab/table.h"
#include "ui/copytable.h"

#include <cstdint>

class QSortFilterProxyModel;

namespace losslab {
struct TableData;
}

namespace losslab::ui {

class TableModel;

/// A table of an experiment: grows as rows come, is sorted by a click on a column's heading or a key (a third
/// one brings back the order in which they came).
class TableView : public CopyTable
{
    Q_OBJECT

public:
    explicit TableView(const TableInfo &info, QWidget *parent = nullptr);

    const TableInfo &info() const { return m_info; }
    /// The rows of a run, which must outlive the view or the next call.
    void setRows(const TableData *rows, std::uint64_t firstSeed, int repeats);
    void refresh();

    /// The rows selected, or all where none are, in the order in which they stand.
    TableText values() const override;
    TableText shownTexts() const override;

private:
    void sortBy(int column);
    void addSortAction();
    TableText texts(QString (*write)(const QModelIndex &)) const;

    TableInfo m_info;
    TableModel *m_model;
    QSortFilterProxyModel *m_sorted;
};

} // namespace losslab::ui
