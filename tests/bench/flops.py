"""Nominal floating-point operations of dense work, at two a multiplication with its addition.

Counted are the products of layers: forward, weight gradients, and input gradients but for the first layer, whose input
needs none. Biases, activations, pooling, losses and Adam are not, nor is anything saved where inputs are zero: a program
that skips zero pixels can therefore be faster than the matrix product it is held against.
"""

import torch
from torch import nn


def multiplications(network: nn.Sequential) -> list[int]:
    """Of a forward pass of one image, by layer."""
    counts = []

    def count(layer: nn.Linear | nn.Conv2d, inputs: tuple, output: torch.Tensor) -> None:
        counts.append(output.numel() * layer.weight[0].numel())

    layers = [layer for layer in network if isinstance(layer, (nn.Linear, nn.Conv2d))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    shape = (1, 1, 28, 28) if isinstance(layers[0], nn.Conv2d) else (1, layers[0].in_features)  # MNIST's
    with torch.no_grad():
        network(torch.zeros(shape))
    for hook in hooks:
        hook.remove()
    return counts


def of_training(network: nn.Sequential) -> int:
    """For one image."""
    counts = multiplications(network)
    return 2 * (3 * sum(counts) - counts[0])


def of_evaluation(network: nn.Sequential) -> int:
    """For one image."""
    return 2 * sum(multiplications(network))
