#include "ui/librarydialog.h"

#include "base/platform.h"
#include "ui/backgroundjob.h"
#include "ui/notesdialog.h"
#include "ui/plainlabel.h"
#include "ui/runtable.h"
#include "ui/smalldialog.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace losslab::ui {

namespace {

constexpr int lookEvery = 2000; // ms
constexpr QSize wantedSize(140 * gridStep, 70 * gridStep);

/// What the trash keeps beside a folder, to put it back: gone once it is back.
QString trashInfoOf(const QString &inTrash)
{
    const QFileInfo file(inTrash);
    return QStringLiteral("%1/../info/%2.trashinfo").arg(file.path(), file.fileName());
}

} // namespace

LibraryDialog::LibraryDialog(const std::filesystem::path &runs, const std::filesystem::path &cache,
                             QWidget *parent)
    : QDialog(parent),
      m_index(std::make_shared<RunIndex>(runs, cache)),
      m_rows(new RunTable(this)),
      m_table(new QTableView(this)),
      m_search(new QLineEdit(this)),
      m_said(new PlainLabel(this))
{
    setWindowTitle(tr("Runs"));
    setObjectName(QStringLiteral("libraryDialog"));
    m_search->setObjectName(QStringLiteral("librarySearch"));
    m_search->setPlaceholderText(
        tr("Search: words, lr=0.01, test-accuracy>0.98, state=stopped, tag=homework"));
    m_search->setAccessibleName(tr("Search runs"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    m_said->setObjectName(QStringLiteral("librarySaid"));
    m_said->setProperty("role", "muted");
    m_said->setWordWrap(true);
    makeTable();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * gridStep, 2 * gridStep, 2 * gridStep, 2 * gridStep);
    layout->setSpacing(gridStep);
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_said);
    layout->addWidget(makeButtons());
    resize(wantedSize.boundedTo(screen()->availableSize() - QSize(8, 6) * gridStep));
    connect(m_search, &QLineEdit::textChanged, this, &LibraryDialog::applyFilter);
    m_clock.setInterval(lookEvery);
    connect(&m_clock, &QTimer::timeout, this, &LibraryDialog::refresh);
    m_search->setFocus();
    update();
}

void LibraryDialog::makeTable()
{
    m_table->setObjectName(QStringLiteral("library"));
    m_table->setAccessibleName(tr("Runs"));
    m_table->setModel(m_rows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setCornerButtonEnabled(false);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->installEventFilter(this);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + gridStep);
    QHeaderView *head = m_table->horizontalHeader();
    head->setHighlightSections(false);
    head->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    head->setSortIndicatorClearable(true);
    m_table->setSortingEnabled(true);
    head->setSortIndicator(-1, Qt::AscendingOrder);
    for (const auto &[column, width] : {std::pair(RunTable::Star, 4),
                                        {RunTable::Name, 31},
                                        {RunTable::Settings, 24},
                                        {RunTable::Results, 30},
                                        {RunTable::State, 11},
                                        {RunTable::Started, 15},
                                        {RunTable::Experiment, 20},
                                        {RunTable::Tags, 12}})
        head->resizeSection(column, width * gridStep);
    connect(m_table, &QTableView::activated, this, [this] { ask(&LibraryDialog::openAsked); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &LibraryDialog::update);
}

QWidget *LibraryDialog::makeButtons()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(gridStep / 2);
    m_open = makeButton(QStringLiteral("libraryOpen"), tr("&Open"), {}, tr("Show its charts (Return)"),
                        [this] { ask(&LibraryDialog::openAsked); });
    m_useSettings =
        makeButton(QStringLiteral("libraryUseSettings"), tr("&Use its settings"), {},
                   tr("Put its settings into the form"), [this] { ask(&LibraryDialog::settingsAsked); });
    m_runAgain =
        makeButton(QStringLiteral("libraryRunAgain"), tr("Run a&gain"), {},
                   tr("Train anew with its settings"), [this] { ask(&LibraryDialog::runAgainAsked); });
    m_notes = makeButton(QStringLiteral("libraryNotes"), tr("&Name and notes…"), QStringLiteral("F2"),
                         tr("Give it a name, tags and a note (F2)"), [this] { askNotes(); });
    m_star = makeButton(QStringLiteral("libraryStar"), tr("&Star"), QStringLiteral("Ctrl+D"),
                        tr("Give it a star, or take it away (Ctrl+D)"), [this] { toggleStar(); });
    m_reveal =
        makeButton(QStringLiteral("libraryReveal"), tr("Show &folder"), {},
                   tr("Show its files in the file manager"), [this] { ask(&LibraryDialog::revealAsked); });
    m_remove = makeButton(QStringLiteral("libraryRemove"), tr("&Delete"), {},
                          tr("Move its folder to the trash (Delete)"), [this] { moveToTrash(); });
    m_undo = makeButton(QStringLiteral("libraryUndo"), tr("Undo d&elete"), {},
                        tr("Take the run deleted last out of the trash (Ctrl+Z)"), [this] { undo(); });
    for (QPushButton *button : {m_open, m_useSettings, m_runAgain, m_notes, m_star, m_reveal})
        layout->addWidget(button);
    layout->addStretch(1);
    layout->addWidget(m_remove);
    layout->addWidget(m_undo);
    m_open->setProperty("primary", true);
    return row;
}

QPushButton *LibraryDialog::makeButton(const QString &name, const QString &text, const QString &keys,
                                       const QString &tip, const std::function<void()> &does)
{
    QPushButton *button = makeRowButton(*this, name, text, tip);
    connect(button, &QPushButton::clicked, this, does);
    if (!keys.isEmpty())
        connect(new QShortcut(QKeySequence(keys), this), &QShortcut::activated, button, &QPushButton::click);
    return button;
}

/// From the search, down goes to the runs and Return opens the first. Delete and undo are the table's: in the
/// search they edit what is typed.
bool LibraryDialog::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const bool isReturn = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (watched == m_search && (key->key() == Qt::Key_Down || isReturn)) {
        if (!chosen() && m_rows->rowCount() > 0)
            m_table->setCurrentIndex(m_rows->index(0, RunTable::Name));
        if (isReturn)
            ask(&LibraryDialog::openAsked);
        else
            m_table->setFocus();
        return true;
    }
    if (watched == m_table && key->key() == Qt::Key_Delete) {
        m_remove->click();
        return true;
    }
    if (watched == m_table && key->matches(QKeySequence::Undo)) {
        m_undo->click();
        return true;
    }
    return QDialog::eventFilter(watched, event);
}

void LibraryDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    m_clock.start();
    refresh();
}

void LibraryDialog::hideEvent(QHideEvent *event)
{
    m_clock.stop();
    QDialog::hideEvent(event);
}

/// In the background: there may be thousands of runs.
void LibraryDialog::refresh()
{
    if (m_isReading)
        return;
    m_isReading = true;
    using News = std::optional<std::vector<RunEntry>>;
    BackgroundJob<News>::start(
        this,
        [index = m_index, isStale = std::exchange(m_isStale, false)] {
            return index->refresh() || isStale ? News(index->entries()) : std::nullopt;
        },
        [this](News news) {
            m_isReading = false;
            m_isRead = true;
            if (news)
                take(std::move(*news));
            else
                update(); // it was being read
        });
}

/// The chosen run stays the chosen one.
void LibraryDialog::take(std::vector<RunEntry> entries)
{
    const RunEntry *before = chosen();
    const std::filesystem::path folder = before ? before->folder : std::filesystem::path();
    const int row = m_table->currentIndex().row();
    m_rows->setEntries(std::move(entries));
    choose(folder, row);
}

/// That run, or what has come to its place.
void LibraryDialog::choose(const std::filesystem::path &folder, int row)
{
    int place = folder.empty() ? -1 : m_rows->rowOf(folder);
    if (place < 0)
        place = std::min(row, m_rows->rowCount() - 1);
    if (place >= 0)
        m_table->setCurrentIndex(m_rows->index(place, RunTable::Name));
    update();
}

void LibraryDialog::applyFilter()
{
    const auto filter = RunFilter::parse(m_search->text().toStdString());
    m_problem = filter ? QString() : fromText(filter.error().message);
    if (!filter)
        return update();
    const RunEntry *before = chosen();
    const std::filesystem::path folder = before ? before->folder : std::filesystem::path();
    m_rows->setFilter(*filter);
    choose(folder, -1);
}

const RunEntry *LibraryDialog::chosen() const
{
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() && index.row() < m_rows->rowCount() ? &m_rows->entry(index.row()) : nullptr;
}

void LibraryDialog::update()
{
    const RunEntry *run = chosen();
    const bool isReadable = run && run->problem.empty();
    for (QPushButton *button : {m_useSettings, m_runAgain})
        button->setEnabled(isReadable);
    for (QPushButton *button : {m_open, m_notes, m_star, m_reveal})
        button->setEnabled(run);
    m_star->setText(run && run->notes.starred ? tr("No &star") : tr("&Star"));
    m_remove->setEnabled(run && !run->isTraining);
    m_undo->setEnabled(!m_removed.empty());
    const auto all = static_cast<int>(m_rows->entries().size()), shown = m_rows->rowCount();
    QString said = m_problem;
    if (said.isEmpty() && !m_isRead)
        said = tr("Reading …");
    else if (said.isEmpty() && all == 0)
        said = tr("There are no runs yet. What is trained in this window is kept, and stands here.");
    else if (said.isEmpty() && shown == all)
        said = all == 1 ? tr("1 run") : tr("%1 runs").arg(all);
    else if (said.isEmpty())
        said = shown == 0 ? tr("None of %1 runs is like that.").arg(all)
                          : tr("%1 of %2 runs").arg(shown).arg(all);
    m_said->setText(said);
}

void LibraryDialog::tell(const QString &sentence)
{
    m_said->setText(sentence);
}

void LibraryDialog::ask(Signal signal)
{
    if (const RunEntry *run = chosen())
        Q_EMIT(this->*signal)(run->folder);
}

void LibraryDialog::askNotes()
{
    const RunEntry *run = chosen();
    if (!run)
        return;
    auto *dialog = new NotesDialog(run->notes, fromPath(run->folder.filename()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, folder = run->folder] { write(folder, dialog->notes()); });
    dialog->open();
}

void LibraryDialog::toggleStar()
{
    const RunEntry *run = chosen();
    if (!run)
        return;
    RunNotes notes = run->notes;
    notes.starred = !notes.starred;
    write(run->folder, notes);
}

/// Shown at once; the next look at the folders finds the same.
void LibraryDialog::write(const std::filesystem::path &folder, const RunNotes &notes)
{
    if (const auto written = writeRunNotes(folder, notes); !written)
        return tell(fromText(written.error().message));
    std::vector<RunEntry> entries = m_rows->entries();
    for (RunEntry &entry : entries)
        if (entry.folder == folder)
            entry.notes = notes;
    m_isStale = true;
    take(std::move(entries));
}

void LibraryDialog::moveToTrash()
{
    const RunEntry *run = chosen();
    if (!run || run->isTraining)
        return;
    const std::filesystem::path folder = run->folder;
    if (platform::isBeingAppended(folder / "metrics.jsonl"))
        return tell(tr("This run is being trained. Stop it first."));
    QString inTrash;
    if (!QFile::moveToTrash(fromPath(folder), &inTrash))
        return tell(
            tr("%1 could not be moved to the trash. Delete it in the file manager.").arg(fromPath(folder)));
    m_removed.push_back({folder, inTrash});
    std::vector<RunEntry> entries = m_rows->entries();
    std::erase_if(entries, [&](const RunEntry &entry) { return entry.folder == folder; });
    m_isStale = true;
    take(std::move(entries));
    tell(tr("%1 is in the trash.").arg(fromPath(folder.filename())));
}

void LibraryDialog::undo()
{
    if (m_removed.empty())
        return;
    const Removed last = m_removed.back();
    m_removed.pop_back();
    if (const auto there = platform::look(last.folder); !there || *there) {
        update();
        return tell(tr("Another folder is where the run was: %1.").arg(fromPath(last.folder)));
    }
    if (const auto moved = platform::rename(toPath(last.inTrash), last.folder); !moved) {
        update();
        return tell(fromText(moved.error().message));
    }
    (void)platform::removeFile(toPath(trashInfoOf(last.inTrash)));
    std::vector<RunEntry> entries = m_rows->entries();
    entries.insert(entries.begin(), readRunEntry(last.folder)); // until the next look puts it in its place
    m_isStale = true;
    take(std::move(entries));
    choose(last.folder, -1);
    refresh();
}

} // namespace losslab::ui
