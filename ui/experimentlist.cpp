#include "ui/experimentlist.h"

#include "lab/experiment.h"
#include "ui/icons.h"
#include "ui/runcontroller.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace losslab::ui {

namespace {

constexpr int IdRole = Qt::UserRole;
constexpr int StateRole = Qt::UserRole + 1;
constexpr int DoneRole = Qt::UserRole + 2;
constexpr int badgeSide = 14;
constexpr int outside = gridStep / 2;           ///< of a name's frame
constexpr int before = gridStep + gridStep / 2; ///< of a name, within its frame
constexpr int behind = badgeSide + gridStep;

/// Headings small and muted; experiments with a badge at the right: a ring that fills, a tick, an exclamation
/// mark.
class ExperimentDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const bool heading = index.data(IdRole).isNull();
        const QFontMetrics metrics(option.font);
        const int width = metrics.horizontalAdvance(index.data().toString()) + 2 * outside + before + behind;
        const int space =
            heading ? (index.row() == 0 ? gridStep : 2 * gridStep) + gridStep / 2 : gridStep + 2;
        return {width, metrics.height() + space};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const ThemeColors colors = ThemeColors::current();
        const QRect area = option.rect.adjusted(outside, 0, -outside, 0);
        if (index.data(IdRole).isNull())
            paintHeading(*painter, option, area.adjusted(before, 0, 0, -gridStep / 2),
                         index.data().toString(), colors);
        else
            paintExperiment(*painter, option, area, index, colors);
        painter->restore();
    }

private:
    static void paintHeading(QPainter &painter, const QStyleOptionViewItem &option, const QRect &area,
                             const QString &text, const ThemeColors &colors)
    {
        QFont font = option.font;
        font.setPointSizeF(font.pointSizeF() * 0.9);
        font.setWeight(QFont::DemiBold);
        painter.setFont(font);
        painter.setPen(colors.muted);
        painter.drawText(area, Qt::AlignLeft | Qt::AlignBottom,
                         QFontMetrics(font).elidedText(text, Qt::ElideRight, area.width()));
    }

    static void paintExperiment(QPainter &painter, const QStyleOptionViewItem &option, const QRect &area,
                                const QModelIndex &index, const ThemeColors &colors)
    {
        const QColor accent = option.palette.color(QPalette::Highlight);
        const bool selected = option.state & QStyle::State_Selected;
        if (selected || option.state & QStyle::State_MouseOver) {
            QColor fill = selected ? accent : option.palette.color(QPalette::WindowText);
            fill.setAlphaF(selected ? 0.16f : 0.06f);
            painter.setPen(option.state & QStyle::State_HasFocus && selected ? QPen(accent)
                                                                             : QPen(Qt::NoPen));
            painter.setBrush(fill);
            painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        }
        painter.setFont(option.font);
        painter.setPen(option.palette.color(QPalette::WindowText));
        const QRect text = area.adjusted(before, 0, -behind, 0);
        painter.drawText(
            text, Qt::AlignLeft | Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
        const QRectF badge(area.right() + 1 - gridStep / 2.0 - badgeSide,
                           area.center().y() - badgeSide / 2.0 + 1, badgeSide, badgeSide);
        paintBadge(painter, badge, index, accent, colors);
    }

    static void paintBadge(QPainter &painter, const QRectF &at, const QModelIndex &index,
                           const QColor &accent, const ThemeColors &colors)
    {
        const auto pixmap = [&](const QString &name, const QColor &color) {
            painter.drawPixmap(at.topLeft(),
                               iconPixmap(name, color, badgeSide, painter.device()->devicePixelRatioF()));
        };
        switch (static_cast<RunState>(index.data(StateRole).toInt())) {
        case RunState::Idle:
            break;
        case RunState::Running:
        case RunState::Paused:
        case RunState::Stopping: {
            const QRectF ring = at.adjusted(2, 2, -2, -2);
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(colors.line, 2.5));
            painter.drawEllipse(ring);
            painter.setPen(QPen(accent, 2.5, Qt::SolidLine, Qt::FlatCap));
            painter.drawArc(ring, 90 * 16,
                            -qRound(std::max(0.03, index.data(DoneRole).toDouble()) * 360 * 16));
            break;
        }
        case RunState::Finished:
            pixmap(QStringLiteral("done"), colors.success);
            break;
        case RunState::Stopped:
            pixmap(QStringLiteral("stop"), colors.muted);
            break;
        case RunState::Failed:
            pixmap(QStringLiteral("error"), colors.error);
            break;
        }
    }
};

} // namespace

ExperimentList::ExperimentList(QWidget *parent) : QListWidget(parent)
{
    setObjectName(QStringLiteral("experiments"));
    setAccessibleName(tr("Experiments"));
    setItemDelegate(new ExperimentDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    setTabKeyNavigation(false);
    connect(this, &QListWidget::currentItemChanged, this, [this](QListWidgetItem *item) {
        if (item)
            Q_EMIT experimentSelected(item->data(IdRole).toString().toStdString());
    });
}

void ExperimentList::addExperiment(const Experiment &experiment)
{
    const std::string_view part = partTitle(experiment.info().part);
    const QString heading = QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
    if (heading != m_lastPart) {
        auto *item = new QListWidgetItem(heading, this);
        item->setFlags(Qt::NoItemFlags);
        m_lastPart = heading;
    }
    auto *item = new QListWidgetItem(fromText(experiment.info().title), this);
    item->setData(IdRole, fromText(experiment.info().id));
    item->setToolTip(plainTip(item->text() + QLatin1Char('\n') + fromText(experiment.info().question)));
    m_items[experiment.info().id] = item;
    m_order.push_back(item);
    setRunState(experiment.info().id, RunState::Idle, 0);
}

void ExperimentList::setRunState(const std::string &id, RunState state, double done)
{
    QListWidgetItem *item = m_items.at(id);
    const bool training = state == RunState::Running || state == RunState::Paused;
    const int percent = qRound(100 * done);
    item->setData(StateRole, static_cast<int>(state));
    item->setData(DoneRole, percent / 100.0);
    QString text = item->text();
    if (state != RunState::Idle)
        text += QStringLiteral(", ") + stateText(state).toLower();
    if (training)
        text += tr(", %1 percent").arg(percent);
    item->setData(Qt::AccessibleTextRole, text);
}

void ExperimentList::select(const std::string &id)
{
    const auto found = m_items.find(id);
    setCurrentItem(found == m_items.end() ? m_order.front() : found->second);
}

void ExperimentList::selectNumber(int number)
{
    if (number < static_cast<int>(m_order.size()))
        setCurrentItem(m_order[static_cast<std::size_t>(number)]);
}

std::string ExperimentList::selected() const
{
    return currentItem() ? currentItem()->data(IdRole).toString().toStdString() : std::string();
}

QSize ExperimentList::sizeHint() const
{
    constexpr int widest = 28 * gridStep;
    return {std::min(sizeHintForColumn(0), widest), 400};
}

} // namespace losslab::ui
