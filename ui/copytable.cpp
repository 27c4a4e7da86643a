#include "ui/copytable.h"

#include "ui/icons.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QMenu>

namespace losslab::ui {

CopyTable::CopyTable(QWidget *parent) : QTableView(parent), m_copyMenu(new QMenu(this))
{
    m_copy = addCopy(tr("&Copy as table"), tr("the table"), tabSeparated, &CopyTable::values);
    m_copy->setIcon(icon(QStringLiteral("copy")));
    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetShortcut);
    m_copy->setToolTip(tr("Copy the rows selected, or all, for a spreadsheet (Ctrl+C)"));
    addCopy(tr("Copy as &Markdown"), tr("the table as Markdown"), markdownTable, &CopyTable::shownTexts);
    addCopy(tr("Copy as &LaTeX"), tr("the table as LaTeX"), latexTable, &CopyTable::shownTexts);
    m_export = new QAction(icon(QStringLiteral("export")), tr("&Export table…"), this);
    m_export->setToolTip(tr("Save all rows as CSV"));
    connect(m_export, &QAction::triggered, this, &CopyTable::exportRequested);
    addActions(m_copyMenu->actions());
    addAction(m_export);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    setCopyable(false);
}

QAction *CopyTable::addCopy(const QString &text, const QString &what, QString (*write)(const TableText &),
                            TableText (CopyTable::*table)() const)
{
    QAction *action = m_copyMenu->addAction(text);
    connect(action, &QAction::triggered, this, [this, what, write, table] {
        QApplication::clipboard()->setText(write((this->*table)()));
        Q_EMIT copied(what);
    });
    return action;
}

void CopyTable::setCopyable(bool any)
{
    for (QAction *action : m_copyMenu->actions())
        action->setEnabled(any);
    m_export->setEnabled(any);
}

} // namespace losslab::ui
