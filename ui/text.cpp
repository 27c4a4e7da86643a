#include "ui/text.h"

#include "lab/valuetext.h"

namespace losslab::ui {

QString fromNumbers(const std::string &text)
{
    return fromText(text).replace(QLatin1String(" %"), QStringLiteral("\u00A0%"));
}

QString durationText(double seconds)
{
    return fromText(losslab::durationText(seconds));
}

} // namespace losslab::ui
