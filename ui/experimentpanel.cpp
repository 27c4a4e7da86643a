#include "ui/experimentpanel.h"

#include "lab/experiment.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/details.h"
#include "ui/icons.h"
#include "ui/parameterform.h"
#include "ui/plainlabel.h"
#include "ui/runline.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <algorithm>
#include <utility>

namespace losslab::ui {

ExperimentPanel::ExperimentPanel(std::unique_ptr<Experiment> experiment, QWidget *parent)
    : QWidget(parent),
      m_experiment(std::move(experiment)),
      m_controller(new RunController(*m_experiment, this)),
      m_form(new ParameterForm(*m_experiment)),
      m_banner(new Banner(this)),
      m_runLine(new RunLine(this)),
      m_stack(new QStackedWidget(this)),
      m_charts(new ChartGrid(*m_experiment, this)),
      m_details(new Details(*m_experiment, this)),
      m_splitter(new QSplitter(Qt::Vertical, this))
{
    setObjectName(fromText(m_experiment->info().id));
    setAccessibleName(title());
    m_stack->addWidget(makeEmptyPage());
    auto *scrolled = new QScrollArea(this);
    scrolled->setFrameShape(QFrame::NoFrame);
    scrolled->setWidgetResizable(true);
    scrolled->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scrolled->setFocusPolicy(Qt::NoFocus);
    scrolled->setMinimumSize(m_charts->minimumSizeHint());
    scrolled->setWidget(m_charts);
    m_stack->addWidget(scrolled);

    auto *top = new QWidget(this);
    auto *topLayout = new QVBoxLayout(top);
    topLayout->setContentsMargins(0, gridStep / 4, 0, 0);
    topLayout->setSpacing(0);
    topLayout->addWidget(m_banner);
    topLayout->addWidget(m_runLine);
    topLayout->addWidget(m_stack, 1);
    m_splitter->addWidget(top);
    m_splitter->addWidget(m_details);
    m_splitter->setHandleWidth(1);
    m_splitter->setCollapsible(0, false);
    m_splitter->setStretchFactor(0, 5);
    m_splitter->setStretchFactor(1, 1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);

    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        m_fitsDetails = false;
        m_withoutHelp.clear();
    });
    connect(m_details, &QTabWidget::currentChanged, this, &ExperimentPanel::followHelp);
    connect(m_details, &Details::tableExportRequested, this, &ExperimentPanel::tableExportRequested);
    connect(m_details, &Details::resultsExportRequested, this, &ExperimentPanel::resultsExportRequested);
    connect(m_details, &Details::told, this, &ExperimentPanel::told);
    connect(m_controller, &RunController::stateChanged, this, &ExperimentPanel::showState);
    connect(m_controller, &RunController::advanced, this, &ExperimentPanel::refresh);
    connect(m_controller, &RunController::wentOn, this, [this] {
        if (std::exchange(m_formFollows, false))
            m_form->setSpec(m_controller->leftSpec(), {}); // it may have more epochs
    });
    connect(m_controller, &RunController::couldNotGoOn, this, [this](const QString &why) {
        m_banner->showMessage(Banner::Kind::Error, tr("The run could not go on. %1").arg(why));
    });
    connect(m_form, &ParameterForm::changed, this, &ExperimentPanel::showFigures);
    connect(m_form, &ParameterForm::changed, this, &ExperimentPanel::showRunLine);
    connect(m_form, &ParameterForm::replaced, this, &ExperimentPanel::offerUndo);
    connect(m_form, &ParameterForm::changed, this, [this] { m_banner->withdraw(m_ofSettings); });
    connect(m_runLine, &RunLine::settingsWanted, this,
            [this] { m_form->setSpec(m_controller->spec(), tr("The run's settings")); });
    showState();
}

ExperimentPanel::~ExperimentPanel()
{
    delete m_controller; // looks at the experiment
}

QString ExperimentPanel::title() const
{
    return fromText(m_experiment->info().title);
}

/// What there will be to see, and the way to it.
QWidget *ExperimentPanel::makeEmptyPage()
{
    auto *page = new QWidget(this);
    auto *words =
        new QHBoxLayout; // between stretches: with an alignment, their height would not follow their width
    words->addStretch();
    words->addWidget(makeWords(page), 100);
    words->addStretch();
    auto *layout = new QVBoxLayout(page);
    layout->setSpacing(2 * gridStep);
    layout->addStretch(2);
    layout->addLayout(words);
    layout->addSpacing(gridStep);
    layout->addLayout(makeRunButtons(page));
    layout->addStretch(3);
    return page;
}

QWidget *ExperimentPanel::makeWords(QWidget *parent)
{
    auto *words = new QWidget(parent);
    words->setMaximumWidth(68 * gridStep);
    words->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    auto *question = new PlainLabel(fromText(m_experiment->info().question), words);
    QFont large = question->font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    question->setFont(large);
    auto *promise = new PlainLabel(tr("Press Run to %1").arg(fromText(m_experiment->info().promise)), words);
    promise->setObjectName(QStringLiteral("promise"));
    promise->setProperty("role", "muted");
    auto *layout = new QVBoxLayout(words);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(gridStep);
    for (QLabel *label : {question, promise}) {
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignHCenter);
        layout->addWidget(label);
    }
    return words;
}

QLayout *ExperimentPanel::makeRunButtons(QWidget *parent)
{
    m_run = new QPushButton(icon(QStringLiteral("run"), QPalette::HighlightedText), tr("Run"), parent);
    m_run->setObjectName(QStringLiteral("emptyRun"));
    m_run->setProperty("primary", true);
    m_quick = new QPushButton(tr("Quick look (at most a minute)"), parent);
    m_quick->setObjectName(QStringLiteral("emptyQuick"));
    m_quick->setProperty("quiet", true);
    m_quick->setVisible(m_experiment->offers(Preset::Quick));
    connect(m_run, &QPushButton::clicked, this, &ExperimentPanel::runRequested);
    connect(m_quick, &QPushButton::clicked, this, [this] {
        m_form->setPreset(Preset::Quick);
        Q_EMIT runRequested();
    });
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(gridStep);
    buttons->addStretch();
    buttons->addWidget(m_run);
    buttons->addWidget(m_quick);
    buttons->addStretch();
    return buttons;
}

FiguresView &ExperimentPanel::results()
{
    return m_details->figures();
}

void ExperimentPanel::restoreRows(const QByteArray &state)
{
    if (m_splitter->restoreState(state))
        m_fitsDetails = false;
}

/// As long as nobody has moved the border, the details are as high as their rows. The share that they have at
/// most leaves the charts half of a screen of 1366 × 768.
void ExperimentPanel::fitDetails()
{
    constexpr double share = 0.15;
    if (!m_fitsDetails || !m_withoutHelp.isEmpty())
        return;
    const int room = m_splitter->height() - m_splitter->handleWidth();
    const int least = m_details->minimumHeight();
    const int wanted = std::clamp(m_details->wantedHeight(), least, std::max(least, qRound(share * room)));
    if (m_splitter->sizes()[1] != wanted)
        m_splitter->setSizes({room - wanted, wanted});
}

void ExperimentPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitDetails();
}

void ExperimentPanel::showHelp()
{
    m_details->showHelp();
    followHelp(); // it may have been in front
}

/// The help takes half of the height, and gives back what it took of the charts.
void ExperimentPanel::followHelp()
{
    const QList<int> sizes = m_splitter->sizes();
    const int half = (sizes[0] + sizes[1]) / 2;
    if (m_details->showsHelp() && sizes[1] < half) {
        if (m_withoutHelp.isEmpty())
            m_withoutHelp = sizes;
        m_splitter->setSizes({sizes[0] + sizes[1] - half, half});
    } else if (!m_details->showsHelp() && !m_withoutHelp.isEmpty()) {
        m_splitter->setSizes(std::exchange(m_withoutHelp, {}));
        fitDetails();
    }
}

void ExperimentPanel::showLog()
{
    m_details->showLog();
}

void ExperimentPanel::setRunnable(bool runnable, const QString &reason)
{
    m_run->setEnabled(runnable);
    m_run->setToolTip(plainTip(reason));
    m_quick->setEnabled(runnable);
}

QString ExperimentPanel::caption() const
{
    return fromText(losslab::caption(m_controller->spec(), *m_experiment));
}

/// What changes with the run's state alone; points and figures come with refresh().
void ExperimentPanel::showState()
{
    const RunData &data = m_controller->data();
    if (m_controller->hasRun() && m_generation != m_controller->generation()) {
        m_generation = m_controller->generation();
        m_banner->hide();
        m_trouble.clear();
        m_charts->setData(data);
        m_details->setTables(m_controller->spec(), data);
        m_details->clearLog();
        m_logged = 0;
    }
    m_charts->setCaption(fromText(pictureCaption(m_controller->spec(), *m_experiment, data)));
    const bool training = m_controller->isActive();
    m_charts->setEmptyText(training ? tr("Waiting for the first point …")
                                    : tr("This run has no points here."));
    m_stack->setCurrentIndex(m_controller->hasRun() ? 1 : 0);
    m_form->refresh();
    showBanner();
    showRunLine();
    refresh();
    Q_EMIT stateChanged();
}

/// Which run is shown, and whether the form would give another one.
void ExperimentPanel::showRunLine()
{
    m_runLine->setVisible(m_controller->hasRun());
    if (!m_controller->hasRun())
        return;
    const QString when = QLocale(QLocale::English).toString(m_controller->started(), tr("d MMM yyyy, HH:mm"));
    const QString settings = caption().mid(title().size() + QStringLiteral(" · ").size());
    const QString which = m_controller->showsRunBefore() ? tr("Previous run, %1: %2") : tr("Run of %1: %2");
    m_runLine->setText(which.arg(when, settings));
    m_runLine->setChanged(!m_form->agreesWith(m_controller->spec()));
}

/// What was typed is not lost.
void ExperimentPanel::offerUndo(const QString &what, int settings)
{
    if (m_banner->isVisible() && m_banner->kind() == Banner::Kind::Error)
        return; // Ctrl+Z is there still
    const QString offer = settings == 1
                              ? tr("%1 replaced a setting that you had changed.").arg(what)
                              : tr("%1 replaced %2 settings that you had changed.").arg(what).arg(settings);
    tellOfSettings(Banner::Kind::Info, offer, tr("Undo"), [this] { m_form->history().undo(); });
}

void ExperimentPanel::tellOfSettings(Banner::Kind kind, const QString &text, const QString &action,
                                     std::function<void()> run)
{
    m_ofSettings = text;
    m_banner->showMessage(kind, text, action, std::move(run));
}

void ExperimentPanel::forgetFailure()
{
    if (m_banner->kind() == Banner::Kind::Error && m_banner->text() != m_trouble)
        m_banner->hide();
}

/// Once: it may be closed.
void ExperimentPanel::showBanner()
{
    const QString before = std::exchange(m_trouble, trouble());
    if (m_trouble == before)
        return;
    m_banner->withdraw(before);
    if (!m_trouble.isEmpty())
        m_banner->showMessage(Banner::Kind::Error, m_trouble, tr("Show log"), [this] { showLog(); });
}

/// Why the run waits or has failed, or what of it cannot be read; empty where all is well.
QString ExperimentPanel::trouble() const
{
    if (!m_controller->whyPaused().empty())
        return fromText(m_controller->whyPaused());
    if (m_controller->state() != RunState::Failed || m_controller->isActive()) {
        if (!m_controller->hasRun() || m_controller->unread().empty())
            return {};
        return tr("Part of this run cannot be read. %1").arg(fromText(m_controller->unread().front()));
    }
    const auto &charts = m_controller->data().charts();
    const bool anyPoints =
        std::any_of(charts.begin(), charts.end(), [](const ChartData &chart) { return !chart.empty(); });
    QString text = fromText(m_controller->message());
    if (m_controller->showsRunBefore())
        text += tr(" The previous run is still shown.");
    else if (anyPoints)
        text += tr(" The points up to then are kept and shown.");
    return text;
}

void ExperimentPanel::refresh()
{
    m_charts->refresh();
    m_details->refreshTables();
    showFigures();
    appendLog();
}

/// Of the run where there is one, else what the literature gives for the settings in the form.
void ExperimentPanel::showFigures()
{
    const RunSpec spec = m_controller->hasRun() ? m_controller->spec() : m_form->spec();
    const RunData &data = m_controller->data();
    RunState state = data.state();
    if (!isEnded(state) && !m_controller->isActive() && !m_controller->isWrittenElsewhere())
        state = RunState::Stopped; // the program ended before the run did
    m_details->setFigures(spec, data,
                          m_controller->hasRun() ? fromText(data.whyNoFigures(state)) : QString());
    fitDetails();
}

void ExperimentPanel::appendLog()
{
    const std::vector<LogLine> &log = m_controller->log();
    for (; m_logged < log.size(); ++m_logged)
        m_details->appendToLog(log[m_logged]);
}

} // namespace losslab::ui
