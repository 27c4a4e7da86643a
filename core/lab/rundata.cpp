#include "lab/rundata.h"

#include "base/text.h"
#include "lab/experiment.h"
#include "lab/runspec.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fmt/ranges.h>
#include <functional>
#include <limits>
#include <set>

namespace losslab {

namespace {

/// Remarks up to which each new one is put into words at once; beyond, that waits for the run's next state.
constexpr std::size_t mostComposedAtOnce = 1000;

/// Natural order: numbers compare as numbers, so that h100 comes before h1000 and rate0.0005 before
/// rate0.001.
bool naturalLess(std::string_view a, std::string_view b)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const auto takeNumber = [](std::string_view &text) {
        double number = 0;
        const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        return number;
    };
    while (!a.empty() && !b.empty()) {
        if (isDigit(a[0]) && isDigit(b[0])) {
            const double numberA = takeNumber(a), numberB = takeNumber(b);
            if (numberA != numberB)
                return numberA < numberB;
        } else if (a[0] != b[0]) {
            return a[0] < b[0];
        } else {
            a.remove_prefix(1);
            b.remove_prefix(1);
        }
    }
    return a.size() < b.size();
}

/// Behind all others, where nothing moves, or between them.
template <class Item>
void put(SharedVector<Item> &items, std::size_t place, Item item)
{
    if (place == items.size())
        items.push_back(std::move(item));
    else
        items.insert(place, std::move(item));
}

template <class Item>
Item *findById(std::vector<Item> &items, const std::string &id)
{
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const Item &item) { return item.id == id; });
    return found == items.end() ? nullptr : &*found;
}

} // namespace

const SeriesData *ChartData::find(const std::string &key) const
{
    const auto found =
        std::find_if(series.begin(), series.end(), [&](const SeriesData &data) { return data.key == key; });
    return found == series.end() ? nullptr : &*found;
}

bool ChartData::empty() const
{
    return std::all_of(series.begin(), series.end(), [](const SeriesData &data) {
        return std::all_of(data.repeats.begin(), data.repeats.end(),
                           [](const SeriesPoints &points) { return points.x.empty(); });
    });
}

bool ChartData::isThinned() const
{
    return std::any_of(series.begin(), series.end(), std::mem_fn(&SeriesData::isThinned));
}

RunData::RunData(const Experiment &experiment) : RunData(experiment, RunSpec()) {}

RunData::RunData(const Experiment &experiment, const RunSpec &spec)
{
    for (const ChartInfo &info : experiment.chartsFor(spec)) {
        chartOf(info.id).info = info;
        Declared &declared = m_declared[info.id];
        declared.sorted = info.sorted;
        for (const SeriesInfo &series : info.series)
            declared.series.push_back(series.key);
    }
    for (const Figure *figure : experiment.figures())
        m_declaredFigures.push_back(figure->info().key);
    for (const Table *table : experiment.tables())
        m_tables.push_back({table->info().id, {}, table->info().rows});
}

const ChartData *RunData::findChart(const std::string &id) const
{
    return findById(const_cast<std::vector<ChartData> &>(m_charts), id);
}

const FigureData *RunData::findFigure(const std::string &model, const std::string &figure) const
{
    const auto found = std::find_if(m_figures.begin(), m_figures.end(), [&](const FigureData &data) {
        return data.model == model && data.figure == figure;
    });
    return found == m_figures.end() ? nullptr : &*found;
}

std::string RunData::whyNoFigures(RunState state) const
{
    if (m_declaredFigures.empty())
        return {}; // the experiment has none
    if (!m_figures.empty())
        return {};
    if (!isEnded(state))
        return "No figures yet: no model has finished.";
    return state == RunState::Finished ? "No figures: none of them can be read."
                                       : "No figures: the run ended before any model had finished.";
}

std::string RunData::modelName(const std::string &model) const
{
    const std::string label = modelLabel(model);
    return label.substr(0, label.find(" ("));
}

std::string RunData::modelLabel(const std::string &model) const
{
    std::set<std::string> labels;
    for (const ChartData &chart : m_charts)
        for (const SeriesInfo &series : chart.info.series)
            if (series.key == model)
                labels.insert(series.label);
    return labels.size() == 1 ? *labels.begin() : model;
}

ChartData &RunData::chartOf(const std::string &chart)
{
    if (ChartData *known = findById(m_charts, chart))
        return *known;
    ChartData &fresh = m_charts.emplace_back();
    fresh.id = chart;
    fresh.unfinished = m_unfinished;
    return fresh;
}

/// Of a series that changes.
SeriesData &RunData::seriesOf(const std::string &chartId, const std::string &seriesKey)
{
    ChartData &chart = chartOf(chartId);
    ++chart.revision;

    auto series = std::find_if(chart.series.begin(), chart.series.end(),
                               [&](const SeriesData &data) { return data.key == seriesKey; });
    if (series == chart.series.end()) {
        const std::vector<std::string> &declared = m_declared[chartId].series;
        const auto rank = [&](const std::string &key) {
            return std::find(declared.begin(), declared.end(), key);
        };
        const auto before = [&](const std::string &key, const SeriesData &other) {
            const auto rankA = rank(key), rankB = rank(other.key);
            return rankA != rankB ? rankA < rankB : naturalLess(key, other.key);
        };
        const auto place = std::upper_bound(chart.series.begin(), chart.series.end(), seriesKey, before);
        series = chart.series.insert(place, SeriesData{seriesKey, {}});
    }
    return *series;
}

FigureData &RunData::figureOf(const std::string &model, const std::string &figure)
{
    if (const FigureData *known = findFigure(model, figure))
        return const_cast<FigureData &>(*known);
    const auto rank = [this](const std::string &key) {
        return std::find(m_declaredFigures.begin(), m_declaredFigures.end(), key);
    };
    const FigureData fresh{model, figure, {}};
    const auto before = [&](const FigureData &a, const FigureData &b) {
        return a.model != b.model ? naturalLess(a.model, b.model) : rank(a.figure) < rank(b.figure);
    };
    return *m_figures.insert(std::upper_bound(m_figures.begin(), m_figures.end(), fresh, before), fresh);
}

void RunData::addPoint(const PointEvent &point)
{
    SeriesData &series = seriesOf(point.chart, point.series);
    const auto repeat = static_cast<std::size_t>(point.repeat);
    SeriesPoints &to = series.points(repeat);
    series.forgetLive(point.x);
    const bool sorted = m_declared[point.chart].sorted;
    if (!sorted && point.label.empty() && to.labels.empty()) {
        series.append(repeat, point.x, point.y);
        return;
    }
    series.settle();
    std::size_t place = to.x.size();
    while (sorted && place > 0 && std::pair(point.x, point.y) < std::pair(to.x[place - 1], to.y[place - 1]))
        --place;
    if (place < to.x.size())
        ++to.replaced;
    ++to.revision;
    if (!point.label.empty() || !to.labels.empty()) {
        while (to.labels.size() < to.x.size())
            to.labels.push_back({});
        put(to.labels, place, point.label);
    }
    put(to.x, place, point.x);
    put(to.y, place, point.y);
}

void RunData::addRow(const RowEvent &row)
{
    TableData *table = findById(m_tables, row.table);
    if (!table)
        table = &m_tables.emplace_back(TableData{row.table, {}});
    auto place = table->rows.end();
    if (table->order == Rows::Sorted) {
        const auto before = [](const RowEvent &a, const RowEvent &b) {
            return a.repeat != b.repeat ? a.repeat < b.repeat
                                        : a.cells.front().second < b.cells.front().second;
        };
        place = std::upper_bound(table->rows.begin(), table->rows.end(), row, before);
    }
    table->rows.insert(place, row);
}

void RunData::addRemark(const RemarkEvent &remark)
{
    m_remarks.add(remark);
    if (m_remarks.all().size() <= mostComposedAtOnce)
        for (ChartData &chart : m_charts)
            composeRemark(chart);
}

void RunData::annotate(const AnnotationEvent &annotation)
{
    ChartData &chart = chartOf(annotation.chart);
    chart.annotation = annotation.remark;
    chart.lines = annotation.lines;
    ++chart.revision;
    if (m_remarks.all().size() <= mostComposedAtOnce)
        composeRemark(chart);
    else
        chart.remark = chart.annotation; // the rest comes with the run's next state
}

void RunData::composeRemark(ChartData &chart)
{
    std::string text = chart.annotation;
    const auto name = [this](const std::string &model) { return modelName(model); };
    for (const std::string &sentence : m_remarks.sentences(m_repeats, chart.id, name))
        text += (text.empty() ? "" : " · ") + sentence;
    if (text == chart.remark)
        return;
    chart.remark = std::move(text);
    ++chart.revision;
}

std::vector<std::string> RunData::remarkSentences(const Remarks::Name &name) const
{
    std::vector<std::string> sentences = m_remarks.sentences(m_repeats, {}, name);
    for (std::string &sentence : sentences) {
        if (sentence.starts_with("the "))
            sentence[0] = 'T';
        sentence += '.';
    }
    return sentences;
}

void RunData::addCurve(const CurveEvent &curve)
{
    SeriesData &series = seriesOf(curve.chart, curve.series);
    SeriesPoints &to = series.points(static_cast<std::size_t>(curve.repeat));
    to.x = curve.x;
    to.y = curve.y;
    to.labels = curve.labels;
    ++to.revision;
    ++to.replaced;
}

/// Points of one x take each other's place: of what has no epochs, only the last is seen.
void RunData::addLive(const LiveEvent &live)
{
    SeriesPoints &to = seriesOf(live.chart, live.series).live;
    const auto place =
        static_cast<std::size_t>(std::lower_bound(to.x.begin(), to.x.end(), live.x) - to.x.begin());
    std::vector<double> x(to.x.begin(), to.x.end()), y(to.y.begin(), to.y.end());
    if (place == x.size() || x[place] != live.x) {
        x.insert(x.begin() + static_cast<std::ptrdiff_t>(place), live.x);
        y.insert(y.begin() + static_cast<std::ptrdiff_t>(place), live.y);
    }
    y[place] = live.y;
    to.x = std::move(x);
    to.y = std::move(y);
    ++to.revision;
    ++to.replaced;
}

void RunData::setUnfinished(std::optional<std::size_t> repeat)
{
    if (repeat == m_unfinished)
        return;
    m_unfinished = repeat;
    for (ChartData &chart : m_charts) {
        chart.unfinished = repeat;
        ++chart.revision;
    }
}

void RunData::takeState(const StateEvent &state)
{
    m_state = state.state;
    m_stateMessage = state.message;
    if (state.state == RunState::Finished)
        setUnfinished(std::nullopt);
    for (ChartData &chart : m_charts)
        for (SeriesData &series : chart.series) {
            series.settle();
            if (isEnded(state.state))
                series.forgetLive();
        }
    if (m_remarks.all().size() > mostComposedAtOnce)
        for (ChartData &chart : m_charts)
            composeRemark(chart);
}

void RunData::apply(const Event &event)
{
    const int repeatsBefore = m_repeats;
    std::visit(
        [this](const auto &value) {
            if constexpr (requires { value.repeat; }) {
                m_repeats = std::max(m_repeats, value.repeat + 1);
                setUnfinished(std::max(m_unfinished.value_or(0), static_cast<std::size_t>(value.repeat)));
            }
        },
        event);
    if (m_repeats != repeatsBefore && m_remarks.all().size() <= mostComposedAtOnce)
        for (ChartData &chart : m_charts)
            composeRemark(chart); // "2 of 4" is "2 of 5" from now on
    if (const auto *point = std::get_if<PointEvent>(&event)) {
        addPoint(*point);
    } else if (const auto *curve = std::get_if<CurveEvent>(&event)) {
        addCurve(*curve);
    } else if (const auto *live = std::get_if<LiveEvent>(&event)) {
        addLive(*live);
    } else if (const auto *annotation = std::get_if<AnnotationEvent>(&event)) {
        annotate(*annotation);
    } else if (const auto *row = std::get_if<RowEvent>(&event)) {
        addRow(*row);
    } else if (const auto *figure = std::get_if<FigureEvent>(&event)) {
        FigureData &known = figureOf(figure->model, figure->figure);
        known.values.resize(std::max(known.values.size(), static_cast<std::size_t>(figure->repeat) + 1),
                            std::numeric_limits<double>::quiet_NaN());
        known.values[static_cast<std::size_t>(figure->repeat)] = figure->value;
    } else if (const auto *remark = std::get_if<RemarkEvent>(&event)) {
        addRemark(*remark);
    } else if (const auto *training = std::get_if<TrainingEvent>(&event)) {
        m_training[training->model] = training->facts;
    } else if (const auto *progress = std::get_if<ProgressEvent>(&event)) {
        m_progress = *progress;
    } else if (const auto *note = std::get_if<NoteEvent>(&event)) {
        m_notes.push_back(*note);
    } else if (const auto *state = std::get_if<StateEvent>(&event)) {
        takeState(*state);
    }
}

namespace {

/// As short as a list of networks has it: "lr 0.001".
std::string brief(std::string_view said)
{
    std::string part(said);
    for (const auto &[whole, letters] :
         {std::pair("learning rate ", "lr "), std::pair("weight decay ", "decay ")})
        if (part.starts_with(whole))
            part.replace(0, std::string_view(whole).size(), letters);
    return part;
}

/// The texts, without the parts that all of them have where each keeps some: "lr 0.001" of "adam, learning
/// rate 0.001".
std::map<std::string, std::string> whatDiffers(const std::map<std::string, std::vector<std::string>> &models)
{
    std::map<std::string_view, int> uses;
    for (const auto &[text, names] : models)
        for (const std::string_view part : splitAt(text, ','))
            ++uses[part];
    std::map<std::string, std::string> whole, rest;
    for (const auto &[text, names] : models)
        for (const std::string_view part : splitAt(text, ',')) {
            const auto append = [&](std::string &to) { to += (to.empty() ? "" : ", ") + brief(part); };
            append(whole[text]);
            if (uses[part] < static_cast<int>(models.size()))
                append(rest[text]);
        }
    return rest.size() == models.size() ? rest : whole;
}

/// "engine lanes (wide: autograd)": what most have, then the others'.
std::string differenceText(const RunData &data, const std::string &what)
{
    constexpr std::size_t mostTold = 4;
    std::map<std::string, std::vector<std::string>> models; // by what they have
    for (const auto &[model, facts] : data.training())
        if (const auto fact = facts.find(what); fact != facts.end())
            models[fact->second].push_back(data.modelName(model));
    if (models.size() < 2 || models.size() > mostTold)
        return {};
    const auto usual = std::max_element(models.begin(), models.end(), [](const auto &a, const auto &b) {
        return a.second.size() < b.second.size();
    });
    const std::map<std::string, std::string> differs = whatDiffers(models);
    std::vector<std::string> others;
    for (const auto &[fact, names] : models)
        if (fact != usual->first)
            others.push_back(fmt::format("{}: {}", fmt::join(names, ", "), differs.at(fact)));
    return fmt::format("{} {} ({})", what, differs.at(usual->first), fmt::join(others, "; "));
}

} // namespace

std::string differencesText(const RunData &data)
{
    std::string text;
    for (const char *what : {"engine", "optimizer", "activation"})
        if (const std::string difference = differenceText(data, what); !difference.empty())
            text += (text.empty() ? "" : " · ") + difference;
    return text;
}

std::string pictureCaption(const RunSpec &spec, const Experiment &experiment, const RunData &data)
{
    const std::string differences = differencesText(data);
    return caption(spec, experiment) + (differences.empty() ? "" : " · ") + differences
           + (data.state() == RunState::Finished ? "" : " · not finished")
           + (data.isIncomplete() ? " · part of it cannot be read" : "");
}

} // namespace losslab
