#include "ui/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QGuiApplication>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleHints>
#include <QStyledItemDelegate>
#include <QToolTip>

namespace losslab::ui {

namespace {

/// Entries of a drop-down; the usual delegate knows of no style sheet, and this one's parent of no lines
/// between entries.
class EntryDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (!isLine(index))
            return QStyledItemDelegate::paint(painter, option, index);
        const int y = option.rect.center().y();
        painter->fillRect(QRect(option.rect.left(), y, option.rect.width(), 1), ThemeColors::current().line);
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QSize size = QStyledItemDelegate::sizeHint(option, index);
        return isLine(index) ? QSize(size.width(), gridStep) : size;
    }

private:
    static bool isLine(const QModelIndex &index) ///< as QComboBox::insertSeparator() marks it
    {
        return index.data(Qt::AccessibleDescriptionRole).toString() == QLatin1String("separator");
    }
};

struct Shades
{
    QColor window, base, alternate, text, button, line, accent, accentText, accentInk, tip;
};

/// Of the way from a background to its text: what is said quietly still has 4.5 : 1 on every background there
/// is.
constexpr double quiet = 0.7;

Shades shades(bool dark)
{
    if (dark)
        return {"#1e2023", "#17181b", "#24262a", "#e6e7e9", "#2b2e33",
                "#34373d", "#56b4e9", "#101214", "#6fc1f0", "#2b2e33"};
    return {"#f5f6f7", "#ffffff", "#f0f1f3", "#1d1f22", "#ffffff",
            "#d9dce0", "#0072b2", "#ffffff", "#005a8f", "#ffffff"};
}

QColor mix(const QColor &from, const QColor &to, double share)
{
    const auto channel = [share](int a, int b) { return qRound(a + share * (b - a)); };
    return QColor(channel(from.red(), to.red()), channel(from.green(), to.green()),
                  channel(from.blue(), to.blue()));
}

QPalette makePalette(const Shades &shade)
{
    QPalette palette;
    palette.setColor(QPalette::Window, shade.window);
    palette.setColor(QPalette::WindowText, shade.text);
    palette.setColor(QPalette::Base, shade.base);
    palette.setColor(QPalette::AlternateBase, shade.alternate);
    palette.setColor(QPalette::Text, shade.text);
    palette.setColor(QPalette::Button, shade.button);
    palette.setColor(QPalette::ButtonText, shade.text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, shade.tip);
    palette.setColor(QPalette::ToolTipText, shade.text);
    palette.setColor(QPalette::PlaceholderText, mix(shade.base, shade.text, quiet));
    palette.setColor(QPalette::Highlight, shade.accent);
    palette.setColor(QPalette::HighlightedText, shade.accentText);
    palette.setColor(QPalette::Link, shade.accentInk);
    palette.setColor(QPalette::LinkVisited, shade.accentInk);
    palette.setColor(QPalette::Mid, shade.line);
    palette.setColor(QPalette::Midlight, mix(shade.line, shade.window, 0.5));
    palette.setColor(QPalette::Dark, mix(shade.line, shade.text, 0.3));
    palette.setColor(QPalette::Light, shade.base);
    palette.setColor(QPalette::Shadow, mix(shade.line, Qt::black, 0.5));
    const QColor off = mix(shade.window, shade.text, quiet);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, off);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, shade.line);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, off);
    return palette;
}

/// %1 line, %2 accent, %3 text on it, %4 muted, %5 hover, %6 error, %7 window, %8 disabled text, %10 theme's
/// name, %11 accent as a text's colour. A drop-down's list is no menu (combobox-popup): drawn as one, its
/// current entry would have the colour of text on the accent without the accent.
const char *const sheet = R"(
QToolTip { color: palette(tooltip-text); background: palette(tooltip-base); border: 1px solid %1; padding: 4px 6px; }
QToolBar { background: %7; border: none; border-bottom: 1px solid %1; spacing: 4px; padding: 4px 8px; }
QToolBar::separator { background: %1; width: 1px; margin: 5px 6px; }
QToolButton { border: 1px solid transparent; border-radius: 4px; padding: 4px 8px; background: transparent; }
QToolButton:hover { background: %5; }
QToolButton:pressed, QToolButton:checked { background: %5; }
QToolButton:focus { border-color: %2; }
QToolButton::menu-indicator { image: none; }
QToolButton:disabled { color: %8; }
losslab--ui--ChartWidget QToolButton { padding: 2px 5px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { border: 1px solid %1; border-radius: 4px; padding: 5px 14px; background: palette(button); }
QPushButton:hover { background: %5; }
QPushButton:focus { border-color: %2; }
QPushButton:disabled { color: %8; }
*[primary="true"] { background: %2; color: %3; border: 1px solid %2; font-weight: 600; }
*[primary="true"]:hover { background: %2; }
*[primary="true"]:focus { border: 1px solid palette(window-text); }
*[primary="true"]:disabled { background: %5; color: %8; border-color: %5; }
QPushButton[quiet="true"] { border-color: transparent; background: transparent; color: %11; padding: 4px 6px; text-align: left; }
QPushButton#resetAll { padding-left: 0; }
QPushButton[quiet="true"]:hover { background: %5; }
QPushButton[quiet="true"]:focus { border-color: %2; }
QPushButton[quiet="true"]:disabled { color: %8; }
QLineEdit, QSpinBox { border: 1px solid %1; border-radius: 4px; padding: 3px 6px; background: palette(base); selection-background-color: %2; selection-color: %3; }
QLineEdit:focus, QSpinBox:focus { border-color: %2; }
QComboBox QLineEdit { border: none; padding: 0; background: transparent; }
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border-color: %6; }
QLineEdit:disabled, QSpinBox:disabled { color: %8; }
QComboBox { combobox-popup: 0; border: 1px solid %1; border-radius: 4px; padding: 3px 6px; background: palette(base); }
QComboBox:focus, QComboBox:on { border-color: %2; }
QComboBox:disabled { color: %8; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(:/icons/down-%10.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { border: 1px solid %1; background: palette(base); selection-background-color: %2; selection-color: %3; outline: 0; padding: 2px; }
QComboBox QAbstractItemView::item { padding: 4px 6px; }
QComboBox QAbstractItemView::item:selected { background: %2; color: %3; }
QComboBox QAbstractItemView::item:disabled { color: %8; }
QCheckBox { spacing: 6px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid %4; border-radius: 3px; background: palette(base); }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: %2; }
QCheckBox::indicator:checked { background: %2; border-color: %2; image: url(:/icons/check-%10.svg); }
QLabel[role="heading"] { color: %4; font-weight: 600; }
QLabel[role="muted"] { color: %4; }
QLabel[changed="true"] { color: %11; }
QLabel[role="error"] { color: %6; }
QSplitter::handle { background: %1; }
QSplitter::handle:hover { background: %2; }
QTabWidget::pane { border: none; border-top: 1px solid %1; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; border: none; border-bottom: 2px solid transparent; padding: 4px 4px 2px 4px; margin: 0 8px; color: %4; }
QTabBar::tab:hover { color: palette(window-text); }
QTabBar::tab:selected { color: palette(window-text); border-bottom-color: %2; }
QTabBar::tab:focus { color: %11; }
QProgressBar { border: none; border-radius: 3px; background: %5; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: %2; border-radius: 3px; }
QMenu { background: palette(base); border: 1px solid %1; padding: 4px 0; }
QMenu::item { padding: 5px 28px 5px 12px; }
QMenu::icon { padding-left: 10px; }
QMenu::item:selected { background: %2; color: %3; }
QMenu::item:disabled { color: %8; }
QMenu::item:disabled:selected { background: %5; color: %8; }
QMenu::separator { height: 1px; background: %1; margin: 4px 0; }
QHeaderView::section { background: transparent; border: none; border-bottom: 1px solid %1; padding: 2px 8px; color: %4; font-weight: normal; }
QHeaderView::section:hover { color: palette(text); }
QHeaderView::section:vertical { border: none; padding: 1px 8px; color: palette(text); }
QTableCornerButton::section { background: transparent; border: none; border-bottom: 1px solid %1; }
QTableView { border: none; background: transparent; gridline-color: transparent; selection-background-color: %5; selection-color: palette(text); outline: 0; }
losslab--ui--TableView::item { padding: 0 8px; }
QTableView[role="edited"] { border: 1px solid %1; border-radius: 4px; background: palette(base); }
QTableView[role="edited"]:focus { border-color: %2; }
QTableView[role="edited"]::item { padding: 2px 4px; }
losslab--ui--QueueTable QHeaderView::section:horizontal { padding: 2px 3px; }
*[wrong="true"] > QTableView[role="edited"] { border-color: %6; }
QTextBrowser, QPlainTextEdit { border: none; background: transparent; selection-background-color: %2; selection-color: %3; }
QTableView[role="edited"] QPlainTextEdit { background: palette(base); }
QAbstractScrollArea { border: none; background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListView { background: palette(base); border: 1px solid %1; selection-background-color: %2; selection-color: %3; }
losslab--ui--ExperimentList { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 0; }
QScrollBar::handle { background: %1; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: %4; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)";

/// As the desktop has it; the palette is looked at before the first theme takes its place.
bool systemIsDark()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    static const bool dark = isDark(QGuiApplication::palette());
    return dark;
#endif
}

} // namespace

QString themeName(Theme theme)
{
    switch (theme) {
    case Theme::System:
        break;
    case Theme::Light:
        return QStringLiteral("light");
    case Theme::Dark:
        return QStringLiteral("dark");
    }
    return QStringLiteral("system");
}

Theme themeFromName(const QString &name)
{
    for (const Theme theme : {Theme::Light, Theme::Dark})
        if (name == themeName(theme))
            return theme;
    return Theme::System;
}

void applyTheme(QApplication &application, Theme theme)
{
    const bool systemDark = systemIsDark();
    const bool dark = theme == Theme::Dark || (theme == Theme::System && systemDark);
    const Shades shade = shades(dark);
    const QPalette palette = makePalette(shade);
    application.setStyleSheet({});
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette); // it keeps one of its own
    const ThemeColors colors = ThemeColors::current();
    application.setStyleSheet(
        QString::fromLatin1(sheet)
            .replace(QStringLiteral("%10"), dark ? QStringLiteral("dark") : QStringLiteral("light"))
            .replace(QStringLiteral("%11"), shade.accentInk.name())
            .replace(QStringLiteral("%1"), shade.line.name())
            .replace(QStringLiteral("%2"), shade.accent.name())
            .replace(QStringLiteral("%3"), shade.accentText.name())
            .replace(QStringLiteral("%4"), colors.muted.name())
            .replace(QStringLiteral("%5"), mix(shade.window, shade.text, 0.08).name())
            .replace(QStringLiteral("%6"), colors.error.name())
            .replace(QStringLiteral("%7"), shade.window.name())
            .replace(QStringLiteral("%8"), palette.color(QPalette::Disabled, QPalette::WindowText).name()));
}

void giveRoom(QComboBox &box)
{
    box.setItemDelegate(new EntryDelegate(&box));
}

ThemeColors ThemeColors::current()
{
    const QPalette palette = QGuiApplication::palette();
    const QColor window = palette.color(QPalette::Window);
    const QColor text = palette.color(QPalette::WindowText);
    const bool dark = isDark(palette);
    ThemeColors colors;
    colors.muted = mix(window, text, quiet);
    colors.line = palette.color(QPalette::Mid);
    colors.error = dark ? QColor("#ff8a70") : QColor("#b3261e");
    colors.success = dark ? QColor("#4cc79a") : QColor("#007a55");
    colors.errorBackground = mix(window, colors.error, 0.12);
    colors.infoBackground = mix(window, palette.color(QPalette::Highlight), 0.12);
    return colors;
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < 128;
}

} // namespace losslab::ui
