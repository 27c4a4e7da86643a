#pragma once

#include "library/runindex.h"

#include <QDialog>
#include <QTimer>
#include <functional>
#include <memory>
#include <optional>

class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace losslab::ui {

class RunTable;

/// The library beside the window: all runs, those that are looked for, and what can be done with one.
class LibraryDialog final : public QDialog
{
    Q_OBJECT

public:
    LibraryDialog(const std::filesystem::path &runs, const std::filesystem::path &cache, QWidget *parent);

    RunTable &rows() { return *m_rows; }
    QTableView &table() { return *m_table; }
    QLineEdit &search() { return *m_search; }

Q_SIGNALS:
    void openAsked(const std::filesystem::path &folder);
    void settingsAsked(const std::filesystem::path &folder);
    void runAgainAsked(const std::filesystem::path &folder);
    void revealAsked(const std::filesystem::path &folder);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// Of a run that is in the trash now.
    struct Removed
    {
        std::filesystem::path folder;
        QString inTrash;
    };
    using Signal = void (LibraryDialog::*)(const std::filesystem::path &);

    void makeTable();
    QWidget *makeButtons();
    QPushButton *makeButton(const QString &name, const QString &text, const QString &keys, const QString &tip,
                            const std::function<void()> &does);
    void refresh();
    void take(std::vector<RunEntry> entries);
    void applyFilter();
    void update();
    const RunEntry *chosen() const;
    void choose(const std::filesystem::path &folder, int row);
    void ask(Signal signal);
    void askNotes();
    void toggleStar();
    void write(const std::filesystem::path &folder, const RunNotes &notes);
    void moveToTrash();
    void undo();
    void tell(const QString &sentence);

    std::shared_ptr<RunIndex> m_index; ///< of one job at a time
    RunTable *m_rows;
    QTableView *m_table;
    QLineEdit *m_search;
    QLabel *m_said;
    QPushButton *m_open = nullptr;
    QPushButton *m_useSettings = nullptr;
    QPushButton *m_runAgain = nullptr;
    QPushButton *m_notes = nullptr;
    QPushButton *m_star = nullptr;
    QPushButton *m_reveal = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_undo = nullptr;
    QTimer m_clock;    ///< other programs train, and rename folders
    QString m_problem; ///< of what was typed
    bool m_isReading = false;
    bool m_isRead = false;          ///< once
    bool m_isStale = true;          ///< the table is not what the index knows
    std::vector<Removed> m_removed; ///< the last one last
};

} // namespace losslab::ui
