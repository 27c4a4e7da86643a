#include "ui/runtable.h"

#include "ui/text.h"
#include "ui/theme.h"

#include <QApplication>
#include <QDateTime>
#include <QFont>
#include <QLocale>
#include <algorithm>
#include <numeric>

namespace losslab::ui {

namespace {

constexpr std::size_t resultsShown = 3; ///< in a cell; its tip has them all

QString startedText(const RunEntry &entry)
{
    const QDateTime started = QDateTime::fromString(fromText(entry.started), Qt::ISODate).toLocalTime();
    return started.isValid() ? started.toString(QStringLiteral("yyyy-MM-dd hh:mm")) : QString();
}

QStringList resultTexts(const RunEntry &entry)
{
    QStringList texts;
    for (const std::string &text : entry.resultTexts())
        texts << fromText(text);
    return texts;
}

QString resultsText(const RunEntry &entry)
{
    QStringList texts = resultTexts(entry).mid(0, resultsShown);
    if (entry.results.size() > resultsShown)
        texts << QStringLiteral("…");
    return texts.join(QStringLiteral("  ·  "));
}

QString tagsText(const RunEntry &entry)
{
    QStringList tags;
    for (const std::string &tag : entry.notes.tags)
        tags << fromText(tag);
    return tags.join(QStringLiteral(", "));
}

QString standingText(const RunEntry &entry)
{
    QString text = fromText(entry.standing());
    text[0] = text[0].toUpper();
    return text;
}

QString settingsText(const RunEntry &entry)
{
    if (!entry.problem.empty())
        return fromText(entry.problem);
    return entry.changed.empty() ? RunTable::tr("as the preset has them") : fromText(entry.changed);
}

QString textOf(const RunEntry &entry, int column)
{
    switch (column) {
    case RunTable::Star:
        return entry.notes.starred ? QStringLiteral("★") : QString();
    case RunTable::Name:
        return fromText(entry.name());
    case RunTable::Experiment:
        return fromText(entry.title.empty() ? entry.experiment : entry.title);
    case RunTable::Started:
        return startedText(entry);
    case RunTable::State:
        return standingText(entry);
    case RunTable::Settings:
        return settingsText(entry);
    case RunTable::Results:
        return resultsText(entry);
    default:
        return tagsText(entry);
    }
}

/// All that there is to say of the run: what a cell has no room for.
QString tipOf(const RunEntry &entry)
{
    QStringList lines{fromText(entry.name()), fromText(entry.caption)};
    if (!entry.problem.empty())
        lines << fromText(entry.problem);
    lines << resultTexts(entry);
    if (!entry.notes.note.empty())
        lines << fromText(entry.notes.note);
    lines.removeAll(QString());
    return plainTip(lines.join(QLatin1Char('\n')));
}

QVariant colorOf(const RunEntry &entry, int column)
{
    if (!entry.problem.empty() || (column == RunTable::State && entry.state == RunState::Failed))
        return ThemeColors::current().error;
    if ((column == RunTable::Settings && entry.changed.empty())
        || (column == RunTable::Name && entry.notes.name.empty()))
        return ThemeColors::current().muted;
    return {};
}

} // namespace

void RunTable::setEntries(std::vector<RunEntry> entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    choose();
    endResetModel();
}

void RunTable::setFilter(RunFilter filter)
{
    beginResetModel();
    m_filter = std::move(filter);
    choose();
    endResetModel();
}

void RunTable::sort(int column, Qt::SortOrder order)
{
    beginResetModel();
    m_sortColumn = column;
    m_sortOrder = order;
    choose();
    endResetModel();
}

/// What is like the filter, in its order; those alike stay the one begun last first.
void RunTable::choose()
{
    m_shown.clear();
    for (std::size_t place = 0; place < m_entries.size(); ++place)
        if (m_filter.matches(m_entries[place]))
            m_shown.push_back(place);
    if (m_sortColumn < 0)
        return;
    std::vector<QString> texts(m_entries.size());
    for (const std::size_t place : m_shown)
        texts[place] = textOf(m_entries[place], m_sortColumn).toCaseFolded();
    std::stable_sort(m_shown.begin(), m_shown.end(), [&](std::size_t a, std::size_t b) {
        return m_sortOrder == Qt::AscendingOrder ? texts[a] < texts[b] : texts[b] < texts[a];
    });
}

int RunTable::rowOf(const std::filesystem::path &folder) const
{
    const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                    [&](std::size_t place) { return m_entries[place].folder == folder; });
    return found == m_shown.end() ? -1 : static_cast<int>(found - m_shown.begin());
}

int RunTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int RunTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

QVariant RunTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const RunEntry &shown = entry(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textOf(shown, index.column());
    case Qt::ToolTipRole:
        return tipOf(shown);
    case Qt::ForegroundRole:
        return colorOf(shown, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == Star ? (shown.notes.starred ? tr("starred") : tr("not starred"))
                                      : textOf(shown, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Star ? QVariant(Qt::AlignCenter) : QVariant();
    default:
        return {};
    }
}

QVariant RunTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    static const QStringList titles{QStringLiteral("★"), tr("Name"),  tr("Settings that differ"),
                                    tr("Results"),       tr("State"), tr("Started"),
                                    tr("Experiment"),    tr("Tags")};
    return titles.value(section);
}

} // namespace losslab::ui
