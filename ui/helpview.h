#pragma once

#include <QTextBrowser>

namespace losslab {
class Experiment;
}

namespace losslab::ui {

/// An experiment's help page, from the resources.
class HelpView : public QTextBrowser
{
    Q_OBJECT

public:
    explicit HelpView(const Experiment &experiment, QWidget *parent = nullptr);
};

} // namespace losslab::ui
