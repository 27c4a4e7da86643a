#include "ui/parameterform.h"

#include "lab/experiment.h"
#include "ui/elidedlabel.h"
#include "ui/fieldinfos.h"
#include "ui/icons.h"
#include "ui/parameterfield.h"
#include "ui/plainlabel.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <algorithm>

namespace losslab::ui {

namespace {

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new PlainLabel(text, parent);
    label->setProperty("role", "heading");
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * 0.9);
    label->setFont(font);
    return label;
}

} // namespace

ParameterForm::ParameterForm(Experiment &experiment, QWidget *parent)
    : QWidget(parent),
      m_experiment(experiment),
      m_summary(new ElidedLabel(this)),
      m_resetAll(new QPushButton(tr("Reset to preset"), this))
{
    setObjectName(QStringLiteral("form"));
    setAccessibleName(tr("Settings of %1").arg(fromText(experiment.info().title)));
    m_resetAll->setObjectName(QStringLiteral("resetAll"));
    m_resetAll->setIcon(icon(QStringLiteral("reset"), QPalette::Highlight));
    m_resetAll->setProperty("quiet", true);
    connect(m_resetAll, &QPushButton::clicked, this, &ParameterForm::reset);

    QWidget *fields = makeFields();
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(fields);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    connect(scroll->horizontalScrollBar(), &QScrollBar::valueChanged, scroll->horizontalScrollBar(),
            [bar = scroll->horizontalScrollBar()] { bar->setValue(0); }); // Tab never scrolls sideways
    // The bar takes the margin and a little more.
    scroll->setMinimumWidth(fields->minimumSizeHint().width()
                            + scroll->verticalScrollBar()->sizeHint().width() - gridStep / 2);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(gridStep + gridStep / 2, gridStep, 0, gridStep);
    layout->setSpacing(2);
    layout->addWidget(makeHeader());
    layout->addWidget(scroll, 1);
    layout->addWidget(m_resetAll, 0, Qt::AlignLeft);
    orderTabs();
    m_history.setUndoLimit(100);
    applyStandards();
    takeImages();
    m_settled = state();
}

/// A field that has the focus tells of its end.
ParameterForm::~ParameterForm()
{
    for (ParameterField *field : m_fields)
        field->disconnect(this);
}

/// Through the fields from the top, to what resets them all at the end.
void ParameterForm::orderTabs()
{
    QWidget *before = nullptr;
    const auto next = [&before](QWidget *widget) {
        if (before)
            setTabOrder(before, widget);
        before = widget;
    };
    for (const ParameterField *field : m_fields) {
        next(field->editor());
        next(field->resetButton());
    }
    next(m_resetAll);
}

QWidget *ParameterForm::makeHeader()
{
    auto *header = new QWidget(this);
    auto *title = new PlainLabel(tr("Settings"), header);
    QFont bold = title->font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    m_summary->setObjectName(QStringLiteral("presetSummary"));
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(title);
    layout->addWidget(m_summary);
    return header;
}

QWidget *ParameterForm::makeFields()
{
    auto *fields = new QWidget(this);
    auto *grid = new QGridLayout(fields);
    grid->setContentsMargins(0, 0, gridStep / 2, gridStep);
    grid->setHorizontalSpacing(gridStep / 2);
    grid->setVerticalSpacing(gridStep / 2);
    grid->setColumnStretch(ParameterField::LabelColumn, 1);
    for (ParameterInfo &info : fieldInfos(m_experiment))
        addField(*grid, std::move(info));
    grid->setRowStretch(grid->rowCount(), 1);
    return fields;
}

ParameterField *ParameterForm::addField(QGridLayout &grid, ParameterInfo info)
{
    const int row = grid.rowCount();
    const QString group = fromText(info.group);
    if (group != m_group) {
        grid.setRowMinimumHeight(row, 2 * gridStep);
        grid.addWidget(heading(group, this), row + 1, ParameterField::LabelColumn, 1, 3);
        m_group = group;
    }
    auto *field = new ParameterField(std::move(info), this);
    field->setValue(field->standard());
    field->place(grid, grid.rowCount());
    connect(field, &ParameterField::edited, this, [this, field] {
        showWhatApplies();
        const auto &asked = m_experiment.info().imagesWhen;
        if (field->info().key == "data" || (asked && asked->parameter == field->info().key))
            takeImages();
        checkTogether();
        updateSummary();
        Q_EMIT changed();
    });
    connect(field, &ParameterField::settled, this, &ParameterForm::settle);
    connect(field, &ParameterField::resetRequested, this,
            [this, field] { replace({}, [field] { field->setValue(field->standard()); }); });
    m_fields.push_back(field);
    return field;
}

ParameterField *ParameterForm::field(const std::string &key) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [&](const ParameterField *field) { return field->info().key == key; });
    return found == m_fields.end() ? nullptr : *found;
}

/// What the preset says, or else its base.
const Value &ParameterForm::standardOf(const ParameterField &field) const
{
    const Value *own = m_preset.find(field.info().key);
    return own ? *own : field.info().preset(m_preset.base);
}

RunSpec ParameterForm::spec() const
{
    RunSpec spec = makeSpec(m_experiment, m_preset.base);
    const auto valueOf = [this](const ParameterField &field) {
        return field.value().value_or(field.standard());
    };
    for (auto &[key, value] : spec.parameters)
        value = valueOf(*field(key));
    spec.seed = static_cast<std::uint64_t>(std::get<std::int64_t>(valueOf(*field("seed"))));
    spec.repeats = static_cast<int>(std::get<std::int64_t>(valueOf(*field("repeats"))));
    spec.threads = static_cast<int>(std::get<std::int64_t>(valueOf(*field("threads"))));
    if (const ParameterField *data = field("data"))
        spec.data = std::get<std::string>(valueOf(*data));
    dropUnused(spec, m_experiment, m_preset);
    if (m_preset.isNamed() && isOf(spec, m_experiment, m_preset))
        spec.ownPreset = m_preset.name;
    return spec;
}

bool ParameterForm::agreesWith(const RunSpec &spec) const
{
    const RunSpec own = this->spec();
    const bool sameData = !field("data") || own.data == spec.data;
    return problem().isEmpty() && own.seed == spec.seed && own.repeats == spec.repeats && sameData
           && oneNameEach(own) == oneNameEach(spec);
}

void ParameterForm::refresh()
{
    for (ParameterField *field : m_fields)
        field->refresh();
    takeImages();
    checkTogether();
}

QString ParameterForm::problem() const
{
    for (const ParameterField *field : m_fields)
        if (const QString wrong = field->problem(); !wrong.isEmpty())
            return QStringLiteral("%1: %2").arg(fromText(field->info().label), wrong);
    return {};
}

int ParameterForm::changedCount() const
{
    return static_cast<int>(std::count_if(m_fields.begin(), m_fields.end(),
                                          [](const ParameterField *field) { return field->isChanged(); }));
}

void ParameterForm::applyStandards()
{
    for (ParameterField *field : m_fields)
        field->setStandard(standardOf(*field));
    updateSummary();
}

void ParameterForm::updateSummary()
{
    const int count = changedCount();
    const QString preset = tr("%1 preset").arg(fromText(m_preset.title()));
    m_summary->setText(count == 0 ? preset : tr("%1, %2 changed").arg(preset).arg(count));
    m_resetAll->setEnabled(count > 0);
}

} // namespace losslab::ui
