#include "ui/banner.h"

#include "ui/icons.h"
#include "ui/plainlabel.h"
#include "ui/theme.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace losslab::ui {

Banner::Banner(QWidget *parent)
    : QWidget(parent),
      m_icon(new PlainLabel(this)),
      m_text(new PlainLabel(this)),
      m_action(new QPushButton(this)),
      m_close(new QToolButton(this))
{
    setObjectName(QStringLiteral("banner"));
    m_text->setObjectName(QStringLiteral("bannerText"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_action->setProperty("quiet", true);
    m_close->setIcon(icon(QStringLiteral("close")));
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(m_close->toolTip());
    m_action->setObjectName(QStringLiteral("bannerAction"));
    m_close->setObjectName(QStringLiteral("bannerClose"));
    connect(m_action, &QPushButton::clicked, this, [this] {
        if (const auto run = m_run) // it may show the next message
            run();
    });
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(gridStep + 4, gridStep / 2, gridStep / 2, gridStep / 2);
    layout->setSpacing(gridStep);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    m_icon->setContentsMargins(0, 4, 0, 0);
    hide();
}

void Banner::showMessage(Kind kind, const QString &text, const QString &action, std::function<void()> run)
{
    m_kind = kind;
    m_run = std::move(run);
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(kind == Kind::Error ? tr("Error: %1").arg(text) : text);
    updateIcon();
    update();
    show();
}

void Banner::withdraw(const QString &text)
{
    if (!text.isEmpty() && text == this->text())
        hide();
}

QString Banner::text() const
{
    return m_text->text();
}

void Banner::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateIcon();
}

void Banner::paintEvent(QPaintEvent *)
{
    const ThemeColors colors = ThemeColors::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_kind == Kind::Error ? colors.errorBackground : colors.infoBackground);
    painter.drawRoundedRect(rect(), 4, 4);
}

void Banner::updateIcon()
{
    const bool error = m_kind == Kind::Error;
    const QColor color =
        error ? ThemeColors::current().error : QApplication::palette().color(QPalette::Highlight);
    m_icon->setPixmap(
        iconPixmap(error ? QStringLiteral("error") : QStringLiteral("info"), color, 16, devicePixelRatioF()));
}

} // namespace losslab::ui
