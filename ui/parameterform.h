#pragma once

#include "lab/runspec.h"

#include <QWidget>
#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;
class QSettings;

namespace losslab {
class Experiment;
}

namespace losslab::ui {

class ParameterField;

/// The settings of an experiment, made from its declaration: its parameters in their groups, then repeats,
/// seed, cores and data set.
class ParameterForm : public QWidget
{
    Q_OBJECT

public:
    /// The experiment, which must outlive the form, is asked whether the values go together.
    explicit ParameterForm(Experiment &experiment, QWidget *parent = nullptr);

    Preset preset() const { return m_preset; }
    /// Changes the preset and sets every parameter to it; seed, repeats and the like stay.
    void setPreset(Preset preset);
    /// Everything as in the preset, seed, repeats and the like as well.
    void reset();

    /// What the form says, with Device::Auto. Fields that are wrong count as the preset has them.
    RunSpec spec() const;
    void setSpec(const RunSpec &spec);
    /// Looks again at what may have changed outside the form: which data sets are there.
    void refresh();
    /// Which field is wrong and what it takes; empty where the form can run.
    QString problem() const;
    int changedCount() const;
    const std::vector<ParameterField *> &fields() const { return m_fields; }

    /// Keeps and brings back what differs from the preset.
    void save(QSettings &settings) const;
    void restore(const QSettings &settings);

Q_SIGNALS:
    void changed();

private:
    QWidget *makeHeader();
    QWidget *makeFields();
    ParameterField *addField(QGridLayout &grid, ParameterInfo info);
    ParameterField *field(const std::string &key) const;
    QString settingsKey(const QString &name) const;
    void checkTogether();
    void applyStandards();
    void updateSummary();

    Experiment &m_experiment;
    Preset m_preset = Preset::Report;
    std::vector<ParameterField *> m_fields;
    QLabel *m_summary;
    QPushButton *m_resetAll;
    QString m_group;
};

} // namespace losslab::ui
