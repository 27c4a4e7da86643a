#pragma once

#include <QTabWidget>
#include <string>
#include <vector>

class QPlainTextEdit;

namespace losslab {
class Experiment;
class RunData;
struct RunSpec;
struct TableInfo;
} // namespace losslab

namespace losslab::ui {

class CopyTable;
class ElidedLabel;
class FiguresView;
class ResultsPage;
class TableView;
struct LogLine;

/// What stands beneath the charts: results, tables, log and help, a tab each. Beside the tabs, where nothing
/// is taken from the rows: what there is to say of the results, and the buttons of the table looked at.
class Details : public QTabWidget
{
    Q_OBJECT

public:
    explicit Details(const Experiment &experiment, QWidget *parent = nullptr);

    FiguresView &figures();
    /// Shows a run's figures; `whyNone`: in place of a table without rows, why there are none.
    void setFigures(const RunSpec &spec, const RunData &data, const QString &whyNone);
    /// The tables of a run, which must outlive this or the next call.
    void setTables(const RunSpec &spec, const RunData &data);
    void refreshTables();
    void clearLog();
    void appendToLog(const LogLine &line);
    void showLog();
    void showHelp();
    bool showsHelp() const;

    /// As high as the tabs and the results are, these with four rows at most.
    int wantedHeight() const;

Q_SIGNALS:
    void tableExportRequested(const std::string &table); ///< its id
    void resultsExportRequested();
    void told(const QString &message); ///< of something that was done

private:
    class Corner;

    void addTable(const TableInfo &info);
    void connectCopies(CopyTable *table);
    void followTab(Corner *corner);
    QString note(const RunSpec &spec, const RunData &data) const;

    const Experiment &m_experiment;
    ResultsPage *m_results;
    std::vector<TableView *> m_tables;
    QPlainTextEdit *m_log;
    QWidget *m_help;
    ElidedLabel *m_note = nullptr;
};

} // namespace losslab::ui
