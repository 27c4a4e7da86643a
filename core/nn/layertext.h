#pragma once

#include "base/result.h"
#include "nn/architecture.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Hidden layers as a person writes them, one after the other, between commas, spaces or dashes:
///     5, 10, 10                                                 dense layers of these widths
///     conv 10 4, pool 2, conv 20 4 stride 2 pad same, 50, dropout 0.25
/// `conv CHANNELS KERNEL [stride S] [pad P|same]`, `pool N` and `avgpool N`, `dropout P`. Nothing: no hidden
/// layer. An activation follows every convolution and every dense layer; what comes in and what comes out is
/// told by what the network is for.
namespace losslab {

struct DenseWord
{
    std::int64_t width = 0;
};

struct ConvWord
{
    std::int64_t channels = 0;
    std::int64_t kernel = 0;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
    bool same = false; ///< padded so that a stride of 1 keeps the map's size, the odd one after
};

struct PoolWord
{
    std::int64_t size = 2;
    bool mean = false;
};

struct DropoutWord
{
    double probability = 0.5;
};

using LayerWord = std::variant<DenseWord, ConvWord, PoolWord, DropoutWord>;

/// What a network is for.
struct NetworkTask
{
    std::vector<std::int64_t> input; ///< {1}, or channels, rows and columns of an image
    std::int64_t outputs = 1;
};

/// Usage error: a sentence about the word that is not understood.
Result<std::vector<LayerWord>> readLayers(std::string_view text);
/// The same of a network for this task: where all its widths are written with dashes, "784-500-10", those of
/// input and output are no hidden layers.
Result<std::vector<LayerWord>> readLayers(std::string_view text, const NetworkTask &task);

/// As it is best written.
std::string layerText(const std::vector<LayerWord> &words);

/// The network with these hidden layers. One that begins with a dense layer takes its input flat. Usage
/// error: a sentence about what cannot be, "conv 20 5 after a map of 3 × 3 leaves nothing.", or about a
/// network that is too large.
Result<Architecture> networkOf(const std::vector<LayerWord> &words, const NetworkTask &task,
                               Activation activation = Activation::Relu);

} // namespace losslab
