#pragma once

#include <QTableView>

namespace losslab::ui {

class QueueModel;

/// The queue as it is shown: rows that wait are moved by the pointer or with Alt and arrows, removed with
/// Delete, and those that have ended open with a click or Return.
class QueueTable : public QTableView
{
    Q_OBJECT

public:
    explicit QueueTable(QWidget *parent = nullptr);

    QueueModel &rows() { return *m_rows; }
    /// The chosen run; 0 where none is.
    std::int64_t chosen() const;
    void choose(std::int64_t id);
    /// A run's place among those that wait, from 0; -1 where it does not.
    int placeOf(std::int64_t id) const;

    QSize sizeHint() const override;

Q_SIGNALS:
    void moveAsked(std::int64_t id, int place);
    void removeAsked(std::int64_t id);
    void openAsked(std::int64_t id);
    void choiceChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    bool press(const QKeyEvent &key);
    bool opensAt(const QModelIndex &index) const;
    int firstWaiting() const;

    QueueModel *m_rows;
};

} // namespace losslab::ui
