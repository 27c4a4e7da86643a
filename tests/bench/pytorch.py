"""PyTorch's side of ./dev bench: each experiment's work as PyTorch programs do it, in two variants.

Both have their data in memory as tensors on the device and take batches from it by index, without a DataLoader; they
drop gradients instead of zeroing them, read no scalar within an epoch of images, and flush denormals. Networks, batch
sizes and Adam's settings are those of the report presets.

    EAGER   torch.optim.Adam as it comes, torch.func.hessian: what ratios are held against.
    TUNED   Adam(fused=True), convolutions in channels-last, the Hessian row by row through autograd: what eager PyTorch
            gives to one who knows all its switches.

A program uses all cores through PyTorch's own threads, as a student's does; for small regressions, one thread where that
is quicker. Several of those (function-fit, the trainings of gradient-zero) would take down to half the time on two cores
as one process a core; the figures here are those of one process.

Every function gives seconds per unit of its work, after a warm-up. An epoch may be cut to its first `most` batches,
whose time is then scaled to the whole one.
"""

import inspect
import math
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor, nn

WARM_UP = 3  # calls or batches that are not timed
clock: Callable[[], float] = time.perf_counter  # or the process's own time, where other work is done beside it


class Variant(Enum):
    EAGER = "eager"
    TUNED = "tuned"


@dataclass(frozen=True)
class Images:
    """Pixels [N, channels · side · side] in 0 … 1 and labels [N], for training and for testing."""

    train_inputs: Tensor
    train_labels: Tensor
    test_inputs: Tensor
    test_labels: Tensor


@dataclass(frozen=True)
class AdamSettings:
    learning_rate: float = 1e-3
    weight_decay: float = 0

    def of(self, network: nn.Module, variant: Variant) -> torch.optim.Adam:
        return torch.optim.Adam(network.parameters(), self.learning_rate, weight_decay=self.weight_decay,
                                fused=True if variant is Variant.TUNED else None)


@dataclass(frozen=True)
class SgdSettings:
    learning_rate: float = 1e-2
    momentum: float = 0

    def of(self, network: nn.Module, variant: Variant) -> torch.optim.SGD:
        return torch.optim.SGD(network.parameters(), self.learning_rate, momentum=self.momentum,
                               fused=True if variant is Variant.TUNED else None)


@dataclass(frozen=True)
class OtherSettings:
    method: type[torch.optim.Optimizer]
    learning_rate: float = 1e-3

    def of(self, network: nn.Module, variant: Variant) -> torch.optim.Optimizer:
        has_fused = "fused" in inspect.signature(self.method).parameters
        tuned = {"fused": True} if has_fused else {"foreach": True}
        return self.method(network.parameters(), self.learning_rate, **(tuned if variant is Variant.TUNED else {}))


Settings = AdamSettings | SgdSettings | OtherSettings


def now(device: torch.device) -> float:
    """Seconds on a clock, once all that was asked of the device is done."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return clock()


def seconds_each(work: Callable[[], object], count: int, device: torch.device, warm_up: int = WARM_UP) -> float:
    """Mean over `count` calls."""
    for _ in range(warm_up):
        work()
    began = now(device)
    for _ in range(count):
        work()
    return (now(device) - began) / count


def with_best_threads(work: Callable[[], float]) -> float:
    """The less of two measurements: with one thread, and with all. Small operations gain little by threads, and on a machine
    that does other work as well lose much by waiting for them."""
    most = torch.get_num_threads()
    seconds = [work()]
    if most == 1:
        return seconds[0]
    torch.set_num_threads(1)
    seconds.append(work())
    torch.set_num_threads(most)
    return min(seconds)


def sgemm_rate(device: torch.device, size: int = 2048, count: int = 8) -> float:
    """Floating-point operations a second of the product of two square matrices in single precision."""
    a, b, product = (torch.randn(size, size, device=device) for _ in range(3))
    return 2 * size**3 / seconds_each(lambda: torch.mm(a, b, out=product), count, device)


# --- Functions of one variable: the whole function is the batch, an epoch is a step ---------------------------------

def regression_epoch(variant: Variant, network: nn.Module, x: Tensor, y: Tensor, settings: Settings, batch: int,
                     epochs: int) -> float:
    """Seconds an epoch in batches of a new order; its loss is read once."""
    optimizer = settings.of(network, variant)

    def epoch() -> None:
        total = torch.zeros((), device=x.device)
        for part in torch.randperm(len(x), device=x.device).split(batch):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(network(x[part]), y[part])
            loss.backward()
            optimizer.step()
            total += loss.detach()
        total.item()

    return with_best_threads(lambda: seconds_each(epoch, epochs, x.device))


def regression_step(variant: Variant, network: nn.Module, x: Tensor, y: Tensor, adam: Settings, steps: int,
                    gradient_norm: bool = False) -> float:
    """Seconds a step of training; the loss is read at each, since training ends by it. On demand, the norm of the whole
    gradient as well."""
    optimizer = adam.of(network, variant)
    parameters = list(network.parameters())

    def step() -> None:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(network(x), y)
        loss.backward()
        if gradient_norm:
            nn.utils.get_total_norm([parameter.grad for parameter in parameters]).item()
        optimizer.step()
        loss.item()

    return with_best_threads(lambda: seconds_each(step, steps, x.device))


def norm_step(variant: Variant, network: nn.Module, x: Tensor, y: Tensor, adam: Settings, steps: int) -> float:
    """Seconds a step that makes the gradient's norm small, by double backward."""
    optimizer = adam.of(network, variant)
    parameters = list(network.parameters())

    def step() -> None:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(network(x), y)
        gradients = torch.autograd.grad(loss, parameters, create_graph=True)
        norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
        norm.backward()
        optimizer.step()
        norm.item()

    return with_best_threads(lambda: seconds_each(step, steps, x.device))


def hessian_by_rows(function: Callable[[Tensor], Tensor], flat: Tensor) -> Tensor:
    """Second derivatives [P, P] of a scalar function."""
    flat = flat.clone().requires_grad_()
    gradient, = torch.autograd.grad(function(flat), flat, create_graph=True)
    return torch.stack([torch.autograd.grad(entry, flat, retain_graph=True)[0] for entry in gradient])


def hessian_spectrum(variant: Variant, network: nn.Module, x: Tensor, y: Tensor) -> float:
    """Seconds for the Hessian of the loss with all parameters together, and its eigenvalues."""
    names, shapes, sizes = zip(*((name, p.shape, p.numel()) for name, p in network.named_parameters()))
    flat = torch.cat([parameter.detach().flatten() for parameter in network.parameters()])

    def loss(flat: Tensor) -> Tensor:
        parts = [part.view(shape) for part, shape in zip(flat.split(sizes), shapes)]
        return nn.functional.mse_loss(torch.func.functional_call(network, dict(zip(names, parts)), x), y)

    def work() -> Tensor:
        hessian = hessian_by_rows(loss, flat) if variant is Variant.TUNED else torch.func.hessian(loss)(flat)
        return torch.linalg.eigvalsh(hessian)

    torch.linalg.eigvalsh(torch.eye(len(flat), dtype=flat.dtype, device=flat.device))  # the first call loads code
    return seconds_each(work, 1, x.device, warm_up=0)


# --- Images --------------------------------------------------------------------------------------------------------

def network_inputs(network: nn.Sequential, pixels: Tensor) -> Tensor:
    if not isinstance(network[0], nn.Conv2d):
        return pixels
    channels = network[0].in_channels
    side = math.isqrt(pixels.shape[1] // channels)
    return pixels.view(-1, channels, side, side)


def train(network: nn.Sequential, optimizer: torch.optim.Optimizer, images: Images, batches: Iterable[Tensor],
          bfloat16: bool = False) -> tuple[float, float]:
    """Mean loss and accuracy, as seen over these batches of places."""
    loss_sum = torch.zeros((), device=images.train_inputs.device)
    hits = torch.zeros((), dtype=torch.int64, device=images.train_inputs.device)
    count = 0
    for places in batches:
        inputs = network_inputs(network, images.train_inputs[places])
        labels = images.train_labels[places]
        optimizer.zero_grad()
        with torch.autocast(inputs.device.type, torch.bfloat16) if bfloat16 else nullcontext():
            outputs = network(inputs)
            loss = nn.functional.cross_entropy(outputs, labels)
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(places)
        hits += (outputs.argmax(1) == labels).sum()
        count += len(places)
    return loss_sum.item() / count, hits.item() / count


@torch.no_grad()
def evaluate(network: nn.Sequential, inputs: Tensor, labels: Tensor) -> tuple[float, float]:
    """Mean loss and accuracy."""
    network.eval()
    loss_sum = torch.zeros((), device=inputs.device)
    hits = torch.zeros((), dtype=torch.int64, device=inputs.device)
    for part, wanted in zip(inputs.split(1000), labels.split(1000)):
        outputs = network(network_inputs(network, part))
        loss_sum += nn.functional.cross_entropy(outputs, wanted, reduction="sum")
        hits += (outputs.argmax(1) == wanted).sum()
    network.train()
    return loss_sum.item() / len(labels), hits.item() / len(labels)


def epoch(variant: Variant, network: nn.Sequential, images: Images, batch_size: int, adam: Settings, most: int,
          with_test: bool = False, bfloat16: bool = False) -> float:
    """Seconds an epoch of training, in bfloat16 by autocast or in float, and on demand of testing after it, in float. The
    order is drawn before the clock starts."""
    device = images.train_inputs.device
    convolves = isinstance(network[0], nn.Conv2d)
    tuned_format = torch.channels_last if convolves and variant is Variant.TUNED else torch.preserve_format
    network = network.to(device, memory_format=tuned_format)
    optimizer = adam.of(network, variant)
    batches = torch.randperm(len(images.train_labels)).to(device).split(batch_size)
    timed = batches[:most]
    train(network, optimizer, images, batches[:WARM_UP], bfloat16)
    began = now(device)
    train(network, optimizer, images, timed, bfloat16)
    seconds = (now(device) - began) * len(batches) / len(timed)
    if with_test:
        seconds += seconds_each(lambda: evaluate(network, images.test_inputs, images.test_labels), 1, device, warm_up=1)
    return seconds


def line_point(network: nn.Sequential, images: Images) -> float:
    """Seconds for a point of the line between two networks: its parameters, and both sets evaluated."""
    device = images.train_inputs.device
    network = network.to(device)
    ends = [torch.randn_like(nn.utils.parameters_to_vector(network.parameters())) for _ in range(2)]

    def point() -> None:
        nn.utils.vector_to_parameters(torch.lerp(*ends, 0.4), network.parameters())
        evaluate(network, images.train_inputs, images.train_labels)
        evaluate(network, images.test_inputs, images.test_labels)

    return seconds_each(point, 1, device, warm_up=0)
