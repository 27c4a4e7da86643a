#include "train/networklist.h"

#include "base/numbertext.h"
#include "base/plaintext.h"
#include "base/text.h"
#include "lab/experiment.h"
#include "lab/jsonfields.h"
#include "lab/runerror.h"
#include "train/imagetask.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <memory>

namespace losslab {

namespace {

constexpr std::size_t mostNetworks = 200, longestName = 40;

/// "lr 0.001" or "decay 0.0001" of a network.
Result<void> readOption(NamedNetwork &network, std::string_view option)
{
    const std::size_t space = std::min(option.find_first_of(" ="), option.size());
    const std::string_view key = option.substr(0, space), typed = trimmed(option.substr(space));
    const bool rate = key == "lr";
    if (!rate && key != "decay")
        return usageError(
            fmt::format("“{}” of {} is neither “lr 0.001” nor “decay 0.0001”.", option, network.name));
    const std::string_view text = typed.starts_with('=') ? trimmed(typed.substr(1)) : typed;
    const auto number = readNumber<double>(text);
    if (!number || !(rate ? *number >= 1e-7 && *number <= 10 : *number >= 0 && *number <= 1))
        return usageError(
            fmt::format("The {} of {} is a number {}, not “{}”.{}", rate ? "learning rate" : "weight decay",
                        network.name, rate ? "from 0.0000001 to 10" : "from 0 to 1", text,
                        text.find(',') != std::string_view::npos ? " Decimals have a point." : ""));
    std::optional<double> &kept = rate ? network.learningRate : network.weightDecay;
    if (kept)
        return usageError(fmt::format("{} has two of “{}”. Leave one.", network.name, key));
    kept = number;
    return {};
}

/// What is said of a network, not yet read.
struct NetworkParts
{
    std::string name;
    std::string layers;
    std::vector<std::string> options = {}; ///< "lr 0.001"
};

/// "deep: 5, 10 | lr 0.001", number `number` of a list.
NetworkParts partsOf(std::string_view text, std::size_t number)
{
    const std::vector<std::string_view> options = splitAt(text, '|');
    const std::size_t colon = options.front().find(':');
    const bool named = colon != std::string_view::npos;
    NetworkParts network{named ? std::string(trimmed(options.front().substr(0, colon)))
                               : fmt::format("net{}", number),
                         std::string(named ? options.front().substr(colon + 1) : options.front())};
    for (std::size_t i = 1; i < options.size(); ++i)
        if (!options[i].empty())
            network.options.emplace_back(options[i]);
    return network;
}

/// {"name": "deep", "layers": "5, 10", "lr": 0.001}.
Result<NetworkParts> partsOf(const Json &json)
{
    JsonFields fields(json);
    NetworkParts network;
    fields.allow({"name", "layers", "lr", "decay"});
    fields.read("name", network.name);
    fields.read("layers", network.layers);
    for (const char *option : {"lr", "decay"})
        if (double value = 0; fields.has(option)) {
            fields.read(option, value);
            network.options.push_back(fmt::format("{} {}", option, value));
        }
    if (!fields.problem().empty())
        return usageError("A network of the list cannot be read: " + fields.ended());
    return network;
}

Result<NamedNetwork> readNetwork(const NetworkParts &said, const NetworkTask *task)
{
    NamedNetwork network{said.name, {}};
    if (network.name.size() > longestName || !isFileName(network.name)
        || network.name.find_first_of("|;:,\"<>?*") != std::string::npos)
        return usageError(fmt::format("A network's name has 1 to {} letters, digits or dashes, not “{}”.",
                                      longestName, network.name));
    if (network.name.ends_with("-init"))
        return usageError(fmt::format(
            "A network cannot be called {}: the start of one is kept under such a name.", network.name));
    auto layers = task ? readLayers(said.layers, *task) : readLayers(said.layers);
    if (!layers)
        return usageError(fmt::format("{}: {}", network.name, layers.error().message));
    network.layers = std::move(*layers);
    for (const std::string &option : said.options)
        if (const Result<void> read = readOption(network, option); !read)
            return tl::unexpected(read.error());
    return network;
}

/// "0.17", "12", "100": two digits, and whole numbers from 10.
std::string percentText(double percent)
{
    return percent < 10 ? fmt::format("{:.2g}", percent) : fmt::format("{:.0f}", percent);
}

/// What a list says of each, in JSON or between semicolons.
Result<std::vector<NetworkParts>> listed(std::string_view text)
{
    std::vector<NetworkParts> networks;
    if (!trimmed(text).starts_with('[')) {
        for (const std::string_view part : splitAt(text, ';'))
            if (!part.empty())
                networks.push_back(partsOf(part, networks.size() + 1));
        return networks;
    }
    const ParsedJson parsed = parseJson(text);
    if (!parsed.json.is_array())
        return usageError("The networks are no list that can be read as JSON.");
    for (const Json &json : parsed.json) {
        Result<NetworkParts> network = partsOf(json);
        if (!network)
            return tl::unexpected(network.error());
        networks.push_back(std::move(*network));
    }
    return networks;
}

/// Of those that can be built.
std::vector<std::int64_t> countsOf(const std::vector<NamedNetwork> &networks, const NetworkTask &task)
{
    std::vector<std::int64_t> counts;
    if (!isKnown(task))
        return counts;
    for (const NamedNetwork &network : networks)
        if (const auto architecture = networkOf(network.layers, task))
            counts.push_back(architecture->parameterCount());
    return counts;
}

} // namespace

Result<std::vector<NamedNetwork>> readNetworks(std::string_view text, const NetworkTask *task)
{
    std::vector<NamedNetwork> networks;
    const Result<std::vector<NetworkParts>> said = listed(text);
    if (!said)
        return tl::unexpected(said.error());
    for (const NetworkParts &one : *said) {
        if (networks.size() == mostNetworks)
            return usageError(fmt::format("There are more than {} networks.", mostNetworks));
        Result<NamedNetwork> network = readNetwork(one, task);
        if (!network)
            return tl::unexpected(network.error());
        // Files are named after networks, also where capitals do not count.
        const auto same = [&](const NamedNetwork &other) {
            return lowered(other.name) == lowered(network->name);
        };
        if (std::any_of(networks.begin(), networks.end(), same))
            return usageError(fmt::format("Two networks are called {}.", network->name));
        networks.push_back(std::move(*network));
    }
    if (networks.empty())
        return usageError("There is no network. Write one as name: 10, 10.");
    return networks;
}

std::string networksText(const std::vector<NamedNetwork> &networks)
{
    std::vector<std::string> texts;
    texts.reserve(networks.size());
    for (const NamedNetwork &network : networks)
        texts.push_back(fmt::format(
            "{}:{}{}{}{}", network.name, network.layers.empty() ? "" : " ", layerText(network.layers),
            network.learningRate ? fmt::format(" | lr {}", *network.learningRate) : "",
            network.weightDecay ? fmt::format(" | decay {}", *network.weightDecay) : ""));
    return fmt::format("{}", fmt::join(texts, "; "));
}

std::string NetworkListKind::range() const
{
    return "networks as name: layers, with | lr and | decay where they have their own, and ; between them";
}

Result<std::string> NetworkListKind::written(std::string_view text) const
{
    const auto networks = networksIn(text);
    if (!networks)
        return tl::unexpected(networks.error());
    if (isKnown(m_task))
        for (const NamedNetwork &network : *networks)
            if (const auto built = networkOf(network.layers, m_task); !built)
                return usageError(fmt::format("{}: {}", network.name, built.error().message));
    return networksText(*networks);
}

Result<std::vector<NamedNetwork>> NetworkListKind::networksIn(std::string_view text) const
{
    return readNetworks(text, isKnown(m_task) ? &m_task : nullptr);
}

std::shared_ptr<const ValueKind> NetworkListKind::forImages(const ImageSurvey &images) const
{
    return isOfImages(m_task) ? std::make_shared<NetworkListKind>(imageTask(images)) : nullptr;
}

std::optional<std::int64_t> NetworkListKind::parameterCount(std::string_view layers) const
{
    const auto networks = networksIn(fmt::format("a: {}", layers));
    const std::vector<std::int64_t> counts =
        networks ? countsOf(*networks, m_task) : std::vector<std::int64_t>();
    return counts.empty() ? std::nullopt : std::optional(counts.front());
}

std::string NetworkListKind::json(const Value &value) const
{
    const auto networks = readNetworks(toText(value));
    if (!networks)
        return {};
    Json list = Json::array();
    for (const NamedNetwork &network : *networks) {
        Json one{{"name", network.name}, {"layers", layerText(network.layers)}};
        if (network.learningRate)
            one["lr"] = *network.learningRate;
        if (network.weightDecay)
            one["decay"] = *network.weightDecay;
        list.push_back(std::move(one));
    }
    return list.dump();
}

std::string NetworkListKind::words(const Value &value) const
{
    constexpr std::size_t mostNamed = 3;
    const auto networks = readNetworks(toText(value));
    if (!networks)
        return toText(value);
    if (networks->size() > mostNamed)
        return fmt::format("{} networks", networks->size());
    std::vector<std::string> texts;
    texts.reserve(networks->size());
    for (const NamedNetwork &network : *networks)
        texts.push_back(
            fmt::format("{} ({}{}{})", network.name,
                        network.layers.empty() ? "no hidden layer" : layerText(network.layers),
                        network.learningRate ? fmt::format("; rate {}", *network.learningRate) : "",
                        network.weightDecay ? fmt::format("; decay {}", *network.weightDecay) : ""));
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string NetworkListKind::note(std::string_view text) const
{
    const auto networks = networksIn(text);
    if (!networks)
        return {};
    const std::vector<std::int64_t> counts = countsOf(*networks, m_task);
    if (counts.empty())
        return {};
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    const double apart = 100 * static_cast<double>(*most - *least) / static_cast<double>(*most);
    const std::string spread = counts.size() < 2 ? ""
                               : apart == 0      ? ", all alike"
                                                 : fmt::format(", within {} %", percentText(apart));
    if (counts.size() > 4)
        return fmt::format("{} to {} parameters{}", countText(*least), countText(*most), spread);
    std::vector<std::string> texts;
    texts.reserve(counts.size());
    for (const std::int64_t count : counts)
        texts.push_back(countText(count));
    return fmt::format("{} parameters{}", fmt::join(texts, " · "), spread);
}

NetworkList::NetworkList(Experiment *owner, std::string key, std::string label,
                         const NetworkListOptions &options)
    : Parameter(owner, parameterInfo(std::move(key), std::move(label), options,
                                     std::make_shared<NetworkListKind>(options.task)))
{}

std::vector<NamedNetwork> NetworkList::networks() const
{
    return readNetworks(std::get<std::string>(value())).value_or(std::vector<NamedNetwork>());
}

std::vector<NamedNetwork> NetworkList::in(const RunSpec &spec) const
{
    return readNetworks(toText(valueIn(spec))).value_or(std::vector<NamedNetwork>());
}

Architecture NetworkList::built(const NamedNetwork &network, const NetworkTask &task, Activation activation)
{
    const auto architecture = networkOf(network.layers, task, activation);
    if (!architecture)
        throw RunError(
            {architecture.error().kind, fmt::format("{}: {}", network.name, architecture.error().message)});
    return *architecture;
}

} // namespace losslab
