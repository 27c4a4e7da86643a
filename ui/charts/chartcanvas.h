#pragma once

#include "ui/charts/chartdrawing.h"

#include <QWidget>

namespace losslab::ui {

/// The chart beneath its header: paints it, and is zoomed, panned and read with pointer and keys.
class ChartCanvas : public QWidget
{
    Q_OBJECT

public:
    explicit ChartCanvas(const ChartInfo &info, QWidget *parent = nullptr);

    ChartDrawing &drawing() { return m_drawing; }
    const ChartDrawing &drawing() const { return m_drawing; }
    void setEmptyText(const QString &text);

    void resetView();
    void setLeastInsets(const ChartDrawing::Insets &insets);
    /// In values, not plotted coordinates.
    void setXRange(double min, double max);
    void toggleSeries(const std::string &key);

    QSize sizeHint() const override { return {640, 320}; }
    QSize minimumSizeHint() const override { return {240, 150}; }

Q_SIGNALS:
    void viewChanged(); ///< zoomed, panned or reset
    void xRangeChanged(double min, double max);
    void viewReset();
    void seriesToggled();
    void insetsChanged(); ///< the axes need more room or less

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    enum class Drag {
        None,
        Band,
        Pan,
    };

    void takePalette();
    void zoom(double factor, QPointF at);
    void pan(QPointF pixels);
    void zoomToBand(const QRectF &band);
    void emitView(bool xMoved);
    void moveCrosshair(int direction);
    bool zoomKey(int key);

    ChartDrawing m_drawing;
    QString m_emptyText;
    QPixmap m_frame;
    int m_frameRevision = -1;
    std::optional<QPointF> m_pointer;
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    QPointF m_dragged;
    bool m_spaceDown = false;
    bool m_focusRing = false;
};

} // namespace losslab::ui
