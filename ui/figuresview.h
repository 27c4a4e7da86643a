#pragma once

#include "lab/figure.h"
#include "lab/runspec.h"
#include "ui/copytable.h"

#include <QAbstractTableModel>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace losslab {
class Experiment;
class RunData;
struct FigureInfo;
struct Published;
} // namespace losslab

namespace losslab::ui {

/// Final figures: a row a model, a column a figure. A cell gives the published value beside the program's
/// own, and tells the distance between them when it is pointed at or read out. Rows keep their order, whoever
/// comes first.
class FiguresModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// What stands beside the value: "published 98.72 %".
    static constexpr int PublishedRole = Qt::UserRole;

    explicit FiguresModel(const Experiment &experiment, QObject *parent = nullptr);

    void setFigures(const RunSpec &spec, const RunData &data);
    /// A column for the models, then for each figure its value, with `full` numbers its standard deviation,
    /// or its minimum and maximum, in columns of their own, and the published value; last the remarks.
    /// Columns without anything are left out.
    TableText table(bool full) const;
    /// Whether there is more to a model's name than that it is one.
    bool namesModels() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Cell
    {
        QString value;           ///< as shown
        QString number;          ///< in full
        QString deviation;       ///< in full, beside a mean
        QString least;           ///< in full, beside a median
        QString greatest;        ///< in full, beside a median
        QString published;       ///< as given
        QString publishedNumber; ///< in full
        QString distance;
        QString unlike; ///< in what the run differs from what the published value was found with
        bool operator==(const Cell &) const = default;
    };

    Cell cell(const std::string &model, const FigureInfo &figure, const RunSpec &spec,
              const RunData &data) const;
    std::set<std::string> modelsOf(const RunSpec &spec) const;
    std::vector<std::string> models(const RunSpec &spec, const RunData &data);
    bool hasRemarks() const;

    const Experiment &m_experiment;
    std::vector<std::pair<std::string, Value>> m_parameters; ///< of the run that is shown
    std::set<std::string> m_planned;                         ///< its models
    std::vector<QString> m_labels;                           ///< of the models
    std::vector<QString> m_remarks;         ///< in brief: what went wrong with each; mostly empty
    std::vector<std::vector<Cell>> m_cells; ///< by model, by figure
};

/// Shows a FiguresModel.
class FiguresView : public CopyTable
{
    Q_OBJECT

public:
    explicit FiguresView(const Experiment &experiment, QWidget *parent = nullptr);

    void setFigures(const RunSpec &spec, const RunData &data);
    /// Of the heading and so many rows, or all where there are fewer, and the scroll bar where it needs one.
    int heightOf(int mostRows) const;

    TableText values() const override;
    TableText shownTexts() const override;

private:
    FiguresModel *m_model;
};

/// How far a value is from what the literature gives: "within", "equal", "−0.11 points", "+0.0025"; empty
/// where there is no value yet.
QString distanceText(const Published &published, Format format, double value);

} // namespace losslab::ui
