#pragma once

#include "lab/event.h"

#include <QListWidget>
#include <map>

namespace losslab {
class Experiment;
}

namespace losslab::ui {

/// The experiments in the homework's parts, each with the state of its run.
class ExperimentList : public QListWidget
{
    Q_OBJECT

public:
    explicit ExperimentList(QWidget *parent = nullptr);

    void addExperiment(const Experiment &experiment);
    /// Shows how an experiment's run stands; done: 0 … 1, of a run that is going on.
    void setRunState(const std::string &id, RunState state, double done);

    void select(const std::string &id);
    void selectNumber(int number); ///< from 0, in the order shown
    std::string selected() const;

    /// As wide as the names, within reason.
    QSize sizeHint() const override;

Q_SIGNALS:
    void experimentSelected(const std::string &id);

private:
    QString m_lastPart;
    std::map<std::string, QListWidgetItem *> m_items;
    std::vector<QListWidgetItem *> m_order;
};

} // namespace losslab::ui
