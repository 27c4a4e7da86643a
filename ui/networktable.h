#pragma once

#include "ui/valueeditor.h"

class QTableWidget;
class QToolButton;

namespace losslab {
class NetworkListKind;
}

namespace losslab::ui {

/// A list of networks as a small table: name, hidden layers, learning rate and weight decay, and the number
/// of parameters as it is typed. Beneath it buttons to add, duplicate, remove and move a row, all with keys.
class NetworkTable final : public ValueEditor
{
    Q_OBJECT

public:
    enum Column { Name, Layers, Rate, Decay, Parameters };

    NetworkTable(const ParameterInfo &info, QWidget *parent);

    QWidget *widget() const override { return m_widget; }
    QString text() const override;
    void setText(const QString &text) override;
    Place place() const override { return Place::Below; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeButtons();
    void addRow(int row, const QStringList &cells);
    QStringList cells(int row) const;
    QString freeName(const QString &like) const;
    void add();
    void duplicate();
    void remove();
    void move(int by);
    void change(int row);
    void count(int row);
    bool hasRates() const;
    void showRates(bool shown);
    void fitHeight();

    std::shared_ptr<const ValueKind> m_kind;
    QWidget *m_widget;
    QTableWidget *m_table;
    QToolButton *m_rates = nullptr;
    bool m_filling = false; ///< cells change by other hands than a person's
};

} // namespace losslab::ui
