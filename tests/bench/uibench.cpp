// ./dev bench ui: whether the window stays smooth and cheap while a run goes on. It measures the window's own
// widgets, drawn by the raster engine on Qt's offscreen platform.

#include "base/platform.h"
#include "tests/bench/uirows.h"

#include <QApplication>
#include <QCommandLineParser>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace losslab::bench {

namespace {

using Json = nlohmann::ordered_json;

void printHeading()
{
    fmt::print("{:<58} {:>12} {:>10} {:>10} {:>17}  {}\n", "WHAT", "TARGET", "MEDIAN", "P99", "LEAST–MOST",
               "MET");
}

void print(const Row &row)
{
    const auto number = [&](double value) {
        return fmt::format("{:.{}f} {}", value, std::abs(value) < 10 ? 2 : 1, row.unit);
    };
    const std::string target =
        row.target > 0 ? fmt::format("≤ {:g} {}", row.target, row.unit) : std::string("–");
    fmt::print("{:<58} {:>12} {:>10} {:>10} {:>17}  {}\n", row.what, target, number(row.median()),
               number(row.percentile(0.99)),
               fmt::format("{:.2f}–{:.2f}", row.percentile(0), row.percentile(1)),
               row.target > 0 ? (row.isMet() ? "yes" : "NO") : "");
    std::fflush(stdout);
}

Json toJson(const Row &row)
{
    Json json{{"what", row.what},
              {"unit", row.unit},
              {"samples", row.samples.size()},
              {"median", row.median()},
              {"p99", row.percentile(0.99)},
              {"least", row.percentile(0)},
              {"most", row.percentile(1)}};
    if (row.target > 0)
        json.update(
            {{"target", row.target}, {"of", row.atTheWorst ? "p99" : "median"}, {"met", row.isMet()}});
    return json;
}

int measure(const Settings &settings, const std::string &program, const std::string &jsonFile)
{
    Json all = Json::array();
    const auto take = [&](const std::vector<Row> &rows) {
        for (const Row &row : rows) {
            print(row);
            all.push_back(toJson(row));
        }
    };
    const auto wanted = [&](const char *group) { return settings.only.empty() || settings.only == group; };
    printHeading();
    if (wanted("start"))
        take(measureStart(settings, program));
    if (wanted("redraw"))
        take(measureRedraws(settings));
    if (wanted("export"))
        take(measureExport(settings));
    if (wanted("memory"))
        take(measureMemory(settings));
    if (wanted("movement")) {
        const auto rows = measureMovement();
        if (!rows) {
            fmt::print(stderr, "{}\n", rows.error().message);
            return 1;
        }
        take(*rows);
    }
    if (wanted("run")) {
        const auto rows = measureRuns(settings);
        if (!rows) {
            fmt::print(stderr, "{}\n", rows.error().message);
            return 1;
        }
        take(*rows);
    }
    if (jsonFile.empty())
        return 0;
    const Json document{{"machine", {{"cpu", platform::cpuName()}, {"cores", platform::cpuCount()}}},
                        {"rows", all}};
    if (const auto written = platform::writeFileAtomically(jsonFile, document.dump(1) + '\n'); !written) {
        fmt::print(stderr, "{}\n", written.error().message);
        return 3;
    }
    return 0;
}

} // namespace

double Row::percentile(double share) const
{
    std::vector<double> sorted = samples;
    std::sort(sorted.begin(), sorted.end());
    const double place = share * static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(std::ceil(place))];
}

bool Row::isMet() const
{
    return percentile(atTheWorst ? 0.99 : 0.5) <= target;
}

} // namespace losslab::bench

int main(int argc, char **argv)
{
    using namespace losslab::bench;
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext &, const QString &message) {
        if (type == QtCriticalMsg
            || type == QtFatalMsg) // the rest are remarks on a session without a desktop
            fmt::print(stderr, "{}\n", message.toStdString());
    });
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions(
        {{"json", "Write the rows into FILE as well.", "FILE"},
         {"only", "Measure one GROUP: start, redraw, export, memory, movement or run.", "GROUP"},
         {"quick", "Fewer and shorter measurements."},
         {"open-and-leave", "Open the window, say so, and leave."}});
    parser.process(application);
    if (parser.isSet("open-and-leave"))
        openAndLeave();
    const QStringList groups{"start", "redraw", "export", "memory", "movement", "run"};
    if (parser.isSet("only") && !groups.contains(parser.value("only"))) {
        fmt::print(stderr, "--only takes one of {}.\n", groups.join(", ").toStdString());
        return 2;
    }
    const std::string only = parser.value("only").toStdString();
    return measure({only, parser.isSet("quick")}, argv[0], parser.value("json").toStdString());
}
