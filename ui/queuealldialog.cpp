#include "ui/queuealldialog.h"

#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/namedpreset.h"
#include "ui/plainlabel.h"
#include "ui/smalldialog.h"
#include "ui/text.h"

#include <QComboBox>
#include <QStringList>
#include <algorithm>

namespace losslab::ui {

namespace {

bool isOffered(Preset preset)
{
    const auto all = registry();
    return std::any_of(all.begin(), all.end(),
                       [preset](const ExperimentFactory make) { return make()->offers(preset); });
}

} // namespace

QueueAllDialog::QueueAllDialog(QWidget *parent)
    : QDialog(parent), m_preset(new QComboBox(this)), m_note(new PlainLabel(this))
{
    setWindowTitle(tr("Queue all experiments"));
    setObjectName(QStringLiteral("queueAllDialog"));
    m_preset->setObjectName(QStringLiteral("queueAllPreset"));
    giveRoom(*m_preset);
    for (const Preset preset : allPresets)
        if (isOffered(preset))
            m_preset->addItem(fromText(NamedPreset{std::string(presetName(preset)), preset}.title()),
                              static_cast<int>(preset));
    m_note->setObjectName(QStringLiteral("queueAllNote"));
    m_note->setMinimumHeight(3 * m_note->fontMetrics().lineSpacing());
    m_note->setAlignment(Qt::AlignTop);
    connect(m_preset, &QComboBox::currentIndexChanged, this, &QueueAllDialog::update);
    layOutSmall(*this, tr("&Preset"), *m_preset, *m_note, tr("&Add %1 runs").arg(registry().size()), 52);
    update();
}

std::vector<RunSpec> QueueAllDialog::specs() const
{
    std::vector<RunSpec> specs;
    for (const ExperimentFactory make : registry())
        specs.push_back(makeSpec(*make(), static_cast<Preset>(m_preset->currentData().toInt())));
    return specs;
}

void QueueAllDialog::update()
{
    const auto preset = static_cast<Preset>(m_preset->currentData().toInt());
    QStringList others;
    for (const ExperimentFactory make : registry())
        if (const auto experiment = make(); !experiment->offers(preset))
            others << fromText(experiment->info().title);
    const QString what =
        tr("Each with the seeds and the data set of the preset, on the device chosen in the window.");
    m_note->setText(others.isEmpty() ? what
                                     : tr("%1 These have no such preset, and take their report preset: %2.")
                                           .arg(what, others.join(QStringLiteral(", "))));
}

} // namespace losslab::ui
