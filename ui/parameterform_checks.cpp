#include "data/dataset.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/memory.h"
#include "lab/runspec.h"
#include "ui/parameterfield.h"
#include "ui/parameterform.h"
#include "ui/text.h"

#include <utility>

/// The form's side that asks the experiment what goes together.
namespace losslab::ui {

/// The parameters as a run with them keeps them, however they were written.
std::vector<std::pair<std::string, Value>> ParameterForm::oneNameEach(RunSpec spec) const
{
    const auto experiment = makeExperiment(m_experiment.info().id); // the form's own keeps its values
    if (experiment)
        (*experiment)->setImages(m_experiment.images());
    if (experiment && applyParameters(spec, **experiment))
        takeParameters(**experiment, spec);
    return std::move(spec.parameters);
}

/// Of the fields that count only with some values of others: also while what these say is not taken.
void ParameterForm::showWhatApplies()
{
    RunSpec typed;
    for (const ParameterField *field : m_fields)
        typed.parameters.emplace_back(field->info().key, field->text().toStdString());
    for (ParameterField *field : m_fields)
        field->setApplies(applies(field->info(), typed, m_experiment));
}

/// Has experiment and fields count with the images of the data set chosen.
void ParameterForm::takeImages()
{
    const ParameterField *data = field("data");
    const std::optional<Value> chosen =
        data && m_experiment.needsImages(spec()) ? data->value() : std::nullopt;
    m_dataProblem.clear();
    if (!chosen)
        return;
    const Result<ImageSurvey> images = surveyDataset(std::get<std::string>(*chosen));
    if (!images) {
        m_dataProblem = fromText(images.error().message);
        return;
    }
    m_experiment.setImages(*images);
    if (std::exchange(m_images, *images) == *images)
        return;
    for (ParameterField *field : m_fields)
        field->setImages(*images);
}

/// Values that are each well may not go together; the field concerned says so.
void ParameterForm::checkTogether()
{
    for (ParameterField *field : m_fields)
        field->setConflict({});
    if (!m_dataProblem.isEmpty())
        return field("data")->setConflict(m_dataProblem);
    for (const ParameterField *field : m_fields) {
        const std::optional<Value> value = field->value();
        Parameter *parameter = m_experiment.findParameter(field->info().key);
        if (!value)
            return;
        if (parameter)
            (void)parameter->set(*value);
    }
    auto conflict = m_experiment.conflict();
    if (!conflict)
        conflict = memoryConflict(
            m_experiment,
            memoryBudget() - (m_experiment.needsImages() ? datasetBytes(m_experiment.images()) : 0));
    if (conflict)
        field(conflict->parameter)->setConflict(fromText(conflict->message));
}

} // namespace losslab::ui
