#pragma once

#include "library/runentry.h"
#include "library/runfilter.h"

#include <QAbstractTableModel>
#include <cstddef>
#include <vector>

namespace losslab::ui {

/// The library's runs that are like a filter, a row each.
class RunTable final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Star, Name, Settings, Results, State, Started, Experiment, Tags, columns };

    using QAbstractTableModel::QAbstractTableModel;

    /// In the order in which they are shown while no column sorts them.
    void setEntries(std::vector<RunEntry> entries);
    void setFilter(RunFilter filter);
    const std::vector<RunEntry> &entries() const { return m_entries; }
    const RunEntry &entry(int row) const { return m_entries[m_shown[static_cast<std::size_t>(row)]]; }
    /// -1 where it is not shown.
    int rowOf(const std::filesystem::path &folder) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// By no column: the one begun last first.
    void sort(int column, Qt::SortOrder order) override;

private:
    void choose();

    std::vector<RunEntry> m_entries;
    std::vector<std::size_t> m_shown; ///< places among the entries
    RunFilter m_filter;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace losslab::ui
