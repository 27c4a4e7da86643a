"""function-fit and gradient-norm as a plain PyTorch program: what LossLab's figures are compared with.

    python regressions.py function-fit sinc 10     final loss and epochs of seeds 0 … 9
    python regressions.py gradient-norm 10

Prints a CSV: experiment,model,seed,epochs,loss
"""

import sys

import torch
from torch import nn

MODELS = {
    "deep": ([1, 5, 10, 10, 10, 10, 9, 5, 1], 1e-3, {"square": 1e-4, "sinc": 1e-4}),
    "middle": ([1, 5, 12, 15, 10, 10, 1], 5e-3, {"square": 1.5e-4, "sinc": 3e-4}),
    "shallow": ([1, 26, 18, 1], 3e-3, {"square": 1.5e-4, "sinc": 1.5e-4}),
}


def target(name, x):
    if name == "square":
        return torch.sign(torch.sin(5 * torch.pi * x))
    return torch.sinc(5 * x)


def mlp(widths):
    layers = []
    for fan_in, fan_out in zip(widths, widths[1:]):
        layers += [nn.Linear(fan_in, fan_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def train(model, x, y, lr, weight_decay, most, change_before, last_change):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay, fused=True)
    losses = []
    while len(losses) < most:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if len(losses) >= 3 and losses[-1] < 1e-3:
            if abs(losses[-3] - losses[-2]) < change_before and abs(losses[-2] - losses[-1]) < last_change:
                break
    return len(losses), losses[-1]


def function_fit(name, seed):
    x = torch.linspace(-1, 1, 400).unsqueeze(1)
    for key, (widths, lr, weight_decay) in MODELS.items():
        torch.manual_seed(seed)
        epochs, loss = train(mlp(widths), x, target(name, x), lr, weight_decay[name], 20000, 1e-5, 1e-4)
        print(f"function-fit/{name},{key},{seed},{epochs},{loss:.6g}", flush=True)


def gradient_norm(seed):
    x = torch.linspace(-1, 1, 300).unsqueeze(1)
    torch.manual_seed(seed)
    epochs, loss = train(mlp([1, 400, 1]), x, target("sinc", x), 1e-3, 1e-4, 3000, 1e-5, 1e-5)
    print(f"gradient-norm,model,{seed},{epochs},{loss:.6g}", flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    print("experiment,model,seed,epochs,loss")
    for seed in range(int(sys.argv[-1])):
        if sys.argv[1] == "function-fit":
            function_fit(sys.argv[2], seed)
        else:
            gradient_norm(seed)
