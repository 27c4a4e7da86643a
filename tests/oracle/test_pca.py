"""weight-pca's components, by scikit-learn from the weights kept after every epoch."""

import unittest

import numpy
from sklearn.decomposition import PCA

from networks import mlp
from oracle import OracleTest, fewer_training_images, images, losslab

RUNS, EPOCHS = 2, 4


class WeightPca(OracleTest):
    @classmethod
    def setUpClass(cls):
        cls.paths = losslab("weight-pca", data=fewer_training_images(4000), runs=RUNS, epochs=EPOCHS, batch=200,
                                 draw_every=1, keep_weights="true")

    def rows(self, names):
        """The named weights of every run and epoch as a row each, in double."""
        rows = []
        for run in range(RUNS):
            for epoch in range(1, EPOCHS + 1):
                tensors = self.paths.tensors(f"run{run}-epoch{epoch:03}")
                rows.append(numpy.concatenate([tensors[name].numpy().ravel() for name in names]))
        return numpy.array(rows, float)

    def check(self, figure_model, chart, names, columns):
        rows = self.rows(names)
        self.assertEqual(rows.shape, (RUNS * EPOCHS, columns))
        pca = PCA(n_components=2, svd_solver="full").fit(rows)
        for component in range(2):
            ours = self.paths.figures[figure_model, f"variance-{component + 1}"]
            self.assert_relative(ours, pca.explained_variance_ratio_[component], 1e-9)

        ours = numpy.concatenate([numpy.array(self.paths.points(chart, f"run{run}")).T for run in range(RUNS)])
        theirs = pca.transform(rows)
        theirs *= numpy.sign((ours * theirs).sum(axis=0))  # a component's sign is nobody's
        numpy.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9 * numpy.abs(theirs).max())

    def test_whole_model(self):
        self.check("model", "pca-model", ("0.weight", "2.weight", "4.weight"), 417500)

    def test_first_layer(self):
        self.check("layer1", "pca-layer1", ("0.weight",), 392000)

    def test_table(self):
        for run in range(RUNS):
            rows = [row for row in self.paths.rows("points") if row["run"] == run]
            self.assertEqual([row["epoch"] for row in rows], list(range(1, EPOCHS + 1)))
            drawn = self.paths.points("pca-model", f"run{run}")
            self.assertEqual([[row["x"], row["y"]] for row in rows], drawn.T.tolist())
            self.assertEqual(rows[-1]["loss"], self.paths.figures[f"run{run}", "training-loss"])

    def test_models(self):
        inputs, labels = images("t10k")
        for run in range(RUNS):
            self.assert_evaluation(self.paths, f"run{run}", mlp(784, 500, 50, 10), inputs, labels)
            last = self.paths.tensors(f"run{run}-epoch{EPOCHS:03}")
            self.assert_same_tensors(self.paths.tensors(f"run{run}"), last, 0)


if __name__ == "__main__":
    unittest.main()
