#include "app/commands/commands.h"

#include "app/output.h"
#include "app/text.h"
#include "data/catalogue.h"
#include "experiments/registry.h"
#include "runs/export.h"
#include "runs/presetlibrary.h"
#include "runs/runjson.h"

#include <algorithm>
#include <memory>

namespace losslab::app {

namespace {

std::string_view scaleName(Scale scale)
{
    return scale == Scale::Log ? "log" : scale == Scale::SymLog ? "symlog" : "linear";
}

std::string_view formatName(Format format)
{
    return format == Format::Percent ? "percent" : "number";
}

std::string_view markName(Mark mark)
{
    switch (mark) {
    case Mark::Line:
        return "line";
    case Mark::Points:
        return "points";
    case Mark::LinePoints:
        return "line-points";
    case Mark::Grouped:
        return "grouped";
    case Mark::Bars:
        break;
    }
    return "bars";
}

Json toJson(const ParameterInfo &info)
{
    const ValueKind &kind = *info.kind;
    Json json{{"key", info.key},   {"label", info.label}, {"kind", kind.name()},  {"group", info.group},
              {"help", info.help}, {"unit", info.unit},   {"range", kind.range()}};
    if (const auto limits = kind.limits()) {
        json["min"] = limits->min;
        json["max"] = limits->max;
        json["scale"] = scaleName(limits->scale);
    }
    for (const Option &option : kind.options())
        json["options"].push_back({{"key", option.key}, {"label", option.label}});
    for (const Preset preset : allPresets)
        json[std::string(presetName(preset))] = valueJson(kind, info.preset(preset));
    return json;
}

Json toJson(const Axis &axis)
{
    Json json{{"title", axis.title}, {"scale", scaleName(axis.scale)}, {"format", formatName(axis.format)}};
    if (axis.min)
        json["min"] = *axis.min;
    if (axis.max)
        json["max"] = *axis.max;
    return json;
}

Json toJson(const ChartInfo &info)
{
    Json json{{"id", info.id}, {"title", info.title}, {"x", toJson(info.x)}, {"y", toJson(info.y)}};
    if (info.right)
        json["right"] = toJson(*info.right);
    json["series"] = Json::array();
    for (const SeriesInfo &series : info.series)
        json["series"].push_back({{"key", series.key},
                                  {"label", series.label},
                                  {"mark", series.isTarget ? "target" : markName(series.mark)},
                                  {"axis", series.rightAxis ? "right" : "left"}});
    return json;
}

Json toJson(const TableInfo &info)
{
    Json json{{"id", info.id}, {"title", info.title}, {"columns", Json::array()}};
    for (const Column &column : info.columns)
        json["columns"].push_back(
            {{"key", column.key}, {"label", column.label}, {"format", formatName(column.format)}});
    return json;
}

Json toJson(const FigureInfo &info)
{
    Json json{{"key", info.key},
              {"label", info.label},
              {"format", formatName(info.format)},
              {"published", Json::array()}};
    for (const Published &published : info.published) {
        Json value{{"model", published.model}};
        putPublished(value, published);
        for (const Condition &condition : published.where)
            value["where"][condition.parameter] = condition.values;
        json["published"].push_back(std::move(value));
    }
    return json;
}

template <class Declared>
Json declarations(const std::vector<Declared *> &all)
{
    Json json = Json::array();
    for (const Declared *one : all)
        json.push_back(toJson(one->info()));
    return json;
}

Json presetNames(const Experiment &experiment)
{
    Json names = Json::array();
    for (const NamedPreset &preset : builtInPresets(experiment))
        names.push_back(preset.name);
    return names;
}

Json toJson(const Experiment &experiment)
{
    const ExperimentInfo &info = experiment.info();
    Json charts = Json::array();
    for (const ChartInfo &chart : experiment.chartsFor({}))
        charts.push_back(toJson(chart));
    return {{"id", info.id},
            {"title", info.title},
            {"part", partTitle(info.part)},
            {"question", info.question},
            {"needsImages", experiment.needsImages()},
            {"repeats", info.repeats},
            {"publishedBy", info.source.text},
            {"presets", presetNames(experiment)},
            {"parameters", declarations(experiment.parameters())},
            {"charts", charts},
            {"tables", declarations(experiment.tables())},
            {"figures", declarations(experiment.figures())}};
}

constexpr std::size_t longestValue = 24; ///< a list of networks would make every line as long as itself

std::string upper(std::string_view text)
{
    std::string result(text);
    for (char &c : result)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return result;
}

const Value &valueOf(const ParameterInfo &parameter, const NamedPreset &preset)
{
    const Value *set = preset.find(parameter.key);
    return set ? *set : parameter.preset(preset.base);
}

void printForPeople(const Experiment &experiment)
{
    const ExperimentInfo &info = experiment.info();
    print("\n  {}: {}\n  {}\n\n", info.id, info.title, info.question);
    std::vector<std::string> head{"    PARAMETER", "WHAT IT IS"};
    const std::vector<NamedPreset> presets = builtInPresets(experiment);
    for (const NamedPreset &preset : presets)
        head.push_back(upper(preset.name));
    head.insert(head.end(), {"UNIT", "TAKES"});
    std::vector<std::vector<std::string>> rows{head};
    for (const Parameter *parameter : experiment.parameters()) {
        const ParameterInfo &declared = parameter->info();
        std::vector<std::string> row{"    " + declared.key, declared.label};
        for (const NamedPreset &preset : presets)
            row.push_back(cutTo(toText(valueOf(declared, preset)), longestValue));
        row.insert(row.end(), {declared.unit, declared.kind->range()});
        rows.push_back(std::move(row));
    }
    const RunData data(experiment);
    std::vector<std::string> charts;
    std::vector<std::string> figures;
    for (const ChartStack &stack : stacksOf(data)) {
        std::transform(stack.begin(), stack.end(), std::back_inserter(charts),
                       [](const ChartData *chart) { return chart->id; });
        if (stack.size() > 1)
            figures.push_back(figureId(stack));
    }
    std::vector<std::string> tables;
    for (const Table *table : experiment.tables())
        tables.push_back(table->info().id);
    app::print("{}    Charts: {}\n", alignedRows(rows), fmt::join(charts, ", "));
    if (!figures.empty())
        app::print("    Several in one figure: {}\n", fmt::join(figures, ", "));
    if (info.repeats > 1)
        app::print("    Repeats: {}, unless --repeats says otherwise\n", info.repeats);
    if (!experiment.offers(Preset::Quick))
        app::print("    No quick preset: the report preset takes a few seconds.\n");
    if (const auto own = ownPresets(info.id).presets; !own.empty())
        app::print("    Own presets: {}\n", fmt::join(namesOf(own), ", "));
    if (!tables.empty())
        app::print("    Tables: {}\n", fmt::join(tables, ", "));
}

/// "26 classes, 28 × 28 pixels, grey".
std::string imagesText(const ImageSurvey &images)
{
    return fmt::format("{} classes, {} × {} pixels, {}", images.classes, images.rows, images.columns,
                       images.channels == 1 ? "grey" : "in colour");
}

/// Those of the catalogue, for experiments that train on images.
Result<void> printDatasets()
{
    const auto catalogue = readCatalogue();
    if (!catalogue)
        return tl::unexpected(catalogue.error());
    std::vector<std::vector<std::string>> rows;
    for (const CatalogueEntry &entry : *catalogue)
        rows.push_back({"  " + entry.id, entry.title, entry.about, imagesText(entry.images),
                        megabytes(entry.bytes()), entry.licence});
    print("\nData sets, for --data\n\n{}", alignedRows(rows));
    return {};
}

struct ListArguments
{
    std::string experiment; ///< empty: all
    bool asJson = false;
};

Result<int> list(const ListArguments &arguments)
{
    if (!arguments.experiment.empty())
        if (const auto known = makeExperiment(arguments.experiment); !known)
            return tl::unexpected(known.error());
    bool needsImages = false;
    Json json = Json::array();
    std::string_view part;
    for (const ExperimentFactory make : registry()) {
        const std::unique_ptr<Experiment> experiment = make();
        const ExperimentInfo &info = experiment->info();
        if (!arguments.experiment.empty() && info.id != arguments.experiment)
            continue;
        needsImages = needsImages || info.needsImages;
        if (arguments.asJson) {
            json.push_back(toJson(*experiment));
            continue;
        }
        const std::string_view itsPart = partTitle(info.part);
        if (itsPart != part)
            print("{}{}\n", part.empty() ? "" : "\n", itsPart);
        part = itsPart;
        printForPeople(*experiment);
    }
    if (arguments.asJson) {
        print("{}\n", json.dump(2));
        return exitcode::done;
    }
    if (!needsImages)
        return exitcode::done;
    return printDatasets().map([] { return exitcode::done; });
}

} // namespace

void addList(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<ListArguments>();
    CLI::App *command = program.add_subcommand(
        "list", "List the experiments, their parameters, presets and charts, and the data sets");
    command->add_option("EXPERIMENT", arguments->experiment, "Only this one (all)")->type_name("");
    command->add_flag("--json", arguments->asJson, "Print everything as JSON");
    command->footer("Examples:\n"
                    "  losslab list\n"
                    "  losslab list function-fit\n"
                    "  losslab list --json | jq -r '.[].id'");
    command->callback([arguments, &outcome] { outcome = list(*arguments); });
}

} // namespace losslab::app
