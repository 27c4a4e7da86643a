#include "ui/trainlongerdialog.h"

#include "base/numbertext.h"
#include "lab/parameter.h"
#include "runs/continuation.h"
#include "ui/plainlabel.h"
#include "ui/smalldialog.h"
#include "ui/text.h"

#include <QSpinBox>
#include <algorithm>
#include <limits>

namespace losslab::ui {

TrainLongerDialog::TrainLongerDialog(const ParameterInfo &length, std::int64_t epochs, QWidget *parent)
    : QDialog(parent), m_before(epochs), m_more(new QSpinBox(this)), m_note(new PlainLabel(this))
{
    setWindowTitle(tr("Train longer"));
    setObjectName(QStringLiteral("trainLongerDialog"));
    const int most = static_cast<int>(
        std::min<std::int64_t>(mostMoreEpochs(length, epochs), std::numeric_limits<int>::max()));
    m_more->setObjectName(QStringLiteral("moreEpochs"));
    m_more->setRange(1, most);
    m_more->setValue(static_cast<int>(std::clamp<std::int64_t>(epochs / 2, 1, most)));
    m_more->setSuffix(tr(" epochs"));
    m_more->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_more->selectAll();
    m_note->setObjectName(QStringLiteral("moreEpochsNote"));
    connect(m_more, &QSpinBox::valueChanged, this, &TrainLongerDialog::update);
    layOutSmall(*this, tr("Train &another"), *m_more, *m_note, tr("&Train longer"), 44);
    update();
}

std::int64_t TrainLongerDialog::epochs() const
{
    return m_more->value();
}

void TrainLongerDialog::update()
{
    m_note->setText(
        tr("The run was to have %1 epochs and then has %2. It goes on where it ended; models that "
           "have converged stay as they are.")
            .arg(fromText(countText(m_before)), fromText(countText(m_before + epochs()))));
}

} // namespace losslab::ui
