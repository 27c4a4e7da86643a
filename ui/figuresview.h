#pragma once

#include "lab/chart.h"
#include "lab/runspec.h"

#include <QAbstractTableModel>
#include <QTableView>

namespace losslab {
class Experiment;
class RunData;
struct FigureInfo;
struct Published;
} // namespace losslab

namespace losslab::ui {

/// Final figures: a row a model, a column a figure. A cell's second line gives the published value and the
/// distance to it; before a model has come to its end, the published value stands alone.
class FiguresModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// What stands in a cell's second line.
    static constexpr int PublishedRole = Qt::UserRole;

    explicit FiguresModel(const Experiment &experiment, QObject *parent = nullptr);

    void setFigures(const RunSpec &spec, const RunData &data);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Cell
    {
        QString value;
        QString published;
        bool operator==(const Cell &) const = default;
    };

    Cell cell(const std::string &model, const FigureInfo &figure, const RunSpec &spec,
              const RunData &data) const;
    std::vector<std::string> models(const RunData &data) const;

    const Experiment &m_experiment;
    std::vector<std::string> m_models;
    std::vector<std::vector<Cell>> m_cells; ///< by model, by figure
};

/// Shows a FiguresModel in two-line cells.
class FiguresView : public QTableView
{
    Q_OBJECT

public:
    explicit FiguresView(const Experiment &experiment, QWidget *parent = nullptr);

    void setFigures(const RunSpec &spec, const RunData &data);

private:
    FiguresModel *m_model;
};

/// "published 1,650–1,750, within" or "published 98.72 %, −0.11": how far a value is from what the literature
/// gives.
QString publishedText(const Published &published, Format format, double value);

/// How a model is called in the charts' legends, where those agree; else its key.
QString modelLabel(const Experiment &experiment, const std::string &model);

} // namespace losslab::ui
