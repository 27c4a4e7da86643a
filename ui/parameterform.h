#pragma once

#include "lab/imagesurvey.h"
#include "lab/namedpreset.h"

#include <QUndoStack>
#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

class QGridLayout;
class QPushButton;
class QSettings;

namespace losslab {
class Experiment;
}

namespace losslab::ui {

class ElidedLabel;
class ParameterField;

/// The settings of an experiment, made from its declaration: its parameters in their groups, then repeats,
/// seed, cores and data set.
class ParameterForm : public QWidget
{
    Q_OBJECT

public:
    /// The experiment, which must outlive the form, is asked whether the values go together.
    explicit ParameterForm(Experiment &experiment, QWidget *parent = nullptr);
    ~ParameterForm() override;

    const NamedPreset &preset() const { return m_preset; }
    /// Changes the preset and sets every parameter to it; of seed, repeats and the like, what it says.
    void setPreset(const NamedPreset &preset);
    void setPreset(Preset preset);
    /// The settings stay as they are; what differs from this one counts as changed.
    void compareWith(const NamedPreset &preset);
    /// Everything as in the preset, seed, repeats and the like as well.
    void reset();

    /// What the form says, with Device::Auto. Fields that are wrong count as the preset has them.
    RunSpec spec() const;
    /// `what`: whose settings they are, for replaced().
    void setSpec(const RunSpec &spec, const QString &what = {});
    /// Whether it asks for the run that was made so: the same parameters, data set and seeds. What a run's
    /// figures do not depend on (its preset's name, cores) may differ.
    bool agreesWith(const RunSpec &spec) const;
    /// Looks again at what may have changed outside the form: which data sets are there.
    void refresh();
    /// Which field is wrong and what it takes; empty where the form can run.
    QString problem() const;
    int changedCount() const;
    const std::vector<ParameterField *> &fields() const { return m_fields; }
    /// Takes back, change by change, what was typed or chosen, and what replaced several settings at once: a
    /// preset, a reset, a run's settings.
    QUndoStack &history() { return m_history; }

    /// Keeps and brings back what differs from the preset.
    void save(QSettings &settings) const;
    void restore(const QSettings &settings);

Q_SIGNALS:
    void changed();
    /// Settings that a person had changed are no longer as they were; history() has them.
    void replaced(const QString &what, int settings);

private:
    /// Everything that stands in it, as typed.
    struct State
    {
        NamedPreset preset;
        std::vector<QString> texts; ///< by field
        bool operator==(const State &) const = default;
    };
    class Change;

    State state() const;
    void setState(const State &state);
    void settle();
    void replace(const QString &what, const std::function<void()> &by);
    void applyPreset(const NamedPreset &preset);
    std::optional<NamedPreset> namedPreset(const std::string &name) const;
    const Value &standardOf(const ParameterField &field) const;
    void orderTabs();
    QWidget *makeHeader();
    QWidget *makeFields();
    ParameterField *addField(QGridLayout &grid, ParameterInfo info);
    ParameterField *field(const std::string &key) const;
    QString settingsKey(const QString &name) const;
    void showWhatApplies();
    void takeImages();
    void checkTogether();
    std::vector<std::pair<std::string, Value>> oneNameEach(RunSpec spec) const;
    void applyStandards();
    void updateSummary();

    Experiment &m_experiment;
    NamedPreset m_preset;
    std::vector<ParameterField *> m_fields;
    ElidedLabel *m_summary;
    QPushButton *m_resetAll;
    QString m_group;
    QUndoStack m_history;
    bool m_isReplacing = false;         ///< several fields, in one step
    ImageSurvey m_images = usualImages; ///< that the fields count with
    QString m_dataProblem;              ///< why nothing can be trained on the data set
    State m_settled;                    ///< what the history leads to: without what is still being typed
};

} // namespace losslab::ui
