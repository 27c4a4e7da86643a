#pragma once

#include "data/catalogue.h"
#include "ui/parameterfield.h"

#include <vector>

class QComboBox;

namespace losslab::ui {

/// The data set in a form: those of the catalogue, and a folder of one's own. Beneath it stands what Run
/// would download first, or why the catalogue cannot be read.
class DatasetField final : public ParameterField
{
    Q_OBJECT

public:
    static constexpr const char *key = "data";

    /// The field as a parameter; its options are the catalogue's sets, and MNIST whatever there is.
    static ParameterInfo declaration();

    explicit DatasetField(QWidget *parent);

    void setText(const QString &text) override;
    QString problem() const override;
    void showMessage() override;

private:
    QString hint() const override;
    QComboBox *box() const;
    void choose(int index);
    void askForFolder();

    const std::vector<CatalogueEntry> m_catalogue;
    QString m_unreadable; ///< why there is no catalogue
    QString m_chosen;     ///< before “Folder …” was
};

} // namespace losslab::ui
