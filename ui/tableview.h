#pragma once

#include "lab/chart.h"

#include <QTableView>
#include <cstdint>

class QAction;
class QSortFilterProxyModel;

namespace losslab {
struct TableData;
}

namespace losslab::ui {

class TableModel;

/// A table of an experiment: grows as rows come, is sorted by a click on a column's heading (a third click
/// brings back the order in which they came), is copied and written as CSV.
class TableView : public QTableView
{
    Q_OBJECT

public:
    explicit TableView(const TableInfo &info, QWidget *parent = nullptr);

    const TableInfo &info() const { return m_info; }
    /// The rows of a run, which must outlive the view or the next call.
    void setRows(const TableData *rows, std::uint64_t firstSeed, int repeats);
    void refresh();

    /// The rows selected, or all where none are, as they stand: a line a row, cells between tabs as
    /// spreadsheets take them, numbers in full; first the headings.
    QString text() const;

    QAction *copyAction() const { return m_copy; }
    QAction *exportAction() const { return m_export; }

Q_SIGNALS:
    void exportRequested();

private:
    void sortBy(int column);
    void updateActions();

    TableInfo m_info;
    TableModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QAction *m_copy;
    QAction *m_export;
};

} // namespace losslab::ui
