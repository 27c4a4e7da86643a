#pragma once

#include "lab/runspec.h"

#include <QDialog>
#include <vector>

class QComboBox;
class QLabel;

namespace losslab::ui {

/// Asks with which preset all experiments are added to the queue, and says which of them have another.
class QueueAllDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit QueueAllDialog(QWidget *parent);

    /// A run of each, in the order of the list.
    std::vector<RunSpec> specs() const;

private:
    void update();

    QComboBox *m_preset;
    QLabel *m_note;
};

} // namespace losslab::ui
