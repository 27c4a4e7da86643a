#pragma once

#include <string>

namespace losslab {

/// Whether a RunSpec's data are MNIST itself: its id, or a folder that holds its four files as they are
/// distributed (a folder is looked at once in a program's life).
bool isMnist(const std::string &data);

/// What a RunSpec's data are called in a sentence: the id, or the folder's own name.
std::string dataName(const std::string &data);

} // namespace losslab
