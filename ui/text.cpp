#include "ui/text.h"

#include "lab/valuetext.h"

#include <QTextDocument>

namespace losslab::ui {

QString fromNumbers(const std::string &text)
{
    return fromText(text).replace(QLatin1String(" %"), QStringLiteral("\u00A0%"));
}

QString plainTip(const QString &text)
{
    return Qt::mightBeRichText(text)
               ? QStringLiteral("<p style=\"white-space:pre-wrap\">%1</p>").arg(text.toHtmlEscaped())
               : text;
}

QString wrappedTip(const QString &text)
{
    return QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped()); // Qt wraps markup alone
}

QString durationText(double seconds)
{
    return fromText(losslab::durationText(seconds));
}

} // namespace losslab::ui
