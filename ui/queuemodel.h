#pragma once

#include "runs/queuefile.h"

#include <QAbstractTableModel>
#include <QString>
#include <vector>

namespace losslab::ui {

/// A run of the queue as it is shown.
struct QueueRow
{
    std::int64_t id = 0;
    QueuedState state = QueuedState::Waiting;
    bool opens = false; ///< there is a run to look at
    QString run;
    QString standing;
    QString time;

    bool operator==(const QueueRow &) const = default;
};

/// The queue as a table.
class QueueModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Run, Standing, Time };

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows that are there already change where they stand.
    void setRows(std::vector<QueueRow> rows);
    const std::vector<QueueRow> &rows() const { return m_rows; }
    /// -1 where there is none.
    int rowOf(std::int64_t id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    /// The run that is dragged; 0 where it is something else.
    static std::int64_t draggedRun(const QMimeData &data);

private:
    std::vector<QueueRow> m_rows;
};

} // namespace losslab::ui
