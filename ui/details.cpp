#include "ui/details.h"

#include "lab/experiment.h"
#include "runs/published.h"
#include "ui/elidedlabel.h"
#include "ui/figuresview.h"
#include "ui/helpview.h"
#include "ui/resultspage.h"
#include "ui/runcontroller.h"
#include "ui/tableview.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QToolButton>
#include <algorithm>

namespace losslab::ui {

/// All that the tabs leave: the note, then copy and export.
class Details::Corner final : public QWidget
{
public:
    explicit Corner(Details *tabs)
        : QWidget(tabs),
          note(new ElidedLabel(this)),
          copy(new QToolButton(this)),
          write(new QToolButton(this)),
          m_tabs(tabs)
    {
        note->setObjectName(QStringLiteral("resultsNote"));
        auto *layout = new QHBoxLayout(this);
        layout->setContentsMargins(gridStep, 0, gridStep, 0);
        layout->setSpacing(0);
        layout->addWidget(note, 1);
        layout->addStretch();
        copy->setPopupMode(QToolButton::InstantPopup);
        for (QToolButton *button : {copy, write}) {
            button->setFocusPolicy(Qt::TabFocus);
            button->setIconSize({14, 14});
            button->setStyleSheet(QStringLiteral("padding: 2px 5px;"));
            layout->addWidget(button);
        }
    }

    QSize sizeHint() const override
    {
        const QSize own = QWidget::sizeHint();
        const int buttons = copy->sizeHint().width() + write->sizeHint().width() + 2 * gridStep;
        return {std::max(buttons, m_tabs->width() - m_tabs->tabBar()->sizeHint().width()), own.height()};
    }

    ElidedLabel *note;
    QToolButton *copy;
    QToolButton *write;

private:
    const Details *m_tabs;
};

Details::Details(const Experiment &experiment, QWidget *parent)
    : QTabWidget(parent),
      m_experiment(experiment),
      m_results(new ResultsPage(experiment, this)),
      m_log(new QPlainTextEdit(this)),
      m_help(new HelpView(experiment, this))
{
    setObjectName(QStringLiteral("details"));
    setDocumentMode(true);
    addTab(m_results, tr("Results"));
    connectCopies(&m_results->figures());
    connect(&m_results->figures(), &CopyTable::exportRequested, this, &Details::resultsExportRequested);
    for (const Table *table : experiment.tables())
        addTable(table->info());
    m_log->setObjectName(QStringLiteral("log"));
    m_log->setAccessibleName(tr("Log"));
    m_log->setReadOnly(true);
    m_log->setTabChangesFocus(true);
    m_log->setMaximumBlockCount(5000);
    addTab(m_log, tr("Log"));
    addTab(m_help, tr("About this experiment"));
    setMinimumHeight(12 * gridStep); // tabs, a heading, three rows
    auto *corner = new Corner(this);
    m_note = corner->note;
    setCornerWidget(corner);
    connect(this, &QTabWidget::currentChanged, this, [this, corner] { followTab(corner); });
    followTab(corner);
}

void Details::addTable(const TableInfo &info)
{
    auto *view = new TableView(info, this);
    m_tables.push_back(view);
    addTab(view, fromText(info.title));
    connectCopies(view);
    connect(view, &TableView::exportRequested, this,
            [this, view] { Q_EMIT tableExportRequested(view->info().id); });
}

void Details::connectCopies(CopyTable *table)
{
    connect(table, &CopyTable::copied, this,
            [this](const QString &what) { Q_EMIT told(tr("Copied %1.").arg(what)); });
}

/// Copy and export are of the table or the results looked at.
void Details::followTab(Corner *corner)
{
    const bool results = currentWidget() == m_results;
    const CopyTable *table = results ? &m_results->figures() : qobject_cast<CopyTable *>(currentWidget());
    corner->note->setVisible(results);
    corner->copy->setVisible(table);
    corner->write->setVisible(table);
    if (!table)
        return;
    corner->copy->setMenu(table->copyMenu());
    corner->copy->setDefaultAction(table->copyAction());
    corner->write->setDefaultAction(table->exportAction());
}

FiguresView &Details::figures()
{
    return m_results->figures();
}

void Details::setFigures(const RunSpec &spec, const RunData &data, const QString &whyNone)
{
    m_results->figures().setFigures(spec, data);
    m_results->setWhyNone(whyNone);
    m_note->setText(note(spec, data));
}

/// Whose the published values are, which are left out and why; and what the trainers say, where no chart
/// does.
QString Details::note(const RunSpec &spec, const RunData &data) const
{
    QStringList sentences;
    const auto isInChart = [&](const RemarkEvent &remark) {
        return std::any_of(remark.charts.begin(), remark.charts.end(),
                           [&](const std::string &chart) { return data.findChart(chart) != nullptr; });
    };
    const std::vector<RemarkEvent> &remarks = data.remarks().all();
    if (!std::all_of(remarks.begin(), remarks.end(), isInChart)) {
        const auto name = [&](const std::string &model) { return data.modelLabel(model); };
        for (const std::string &remark : data.remarkSentences(name))
            sentences << fromText(remark);
    }
    sentences
        << fromText(publishedNote(m_experiment, spec, data)).replace(QLatin1Char('\n'), QLatin1Char(' '))
        << fromText(publishedSource(m_experiment, spec, data));
    sentences.removeAll(QString());
    return sentences.join(QLatin1Char(' '));
}

void Details::setTables(const RunSpec &spec, const RunData &data)
{
    for (std::size_t i = 0; i < m_tables.size(); ++i)
        m_tables[i]->setRows(&data.tables()[i], spec.seed, spec.repeats);
}

void Details::refreshTables()
{
    for (TableView *table : m_tables)
        table->refresh();
}

void Details::clearLog()
{
    m_log->clear();
}

void Details::appendToLog(const LogLine &line)
{
    QString level;
    if (line.level == NoteEvent::Level::Warning)
        level = tr("Warning: ");
    else if (line.level == NoteEvent::Level::Error)
        level = tr("Error: ");
    m_log->appendPlainText(line.time.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss  ")) + level + line.text);
}

void Details::showLog()
{
    setCurrentWidget(m_log);
    m_log->setFocus();
}

void Details::showHelp()
{
    setCurrentWidget(m_help);
    m_help->setFocus();
}

bool Details::showsHelp() const
{
    return currentWidget() == m_help;
}

int Details::wantedHeight() const
{
    constexpr int mostRows = 4;
    return tabBar()->sizeHint().height() + 1 + m_results->figures().heightOf(mostRows);
}

} // namespace losslab::ui
