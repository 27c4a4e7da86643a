#pragma once

#include "ui/exporter.h"

#include <QDialog>
#include <array>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSettings;
class QSpinBox;

namespace losslab::ui {

/// Asks what to export, how large and where. Remembers the answers.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    /// One chart preselected, or all.
    enum class Scope { One, All };

    ExportDialog(const std::string &experiment, std::vector<ChartWidget *> charts, ChartWidget *current,
                 Scope scope, const std::filesystem::path &standardFolder, QSettings &settings,
                 QWidget *parent);

    ExportRequest request() const;

private:
    void build();
    QLayout *formatRow();
    QLayout *sizeRow();
    QLayout *folderRow();
    QWidget *buttonRow();
    void restore(const std::filesystem::path &standardFolder);
    void save();
    void applySizePreset();
    void update();
    void browse();
    std::vector<ExportFormat> formats() const;

    std::string m_experiment;
    std::vector<ChartWidget *> m_charts;
    ChartWidget *m_current;
    QSettings &m_settings;

    QComboBox *m_scope;
    std::array<QCheckBox *, 3> m_formats;
    QComboBox *m_sizePreset;
    QSpinBox *m_width;
    QSpinBox *m_height;
    QSpinBox *m_dpi;
    QComboBox *m_background;
    QLineEdit *m_folder;
    QLabel *m_files;
    QPushButton *m_export;
};

} // namespace losslab::ui
