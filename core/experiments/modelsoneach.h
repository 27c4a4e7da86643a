#pragma once

#include "train/networklist.h"

#include <cstddef>
#include <fmt/format.h>
#include <string>
#include <vector>

/// Networks that are each trained on several things, functions or data sets, which have charts of their own:
/// facets.
namespace losslab {

/// Of the first thing none, so that its charts and models bear the names that they have alone; then "2", "3",
/// …
inline std::string facetKey(std::size_t place)
{
    return place == 0 ? std::string() : fmt::format("{}", place + 1);
}

/// What a network on one of them is called: "deep", "deep-2".
inline std::string nameOn(const NamedNetwork &network, const std::string &facet)
{
    return facet.empty() ? network.name : network.name + '-' + facet;
}

struct ModelOnOne
{
    std::string name; ///< of its files, its figures and its series
    NamedNetwork network;
    std::size_t place = 0; ///< of the thing
};

/// Every network on each of so many things, those of the first before those of the second.
inline std::vector<ModelOnOne> modelsOnEach(const std::vector<NamedNetwork> &networks, std::size_t things)
{
    std::vector<ModelOnOne> models;
    for (std::size_t place = 0; place < things; ++place)
        for (const NamedNetwork &network : networks)
            models.push_back({nameOn(network, facetKey(place)), network, place});
    return models;
}

} // namespace losslab
