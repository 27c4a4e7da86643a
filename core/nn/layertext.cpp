#include "nn/layertext.h"

#include "base/names.h"
#include "base/numbertext.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

namespace losslab {

namespace {

constexpr std::int64_t widest = 100000, mostChannels = 4096, largestKernel = 100;
constexpr std::int64_t mostParameters = 50'000'000;
constexpr std::size_t mostLayers = 100;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Whether the dash at a place belongs to a number, as in "-5" and "1e-3", and parts nothing.
bool isSign(std::string_view text, std::size_t place, std::string_view token)
{
    const bool beforeDigit = place + 1 < text.size() && isDigit(text[place + 1]);
    return beforeDigit && (token.empty() || (token.back() == 'e' && (isDigit(token[0]) || token[0] == '.')));
}

/// A word or a number, in lower case.
struct Token
{
    std::string text;
    bool apart = false; ///< from the one before by more than spaces
};

/// "a", "b": the words and numbers, without what parts them.
std::vector<Token> tokensOf(std::string_view text)
{
    std::vector<Token> tokens;
    bool within = false, apart = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool parts =
            c == ' ' || c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r'
            || (c == '-'
                && !isSign(text, i, within ? std::string_view(tokens.back().text) : std::string_view()));
        apart = apart || (parts && c != ' ' && c != '\t');
        if (!parts && !within)
            tokens.push_back({{}, std::exchange(apart, false)});
        within = !parts;
        if (within)
            tokens.back().text.push_back(c);
    }
    return tokens;
}

/// Reads tokens one after the other.
class LayerReader
{
public:
    explicit LayerReader(std::string_view text) : m_tokens(tokensOf(lowered(text))) {}

    Result<std::vector<LayerWord>> read()
    {
        std::vector<LayerWord> words;
        while (m_next < m_tokens.size()) {
            if (words.size() == mostLayers)
                return usageError(fmt::format("There are more than {} layers.", mostLayers));
            Result<LayerWord> word = readWord();
            if (!word)
                return tl::unexpected(word.error());
            m_afterWord = !std::holds_alternative<DenseWord>(*word);
            words.push_back(*word);
        }
        return words;
    }

private:
    Result<LayerWord> readWord()
    {
        const auto &[token, apart] = m_tokens[m_next];
        if (token == "conv")
            return readConv();
        if (token == "pool" || token == "maxpool" || token == "avgpool")
            return readPool(token == "avgpool");
        if (token == "dropout")
            return readDropout();
        const bool isNumber = isDigit(token[0]) || token[0] == '+' || token[0] == '-';
        if (isNumber && !apart && m_afterWord)
            return usageError(
                fmt::format("“{}” needs a comma before it to be a layer, or is one number too many.", token));
        if (isNumber)
            return whole("A dense layer's width", widest, 0).map([](std::int64_t width) -> LayerWord {
                return DenseWord{width};
            });
        const std::string near = nearestName(token, {"conv", "pool", "avgpool", "dropout"});
        return usageError(fmt::format("“{}” is no layer{} Layers are widths such as 50, conv 10 4, pool 2, "
                                      "avgpool 2 and dropout 0.25.",
                                      token, near.empty() ? "." : fmt::format("; did you mean {}?", near)));
    }

    /// The whole number from 1 that is `ahead` of the next token; leaves the reader behind it.
    Result<std::int64_t> whole(const char *what, std::int64_t most, std::size_t ahead = 1,
                               std::int64_t least = 1)
    {
        m_next += ahead;
        if (m_next >= m_tokens.size())
            return usageError(fmt::format("{} is missing at the end.", what));
        const auto number = readNumber<std::int64_t>(m_tokens[m_next].text);
        if (!number || *number < least || *number > most)
            return usageError(fmt::format("{} is a whole number from {} to {}, not {}.", what, least,
                                          countText(most), m_tokens[m_next].text));
        ++m_next;
        return *number;
    }

    Result<LayerWord> readConv()
    {
        ConvWord conv;
        const auto channels =
            whole("The number of channels of conv (conv 10 4: ten channels, kernels of 4 × 4)", mostChannels);
        if (!channels)
            return tl::unexpected(channels.error());
        const auto kernel = whole("The kernel of conv", largestKernel, 0);
        if (!kernel)
            return tl::unexpected(kernel.error());
        conv.channels = *channels;
        conv.kernel = *kernel;
        while (m_next < m_tokens.size()
               && (m_tokens[m_next].text == "stride" || m_tokens[m_next].text == "pad")) {
            const bool isStride = m_tokens[m_next].text == "stride";
            if (!isStride && m_next + 1 < m_tokens.size() && m_tokens[m_next + 1].text == "same") {
                conv.same = true;
                m_next += 2;
                continue;
            }
            const auto number = isStride ? whole("The stride of conv", largestKernel)
                                         : whole("The padding of conv", largestKernel, 1, 0);
            if (!number)
                return tl::unexpected(number.error());
            (isStride ? conv.stride : conv.padding) = *number;
        }
        return LayerWord(conv);
    }

    Result<LayerWord> readPool(bool mean)
    {
        return whole(mean ? "The window of avgpool" : "The window of pool", largestKernel)
            .map([mean](std::int64_t size) -> LayerWord {
                return PoolWord{size, mean};
            });
    }

    Result<LayerWord> readDropout()
    {
        ++m_next;
        const auto share =
            m_next < m_tokens.size() ? readNumber<double>(m_tokens[m_next].text) : std::optional<double>();
        if (!share || !(*share >= 0 && *share < 1))
            return usageError(fmt::format(
                "dropout takes a share from 0 to less than 1, such as 0.25{}",
                m_next < m_tokens.size() ? fmt::format(", not {}.", m_tokens[m_next].text) : "."));
        ++m_next;
        return LayerWord(DropoutWord{*share});
    }

    std::vector<Token> m_tokens;
    std::size_t m_next = 0;
    bool m_afterWord = false; ///< whether the layer before was no plain number
};

struct Writer
{
    std::string operator()(const DenseWord &dense) const { return fmt::format("{}", dense.width); }
    std::string operator()(const ConvWord &conv) const
    {
        return fmt::format("conv {} {}{}{}", conv.channels, conv.kernel,
                           conv.stride == 1 ? "" : fmt::format(" stride {}", conv.stride),
                           conv.same           ? " pad same"
                           : conv.padding == 0 ? ""
                                               : fmt::format(" pad {}", conv.padding));
    }
    std::string operator()(const PoolWord &pool) const
    {
        return fmt::format("{} {}", pool.mean ? "avgpool" : "pool", pool.size);
    }
    std::string operator()(const DropoutWord &dropout) const
    {
        return fmt::format("dropout {}", dropout.probability);
    }
};

/// Builds an architecture word by word.
class Builder
{
public:
    Builder(const NetworkTask &task, Activation activation, bool flat)
        : m_shape(task.input), m_activation(activation)
    {
        if (flat)
            m_shape = {numbers()};
        m_made.input = m_shape;
    }

    Result<void> add(const DenseWord &dense)
    {
        addDense(dense.width);
        activate();
        return {};
    }

    Result<void> add(const ConvWord &conv)
    {
        if (m_shape.size() != 3)
            return refusal(conv, "takes a map, and there is none");
        const std::int64_t around = conv.same ? conv.kernel - 1 : 2 * conv.padding;
        const std::int64_t before = conv.same ? around / 2 : conv.padding;
        const auto along = [&](std::int64_t length) {
            return length + around < conv.kernel ? 0 : (length + around - conv.kernel) / conv.stride + 1;
        };
        return reshape(conv, conv.channels, along(m_shape[1]), along(m_shape[2]), [&](std::int64_t in) {
            m_made.layers.emplace_back(
                Conv2d{in, conv.channels, conv.kernel, conv.stride, before, around - before});
            activate();
        });
    }

    Result<void> add(const PoolWord &pool)
    {
        if (m_shape.size() != 3)
            return refusal(pool, "takes a map, and there is none");
        return reshape(pool, m_shape[0], m_shape[1] / pool.size, m_shape[2] / pool.size, [&](std::int64_t) {
            if (pool.mean)
                m_made.layers.emplace_back(AvgPool2d{pool.size});
            else
                m_made.layers.emplace_back(MaxPool2d{pool.size});
        });
    }

    Result<void> add(const DropoutWord &dropout)
    {
        m_made.layers.emplace_back(Dropout{dropout.probability});
        return {};
    }

    Architecture finished(std::int64_t outputs)
    {
        addDense(outputs);
        return m_made;
    }

private:
    std::int64_t numbers() const
    {
        std::int64_t count = 1;
        for (const std::int64_t length : m_shape)
            count *= length;
        return count;
    }

    void activate()
    {
        if (m_activation != Activation::None)
            m_made.layers.emplace_back(Activate{m_activation});
    }

    void addDense(std::int64_t width)
    {
        if (m_shape.size() > 1)
            m_made.layers.emplace_back(Flatten{});
        m_made.layers.emplace_back(Linear{numbers(), width});
        m_shape = {width};
    }

    template <class Word>
    tl::unexpected<Error> refusal(const Word &word, const std::string &why) const
    {
        return usageError(fmt::format("{} {}.", Writer()(word), why));
    }

    template <class Word, class Make>
    Result<void> reshape(const Word &word, std::int64_t channels, std::int64_t rows, std::int64_t columns,
                         const Make &make)
    {
        if (rows < 1 || columns < 1)
            return usageError(fmt::format("{} after a map of {} × {} leaves nothing.", Writer()(word),
                                          m_shape[1], m_shape[2]));
        make(m_shape[0]);
        m_shape = {channels, rows, columns};
        return {};
    }

    std::vector<std::int64_t> m_shape;
    Activation m_activation;
    Architecture m_made;
};

} // namespace

Result<std::vector<LayerWord>> readLayers(std::string_view text)
{
    return LayerReader(text).read();
}

Result<std::vector<LayerWord>> readLayers(std::string_view text, const NetworkTask &task)
{
    auto words = readLayers(text);
    const auto isWidth = [](const LayerWord &word, std::int64_t width) {
        const auto *dense = std::get_if<DenseWord>(&word);
        return dense && dense->width == width;
    };
    const std::int64_t inputs =
        std::accumulate(task.input.begin(), task.input.end(), std::int64_t{1}, std::multiplies<>());
    const bool dashes = text.find('-') != std::string_view::npos && text.find(',') == std::string_view::npos;
    if (words && dashes && words->size() >= 3 && isWidth(words->front(), inputs)
        && isWidth(words->back(), task.outputs))
    {
        words->erase(words->begin());
        words->pop_back();
    }
    return words;
}

std::string layerText(const std::vector<LayerWord> &words)
{
    std::vector<std::string> texts;
    texts.reserve(words.size());
    for (const LayerWord &word : words)
        texts.push_back(std::visit(Writer(), word));
    return fmt::format("{}", fmt::join(texts, ", "));
}

Result<Architecture> networkOf(const std::vector<LayerWord> &words, const NetworkTask &task,
                               Activation activation)
{
    const auto first = std::find_if(words.begin(), words.end(), [](const LayerWord &word) {
        return !std::holds_alternative<DropoutWord>(word);
    });
    const bool maps = first != words.end() && !std::holds_alternative<DenseWord>(*first);
    Builder builder(task, activation, !maps);
    for (const LayerWord &word : words) {
        const Result<void> added = std::visit([&](const auto &one) { return builder.add(one); }, word);
        if (!added)
            return tl::unexpected(added.error());
    }
    Architecture architecture = builder.finished(task.outputs);
    if (architecture.parameterCount() > mostParameters)
        return usageError(fmt::format("The network has {} parameters. At most {} are taken.",
                                      countText(architecture.parameterCount()), countText(mostParameters)));
    return architecture;
}

} // namespace losslab
