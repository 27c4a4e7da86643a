#include "ui/queuetable.h"

#include "ui/queuemodel.h"
#include "ui/theme.h"

#include <QDropEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMimeData>
#include <algorithm>

namespace losslab::ui {

QueueTable::QueueTable(QWidget *parent) : QTableView(parent), m_rows(new QueueModel(this))
{
    setObjectName(QStringLiteral("queue"));
    setAccessibleName(tr("Runs of the queue"));
    setAccessibleDescription(tr("Alt+Up and Alt+Down move a run, Delete removes it, Return opens it."));
    setModel(m_rows);
    setProperty("role", "edited");
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setWordWrap(false);
    setEditTriggers(NoEditTriggers);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + gridStep);
    verticalHeader()->setHighlightSections(false);
    verticalHeader()->setSectionsClickable(false);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setMinimumSectionSize(9 * gridStep);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setMaximumSectionSize(30 * gridStep);
    horizontalHeader()->setSectionResizeMode(QueueModel::Run, QHeaderView::Stretch);

    setDragDropMode(DragDrop);
    setDefaultDropAction(Qt::MoveAction);
    setDragDropOverwriteMode(false);
    setDropIndicatorShown(true);
    connect(this, &QTableView::clicked, this, [this](const QModelIndex &index) {
        if (opensAt(index))
            Q_EMIT openAsked(chosen());
    });
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &QueueTable::choiceChanged);
    connect(m_rows, &QueueModel::modelReset, this, &QueueTable::choiceChanged);
}

std::int64_t QueueTable::chosen() const
{
    return currentIndex().isValid() ? m_rows->rows()[static_cast<std::size_t>(currentIndex().row())].id : 0;
}

void QueueTable::choose(std::int64_t id)
{
    if (const int row = m_rows->rowOf(id); row >= 0 && id != chosen())
        setCurrentIndex(m_rows->index(row, QueueModel::Run));
}

int QueueTable::firstWaiting() const
{
    const auto &rows = m_rows->rows();
    return static_cast<int>(
        std::find_if(rows.begin(), rows.end(), [](const QueueRow &row) { return waits(row.state); })
        - rows.begin());
}

int QueueTable::placeOf(std::int64_t id) const
{
    return std::max(-1, m_rows->rowOf(id) - firstWaiting());
}

QSize QueueTable::sizeHint() const
{
    return {80 * gridStep, 30 * gridStep};
}

bool QueueTable::opensAt(const QModelIndex &index) const
{
    return index.isValid() && index.column() == QueueModel::Run
           && m_rows->rows()[static_cast<std::size_t>(index.row())].opens;
}

/// Whether the key is one of the table's own.
bool QueueTable::press(const QKeyEvent &key)
{
    const bool plain = key.modifiers() == Qt::NoModifier || key.modifiers() == Qt::KeypadModifier;
    const std::int64_t id = chosen();
    if (id == 0)
        return false;
    const bool up = key.key() == Qt::Key_Up, down = key.key() == Qt::Key_Down;
    if (key.modifiers() == Qt::AltModifier && (up || down)) {
        if (const int place = placeOf(id); place >= 0 && (down || place > 0))
            Q_EMIT moveAsked(id, place + (up ? -1 : 1));
    } else if (plain && key.key() == Qt::Key_Delete) {
        Q_EMIT removeAsked(id);
    } else if (plain && (key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter)) {
        if (opensAt(currentIndex().siblingAtColumn(QueueModel::Run)))
            Q_EMIT openAsked(id);
    } else {
        return false;
    }
    return true;
}

void QueueTable::keyPressEvent(QKeyEvent *event)
{
    if (!press(*event))
        QTableView::keyPressEvent(event);
}

void QueueTable::mouseMoveEvent(QMouseEvent *event)
{
    viewport()->setCursor(opensAt(indexAt(event->pos())) ? Qt::PointingHandCursor : Qt::ArrowCursor);
    QTableView::mouseMoveEvent(event);
}

/// The run goes before the row in whose upper half it is dropped. The queue moves it, and the rows follow.
void QueueTable::dropEvent(QDropEvent *event)
{
    const QPoint at = event->position().toPoint();
    const QModelIndex on = indexAt(at);
    int row = on.isValid() ? on.row() : m_rows->rowCount();
    if (on.isValid() && at.y() > visualRect(on).center().y())
        ++row;
    const std::int64_t id = QueueModel::draggedRun(*event->mimeData());
    const int from = placeOf(id);
    int place = std::max(0, row - firstWaiting());
    if (from >= 0 && place > from)
        --place;                            // it leaves a gap
    event->setDropAction(Qt::IgnoreAction); // nothing is taken out of the model
    event->accept();
    setState(NoState);
    viewport()->update();
    if (from >= 0 && place != from)
        QMetaObject::invokeMethod(
            this, [this, id, place] { Q_EMIT moveAsked(id, place); }, Qt::QueuedConnection);
}

} // namespace losslab::ui
