#include "ui/mainwindow.h"

#include "experiments/registry.h"
#include "lab/experiment.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentlist.h"
#include "ui/experimentpanel.h"
#include "ui/filedrop.h"
#include "ui/parameterform.h"
#include "ui/queuecontroller.h"
#include "ui/settings.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>
#include <QVBoxLayout>

namespace losslab::ui {

namespace {

constexpr int panelWidth = 100 * gridStep;
constexpr int formWidth = 32 * gridStep;
constexpr QSize smallestWindow(640, 400);
constexpr int settingsWait = 500; // ms, in which more may be typed

QString nameText(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

MainWindow::MainWindow()
    : m_settings(openSettings()),
      m_actions(new WindowActions(this)),
      m_list(new ExperimentList(this)),
      m_columns(new QSplitter(Qt::Horizontal, this)),
      m_panelStack(new QStackedWidget(this)),
      m_formStack(new QStackedWidget(this)),
      m_footer(new StatusFooter(this)),
      m_queueBanner(new Banner(this)),
      m_closeQuestion([this] { return askClose(); })
{
    m_settingsTimer.setSingleShot(true);
    m_settingsTimer.setInterval(settingsWait);
    connect(&m_settingsTimer, &QTimer::timeout, this, &MainWindow::writeSettings);
    setWindowIcon(QIcon(QStringLiteral(":/icons/losslab.svg")));
    build();
    connectActions();
    setUpQueue();
    restore();
    offerQueue();
}

MainWindow::~MainWindow()
{
    for (const auto &[id, panel] : m_panels) {
        panel->disconnect(this);
        panel->form().history().disconnect(this); // it tells of its end
    }
}

void MainWindow::build()
{
    for (const ExperimentFactory make : registry())
        m_list->addExperiment(*make());
    addToolBar(m_actions->toolBar());
    m_columns->addWidget(m_list);
    m_columns->addWidget(m_panelStack);
    m_columns->addWidget(m_formStack);
    m_columns->setHandleWidth(1);
    m_columns->setCollapsible(1, false);
    m_columns->setStretchFactor(1, 1);
    m_columns->setSizes({m_list->sizeHint().width(), panelWidth, formWidth});
    m_list->setMinimumWidth(15 * gridStep);

    auto *line = new QWidget(this);
    line->setFixedHeight(1);
    line->setStyleSheet(QStringLiteral("background: palette(mid);"));
    auto *body = new QWidget(this);
    auto *layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_queueBanner);
    layout->addWidget(m_columns, 1);
    layout->addWidget(line);
    layout->addWidget(m_footer);
    setCentralWidget(body);
    setMinimumSize(smallestWindow);
}

void MainWindow::connectActions()
{
    const auto on = [this](QAction *action, void (MainWindow::*method)()) {
        connect(action, &QAction::triggered, this, method);
    };
    on(m_actions->run, &MainWindow::run);
    on(m_actions->pause, &MainWindow::togglePause);
    on(m_actions->stop, &MainWindow::stop);
    on(m_actions->goOn, &MainWindow::goOn);
    on(m_actions->trainLonger, &MainWindow::trainLonger);
    on(m_actions->exportChart, &MainWindow::exportChart);
    on(m_actions->exportAll, &MainWindow::exportAll);
    on(m_actions->copyChart, &MainWindow::copyChart);
    on(m_actions->openRun, &MainWindow::chooseRun);
    on(m_actions->openRunFolder, &MainWindow::openRunFolder);
    on(m_actions->showLibrary, &MainWindow::showLibrary);
    on(m_actions->comparison, &MainWindow::showComparison);
    on(m_actions->shortcuts, &MainWindow::showShortcuts);
    on(m_actions->about, &MainWindow::showAbout);
    connect(m_actions->quit, &QAction::triggered, this, &QWidget::close);
    connect(m_actions->undo, &QAction::triggered, this, [this] { currentPanel().form().history().undo(); });
    connect(m_actions->redo, &QAction::triggered, this, [this] { currentPanel().form().history().redo(); });
    connect(m_actions->enlarge, &QAction::triggered, this,
            [this] { currentPanel().charts().toggleEnlarged(); });
    connect(m_actions->help, &QAction::triggered, this, [this] { currentPanel().showHelp(); });
    connect(m_actions->logY, &QAction::triggered, this, [this] {
        ChartWidget *chart = currentPanel().charts().current();
        chart->setLogY(!chart->logY());
        if (const QString reason = chart->whyNotLogY(); !reason.isEmpty())
            m_footer->showMessage(reason);
    });
    connect(m_actions->showExperiments, &QAction::toggled, m_list, &QWidget::setVisible);
    connect(m_actions->showSettings, &QAction::toggled, m_formStack, &QWidget::setVisible);
    connect(m_actions, &WindowActions::presetChosen, this, &MainWindow::choosePreset);
    on(m_actions->savePreset, &MainWindow::askPresetName);
    on(m_actions->exportPreset, &MainWindow::exportPreset);
    on(m_actions->openPreset, &MainWindow::choosePresetFile);
    connect(m_actions->deletePreset, &QAction::triggered, this,
            [this] { deletePreset(currentPanel().form().preset().name); });
    connect(new FileDrop(this, presetSuffix), &FileDrop::dropped, this, &MainWindow::openPreset);
    connect(m_actions, &WindowActions::deviceChosen, this,
            [this] { remember("window/device", nameText(deviceName(m_actions->device()))); });
    connect(m_actions, &WindowActions::themeChosen, this, [this](Theme theme) {
        remember("window/theme", themeName(theme));
        setTheme(theme);
    });
    connect(m_actions, &WindowActions::experimentChosen, m_list, &ExperimentList::selectNumber);
    connect(m_list, &ExperimentList::experimentSelected, this, &MainWindow::showPanel);
    connect(qApp, &QGuiApplication::commitDataRequest, this, &MainWindow::save, Qt::DirectConnection);
}

void MainWindow::restore()
{
    const Theme theme = themeFromName(m_settings.value(QStringLiteral("window/theme")).toString());
    setTheme(theme);
    const std::string device = m_settings.value(QStringLiteral("window/device")).toString().toStdString();
    m_actions->setDevice(deviceFromName(device).value_or(Device::Auto));
    if (!restoreGeometry(m_settings.value(QStringLiteral("window/geometry")).toByteArray()))
        resize(1366, 768);
    m_columns->restoreState(m_settings.value(QStringLiteral("window/columns")).toByteArray());
    m_actions->showExperiments->setChecked(
        m_settings.value(QStringLiteral("window/showExperiments"), true).toBool());
    m_actions->showSettings->setChecked(
        m_settings.value(QStringLiteral("window/showSettings"), true).toBool());
    select(m_settings.value(QStringLiteral("window/experiment")).toString().toStdString());
    m_list->setFocus();
}

void MainWindow::save()
{
    remember("window/geometry", saveGeometry());
    remember("window/columns", m_columns->saveState());
    remember("window/showExperiments", m_actions->showExperiments->isChecked());
    remember("window/showSettings", m_actions->showSettings->isChecked());
    remember("window/experiment", fromText(m_list->selected()));
    writeSettings();
}

void MainWindow::remember(const char *key, const QVariant &value)
{
    m_settings.setValue(QString::fromLatin1(key), value);
    m_settingsTimer.start();
}

/// Says once where they cannot be kept.
void MainWindow::writeSettings()
{
    m_settingsTimer.stop();
    m_settings.sync();
    if (m_settings.status() == QSettings::NoError || m_toldUnwritable)
        return;
    m_toldUnwritable = true;
    currentPanel().banner().showMessage(
        Banner::Kind::Error,
        tr("Settings cannot be saved: %1 cannot be written. They last until the window is closed.")
            .arg(m_settings.fileName()));
}

void MainWindow::setTheme(Theme theme)
{
    m_actions->setTheme(theme);
    applyTheme(*qApp, theme);
}

void MainWindow::select(const std::string &id)
{
    m_list->select(id);
}

ExperimentPanel &MainWindow::currentPanel()
{
    return *static_cast<ExperimentPanel *>(m_panelStack->currentWidget());
}

ExperimentPanel *MainWindow::trainingPanel() const
{
    for (const auto &[id, panel] : m_panels)
        if (panel->controller().isActive())
            return panel;
    return nullptr;
}

/// Panels are made when they are first looked at.
ExperimentPanel &MainWindow::panel(const std::string &id)
{
    if (const auto known = m_panels.find(id); known != m_panels.end())
        return *known->second;
    auto *made = new ExperimentPanel(std::move(*makeExperiment(id)), m_panelStack);
    m_panels[id] = made;
    m_panelStack->addWidget(made);
    m_formStack->addWidget(&made->form());
    made->form().restore(m_settings);
    connect(made, &ExperimentPanel::runRequested, this, &MainWindow::run);
    connect(made, &ExperimentPanel::stateChanged, this, [this, made] { update(*made); });
    connect(&made->controller(), &RunController::advanced, this, [this, made] { update(*made); });
    connect(&made->form(), &ParameterForm::changed, this, [this, made] {
        made->form().save(m_settings);
        m_settingsTimer.start();
        updateRunActions();
    });
    connect(&made->charts(), &ChartGrid::exportRequested, this, &MainWindow::exportChart);
    connect(&made->charts(), &ChartGrid::figureExportRequested, this, &MainWindow::openExport);
    connect(made, &ExperimentPanel::tableExportRequested, this, &MainWindow::openExport);
    connect(made, &ExperimentPanel::resultsExportRequested, this, &MainWindow::exportResults);
    connect(made, &ExperimentPanel::told, this,
            [this](const QString &message) { m_footer->showMessage(message); });
    connect(&made->form().history(), &QUndoStack::indexChanged, this, &MainWindow::updateRunActions);
    connect(&made->splitter(), &QSplitter::splitterMoved, this,
            [this, made] { remember("window/rows", made->splitter().saveState()); });
    return *made;
}

void MainWindow::showPanel(const std::string &id)
{
    ExperimentPanel &chosen = panel(id);
    m_panelStack->setCurrentWidget(&chosen);
    m_formStack->setCurrentWidget(&chosen.form());
    chosen.restoreRows(m_settings.value(QStringLiteral("window/rows")).toByteArray());
    chosen.charts().refresh();
    chosen.loadNewestRun();
    setWindowTitle(tr("%1 – LossLab").arg(chosen.title()));
    remember("window/experiment", fromText(id));
    refreshPresets();
    update(chosen);
}

void MainWindow::run()
{
    if (!whyNotRun().isEmpty())
        return;
    currentPanel().form().save(m_settings);
    currentPanel().start(m_actions->device());
}

void MainWindow::togglePause()
{
    ExperimentPanel *training = trainingPanel();
    if (!training)
        return;
    if (training->controller().state() == RunState::Paused)
        training->controller().resume();
    else
        training->controller().pause();
}

/// What waits in the queue is not to begin of itself then.
void MainWindow::stop()
{
    m_queue->pause();
    if (ExperimentPanel *training = trainingPanel())
        training->controller().stop();
}

/// A panel's run has gone on, or it is looked at for the first time.
void MainWindow::update(const ExperimentPanel &changed)
{
    ExperimentPanel &current = currentPanel();
    ExperimentPanel *training = trainingPanel();
    const RunController &controller = changed.controller();
    m_list->setRunState(changed.experiment().info().id, controller.state(), controller.progress().done);
    ExperimentPanel &shown = training ? *training : current;
    m_footer->showRun(shown.controller(), &shown == &current ? QString() : shown.title());
    updateRunActions();
    updateChartActions();
    m_queue->goOn();
    if (m_closing && !training)
        QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection);
}

QString MainWindow::whyNotRun()
{
    const ExperimentPanel *training = trainingPanel();
    if (training && training == &currentPanel())
        return tr("Already running.");
    if (training)
        return tr("“%1” is still running; stop it first, or wait.").arg(training->title());
    if (currentPanel().controller().isWrittenElsewhere())
        return tr("Another LossLab is training the run shown. Wait until it has ended, or open another run.");
    const QString problem = currentPanel().form().problem();
    return problem.isEmpty() ? QString() : tr("A setting is wrong. %1").arg(problem);
}

void MainWindow::updateRunActions()
{
    const QString reason = whyNotRun();
    m_actions->run->setEnabled(reason.isEmpty());
    m_actions->run->setToolTip(
        plainTip(reason.isEmpty() ? tr("Train with the settings on the right (Ctrl+R)") : reason));
    currentPanel().setRunnable(reason.isEmpty(), reason);
    m_actions->setPreset(currentPanel().form().preset());
    m_actions->undo->setEnabled(currentPanel().form().history().canUndo());
    m_actions->redo->setEnabled(currentPanel().form().history().canRedo());

    const ExperimentPanel *training = trainingPanel();
    const RunState state = training ? training->controller().state() : RunState::Idle;
    const bool waits = training && !training->controller().whyPaused().empty();
    m_actions->pause->setEnabled((state == RunState::Running || state == RunState::Paused) && !waits);
    m_actions->pause->setText(state == RunState::Paused && !waits ? tr("R&esume") : tr("&Pause"));
    m_actions->stop->setEnabled(state == RunState::Running || state == RunState::Paused);
    updateQueue();
    updateGoOnActions();
}

void MainWindow::updateChartActions()
{
    const bool hasRun = currentPanel().controller().hasRun();
    for (QAction *action : {m_actions->exportChart, m_actions->exportAll, m_actions->copyChart,
                            m_actions->openRunFolder, m_actions->enlarge, m_actions->logY})
        action->setEnabled(hasRun);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_actions->fitToolBar(event->size().width());
}

void MainWindow::end()
{
    m_closing = true;
    m_queue->prepareToClose();
    for (QWidget *dialog : QApplication::topLevelWidgets())
        if (dialog != this && dialog->isVisible())
            dialog->close(); // one may be asking whether to close
    if (trainingPanel())
        stop();
    else
        close();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!trainingPanel()) {
        m_queue->prepareToClose();
        save();
        event->accept();
        return;
    }
    event->ignore();
    if (m_closing || !m_closeQuestion())
        return;
    m_closing = true;
    m_queue->prepareToClose();
    if (trainingPanel())
        stop();
    else
        close(); // the run came to its end while the question stood there
}

} // namespace losslab::ui
