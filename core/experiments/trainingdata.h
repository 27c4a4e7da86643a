#pragma once

#include "base/numbertext.h"
#include "data/labels.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "train/samples.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

/// How many of the training images a model is trained on: the first of the set.
class TrainingImagesChoice
{
public:
    /// `standard`: 0 stands for all.
    TrainingImagesChoice(Experiment *owner, std::int64_t standard, std::optional<std::int64_t> quick = {})
        : m_count(owner, "images", "Training images",
                  {.standard = standard,
                   .min = standard == 0 ? 0 : 1,
                   .max = standard == 0 ? 1000000 : 60000,
                   .zero = standard == 0 ? "all" : "",
                   .quick = quick,
                   .help = "How many, the first of the training set.",
                   .group = "Data"})
    {}

    Samples of(const Samples &all) const { return m_count == 0 ? all : all.head(m_count); }
    /// Of a set with so many.
    std::int64_t count(std::int64_t all) const
    {
        return m_count == 0 ? all : std::min<std::int64_t>(m_count, all);
    }
    /// For beneath a chart's title: a set may have fewer images than were asked for.
    std::string remark(std::int64_t images) const
    {
        if (images >= m_count)
            return {};
        return fmt::format("all {} training images: the set has no {}", countText(images),
                           countText(m_count));
    }

private:
    Int m_count;
};

/// Training labels of which a share is wrong. A member of the experiment, which it registers its parameters
/// with.
class LabelNoise
{
public:
    struct Standards
    {
        bool none = false;  ///< whether labels may stay as they are, as they then do as standard
        double share = 100; ///< per cent
        std::optional<std::string> slides = {};
        std::optional<Condition> shareWhen = {}; ///< of the share, where another parameter may have it
    };

    LabelNoise(Experiment *owner, const Standards &standards)
        : m_corruption(owner, "corruption", standards.none ? "Labels" : "Corrupted by",
                       {.standard = standards.none ? "none" : "drawn",
                        .options = options(standards.none),
                        .slides = standards.slides,
                        .help = "Shuffling puts the labels of the images concerned in another order: as many "
                                "of each class as before. Test labels are not changed.",
                        .group = "Data"}),
          m_share(
              owner, "share", "Corrupted labels",
              {.standard = standards.share,
               .min = 0,
               .max = 100,
               .unit = "%",
               .help = "With this probability each training label is replaced by one drawn uniformly from "
                       "all classes (of ten, in one case in ten the true one), or is among those that are "
                       "shuffled. Test labels are not changed.",
               .group = "Data",
               .when = standards.none ? Condition{"corruption", {"drawn", "shuffled"}} : standards.shareWhen})
    {}

    double share() const { return m_share / 100; }
    /// These labels with a share (0 … 1) of them corrupted. Depends on the run's seed alone; what is
    /// corrupted at one share is so at every larger one.
    at::Tensor corrupted(const Run &run, const at::Tensor &labels, int classes, double share) const
    {
        if (m_corruption.is("none"))
            return labels;
        const at::Tensor given = labels.to(at::kCPU).contiguous();
        const std::int64_t *first = given.const_data_ptr<std::int64_t>();
        const std::vector<std::int64_t> before{first, first + given.numel()};
        const std::uint64_t seed = run.sharedSeed("labels");
        const std::vector<std::int64_t> drawn = m_corruption.is("shuffled")
                                                    ? shuffledLabels(before, share, seed)
                                                    : corruptedLabels(before, share, classes, seed);
        return at::tensor(drawn, at::kLong).to(labels.device());
    }
    at::Tensor corrupted(const Run &run, const at::Tensor &labels, int classes) const
    {
        return corrupted(run, labels, classes, share());
    }
    bool isNone() const { return m_corruption.is("none"); }

private:
    static std::vector<Option> options(bool none)
    {
        if (none)
            return {{"none", "as they are"}, {"drawn", "some drawn anew"}, {"shuffled", "some shuffled"}};
        return {{"drawn", "drawing new labels"}, {"shuffled", "shuffling them"}};
    }

    Choice m_corruption;
    Real m_share;
};

/// The share of labels that are not as they were.
inline double changedShare(const at::Tensor &labels, const at::Tensor &before)
{
    return labels.ne(before).to(at::kDouble).mean().item<double>();
}

} // namespace losslab
