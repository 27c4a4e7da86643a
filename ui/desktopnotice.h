#pragma once

class QString;
class QWidget;

namespace losslab::ui {

/// Tells a person who looks at another program that something has ended: the window asks for attention, and
/// the desktop shows a notice where it can. Quiet while LossLab is looked at.
void notifyDesktop(QWidget &window, const QString &title, const QString &text);

} // namespace losslab::ui
