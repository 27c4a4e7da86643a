#include "ui/queuemodel.h"

#include "ui/theme.h"

#include <QApplication>
#include <QFont>
#include <QMimeData>
#include <algorithm>

namespace losslab::ui {

namespace {

const QString draggedType = QStringLiteral("application/x-losslab-queued-run");

QVariant colorOf(const QueueRow &row, int column)
{
    if (column == QueueModel::Standing && row.state == QueuedState::Failed)
        return ThemeColors::current().error;
    if (column == QueueModel::Run && row.opens && row.state != QueuedState::Running)
        return QApplication::palette().color(QPalette::Link);
    if (column != QueueModel::Run && row.state != QueuedState::Running)
        return ThemeColors::current().muted;
    return {};
}

} // namespace

void QueueModel::setRows(std::vector<QueueRow> rows)
{
    const bool same = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                 [](const QueueRow &a, const QueueRow &b) { return a.id == b.id; });
    if (!same) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i] != m_rows[i]) {
            m_rows[i] = std::move(rows[i]);
            const int row = static_cast<int>(i);
            Q_EMIT dataChanged(index(row, 0), index(row, Time));
        }
}

int QueueModel::rowOf(std::int64_t id) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [id](const QueueRow &row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int QueueModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 3;
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const QueueRow &row = m_rows[static_cast<std::size_t>(index.row())];
    const QString &text = index.column() == Run        ? row.run
                          : index.column() == Standing ? row.standing
                                                       : row.time;
    switch (role) {
    case Qt::DisplayRole:
        return text;
    case Qt::ToolTipRole: // which takes markup, and a message may be from a file
        return index.column() == Time ? QString() : QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped());
    case Qt::ForegroundRole:
        return colorOf(row, index.column());
    case Qt::FontRole: {
        QFont font = QApplication::font();
        font.setBold(row.state == QueuedState::Running);
        return font;
    }
    case Qt::TextAlignmentRole:
        return index.column() == Time ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    default:
        return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Run ? tr("Run") : section == Standing ? tr("State") : tr("Time");
}

/// Only what waits is dragged, and dropped between rows.
Qt::ItemFlags QueueModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled;
    const bool isWaiting = waits(m_rows[static_cast<std::size_t>(index.row())].state);
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | (isWaiting ? Qt::ItemIsDragEnabled : Qt::NoItemFlags);
}

QStringList QueueModel::mimeTypes() const
{
    return {draggedType};
}

QMimeData *QueueModel::mimeData(const QModelIndexList &indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    auto *data = new QMimeData;
    const auto row = static_cast<std::size_t>(indexes.front().row());
    data->setData(draggedType, QByteArray::number(static_cast<qlonglong>(m_rows[row].id)));
    return data;
}

std::int64_t QueueModel::draggedRun(const QMimeData &data)
{
    return data.data(draggedType).toLongLong();
}

} // namespace losslab::ui
