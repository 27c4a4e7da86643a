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

/// Asks what to export, how large and where. Remembers the answers; of the folder, one that was chosen in
/// place of the run's own.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    /// `preselected`: the id of a chart, a figure of several or a table; empty: all.
    ExportDialog(const Experiment &experiment, const std::vector<ChartWidget *> &charts,
                 const std::string &preselected, const std::filesystem::path &standardFolder,
                 QSettings &settings, QWidget *parent);

    ExportRequest request() const;

private:
    /// What of all there is to be exported.
    struct Scope
    {
        std::vector<ChartWidget *> charts = {};
        std::vector<WidgetStack> figures = {};
        std::vector<std::string> tables = {}; ///< ids
    };

    void fillScope(const Experiment &experiment, const std::vector<ChartWidget *> &charts,
                   const std::string &preselected);
    void build();
    QLayout *formatRow();
    QLayout *sizeRow();
    QLayout *folderRow();
    QWidget *buttonRow();
    void restore();
    void save();
    void applySizePreset();
    void update();
    void browse();
    std::vector<ExportFormat> formats() const;
    const Scope &scope() const;
    bool tableAlone() const;
    static bool isChanged(const ExportRequest &wanted);
    std::vector<std::string> fileNames(const ExportRequest &wanted) const;

    std::string m_experiment;
    std::vector<Scope> m_scopes; ///< as they stand in the box
    QString m_standardFolder;    ///< the run's own
    QSettings &m_settings;

    QComboBox *m_scope;
    std::array<QCheckBox *, 3> m_formats;
    QComboBox *m_sizePreset;
    QComboBox *m_extent; ///< as in the window, or all data
    QSpinBox *m_width;
    QSpinBox *m_height;
    QSpinBox *m_dpi;
    QComboBox *m_background;
    QLineEdit *m_folder;
    QPushButton *m_ownFolder;
    QLabel *m_files;
    QPushButton *m_export;
};

} // namespace losslab::ui
