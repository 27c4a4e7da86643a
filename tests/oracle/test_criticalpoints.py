"""gradient-zero's ways to a critical point and its Gauss-Newton ratio, against PyTorch in double."""

import unittest

import numpy
import torch
from torch import nn

from networks import function_samples, mlp
from oracle import OracleTest, losslab

TOLERANCE = 1e-7  # an eigenvalue is positive above this share of the largest absolute one


def loss_of(network, x, y):
    """The loss as a function of all parameters in one vector, and where they stand."""
    names, parameters = zip(*network.named_parameters())
    sizes = [parameter.numel() for parameter in parameters]

    def loss(flat):
        parts = [part.reshape(p.shape) for part, p in zip(flat.split(sizes), parameters)]
        return nn.functional.mse_loss(torch.func.functional_call(network, dict(zip(names, parts)), x), y)

    return loss, torch.cat([parameter.detach().flatten() for parameter in parameters])


class CriticalPoints(OracleTest):
    def test_gauss_newton_ratio(self):
        run = losslab("gradient-zero", hidden=24, points=100, epochs=10, trainings=1, loss_epochs=1, norm_epochs=1,
                      ratio="gauss-newton")
        network = run.load("model", mlp(1, 24, 1))
        x, _ = function_samples("sinc", 100, torch.float64)
        parameters = dict(network.named_parameters())
        jacobians = torch.func.jacrev(lambda p: torch.func.functional_call(network, p, x))(parameters)
        ratios = []
        for name, jacobian in jacobians.items():
            rows = jacobian.reshape(len(x), -1)
            values = torch.linalg.eigvalsh(2 / len(x) * rows.T @ rows)
            ratios.append((values > TOLERANCE * values.abs().max()).double().mean().item())
        self.assertEqual(len(ratios), 4)
        self.assert_relative(run.figures["model", "minimal-ratio"], numpy.mean(ratios), 1e-12)
        eigenvalue_share = run.figures["model", "positive-share"]
        self.assertNotEqual(run.figures["model", "minimal-ratio"], eigenvalue_share)

    def test_shares(self):
        run = losslab("gradient-zero", hidden=16, points=50, epochs=5, trainings=2, loss_epochs=20, norm_epochs=1)
        values = numpy.array([row["eigenvalue"] for row in run.rows("eigenvalues")])
        least = TOLERANCE * numpy.abs(values).max()
        for name, share in {"positive": values > least, "negative": values < -least,
                            "zero": numpy.abs(values) <= least}.items():
            self.assert_relative(run.figures["model", f"{name}-share"] + 1, share.mean() + 1, 1e-15, name)
            bars = run.points("spectrum", name)[1]
            self.assertEqual(bars.sum(), share.sum(), name)
        for row in run.rows("trainings"):
            self.assertAlmostEqual(row["positive"] + row["zero"] + row["negative"], 1, delta=1e-12)
            self.assertEqual(row["positive"], row["minimal-ratio"])

    def test_levenberg_marquardt_ends_at_a_minimum(self):
        self.check_minimum("levenberg-marquardt")

    def test_lbfgs_ends_at_a_minimum(self):
        self.check_minimum("lbfgs")

    def check_minimum(self, way):
        """PyTorch finds the gradient as small as asked for, no curvature downwards, and its own L-BFGS nothing lower."""
        run = losslab("gradient-zero", hidden=2, activation="tanh", function="sin(3*x) + x^2 + 0.2*sin(40*x)", points=60,
                      epochs=1, trainings=1, loss_epochs=200, lr=0.01, way=way, iterations=2000, almost_zero=1e-8)
        [row] = run.rows("trainings")
        network = run.load("training 1", mlp(1, 2, 1, activation=nn.Tanh))
        x = torch.linspace(-1, 1, 60, dtype=torch.float64).unsqueeze(1)
        y = torch.sin(3 * x) + x.square() + 0.2 * torch.sin(40 * x)
        loss, flat = loss_of(network, x, y)
        self.assertLess(torch.func.grad(loss)(flat).norm().item(), 1e-8)
        self.assertLess(row["gradient-norm"], 1e-8)
        self.assert_relative(row["loss"], loss(flat).item(), 1e-12)
        eigenvalues = torch.linalg.eigvalsh(torch.func.hessian(loss)(flat))
        self.assertGreaterEqual(eigenvalues[0].item(), -TOLERANCE * eigenvalues[-1].item())
        self.assert_relative(row["positive"], (eigenvalues > TOLERANCE * eigenvalues[-1]).double().mean().item(), 1e-12)
        self.assertEqual(row["negative"], 0)

        theirs = torch.optim.LBFGS(network.parameters(), max_iter=100, tolerance_grad=0, tolerance_change=0,
                                   line_search_fn="strong_wolfe")

        def closure():
            theirs.zero_grad()
            value = nn.functional.mse_loss(network(x), y)
            value.backward()
            return value

        theirs.step(closure)
        self.assertLessEqual(row["loss"], nn.functional.mse_loss(network(x), y).item() * (1 + 1e-9))


if __name__ == "__main__":
    unittest.main()
