#pragma once

#include <QWidget>

class QBoxLayout;

namespace losslab {
class Experiment;
}

namespace losslab::ui {

class ElidedLabel;
class FiguresView;

/// The figures, and what there is to say of them: beside them where there is room, else beneath.
class ResultsPage : public QWidget
{
public:
    explicit ResultsPage(const Experiment &experiment, QWidget *parent = nullptr);

    FiguresView &figures() { return *m_figures; }
    void setNote(const QString &note);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    FiguresView *m_figures;
    ElidedLabel *m_note;
    QBoxLayout *m_layout;
};

} // namespace losslab::ui
