"""LossLab against PyTorch, work by work, in turn: what ./dev bench runs.

    ./dev bench                              all rows, about a quarter of an hour
    ./dev bench --quick                      two rounds, on a fifth of MNIST, about three minutes
    ./dev bench --only capacity,weight-pca   rows of these names, and those that go on from them: capacity-100, …
    ./dev bench --json FILE                  every single time as well
    ./dev bench --one-core                   on one core and in processor time: for a machine that does other work as well
    ./dev bench --full                       then LossLab's nine report presets themselves, from start to end

The table goes to standard output, progress to standard error. What the columns mean stands beneath the table.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import sys
import tempfile
import time

import torch

TREE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(1, str(TREE / "tests" / "oracle"))  # for mnist and networks

import coloured
import mnist
import pytorch
from losslab import Difference, LossLab, MeasureError
from pytorch import Images, Variant
from results import LEGEND, Result, Round, report_presets, report_table, row, table
from works import TEST_IMAGES, TRAIN_IMAGES, WORKS, Setting, Work, selected

MNIST = TREE / "datasets" / "mnist"
QUICK_SHARE = 5  # one image of so many


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME[,NAME]", default="", help="the rows to measure (all)")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, fewer images")
    parser.add_argument("--one-core", action="store_true", help="both sides on one core, in processor time")
    parser.add_argument("--full", action="store_true", help="also run LossLab's report presets")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write all that was measured there")
    parser.add_argument("--rounds", metavar="N", type=int, help="how often each side is timed (3; quick: 2)")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="of both sides (cpu)")
    parser.add_argument("--losslab", metavar="PROGRAM", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--micro", metavar="PROGRAM", type=pathlib.Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def data_folder(quick: bool, scratch: pathlib.Path) -> pathlib.Path:
    """MNIST, or a folder like it with fewer images."""
    if not quick:
        return MNIST
    part = scratch / "mnist"
    part.mkdir()
    mnist.write_first(MNIST, part, TRAIN_IMAGES // QUICK_SHARE, TEST_IMAGES // QUICK_SHARE)
    return part


def load(quick: bool, device: torch.device) -> Images:
    share = QUICK_SHARE if quick else 1
    parts = (mnist.images(MNIST, part) for part in mnist.PARTS)
    return Images(*(tensor[:len(tensor) // share].to(device) for part in parts for tensor in part))


@dataclasses.dataclass(frozen=True)
class Sides:
    """Both, with the same data."""

    setting: Setting
    losslab: LossLab


def all_sides(options: argparse.Namespace, device: torch.device, scratch: pathlib.Path) -> dict[str, Sides]:
    """By the name of the data."""
    losslab = LossLab(options.losslab, options.micro, options.device, data_folder(options.quick, scratch),
                      options.one_core)
    setting = Setting(device, load(options.quick, device), steps=300 if options.quick else 500,
                      batches=100 if options.quick else 300)
    folder = scratch / "coloured"
    folder.mkdir()
    coloured.write(folder)
    return {"mnist": Sides(setting, losslab),
            "coloured": Sides(dataclasses.replace(setting, images=Images(*coloured.images(device))),
                              dataclasses.replace(losslab, data=folder))}


def measure(work: Work, sides: Sides) -> Round:
    """One of each side, scaled to all of MNIST where fewer images were taken."""
    setting, losslab = sides.setting, sides.losslab
    scale = TRAIN_IMAGES / len(setting.images.train_labels) if work.images else 1
    eager = scale * work.pytorch(setting, Variant.EAGER)
    ours = losslab.seconds(work.losslab) * (scale if isinstance(work.losslab, Difference) else 1)
    tuned = scale * work.pytorch(setting, Variant.TUNED) if work.has_variants else eager
    return Round(eager, tuned, ours, pytorch.sgemm_rate(setting.device))


def measure_rounds(work: Work, count: int, sides: Sides) -> list[Round]:
    """Those that could be measured."""
    rounds = []
    for _ in range(count):
        try:
            rounds.append(measure(work, sides))
        except MeasureError as error:
            say(f"{work.name}: {error}.")
    return rounds


def measure_all(works: list[Work], count: int, sides: dict[str, Sides]) -> list[Result]:
    """A row without a single round is left out."""
    results = []
    for work in works:
        if rounds := measure_rounds(work, count, sides[work.data]):
            results.append(Result(work, rounds))
            say(" · ".join(row(results[-1])))
    return results


def machine(device: torch.device) -> dict:
    cpu = platform.processor()
    if pathlib.Path("/proc/cpuinfo").exists():
        names = [line.split(": ", 1)[1] for line in open("/proc/cpuinfo") if line.startswith("model name")]
        cpu = names[0].strip() if names else cpu
    return {"cpu": cpu, "threads": torch.get_num_threads(), "device": str(device), "torch": torch.__version__,
            "gpu": torch.cuda.get_device_name(device) if device.type == "cuda" else None}


def run_report_presets(losslab: LossLab) -> dict[str, float]:
    """Seconds each of the nine takes from start to end."""
    seconds = {}
    for experiment in dict.fromkeys(work.losslab.experiment for work in WORKS if isinstance(work.losslab, Difference)):
        seconds[experiment] = losslab.report_preset(experiment)
        say(f"{experiment}, report preset: {seconds[experiment]:,.1f} s")
    return seconds


def main() -> int:
    options = arguments()
    torch.set_num_threads(1 if options.one_core else len(os.sched_getaffinity(0)))
    if options.one_core:
        pytorch.clock = time.process_time
    torch.set_flush_denormal(True)
    torch.backends.cudnn.allow_tf32 = False  # full single precision, as LossLab computes
    torch.manual_seed(1)
    device = torch.device(options.device)
    try:
        works = selected([name for name in options.only.split(",") if name])
    except ValueError as error:
        say(str(error))
        return 2
    if (load_average := os.getloadavg()[0]) > 0.5 and not options.one_core:
        say(f"This machine is busy (its load is {load_average:.1f}): times taken beside other work mean little.")
    with tempfile.TemporaryDirectory(prefix="losslab-bench-") as scratch:
        sides = all_sides(options, device, pathlib.Path(scratch))
        results = measure_all(works, options.rounds or (2 if options.quick else 3), sides)
        presets = report_presets(results, WORKS)
        print(table(results, presets))
        if presets:
            print(f"\n{report_table(results)}")
        print(f"\n{LEGEND}")
        measured = {"machine": machine(device), "quick": options.quick, "rows": [result.json() for result in results],
                    "reportPresets": dataclasses.asdict(presets) if presets else None}
        if options.full:
            whole = dataclasses.replace(sides["mnist"].losslab, data=MNIST)
            measured["reportPresetsRun"] = run_report_presets(whole)
            print(f"\nAll report presets, run: {sum(measured['reportPresetsRun'].values()):,.0f} s by LossLab.")
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
