"""Test loss and accuracy of the saved classifiers, recomputed from their files and MNIST's test images, and the labels
that random-labels draws. The models of weight-pca and interpolation have files of their own: test_pca.py,
test_interpolation.py; those of sensitivity: test_sensitivity.py."""

import math
import unittest

from networks import CNNS, mlp
from oracle import OracleTest, fewer_training_images, images, losslab

TRAINING_IMAGES = 4000


class Classifiers(OracleTest):
    @classmethod
    def setUpClass(cls):
        cls.inputs, cls.labels = images("t10k")
        cls.data = fewer_training_images(TRAINING_IMAGES)

    def check(self, run, model, network):
        with self.subTest(model):
            self.assert_evaluation(run, model, network, self.inputs, self.labels)

    def test_cnn_mnist(self):
        run = losslab("cnn-mnist", data=self.data, epochs=1, batch=100)
        for model, make in CNNS.items():
            self.check(run, model, make())
            digits, accuracies = run.points("test-accuracy", model)
            self.assertEqual(digits.tolist(), list(range(-1, 10)))
            self.assertEqual(accuracies[0], run.figures[model, "test-accuracy"])
            for digit, accuracy in zip(digits[1:], accuracies[1:]):
                shown = self.labels == digit
                self.assert_accuracy(accuracy, self.logits(run.load(model, make()), self.inputs[shown]),
                                     self.labels[shown], f"{model}, digit {digit}")

    def test_capacity(self):
        run = losslab("capacity", data=self.data, epochs=1, models=3, largest=300)
        for hidden in (100, 200, 300):
            self.check(run, f"h{hidden}", mlp(784, hidden, 10))

    def test_random_labels(self):
        for share in (100, 40):
            run = losslab("random-labels", data=self.data, epochs=1, share=share, true_labels="true", lr=1e-3)
            for model in ("model", "true"):
                self.check(run, model, mlp(784, 256, 256, 256, 10))
            # A label drawn from ten is the true one in one case of ten; five standard deviations are allowed.
            self.check_wrong_labels(run, "model", share)

    def check_wrong_labels(self, run, model, share):
        wrong = 0.9 * share / 100
        deviation = math.sqrt(wrong * (1 - wrong) / TRAINING_IMAGES)
        self.assertAlmostEqual(run.figures[model, "wrong-labels"], wrong, delta=5 * deviation)

    def test_shares_of_random_labels(self):
        run = losslab("random-labels", data=self.data, epochs=2, shares="0, 50, 100", hidden=40, lr=1e-3)
        for share in (0, 50, 100):
            self.check(run, f"share{share}", mlp(784, 40, 10))
            self.check_wrong_labels(run, f"share{share}", share)
            epochs, losses = run.points("loss", f"test-{share}")
            self.assertEqual(epochs.tolist(), [1, 2])
            self.assertEqual(losses[-1], run.figures[f"share{share}", "test-loss"])

    def test_capacity_with_noise_and_from_a_list(self):
        run = losslab("capacity", data=self.data, epochs=1, by="networks", corruption="drawn", share=30, images=2000,
                      networks="flat: 20; deep: 20, 10")
        self.check(run, "flat", mlp(784, 20, 10))
        self.check(run, "deep", mlp(784, 20, 10, 10))
        self.assertEqual(run.figures["flat", "wrong-labels"], run.figures["deep", "wrong-labels"])


if __name__ == "__main__":
    unittest.main()
