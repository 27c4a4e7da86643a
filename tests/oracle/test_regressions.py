"""The regression networks, trained by the program and by PyTorch from the same weights."""

import unittest

import torch
from torch import nn

from networks import FUNCTION_FIT, function_samples, mlp
from oracle import OracleTest, losslab

EPOCHS = 100


def train(network, x, y, learning_rate, weight_decay=0.0):
    """Adam on all samples at once. The losses before each step, and after the last."""
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate, weight_decay=weight_decay)
    losses = []
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(network(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    losses.append(nn.functional.mse_loss(network(x), y).item())
    return losses


class Regressions(OracleTest):
    def test_function_fit(self):
        for function in ("square", "sinc"):
            run = losslab("function-fit", function=function, epochs=EPOCHS)
            x, y = function_samples(function, 400)
            for model, (widths, learning_rate, weight_decay) in FUNCTION_FIT.items():
                with self.subTest(function=function, model=model):
                    self.follow(run, model, mlp(*widths), x, y, learning_rate, weight_decay[function])

    def test_gradient_norm(self):
        run = losslab("gradient-norm", epochs=EPOCHS)
        self.follow(run, "model", mlp(1, 400, 1), *function_samples("sinc", 300), 1e-3, 1e-4)

        network = run.load("model-init", mlp(1, 400, 1))
        x, y = function_samples("sinc", 300)
        nn.functional.mse_loss(network(x), y).backward()
        norm = torch.cat([parameter.grad.flatten() for parameter in network.parameters()]).norm().item()
        self.assert_relative(run.points("norm", "model")[1][0], norm, 1e-5)

    def test_gradient_zero_in_double(self):
        run = losslab("gradient-zero", epochs=EPOCHS, hidden=50, trainings=1, loss_epochs=1, norm_epochs=1)
        network = run.load("model-init", mlp(1, 50, 1))
        self.assertEqual(next(network.parameters()).dtype, torch.float64)
        losses = train(network, *function_samples("sinc", 300, torch.float64), 4e-4)
        self.assert_relative(run.points("loss-along", "model")[1], losses[1:], 1e-5)
        self.assert_same_tensors(run.tensors("model"), network.state_dict(), 1e-5)

    def follow(self, run, model, network, x, y, learning_rate, weight_decay):
        """The losses of all epochs and the weights at the end."""
        network = run.load(f"{model}-init", network)
        losses = train(network, x, y, learning_rate, weight_decay)
        epochs, ours = run.points("loss", model)
        self.assertEqual(epochs.tolist(), list(range(1, EPOCHS + 1)))
        self.assert_relative(ours, losses[:-1], 1e-4)
        self.assert_same_tensors(run.tensors(model), network.state_dict(), 1e-4)

    def test_convergence(self):
        """PyTorch's seeds 0, 1 and 2 end at epochs 1,646, 1,637 and 2,062: see regressions.py."""
        for seed in (1, 2, 3):
            epochs = losslab("gradient-norm", seed=seed).figures["model", "epochs"]
            self.assertTrue(1200 <= epochs <= 2700, f"seed {seed} converged at epoch {epochs}")


if __name__ == "__main__":
    unittest.main()
