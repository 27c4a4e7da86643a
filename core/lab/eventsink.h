#pragma once

#include "lab/event.h"

namespace losslab {

/// Whoever tells events: a run, or one of its tasks.
class EventSink
{
public:
    virtual ~EventSink() = default;

private:
    friend class ChartPart;
    friend class Table;
    friend class Figure;

    /// Safe from any thread.
    virtual void emit(Event event) = 0;
};

} // namespace losslab
