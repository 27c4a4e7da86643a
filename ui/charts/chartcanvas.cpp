#include "ui/charts/chartcanvas.h"

#include "ui/charts/crosshair.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

constexpr double dragStarts = 4; // pixels: less is a click
constexpr double thinBand = 12;  // pixels: a band this thin zooms along its length only
constexpr double wheelStep = 1.25;
constexpr double keyStep = 0.1; // of the range

/// What was asked for, where it can be drawn and something can be told apart in it: between two epochs there
/// is nothing.
AxisRange allowed(const AxisRange &before, const AxisRange &wanted, const Axis &axis)
{
    const double least = std::max(leastLength(wanted), axis.whole && wanted.scale.isLinear() ? 1.0 : 0.0);
    if (!std::isfinite(wanted.length()) || (wanted.length() < least && before.length() < 2 * least))
        return before;
    if (wanted.length() >= least)
        return drawable(wanted);
    const double middle = wanted.min + wanted.length() / 2;
    return drawable({middle - least / 2, middle + least / 2, wanted.scale});
}

AxisRange zoomed(const AxisRange &range, double factor, double share, const Axis &axis)
{
    const double at = range.min + share * range.length();
    return allowed(range, {at - (at - range.min) / factor, at + (range.max - at) / factor, range.scale},
                   axis);
}

AxisRange moved(const AxisRange &range, double way)
{
    const AxisRange wanted{range.min + way, range.max + way, range.scale};
    return drawable(wanted) == wanted ? wanted : range; // at the end of the numbers
}

AxisRange between(const AxisRange &range, double low, double high, const Axis &axis)
{
    return allowed(range, {range.min + low * range.length(), range.min + high * range.length(), range.scale},
                   axis);
}

/// The band with its thin side as long as keeps the plot's shape.
QRectF inShapeOf(const QRectF &plot, QRectF band)
{
    const QPointF centre = band.center();
    const bool flat = band.height() < thinBand && band.width() >= thinBand;
    const bool narrow = band.width() < thinBand && band.height() >= thinBand;
    if (flat)
        band.setHeight(band.width() / plot.width() * plot.height());
    else if (narrow)
        band.setWidth(band.height() / plot.height() * plot.width());
    band.moveCenter(centre);
    return band;
}

} // namespace

ChartCanvas::ChartCanvas(const ChartInfo &info, QWidget *parent) : QWidget(parent), m_drawing(info)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAttribute(Qt::WA_OpaquePaintEvent);
    takePalette();
}

void ChartCanvas::takePalette()
{
    m_drawing.setTheme(ChartTheme::fromPalette(palette()));
    m_drawing.setMetrics(ChartMetrics::forScreen(font()));
    update();
}

void ChartCanvas::setEmptyText(const QString &text)
{
    m_emptyText = text;
    update();
}

void ChartCanvas::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        takePalette();
    QWidget::changeEvent(event);
}

void ChartCanvas::paintEvent(QPaintEvent *)
{
    m_drawing.update();
    const ChartDrawing::Insets needed = m_drawing.neededInsets();
    m_drawing.layOut(size(), 1 / devicePixelRatioF());
    if (needed != m_drawing.neededInsets())
        QMetaObject::invokeMethod(this, &ChartCanvas::insetsChanged, Qt::QueuedConnection);
    const QSize pixels = (QSizeF(size()) * devicePixelRatioF()).toSize();
    if (m_frame.size() != pixels || m_frameRevision != m_drawing.frameRevision()) {
        m_frame = QPixmap(pixels);
        m_frame.setDevicePixelRatio(devicePixelRatioF());
        m_frame.fill(m_drawing.theme().background);
        QPainter painter(&m_frame);
        m_drawing.paintFrame(painter);
        m_frameRevision = m_drawing.frameRevision();
    }

    QPainter painter(this);
    painter.drawPixmap(0, 0, m_frame);
    if (m_drawing.empty()) {
        painter.setFont(font());
        painter.setPen(m_drawing.theme().muted);
        painter.drawText(m_drawing.space().rect.adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         m_emptyText);
    } else {
        m_drawing.paintData(painter);
        if (m_pointer && m_drag == Drag::None)
            paintCrosshair(painter, readChart(m_drawing, *m_pointer), m_drawing);
    }
    QColor accent = m_drawing.theme().accent;
    if (m_drag == Drag::Band) {
        painter.setPen(accent);
        accent.setAlphaF(0.12F);
        painter.setBrush(accent);
        painter.drawRect(QRectF(m_pressed, m_dragged).normalized().intersected(m_drawing.space().rect));
    }
    if (m_focusRing) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(m_drawing.theme().accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void ChartCanvas::emitView(bool xMoved)
{
    update();
    Q_EMIT viewChanged();
    if (xMoved) {
        const AxisRange &x = m_drawing.view().x.value_or(m_drawing.space().x);
        Q_EMIT xRangeChanged(fromPlotted(x.min, x.scale), fromPlotted(x.max, x.scale));
    }
}

void ChartCanvas::resetView()
{
    if (m_drawing.view().follows())
        return; // charts that reset each other come to rest
    m_drawing.view() = {};
    emitView(false);
    Q_EMIT viewReset();
}

void ChartCanvas::setLeastInsets(const ChartDrawing::Insets &insets)
{
    m_drawing.setLeastInsets(insets);
    update();
}

void ChartCanvas::setXRange(double min, double max)
{
    const AxisScale scale = m_drawing.scaleX();
    if (min < max && (!scale.log || min > 0)) {
        m_drawing.view().x = drawable({toPlotted(min, scale), toPlotted(max, scale), scale});
        update();
        Q_EMIT viewChanged();
    }
}

/// Beside the plot only the axis there is zoomed, unless both have one scale.
void ChartCanvas::zoom(double factor, QPointF at)
{
    const PlotSpace &space = m_drawing.space();
    const double across = std::clamp((at.x() - space.rect.left()) / space.rect.width(), 0.0, 1.0);
    const double up = std::clamp((space.rect.bottom() - at.y()) / space.rect.height(), 0.0, 1.0);
    const bool single = !m_drawing.hasEqualScales();
    const bool onAxisX = single && at.y() > space.rect.bottom();
    const bool onAxisY = single && (at.x() < space.rect.left() || at.x() > space.rect.right());
    const ChartInfo &info = m_drawing.info();
    ChartView &view = m_drawing.view();
    if (!onAxisY || onAxisX)
        view.x = zoomed(space.x, factor, across, info.x);
    if (!onAxisX) {
        view.left = zoomed(space.left, factor, up, info.y);
        view.right = zoomed(space.right, factor, up, info.right.value_or(Axis{}));
    }
    emitView(!onAxisY || onAxisX);
}

void ChartCanvas::pan(QPointF pixels)
{
    const PlotSpace &space = m_drawing.space();
    const double across = pixels.x() / space.rect.width();
    const double up = pixels.y() / space.rect.height();
    const bool both = m_drawing.hasEqualScales(); // or the axis that is not moved would lose what it showed
    ChartView &view = m_drawing.view();
    if (across != 0 || both)
        view.x = moved(view.x.value_or(space.x), -across * space.x.length());
    if (up != 0 || both) {
        view.left = moved(view.left.value_or(space.left), up * space.left.length());
        view.right = moved(view.right.value_or(space.right), up * space.right.length());
    }
    emitView(across != 0);
}

void ChartCanvas::zoomToBand(const QRectF &band)
{
    const PlotSpace &space = m_drawing.space();
    QRectF inside = band.intersected(space.rect);
    if (m_drawing.hasEqualScales())
        inside = inShapeOf(space.rect, inside);
    const bool wide = inside.width() >= thinBand;
    const bool tall = inside.height() >= thinBand;
    const ChartInfo &info = m_drawing.info();
    ChartView &view = m_drawing.view();
    if (wide) {
        view.x = between(space.x, (inside.left() - space.rect.left()) / space.rect.width(),
                         (inside.right() - space.rect.left()) / space.rect.width(), info.x);
    }
    if (tall) {
        const double low = (space.rect.bottom() - inside.bottom()) / space.rect.height();
        const double high = (space.rect.bottom() - inside.top()) / space.rect.height();
        view.left = between(space.left, low, high, info.y);
        view.right = between(space.right, low, high, info.right.value_or(Axis{}));
    }
    emitView(wide);
}

void ChartCanvas::toggleSeries(const std::string &key)
{
    m_drawing.setHidden(key, !m_drawing.isHidden(key));
    update();
    Q_EMIT seriesToggled();
}

void ChartCanvas::wheelEvent(QWheelEvent *event)
{
    const QPoint turned = event->angleDelta();
    if (m_drawing.empty() || turned.isNull()) {
        event->ignore();
        return;
    }
    if (event->modifiers().testFlag(Qt::ShiftModifier) || turned.y() == 0) {
        const int turn = turned.y() != 0 ? turned.y() : turned.x();
        pan({turn / 120.0 * keyStep * m_drawing.space().rect.width(), 0});
    } else {
        zoom(std::pow(wheelStep, turned.y() / 120.0), event->position());
    }
    event->accept();
}

void ChartCanvas::mousePressEvent(QMouseEvent *event)
{
    m_pressed = m_dragged = event->position();
    if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_spaceDown)) {
        m_drag = Drag::Pan;
        setCursor(Qt::ClosedHandCursor);
    }
}

void ChartCanvas::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    if (m_drag == Drag::Pan && !m_drawing.empty())
        pan(at - m_dragged);
    else if (m_drag == Drag::None && event->buttons().testFlag(Qt::LeftButton) && !m_drawing.empty()
             && (at - m_pressed).manhattanLength() > dragStarts && m_drawing.legend().entryAt(m_pressed) < 0)
        m_drag = Drag::Band;
    if (m_drag == Drag::None) {
        const bool onEntry = m_drawing.legend().entryAt(at) >= 0;
        setCursor(onEntry ? Qt::PointingHandCursor : Qt::ArrowCursor);
        m_pointer = !onEntry && m_drawing.space().rect.contains(at) ? std::optional(at) : std::nullopt;
    }
    m_dragged = at;
    update();
}

void ChartCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    const int entry = m_drawing.legend().entryAt(event->position());
    if (m_drag == Drag::Band)
        zoomToBand(QRectF(m_pressed, event->position()).normalized());
    else if (m_drag == Drag::None && event->button() == Qt::LeftButton && entry >= 0
             && entry == m_drawing.legend().entryAt(m_pressed))
        toggleSeries(m_drawing.legend().entries()[static_cast<std::size_t>(entry)].key);
    m_drag = Drag::None;
    unsetCursor();
    update();
}

void ChartCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    m_pressed = event->position();
    if (event->button() == Qt::LeftButton && m_drawing.legend().entryAt(event->position()) < 0)
        resetView();
}

void ChartCanvas::leaveEvent(QEvent *)
{
    m_pointer.reset();
    update();
}

void ChartCanvas::moveCrosshair(int direction)
{
    const QRectF plot = m_drawing.space().rect;
    const QPointF start =
        m_pointer.value_or(QPointF(direction > 0 ? plot.left() : plot.right(), plot.center().y()));
    const double now = readChart(m_drawing, start).x;
    QPointF at(m_pointer ? now : start.x(), start.y());
    for (int step = 0; step < plot.width(); ++step) { // to the next point there is
        at.rx() += direction;
        const double there = readChart(m_drawing, at).x;
        if ((there - now) * direction > 0.5) {
            at.setX(there);
            break;
        }
    }
    at.setX(std::clamp(at.x(), plot.left(), plot.right()));
    m_pointer = at;
    update();
}

bool ChartCanvas::zoomKey(int key)
{
    const QRectF plot = m_drawing.space().rect;
    switch (key) {
    case Qt::Key_Left:
        pan({keyStep * plot.width(), 0});
        return true;
    case Qt::Key_Right:
        pan({-keyStep * plot.width(), 0});
        return true;
    case Qt::Key_Up:
        pan({0, keyStep * plot.height()});
        return true;
    case Qt::Key_Down:
        pan({0, -keyStep * plot.height()});
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoom(wheelStep, plot.center());
        return true;
    case Qt::Key_Minus:
        zoom(1 / wheelStep, plot.center());
        return true;
    default:
        return false;
    }
}

void ChartCanvas::keyPressEvent(QKeyEvent *event)
{
    const int key = event->key();
    const auto &entries = m_drawing.legend().entries();
    const int number = key - Qt::Key_1;
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    if (key == Qt::Key_Space)
        m_spaceDown = true;
    else if (control && (key == Qt::Key_Left || key == Qt::Key_Right))
        moveCrosshair(key == Qt::Key_Left ? -1 : 1);
    else if (!control && (key == Qt::Key_Home || (key == Qt::Key_Escape && !m_drawing.view().follows())))
        resetView();
    else if (!control && number >= 0 && number < 9 && number < static_cast<int>(entries.size())
             && !entries[static_cast<std::size_t>(number)].key.empty())
        toggleSeries(entries[static_cast<std::size_t>(number)].key);
    else if (control || m_drawing.empty() || !zoomKey(key))
        QWidget::keyPressEvent(event);
}

void ChartCanvas::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat())
        m_spaceDown = false;
    QWidget::keyReleaseEvent(event);
}

void ChartCanvas::focusInEvent(QFocusEvent *event)
{
    const Qt::FocusReason reason = event->reason();
    m_focusRing =
        reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason;
    update();
}

void ChartCanvas::focusOutEvent(QFocusEvent *)
{
    m_focusRing = false;
    m_spaceDown = false;
    update();
}

} // namespace losslab::ui
