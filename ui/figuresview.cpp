#include "ui/figuresview.h"

#include "base/numbertext.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/rundata.h"
#include "lab/valuetext.h"
#include "runs/published.h"
#include "ui/briefremarks.h"
#include "ui/charts/chartaxis.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QAction>
#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

/// The value, and after it the published one, small and muted.
class FigureDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QFontMetrics metrics(option.font);
        const QFontMetrics small(smallFont(option.font));
        return {metrics.horizontalAdvance(valueOf(index)) + gridStep
                    + small.horizontalAdvance(publishedOf(index)) + 2 * gridStep,
                metrics.height()};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QRect area = option.rect.adjusted(gridStep, 0, -gridStep, 0);
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, option.palette.color(QPalette::AlternateBase));
        painter->setPen(option.palette.color(QPalette::Text));
        painter->setFont(option.font);
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, valueOf(index));
        area.setLeft(area.left() + QFontMetrics(option.font).horizontalAdvance(valueOf(index)) + gridStep);
        painter->setFont(smallFont(option.font));
        painter->setPen(ThemeColors::current().muted);
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, publishedOf(index));
        painter->restore();
    }

private:
    static QString valueOf(const QModelIndex &index) { return index.data().toString(); }
    static QString publishedOf(const QModelIndex &index)
    {
        return index.data(FiguresModel::PublishedRole).toString();
    }
    static QFont smallFont(QFont font)
    {
        font.setPointSizeF(font.pointSizeF() * 0.9);
        return font;
    }
};

/// In percentage points where the figure is shown in per cent.
QString differenceText(double difference, Format format)
{
    QString text = valueText(std::abs(difference), format);
    if (format == Format::Percent)
        text = FiguresModel::tr("%1 points").arg(text.chopped(2));
    return (difference < 0 ? QStringLiteral("−") : QStringLiteral("+")) + text;
}

} // namespace

QString distanceText(const Published &published, Format format, double value)
{
    const double high = published.upTo.value_or(published.value);
    if (std::isnan(value))
        return {};
    if (value >= published.value && value <= high)
        return published.upTo ? FiguresModel::tr("within") : FiguresModel::tr("equal");
    return differenceText(value > high ? value - high : value - published.value, format);
}

FiguresModel::FiguresModel(const Experiment &experiment, QObject *parent)
    : QAbstractTableModel(parent), m_experiment(experiment)
{}

/// Those that a run with these settings has; empty where it cannot be told.
std::set<std::string> FiguresModel::modelsOf(const RunSpec &spec) const
{
    std::set<std::string> models;
    const auto experiment = makeExperiment(spec.experiment);
    if (experiment && applyParameters(spec, **experiment))
        for (const auto &[name, bytes] : (*experiment)->memoryNeed().models)
            models.insert(name);
    return models;
}

/// Those that the literature names, in its order, then whatever else has figures. One that this run does not
/// train is left out; one that was stopped before its figures is not.
std::vector<std::string> FiguresModel::models(const RunSpec &spec, const RunData &data)
{
    if (spec.parameters != m_parameters) {
        m_parameters = spec.parameters;
        m_planned = modelsOf(spec);
    }
    std::vector<std::string> models;
    const auto add = [&](const std::string &model) {
        if (std::find(models.begin(), models.end(), model) == models.end())
            models.push_back(model);
    };
    const auto isTrained = [&](const std::string &model) {
        if (data.figures().empty())
            return false; // why there are none is said instead
        const auto &charts = data.charts();
        return std::any_of(data.figures().begin(), data.figures().end(),
                           [&](const FigureData &figure) { return figure.model == model; })
               || std::any_of(charts.begin(), charts.end(),
                              [&](const ChartData &chart) { return chart.find(model) != nullptr; });
    };
    for (const Figure *figure : m_experiment.figures())
        for (const Published &published : figure->info().published)
            if (isEnded(data.state()) ? isTrained(published.model)
                                      : m_planned.empty() || m_planned.contains(published.model))
                add(published.model);
    for (const FigureData &figure : data.figures())
        add(figure.model);
    return models;
}

FiguresModel::Cell FiguresModel::cell(const std::string &model, const FigureInfo &figure, const RunSpec &spec,
                                      const RunData &data) const
{
    Cell cell;
    const FigureData *found = data.findFigure(model, figure.key);
    const Summary summary = found ? found->summary() : summaryOf({});
    const bool byMean = m_experiment.spread(spec) == Spread::Mean;
    const double centre = byMean ? summary.mean : summary.median;
    const auto text = [&figure](double value) { return figureText(value, figure.format); };
    cell.value =
        found ? fromNumbers(summaryText(summary, m_experiment.spread(spec), text)) : QStringLiteral("–");
    if (found)
        cell.number = fromText(numberText(centre));
    if (byMean && summary.deviation > 0)
        cell.deviation = fromText(numberText(summary.deviation));
    if (!byMean && summary.least < summary.greatest) {
        cell.least = fromText(numberText(summary.least));
        cell.greatest = fromText(numberText(summary.greatest));
    }
    const std::string converged = data.remarks().convergence(model);
    const bool counted = figure.format == Format::Epochs && !converged.empty();
    if (counted) {
        cell.value = cell.number = fromText(converged);
        cell.deviation.clear();
        cell.least.clear();
        cell.greatest.clear();
    }
    const PublishedFor published = publishedFor(m_experiment, spec, figure.key, model);
    if (published.value && !published.holds())
        cell.unlike = fromText(published.unlike);
    if (published.holds()) {
        cell.published = fromNumbers(publishedText(*published.value, figure.format));
        cell.publishedNumber = fromText(numberText(published.value->value));
        if (published.value->upTo)
            cell.publishedNumber += QStringLiteral("–") + fromText(numberText(*published.value->upTo));
        if (!counted)
            cell.distance = distanceText(*published.value, figure.format, centre);
    }
    return cell;
}

void FiguresModel::setFigures(const RunSpec &spec, const RunData &data)
{
    const std::vector<std::string> names = models(spec, data);
    std::vector<QString> labels;
    std::vector<QString> remarks;
    std::vector<std::vector<Cell>> cells;
    for (const std::string &model : names) {
        labels.push_back(fromText(data.modelLabel(model)));
        remarks.push_back(briefRemark(data, model));
        cells.emplace_back();
        for (const Figure *figure : m_experiment.figures())
            cells.back().push_back(cell(model, figure->info(), spec, data));
    }
    if (labels == m_labels && remarks == m_remarks && cells == m_cells)
        return;
    beginResetModel();
    m_labels = std::move(labels);
    m_remarks = std::move(remarks);
    m_cells = std::move(cells);
    endResetModel();
}

TableText FiguresModel::table(bool full) const
{
    TableText table{{tr("Model")}, {}};
    for (const QString &label : m_labels)
        table.rows << QStringList{label};
    const auto column = [&](const QString &heading, std::size_t figure, QString Cell::*text) {
        const auto isEmpty = [&](const auto &cells) { return (cells[figure].*text).isEmpty(); };
        if (std::all_of(m_cells.begin(), m_cells.end(), isEmpty))
            return;
        table.heading << heading;
        for (std::size_t row = 0; row < m_labels.size(); ++row)
            table.rows[static_cast<qsizetype>(row)] << m_cells[row][figure].*text;
    };
    for (std::size_t figure = 0; figure < m_experiment.figures().size(); ++figure) {
        const QString label = fromText(m_experiment.figures()[figure]->info().label);
        column(label, figure, full ? &Cell::number : &Cell::value);
        if (full) {
            column(tr("%1, standard deviation").arg(label), figure, &Cell::deviation);
            column(tr("%1, minimum").arg(label), figure, &Cell::least);
            column(tr("%1, maximum").arg(label), figure, &Cell::greatest);
        }
        column(tr("%1, published").arg(label), figure, full ? &Cell::publishedNumber : &Cell::published);
    }
    if (hasRemarks()) {
        table.heading << tr("Remark");
        for (std::size_t row = 0; row < m_remarks.size(); ++row)
            table.rows[static_cast<qsizetype>(row)] << m_remarks[row];
    }
    return table;
}

int FiguresModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_labels.size());
}

int FiguresModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_experiment.figures().size()) + (hasRemarks() ? 1 : 0);
}

bool FiguresModel::namesModels() const
{
    return m_labels.size() > 1 || (m_labels.size() == 1 && m_labels.front() != QLatin1String("model"));
}

bool FiguresModel::hasRemarks() const
{
    return std::any_of(m_remarks.begin(), m_remarks.end(),
                       [](const QString &remark) { return !remark.isEmpty(); });
}

QVariant FiguresModel::data(const QModelIndex &index, int role) const
{
    const auto row = static_cast<std::size_t>(index.row()), column = static_cast<std::size_t>(index.column());
    if (column == m_experiment.figures().size())
        return role == Qt::DisplayRole ? m_remarks[row] : QVariant();
    const Cell &cell = m_cells[row][column];
    switch (role) {
    case Qt::DisplayRole:
        return cell.value;
    case PublishedRole:
        return cell.published.isEmpty() ? QString() : tr("published %1").arg(cell.published);
    case Qt::ToolTipRole:
        return plainTip(data(index, Qt::AccessibleTextRole).toString());
    case Qt::AccessibleTextRole: {
        QStringList parts{cell.value, data(index, PublishedRole).toString(), cell.distance, cell.unlike};
        parts.removeAll(QString());
        return parts.join(QStringLiteral(", "));
    }
    default:
        return {};
    }
}

QVariant FiguresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return m_labels[at];
    return at < m_experiment.figures().size() ? fromText(m_experiment.figures()[at]->info().label)
                                              : tr("Remark");
}

FiguresView::FiguresView(const Experiment &experiment, QWidget *parent)
    : CopyTable(parent), m_model(new FiguresModel(experiment, this))
{
    setObjectName(QStringLiteral("figures"));
    setAccessibleName(tr("Results"));
    copyAction()->setToolTip(tr("Copy the results for a spreadsheet (Ctrl+C)"));
    exportAction()->setText(tr("&Export results…"));
    exportAction()->setToolTip(tr("Save the results as CSV, Markdown or LaTeX"));
    setModel(m_model);
    setItemDelegate(new FigureDelegate(this));
    setShowGrid(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setFixedHeight(fontMetrics().height() + 4);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed); // three rows on a small screen
    verticalHeader()->setMinimumSectionSize(1);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 2);
    verticalHeader()->setHighlightSections(false);
}

void FiguresView::setFigures(const RunSpec &spec, const RunData &data)
{
    m_model->setFigures(spec, data);
    verticalHeader()->setVisible(m_model->namesModels());
    setCopyable(!data.figures().empty());
}

int FiguresView::heightOf(int mostRows) const
{
    const int rows = std::clamp(m_model->rowCount(), 1, mostRows);
    const bool scrolls = horizontalHeader()->length() > viewport()->width();
    return horizontalHeader()->height() + rows * verticalHeader()->defaultSectionSize()
           + (scrolls ? horizontalScrollBar()->sizeHint().height() : 0);
}

TableText FiguresView::values() const
{
    return m_model->table(true);
}

TableText FiguresView::shownTexts() const
{
    return m_model->table(false);
}

} // namespace losslab::ui
