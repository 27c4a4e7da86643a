"""gradient-norm's norms and losses, of functions and of images, by PyTorch from the same weights."""

import unittest

import numpy
import torch
from torch import nn

from networks import function_samples, mlp
from oracle import OracleTest, fewer_training_images, images, losslab

EPOCHS, IMAGES = 25, 120


def seen(network, loss_of, x, y):
    """The loss, and the norm of its gradient, which the parameters keep."""
    network.zero_grad()
    loss = loss_of(network(x), y)
    loss.backward()
    gradient = torch.cat([parameter.grad.flatten() for parameter in network.parameters()])
    return gradient.norm().item(), loss.item()


class GradientNorms(OracleTest):
    @classmethod
    def setUpClass(cls):
        cls.data = fewer_training_images(IMAGES)

    def run_on(self, learns, **settings):
        """A run, its start as a network, its samples and its loss."""
        if learns == "function":
            run = losslab("gradient-norm", hidden="30, 20", converged=0, **settings)
            return run, run.load("model-init", mlp(1, 30, 20, 1)), function_samples("sinc", 300), nn.functional.mse_loss
        run = losslab("gradient-norm", data=self.data, learns="images", converged=0,
                      **{"image_" + key if key in ("epochs", "batch") else key: value for key, value in settings.items()},
                      image_hidden="30, 20")
        x, y = images("train")
        return run, run.load("model-init", mlp(784, 30, 20, 10)), (x[:IMAGES], y[:IMAGES]), nn.functional.cross_entropy

    def test_all_samples_by_iteration(self):
        """With one batch an epoch, iterations are epochs, and Adam goes PyTorch's way."""
        for learns in ("function", "images"):
            with self.subTest(learns=learns):
                run, network, (x, y), loss_of = self.run_on(learns, measured="iteration", batch=0, epochs=EPOCHS)
                optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=1e-4)
                theirs = []
                for _ in range(EPOCHS):
                    theirs.append(seen(network, loss_of, x, y))
                    optimizer.step()
                steps, norms = run.points("norm", "model")
                self.assertEqual(steps.tolist(), list(range(1, EPOCHS + 1)))
                self.assert_relative(norms, [norm for norm, _ in theirs], 1e-4, f"{learns}: norms")
                self.assert_relative(run.points("loss", "model")[1], [loss for _, loss in theirs], 1e-4, f"{learns}: losses")
                self.assertEqual(run.figures["model", "gradient-norm"], norms[-1])

    def test_each_batch_has_its_own(self):
        """While the network stands almost still, batches of one sample have the samples' norms, in whatever order."""
        for learns in ("function", "images"):
            with self.subTest(learns=learns):
                run, network, (x, y), loss_of = self.run_on(learns, measured="iteration", batch=1, epochs=1,
                                                            optimizer="sgd", lr=1e-7, weight_decay=0)
                theirs = [seen(network, loss_of, x[i:i + 1], y[i:i + 1]) for i in range(len(x))]
                for chart, column in (("norm", 0), ("loss", 1)):
                    steps, ours = run.points(chart, "model")
                    self.assertEqual(steps.tolist(), list(range(1, len(x) + 1)))
                    expected = numpy.sort([both[column] for both in theirs])
                    numpy.testing.assert_allclose(numpy.sort(ours), expected, rtol=1e-3, atol=1e-5 * expected[-1])

    def test_by_epoch_it_is_the_last_batchs(self):
        for learns in ("function", "images"):
            with self.subTest(learns=learns):
                settings = dict(batch=50, epochs=3)
                by_step = self.run_on(learns, measured="iteration", **settings)[0].points("norm", "model")[1]
                by_epoch = self.run_on(learns, measured="epoch", **settings)[0].points("norm", "model")[1]
                self.assertEqual(by_epoch.tolist(), by_step.reshape(3, -1)[:, -1].tolist())


if __name__ == "__main__":
    unittest.main()
