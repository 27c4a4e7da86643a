"""function-fit and gradient-norm over many seeds: the program beside a plain PyTorch program.

    python tests/oracle/regressions.py build/dev/bin/losslab
    python tests/oracle/regressions.py build/dev/bin/losslab --seeds 3 --only gradient-norm --csv seeds.csv

Prints a table in Markdown: of how many seeds training converged, and the median, least and greatest number of epochs
and final loss. --csv keeps every seed's. Any Python with torch will do; ./dev test leaves one in the cache folder, as
oracle-VERSION/bin/python.
"""

import argparse
import csv
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor

import torch
from torch import nn

from networks import FUNCTION_FIT, function_samples, mlp

EXPERIMENTS = {  # losslab's arguments, and its most epochs
    "function-fit, square": (["function-fit", "--set", "function=square"], 20000),
    "function-fit, sinc": (["function-fit", "--set", "function=sinc"], 20000),
    "gradient-norm": (["gradient-norm"], 3000),
}


def train(network, x, y, learning_rate, weight_decay, most, change_before, last_change):
    """Epochs and loss of the last. Converged: a loss below 1e-3 whose last two changes are below these."""
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate, weight_decay=weight_decay, fused=True)
    losses = []
    while len(losses) < most:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(network(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if len(losses) >= 3 and losses[-1] < 1e-3:
            if abs(losses[-3] - losses[-2]) < change_before and abs(losses[-2] - losses[-1]) < last_change:
                break
    return len(losses), losses[-1]


def by_pytorch(experiment, seed):
    """Epochs and final loss by model."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    most = EXPERIMENTS[experiment][1]
    torch.manual_seed(seed)
    if experiment == "gradient-norm":
        return {"model": train(mlp(1, 400, 1), *function_samples("sinc", 300), 1e-3, 1e-4, most, 1e-5, 1e-5)}
    function = experiment.split(", ")[1]
    results = {}
    for model, (widths, learning_rate, weight_decay) in FUNCTION_FIT.items():
        torch.manual_seed(seed)
        results[model] = train(mlp(*widths), *function_samples(function, 400), learning_rate, weight_decay[function],
                               most, 1e-5, 1e-4)
    return results


def by_losslab(experiment, seed, program):
    """The same, as the program tells it."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "run"
        command = [program, "run", *EXPERIMENTS[experiment][0], f"--seed={seed}", "--repeats=1", "--threads=1",
                   "--device=cpu"]
        subprocess.run([*command, "--charts", "none", "--out", out], check=True, capture_output=True)
        figures = json.loads((out / "summary.json").read_text())["figures"]
    values = {(figure["model"], figure["figure"]): figure["value"] for figure in figures}
    models = [model for model, figure in values if figure == "loss"]
    return {model: (int(values[model, "epochs"]), values[model, "loss"]) for model in models}


def all_seeds(seeds, only, program):
    """Rows of experiment, model, program, seed, epochs, loss."""
    with ProcessPoolExecutor() as pool:
        jobs = []
        for experiment in EXPERIMENTS:
            if only in experiment:
                for seed in range(1, seeds + 1):
                    jobs.append((experiment, "PyTorch", seed, pool.submit(by_pytorch, experiment, seed)))
                    jobs.append((experiment, "LossLab", seed, pool.submit(by_losslab, experiment, seed, program)))
        for experiment, maker, seed, job in jobs:
            for model, (epochs, loss) in job.result().items():
                yield experiment, model, maker, seed, epochs, loss
            print(f"{experiment}, {maker}: seed {seed} done", file=sys.stderr, flush=True)


def spread(values, form):
    middle, least, greatest = (form(value) for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({least} – {greatest})"


def table(rows):
    lines = ["| experiment | model | by | converged | epochs: median (range) | final loss: median (range) |",
             "|---|---|---|---|---|---|"]
    groups = {}
    for experiment, model, maker, _, epochs, loss in rows:
        groups.setdefault((experiment, model, maker), []).append((epochs, loss))
    for (experiment, model, maker), results in sorted(groups.items()):
        epochs, losses = zip(*results)
        converged = sum(count < EXPERIMENTS[experiment][1] for count in epochs)
        lines.append(f"| {experiment} | {model} | {maker} | {converged} of {len(results)} "
                     f"| {spread(epochs, '{:,.0f}'.format)} | {spread(losses, '{:.3g}'.format)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="losslab")
    parser.add_argument("--seeds", type=int, default=10, help="seeds 1 … SEEDS of both (10)")
    parser.add_argument("--only", default="", help="experiments whose name holds this")
    parser.add_argument("--csv", help="file for every seed's figures")
    arguments = parser.parse_args()
    rows = list(all_seeds(arguments.seeds, arguments.only, arguments.program))
    if arguments.csv:
        with open(arguments.csv, "w", newline="") as file:
            csv.writer(file).writerows([("experiment", "model", "by", "seed", "epochs", "loss"), *rows])
    print(table(rows))


if __name__ == "__main__":
    main()
