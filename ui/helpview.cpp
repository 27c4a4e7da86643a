#include "ui/helpview.h"

#include "lab/experiment.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QEvent>
#include <QFile>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextTable>

namespace losslab::ui {

namespace {

/// The page's file has hard line breaks within paragraphs; Markdown joins them.
QString helpText(const ExperimentInfo &info)
{
    QFile file(QStringLiteral(":/help/%1.md").arg(fromText(info.id)));
    if (file.open(QIODevice::ReadOnly))
        return QString::fromUtf8(file.readAll());
    return QStringLiteral("# %1\n\n%2\n").arg(fromText(info.title), fromText(info.question));
}

/// Calmer headings and lines that are easy to read.
void styleBlocks(QTextDocument &document, const QFont &base)
{
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        QTextCursor cursor(block);
        QTextBlockFormat format = block.blockFormat();
        format.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
        const int level = format.headingLevel();
        format.setTopMargin(level > 0 ? (level == 1 ? gridStep : 2 * gridStep) : 0);
        format.setBottomMargin(level > 0 ? gridStep / 2 : gridStep);
        cursor.setBlockFormat(format);
        if (level > 0) {
            QTextCharFormat
                text; // takes the place of Markdown's, whose sizes are relative and cannot be changed
            text.setFontPointSize(base.pointSizeF() * (level == 1 ? 1.35 : 1.1));
            text.setFontWeight(QFont::DemiBold);
            cursor.select(QTextCursor::BlockUnderCursor);
            cursor.setCharFormat(text);
        }
    }
}

/// Columns stand apart by space, without lines.
void styleTables(const QTextDocument &document)
{
    for (QTextFrame *frame : document.rootFrame()->childFrames()) {
        if (auto *table = qobject_cast<QTextTable *>(frame)) {
            QTextTableFormat format = table->format();
            format.setBorder(0);
            format.setCellSpacing(0);
            format.setCellPadding(gridStep / 2.0);
            format.setLeftMargin(-gridStep / 2.0);
            format.setBottomMargin(gridStep);
            table->setFormat(format);
        }
    }
}

} // namespace

HelpView::HelpView(const Experiment &experiment, QWidget *parent)
    : HelpView(tr("About %1").arg(fromText(experiment.info().title)), helpText(experiment.info()), parent)
{}

HelpView::HelpView(const QString &name, const QString &markdown, QWidget *parent)
    : QTextBrowser(parent), m_markdown(markdown)
{
    setObjectName(QStringLiteral("help"));
    setAccessibleName(name);
    setOpenExternalLinks(true);
    document()->setDocumentMargin(2 * gridStep);
    write();
}

void HelpView::write()
{
    const int place = verticalScrollBar()->value();
    setMarkdown(m_markdown);
    styleBlocks(*document(), font());
    styleTables(*document());
    verticalScrollBar()->setValue(place);
}

/// Links are written in the colour that they have at the time.
void HelpView::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        write();
}

} // namespace losslab::ui
