#pragma once

#include <QList>
#include <QStringList>

namespace losslab::ui {

/// Rows of texts, as they are taken along to other programs.
struct TableText
{
    QStringList heading;
    QList<QStringList> rows; ///< each as long as the heading

    bool empty() const { return rows.isEmpty(); }
};

/// A line a row, cells between tabs, as spreadsheets take them.
QString tabSeparated(const TableText &table);
/// A table of GitHub's Markdown, columns aligned as text as well.
QString markdownTable(const TableText &table);
/// A tabular environment that needs no package. Signs that LaTeX writes otherwise (%, ±, α …) are as it wants
/// them.
QString latexTable(const TableText &table);
/// RFC 4180, with a line feed at each line's end.
QString csvTable(const TableText &table);

} // namespace losslab::ui
