#include "ui/datasetfield.h"

#include "data/catalogue.h"
#include "data/dataset.h"
#include "lab/runspec.h"
#include "ui/text.h"

#include <QComboBox>
#include <QFileDialog>

namespace losslab::ui {

namespace {

std::vector<CatalogueEntry> catalogue()
{
    return readCatalogue().value_or(std::vector<CatalogueEntry>());
}

/// A folder's last part; an id as it is.
QString nameOf(const QString &data)
{
    return data.section(QLatin1Char('/'), -1);
}

QString stateOf(const CatalogueEntry &entry)
{
    if (findDataset(entry.id))
        return {};
    return DatasetField::tr("Not downloaded yet: Run will download it first (%1).")
        .arg(fromText(megabytes(entry.bytes())));
}

QString description(const CatalogueEntry &entry)
{
    const QString facts = DatasetField::tr("%1\n%2 × %3 pixels, %4 classes. Licence: %5.")
                              .arg(fromText(entry.about))
                              .arg(entry.rows)
                              .arg(entry.columns)
                              .arg(entry.classes)
                              .arg(fromText(entry.licence));
    const QString state = stateOf(entry);
    return state.isEmpty() ? facts : facts + QLatin1Char('\n') + state;
}

} // namespace

ParameterInfo DatasetField::declaration()
{
    ParameterInfo info;
    info.kind = ParameterInfo::Kind::Choice;
    info.key = key;
    info.label = "Data set";
    info.group = "Data";
    info.help = "Images that the networks are trained and tested on.";
    for (const CatalogueEntry &entry : catalogue())
        info.options.push_back({entry.id, entry.title});
    info.report = info.quick = RunSpec().data;
    if (info.options.empty())
        info.options.push_back({RunSpec().data, RunSpec().data});
    return info;
}

DatasetField::DatasetField(QWidget *parent) : ParameterField(declaration(), parent), m_catalogue(catalogue())
{
    if (const auto read = readCatalogue(); !read)
        m_unreadable = fromText(read.error().message);
    box()->addItem(tr("Folder…"));
    box()->setItemData(box()->count() - 1, tr("A folder of your own with four files in MNIST's format."),
                       Qt::ToolTipRole);
    connect(box(), &QComboBox::activated, this, &DatasetField::choose);
    connect(this, &ParameterField::edited, this, [this] {
        if (value())
            m_chosen = text();
    });
    setText(text());
}

QComboBox *DatasetField::box() const
{
    return static_cast<QComboBox *>(editor());
}

/// A folder, or a set that this catalogue does not have, becomes one of the options.
void DatasetField::setText(const QString &text)
{
    if (!text.isEmpty() && box()->findData(text) < 0) {
        const int place = box()->count() - 1;
        addOption({text.toStdString(), nameOf(text).toStdString()}, place);
        box()->setItemData(place, text, Qt::ToolTipRole);
    }
    ParameterField::setText(text);
}

QString DatasetField::problem() const
{
    const std::string data = text().toStdString();
    if (isFolder(data))
        for (const std::string_view name : dataFileNames)
            if (!findDataFile(data, name))
                return tr("%1 has no %2.").arg(nameOf(text()), fromText(std::string(name)));
    return ParameterField::problem();
}

QString DatasetField::hint() const
{
    if (!m_unreadable.isEmpty())
        return m_unreadable;
    const CatalogueEntry *entry = findEntry(m_catalogue, text().toStdString());
    return entry ? stateOf(*entry) : QString();
}

void DatasetField::showMessage()
{
    ParameterField::showMessage();
    for (const CatalogueEntry &entry : m_catalogue)
        box()->setItemData(box()->findData(fromText(entry.id)), description(entry), Qt::ToolTipRole);
}

void DatasetField::choose(int index)
{
    if (index != box()->count() - 1)
        return;
    setText(m_chosen); // until a folder is chosen
    askForFolder();
}

void DatasetField::askForFolder()
{
    auto *dialog = new QFileDialog(box(), tr("Choose the folder of a data set"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) {
        setText(folder);
        Q_EMIT settled();
    });
    dialog->open();
}

} // namespace losslab::ui
