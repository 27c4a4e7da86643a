#include "ui/experimentpanel.h"

#include "lab/experiment.h"
#include "lab/published.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/figuresview.h"
#include "ui/helpview.h"
#include "ui/icons.h"
#include "ui/parameterform.h"
#include "ui/resultspage.h"
#include "ui/runlibrary.h"
#include "ui/runline.h"
#include "ui/tableview.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>

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
      m_splitter(new QSplitter(Qt::Vertical, this))
{
    setObjectName(fromText(m_experiment->info().id));
    setAccessibleName(title());
    m_stack->addWidget(makeEmptyPage());
    m_stack->addWidget(m_charts);

    auto *top = new QWidget(this);
    auto *topLayout = new QVBoxLayout(top);
    topLayout->setContentsMargins(gridStep / 2, gridStep / 2, gridStep / 2, 0);
    topLayout->setSpacing(0);
    topLayout->addWidget(m_banner);
    topLayout->addWidget(m_runLine);
    topLayout->addWidget(m_stack, 1);
    m_splitter->addWidget(top);
    m_splitter->addWidget(makeDetails());
    m_splitter->setHandleWidth(1);
    m_splitter->setCollapsible(0, false);
    m_splitter->setStretchFactor(0, 5);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({8600, 1400});

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);

    connect(m_controller, &RunController::stateChanged, this, &ExperimentPanel::showState);
    connect(m_controller, &RunController::advanced, this, &ExperimentPanel::refresh);
    connect(m_form, &ParameterForm::changed, this, &ExperimentPanel::showFigures);
    connect(m_form, &ParameterForm::changed, this, &ExperimentPanel::showRunLine);
    connect(m_form, &ParameterForm::replaced, this, &ExperimentPanel::offerUndo);
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
    auto *question = new QLabel(fromText(m_experiment->info().question), words);
    QFont large = question->font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    question->setFont(large);
    auto *promise = new QLabel(tr("Press Run to %1").arg(fromText(m_experiment->info().promise)), words);
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

QWidget *ExperimentPanel::makeDetails()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("details"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeResults(), tr("Results"));
    for (const Table *table : m_experiment->tables())
        addTable(table->info());
    m_log = new QPlainTextEdit(m_tabs);
    m_log->setObjectName(QStringLiteral("log"));
    m_log->setAccessibleName(tr("Log"));
    m_log->setReadOnly(true);
    m_log->setTabChangesFocus(true);
    m_log->setMaximumBlockCount(5000);
    m_tabs->addTab(m_log, tr("Log"));
    m_help = new HelpView(*m_experiment, m_tabs);
    m_tabs->addTab(m_help, tr("About this experiment"));
    m_tabs->setMinimumHeight(11 * gridStep); // tabs, a heading, two rows
    m_tabs->setCornerWidget(makeTableButtons());
    return m_tabs;
}

QWidget *ExperimentPanel::makeResults()
{
    m_results = new ResultsPage(*m_experiment, m_tabs);
    connectCopies(&m_results->figures());
    connect(&m_results->figures(), &CopyTable::exportRequested, this,
            &ExperimentPanel::resultsExportRequested);
    return m_results;
}

void ExperimentPanel::connectCopies(CopyTable *table)
{
    connect(table, &CopyTable::copied, this,
            [this](const QString &what) { Q_EMIT told(tr("Copied %1.").arg(what)); });
}

void ExperimentPanel::addTable(const TableInfo &info)
{
    auto *view = new TableView(info, m_tabs);
    m_tables.push_back(view);
    m_tabs->addTab(view, fromText(info.title));
    connectCopies(view);
    connect(view, &TableView::exportRequested, this,
            [this, view] { Q_EMIT tableExportRequested(view->info().id); });
}

/// Copy and export of the table or the results looked at; beside the tabs, where they take no room from the
/// rows.
QWidget *ExperimentPanel::makeTableButtons()
{
    auto *buttons = new QWidget(m_tabs);
    auto *copy = new QToolButton(buttons);
    auto *write = new QToolButton(buttons);
    auto *layout = new QHBoxLayout(buttons);
    layout->setContentsMargins(0, 0, gridStep, 0);
    layout->setSpacing(0);
    copy->setPopupMode(QToolButton::InstantPopup);
    for (QToolButton *button : {copy, write}) {
        button->setFocusPolicy(Qt::TabFocus);
        button->setIconSize({14, 14});
        button->setStyleSheet(QStringLiteral("padding: 2px 5px;"));
        layout->addWidget(button);
    }
    const auto follow = [this, buttons, copy, write] {
        const CopyTable *table = qobject_cast<TableView *>(m_tabs->currentWidget());
        if (m_tabs->currentIndex() == 0)
            table = &m_results->figures();
        copy->setVisible(table);
        write->setVisible(table);
        if (!table)
            return;
        copy->setMenu(table->copyMenu());
        copy->setDefaultAction(table->copyAction());
        write->setDefaultAction(table->exportAction());
    };
    connect(m_tabs, &QTabWidget::currentChanged, buttons, follow);
    follow();
    return buttons;
}

FiguresView &ExperimentPanel::results()
{
    return m_results->figures();
}

void ExperimentPanel::showHelp()
{
    m_tabs->setCurrentWidget(m_help);
    const QList<int> sizes = m_splitter->sizes();
    const int wanted = (sizes[0] + sizes[1]) / 2;
    if (sizes[1] < wanted)
        m_splitter->setSizes({sizes[0] + sizes[1] - wanted, wanted});
    m_help->setFocus();
}

void ExperimentPanel::showLog()
{
    m_tabs->setCurrentWidget(m_log);
    m_log->setFocus();
}

void ExperimentPanel::start(Device device)
{
    RunSpec spec = m_form->spec();
    spec.device = device;
    m_banner->hide();
    m_loadedNewest = true;
    if (const Result<void> started = m_controller->start(spec); !started)
        m_banner->showMessage(Banner::Kind::Error,
                              tr("The run could not start. %1").arg(fromText(started.error().message)));
}

void ExperimentPanel::loadNewestRun()
{
    if (m_loadedNewest)
        return;
    m_loadedNewest = true;
    readNewestRun(m_experiment->info().id, this, [this](NewestRun newest) {
        if (m_controller->hasRun())
            return;
        if (newest.run)
            m_controller->show(std::move(*newest.run));
        showLeftOut(newest.leftOut);
    });
}

/// Runs that cannot be read: the first in the banner, all in the log.
void ExperimentPanel::showLeftOut(const std::vector<std::string> &sentences)
{
    if (sentences.empty())
        return;
    m_controller->warn(sentences);
    const int others = static_cast<int>(sentences.size()) - 1;
    QString text = tr("A newer run could not be read. %1").arg(fromText(sentences.front()));
    if (others > 0)
        text += QLatin1Char(' ') + tr("%n more cannot be read either; the log has them.", nullptr, others);
    m_banner->showMessage(Banner::Kind::Info, text, tr("Show log"), [this] { showLog(); });
}

void ExperimentPanel::open(RunRecord record)
{
    m_loadedNewest = true;
    m_controller->show(std::move(record));
    m_form->setSpec(m_controller->spec(), tr("The run's settings"));
}

void ExperimentPanel::setRunnable(bool runnable, const QString &reason)
{
    m_run->setEnabled(runnable);
    m_run->setToolTip(reason);
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
        m_charts->setData(data);
        m_charts->setCaption(caption());
        for (std::size_t i = 0; i < m_tables.size(); ++i)
            m_tables[i]->setRows(&data.tables()[i], m_controller->spec().seed, m_controller->spec().repeats);
        m_log->clear();
        m_logged = 0;
    }
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
    const QString text = settings == 1
                             ? tr("%1 replaced a setting that you had changed.").arg(what)
                             : tr("%1 replaced %2 settings that you had changed.").arg(what).arg(settings);
    m_banner->showMessage(Banner::Kind::Info, text, tr("Undo"), [this] {
        m_banner->hide();
        m_form->history().undo();
    });
}

void ExperimentPanel::showBanner()
{
    if (m_controller->state() != RunState::Failed || m_controller->isActive())
        return;
    const auto &charts = m_controller->data().charts();
    const bool anyPoints =
        std::any_of(charts.begin(), charts.end(), [](const ChartData &chart) { return !chart.empty(); });
    QString text = fromText(m_controller->message());
    if (m_controller->showsRunBefore())
        text += tr(" The previous run is still shown.");
    else if (anyPoints)
        text += tr(" The points up to then are kept and shown.");
    m_banner->showMessage(Banner::Kind::Error, text, tr("Show log"), [this] { showLog(); });
}

void ExperimentPanel::refresh()
{
    m_charts->refresh();
    for (TableView *table : m_tables)
        table->refresh();
    showFigures();
    appendLog();
}

/// Of the run where there is one, else what the literature gives for the settings in the form.
void ExperimentPanel::showFigures()
{
    const RunSpec spec = m_controller->hasRun() ? m_controller->spec() : m_form->spec();
    m_results->figures().setFigures(spec, m_controller->data());
    QStringList sentences;
    const auto name = [this](const std::string &model) { return m_controller->data().modelLabel(model); };
    for (const std::string &remark : m_controller->data().remarkSentences(name))
        sentences << fromText(remark);
    sentences << fromText(publishedSource(*m_experiment, spec, m_controller->data()))
              << fromText(publishedNote(*m_experiment, spec, m_controller->data()))
                     .replace(QLatin1Char('\n'), QLatin1Char(' '));
    sentences.removeAll(QString());
    m_results->setNote(sentences.join(QLatin1Char(' ')));
}

void ExperimentPanel::appendLog()
{
    const std::vector<LogLine> &log = m_controller->log();
    for (; m_logged < log.size(); ++m_logged) {
        const LogLine &line = log[m_logged];
        QString level;
        if (line.level == NoteEvent::Level::Warning)
            level = tr("Warning: ");
        else if (line.level == NoteEvent::Level::Error)
            level = tr("Error: ");
        m_log->appendPlainText(line.time.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss  ")) + level
                               + line.text);
    }
}

} // namespace losslab::ui
