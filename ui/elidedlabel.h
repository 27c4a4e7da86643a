#pragma once

#include <QWidget>

namespace losslab::ui {

/// Quiet text that gives way: it fills the lines there are; what has no room stands in the tooltip.
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
