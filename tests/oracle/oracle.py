"""What the tests share: images, runs of the program, and comparisons.

The tests are programs of their own, without arguments. They find what they need in the environment:
LOSSLAB_PROGRAM, the program; LOSSLAB_DATASETS, the folder that holds mnist/.
"""

import atexit
import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import numpy
import safetensors.torch
import torch
from torch import nn

import mnist

torch.set_num_threads(1)
torch.set_flush_denormal(True)

SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="losslab-oracle-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


# --- Images ------------------------------------------------------------------------------------------------------

MNIST = pathlib.Path(os.environ["LOSSLAB_DATASETS"]) / "mnist"


def images(kind):
    """Pixels [N, 784] in 0 … 1 and labels [N] of "train" or "t10k"."""
    return mnist.images(MNIST, kind)


def fewer_training_images(count):
    """A folder like MNIST's, with the first `count` of its training images and all of its test images."""
    folder = SCRATCH / f"mnist-{count}"
    folder.mkdir()
    mnist.write_first(MNIST, folder, count, 10000)
    return folder


# --- Runs of the program -----------------------------------------------------------------------------------------

class Run:
    """A finished run: what its folder holds."""

    def __init__(self, folder):
        self.folder = folder
        summary = json.loads((folder / "summary.json").read_text())
        self.experiment = summary["experiment"]
        self.figures = {(entry["model"], entry["figure"]): entry["value"] for entry in summary["figures"]}

    def points(self, chart, series):
        """x and y of a series, as arrays."""
        with open(self.folder / "charts" / f"{self.experiment}-{chart}.csv", newline="") as file:
            rows = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(file) if row["series"] == series]
        assert rows, f"{chart} has no points of {series}"
        return numpy.array(rows).T

    def rows(self, table):
        """A table's rows as dictionaries."""
        with open(self.folder / "metrics.jsonl") as file:
            lines = [json.loads(line) for line in file]
        rows = [line["row"] for line in lines if line.get("table") == table]
        assert rows, f"{table} has no rows"
        return rows

    def tensors(self, model):
        return safetensors.torch.load_file(self.folder / "models" / f"{model}.safetensors")

    def load(self, model, network):
        """The network with the parameters kept under this name, in their own type, for evaluation."""
        tensors = self.tensors(model)
        network = network.to(next(iter(tensors.values())).dtype)
        network.load_state_dict(tensors)
        return network.eval()


def losslab(experiment, *arguments, seed=1, repeats=1, data=None, **settings):
    """Runs an experiment with the report preset's settings but these; a setting's _ stands for -."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=SCRATCH)) / experiment
    command = [os.environ["LOSSLAB_PROGRAM"], "run", experiment, "--device", "cpu", "--threads", "1", "--charts", "csv",
               "--seed", str(seed), "--repeats", str(repeats), "--out", str(folder), *arguments]
    if data:
        command += ["--data", str(data)]
    for key, value in settings.items():
        command += ["--set", f"{key.replace('_', '-')}={value}"]
    environment = os.environ | {"LOSSLAB_HOME": str(SCRATCH / "home"), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stderr}"
    return Run(folder)


# --- Comparing ---------------------------------------------------------------------------------------------------

class OracleTest(unittest.TestCase):
    def assert_relative(self, ours, theirs, tolerance, of=""):
        """Two numbers, or two arrays entry by entry, agree to this share of theirs."""
        ours, theirs = numpy.asarray(ours, float), numpy.asarray(theirs, float)
        self.assertEqual(ours.shape, theirs.shape, of)
        worst = numpy.max(numpy.abs(ours - theirs) / numpy.abs(theirs))
        self.assertLessEqual(worst, tolerance, f"{of}: {ours} is not PyTorch's {theirs}")

    def assert_same_tensors(self, ours, theirs, tolerance, of=""):
        """Two dictionaries of tensors, as a vector each: the norm of their difference, relative to theirs."""
        self.assertEqual(ours.keys(), theirs.keys(), of)
        distance = sum((ours[key].double() - theirs[key].double()).square().sum() for key in theirs)
        length = sum(theirs[key].double().square().sum() for key in theirs)
        self.assertLessEqual(float((distance / length).sqrt()), tolerance, of)

    def logits(self, network, inputs):
        if isinstance(network[0], nn.Conv2d):
            inputs = inputs.reshape(-1, 1, 28, 28)
        with torch.no_grad():
            return torch.cat([network(part) for part in inputs.split(1000)])

    def assert_loss(self, loss, logits, labels, of=""):
        """It is the mean cross entropy."""
        self.assert_relative(loss, nn.functional.cross_entropy(logits.double(), labels).item(), 1e-5, f"{of} loss")

    def assert_accuracy(self, accuracy, logits, labels, of=""):
        """It is the share of labels hit. Where the two largest of an image's logits are equal but for float's rounding,
        either may count as the answer."""
        largest = logits.topk(2).values
        undecided = largest[:, 0] - largest[:, 1] <= 1e-5 * largest.abs().amax(1)
        hits = logits.argmax(1) == labels
        surely, possibly = (hits & ~undecided).sum().item(), (hits | undecided).sum().item()
        self.assertLess(possibly - surely, 3, of)
        self.assertIn(round(accuracy * len(labels), 6), range(surely, possibly + 1), f"{of} accuracy")

    def assert_evaluation(self, run, model, network, inputs, labels):
        """The figures of a saved classifier: its size, and its loss and accuracy on the test images."""
        network = run.load(model, network)
        size = sum(parameter.numel() for parameter in network.parameters())
        self.assertEqual(run.figures[model, "parameters"], size, model)
        logits = self.logits(network, inputs)
        self.assert_loss(run.figures[model, "test-loss"], logits, labels, model)
        self.assert_accuracy(run.figures[model, "test-accuracy"], logits, labels, model)
