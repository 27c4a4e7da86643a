#pragma once

#include <QTextBrowser>

namespace losslab {
class Experiment;
}

namespace losslab::ui {

/// A help page from the resources.
class HelpView : public QTextBrowser
{
    Q_OBJECT

public:
    /// An experiment's page.
    explicit HelpView(const Experiment &experiment, QWidget *parent = nullptr);
    /// A page of its own, in Markdown.
    HelpView(const QString &name, const QString &markdown, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void write();

    QString m_markdown;
};

} // namespace losslab::ui
