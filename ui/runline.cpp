#include "ui/runline.h"

#include "ui/elidedlabel.h"
#include "ui/plainlabel.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace losslab::ui {

RunLine::RunLine(QWidget *parent)
    : QWidget(parent),
      m_text(new ElidedLabel(this)),
      m_changed(new PlainLabel(tr("The settings differ from this run’s"), this)),
      m_use(new QPushButton(tr("Use its settings"), this))
{
    setObjectName(QStringLiteral("runLine"));
    m_text->setObjectName(QStringLiteral("runSettings"));
    m_changed->setObjectName(QStringLiteral("settingsChanged"));
    m_use->setObjectName(QStringLiteral("useItsSettings"));
    m_use->setProperty("quiet", true);
    m_use->setStyleSheet(QStringLiteral("padding: 0px 4px; border-width: 0px;"));
    m_use->setToolTip(tr("Fill the form with the settings of the run shown"));
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_text, m_changed, m_use})
        widget->setFont(small);
    connect(m_use, &QPushButton::clicked, this, &RunLine::settingsWanted);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(gridStep, 0, gridStep / 2, 0);
    layout->setSpacing(gridStep / 2);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_changed);
    layout->addWidget(m_use);
    setFixedHeight(QFontMetrics(small).height() + 2); // the charts beneath stay where they are
    setChanged(false);
}

void RunLine::setText(const QString &text)
{
    m_text->setText(text);
}

QString RunLine::text() const
{
    return m_text->text();
}

void RunLine::setChanged(bool changed)
{
    m_changed->setVisible(changed);
    m_use->setVisible(changed);
}

} // namespace losslab::ui
