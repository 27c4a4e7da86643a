#include "ui/exportdialog.h"

#include "lab/experiment.h"
#include "ui/charts/chartwidget.h"
#include "ui/plainlabel.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <algorithm>

namespace losslab::ui {

namespace {

struct SizePreset
{
    const char *name;
    QSize size;
    int dpi;
};

/// Columns are 85 and 170 mm wide, 1.6 times as wide as tall.
const std::array<SizePreset, 4> sizePresets = {{
    {QT_TRANSLATE_NOOP("losslab::ui::ExportDialog", "Report column (85 mm)"), {1004, 638}, 300},
    {QT_TRANSLATE_NOOP("losslab::ui::ExportDialog", "Full page width (170 mm)"), {2008, 1260}, 300},
    {QT_TRANSLATE_NOOP("losslab::ui::ExportDialog", "Screen"), {1600, 1000}, 150},
    {QT_TRANSLATE_NOOP("losslab::ui::ExportDialog", "Slide"), {1920, 1080}, 220},
}};

/// Of the settings. Not "export/folder", where earlier versions kept whichever run's folder was the last.
const QString chosenFolder = QStringLiteral("export/chosenFolder");

QSpinBox *numberBox(int min, int max, const QString &suffix, const QString &name, QWidget *parent)
{
    auto *box = new QSpinBox(parent);
    box->setRange(min, max);
    box->setSuffix(suffix);
    box->setAccessibleName(name);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    return box;
}

} // namespace

ExportDialog::ExportDialog(const Experiment &experiment, const std::vector<ChartWidget *> &charts,
                           const std::string &preselected, const std::filesystem::path &standardFolder,
                           QSettings &settings, QWidget *parent)
    : QDialog(parent),
      m_experiment(experiment.info().id),
      m_standardFolder(fromPath(standardFolder)),
      m_settings(settings),
      m_scope(new QComboBox(this)),
      m_sizePreset(new QComboBox(this)),
      m_extent(new QComboBox(this)),
      m_width(numberBox(200, 16384, tr(" px"), tr("Width in pixels"), this)),
      m_height(numberBox(150, 16384, tr(" px"), tr("Height in pixels"), this)),
      m_dpi(numberBox(leastDpi, 2400, tr(" dpi"), tr("Dots per inch"), this)),
      m_background(new QComboBox(this)),
      m_folder(new QLineEdit(this)),
      m_ownFolder(new QPushButton(tr("Run's folder"), this)),
      m_files(new PlainLabel(this))
{
    setWindowTitle(tr("Export"));
    setObjectName(QStringLiteral("exportDialog"));
    fillScope(experiment, charts, preselected);
    build();
    restore();
    for (QSpinBox *box : {m_width, m_height, m_dpi}) {
        connect(box, &QSpinBox::valueChanged, this,
                [this] { m_sizePreset->setCurrentIndex(m_sizePreset->count() - 1); });
        connect(box, &QSpinBox::valueChanged, this, &ExportDialog::update);
    }
    connect(m_extent, &QComboBox::currentIndexChanged, this, &ExportDialog::update);
    connect(m_sizePreset, &QComboBox::activated, this, &ExportDialog::applySizePreset);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &ExportDialog::update);
    connect(m_folder, &QLineEdit::textChanged, this, &ExportDialog::update);
    connect(this, &QDialog::accepted, this, &ExportDialog::save);
    update();
    if (const auto needed = neededSize(request())) { // that of last time is too small for these
        m_width->setValue(needed->width());
        m_height->setValue(needed->height());
    }
}

/// Each chart, each figure of several, each table, all.
void ExportDialog::fillScope(const Experiment &experiment, const std::vector<ChartWidget *> &charts,
                             const std::string &preselected)
{
    int chosen = -1;
    const auto add = [&](const QString &text, const std::string &id, Scope scope) {
        chosen = id == preselected ? m_scope->count() : chosen;
        m_scope->addItem(text);
        m_scopes.push_back(std::move(scope));
    };
    Scope all{charts, figuresOf(charts)};
    for (ChartWidget *chart : charts)
        add(tr("This chart: %1").arg(fromText(chart->info().title)), chart->info().id, {.charts = {chart}});
    for (const WidgetStack &figure : all.figures)
        add(tr("One figure: %1").arg(figureTitle(figure)), figureId(figure), {.figures = {figure}});
    for (const Table *table : experiment.tables()) {
        const std::string &id = table->info().id;
        add(tr("This table: %1").arg(fromText(table->info().title)), id, {.tables = {id}});
        all.tables.push_back(id);
    }
    add(all.tables.empty() ? tr("All charts") : tr("All charts and tables"), {}, all);
    m_scope->setCurrentIndex(chosen < 0 ? m_scope->count() - 1 : chosen);
}

void ExportDialog::build()
{
    for (const SizePreset &preset : sizePresets)
        m_sizePreset->addItem(tr(preset.name));
    m_sizePreset->addItem(tr("Other"));
    m_background->addItems({tr("White"), tr("Dark")});
    m_extent->setObjectName(QStringLiteral("extent"));
    m_extent->addItems({tr("As in the window"), tr("All data")});
    m_extent->setToolTip(
        tr("As in the window: with its zoom, its linear or logarithmic axes, and without the "
           "series that are hidden."));
    for (QComboBox *box : {m_scope, m_extent, m_sizePreset, m_background})
        giveRoom(*box);
    m_files->setProperty("role", "muted");
    m_files->setWordWrap(true);
    m_files->setMinimumHeight(m_files->fontMetrics().lineSpacing() * 3);
    m_files->setAlignment(Qt::AlignTop);

    auto *form = new QFormLayout;
    form->setHorizontalSpacing(2 * gridStep);
    form->setVerticalSpacing(gridStep);
    form->setLabelAlignment(Qt::AlignLeft);
    form->addRow(tr("Export"), m_scope);
    form->addRow(tr("Formats"), formatRow());
    form->addRow(tr("Shows"), m_extent);
    form->addRow(tr("Size"), m_sizePreset);
    form->addRow(QString(), sizeRow());
    form->addRow(tr("Background"), m_background);
    form->addRow(tr("Folder"), folderRow());
    form->addRow(QString(), m_files);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * gridStep, 2 * gridStep, 2 * gridStep, 2 * gridStep);
    layout->setSpacing(2 * gridStep);
    layout->addLayout(form);
    layout->addWidget(buttonRow());
}

QLayout *ExportDialog::formatRow()
{
    const std::array names = {tr("PNG picture"), tr("SVG drawing"), tr("CSV values")};
    auto *row = new QHBoxLayout;
    row->setSpacing(2 * gridStep);
    for (std::size_t i = 0; i < names.size(); ++i) {
        m_formats[i] = new QCheckBox(names[i], this);
        m_formats[i]->setObjectName(fromText(std::string(suffixOf(static_cast<ExportFormat>(i)))));
        connect(m_formats[i], &QCheckBox::toggled, this, &ExportDialog::update);
        row->addWidget(m_formats[i]);
    }
    row->addStretch();
    return row;
}

QLayout *ExportDialog::sizeRow()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(gridStep);
    row->addWidget(m_width, 1);
    row->addWidget(new PlainLabel(QStringLiteral("×"), this));
    row->addWidget(m_height, 1);
    row->addWidget(m_dpi, 1);
    return row;
}

QLayout *ExportDialog::folderRow()
{
    m_folder->setObjectName(QStringLiteral("folder"));
    m_folder->setMinimumWidth(40 * gridStep);
    auto *choose = new QPushButton(tr("Choose…"), this);
    connect(choose, &QPushButton::clicked, this, &ExportDialog::browse);
    m_ownFolder->setObjectName(QStringLiteral("ownFolder"));
    m_ownFolder->setToolTip(plainTip(m_standardFolder));
    connect(m_ownFolder, &QPushButton::clicked, this, [this] { m_folder->setText(m_standardFolder); });
    auto *row = new QHBoxLayout;
    row->setSpacing(gridStep);
    row->addWidget(m_folder, 1);
    row->addWidget(choose);
    row->addWidget(m_ownFolder);
    return row;
}

QWidget *ExportDialog::buttonRow()
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_export = new QPushButton(tr("Export"), this);
    m_export->setObjectName(QStringLiteral("export"));
    m_export->setProperty("primary", true);
    m_export->setDefault(true);
    buttons->addButton(m_export, QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return buttons;
}

void ExportDialog::restore()
{
    const QStringList formats = m_settings.value(QStringLiteral("export/formats"), QStringLiteral("png"))
                                    .toString()
                                    .split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (QCheckBox *format : m_formats)
        format->setChecked(formats.contains(format->objectName()));
    m_width->setValue(m_settings.value(QStringLiteral("export/width"), sizePresets[0].size.width()).toInt());
    m_height->setValue(
        m_settings.value(QStringLiteral("export/height"), sizePresets[0].size.height()).toInt());
    m_dpi->setValue(m_settings.value(QStringLiteral("export/dpi"), sizePresets[0].dpi).toInt());
    m_background->setCurrentIndex(m_settings.value(QStringLiteral("export/dark"), false).toBool() ? 1 : 0);
    m_folder->setText(m_settings.value(chosenFolder, m_standardFolder).toString());
    const auto matches = [this](const SizePreset &preset) {
        return preset.size == QSize(m_width->value(), m_height->value()) && preset.dpi == m_dpi->value();
    };
    const auto found = std::find_if(sizePresets.begin(), sizePresets.end(), matches);
    m_sizePreset->setCurrentIndex(static_cast<int>(found - sizePresets.begin()));
}

void ExportDialog::save()
{
    QStringList formats;
    for (const QCheckBox *format : m_formats)
        if (format->isChecked())
            formats << format->objectName();
    m_settings.setValue(QStringLiteral("export/formats"), formats.join(QLatin1Char(' ')));
    m_settings.setValue(QStringLiteral("export/width"), m_width->value());
    m_settings.setValue(QStringLiteral("export/height"), m_height->value());
    m_settings.setValue(QStringLiteral("export/dpi"), m_dpi->value());
    m_settings.setValue(QStringLiteral("export/dark"), m_background->currentIndex() == 1);
    if (m_folder->text() == m_standardFolder)
        m_settings.remove(chosenFolder);
    else
        m_settings.setValue(chosenFolder, m_folder->text());
}

void ExportDialog::applySizePreset()
{
    const auto index = static_cast<std::size_t>(m_sizePreset->currentIndex());
    if (index >= sizePresets.size())
        return;
    const SizePreset &preset = sizePresets[index];
    m_width->setValue(preset.size.width());
    m_height->setValue(preset.size.height());
    m_dpi->setValue(preset.dpi);
    m_sizePreset->setCurrentIndex(static_cast<int>(index));
}

std::vector<ExportFormat> ExportDialog::formats() const
{
    std::vector<ExportFormat> formats;
    for (std::size_t i = 0; i < m_formats.size(); ++i)
        if (m_formats[i]->isChecked())
            formats.push_back(static_cast<ExportFormat>(i));
    return formats;
}

const ExportDialog::Scope &ExportDialog::scope() const
{
    return m_scopes.at(static_cast<std::size_t>(std::max(m_scope->currentIndex(), 0)));
}

bool ExportDialog::tableAlone() const
{
    return scope().charts.empty() && scope().figures.empty();
}

ExportRequest ExportDialog::request() const
{
    ExportRequest request;
    request.charts = scope().charts;
    request.figures = scope().figures;
    request.tables = scope().tables;
    request.formats = tableAlone() ? std::vector{ExportFormat::Csv} : formats();
    request.picture.size = {m_width->value(), m_height->value()};
    request.picture.dpi = m_dpi->value();
    request.picture.dark = m_background->currentIndex() == 1;
    if (const auto *chart = !request.charts.empty()    ? request.charts.front()
                            : !request.figures.empty() ? request.figures.front().front()
                                                       : nullptr)
        request.picture.caption = chart->caption();
    request.asShown = m_extent->currentIndex() == 0;
    request.folder = toPath(m_folder->text());
    return request;
}

/// As CSV a figure is its charts.
std::vector<std::string> ExportDialog::fileNames(const ExportRequest &wanted) const
{
    std::vector<std::string> names;
    const auto add = [&](const std::string &id, ExportFormat format) {
        const std::string name = exportFileName(m_experiment, id, format);
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    for (const ExportFormat format : wanted.formats) {
        for (const ChartWidget *chart : wanted.charts)
            add(chart->info().id, format);
        for (const WidgetStack &figure : wanted.figures) {
            if (isPicture(format))
                add(figureId(figure), format);
            else
                for (const ChartWidget *chart : figure)
                    add(chart->info().id, format);
        }
    }
    for (const std::string &table : wanted.tables)
        if (std::count(wanted.formats.begin(), wanted.formats.end(), ExportFormat::Csv) > 0)
            add(table, ExportFormat::Csv);
    return names;
}

bool ExportDialog::isChanged(const ExportRequest &wanted)
{
    const auto anyChanged = [](const std::vector<ChartWidget *> &charts) {
        return std::any_of(charts.begin(), charts.end(),
                           [](const ChartWidget *chart) { return chart->isChanged(); });
    };
    return anyChanged(wanted.charts) || std::any_of(wanted.figures.begin(), wanted.figures.end(), anyChanged);
}

/// Says which files will be written, and why Export is off where it is.
void ExportDialog::update()
{
    const ExportRequest wanted = request();
    for (QCheckBox *format : m_formats)
        format->setEnabled(!tableAlone());
    const bool pictures = !tableAlone() && (m_formats[0]->isChecked() || m_formats[1]->isChecked());
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_sizePreset, m_width, m_height, m_dpi, m_background})
        widget->setEnabled(pictures);
    m_extent->setEnabled(pictures && isChanged(wanted));
    const std::optional<std::string> problem = roomProblem(wanted);
    QStringList files;
    QStringList replaced;
    for (const std::string &name : fileNames(wanted)) {
        std::error_code error;
        const bool there = !wanted.folder.empty() && std::filesystem::exists(wanted.folder / name, error);
        (there ? replaced : files) << fromText(name);
    }
    QStringList lines;
    if (!files.isEmpty())
        lines << tr("Writes %1.").arg(files.join(QStringLiteral(", ")));
    if (!replaced.isEmpty())
        lines << tr("Replaces %1.").arg(replaced.join(QStringLiteral(", ")));
    if (pictures && !wanted.figures.empty())
        lines << tr("The size is one chart's; a figure is as high as its charts together.");
    if (wanted.formats.empty())
        lines = QStringList{tr("Choose at least one format.")};
    else if (wanted.folder.empty())
        lines = QStringList{tr("Choose a folder.")};
    else if (problem)
        lines = QStringList{fromText(*problem)};
    m_ownFolder->setEnabled(m_folder->text() != m_standardFolder);
    m_files->setText(lines.join(QLatin1Char('\n')));
    m_export->setEnabled(!wanted.formats.empty() && !wanted.folder.empty() && !problem);
}

void ExportDialog::browse()
{
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Choose the folder to export to"), m_folder->text());
    if (!folder.isEmpty())
        m_folder->setText(folder);
}

} // namespace losslab::ui
