"""sensitivity's measures on the test images, by the Jacobian of every image from torch.func."""

import unittest

import torch
from torch import nn

from networks import mlp
from oracle import OracleTest, fewer_training_images, images, losslab

MODELS = {"batch50": 50, "batch500": 500}


def jacobian_norms(function, inputs):
    """The Frobenius norm of each sample's Jacobian."""
    jacobians = torch.func.vmap(torch.func.jacrev(function), chunk_size=500)(inputs)
    return jacobians.flatten(1).norm(dim=1)


class Sensitivity(OracleTest):
    @classmethod
    def setUpClass(cls):
        cls.inputs, cls.labels = images("t10k")
        cls.data = fewer_training_images(4000)

    def run_with(self, measure):
        return losslab("sensitivity", data=self.data, epochs=1, hidden=100, smallest=50, largest=500, models=2,
                       measure=measure)

    def check(self, measure, expected):
        """expected(network): the measure of a network."""
        run = self.run_with(measure)
        for model, size in MODELS.items():
            with self.subTest(model):
                network = run.load(model, mlp(784, 100, 10))
                ours = run.figures[model, "sensitivity"]
                self.assert_relative(ours, expected(network), 1e-5)
                sizes, drawn = run.points("loss", "sensitivity")
                self.assertEqual(drawn[sizes == size].tolist(), [ours])
                self.assert_evaluation(run, model, network, self.inputs, self.labels)

    def test_probabilities(self):
        self.check("probabilities", lambda network: jacobian_norms(
            lambda x: network(x).softmax(-1), self.inputs).mean().item())

    def test_logits(self):
        self.check("logits", lambda network: jacobian_norms(network, self.inputs).mean().item())

    def test_input_gradient(self):
        def norm(network):
            gradient = torch.func.grad(lambda x, label: nn.functional.cross_entropy(network(x), label))
            return torch.func.vmap(gradient, chunk_size=500)(self.inputs, self.labels).norm(dim=1).mean().item()

        self.check("input-gradient", norm)


if __name__ == "__main__":
    unittest.main()
