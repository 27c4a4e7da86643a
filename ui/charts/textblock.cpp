#include "ui/charts/textblock.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>
#include <algorithm>

namespace losslab::ui {

double TextBlock::width() const
{
    const QFontMetricsF type(font);
    double width = 0;
    for (const QString &line : lines)
        width = std::max(width, type.horizontalAdvance(line));
    return width;
}

void TextBlock::paint(QPainter &painter, QPointF topLeft) const
{
    painter.setFont(font);
    const double ascent = QFontMetricsF(font).ascent();
    for (std::size_t i = 0; i < lines.size(); ++i)
        painter.drawText(topLeft + QPointF(0, ascent + static_cast<double>(i) * row), lines[i]);
}

TextBlock wrapped(const QString &text, const QFont &font, double width, int mostLines)
{
    const QFontMetricsF type(font);
    TextBlock block{font, {}, type.height()};
    if (text.isEmpty())
        return block;
    QTextLayout layout(text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(width, 1.0));
        if (mostLines > 0 && static_cast<int>(block.lines.size()) + 1 == mostLines) {
            block.lines.push_back(type.elidedText(text.mid(line.textStart()), Qt::ElideRight, width));
            break;
        }
        block.lines.push_back(text.mid(line.textStart(), line.textLength()).trimmed());
    }
    layout.endLayout();
    return block;
}

QString breakable(const QString &text)
{
    constexpr int longWord = 24;
    const QChar mayBreak(0x200B);
    QString result;
    int length = 0;
    for (const QChar letter : text) {
        length = letter.isSpace() ? 0 : length + 1;
        if (length > longWord && !letter.isLowSurrogate())
            result += mayBreak;
        result += letter;
    }
    return result;
}

} // namespace losslab::ui
