"""The networks and functions of the reference, written out in PyTorch apart from the program."""

import math

import torch
from torch import nn

FUNCTION_FIT = {  # widths, learning rate, weight decay by function
    "deep": ([1, 5, 10, 10, 10, 10, 9, 5, 1], 1e-3, {"square": 1e-4, "sinc": 1e-4}),
    "middle": ([1, 5, 12, 15, 10, 10, 1], 5e-3, {"square": 1.5e-4, "sinc": 3e-4}),
    "shallow": ([1, 26, 18, 1], 3e-3, {"square": 1.5e-4, "sinc": 1.5e-4}),
}


def mlp(*widths, activation=nn.ReLU):
    layers = []
    for fan_in, fan_out in zip(widths, widths[1:]):
        layers += [nn.Linear(fan_in, fan_out), activation()]
    return nn.Sequential(*layers[:-1])


def cnn(kernel, channels, *head):
    return nn.Sequential(
        nn.Conv2d(1, 10, kernel), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(10, channels, kernel), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), *head)


CNNS = {
    "cnn1": lambda: cnn(4, 20, nn.Linear(320, 50), nn.ReLU(), nn.Dropout(0.25), *mlp(50, 80, 10)),
    "cnn2": lambda: cnn(4, 20, *mlp(320, 50, 50, 30, 20, 10)),
    "cnn3": lambda: cnn(5, 15, *mlp(240, 80, 10)),
}


def function_samples(function, count, dtype=torch.float32):
    """x and y, [count, 1] each. At a jump of the square wave that ends the interval, the value beside it counts."""
    x = torch.linspace(-1, 1, count, dtype=torch.float64).unsqueeze(1)
    if function == "square":
        y = torch.sign(torch.sin(5 * math.pi * x.clamp(-1 + 1e-6, 1 - 1e-6)))
    else:
        y = torch.sinc(5 * x)
    return x.to(dtype), y.to(dtype)
