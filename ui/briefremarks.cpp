#include "ui/briefremarks.h"

#include "lab/rundata.h"
#include "ui/text.h"

#include <QStringList>
#include <algorithm>
#include <map>
#include <set>

namespace losslab::ui {

namespace {

/// Of those that say that something went wrong; how long a training took is among the figures.
QString word(RemarkEvent::Kind kind)
{
    switch (kind) {
    case RemarkEvent::Kind::Died:
        return QStringLiteral("dead layer");
    case RemarkEvent::Kind::Diverged:
        return QStringLiteral("diverged");
    case RemarkEvent::Kind::EndedAboveStart:
        return QStringLiteral("ended above its start");
    case RemarkEvent::Kind::Converged:
    case RemarkEvent::Kind::NotConverged:
        break;
    }
    return {};
}

/// "7 models: dead layer in 4, diverged in 3".
QString tooManyToName(const RunData &data, const std::vector<std::string> &models)
{
    std::map<RemarkEvent::Kind, std::set<std::string>> modelsByKind;
    for (const RemarkEvent &remark : data.remarks().all())
        if (!word(remark.kind).isEmpty()
            && std::find(models.begin(), models.end(), remark.model) != models.end())
            modelsByKind[remark.kind].insert(remark.model);
    QStringList parts;
    for (const auto &[kind, those] : modelsByKind)
        parts << QStringLiteral("%1 in %2").arg(word(kind)).arg(those.size());
    return QStringLiteral("%1 models: %2").arg(models.size()).arg(parts.join(QStringLiteral(", ")));
}

} // namespace

QString briefRemark(const RunData &data, const std::string &model)
{
    std::map<RemarkEvent::Kind, int> counts;
    for (const RemarkEvent &remark : data.remarks().all())
        if (remark.model == model && !word(remark.kind).isEmpty())
            ++counts[remark.kind];
    QStringList parts;
    for (const auto &[kind, count] : counts)
        parts << (data.repeats() > 1
                      ? QStringLiteral("%1 in %2 of %3").arg(word(kind)).arg(count).arg(data.repeats())
                      : word(kind));
    return parts.join(QStringLiteral(", "));
}

QString briefRemarks(const RunData &data, const std::string &chart)
{
    std::vector<std::string> models;
    for (const RemarkEvent &remark : data.remarks().all())
        if (Remarks::isSeenIn(remark, chart) && !word(remark.kind).isEmpty()
            && std::find(models.begin(), models.end(), remark.model) == models.end())
            models.push_back(remark.model);
    if (models.size() > Remarks::mostByName)
        return tooManyToName(data, models);
    const auto name = [&](const std::string &model) { return data.modelName(model); };
    QStringList parts;
    for (const std::string &model : models)
        parts << fromText(Remarks::nameOf(model, name)) + QStringLiteral(": ") + briefRemark(data, model);
    return parts.join(QStringLiteral(", "));
}

bool isRemarkedElsewhere(const RunData &data, const std::string &chart,
                         const std::vector<std::string> &others)
{
    const std::vector<RemarkEvent> &remarks = data.remarks().all();
    return std::all_of(remarks.begin(), remarks.end(), [&](const RemarkEvent &remark) {
        return !Remarks::isSeenIn(remark, chart)
               || std::any_of(others.begin(), others.end(),
                              [&](const std::string &other) { return Remarks::isSeenIn(remark, other); });
    });
}

} // namespace losslab::ui
