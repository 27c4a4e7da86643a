#include "ui/dataseteditor.h"

#include "data/catalogue.h"
#include "data/dataset.h"
#include "data/formats.h"
#include "ui/text.h"

#include <QComboBox>
#include <QFileDialog>
#include <algorithm>

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
    return DatasetEditor::tr("Not downloaded yet: Run will download it first (%1).")
        .arg(fromText(entry.sizeText()));
}

QString description(const CatalogueEntry &entry)
{
    const ImageSurvey &images = entry.images;
    const QString facts = DatasetEditor::tr("%1\n%2 × %3 pixels%4, %5 classes. Licence: %6.")
                              .arg(fromText(entry.about))
                              .arg(images.rows)
                              .arg(images.columns)
                              .arg(images.channels == 3 ? DatasetEditor::tr(" in colour") : QString())
                              .arg(images.classes)
                              .arg(fromText(entry.licence));
    const QString state = stateOf(entry);
    return state.isEmpty() ? facts : facts + QLatin1Char('\n') + state;
}

} // namespace

DatasetEditor::DatasetEditor(const ParameterInfo &info, QWidget *parent)
    : m_catalogue(catalogue()), m_box(makeOptions(*info.kind, parent)), m_samples(new SampleStrip(parent))
{
    if (const auto read = readCatalogue(); !read)
        m_unreadable = fromText(read.error().message);
    m_box->addItem(tr("Folder…"));
    m_box->setItemData(m_box->count() - 1,
                       plainTip(tr("A folder of your own: %1.").arg(fromText(formatTitles()))),
                       Qt::ToolTipRole);
    m_chosen = text();
    refresh();
    connect(m_box, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (m_box->itemData(index).isValid()) { // else it asks for something
            m_chosen = text();
            m_samples->showDataset(m_chosen);
        }
        Q_EMIT edited();
    });
    connect(m_box, &QComboBox::activated, this, &DatasetEditor::choose);
}

QWidget *DatasetEditor::widget() const
{
    return m_box;
}

QString DatasetEditor::text() const
{
    return m_box->currentData().toString();
}

/// A folder, or a set that this catalogue does not have, becomes one of the options.
void DatasetEditor::setText(const QString &text)
{
    if (!text.isEmpty() && m_box->findData(text) < 0) {
        const int place = m_box->count() - 1;
        m_box->insertItem(place, nameOf(text), text);
        m_box->setItemData(place, plainTip(text), Qt::ToolTipRole);
    }
    m_box->setCurrentIndex(std::max(0, m_box->findData(text)));
}

QString DatasetEditor::hint() const
{
    if (!m_unreadable.isEmpty())
        return m_unreadable;
    const CatalogueEntry *entry = findEntry(m_catalogue, text().toStdString());
    return entry ? stateOf(*entry) : QString();
}

QWidget *DatasetEditor::picture() const
{
    return m_samples;
}

void DatasetEditor::setPictureShown(bool shown)
{
    m_samples->setShown(shown);
}

void DatasetEditor::refresh()
{
    m_samples->showDataset(m_chosen);
    for (const CatalogueEntry &entry : m_catalogue)
        m_box->setItemData(m_box->findData(fromText(entry.id)), plainTip(description(entry)),
                           Qt::ToolTipRole);
}

void DatasetEditor::choose(int index)
{
    if (m_box->itemData(index).isValid()) {
        Q_EMIT settled();
        return;
    }
    setText(m_chosen); // until a folder is chosen
    askForFolder();
}

void DatasetEditor::askForFolder()
{
    auto *dialog = new QFileDialog(m_box, tr("Choose the folder of a data set"));
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
