#pragma once

#include "lab/figure.h"
#include "lab/run.h"
#include "nn/architecture.h"
#include "train/trainer.h"

#include <string>
#include <utility>
#include <vector>

namespace losslab {

/// The figures that every classifier has: its size, and its loss and accuracy in training and on test images.
/// A member of the experiment, which they register themselves with.
class ClassifierFigures
{
public:
    /// What the literature gives for each.
    struct Literature
    {
        std::vector<Published> parameters = {};
        std::vector<Published> testAccuracy = {};
        std::vector<Published> testLoss = {};
        std::vector<Published> trainingAccuracy = {};
        std::vector<Published> trainingLoss = {};
    };

    /// `of`: what the training figures are of, for their labels. `sizes`: the parameters that a network's
    /// size depends on.
    ClassifierFigures(Experiment *owner, Literature published, const std::string &of = ", last epoch",
                      std::vector<std::string> sizes = {"hidden"})
        : m_parameters{owner,
                       "parameters",
                       "Parameters",
                       Format::Number,
                       std::move(published.parameters),
                       std::move(sizes)},
          m_testAccuracy{owner, "test-accuracy", "Test accuracy", Format::Percent,
                         std::move(published.testAccuracy)},
          m_testLoss{owner, "test-loss", "Test loss", Format::Number, std::move(published.testLoss)},
          m_trainingAccuracy{owner, "training-accuracy", "Training accuracy" + of, Format::Percent,
                             std::move(published.trainingAccuracy)},
          m_trainingLoss{owner, "training-loss", "Training loss" + of, Format::Number,
                         std::move(published.trainingLoss)}
    {}

    /// `Training`: figures of the last epoch as seen in it, or an evaluation of the network as it ends.
    template <class Training>
    void set(Task &task, const Architecture &architecture, const Training &training,
             const Evaluation &tested) const
    {
        m_parameters.set(task, task.name(), static_cast<double>(architecture.parameterCount()));
        m_testAccuracy.set(task, task.name(), tested.accuracy);
        m_testLoss.set(task, task.name(), tested.loss);
        m_trainingAccuracy.set(task, task.name(), training.accuracy);
        m_trainingLoss.set(task, task.name(), training.loss);
    }

    /// The same of a regression, which has neither accuracy nor test samples.
    template <class Training>
    void setOfRegression(Task &task, const Architecture &architecture, const Training &training) const
    {
        m_parameters.set(task, task.name(), static_cast<double>(architecture.parameterCount()));
        m_trainingLoss.set(task, task.name(), training.loss);
    }

private:
    Figure m_parameters;
    Figure m_testAccuracy;
    Figure m_testLoss;
    Figure m_trainingAccuracy;
    Figure m_trainingLoss;
};

/// Loss and accuracy of the trained network on the images that it was trained on, which compare with the test
/// figures: those of the last epoch are of a network that still changed.
class TrainingFigures
{
public:
    explicit TrainingFigures(Experiment *owner)
        : m_accuracy{owner, "trained-accuracy", "Training accuracy, after training", Format::Percent},
          m_loss{owner, "trained-loss", "Training loss, after training"}
    {}

    void set(Task &task, const Evaluation &trained) const
    {
        m_accuracy.set(task, task.name(), trained.accuracy);
        m_loss.set(task, task.name(), trained.loss);
    }

private:
    Figure m_accuracy;
    Figure m_loss;
};

} // namespace losslab
