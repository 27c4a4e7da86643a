#pragma once

#include <map>
#include <string>

namespace losslab {

/// What a model was trained with, for the record: "engine" (see makeengine.h), "optimizer", "activation".
using ModelFacts = std::map<std::string, std::string>;

} // namespace losslab
