#pragma once

#include <QWidget>

namespace losslab::ui {

/// One line of quiet text that gives way: what has no room is cut, and stands in the tooltip.
class ElidedLabel : public QWidget
{
public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    void setText(const QString &text);
    QString text() const { return m_text; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace losslab::ui
