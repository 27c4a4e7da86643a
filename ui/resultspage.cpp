#include "ui/resultspage.h"

#include "ui/figuresview.h"
#include "ui/plainlabel.h"
#include "ui/theme.h"

#include <QLabel>

namespace losslab::ui {

ResultsPage::ResultsPage(const Experiment &experiment, QWidget *parent)
    : QStackedWidget(parent), m_figures(new FiguresView(experiment, this)), m_whyNone(new PlainLabel(this))
{
    m_whyNone->setObjectName(QStringLiteral("whyNoFigures"));
    m_whyNone->setProperty("role", "muted");
    m_whyNone->setWordWrap(true);
    m_whyNone->setContentsMargins(gridStep, gridStep, gridStep, 0);
    m_whyNone->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    addWidget(m_figures);
    addWidget(m_whyNone);
}

void ResultsPage::setWhyNone(const QString &sentence)
{
    m_whyNone->setText(sentence);
    setCurrentWidget(m_figures->model()->rowCount() == 0 && !sentence.isEmpty()
                         ? static_cast<QWidget *>(m_whyNone)
                         : m_figures);
}

} // namespace losslab::ui
