"""The rows of ./dev bench: which work, how both sides do it, how much of it the report presets have, what to reach."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

import flops
import pytorch
from losslab import Difference, Micro, difference
from networks import CNNS, FUNCTION_FIT, function_samples, mlp
from pytorch import AdamSettings, Images, OtherSettings, Settings, SgdSettings, Variant

TRAIN_IMAGES, TEST_IMAGES = 60000, 10000
MICRO_IMAGES = 12000  # an epoch of the micro-benchmarks of convolutional networks


@dataclass(frozen=True)
class Setting:
    """Where PyTorch's side works, and how much of it is timed."""

    device: torch.device
    images: Images
    steps: int  # of small regressions
    batches: int  # of an epoch


@dataclass(frozen=True)
class Reach:
    """What the row is to reach: how many times as fast as PyTorch, or which share of the matrix product's rate."""

    ratio: float | None = None
    share: float | None = None


@dataclass(frozen=True)
class Work:
    name: str
    unit: str
    pytorch: Callable[[Setting, Variant], float]
    losslab: Difference | Micro
    reach: Reach = Reach()
    training: tuple[nn.Sequential, ...] = ()  # networks that see all training images once a unit; for the operations
    evaluated: nn.Sequential | None = None  # network that sees all test images once a unit
    report_units: int = 0  # in the report presets
    images: bool = False  # whether a unit grows with the number of images
    has_variants: bool = True  # whether PyTorch's variants differ
    data: str = "mnist"  # or "coloured": noise in CIFAR-10's form

    def operations(self) -> int:
        """Nominal floating-point operations of a unit, with all of MNIST; 0 where they are not counted."""
        trained = sum(flops.of_training(network) for network in self.training) * TRAIN_IMAGES
        tested = flops.of_evaluation(self.evaluated) * TEST_IMAGES if self.evaluated else 0
        return trained + tested


# --- Functions of one variable ---------------------------------------------------------------------------------------

def fit_steps(setting: Setting, variant: Variant, models: tuple[str, ...]) -> float:
    """A step of each of these models of function-fit, one after the other."""
    x, y = (column.to(setting.device) for column in function_samples("square", 400))
    seconds = 0.0
    for model in models:
        widths, learning_rate, weight_decay = FUNCTION_FIT[model]
        network = mlp(*widths).to(setting.device)
        adam = AdamSettings(learning_rate, weight_decay["square"])
        seconds += pytorch.regression_step(variant, network, x, y, adam, setting.steps)
    return seconds


def gradient_norm_step(setting: Setting, variant: Variant) -> float:
    x, y = (column.to(setting.device) for column in function_samples("sinc", 300))
    network = mlp(1, 400, 1).to(setting.device)
    return pytorch.regression_step(variant, network, x, y, AdamSettings(1e-3, 1e-4), setting.steps, gradient_norm=True)


def gradient_zero(setting: Setting, variant: Variant, work: str) -> float:
    """A step on the loss, a step on the gradient's norm, or the Hessian with its spectrum, in double."""
    x, y = (column.to(setting.device) for column in function_samples("sinc", 300, torch.float64))
    network = mlp(1, 400, 1).to(setting.device, torch.float64)
    if work == "hessian":
        return pytorch.hessian_spectrum(variant, network, x, y)
    step = pytorch.regression_step if work == "loss" else pytorch.norm_step
    return step(variant, network, x, y, AdamSettings(4e-4), setting.steps)


# At rates so small training does not converge, and so does not end, before the last epoch.
FITS = [
    *(Work(f"function-fit-{model}", "a step", partial(fit_steps, models=(model,)),
           Micro(f"function-fit, a step: {model}"))
      for model in FUNCTION_FIT),
    Work("function-fit-all", "a step of all three", partial(fit_steps, models=tuple(FUNCTION_FIT)),
         difference("function-fit", "epochs", 1000, 20000, function="square", lr_factor=1e-3), Reach(ratio=40),
         report_units=20000),
    Work("gradient-norm", "a step", gradient_norm_step, difference("gradient-norm", "epochs", 1000, 21000, lr=1e-6),
         Reach(ratio=20), report_units=3000),
]

GRADIENT_ZERO = [
    Work("gradient-zero-hessian", "Hessian and spectrum, 1,201 parameters", partial(gradient_zero, work="hessian"),
         difference("gradient-zero", "epochs", 2, 10, trainings=1, loss_epochs=0, norm_epochs=0), Reach(ratio=30),
         report_units=200),
    Work("gradient-zero-loss", "a step of a training on the loss", partial(gradient_zero, work="loss"),
         difference("gradient-zero", "loss_epochs", 200, 2200, 4, epochs=1, trainings=4, norm_epochs=0),
         report_units=100 * 5000),
    Work("gradient-zero-norm", "a step of a training on the norm", partial(gradient_zero, work="norm"),
         difference("gradient-zero", "norm_epochs", 50, 1050, 4, epochs=1, trainings=4, loss_epochs=0, almost_zero=0),
         report_units=100 * 1000),
]


# --- Networks of one's own: those of the assignment's slides --------------------------------------------------------

SLIDES = {"deep": (5, 10, 10, 10, 10, 10, 5), "middle": (10, 18, 15, 4), "wide": (190,)}
SLIDES_TEXT = "; ".join(f"{name}: {', '.join(map(str, hidden))} | decay 0" for name, hidden in SLIDES.items())


def slides(setting: Setting, variant: Variant, activation: type[nn.Module], settings: Settings, points: int,
           batch: int = 0) -> float:
    """A step of each with all points, or an epoch of each in batches."""
    x, y = (column.to(setting.device) for column in function_samples("sinc", points))
    seconds = 0.0
    for hidden in SLIDES.values():
        network = mlp(1, *hidden, 1, activation=activation).to(setting.device)
        if batch:
            seconds += pytorch.regression_epoch(variant, network, x, y, settings, batch, max(setting.steps // 16, 5))
        else:
            seconds += pytorch.regression_step(variant, network, x, y, settings, setting.steps)
    return seconds


def of_slides(few: int, many: int, **common: float | str) -> Difference:
    return difference("function-fit", "epochs", few, many, models=SLIDES_TEXT, lr_factor=1e-3, converged=0, **common)


OWN = [
    Work("slides-relu-adam", "a step of all three", partial(slides, activation=nn.ReLU, settings=AdamSettings(), points=300),
         of_slides(1000, 11000, points=300), Reach(ratio=20)),
    Work("slides-leaky-sgd", "a step of all three",
         partial(slides, activation=nn.LeakyReLU, settings=SgdSettings(momentum=0.9), points=300),
         of_slides(1000, 11000, points=300, activation="leaky-relu", optimizer="sgd", momentum=0.9), Reach(ratio=20)),
    Work("slides-tanh-adam", "a step of all three", partial(slides, activation=nn.Tanh, settings=AdamSettings(), points=300),
         of_slides(1000, 11000, points=300, activation="tanh"), Reach(ratio=20)),
    Work("slides-gelu-adam", "a step of all three", partial(slides, activation=nn.GELU, settings=AdamSettings(), points=300),
         of_slides(1000, 6000, points=300, activation="gelu"), Reach(ratio=20)),
    Work("slides-batches", "an epoch of all three, 2,048 points in batches of 128",
         partial(slides, activation=nn.ReLU, settings=AdamSettings(), points=2048, batch=128),
         of_slides(20, 220, points=2048, batch=128), Reach(ratio=15)),
]


# --- Images ----------------------------------------------------------------------------------------------------------

def epochs(setting: Setting, variant: Variant, trainings: list[tuple[Callable[[], nn.Sequential], int, Settings]],
           with_test: bool = False, bfloat16: bool = False) -> float:
    """An epoch of each of these networks, batch sizes and settings, one after the other."""
    return sum(pytorch.epoch(variant, network(), setting.images, batch_size, adam, setting.batches, with_test, bfloat16)
               for network, batch_size, adam in trainings)


def dense(*widths: int) -> Callable[[], nn.Sequential]:
    return lambda: mlp(*widths)


def classifiers(name: str, unit: str, trainings: list, losslab: Difference | Micro, with_test: bool = False,
                bfloat16: bool = False, **options) -> Work:
    networks = tuple(network() for network, _, _ in trainings)
    work = partial(epochs, trainings=trainings, with_test=with_test, bfloat16=bfloat16)
    return Work(name, unit, work, losslab, training=networks,
                evaluated=networks[0] if with_test else None, images=True, **options)


def wide(width: int) -> tuple:
    return dense(784, width, 10), 500, AdamSettings(1e-3)


def of_batch(size: int, learning_rate: float = 1e-3, weight_decay: float = 1e-4) -> tuple:
    return dense(784, 500, 10), size, AdamSettings(learning_rate, weight_decay)


DEEPER = dense(784, 500, 50, 10), 1000, AdamSettings(4e-4, 1e-4)
DEEPEST = dense(784, 256, 256, 256, 10), 200, AdamSettings(1e-4)
CNN = {name: (network, 500, AdamSettings(1e-3, 1e-4)) for name, network in CNNS.items()}
WIDTHS = range(100, 1001, 100)
PAIRS = [of_batch(64, 1.5e-3), of_batch(1024, 1.5e-3), of_batch(500, 1e-3, 0), of_batch(500, 1e-2, 0)]
BATCH_SIZES = [10, 385, 760, 1135, 1510]

IMAGES = [
    *(classifiers(f"cnn-mnist-{name}", "an epoch", [training],
                  Micro(f"cnn-mnist, an epoch of {MICRO_IMAGES:,} images: {name}", TRAIN_IMAGES / MICRO_IMAGES),
                  reach=Reach(ratio=2.5))
      for name, training in CNN.items()),
    classifiers("cnn-mnist-all", "an epoch of all three", list(CNN.values()), difference("cnn-mnist", "epochs", 1, 2),
                reach=Reach(ratio=2.5), report_units=15),
    classifiers("weight-pca", "an epoch", [DEEPER],
                difference("weight-pca", "epochs", 1, 2, 8), reach=Reach(share=0.85), report_units=8 * 45),
    classifiers("random-labels", "an epoch with test", [DEEPEST],
                difference("random-labels", "epochs", 1, 4), with_test=True, reach=Reach(share=0.85),
                report_units=1000),
    *(classifiers(f"capacity-{width}", "an epoch", [wide(width)],
                  difference("capacity", "epochs", 1, 1 + more, models=1, largest=width))
      for width, more in ((100, 5), (500, 2), (1000, 1))),
    classifiers("capacity-all", "an epoch of all ten", [wide(width) for width in WIDTHS],
                difference("capacity", "epochs", 1, 2), reach=Reach(share=0.85), report_units=10),
    # sensitivity trains one network of the same layers alone, at any batch size and rate
    classifiers("interpolation-64", "an epoch at batch 64", [PAIRS[0]],
                difference("sensitivity", "epochs", 1, 3, models=1, smallest=64, lr=1.5e-3), reach=Reach(ratio=4)),
    classifiers("interpolation-all", "an epoch of all four", PAIRS, difference("interpolation", "epochs", 1, 2, alphas=3),
                report_units=20),
    Work("interpolation-line", "a point of a line",
         lambda setting, _: pytorch.line_point(mlp(784, 500, 10), setting.images),
         difference("interpolation", "alphas", 3, 13, 2, epochs=1), report_units=2 * 31, images=True,
         has_variants=False),
    classifiers("sensitivity-10", "an epoch at batch 10", [of_batch(10)],
                difference("sensitivity", "epochs", 1, 2, models=1, smallest=10), reach=Reach(ratio=6)),
    classifiers("sensitivity-all", "an epoch of all five", [of_batch(size) for size in BATCH_SIZES],
                difference("sensitivity", "epochs", 1, 2), report_units=5),
]

def convolution(channels: int, filters: int, kernel: int, activation: type[nn.Module] = nn.ReLU, stride: int = 1,
                pool: bool = True) -> list[nn.Module]:
    """With borders of zeros on all sides, an odd kernel's half wide."""
    layer = nn.Conv2d(channels, filters, kernel, stride, kernel // 2)
    return [layer, activation(), *([nn.MaxPool2d(2)] if pool else [])]


def own_cnn(name: str, layers: str, network: Callable[[], nn.Sequential], activation: str = "relu") -> Work:
    """A network of MNIST as a person may write it."""
    return classifiers(f"cnn-own-{name}", "an epoch at batch 128", [(network, 128, AdamSettings(1e-3, 1e-4))],
                       difference("cnn-mnist", "epochs", 1, 2, models=f"own: {layers}", batch=128, activation=activation),
                       reach=Reach(ratio=2.5))


def padded_cnn() -> nn.Sequential:
    return nn.Sequential(*convolution(1, 16, 3), *convolution(16, 32, 3), nn.Flatten(), *mlp(32 * 7 * 7, 64, 10))


def strided_cnn() -> nn.Sequential:
    options = {"activation": nn.LeakyReLU, "stride": 2, "pool": False}
    return nn.Sequential(*convolution(1, 16, 3, **options), *convolution(16, 32, 3, **options), nn.Flatten(),
                         *mlp(32 * 7 * 7, 64, 10, activation=nn.LeakyReLU))


def wide_cnn() -> nn.Sequential:
    return nn.Sequential(*convolution(1, 32, 5, nn.Tanh), *convolution(32, 64, 5, nn.Tanh), nn.Flatten(),
                         *mlp(64 * 7 * 7, 128, 10, activation=nn.Tanh))


def cifar_cnn() -> nn.Sequential:
    """97,730 parameters."""
    return nn.Sequential(*convolution(3, 32, 3), *convolution(32, 64, 3), *convolution(64, 64, 3), nn.Flatten(),
                         *mlp(64 * 4 * 4, 40, 10))


OWN_CNNS = [
    own_cnn("padded", "conv 16 3 pad same, pool 2, conv 32 3 pad same, pool 2, 64", padded_cnn),
    own_cnn("strided", "conv 16 3 stride 2 pad 1, conv 32 3 stride 2 pad 1, 64", strided_cnn, "leaky-relu"),
    own_cnn("wide", "conv 32 5 pad same, pool 2, conv 64 5 pad same, pool 2, 128", wide_cnn, "tanh"),
    Work("cifar-cnn", "an epoch of 10,000 coloured images at batch 128",
         partial(epochs, trainings=[(cifar_cnn, 128, AdamSettings(1e-3, 1e-4))]),
         difference("cnn-mnist", "epochs", 1, 3, batch=128,
                    models="own: conv 32 3 pad same, pool 2, conv 64 3 pad same, pool 2, conv 64 3 pad same, pool 2, 40"),
         Reach(ratio=1.5), data="coloured"),
]


# Rows of other optimizers and activations than the report's.
OWN_IMAGES = [
    classifiers("dense-sgd", "an epoch at batch 64", [(dense(784, 500, 10), 64, SgdSettings(0.1, 0.9))],
                difference("sensitivity", "epochs", 1, 3, batches="64", lr=0.1, optimizer="sgd", momentum=0.9,
                           weight_decay=0), reach=Reach(ratio=1.8)),
    classifiers("dense-tanh", "an epoch at batch 64",
                [(lambda: mlp(784, 500, 10, activation=nn.Tanh), 64, AdamSettings(1e-3))],
                difference("sensitivity", "epochs", 1, 3, batches="64", activation="tanh", weight_decay=0),
                reach=Reach(ratio=1.8)),
    *(classifiers(f"dense-{method}-{activation}", "an epoch at batch 64",
                  [(partial(mlp, 784, 500, 10, activation=layer), 64, OtherSettings(optimizer))],
                  difference("sensitivity", "epochs", 1, 3, batches="64", optimizer=method, activation=activation,
                             weight_decay=decay), reach=Reach(ratio=1.8))
      for method, optimizer, activation, layer, decay in (
          ("rmsprop", torch.optim.RMSprop, "leaky-relu", nn.LeakyReLU, 0),
          ("adamw", torch.optim.AdamW, "gelu", nn.GELU, 0.01),
          ("adagrad", torch.optim.Adagrad, "relu", nn.ReLU, 0))),
]

BFLOAT16 = [
    classifiers("bfloat16-weight-pca", "an epoch", [DEEPER],
                difference("weight-pca", "epochs", 1, 2, 8, precision="bfloat16"), bfloat16=True),
    classifiers("bfloat16-random-labels", "an epoch with test", [DEEPEST],
                difference("random-labels", "epochs", 1, 4, precision="bfloat16"), with_test=True, bfloat16=True),
    classifiers("bfloat16-capacity-1000", "an epoch", [wide(1000)],
                difference("capacity", "epochs", 1, 2, models=1, largest=1000, precision="bfloat16"), bfloat16=True),
    classifiers("bfloat16-sensitivity-385", "an epoch at batch 385", [of_batch(385)],
                difference("sensitivity", "epochs", 1, 3, models=1, smallest=385, precision="bfloat16"), bfloat16=True),
]

WORKS = [*FITS, *GRADIENT_ZERO, *OWN, *IMAGES, *OWN_IMAGES, *OWN_CNNS, *BFLOAT16]


def selected(names: list[str]) -> list[Work]:
    """Those of these names, and those whose names go on from them with a dash; all, where none is named. ValueError for
    a name that fits none."""
    for name in names:
        if not any(fits(work, name) for work in WORKS):
            raise ValueError(f"There is no row {name}. There are {', '.join(work.name for work in WORKS)}.")
    return [work for work in WORKS if not names or any(fits(work, name) for name in names)]


def fits(work: Work, name: str) -> bool:
    return work.name == name or work.name.startswith(f"{name}-")
