#pragma once

#include "lab/event.h"

#include <QDateTime>
#include <QString>

namespace losslab::ui {

struct LogLine
{
    QDateTime time;
    NoteEvent::Level level = NoteEvent::Level::Info;
    QString text;
};

} // namespace losslab::ui
