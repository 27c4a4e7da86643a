#pragma once

#include <QDialog>
#include <cstdint>

class QLabel;
class QSpinBox;

namespace losslab {
struct ParameterInfo;
}

namespace losslab::ui {

/// Asks for how many epochs more a run is to be trained.
class TrainLongerDialog : public QDialog
{
    Q_OBJECT

public:
    /// `length`: what says how many epochs the run has, which are `epochs`; there is room for more.
    TrainLongerDialog(const ParameterInfo &length, std::int64_t epochs, QWidget *parent = nullptr);

    /// More epochs; from 1 on.
    std::int64_t epochs() const;

private:
    void update();

    std::int64_t m_before;
    QSpinBox *m_more;
    QLabel *m_note;
};

} // namespace losslab::ui
