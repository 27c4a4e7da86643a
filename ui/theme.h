#pragma once

#include <QPalette>
#include <QString>

class QApplication;
class QComboBox;

namespace losslab::ui {

/// What the person chose.
enum class Theme {
    System,
    Light,
    Dark,
};

/// "system", "light" or "dark": in the settings.
QString themeName(Theme theme);
Theme themeFromName(const QString &name);

/// Everything is spaced by this.
constexpr int gridStep = 8;

/// Gives the application style, palette and style sheet. Call it again to change the theme.
void applyTheme(QApplication &application, Theme theme);

/// Has the entries of a drop-down stand as far apart as those of a menu.
void giveRoom(QComboBox &box);

/// Colours that a palette has no role for.
struct ThemeColors
{
    QColor muted; ///< headings, units, what is not read first
    QColor line;  ///< hairlines between the window's parts
    QColor error;
    QColor success;
    QColor errorBackground;
    QColor infoBackground;

    /// Of the application's palette: a widget's own may be changed by the style sheet.
    static ThemeColors current();
};

bool isDark(const QPalette &palette);

} // namespace losslab::ui
