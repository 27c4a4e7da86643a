#include "lab/experiment.h"
#include "runs/presetlibrary.h"
#include "ui/parameterfield.h"
#include "ui/parameterform.h"
#include "ui/text.h"

#include <QScopedValueRollback>
#include <QSettings>
#include <utility>

/// What is put into the form as a whole: a preset, a run's settings, what stood there before or the last
/// time.
namespace losslab::ui {

/// It is made when it has been done.
class ParameterForm::Change final : public QUndoCommand
{
public:
    Change(ParameterForm &form, State before) : m_form(form), m_before(std::move(before)) {}

    void undo() override
    {
        m_after = m_form.state();
        m_form.setState(m_before);
    }
    void redo() override
    {
        if (m_after)
            m_form.setState(*m_after);
    }

private:
    ParameterForm &m_form;
    State m_before;
    std::optional<State> m_after; ///< with what was typed since
};

ParameterForm::State ParameterForm::state() const
{
    State state{m_preset, {}};
    for (const ParameterField *field : m_fields)
        state.texts.push_back(field->text());
    return state;
}

void ParameterForm::setState(const State &state)
{
    const QScopedValueRollback replacing(m_isReplacing, true);
    m_preset = state.preset; // of a person's own, it may have been deleted since
    if (m_preset.isOwn() && !namedPreset(m_preset.name))
        m_preset = builtIn(m_experiment, m_preset.base);
    applyStandards();
    for (std::size_t i = 0; i < m_fields.size(); ++i)
        m_fields[i]->setText(state.texts[i]);
    m_settled = state;
    updateSummary();
    Q_EMIT changed();
}

/// What was typed or chosen is complete, and can be undone from now on. A field that is hidden while several
/// are replaced loses the focus, which completes nothing.
void ParameterForm::settle()
{
    if (m_isReplacing)
        return;
    State now = state();
    if (now == m_settled)
        return;
    m_history.push(new Change(*this, std::exchange(m_settled, std::move(now))));
    for (ParameterField *field : m_fields)
        field->forgetTyping();
}

/// Changes several fields in a way that can be undone.
void ParameterForm::replace(const QString &what, const std::function<void()> &by)
{
    settle();
    State before = state();
    std::vector<bool> typed;
    for (const ParameterField *field : m_fields)
        typed.push_back(field->isChanged());
    {
        const QScopedValueRollback replacing(m_isReplacing, true);
        by();
    }
    const State after = state();
    if (after == before)
        return;
    int lost = 0;
    for (std::size_t i = 0; i < m_fields.size(); ++i)
        lost += typed[i] && before.texts[i] != after.texts[i] ? 1 : 0;
    m_settled = after;
    m_history.push(new Change(*this, std::move(before)));
    if (lost > 0 && !what.isEmpty())
        Q_EMIT replaced(what, lost);
}

void ParameterForm::setPreset(const NamedPreset &preset)
{
    replace(tr("The preset"), [&] { applyPreset(preset); });
}

void ParameterForm::setPreset(Preset preset)
{
    setPreset(builtIn(m_experiment, preset));
}

void ParameterForm::compareWith(const NamedPreset &preset)
{
    replace({}, [&] {
        m_preset = preset;
        applyStandards();
    });
    Q_EMIT changed();
}

void ParameterForm::applyPreset(const NamedPreset &preset)
{
    m_preset = preset;
    applyStandards();
    for (ParameterField *field : m_fields)
        if (const std::string &key = field->info().key; m_experiment.findParameter(key) || m_preset.find(key))
            field->setValue(field->standard());
    updateSummary();
    Q_EMIT changed();
}

/// Where it is there still, and fits.
std::optional<NamedPreset> ParameterForm::namedPreset(const std::string &name) const
{
    for (NamedPreset &declared : builtInPresets(m_experiment))
        if (declared.isNamed() && declared.name == name)
            return std::move(declared);
    if (name.empty())
        return std::nullopt;
    const auto own = findOwnPreset(m_experiment.info().id, name);
    return own && own->misfit.empty() ? std::optional(own->preset) : std::nullopt;
}

void ParameterForm::reset()
{
    replace(tr("Reset"), [this] {
        for (ParameterField *field : m_fields)
            field->setValue(field->standard());
    });
}

void ParameterForm::setSpec(const RunSpec &spec, const QString &what)
{
    replace(what, [&] {
        applyPreset(namedPreset(spec.ownPreset).value_or(builtIn(m_experiment, spec.preset)));
        for (const auto &[key, value] : spec.parameters)
            if (ParameterField *known = field(key))
                known->setValue(value);
        field("seed")->setValue(static_cast<std::int64_t>(spec.seed));
        field("repeats")->setValue(static_cast<std::int64_t>(spec.repeats));
        if (ParameterField *data = field("data"))
            data->setValue(spec.data);
    });
}

QString ParameterForm::settingsKey(const QString &name) const
{
    return QStringLiteral("%1/%2").arg(fromText(m_experiment.info().id), name);
}

void ParameterForm::save(QSettings &settings) const
{
    settings.setValue(settingsKey(QStringLiteral("preset")),
                      fromText(std::string(presetName(m_preset.base))));
    settings.setValue(settingsKey(QStringLiteral("ownPreset")),
                      m_preset.isNamed() ? fromText(m_preset.name) : QString());
    for (const ParameterField *field : m_fields) {
        const QString key = settingsKey(fromText(field->info().key));
        if (field->isChanged()
            || m_preset.isNamed()) // which may be another one, or gone, when it is restored
            settings.setValue(key, field->text());
        else
            settings.remove(key);
    }
}

void ParameterForm::restore(const QSettings &settings)
{
    const auto named = [&](const char *key) {
        return settings.value(settingsKey(QString::fromLatin1(key))).toString().toStdString();
    };
    const Preset base = presetFromName(named("preset")).value_or(Preset::Report);
    applyPreset(namedPreset(named("ownPreset")).value_or(builtIn(m_experiment, base)));
    for (ParameterField *field : m_fields) {
        const QVariant text = settings.value(settingsKey(fromText(field->info().key)));
        if (text.isValid())
            field->setText(text.toString());
    }
    m_settled = state();
}

} // namespace losslab::ui
