#pragma once

#include <QFont>
#include <QPointF>
#include <QString>
#include <vector>

class QPainter;

namespace losslab::ui {

/// Text in lines of at most one width: broken between words, and within a word that is longer than a line.
struct TextBlock
{
    QFont font;
    std::vector<QString> lines;
    double row = 0; ///< a line's height

    double height() const { return row * static_cast<double>(lines.size()); }
    /// Of its widest line.
    double width() const;
    void paint(QPainter &painter, QPointF topLeft) const;
};

/// Of more than `mostLines` the last ends in "…"; 0: as many as it takes.
TextBlock wrapped(const QString &text, const QFont &font, double width, int mostLines = 0);

/// The same for a widget that breaks between words alone: long words can be broken within.
QString breakable(const QString &text);

} // namespace losslab::ui
