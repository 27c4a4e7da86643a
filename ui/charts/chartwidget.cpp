#include "ui/charts/chartwidget.h"

#include "runs/csv.h"
#include "ui/charts/chartcanvas.h"
#include "ui/charts/chartexport.h"
#include "ui/charts/logoffer.h"
#include "ui/charts/textblock.h"
#include "ui/plainlabel.h"
#include "ui/text.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPainterPath>
#include <QTextLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace losslab::ui {

namespace {

constexpr int describeEvery = 1000; // ms

/// The text as far as so many rows of this width hold it; an ellipsis where there is more.
QString firstRows(const QString &text, const QFont &font, int width, int rows)
{
    QTextLayout layout(text, font);
    QTextOption wrapped;
    wrapped.setWrapMode(QTextOption::WordWrap);
    layout.setTextOption(wrapped);
    layout.beginLayout();
    int lastStart = 0;
    int count = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        if (++count == rows)
            lastStart = line.textStart();
    }
    layout.endLayout();
    return count <= rows ? text
                         : text.left(lastStart)
                               + QFontMetrics(font).elidedText(text.mid(lastStart), Qt::ElideRight, width);
}

/// Three strokes in the text's colour: arrows outwards, arrows inwards, an arrow into a tray.
QIcon strokeIcon(const QList<QList<QPointF>> &strokes, const QColor &color)
{
    constexpr int side = 16;
    constexpr int scale = 3;
    QPixmap pixmap(side * scale, side * scale);
    pixmap.setDevicePixelRatio(scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    for (const QList<QPointF> &stroke : strokes)
        painter.drawPolyline(QPolygonF(stroke));
    return QIcon(pixmap);
}

const QList<QList<QPointF>> enlargeStrokes = {
    {{9.5, 3}, {13, 3}, {13, 6.5}}, {{13, 3}, {9, 7}}, {{6.5, 13}, {3, 13}, {3, 9.5}}, {{3, 13}, {7, 9}}};
const QList<QList<QPointF>> shrinkStrokes = {
    {{9, 3.5}, {9, 7}, {12.5, 7}}, {{9, 7}, {13, 3}}, {{7, 12.5}, {7, 9}, {3.5, 9}}, {{7, 9}, {3, 13}}};
const QList<QList<QPointF>> exportStrokes = {
    {{8, 2.5}, {8, 9.5}}, {{5, 6.5}, {8, 9.5}, {11, 6.5}}, {{3, 10.5}, {3, 13}, {13, 13}, {13, 10.5}}};

} // namespace

class ChartWidget::Private
{
public:
    Private(ChartWidget *owner, const ChartInfo &info) : q(owner), canvas(new ChartCanvas(info, owner)) {}

    void buildHeader();
    void buildActions();
    void updateControls();
    QString remark() const;
    void placeRemark();
    void updateIcons();
    void describe();
    void setLogX(bool log);
    void copyChart();
    void buildSpreadMenu();
    void updateSpread();
    void makeRoomForTitle(bool spreadOffered);

    ChartWidget *q;
    ChartCanvas *canvas;
    const ChartData *data = nullptr;
    QString caption;
    std::optional<QString> briefRemark;
    bool enlarged = false;
    QElapsedTimer sinceDescribed;

    QLabel *title = nullptr;
    QLabel *remarkBeside = nullptr;
    QLabel *remarkBeneath = nullptr;
    QAction *logYAction = nullptr;
    QAction *logXAction = nullptr;
    QAction *resetAction = nullptr;
    QAction *enlargeAction = nullptr;
    QAction *exportAction = nullptr;
    QAction *enlargeFigureAction = nullptr;
    QAction *exportFigureAction = nullptr;
    QAction *copyAction = nullptr;
    QAction *copyValuesAction = nullptr;
    QMenu *spreadMenu = nullptr;
    QToolButton *spreadButton = nullptr;
    QToolButton *logYButton = nullptr;
    QToolButton *exportButton = nullptr;
    QToolButton *resetButton = nullptr;
};

void ChartWidget::Private::buildActions()
{
    const auto action = [this](const QString &text, auto &&run) {
        auto *made = new QAction(text, q);
        QObject::connect(made, &QAction::triggered, q, run);
        return made;
    };
    logYAction = action(tr("Logarithmic y axis"), [this](bool on) { q->setLogY(on); });
    logYAction->setCheckable(true);
    logYAction->setIconText(tr("log y"));
    logXAction = action(tr("Logarithmic x axis"), [this](bool on) { setLogX(on); });
    logXAction->setCheckable(true);
    resetAction = action(tr("Reset view"), [this] { q->resetView(); });
    resetAction->setToolTip(tr("Follow the data again (double click, Home)"));
    enlargeAction = action(tr("Enlarge"), [this] { Q_EMIT q->enlargeRequested(); });
    exportAction = action(tr("Export chart…"), [this] { Q_EMIT q->exportRequested(); });
    enlargeFigureAction = action(tr("Enlarge whole figure"), [this] { Q_EMIT q->figureEnlargeRequested(); });
    exportFigureAction = action(tr("Export whole figure…"), [this] { Q_EMIT q->figureExportRequested(); });
    for (QAction *ofFigure : {enlargeFigureAction, exportFigureAction})
        ofFigure->setVisible(false);
    copyAction = action(tr("Copy chart"), [this] { copyChart(); });
    copyValuesAction = action(tr("Copy values as CSV"), [this] {
        QApplication::clipboard()->setText(
            QString::fromStdString(data != nullptr ? chartCsv(*data) : std::string()));
    });
}

void ChartWidget::Private::buildSpreadMenu()
{
    spreadMenu = new QMenu(tr("Seeds"), q);
    spreadMenu->menuAction()->setToolTip(tr("How several seeds are shown"));
    auto *group = new QActionGroup(spreadMenu);
    for (const Spread spread : q->info().spreads()) {
        const QString text = spread == Spread::Median ? tr("Median, quartiles and range")
                             : spread == Spread::Mean ? tr("Mean ± standard deviation")
                                                      : tr("Every seed");
        QAction *action = group->addAction(text);
        action->setCheckable(true);
        action->setData(static_cast<int>(spread));
        spreadMenu->addAction(action);
        QObject::connect(action, &QAction::triggered, q, [this, spread] {
            q->setSpread(spread);
            Q_EMIT q->spreadChosen();
        });
    }
}

/// In a narrow chart the title goes before the buttons that the context menu has, too.
void ChartWidget::Private::makeRoomForTitle(bool spreadOffered)
{
    const QString whole = QString::fromStdString(q->info().title);
    const int buttons = 2 * exportButton->sizeHint().width() + 24;
    const int reset = resetButton->isVisibleTo(q) ? resetButton->sizeHint().width() + 4 : 0;
    const QString shown =
        title->fontMetrics().elidedText(whole, Qt::ElideRight, std::max(q->width() - buttons - reset, 0));
    title->setText(shown);
    title->setToolTip(shown == whole ? QString() : plainTip(whole));
    int room = q->width() - title->sizeHint().width() - buttons;
    room -= logYButton->sizeHint().width();
    logYButton->setVisible(room >= 0);
    room -= spreadButton->sizeHint().width();
    spreadButton->setVisible(spreadOffered && room >= 0);
}

/// There is a choice only of several seeds.
void ChartWidget::Private::updateSpread()
{
    const ChartDrawing &drawing = canvas->drawing();
    for (QAction *action : spreadMenu->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(drawing.spread()));
    const bool offered = spreadMenu->actions().size() > 1 && !drawing.seedsText().isEmpty();
    spreadMenu->menuAction()->setVisible(offered);
    makeRoomForTitle(offered);
    spreadMenu->menuAction()->setIconText(drawing.spread() == Spread::Median ? tr("median")
                                          : drawing.spread() == Spread::Mean ? tr("mean")
                                                                             : tr("seeds"));
}

void ChartWidget::Private::buildHeader()
{
    auto *header = new QHBoxLayout;
    header->setContentsMargins(8, 0, 0, 0);
    header->setSpacing(4);
    title = new PlainLabel(QString::fromStdString(q->info().title), q);
    QFont bold = title->font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    title->setMinimumWidth(1); // a narrow chart cuts it, see makeRoomForTitle()
    header->addWidget(title);
    const auto muted = [this] {
        auto *made = new PlainLabel(q);
        made->setForegroundRole(QPalette::PlaceholderText);
        made->setContentsMargins(8, 0, 0, 0);
        return made;
    };
    remarkBeside = muted();
    remarkBeside->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    header->addWidget(remarkBeside, 1);
    remarkBeneath = muted();
    remarkBeneath->setWordWrap(true);
    remarkBeneath->hide();
    const auto button = [&](QAction *action, Qt::ToolButtonStyle style) {
        auto *made = new QToolButton(q);
        made->setDefaultAction(action);
        made->setAutoRaise(true);
        made->setToolButtonStyle(style);
        made->setFocusPolicy(Qt::TabFocus);
        made->setAccessibleName(
            QStringLiteral("%1: %2").arg(QString::fromStdString(q->info().title), action->text()));
        header->addWidget(made);
        return made;
    };
    resetButton = button(resetAction, Qt::ToolButtonTextOnly);
    spreadButton = button(spreadMenu->menuAction(), Qt::ToolButtonTextOnly);
    spreadButton->setObjectName(QStringLiteral("spread"));
    spreadButton->setPopupMode(QToolButton::InstantPopup);
    logYButton = button(logYAction, Qt::ToolButtonTextOnly);
    button(enlargeAction, Qt::ToolButtonIconOnly);
    exportButton = button(exportAction, Qt::ToolButtonIconOnly);

    auto *layout = new QVBoxLayout(q);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(header);
    layout->addWidget(remarkBeneath);
    layout->addWidget(canvas, 1);
    q->setFocusProxy(canvas);
}

void ChartWidget::Private::updateIcons()
{
    const QColor color = q->palette().color(QPalette::WindowText);
    enlargeAction->setIcon(strokeIcon(enlarged ? shrinkStrokes : enlargeStrokes, color));
    enlargeAction->setText(enlarged ? tr("Back to all charts") : tr("Enlarge"));
    exportAction->setIcon(strokeIcon(exportStrokes, color));
}

void ChartWidget::Private::updateControls()
{
    const ChartDrawing &drawing = canvas->drawing();
    const auto offer = [](QAction *action, bool on, const QString &hint, const QString &reason) {
        const QString tip = reason.isEmpty() ? hint : reason;
        if (action->toolTip() != plainTip(tip) || action->isChecked() != on) {
            action->setEnabled(reason.isEmpty());
            action->setChecked(on);
            action->setToolTip(plainTip(tip));
        }
    };
    const QString notY = ui::whyNotLogY(drawing);
    offer(logYAction, drawing.logY(), tr("Logarithmic y axis"), notY);
    const QString notX = ui::whyNotLogX(drawing);
    offer(logXAction, drawing.logX(), tr("Logarithmic x axis"), notX);
    resetButton->setVisible(!drawing.view().follows());
    updateSpread();
    placeRemark();
    resetAction->setEnabled(!drawing.view().follows());
    const bool drawn = !drawing.empty();
    exportAction->setEnabled(drawn);
    exportFigureAction->setEnabled(drawn);
    copyAction->setEnabled(drawn);
    copyValuesAction->setEnabled(drawn && data
                                 && !data->isThinned()); // that has too many; they can be exported
}

QString ChartWidget::Private::remark() const
{
    const QString whole = QString::fromStdString(canvas->drawing().remark());
    const QString ofRun = data ? QString::fromStdString(data->remark) : QString();
    if (!briefRemark || ofRun.isEmpty() || !whole.startsWith(ofRun))
        return whole;
    const QString divider = QStringLiteral(" · ");
    QStringList parts{QString::fromStdString(data->annotation), *briefRemark,
                      whole.mid(ofRun.size() + divider.size())};
    parts.removeAll(QString());
    return parts.join(divider);
}

/// Beside the title where it has room there, else in rows of its own: at most an eighth of the chart's
/// height. What is cut off is in the tooltip.
void ChartWidget::Private::placeRemark()
{
    const QString remark = breakable(this->remark());
    const bool fits =
        remark.isEmpty()
        || remarkBeside->fontMetrics().horizontalAdvance(remark) <= remarkBeside->contentsRect().width();
    remarkBeside->setText(fits ? remark : QString());
    const int rows = std::max(1, q->height() / 8 / remarkBeneath->fontMetrics().lineSpacing());
    const QString shown = fits ? QString() : firstRows(remark, remarkBeneath->font(), q->width() - 16, rows);
    remarkBeneath->setText(shown);
    remarkBeneath->setToolTip(shown == remark ? QString() : plainTip(remark));
    remarkBeneath->setVisible(!fits);
}

/// What a screen reader says of the chart: its series and their last values.
void ChartWidget::Private::describe()
{
    sinceDescribed.start();
    QStringList parts;
    for (const PlotSeries &series : canvas->drawing().series()) {
        if (!series.empty()) {
            const Trace &trace = series.traces().front();
            const bool right = series.info().rightAxis && q->info().right;
            const Format format = right ? q->info().right->format : q->info().y.format;
            parts << QStringLiteral("%1: %2").arg(
                series.label(), trace.size() > 0 ? valueText(trace.y().back(), format) : QString());
        }
    }
    if (const QString seeds = canvas->drawing().seedsText(); !seeds.isEmpty())
        parts << seeds;
    canvas->setAccessibleDescription(parts.isEmpty() ? tr("No data yet") : parts.join(QStringLiteral("; ")));
}

void ChartWidget::Private::setLogX(bool log)
{
    canvas->drawing().setLogX(log);
    canvas->drawing().view().x.reset();
    canvas->update();
    updateControls();
}

void ChartWidget::Private::copyChart()
{
    if (data == nullptr)
        return;
    ChartPicture picture;
    picture.caption = caption;
    picture.choices[q->info().id] = q->choices();
    QApplication::clipboard()->setImage(drawCharts({{q->info(), *data}}, picture));
}

ChartWidget::ChartWidget(const ChartInfo &info, QWidget *parent)
    : QWidget(parent), d(std::make_unique<Private>(this, info))
{
    d->buildActions();
    d->buildSpreadMenu();
    d->buildHeader();
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    d->updateIcons();
    d->updateControls();
    d->canvas->setAccessibleName(tr("Chart: %1").arg(QString::fromStdString(info.title)));
    d->describe();
    connect(d->canvas, &ChartCanvas::viewChanged, this, [this] { d->updateControls(); });
    connect(d->canvas, &ChartCanvas::seriesToggled, this, [this] { d->updateControls(); });
    connect(d->canvas, &ChartCanvas::xRangeChanged, this, &ChartWidget::xRangeChanged);
    connect(d->canvas, &ChartCanvas::insetsChanged, this, &ChartWidget::insetsChanged);
    connect(d->canvas, &ChartCanvas::viewReset, this, &ChartWidget::viewReset);
}

ChartWidget::~ChartWidget() = default;

const ChartInfo &ChartWidget::info() const
{
    return d->canvas->drawing().info();
}

void ChartWidget::setData(const ChartData *data)
{
    d->data = data;
    d->canvas->drawing().setData(data);
    d->canvas->drawing().update();
    d->title->setText(QString::fromStdString(info().title));
    d->describe();
    d->updateControls();
    d->canvas->update();
}

const ChartData *ChartWidget::data() const
{
    return d->data;
}

void ChartWidget::refresh()
{
    if (!isVisible() || window()->isMinimized())
        return;
    if (d->canvas->drawing().update())
        d->canvas->update();
    d->updateControls();
    if (d->sinceDescribed.hasExpired(describeEvery))
        d->describe();
}

void ChartWidget::setEmptyText(const QString &text)
{
    d->canvas->setEmptyText(text);
}

const QString &ChartWidget::caption() const
{
    return d->caption;
}

void ChartWidget::setCaption(const QString &caption)
{
    d->caption = caption;
}

void ChartWidget::setBriefRemark(const std::optional<QString> &remark)
{
    d->briefRemark = remark;
    d->placeRemark();
}

void ChartWidget::setEnlarged(bool enlarged)
{
    d->enlarged = enlarged;
    d->updateIcons();
}

void ChartWidget::setFigure(const QString &title)
{
    for (QAction *action : {d->enlargeFigureAction, d->exportFigureAction}) {
        action->setVisible(true);
        action->setToolTip(plainTip(title));
    }
}

bool ChartWidget::logY() const
{
    return d->canvas->drawing().logY();
}

QString ChartWidget::whyNotLogY() const
{
    return ui::whyNotLogY(d->canvas->drawing());
}

void ChartWidget::setLogY(bool log)
{
    ChartDrawing &drawing = d->canvas->drawing();
    drawing.update();
    drawing.setLogY(log && whyNotLogY().isEmpty());
    drawing.view().left.reset();
    d->canvas->update();
    d->updateControls();
}

Spread ChartWidget::spread() const
{
    return d->canvas->drawing().spread();
}

void ChartWidget::setSpread(Spread spread)
{
    d->canvas->drawing().setSpread(spread);
    d->canvas->drawing().update();
    d->canvas->update();
    d->updateControls();
}

std::vector<std::string> ChartWidget::hiddenSeries() const
{
    std::vector<std::string> keys;
    for (const PlotSeries &series : d->canvas->drawing().series())
        if (series.hidden)
            keys.push_back(series.info().key);
    return keys;
}

ChartChoices ChartWidget::choices() const
{
    return d->canvas->drawing().choices();
}

bool ChartWidget::isChanged() const
{
    return !(choices() == d->canvas->drawing().standardChoices());
}

void ChartWidget::setSeriesHidden(const std::string &key, bool hidden)
{
    d->canvas->drawing().setHidden(key, hidden);
    d->canvas->update();
}

void ChartWidget::resetView()
{
    d->canvas->resetView();
}

bool ChartWidget::followsData() const
{
    return d->canvas->drawing().view().follows();
}

void ChartWidget::setXRange(double min, double max)
{
    d->canvas->setXRange(min, max);
}

void ChartWidget::alignPlots(const std::vector<ChartWidget *> &charts)
{
    ChartDrawing::Insets widest;
    for (const ChartWidget *chart : charts) {
        const ChartDrawing::Insets needed = chart->d->canvas->drawing().neededInsets();
        widest = {std::max(widest.left, needed.left), std::max(widest.right, needed.right)};
    }
    for (const ChartWidget *chart : charts)
        chart->d->canvas->setLeastInsets(widest);
}

void ChartWidget::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        d->updateIcons();
    QWidget::changeEvent(event);
}

void ChartWidget::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->updateSpread();
    d->placeRemark();
}

void ChartWidget::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    menu.setToolTipsVisible(true);
    menu.addAction(d->exportAction);
    menu.addAction(d->copyAction);
    menu.addAction(d->copyValuesAction);
    menu.addSeparator();
    menu.addActions({d->enlargeFigureAction, d->exportFigureAction});
    menu.addSeparator();
    menu.addAction(d->spreadMenu->menuAction());
    menu.addAction(d->logYAction);
    menu.addAction(d->logXAction);
    menu.addAction(d->resetAction);
    menu.exec(event->globalPos());
}

} // namespace losslab::ui
