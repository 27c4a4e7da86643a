#pragma once

#include "lab/event.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace losslab {

/// What the trainers of a run have remarked, put together over models and repeats.
class Remarks
{
public:
    /// One of a kind that the model's training in that repeat had already adds its charts to it.
    void add(const RemarkEvent &remark);

    const std::vector<RemarkEvent> &all() const { return m_remarks; }

    /// What a model is called.
    using Name = std::function<std::string(const std::string &model)>;
    /// The same in a sentence; a run of one network calls it "model". Without a name, its key.
    static std::string nameOf(const std::string &model, const Name &name);
    /// Whether the remark is seen in this chart; without a chart, in any.
    static bool isSeenIn(const RemarkEvent &remark, const std::string &chart);
    static constexpr std::size_t mostByName = 3; ///< models of which the same is said

    /// In words, without a full stop, by kind and model: "deep converged at epoch 1,010"; over repeats "deep
    /// converged 3 of 5, median epoch 1,449", of several models side by side. Of many models alike, how many
    /// they are. `repeats`: how many have begun. Those seen in this chart, or all; without a name, models are
    /// called by their keys.
    std::vector<std::string> sentences(int repeats, const std::string &chart = {},
                                       const Name &name = {}) const;

    /// "converged 3 of 5, median epoch 1,449": of a model that was to converge in several repeats. Else
    /// empty.
    std::string convergence(const std::string &model) const;

private:
    std::vector<RemarkEvent> m_remarks;
    std::map<std::tuple<std::string, int, RemarkEvent::Kind>, std::size_t>
        m_places; ///< of each in the vector
};

} // namespace losslab
