"""interpolation's two lines, recomputed from the saved ends of each."""

import unittest

import torch

from networks import mlp
from oracle import OracleTest, fewer_training_images, images, losslab

TRAINING_IMAGES = 4000
PAIRS = {"path-a": ("a64", "a1024"), "path-b": ("b0.001", "b0.01")}
ALPHAS = [-2, -1, 0, 1, 2]


class Interpolation(OracleTest):
    @classmethod
    def setUpClass(cls):
        cls.data = fewer_training_images(TRAINING_IMAGES)
        cls.line_run = losslab("interpolation", data=cls.data, epochs=2, alphas=len(ALPHAS))
        inputs, labels = images("train")
        cls.sets = {"train": (inputs[:TRAINING_IMAGES], labels[:TRAINING_IMAGES]), "test": images("t10k")}

    def assert_line(self, run, chart, ends):
        """Loss and accuracy along the line from one state_dict to the other."""
        for place, alpha in enumerate(ALPHAS):
            network = mlp(784, 500, 10)
            network.load_state_dict({name: torch.lerp(ends[0][name].double(), ends[1][name].double(), alpha)
                                     for name in ends[0]})
            for kind, (inputs, labels) in self.sets.items():
                with self.subTest(chart=chart, alpha=alpha, kind=kind):
                    alphas, losses = run.points(chart, f"{kind}-loss")
                    self.assertEqual(alphas.tolist(), ALPHAS)
                    accuracies = run.points(chart, f"{kind}-accuracy")[1]
                    logits = self.logits(network, inputs)
                    self.assert_loss(losses[place], logits, labels)
                    self.assert_accuracy(accuracies[place], logits, labels)

    def test_lines(self):
        for chart, (first, second) in PAIRS.items():
            self.assert_line(self.line_run, chart, (self.line_run.tensors(first), self.line_run.tensors(second)))

    def test_other_pairs(self):
        """Two models of another run, and two that differ in their optimizer."""
        models = self.line_run.folder / "models"
        run = losslab("interpolation", data=self.data, epochs=1, alphas=len(ALPHAS), a_differs="models",
                      a_first_model=models / "a64.safetensors", a_second_model=models / "b0.01.safetensors",
                      b_differs="optimizer", b_lr=0.01)
        self.assert_line(run, "path-a", (self.line_run.tensors("a64"), self.line_run.tensors("b0.01")))
        self.assert_line(run, "path-b", (run.tensors("b-adam"), run.tensors("b-sgd")))

    def test_ends(self):
        for chart, models in PAIRS.items():
            for model, place in zip(models, (ALPHAS.index(0), ALPHAS.index(1))):
                self.assert_evaluation(self.line_run, model, mlp(784, 500, 10), *self.sets["test"])
                for kind, figure in (("train", "training"), ("test", "test")):
                    for what in ("loss", "accuracy"):
                        self.assertEqual(self.line_run.points(chart, f"{kind}-{what}")[1][place],
                                         self.line_run.figures[model, f"{figure}-{what}"], (model, kind, what))

    def test_fine_tuning(self):
        """From each point of the line on, with all images in one batch, so that their order does not matter."""
        count, epochs = 400, 3
        run = losslab("interpolation", data=fewer_training_images(count), epochs=1, alphas=len(ALPHAS),
                      fine_tune=epochs)
        inputs, labels = (part[:count] for part in images("train"))
        for (chart, (first, second)), adam in zip(PAIRS.items(), ({"lr": 4e-4, "weight_decay": 1e-4}, {"lr": 1e-3})):
            ends = run.tensors(first), run.tensors(second)
            losses = run.points(chart, "train-loss")[1]
            for place, alpha in enumerate(ALPHAS):
                network = mlp(784, 500, 10)
                network.load_state_dict({name: torch.lerp(ends[0][name].double(), ends[1][name].double(), alpha)
                                         for name in ends[0]})
                optimizer = torch.optim.Adam(network.parameters(), **adam)
                for _ in range(epochs):
                    optimizer.zero_grad()
                    torch.nn.functional.cross_entropy(network(inputs), labels).backward()
                    optimizer.step()
                with self.subTest(chart=chart, alpha=alpha):
                    after = torch.nn.functional.cross_entropy(network(inputs), labels).item()
                    self.assert_relative(losses[place], after, 2e-3)


if __name__ == "__main__":
    unittest.main()
