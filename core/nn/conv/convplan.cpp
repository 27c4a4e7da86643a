#include "nn/conv/convplan.h"

namespace losslab {

namespace {

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
        auto channels = static_cast<std::size_t>(input[0]), height = static_cast<std::size_t>(input[1]),
             width = static_cast<std::size_t>(input[2]);
        while (const Conv2d *conv = take<Conv2d>()) {
            const auto kernel = static_cast<std::size_t>(conv->kernel);
            const MaxPool2d *pool = takeRelu() ? take<MaxPool2d>() : nullptr;
            if (!pool || !conv->isPlain() || pool->size != 2 || kernel < kernels::PooledConv::minKernel
                || kernel > kernels::PooledConv::maxKernel || height < kernel + 1 || width < kernel + 1)
                return std::nullopt;
            addConv({channels, height, width, static_cast<std::size_t>(conv->out), kernel});
            const kernels::PooledConv &shape = m_plan.convs.back().shape;
            channels = shape.out;
            height = shape.pooledHeight();
            width = shape.pooledWidth();
        }
        if (m_plan.convs.empty() || !take<Flatten>())
            return std::nullopt;
        while (const Linear *linear = take<Linear>())
            addDense(*linear);
        if (m_next != m_architecture.layers.size() || m_plan.denses.empty() || m_plan.denses.back().relu
            || m_plan.denses.back().dropout > 0)
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

    bool takeRelu()
    {
        if (m_next == m_architecture.layers.size())
            return false;
        const auto *activate = std::get_if<Activate>(&m_architecture.layers[m_next]);
        return activate && activate->function == Activation::Relu && take<Activate>();
    }

    std::size_t nextOffset() { return static_cast<std::size_t>(m_slices[m_nextSlice++].offset); }

    void addConv(const kernels::PooledConv &shape)
    {
        const std::size_t weight = nextOffset(), bias = nextOffset();
        m_plan.convs.push_back({shape, weight, bias, m_plan.filterCount});
        m_plan.filterCount += m_plan.convs.size() == 1
                                  ? shape.out * shape.in * shape.kernel * kernels::firstRow
                                  : shape.out * shape.paddedIn() * shape.kernel * shape.kernel;
    }

    void addDense(const Linear &linear)
    {
        const std::size_t weight = nextOffset(), bias = nextOffset();
        DenseStage stage{static_cast<std::size_t>(linear.in), static_cast<std::size_t>(linear.out), weight,
                         bias};
        stage.relu = takeRelu();
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
        const auto [in, height, width, out, kernel] = stage.shape;
        const bool first = &stage == &plan.convs.front();
        std::size_t weight = stage.weight;
        for (std::size_t o = 0; o < out; ++o) {
            for (std::size_t c = 0; c < in; ++c) {
                const std::size_t block =
                    o * stage.shape.paddedIn() + c / kernels::convChannels * kernels::convChannels;
                for (std::size_t ky = 0; ky < kernel; ++ky) {
                    for (std::size_t kx = 0; kx < kernel; ++kx) {
                        const std::size_t place =
                            first ? ((o * in + c) * kernel + ky) * kernels::firstRow + kx
                                  : block * kernel * kernel + (ky * kernel + kx) * kernels::convChannels
                                        + c % kernels::convChannels;
                        use(weight++, stage.filters + place);
                    }
                }
            }
        }
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
