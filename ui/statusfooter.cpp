#include "ui/statusfooter.h"

#include "ui/plainlabel.h"
#include "ui/runcontroller.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <QUrl>

namespace losslab::ui {

namespace {

constexpr int messageTime = 10000; // ms

/// A label that gives way: its text is cut at the right edge instead of widening the window.
QLabel *yieldingLabel(QWidget *parent)
{
    auto *label = new PlainLabel(parent);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

QString runText(const RunController &controller)
{
    const RunState state = controller.state();
    if (controller.isWrittenElsewhere())
        return controller.outcome();
    if (state == RunState::Running && !controller.progress().text.empty())
        return fromText(controller.progress().text);
    if (state == RunState::Paused)
        return RunController::tr("Paused  ·  %1")
            .arg(fromText(controller.whyPaused().empty() ? controller.progress().text
                                                         : controller.whyPaused()));
    if (state == RunState::Running)
        return RunController::tr("Starting …");
    if (state == RunState::Stopping)
        return RunController::tr("Stopping …");
    return isEnded(state) ? controller.outcome() : stateText(state);
}

} // namespace

StatusFooter::StatusFooter(QWidget *parent)
    : QWidget(parent),
      m_bar(new QProgressBar(this)),
      m_text(yieldingLabel(this)),
      m_left(new PlainLabel(this)),
      m_message(yieldingLabel(this)),
      m_queue(new QToolButton(this))
{
    setObjectName(QStringLiteral("footer"));
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(24 * gridStep);
    m_bar->setAccessibleName(tr("Progress"));
    m_text->setObjectName(QStringLiteral("progressText"));
    m_left->setProperty("role", "muted");
    m_message->setObjectName(QStringLiteral("message"));
    m_message->setTextFormat(Qt::RichText);
    m_message->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_message->hide();
    connect(m_message, &QLabel::linkActivated, this,
            [](const QString &link) { QDesktopServices::openUrl(QUrl(link)); });
    m_queue->setObjectName(QStringLiteral("queueButton"));
    m_queue->setStyleSheet(QStringLiteral("padding: 0 6px;")); // the line stays as high as its text
    m_queue->setFocusPolicy(Qt::TabFocus);
    m_queue->setToolTip(tr("Show the queue (F6)"));
    m_queue->hide();
    connect(m_queue, &QToolButton::clicked, this, &StatusFooter::queueAsked);
    m_messageTimer.setSingleShot(true);
    connect(&m_messageTimer, &QTimer::timeout, this, [this] {
        m_message->hide();
        m_text->show();
    });

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(2 * gridStep, gridStep / 4, 2 * gridStep, gridStep / 4);
    layout->setSpacing(2 * gridStep);
    layout->addWidget(m_bar);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_message, 1);
    layout->addWidget(m_left);
    layout->addWidget(m_queue);
}

void StatusFooter::showRun(const RunController &controller, const QString &title)
{
    const ProgressEvent &progress = controller.progress();
    const bool training = controller.isActive();
    m_bar->setVisible(training);
    m_bar->setValue(qRound(1000 * progress.done));
    m_text->setText(title.isEmpty() ? runText(controller)
                                    : QStringLiteral("%1  ·  %2").arg(title, runText(controller)));
    m_text->setToolTip(plainTip(m_text->text()));
    const bool known = controller.state() == RunState::Running && progress.secondsLeft >= 0;
    m_left->setText(known ? tr("%1 left").arg(durationText(progress.secondsLeft)) : QString());
}

void StatusFooter::showMessage(const QString &text, const QString &linkText, const QUrl &link)
{
    QString shown = text.toHtmlEscaped();
    if (!linkText.isEmpty())
        shown += QStringLiteral(" &nbsp; <a href=\"%1\">%2</a>")
                     .arg(QString::fromUtf8(link.toEncoded()).toHtmlEscaped(), linkText.toHtmlEscaped());
    m_message->setText(shown);
    m_message->show();
    m_text->hide();
    m_messageTimer.start(messageTime);
}

void StatusFooter::showQueue(const QString &text)
{
    m_queue->setText(text);
    m_queue->setVisible(!text.isEmpty());
}

QString StatusFooter::message() const
{
    return m_message->isHidden() ? QString() : m_message->text();
}

} // namespace losslab::ui
