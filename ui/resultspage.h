#pragma once

#include <QStackedWidget>

class QLabel;

namespace losslab {
class Experiment;
}

namespace losslab::ui {

class FiguresView;

/// The figures; where there are none to show, why.
class ResultsPage : public QStackedWidget
{
public:
    explicit ResultsPage(const Experiment &experiment, QWidget *parent = nullptr);

    FiguresView &figures() { return *m_figures; }
    const FiguresView &figures() const { return *m_figures; }
    /// Shown as long as the figures have no rows.
    void setWhyNone(const QString &sentence);

private:
    FiguresView *m_figures;
    QLabel *m_whyNone;
};

} // namespace losslab::ui
