#include "lab/experiment.h"
#include "ui/banner.h"
#include "ui/experimentpanel.h"
#include "ui/parameterform.h"
#include "ui/runlibrary.h"
#include "ui/text.h"

/// How a run comes into the panel: started, gone on with, or read.
namespace losslab::ui {

void ExperimentPanel::start(Device device)
{
    RunSpec spec = m_form->spec();
    spec.device = device;
    (void)start(spec);
}

Result<void> ExperimentPanel::start(const RunSpec &spec)
{
    m_banner->hide();
    m_loadedNewest = true;
    const Result<void> started = m_controller->start(spec);
    if (!started)
        m_banner->showMessage(Banner::Kind::Error,
                              tr("The run could not start. %1").arg(fromText(started.error().message)));
    return started;
}

void ExperimentPanel::continueRun(const std::filesystem::path &folder, std::function<void(Result<void>)> told)
{
    m_banner->hide();
    m_loadedNewest = true;
    m_controller->continueRun(folder, std::move(told));
}

void ExperimentPanel::goOn(std::int64_t moreEpochs)
{
    m_banner->hide();
    m_loadedNewest = true;
    m_formFollows = m_form->agreesWith(m_controller->leftSpec());
    m_controller->goOn(moreEpochs);
}

void ExperimentPanel::loadNewestRun()
{
    if (m_loadedNewest)
        return;
    m_loadedNewest = true;
    readNewestRun(m_experiment->info().id, this, [this](NewestRun newest) {
        if (m_controller->hasRun())
            return;
        if (newest.run)
            m_controller->show(std::move(*newest.run));
        showLeftOut(newest.leftOut);
    });
}

/// Runs that cannot be read: the first in the banner, all in the log.
void ExperimentPanel::showLeftOut(const std::vector<std::string> &sentences)
{
    if (sentences.empty())
        return;
    m_controller->warn(sentences);
    const int others = static_cast<int>(sentences.size()) - 1;
    QString text = tr("A newer run could not be read. %1").arg(fromText(sentences.front()));
    if (others > 0)
        text += QLatin1Char(' ') + tr("%n more cannot be read either; the log has them.", nullptr, others);
    m_banner->showMessage(Banner::Kind::Info, text, tr("Show log"), [this] { showLog(); });
}

void ExperimentPanel::open(RunRecord record)
{
    m_loadedNewest = true;
    m_controller->show(std::move(record));
    m_form->setSpec(m_controller->spec(), tr("The run's settings"));
}

} // namespace losslab::ui
