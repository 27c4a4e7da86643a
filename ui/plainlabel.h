#pragma once

#include <QLabel>

namespace losslab::ui {

/// A label that shows every text as it stands. A QLabel takes for markup what looks like it, and the words of
/// files, runs and data sets may be anything.
class PlainLabel : public QLabel
{
public:
    explicit PlainLabel(QWidget *parent) : PlainLabel(QString(), parent) {}
    PlainLabel(const QString &text, QWidget *parent) : QLabel(parent)
    {
        setTextFormat(Qt::PlainText);
        setText(text);
    }
};

} // namespace losslab::ui
