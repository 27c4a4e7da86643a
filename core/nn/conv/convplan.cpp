#include "nn/conv/convplan.h"

namespace losslab {

namespace {

/// Channels of a convolution without a pool, those that come in times those that go out: every position then
/// has a gradient, and beyond these LibTorch's kernels are as fast.
constexpr std::size_t mostWithoutPool = 1024;

/// Reads an architecture's layers one after the other.
class PlanReader
{
public:
    explicit PlanReader(const Architecture &architecture)
        : m_architecture(architecture), m_slices(architecture.parameters())
    {}

    std::optional<ConvPlan> read()
    {
        const std::vector<std::int64_t> &input = m_architecture.input;
        if (input.size() != 3)
            return std::nullopt;
        auto height = static_cast<std::size_t>(input[1]), width = static_cast<std::size_t>(input[2]);
        while (const Conv2d *conv = take<Conv2d>()) {
            ConvStage stage = stageOf(*conv, height, width);
            const MaxPool2d *pool = take<MaxPool2d>();
            stage.shape.pool = pool ? 2 : 1;
            if (!isPossible(stage) || !gains(stage) || (pool && pool->size != 2))
                return std::nullopt;
            addConv(stage);
            height = stage.shape.pooledHeight();
            width = stage.shape.pooledWidth();
        }
        if (m_plan.convs.empty() || !take<Flatten>())
            return std::nullopt;
        while (const Linear *linear = take<Linear>())
            addDense(*linear);
        if (m_next != m_architecture.layers.size() || m_plan.denses.empty()
            || m_plan.denses.back().activation != Activation::None || m_plan.denses.back().dropout > 0)
            return std::nullopt;
        m_plan.parameterCount = static_cast<std::size_t>(m_architecture.parameterCount());
        return m_plan;
    }

private:
    /// The next layer where it is of this kind.
    template <class Kind>
    const Kind *take()
    {
        if (m_next == m_architecture.layers.size())
            return nullptr;
        const Kind *layer = std::get_if<Kind>(&m_architecture.layers[m_next]);
        m_next += layer ? 1 : 0;
        return layer;
    }

    Activation takeActivation()
    {
        const Activate *activate = take<Activate>();
        return activate ? activate->function : Activation::None;
    }

    /// With its activation, before its pool is known.
    ConvStage stageOf(const Conv2d &conv, std::size_t height, std::size_t width)
    {
        ConvStage stage;
        stage.padding = static_cast<std::size_t>(conv.padding);
        stage.paddingAfter = static_cast<std::size_t>(conv.paddingAfter);
        stage.activation = takeActivation();
        stage.shape.in = static_cast<std::size_t>(conv.in);
        stage.shape.height = height + stage.padding + stage.paddingAfter;
        stage.shape.width = width + stage.padding + stage.paddingAfter;
        stage.shape.out = static_cast<std::size_t>(conv.out);
        stage.shape.kernel = static_cast<std::size_t>(conv.kernel);
        stage.shape.stride = static_cast<std::size_t>(conv.stride);
        stage.shape.relu = stage.activation == Activation::Relu;
        return stage;
    }

    static bool isPossible(const ConvStage &stage)
    {
        const kernels::PooledConv &shape = stage.shape;
        return shape.kernel >= kernels::PooledConv::minKernel
               && shape.kernel <= kernels::PooledConv::maxKernel && shape.height >= shape.kernel
               && shape.width >= shape.kernel && shape.pooled() > 0;
    }

    std::size_t nextOffset() { return static_cast<std::size_t>(m_slices[m_nextSlice++].offset); }

    static bool gains(const ConvStage &stage)
    {
        return stage.shape.pool > 1 || stage.shape.in * stage.shape.out <= mostWithoutPool;
    }

    void addConv(ConvStage stage)
    {
        const kernels::PooledConv &shape = stage.shape;
        stage.weight = nextOffset();
        stage.bias = nextOffset();
        stage.filters = m_plan.filterCount;
        m_plan.convs.push_back(stage);
        m_plan.filterCount += m_plan.convs.size() == 1
                                  ? shape.out * shape.in * shape.kernel * kernels::firstRow
                                  : shape.out * shape.paddedIn() * shape.kernel * shape.kernel;
    }

    void addDense(const Linear &linear)
    {
        const std::size_t weight = nextOffset(), bias = nextOffset();
        DenseStage stage{static_cast<std::size_t>(linear.in), static_cast<std::size_t>(linear.out), weight,
                         bias};
        stage.activation = takeActivation();
        stage.dropoutLayer = m_next;
        if (const Dropout *dropout = take<Dropout>())
            stage.dropout = dropout->probability;
        m_plan.denses.push_back(stage);
    }

    const Architecture &m_architecture;
    std::vector<ParameterSlice> m_slices;
    std::size_t m_next = 0;
    std::size_t m_nextSlice = 0;
    ConvPlan m_plan;
};

/// Calls use(place in the flat parameters, place among the filters) for every weight of the convolutions.
template <class Use>
void forEachWeight(const ConvPlan &plan, const Use &use)
{
    for (const ConvStage &stage : plan.convs) {
        const kernels::PooledConv &shape = stage.shape;
        const kernels::FilterPlaces places{&stage == &plan.convs.front()};
        std::size_t weight = stage.weight;
        for (std::size_t out = 0; out < shape.out; ++out)
            for (std::size_t in = 0; in < shape.in; ++in)
                for (std::size_t ky = 0; ky < shape.kernel; ++ky)
                    for (std::size_t kx = 0; kx < shape.kernel; ++kx)
                        use(weight++, stage.filters + places(shape, out, in, ky, kx));
    }
}

} // namespace

void ConvPlan::packFilters(const float *parameters, float *filters) const
{
    forEachWeight(
        *this, [&](std::size_t parameter, std::size_t filter) { filters[filter] = parameters[parameter]; });
}

void ConvPlan::unpackFilters(const float *filters, float *parameters) const
{
    forEachWeight(
        *this, [&](std::size_t parameter, std::size_t filter) { parameters[parameter] = filters[filter]; });
}

std::optional<ConvPlan> convPlan(const Architecture &architecture)
{
    return PlanReader(architecture).read();
}

} // namespace losslab
