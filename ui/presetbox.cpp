#include "ui/presetbox.h"

#include "lab/experiment.h"
#include "runs/presetfile.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QAbstractItemView>
#include <QStandardItemModel>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <algorithm>

namespace losslab::ui {

namespace {

constexpr int lettersSeen = 9;
constexpr int widestList = 50 * gridStep;

} // namespace

PresetBox::PresetBox(QWidget *parent) : QComboBox(parent)
{
    setAccessibleName(tr("Preset"));
    setToolTip(tr("Report: the published settings. Quick: a shorter version, at most a minute. Slides: "
                  "what the assignment asks for. Beneath them, your own."));
    giveRoom(*this);
    setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(lettersSeen);
    connect(this, &QComboBox::activated, this, [this] { Q_EMIT chosen(currentData().toString()); });
}

void PresetBox::offer(const std::string &name, const std::string &title, const QString &about, bool offered)
{
    addItem(fromText(title), fromText(name));
    setItemData(count() - 1, wrappedTip(about), Qt::ToolTipRole);
    static_cast<QStandardItemModel *>(model())->item(count() - 1)->setEnabled(offered);
}

void PresetBox::setPresets(const Experiment &experiment, const std::vector<OwnPreset> &own)
{
    clear();
    const auto offerIts = [&](Preset preset, const QString &about, const QString &whyNot) {
        const bool offered = experiment.offers(preset);
        offer(std::string(presetName(preset)), std::string(presetTitle(preset)), offered ? about : whyNot,
              offered);
    };
    offerIts(Preset::Report, tr("The published settings"), {});
    offerIts(Preset::Quick, tr("A shorter version: at most a minute on two cores"),
             tr("The report preset of this experiment takes a few seconds"));
    offerIts(Preset::Slides, tr("What the assignment's slides ask for"),
             tr("The assignment's slides ask for nothing else here"));
    for (const DeclaredPreset &one : experiment.info().presets)
        offer(one.name, one.title, fromText(one.about));
    if (!own.empty())
        insertSeparator(count());
    for (const OwnPreset &one : own)
        offer(one.preset.name, one.preset.name, fromText(settingsText(one)));
    view()->setMinimumWidth(std::min(view()->sizeHintForColumn(0) + 4 * gridStep, widestList));
}

void PresetBox::setPreset(const NamedPreset &preset)
{
    setCurrentIndex(findData(fromText(preset.name)));
    setPlaceholderText(fromText(preset.title())); // where it is not in the list
    m_showsOwn = preset.isOwn() && currentIndex() >= 0;
}

/// As every other one, with a name that is too long cut to what there is room for.
void PresetBox::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    const QRect room =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    const QString text = currentIndex() < 0 ? placeholderText() : option.currentText;
    option.currentText = fontMetrics().elidedText(text, Qt::ElideRight, room.width() - gridStep / 2);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

} // namespace losslab::ui
