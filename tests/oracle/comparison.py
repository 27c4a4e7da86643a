"""Writes resources/help/comparison.md: published values beside those of the report presets.

    losslab run NAME … --out RUNS/FOLDER                    the commands that the page itself quotes
    python tests/oracle/regressions.py losslab > SEEDS      ten seeds beside PyTorch's
    python tests/oracle/comparison.py RUNS SEEDS > NEW.md   then moved to resources/help/comparison.md

Every number comes from the runs and from SEEDS; the sentences are written here. With `--keep PAGE` in front, tables
whose run is not in RUNS, and that of the seeds where SEEDS is left out, are those of an earlier page: long
experiments need not be trained again for a change in the others.
"""

import argparse
import csv
import json
import pathlib
import statistics
import sys

INTRODUCTION = """# Published and measured

Values from the published report, beside the report presets of LossLab. (The report is that of a student of the course.)
With several seeds: mean ± standard deviation for images; for functions, where training may fail, the median
(minimum – maximum), and how many seeds converged.
"""

SECTIONS = [
    ("Simulate a function, sinc", "function-fit-sinc", "function-fit --repeats 10", ["epochs", "loss"],
     """Single seeds vary widely: with each model some converge after hundreds of epochs, some do not within 20,000, and with
the deeper two some die at a loss of 0.087, where every ReLU of a layer is off. The median epoch is that of the seeds that
converged. The published values are one seed of that distribution. The last table compares with PyTorch."""),
    ("Simulate a function, square wave", "function-fit-square",
     "function-fit --set function=square --repeats 10", ["epochs", "loss"],
     """As above. The published deep network (0.0013) is a lucky seed, in LossLab and in PyTorch: most deep networks end far
above it, or die. The published epochs, 20,000, are the limit: none of the three converged."""),
    ("Train on images", "cnn-mnist", "cnn-mnist --repeats 3", ["test-accuracy", "training-accuracy"],
     """Within the range of the seeds. The report's loss curves level off at 1.05, because they show the sum divided by the last
index, plus one. LossLab draws the mean."""),
    ("Paths of the weights", "weight-pca", "weight-pca",
     ["test-accuracy", "test-loss", "training-accuracy", "training-loss", "variance-1", "variance-2"],
     """The eight runs are eight starts. One run's test accuracy and test loss can lie a little outside the published range,
which is that of eight other starts. No shares of variance are published. Seven of them, one fewer than there are runs, are
of about the same size, because the PCA mostly sees the different starts."""),
    ("Gradient norm", "gradient-norm", "gradient-norm --repeats 10", ["epochs", "loss", "gradient-norm"],
     "The median is within the published range. Single seeds converge between about 1,250 and 2,400 epochs, in PyTorch too."),
    ("Gradient almost zero", "gradient-zero", "gradient-zero", ["loss", "gradient-norm", "minimal-ratio", "largest-eigenvalue", "positive-share", "zero-share", "negative-share",
      "median-ratio"],
     """Not comparable, on purpose: the published loss rises to 3.4 because the curvature computation left its gradients in the
parameters, and the published ratio (0.69–0.76) is a mean of per-layer Gauss–Newton ratios, of 128 units. (Computed so, with
`--set hidden=128 --set ratio=gauss-newton`, it is 0.53 here.) Here it is that of the true Hessian of all parameters together, in
double precision. With ReLU most eigenvalues are zero, so the ratio lies far below one
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


def cell(figure, percent, is_image):
    values = figure.get("values", [figure["value"]])
    if len(values) == 1:
        return shown(values[0], percent)
    if is_image:
        return f"{shown(statistics.mean(values), percent)} ± {shown(statistics.stdev(values), percent)}"
    least, greatest = shown(min(values), percent), shown(max(values), percent)
    return f"{shown(statistics.median(values), percent)} ({least} – {greatest})"


def convergence(folder, model):
    """As the program says it, "converged 3 of 5, median epoch 1,449"; empty where it was not asked for."""
    journal = (folder / "metrics.jsonl").read_text().splitlines()
    lines = [json.loads(line) for line in journal if '"training":' in line]
    epochs = {kind: [line["epoch"] for line in lines if line["model"] == model and line["training"] == kind]
              for kind in ("converged", "not-converged")}
    count = sum(map(len, epochs.values()))
    if count < 2:
        return ""
    converged = epochs["converged"]
    which = ", at epoch" if len(converged) == 1 else ", median epoch"
    middle = f"{which} {int(statistics.median(converged)):,}" if converged else ""
    return f"converged {len(converged)} of {count}{middle}"


def published(figure, percent):
    if "published" not in figure:
        return "–"
    text = shown(figure["published"], percent)
    return text + "–" + shown(figure["publishedUpTo"], percent) if "publishedUpTo" in figure else text


def section(title, folder, command, keys, why):
    summary = json.loads((folder / "summary.json").read_text())
    run = json.loads((folder / "run.json").read_text())
    first, repeats = run["spec"]["seed"], run["spec"]["repeats"]
    is_image = run["dataChecksum"] != ""
    seeds = f"seeds {first}–{first + repeats - 1}" if repeats > 1 else f"seed {first}"
    lines = [f"`losslab run {command}`, {seeds}", "", "| model | figure | published | LossLab |",
             "|---|---|---|---|"]
    for figure in summary["figures"]:
        if figure["figure"] in keys and figure["value"] is not None:
            percent = "accuracy" in figure["figure"] or figure["figure"].startswith(("variance", "wrong")) or figure["figure"].endswith("-share")
            converged = convergence(folder, figure["model"]) if figure["figure"] == "epochs" else ""
            lines.append(f"| {figure['model']} | {figure['figure'].replace('-', ' ')} | {published(figure, percent)} "
                         f"| {converged or cell(figure, percent, is_image)} |")
    return with_text(title, "\n".join(lines), why, "\n".join(trainings(folder)))


def with_text(title, table, why, after):
    return "\n".join([f"## {title}", "", table, "", why, *(["", after] if after else []), ""])


def kept(title, command, why, page):
    """The section with the tables of an earlier page."""
    head = f"## {title}\n\n`losslab run {command}`, "
    if head not in page:
        sys.exit(f"The earlier page has no section “{title}” of `losslab run {command}`, and there is no run of it.")
    text = page[page.index(head):].split("\n\n## ")[0]
    tables = [part for part in text.split("\n\n") if part.startswith("|")]
    told = text.split("\n\n")[1]
    print(f"{title}: as in the earlier page", file=sys.stderr)
    return with_text(title, "\n\n".join([told, tables[0]]), why, "\n\n".join(tables[1:]))


def trainings(folder):
    """Of gradient-zero: the range of the many trainings' points."""
    table = folder / "tables" / "gradient-zero-trainings.csv"
    if not table.exists():
        return []
    rows = list(csv.DictReader(table.open()))
    lines = ["| of the trainings | least | median | greatest |", "|---|---|---|---|"]
    for key in ("loss", "gradient-norm", "minimal-ratio"):
        values = [float(row[key]) for row in rows]
        cells = [f"{value:.4g}" for value in (min(values), statistics.median(values), max(values))]
        lines.append(f"| {key.replace('-', ' ')} | {' | '.join(cells)} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=pathlib.Path, help="folder of the runs, each in one of the folder names above")
    parser.add_argument("seeds", type=pathlib.Path, nargs="?", help="what regressions.py has printed")
    parser.add_argument("--keep", type=pathlib.Path, metavar="PAGE", help="an earlier page, for what is not given")
    arguments = parser.parse_args()
    page = arguments.keep.read_text() if arguments.keep else ""
    print(INTRODUCTION)
    for title, name, command, keys, why in SECTIONS:
        folder = arguments.runs / name
        if page and not folder.exists():
            print(kept(title, command, why, page))
        else:
            print(section(title, folder, command, keys, why))
    title = "## Ten seeds, beside PyTorch"
    seeds = arguments.seeds.read_text() if arguments.seeds else page[page.index(title):].split("\n\n")[2]
    print(f"{title}\n\n`python tests/oracle/regressions.py build/dev/bin/losslab`\n")
    print(seeds.strip())
    print("\nHere the median is over all seeds, with 20,000 epochs for those that did not converge. All ranges overlap. Single\n"
          "seeds vary so widely that ten of them would only show a large difference between the programs. That the steps\n"
          "themselves are the same is checked by the tests.")


if __name__ == "__main__":
    main()
