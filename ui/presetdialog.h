#pragma once

#include <QDialog>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;

namespace losslab::ui {

/// Asks what a preset is to be called, and says beneath the field where the name cannot be, or is another
/// one's that would be replaced.
class PresetDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `taken`: names of the presets that are there. `note`: what the preset leaves out, if anything.
    PresetDialog(std::vector<std::string> taken, const std::string &suggestion, const QString &note,
                 QWidget *parent);

    std::string name() const;

private:
    void update();

    std::vector<std::string> m_taken;
    QLineEdit *m_name;
    QLabel *m_message;
    QPushButton *m_save;
};

} // namespace losslab::ui
