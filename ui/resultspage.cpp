#include "ui/resultspage.h"

#include "ui/elidedlabel.h"
#include "ui/figuresview.h"
#include "ui/theme.h"

#include <QBoxLayout>
#include <QHeaderView>

namespace losslab::ui {

namespace {

constexpr int noteWidth = 30 * gridStep;

} // namespace

ResultsPage::ResultsPage(const Experiment &experiment, QWidget *parent)
    : QWidget(parent),
      m_figures(new FiguresView(experiment, this)),
      m_note(new ElidedLabel(this)),
      m_layout(new QBoxLayout(QBoxLayout::TopToBottom, this))
{
    m_note->setObjectName(QStringLiteral("resultsNote"));
    m_note->setContentsMargins(gridStep, 0, gridStep, 0);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_figures, 1);
    m_layout->addWidget(m_note);
}

void ResultsPage::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    arrange();
}

void ResultsPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ResultsPage::arrange()
{
    const int table = m_figures->horizontalHeader()->length() + m_figures->verticalHeader()->width();
    const bool beside = table + noteWidth <= width();
    m_layout->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_note->setMinimumWidth(beside ? noteWidth : 0);
    m_note->setSizePolicy(QSizePolicy::Ignored, beside ? QSizePolicy::Ignored : QSizePolicy::Fixed);
}

} // namespace losslab::ui
