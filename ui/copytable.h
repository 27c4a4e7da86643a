#pragma once

#include "ui/tabletext.h"

#include <QTableView>

class QAction;
class QMenu;

namespace losslab::ui {

/// A table that is taken along: copied for a spreadsheet (Ctrl+C), as Markdown or LaTeX, or exported.
class CopyTable : public QTableView
{
    Q_OBJECT

public:
    explicit CopyTable(QWidget *parent = nullptr);

    /// For a spreadsheet: numbers in full.
    virtual TableText values() const = 0;
    /// For a text: as it is shown.
    virtual TableText shownTexts() const = 0;

    QAction *copyAction() const { return m_copy; }
    /// All ways to copy.
    QMenu *copyMenu() const { return m_copyMenu; }
    QAction *exportAction() const { return m_export; }

Q_SIGNALS:
    void exportRequested();
    void copied(const QString &what); ///< "the table as Markdown"

protected:
    /// Whether there is anything to take along.
    void setCopyable(bool any);

private:
    QAction *addCopy(const QString &text, const QString &what, QString (*write)(const TableText &),
                     TableText (CopyTable::*table)() const);

    QAction *m_copy;
    QAction *m_export;
    QMenu *m_copyMenu;
};

} // namespace losslab::ui
