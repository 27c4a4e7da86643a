#include "data/dataset.h"
#include "lab/experiment.h"
#include "runs/presetlibrary.h"
#include "ui/banner.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/presetbox.h"
#include "ui/presetdialog.h"
#include "ui/queuecontroller.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QEvent>
#include <QFileDialog>
#include <QUrl>

/// What the window does with a person's own presets.
namespace losslab::ui {

namespace {

QString filter()
{
    return MainWindow::tr("Presets of LossLab (*%1)").arg(fromText(std::string(presetSuffix)));
}

} // namespace

/// They may have been changed by a command or another window.
void MainWindow::refreshPresets()
{
    OwnPresets own = ownPresets(currentPanel().experiment().info().id);
    m_presets = std::move(own.presets);
    m_actions->presets().setPresets(currentPanel().experiment(), m_presets);
    m_actions->setPreset(currentPanel().form().preset());
    Banner &banner = currentPanel().banner();
    for (const std::string &sentence : own.unreadable)
        if (!banner.isVisible() && m_toldUnreadable.insert(sentence).second)
            banner.showMessage(Banner::Kind::Info, fromText(sentence));
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow()) {
        refreshPresets();
        m_queue->refresh();
    }
}

void MainWindow::choosePreset(const QString &name)
{
    ParameterForm &form = currentPanel().form();
    for (const NamedPreset &preset : builtInPresets(currentPanel().experiment()))
        if (name == fromText(preset.name))
            return form.setPreset(preset);
    const auto own = findOwnPreset(currentPanel().experiment().info().id, name.toStdString());
    const auto settings = own ? settingsOf(*own) : tl::unexpected(own.error());
    if (settings)
        return form.setPreset(*settings);
    refreshPresets(); // the one before is still chosen
    const QString text = tr("%1 Nothing was changed.").arg(fromText(settings.error().message));
    if (!own)
        return currentPanel().tellOfSettings(Banner::Kind::Error, text);
    currentPanel().tellOfSettings(Banner::Kind::Error, text, tr("Delete preset"),
                                  [this, name] { deletePreset(name.toStdString()); });
}

void MainWindow::askPresetName()
{
    ExperimentPanel &panel = currentPanel();
    if (const QString wrong = panel.form().problem(); !wrong.isEmpty())
        return panel.tellOfSettings(Banner::Kind::Error,
                                    tr("A preset cannot be saved while a setting is wrong. %1").arg(wrong));
    const auto own = makePreset("preset", panel.form().spec());
    if (!own)
        return panel.tellOfSettings(Banner::Kind::Error, fromText(own.error().message));
    refreshPresets();
    const NamedPreset &chosen = panel.form().preset();
    const Value *data = own->preset.find("data");
    auto *dialog = new PresetDialog(
        namesOf(m_presets), chosen.isOwn() ? chosen.name : std::string(),
        data && isFolder(toText(*data))
            ? tr("The data set is a folder of this machine: elsewhere the preset needs the same folder.")
            : QString(),
        this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, saved = *own] {
        OwnPreset named = saved;
        named.preset.name = dialog->name();
        savePreset(named);
    });
    dialog->open();
}

void MainWindow::savePreset(const OwnPreset &preset)
{
    const auto kept = losslab::savePreset(preset);
    if (!kept)
        return currentPanel().banner().showMessage(
            Banner::Kind::Error, tr("The preset was not saved. %1").arg(fromText(kept.error().message)));
    refreshPresets();
    currentPanel().form().setPreset(kept->preset);
    tellDone(tr("Saved the preset “%1”.").arg(fromText(kept->preset.name)));
}

/// At once, and it can be taken back. `name`: a copy, since the form's own may change.
void MainWindow::deletePreset(std::string name)
{
    ExperimentPanel &panel = currentPanel();
    const auto removed = removePreset(panel.experiment().info().id, name);
    if (!removed)
        return panel.banner().showMessage(Banner::Kind::Error, fromText(removed.error().message));
    const bool wasChosen = panel.form().preset().name == name;
    if (wasChosen)
        panel.form().compareWith(builtIn(panel.experiment(), panel.form().preset().base));
    refreshPresets();
    panel.banner().showMessage(Banner::Kind::Info, tr("Deleted the preset “%1”.").arg(fromText(name)),
                               tr("Undo"),
                               [this, preset = *removed, wasChosen] { undeletePreset(preset, wasChosen); });
}

/// As it was, with its file's own contents where they did not fit.
void MainWindow::undeletePreset(const OwnPreset &preset, bool wasChosen)
{
    const auto kept = losslab::savePreset(preset);
    if (!kept)
        return currentPanel().banner().showMessage(Banner::Kind::Error, fromText(kept.error().message));
    currentPanel().banner().hide();
    refreshPresets();
    if (wasChosen && preset.misfit.empty())
        currentPanel().form().compareWith(preset.preset);
}

void MainWindow::exportPreset()
{
    const NamedPreset &chosen = currentPanel().form().preset();
    const auto own = findOwnPreset(currentPanel().experiment().info().id, chosen.name);
    if (!own)
        return currentPanel().banner().showMessage(Banner::Kind::Error, fromText(own.error().message));
    auto *dialog = new QFileDialog(this, tr("Export preset"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(filter());
    dialog->setDefaultSuffix(fromText(std::string(presetSuffix.substr(1))));
    dialog->selectFile(fromPath(presetFileName(own->preset.name)));
    connect(dialog, &QFileDialog::fileSelected, this, [this, preset = *own](const QString &file) {
        if (const auto written = losslab::exportPreset(toPath(file), preset); !written)
            return currentPanel().banner().showMessage(
                Banner::Kind::Error, tr("Export failed. %1").arg(fromText(written.error().message)));
        tellDone(tr("Exported %1.").arg(fromPath(toPath(file).filename())), tr("Open folder"),
                 QUrl::fromLocalFile(fromPath(toPath(file).parent_path())));
    });
    dialog->open();
}

void MainWindow::choosePresetFile()
{
    auto *dialog = new QFileDialog(this, tr("Open preset file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(filter());
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &file) { openPreset(toPath(file)); });
    dialog->open();
}

void MainWindow::openPreset(const std::filesystem::path &file)
{
    const auto read = readPreset(file);
    const auto own = read ? addPreset(*read) : read;
    if (!own)
        return currentPanel().banner().showMessage(
            Banner::Kind::Error, tr("%1 Nothing was changed.").arg(fromText(own.error().message)));
    select(own->experiment);
    refreshPresets();
    currentPanel().form().setPreset(own->preset);
    tellDone(own->preset.name == read->preset.name
                 ? tr("Opened the preset “%1”.").arg(fromText(own->preset.name))
                 : tr("You have another preset “%1”: this one is now “%2”.")
                       .arg(fromText(read->preset.name), fromText(own->preset.name)));
}

void MainWindow::open(const std::filesystem::path &path)
{
    if (path.extension() == presetSuffix)
        openPreset(path);
    else
        openRun(path);
}

} // namespace losslab::ui
