"""LossLab's side of ./dev bench: the program itself, as a user runs it.

An experiment's time is taken by difference: the same command with few and with many epochs (or points of a line). Start,
loading of data, files of models, the final evaluation and the end are in both, so the difference is the training alone,
with its models side by side on the cores, its journal written and its curves kept as always.

Single models that no setting singles out (deep alone, cnn1 alone) are trained in the micro-benchmark program by the same
trainer.
"""

import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass

Settings = Mapping[str, float | str]


@dataclass(frozen=True)
class Difference:
    """Work that lies between two runs of an experiment, and how many units of it."""

    experiment: str
    few: Settings
    many: Settings
    units: int
    common: Settings


def difference(experiment: str, key: str, few: int, many: int, units_each: int = 1, **common: float | str) -> Difference:
    """From few to many epochs, or what else the setting `key` counts. In names of settings, _ stands for -."""
    def dashed(settings: Settings) -> Settings:
        return {name.replace("_", "-"): value for name, value in settings.items()}
    return Difference(experiment, dashed({key: few}), dashed({key: many}), (many - few) * units_each, dashed(common))


@dataclass(frozen=True)
class Micro:
    """A micro-benchmark, and how many of its iterations make a unit."""

    name: str
    iterations: float = 1


class MeasureError(Exception):
    """What could not be measured, and why."""


@dataclass(frozen=True)
class LossLab:
    program: pathlib.Path
    micro_program: pathlib.Path | None  # None: there is no google-benchmark here
    device: str
    data: pathlib.Path
    one_core: bool = False  # in processor time, not by the clock

    def seconds(self, work: Difference | Micro) -> float:
        """Per unit of the work."""
        if isinstance(work, Micro):
            return self._micro(work.name) * work.iterations
        few = self._wall(work.experiment, {**work.common, **work.few})
        many = self._wall(work.experiment, {**work.common, **work.many})
        if many <= few:
            raise MeasureError("the longer run took less time than the shorter one: this machine is too busy to measure")
        return (many - few) / work.units

    def report_preset(self, experiment: str) -> float:
        """Seconds for all of it with one seed, from start to end."""
        return self._wall(experiment, {})

    def _wall(self, experiment: str, settings: Settings) -> float:
        with tempfile.TemporaryDirectory(prefix="losslab-bench-") as folder:
            command = [self.program, "run", experiment, "--device", self.device, "--data", self.data,
                       "--repeats", "1", "--charts", "none", "--out", f"{folder}/run"]
            if self.one_core:
                command += ["--threads", "1"]
            for key, value in settings.items():
                command += ["--set", f"{key}={value}"]
            environment = os.environ | {"LOSSLAB_HOME": folder, "QT_QPA_PLATFORM": "offscreen"}
            began = self._now()
            run(command, environment)
            return self._now() - began

    def _now(self) -> float:
        if not self.one_core:
            return time.perf_counter()
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime

    def _micro(self, name: str) -> float:
        if not self.micro_program:
            raise MeasureError("the micro-benchmarks are not built")
        if self.device != "cpu":
            raise MeasureError("the micro-benchmarks are the CPU's")
        if self.one_core:
            raise MeasureError("the micro-benchmarks take all cores")
        output = run([self.micro_program, f"--benchmark_filter=^{name}$", "--benchmark_format=json"], os.environ)
        benchmark, = json.loads(output)["benchmarks"]
        return benchmark["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[benchmark["time_unit"]]


def run(command: list, environment: Mapping[str, str]) -> str:
    """Its standard output."""
    ended = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
    if ended.returncode != 0:
        raise MeasureError(f"{' '.join(map(str, command))} ended with {ended.returncode}: {ended.stderr.strip()}")
    return ended.stdout
