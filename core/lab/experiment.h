#pragma once

#include "lab/chart.h"
#include "lab/condition.h"
#include "lab/figure.h"
#include "lab/imagesurvey.h"
#include "lab/parameter.h"
#include "lab/table.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

class Run;
struct RunSpec;

/// The homework's three parts.
enum class Part {
    Depth,
    Optimization,
    Generalization,
};

/// "Deep against shallow", "Optimization", "Generalization".
std::string_view partTitle(Part part);

/// The report that the experiments began with.
const Source &homeworkReport();
/// The slides that set the homework.
const Source &homeworkSlides();

/// Settings of an experiment under a name, beside those of its report preset.
struct DeclaredPreset
{
    std::string name;  ///< on the command line and in files: "double-descent"
    std::string title; ///< in the window: "Double descent"
    std::string about; ///< a sentence without its full stop
    std::vector<std::pair<std::string, Value>> settings; ///< by key
};

struct ExperimentInfo
{
    std::string id;       ///< on the command line and in files: "function-fit"
    std::string title;    ///< in the window: "Simulate a function"
    std::string question; ///< one sentence: what it asks
    std::string promise; ///< what Run does and shows, as it follows "Press Run to": "train …, and watch ….".
    Part part = Part::Depth;
    bool needsImages = false;                 ///< trains on the data set chosen (else on a function)
    std::optional<Condition> imagesWhen = {}; ///< what it does so with alone, see Experiment::needsImages()
    int repeats = 1;                          ///< seeds trained as standard, in every preset
    Source source = homeworkReport();         ///< of the published values
    std::vector<DeclaredPreset> presets = {}; ///< beside report, quick and slides
};

/// Parameters that are each well but do not go together.
struct Conflict
{
    std::string parameter; ///< key of one to change
    std::string message;   ///< a sentence: what is wrong
};

/// Memory that a run takes in bytes, roughly: what grows with the settings.
struct MemoryNeed
{
    double together = 0;                                     ///< for all models: histories
    std::vector<std::pair<std::string, double>> models = {}; ///< of each, by name, while it is at work
    std::vector<std::string> parameters = {};                ///< keys: what to lower, the best first
};

/// An experiment is a declaration (its members: parameters, charts, tables, figures) and a loop (run). It has
/// no interface code: form, command line, charts, exports, help and tests are made from the declaration.
class Experiment
{
public:
    explicit Experiment(ExperimentInfo info) : m_info(std::move(info)) {}
    virtual ~Experiment() = default;
    Experiment(const Experiment &) = delete;
    Experiment &operator=(const Experiment &) = delete;

    const ExperimentInfo &info() const { return m_info; }
    /// Whether it trains on the data set chosen with a spec's settings, or with those that its parameters
    /// have. What a spec lacks has its value of the report preset.
    bool needsImages(const RunSpec &spec) const;
    bool needsImages() const;
    /// How its figures over several seeds are summed up with a spec's settings: those of regressions, where
    /// one network that died would pull a mean anywhere, by the median.
    Spread spread(const RunSpec &spec) const { return needsImages(spec) ? Spread::Mean : Spread::Median; }
    const std::vector<Parameter *> &parameters() const { return m_parameters; }
    const std::vector<const Chart *> &charts() const { return m_charts; }
    /// As they are in a run with these settings, those of one facet one behind another.
    std::vector<ChartInfo> chartsFor(const RunSpec &spec) const;
    const std::vector<const Table *> &tables() const { return m_tables; }
    const std::vector<const Figure *> &figures() const { return m_figures; }

    Parameter *findParameter(std::string_view key) const;
    const FigureInfo *findFigure(std::string_view key) const;

    /// Whether it has the preset: other ones than the report's only where some value of theirs is another.
    bool offers(Preset preset) const;

    /// The images that it is to train on, where it needs some: parameters, checks and memoryNeed() are of
    /// these. Values that are there already are held to them when they are set anew. Of images of which
    /// nothing is known, parameters take whatever some could have, and nothing else may be asked.
    void setImages(const ImageSurvey &images);
    const ImageSurvey &images() const { return m_images; }

    /// Gives one name to what its parameters, as they are set, can say in several ways. Asked for before
    /// conflict().
    virtual void normalize() {}
    /// What its parameters, with the values they have, do not hold together or with the images: a group's
    /// rules first, then check(). Asked before a run begins and while a form is filled in, so it must be
    /// quick.
    std::optional<Conflict> conflict() const;
    /// For groups of parameters that experiments have as members: what theirs must hold.
    using Rule = std::function<std::optional<Conflict>()>;
    void addRule(Rule rule) { m_rules.push_back(std::move(rule)); }

    /// What it will need with these values: refused where this machine has not as much, and models that do
    /// not fit side by side are trained one after the other.
    virtual MemoryNeed memoryNeed() const { return {}; }

    /// Trains, for one seed, on the calling thread and those of run.each(). Throws RunError (or anything
    /// LibTorch throws) on failure and Stopped on stop; the runner turns both into a state.
    virtual void run(Run &run) = 0;

protected:
    /// What only this experiment's parameters must hold together.
    virtual std::optional<Conflict> check() const { return std::nullopt; }

private:
    friend class Parameter;
    friend class Chart;
    friend class Table;
    friend class Figure;

    ExperimentInfo m_info;
    ImageSurvey m_images = usualImages;
    std::vector<Rule> m_rules;
    std::vector<Parameter *> m_parameters;
    std::vector<const Chart *> m_charts;
    std::vector<const Table *> m_tables;
    std::vector<const Figure *> m_figures;
};

} // namespace losslab
