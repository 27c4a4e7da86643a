"""gradient-zero's Hessian of the saved model, against torch.func in double."""

import math
import unittest

import numpy
import torch
from torch import nn

from networks import function_samples, mlp
from oracle import OracleTest, losslab

TOLERANCE = 1e-7  # an eigenvalue is positive above this share of the largest absolute one


class Hessian(OracleTest):
    def test_few_units(self):
        self.check(hidden=32, points=300)

    def test_many_units(self):
        self.check(hidden=100, points=60)

    def test_trainings_end_where_the_gradient_is_almost_zero(self):
        run = losslab("gradient-zero", hidden=16, trainings=6, epochs=1, loss_epochs=300, norm_epochs=50, lr=0.01,
                      almost_zero=0.3)
        for row in run.rows("trainings"):
            self.assertLess(row["gradient-norm"], 0.3)

    def check(self, hidden, points):
        run = losslab("gradient-zero", hidden=hidden, points=points, epochs=20, trainings=1, loss_epochs=1,
                      norm_epochs=1)
        network = run.load("model", mlp(1, hidden, 1))
        x, y = function_samples("sinc", points, torch.float64)
        names, shapes, sizes = zip(*((name, p.shape, p.numel()) for name, p in network.named_parameters()))

        def loss(flat):
            parts = [part.reshape(shape) for part, shape in zip(flat.split(sizes), shapes)]
            return nn.functional.mse_loss(torch.func.functional_call(network, dict(zip(names, parts)), x), y)

        flat = torch.cat([p.detach().flatten() for p in network.parameters()])
        eigenvalues = torch.linalg.eigvalsh(torch.func.hessian(loss)(flat)).numpy()
        scale = numpy.abs(eigenvalues).max()

        ours = [row["eigenvalue"] for row in run.rows("eigenvalues")]
        self.assertEqual(len(ours), sum(sizes))
        numpy.testing.assert_allclose(ours, eigenvalues, rtol=0, atol=1e-12 * scale)
        self.assertEqual(run.figures["model", "minimal-ratio"], numpy.mean(eigenvalues > TOLERANCE * scale))
        self.assert_relative(run.figures["model", "largest-eigenvalue"], eigenvalues[-1], 1e-10)
        self.assert_relative(run.figures["model", "gradient-norm"], torch.func.grad(loss)(flat).norm().item(), 1e-10)
        self.assert_relative(run.figures["model", "loss"], loss(flat).item(), 1e-12)
        ratios = run.points("ratio-along", "model")[1]
        self.assertEqual(ratios[-1], run.figures["model", "minimal-ratio"])
        counts = [run.points("spectrum", sign)[1].sum() for sign in ("negative", "zero", "positive")]
        self.assertEqual(sum(counts), len(eigenvalues))


if __name__ == "__main__":
    unittest.main()
