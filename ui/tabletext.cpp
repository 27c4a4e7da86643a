#include "ui/tabletext.h"

#include <QHash>
#include <QRegularExpression>
#include <algorithm>

namespace losslab::ui {

namespace {

/// A number, with what stands around it in a cell: "98.72 %", "−0.5 ± 0.1", "–" for none.
bool isNumber(const QString &cell)
{
    static const QRegularExpression number(QStringLiteral("^[-−+]?[\\d.,]+(e[-+]?\\d+)?.*$|^–$|^$"),
                                           QRegularExpression::CaseInsensitiveOption);
    return number.match(cell).hasMatch();
}

/// Columns of numbers stand at the right.
QList<bool> numberColumns(const TableText &table)
{
    QList<bool> numbers;
    for (qsizetype column = 0; column < table.heading.size(); ++column)
        numbers << std::all_of(table.rows.begin(), table.rows.end(),
                               [column](const QStringList &row) { return isNumber(row[column]); });
    return numbers;
}

template <class Escape>
TableText escaped(const TableText &table, Escape escape)
{
    const auto all = [&](const QStringList &cells) {
        QStringList texts;
        for (const QString &cell : cells)
            texts << escape(cell);
        return texts;
    };
    TableText result{all(table.heading), {}};
    for (const QStringList &row : table.rows)
        result.rows << all(row);
    return result;
}

QString markdownCell(QString cell)
{
    return cell.replace(QLatin1Char('\\'), QLatin1String("\\\\"))
        .replace(QLatin1Char('|'), QLatin1String("\\|"))
        .replace(QLatin1Char('*'), QLatin1String("\\*"))
        .replace(QLatin1Char('_'), QLatin1String("\\_"))
        .replace(QLatin1Char('\n'), QLatin1Char(' '));
}

/// What LaTeX has another way to write.
const QHash<QChar, QString> &latexSigns()
{
    static const QHash<QChar, QString> signs = [] {
        QHash<QChar, QString> map{
            {u'\\', QStringLiteral("\\textbackslash{}")},
            {u'~', QStringLiteral("\\textasciitilde{}")},
            {u'^', QStringLiteral("\\textasciicircum{}")},
            {u'±', QStringLiteral("$\\pm$")},
            {u'−', QStringLiteral("$-$")},
            {u'–', QStringLiteral("--")},
            {u'…', QStringLiteral("\\dots{}")},
            {u'×', QStringLiteral("$\\times$")},
            {u'≈', QStringLiteral("$\\approx$")},
            {u'≤', QStringLiteral("$\\le$")},
            {u'≥', QStringLiteral("$\\ge$")},
            {u'∇', QStringLiteral("$\\nabla$")},
            {u'∂', QStringLiteral("$\\partial$")},
            {u'·', QStringLiteral("$\\cdot$")},
            {u'→', QStringLiteral("$\\to$")},
            {u'‖', QStringLiteral("$\\|$")},
            {u'∞', QStringLiteral("$\\infty$")},
            {u'π', QStringLiteral("$\\pi$")},
            {u'α', QStringLiteral("$\\alpha$")},
            {u'θ', QStringLiteral("$\\theta$")},
            {u'λ', QStringLiteral("$\\lambda$")},
            {u'σ', QStringLiteral("$\\sigma$")},
            {u'⁻', QStringLiteral("$^-$")},
            {u'¹', QStringLiteral("$^1$")},
            {u'²', QStringLiteral("$^2$")},
            {u'³', QStringLiteral("$^3$")},
            {QChar::Nbsp, QStringLiteral("~")},
            {QChar(0x202f), QStringLiteral("\\,")},
            {u'“', QStringLiteral("``")},
            {u'”', QStringLiteral("''")},
        };
        for (const char sign : {'&', '%', '$', '#', '_', '{', '}'})
            map.insert(QLatin1Char(sign), QStringLiteral("\\") + QLatin1Char(sign));
        for (ushort digit = 0; digit < 10; ++digit) {
            map.insert(QChar(0x2080 + digit), QStringLiteral("$_%1$").arg(digit));
            if (digit == 0 || digit > 3)
                map.insert(QChar(0x2070 + digit), QStringLiteral("$^%1$").arg(digit));
        }
        return map;
    }();
    return signs;
}

QString latexCell(const QString &cell)
{
    QString text;
    for (const QChar sign : cell)
        text += latexSigns().value(sign, QString(sign));
    return text;
}

QString csvCell(QString cell)
{
    static const QRegularExpression special(QStringLiteral("[\",\r\n]"));
    if (!cell.contains(special))
        return cell;
    return QLatin1Char('"') + cell.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
}

QString lines(const TableText &table, QLatin1Char between)
{
    QString text = table.heading.join(between) + QLatin1Char('\n');
    for (const QStringList &row : table.rows)
        text += row.join(between) + QLatin1Char('\n');
    return text;
}

} // namespace

QString tabSeparated(const TableText &table)
{
    const TableText plain = escaped(table, [](QString cell) {
        static const QRegularExpression breaks(QStringLiteral("[\t\r\n]"));
        return cell.replace(breaks, QStringLiteral(" "));
    });
    return lines(plain, QLatin1Char('\t'));
}

QString csvTable(const TableText &table)
{
    return lines(escaped(table, csvCell), QLatin1Char(','));
}

QString markdownTable(const TableText &table)
{
    const TableText cells = escaped(table, markdownCell);
    const QList<bool> numbers = numberColumns(table);
    QList<qsizetype> widths;
    for (qsizetype column = 0; column < cells.heading.size(); ++column) {
        widths << std::max<qsizetype>(3, cells.heading[column].size());
        for (const QStringList &row : cells.rows)
            widths[column] = std::max(widths[column], row[column].size());
    }
    const auto line = [&](const QStringList &row) {
        QStringList padded;
        for (qsizetype column = 0; column < row.size(); ++column)
            padded << (numbers[column] ? row[column].rightJustified(widths[column])
                                       : row[column].leftJustified(widths[column]));
        return QStringLiteral("| %1 |\n").arg(padded.join(QStringLiteral(" | ")));
    };
    QStringList rule;
    for (qsizetype column = 0; column < widths.size(); ++column)
        rule << QString(widths[column] - 1, QLatin1Char('-')).append(numbers[column] ? u':' : u'-');
    QString text = line(cells.heading) + line(rule);
    for (const QStringList &row : cells.rows)
        text += line(row);
    return text;
}

QString latexTable(const TableText &table)
{
    const TableText cells = escaped(table, latexCell);
    const auto line = [](const QStringList &row) {
        return row.join(QStringLiteral(" & ")) + QStringLiteral(" \\\\\n");
    };
    QString columns;
    for (const bool number : numberColumns(table))
        columns += number ? QLatin1Char('r') : QLatin1Char('l');
    QString text = QStringLiteral("\\begin{tabular}{%1}\n\\hline\n").arg(columns) + line(cells.heading)
                   + QStringLiteral("\\hline\n");
    for (const QStringList &row : cells.rows)
        text += line(row);
    return text + QStringLiteral("\\hline\n\\end{tabular}\n");
}

} // namespace losslab::ui
