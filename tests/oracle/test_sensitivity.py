"""sensitivity's measures on the test images, by the Jacobian of every image from torch.func, and its models, trained again by
torch.optim: each with its own value of the variable in which they differ."""

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


class Variables(OracleTest):
    """Batches of all images, so that the order of the images does not count, and few steps."""

    IMAGES, EPOCHS = 500, 4

    @classmethod
    def setUpClass(cls):
        inputs, labels = images("train")
        cls.inputs, cls.labels = inputs[:cls.IMAGES], labels[:cls.IMAGES]
        cls.data = fewer_training_images(cls.IMAGES)

    def run_over(self, variable, **settings):
        return losslab("sensitivity", data=self.data, over=variable, epochs=self.EPOCHS, batch=self.IMAGES,
                       **{"hidden": 30} | settings)

    def check_training(self, run, model, optimizer):
        """optimizer(parameters): PyTorch's, which trains the network from the same start."""
        with self.subTest(model):
            network = run.load(f"{model}-init", mlp(784, 30, 10)).train()
            steps = optimizer(network.parameters())
            for _ in range(self.EPOCHS):
                steps.zero_grad()
                nn.functional.cross_entropy(network(self.inputs), self.labels).backward()
                steps.step()
            self.assert_same_tensors(run.tensors(model), network.state_dict(), 1e-4, model)

    def test_rates(self):
        run = self.run_over("rate", rates="0.01, 0.3", optimizer="sgd", momentum=0.5, weight_decay=0.001)
        for rate in (0.01, 0.3):
            self.check_training(run, f"rate{rate}", lambda parameters: torch.optim.SGD(
                parameters, lr=rate, momentum=0.5, weight_decay=0.001))

    def test_decays(self):
        run = self.run_over("decay", decays="0, 0.1", optimizer="sgd", lr=0.1)
        for decay in (0, 0.1):
            self.check_training(run, f"decay{decay}", lambda parameters: torch.optim.SGD(
                parameters, lr=0.1, weight_decay=decay))

    def test_optimizers(self):
        optim = torch.optim
        optimizers = {
            "sgd": optim.SGD,
            "momentum": lambda parameters, **options: optim.SGD(parameters, momentum=0.9, **options),
            "nesterov": lambda parameters, **options: optim.SGD(parameters, momentum=0.9, nesterov=True, **options),
            "adam": optim.Adam,
            "adamw": optim.AdamW,
            "rmsprop": optim.RMSprop,
            "adagrad": optim.Adagrad,
        }
        run = self.run_over("optimizer", optimizers=", ".join(optimizers), lr=0.001, weight_decay=0.001)
        for name, make in optimizers.items():
            self.check_training(run, name, lambda parameters: make(parameters, lr=0.001, weight_decay=0.001))

    def test_widths_and_dropouts(self):
        inputs, labels = images("t10k")
        run = self.run_over("width", widths="5, 40", hidden="10, 10")
        for width in (5, 40):
            self.assert_evaluation(run, f"width{width}", mlp(784, width, width, 10), inputs, labels)
        run = self.run_over("dropout", dropouts="0, 0.5")
        self.assert_evaluation(run, "dropout0", mlp(784, 30, 10), inputs, labels)
        self.assert_evaluation(run, "dropout0.5", nn.Sequential(
            nn.Linear(784, 30), nn.ReLU(), nn.Dropout(0.5), nn.Linear(30, 10)), inputs, labels)


if __name__ == "__main__":
    unittest.main()
