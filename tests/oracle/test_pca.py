"""weight-pca's components, by scikit-learn from the weights kept at the start and after every epoch."""

import csv
import unittest

import numpy
import torch
from sklearn.decomposition import PCA
from torch import nn

import mnist
from networks import cnn, function_samples, mlp
from oracle import OracleTest, fewer_training_images, images, losslab

RUNS, EPOCHS = 2, 4


class PathsTest(OracleTest):
    """Checks the paths of a run, `paths`."""

    def rows(self, names):
        """The named weights of every run, at the start and after every epoch, as a row each, in double."""
        rows = []
        for run in range(RUNS):
            for kept in ["init"] + [f"epoch{epoch:03}" for epoch in range(1, EPOCHS + 1)]:
                tensors = self.paths.tensors(f"run{run}-{kept}")
                rows.append(numpy.concatenate([tensors[name].numpy().ravel() for name in names]))
        return numpy.array(rows, float)

    def check(self, figure_model, chart, names, columns):
        rows = self.rows(names)
        self.assertEqual(rows.shape, (RUNS * (EPOCHS + 1), columns))
        pca = PCA(n_components=2, svd_solver="full").fit(rows)
        for component in range(2):
            ours = self.paths.figures[figure_model, f"variance-{component + 1}"]
            self.assert_relative(ours, pca.explained_variance_ratio_[component], 1e-9)

        ours = numpy.concatenate([numpy.array(self.paths.points(chart, f"run{run}")).T for run in range(RUNS)])
        theirs = pca.transform(rows)
        theirs *= numpy.sign((ours * theirs).sum(axis=0))  # a component's sign is nobody's
        numpy.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9 * numpy.abs(theirs).max())

    def labels(self, run):
        """Of the points drawn of a run's whole model."""
        with open(self.paths.folder / "charts" / "weight-pca-pca-model.csv", newline="") as file:
            return [row["label"] for row in csv.DictReader(file) if row["series"] == f"run{run}"]


class WeightPca(PathsTest):
    @classmethod
    def setUpClass(cls):
        cls.data = fewer_training_images(4000)
        cls.paths = losslab("weight-pca", data=cls.data, runs=RUNS, epochs=EPOCHS, batch=200, draw_every=1,
                            keep_weights="true")

    def test_whole_model(self):
        self.check("model", "pca-model", ("0.weight", "2.weight", "4.weight"), 417500)

    def test_first_layer(self):
        self.check("layer1", "pca-layer1", ("0.weight",), 392000)

    def test_table(self):
        for run in range(RUNS):
            rows = [row for row in self.paths.rows("points") if row["run"] == run]
            self.assertEqual([row["epoch"] for row in rows], list(range(EPOCHS + 1)))
            drawn = self.paths.points("pca-model", f"run{run}")
            self.assertEqual([[row["x"], row["y"]] for row in rows], drawn.T.tolist())
            self.assertEqual(rows[-1]["loss"], self.paths.figures[f"run{run}", "training-loss"])

    def test_models(self):
        inputs, labels = images("t10k")
        for run in range(RUNS):
            self.assert_evaluation(self.paths, f"run{run}", mlp(784, 500, 50, 10), inputs, labels)
            last = self.paths.tensors(f"run{run}-epoch{EPOCHS:03}")
            self.assert_same_tensors(self.paths.tensors(f"run{run}"), last, 0)

    def test_the_start_is_evaluated(self):
        inputs, labels = mnist.images(self.data, "train")
        for run in range(RUNS):
            start = [row for row in self.paths.rows("points") if row["run"] == run][0]
            logits = self.logits(self.paths.load(f"run{run}-init", mlp(784, 500, 50, 10)), inputs)
            self.assert_loss(start["loss"], logits, labels)
            self.assert_accuracy(start["accuracy"], logits, labels)


class LayerOfCnn(PathsTest):
    @classmethod
    def setUpClass(cls):
        cls.paths = losslab("weight-pca", data=fewer_training_images(600), runs=RUNS, epochs=EPOCHS, batch=200,
                            draw_every=1, keep_weights="true", hidden="conv 10 4, pool 2, conv 20 4, pool 2, 50", layer=2,
                            labels="loss")

    def test_whole_model(self):
        network = cnn(4, 20, *mlp(320, 50, 10))
        names = [name for name in network.state_dict() if name.endswith("weight")]
        self.check("model", "pca-model", names, 160 + 3200 + 16000 + 500)

    def test_second_layer(self):
        self.check("layer2", "pca-layer1", ("3.weight",), 3200)

    def test_labels_are_losses(self):
        for run in range(RUNS):
            rows = [row for row in self.paths.rows("points") if row["run"] == run]
            self.assertEqual(self.labels(run), [f"{row['loss']:.2g}" for row in rows])


class PathsOfFunction(PathsTest):
    @classmethod
    def setUpClass(cls):
        cls.paths = losslab("weight-pca", runs=RUNS, learns="function", function_epochs=EPOCHS, function_hidden="20, 10",
                            function_batch=0, draw_every=1, keep_weights="true", layer=3)

    def test_whole_model(self):
        self.check("model", "pca-model", ("0.weight", "2.weight", "4.weight"), 20 + 200 + 10)

    def test_last_layer(self):
        self.check("layer3", "pca-layer1", ("4.weight",), 10)

    def test_losses(self):
        """At the start, and in an epoch of one batch, it is the loss of the weights before it."""
        x, y = function_samples("sinc", 300)
        for run in range(RUNS):
            rows = [row for row in self.paths.rows("points") if row["run"] == run]
            with torch.no_grad():
                start = nn.functional.mse_loss(self.paths.load(f"run{run}-init", mlp(1, 20, 10, 1))(x), y).item()
            self.assert_relative([rows[0]["loss"], rows[1]["loss"]], [start, start], 1e-5)
            self.assertEqual(self.labels(run), [f"{row['loss']:.2g}" for row in rows])


if __name__ == "__main__":
    unittest.main()
