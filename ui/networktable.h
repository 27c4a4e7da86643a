#pragma once

#include "ui/valueeditor.h"

class QKeyEvent;
class QTableWidget;

namespace losslab::ui {

/// A list of networks as a small table: name, hidden layers (with a learning rate and a weight decay where
/// the network has its own), and the number of parameters as it is typed. Beneath it buttons to add,
/// duplicate, remove and move a row, all with keys.
class NetworkTable final : public ValueEditor
{
    Q_OBJECT

public:
    enum Column { Name, Layers, Parameters };

    NetworkTable(const ParameterInfo &info, QWidget *parent);

    QWidget *widget() const override { return m_widget; }
    QString text() const override;
    void setText(const QString &text) override;
    Place place() const override { return Place::Below; }
    void setKind(const std::shared_ptr<const ValueKind> &kind) override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeButtons();
    void addRow(int row, const QString &name, const QString &layers);
    QString cell(int row, Column column) const;
    QString freeName(const QString &like) const;
    void add();
    void duplicate();
    void remove();
    void move(int by);
    void change(int row);
    void count(int row);
    void fitHeight();
    bool press(const QKeyEvent &key);

    std::shared_ptr<const ValueKind> m_kind;
    QWidget *m_widget;
    QTableWidget *m_table;
    bool m_filling = false; ///< cells change by other hands than a person's
    bool m_typing = false;  ///< a cell changes letter by letter
};

} // namespace losslab::ui
