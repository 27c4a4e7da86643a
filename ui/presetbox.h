#pragma once

#include "lab/namedpreset.h"

#include <QComboBox>
#include <vector>

namespace losslab {
struct OwnPreset;
}

namespace losslab::ui {

/// The presets of an experiment to choose from: its own, and a person's beneath them. A long name takes no
/// more room than a short one.
class PresetBox final : public QComboBox
{
    Q_OBJECT

public:
    explicit PresetBox(QWidget *parent);

    void setPresets(const Experiment &experiment, const std::vector<OwnPreset> &own);
    /// Which one is chosen. It may be one that is there no longer.
    void setPreset(const NamedPreset &preset);
    bool showsOwn() const { return m_showsOwn; } ///< one that is there

Q_SIGNALS:
    void chosen(const QString &name);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void offer(const std::string &name, const std::string &title, const QString &about, bool offered = true);

    bool m_showsOwn = false;
};

} // namespace losslab::ui
