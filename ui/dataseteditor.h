#pragma once

#include "data/catalogue.h"
#include "ui/samplestrip.h"
#include "ui/valueeditor.h"

#include <vector>

class QComboBox;

namespace losslab::ui {

/// The data set in a form: those of the catalogue, and a folder of one's own, with images of it. Its hint is
/// what Run would download first, or why the catalogue cannot be read.
class DatasetEditor final : public ValueEditor
{
    Q_OBJECT

public:
    DatasetEditor(const ParameterInfo &info, QWidget *parent);

    QWidget *widget() const override;
    QString text() const override;
    void setText(const QString &text) override;
    Place place() const override { return Place::Wide; }
    QString hint() const override;
    QWidget *picture() const override;
    void setPictureShown(bool shown) override;
    void refresh() override;

private:
    void choose(int index);
    void askForFolder();

    const std::vector<CatalogueEntry> m_catalogue;
    QString m_unreadable; ///< why there is no catalogue
    QString m_chosen;     ///< before “Folder …” was
    QComboBox *m_box;
    SampleStrip *m_samples;
};

} // namespace losslab::ui
