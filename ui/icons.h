#pragma once

#include <QIcon>
#include <QPalette>

namespace losslab::ui {

/// The SVG of that name from the resources, drawn in the palette's text colour at whatever size and state is
/// asked for: it follows the theme by itself. With a role, in that colour instead.
QIcon icon(const QString &name, QPalette::ColorRole role = QPalette::WindowText);

/// The same as a picture, in a colour of one's own, crisp at the given device pixel ratio.
QPixmap iconPixmap(const QString &name, const QColor &color, int side, qreal ratio);

} // namespace losslab::ui
