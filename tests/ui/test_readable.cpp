#include "experiments/registry.h"
#include "lab/experiment.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartwidget.h"
#include "ui/elidedlabel.h"
#include "ui/experimentlist.h"
#include "ui/experimentpanel.h"
#include "ui/exportdialog.h"
#include "ui/helpview.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/queuealldialog.h"
#include "ui/queuecontroller.h"
#include "ui/queuedialog.h"
#include "ui/queuetable.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QCompleter>
#include <QHash>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStyleOptionComboBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <cmath>

using namespace losslab;
using namespace losslab::ui;

namespace {

constexpr double enough = 4.5; // WCAG 2.1, 1.4.3

/// WCAG 2.1's relative luminance.
double luminance(const QColor &color)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

/// Of what is written there to what it is written on: the most frequent colour, and the one that is farthest
/// from it.
double textContrast(const QImage &image)
{
    QHash<QRgb, int> count;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            ++count[image.pixel(x, y)];
    QRgb ground = 0;
    int most = 0;
    for (auto color = count.cbegin(); color != count.cend(); ++color)
        if (color.value() > most) {
            most = color.value();
            ground = color.key();
        }
    double best = 1;
    for (auto color = count.cbegin(); color != count.cend(); ++color)
        best = std::max(best, contrast(color.key(), ground));
    return best;
}

/// A place where something is written, in a widget's coordinates.
struct Written
{
    QString what;
    QRect where;
};

/// A button's text, without its icon, its border and the line under a tab.
QRect textOf(const QAbstractButton &button)
{
    const QRect inner = button.rect().adjusted(3, 3, -3, -3);
    return button.icon().isNull() ? inner : inner.adjusted(button.iconSize().width() + 8, 0, 0, 0);
}

QRect textOf(const QComboBox &box)
{
    QStyleOptionComboBox option;
    option.initFrom(&box);
    option.editable = box.isEditable();
    return box.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box);
}

bool isIconAlone(const QAbstractButton &button)
{
    const auto *tool = qobject_cast<const QToolButton *>(&button);
    return tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly;
}

/// How far from an entry's left border its text begins.
int textBegin(const QMenu &menu)
{
    const QList<QAction *> actions = menu.actions();
    const bool column = std::any_of(actions.begin(), actions.end(), [](const QAction *action) {
        return action->isCheckable() || (!action->icon().isNull() && action->isIconVisibleInMenu());
    });
    return column ? 36 : 4;
}

bool isInChart(const QWidget *widget)
{
    for (; widget; widget = widget->parentWidget())
        if (qobject_cast<const ChartWidget *>(widget))
            return true;
    return false;
}

/// Everything written in a widget's visible descendants; charts have their own tests.
QList<Written> allWritten(const QWidget &window)
{
    QList<Written> written;
    const auto add = [&](const QWidget &widget, const QString &text, const QRect &where) {
        const bool whole =
            QRegion(where).subtracted(widget.visibleRegion()).isEmpty(); // not cut where it scrolls
        if (!text.trimmed().isEmpty() && where.width() > 4 && where.height() > 4 && whole
            && !isInChart(&widget))
            written << Written{text, QRect(widget.mapTo(&window, where.topLeft()), where.size())};
    };
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->visibleRegion().isEmpty())
            continue;
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            add(*label, label->text(), label->contentsRect());
        else if (const auto *elided = dynamic_cast<const ElidedLabel *>(widget))
            add(*elided, elided->text(), elided->rect());
        else if (const auto *line = qobject_cast<const QLineEdit *>(widget))
            add(*line, line->text(), line->rect().adjusted(3, 3, -3, -3));
        else if (const auto *box = qobject_cast<const QComboBox *>(widget))
            add(*box, box->isEditable() ? QString() : box->currentText(), textOf(*box));
        else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            add(*button, isIconAlone(*button) ? QString() : button->text(), textOf(*button));
        if (const auto *bar = qobject_cast<const QTabBar *>(widget))
            for (int tab = 0; tab < bar->count(); ++tab)
                add(*bar, bar->tabText(tab), bar->tabRect(tab).adjusted(2, 2, -2, -4));
        if (const auto *table = qobject_cast<const QueueTable *>(widget))
            for (int row = 0; row < table->model()->rowCount(); ++row)
                for (int column = 0; column < table->model()->columnCount(); ++column) {
                    const QModelIndex index = table->model()->index(row, column);
                    add(*table->viewport(), index.data().toString(),
                        table->visualRect(index).adjusted(2, 2, -2, -2));
                }
        if (const auto *list = qobject_cast<const ExperimentList *>(widget))
            for (int row = 0; row < list->count(); ++row)
                add(*list->viewport(), list->item(row)->text(),
                    list->visualRect(list->model()->index(row, 0)).adjusted(12, 1, -40, -1));
    }
    return written;
}

void verifyReadable(const QImage &picture, const Written &written, double scale)
{
    const QRect pixels(qRound(written.where.x() * scale), qRound(written.where.y() * scale),
                       qRound(written.where.width() * scale), qRound(written.where.height() * scale));
    const double found = textContrast(picture.copy(pixels & picture.rect()));
    QVERIFY2(found >= enough, qPrintable(QStringLiteral("“%1”: %2 : 1").arg(written.what).arg(found)));
}

void verifyAllReadable(QWidget &window)
{
    QTest::qWait(0);
    const QImage picture = window.grab().toImage();
    const QList<Written> all = allWritten(window);
    QVERIFY(all.size() > 3);
    for (const Written &written : all)
        verifyReadable(picture, written, picture.devicePixelRatio());
}

} // namespace

/// Every text has 4.5 : 1 to what it stands on, in both themes.
class TestReadable : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;
    std::unique_ptr<MainWindow> m_window;

    static void themes()
    {
        QTest::addColumn<int>("theme");
        QTest::newRow("light") << static_cast<int>(Theme::Light);
        QTest::newRow("dark") << static_cast<int>(Theme::Dark);
    }
    void open()
    {
        QFETCH(int, theme);
        m_window->setTheme(static_cast<Theme>(theme));
    }
    /// Opens a drop-down, and goes through its entries as the pointer does.
    void verifyDropDown(QComboBox &box)
    {
        QWidget *popup = box.view()->window();
        box.showPopup();
        QVERIFY(QTest::qWaitForWindowExposed(popup));
        for (int at = -1; at < box.count(); ++at) { // at first as it has opened
            QAbstractItemView &view = *box.view();
            if (at >= 0)
                view.setCurrentIndex(view.model()->index(at, 0));
            QTest::qWait(0);
            const QImage picture = view.viewport()->grab().toImage();
            for (int row = 0; row < box.count(); ++row) {
                const QRect where = view.visualRect(view.model()->index(row, 0)).adjusted(2, 2, -2, -2);
                if (!view.viewport()->rect().contains(where)) { // scrolled away, as on a small screen
                    QVERIFY2(row != at, qPrintable(box.objectName() + u' ' + box.itemText(row)));
                    continue;
                }
                verifyReadable(picture, {box.objectName() + u' ' + box.itemText(row), where},
                               picture.devicePixelRatio());
            }
        }
        box.hidePopup();
    }

private Q_SLOTS:
    void init()
    {
        qputenv("LOSSLAB_HOME", m_home.path().toUtf8());
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1366, 768);
        m_window->show();
    }
    void cleanup() { m_window.reset(); }

    void theWindowIs_data() { themes(); }
    void theWindowIs()
    {
        open();
        for (const ExperimentFactory make : registry()) {
            m_window->select(make()->info().id);
            ExperimentPanel &panel = m_window->currentPanel();
            for (QLineEdit *line : panel.form().findChildren<QLineEdit *>())
                line->setText(QStringLiteral("7x")); // changed, and wrong
            verifyAllReadable(*m_window);
        }
    }

    void aPanelWithARunIs_data() { themes(); }
    void aPanelWithARunIs()
    {
        open();
        m_window->select("gradient-norm");
        ExperimentPanel &panel = m_window->currentPanel();
        RunRecord record;
        record.spec = makeSpec(panel.experiment(), Preset::Quick);
        record.spec.seed = 5;
        record.data = RunData(panel.experiment());
        record.data.apply(PointEvent{"loss", "model", 0, 1, 0.5});
        record.data.apply(FigureEvent{"model", "gradient-norm", 0, 0.5});
        record.state = RunState::Finished;
        panel.open(std::move(record));
        panel.form().reset(); // others than the run's
        auto &tabs = *panel.findChild<QTabWidget *>(QStringLiteral("details"));
        for (const auto kind : {Banner::Kind::Info, Banner::Kind::Error})
            for (int tab = 0; tab < tabs.count(); ++tab) {
                tabs.setCurrentIndex(tab);
                panel.banner().showMessage(kind, QStringLiteral("A message."), QStringLiteral("Undo"), [] {});
                verifyAllReadable(*m_window);
            }
    }

    void theQueueIs_data() { themes(); }
    void theQueueIs()
    {
        open();
        const RunSpec spec = makeSpec(**makeExperiment("gradient-norm"), Preset::Report);
        QVERIFY(m_window->queue().add(std::vector<RunSpec>(4, spec)));
        RunQueue other; // one failed, one finished, one that runs, one that waits
        QVERIFY(*other.claim());
        for (const QueuedState state : {QueuedState::Failed, QueuedState::Finished}) {
            const auto begun = other.beginNext();
            QVERIFY(begun && other.setFolder((*begun)->id, "run"));
            QVERIFY(other.end((*begun)->id, state, "Why it failed", 1));
        }
        QVERIFY(other.beginNext());
        m_window->actions().showQueue->trigger();
        QCOMPARE(m_window->queue().runs().size(), std::size_t(4));
        auto &dialog = *m_window->findChild<QueueDialog *>();
        for (int row = -1; row < 4; ++row) {
            dialog.table().setCurrentIndex(dialog.table().model()->index(row, 0));
            verifyAllReadable(dialog);
        }
        m_window->actions().queueAll->trigger();
        verifyAllReadable(*m_window->findChild<QueueAllDialog *>());
        std::filesystem::remove(toPath(m_home.filePath(QStringLiteral("queue.json"))));
    }

    void everyDropDownIs_data() { themes(); }
    void everyDropDownIs()
    {
        open();
        for (const char *id : {"function-fit", "cnn-mnist"}) {
            m_window->select(id);
            int opened = 0;
            for (QComboBox *box : m_window->findChildren<QComboBox *>())
                if (box->isVisible() && ++opened)
                    verifyDropDown(*box);
            QVERIFY(opened >= 3);
        }
        QSettings settings(m_home.filePath(QStringLiteral("export.ini")), QSettings::IniFormat);
        ExportDialog dialog(m_window->currentPanel().experiment(), m_window->currentPanel().charts().charts(),
                            {}, {}, settings, nullptr);
        dialog.show();
        for (QComboBox *box : dialog.findChildren<QComboBox *>())
            if (box->isEnabled()) // else it does not open
                verifyDropDown(*box);
        verifyAllReadable(dialog);
    }

    void whatIsCompletedIs_data() { themes(); }
    /// As in a dialog for files, whose list of names stands in a window of its own.
    void whatIsCompletedIs()
    {
        open();
        QLineEdit line;
        QCompleter names({QStringLiteral("pictures"), QStringLiteral("points.csv")});
        line.setCompleter(&names);
        line.show();
        line.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&line));
        QTest::keyClicks(&line, QStringLiteral("p"));
        QTRY_VERIFY(names.popup()->isVisible());
        const QImage shown = names.popup()->grab().toImage();
        QCOMPARE(shown.pixelColor(shown.width() / 2, shown.height() - 4),
                 QApplication::palette().color(QPalette::Base));
        QVERIFY(textContrast(shown) >= enough);
    }

    void everyMenuIs_data() { themes(); }
    void everyMenuIs()
    {
        open();
        int entries = 0;
        for (QMenu *menu : m_window->findChildren<QMenu *>()) {
            if (menu->actions().isEmpty())
                continue;
            menu->popup(QPoint(10, 10));
            QList<QAction *> active = menu->actions();
            active.prepend(nullptr);
            for (QAction *pointed : active) {
                if (pointed && pointed->isSeparator())
                    continue;
                menu->setActiveAction(pointed);
                const QImage picture = menu->grab().toImage();
                for (QAction *action : menu->actions())
                    if (!action->isSeparator() && ++entries)
                        verifyReadable(picture,
                                       {action->text(),
                                        menu->actionGeometry(action).adjusted(textBegin(*menu), 2, -24, -2)},
                                       picture.devicePixelRatio());
            }
            menu->close();
        }
        QVERIFY(entries > 20);
    }

    /// A page is written in the colours of the theme in which it was opened, unless it follows.
    void aHelpPageFollowsTheTheme()
    {
        m_window->setTheme(Theme::Light);
        HelpView page(QStringLiteral("page"),
                      QStringLiteral("# Title\n\nA [link](https://example.org) alone.\n"));
        page.resize(400, 300);
        page.show();
        for (const Theme theme : {Theme::Dark, Theme::Light}) {
            m_window->setTheme(theme);
            QTest::qWait(0);
            const QColor link = QApplication::palette().color(QPalette::Link);
            const QImage picture = page.viewport()->grab().toImage();
            bool found = false;
            for (int y = 0; y < picture.height() && !found; ++y)
                for (int x = 0; x < picture.width() && !found; ++x)
                    found = picture.pixelColor(x, y) == link;
            QVERIFY(found);
        }
    }
};

/// At three times the size, where strokes have pixels in the full colour.
int main(int argc, char **argv)
{
    qputenv("QT_SCALE_FACTOR", "3");
    QApplication application(argc, argv);
    TestReadable test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_readable.moc"
