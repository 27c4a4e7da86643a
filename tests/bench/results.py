"""What ./dev bench has measured, as JSON and as a table."""

import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from works import Work

REPORT_REACH = 3.5  # of all report presets together, against PyTorch

LEGEND = """Times are medians; behind a median, least and greatest of the rounds. Both sides are timed in turn, in one run.
PyTorch: eager, data in memory, torch.optim.Adam as it comes. Tuned: with fused Adam, channels-last, the Hessian by rows.
× PyTorch: how many times as fast LossLab is; the reach is meant against this one. × tuned: the same against tuned.
Share of sgemm: nominal dense operations (2 a multiplication with its addition: forward, weight gradients, and input
gradients but the first layer's) a second, over those of PyTorch's product of two 2048 × 2048 float matrices on the same
device. An engine that skips zero pixels may exceed 100 %, as may one in bfloat16, which is held against float as well.
All report presets: computed, as the sum of the units above times their number in the presets."""


@dataclass(frozen=True)
class Round:
    """Seconds a unit by each side, and the rate of the matrix product beside them in operations a second."""

    pytorch: float
    tuned: float
    losslab: float
    sgemm: float


@dataclass(frozen=True)
class Spread:
    median: float
    least: float
    greatest: float


def spread(values: Iterable[float]) -> Spread:
    values = list(values)
    return Spread(statistics.median(values), min(values), max(values))


class Result:
    """A row: its work and its rounds."""

    def __init__(self, work: Work, rounds: list[Round]):
        self.work = work
        self.rounds = rounds
        self.pytorch = spread(r.pytorch for r in rounds)
        self.tuned = spread(r.tuned for r in rounds)
        self.losslab = spread(r.losslab for r in rounds)
        self.ratio = spread(r.pytorch / r.losslab for r in rounds)
        self.tuned_ratio = spread(r.tuned / r.losslab for r in rounds)
        operations = work.operations()
        self.share = spread(operations / r.losslab / r.sgemm for r in rounds) if operations else None

    def reached(self) -> bool | None:
        """In the median; None where nothing is to be reached."""
        if self.work.reach.ratio:
            return self.ratio.median >= self.work.reach.ratio
        if self.work.reach.share:
            return self.share.median >= self.work.reach.share
        return None

    def json(self) -> dict:
        return {"name": self.work.name, "unit": self.work.unit, "rounds": [asdict(r) for r in self.rounds],
                "pytorch": asdict(self.pytorch), "tuned": asdict(self.tuned), "losslab": asdict(self.losslab),
                "ratio": asdict(self.ratio), "tunedRatio": asdict(self.tuned_ratio),
                "share": asdict(self.share) if self.share else None,
                "reach": asdict(self.work.reach), "reached": self.reached()}


@dataclass(frozen=True)
class ReportPresets:
    """Seconds for the nine report presets by each side: the measured units times their number, summed round by round; so
    computed, not run. Left out on all sides are starts, final evaluations, PCA and Jacobians."""

    pytorch: Spread
    tuned: Spread
    losslab: Spread
    ratio: Spread
    tuned_ratio: Spread


def report_presets(results: list[Result], works: list[Work]) -> ReportPresets | None:
    """None where not every work that counts was measured."""
    counted = {result.work.name: result for result in results if result.work.report_units}
    if counted.keys() != {work.name for work in works if work.report_units}:
        return None

    def totals(side: str) -> list[float]:
        """By round."""
        return [sum(seconds) for seconds in zip(*([getattr(r, side) * result.work.report_units for r in result.rounds]
                                                  for result in counted.values()))]

    def ratio(of: str) -> Spread:
        return spread(theirs / ours for theirs, ours in zip(totals(of), totals("losslab")))

    return ReportPresets(spread(totals("pytorch")), spread(totals("tuned")), spread(totals("losslab")),
                         ratio("pytorch"), ratio("tuned"))


def shown_seconds(seconds: float) -> str:
    for limit, unit in ((1e-3, "µs"), (1, "ms")):
        if seconds < limit:
            return f"{seconds / limit * 1000:.3g} {unit}"
    return f"{seconds:,.0f} s" if seconds >= 100 else f"{seconds:.3g} s"


def shown_ratio(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}" if value >= 3 else f"{value:.2f}"


def shown_spread(values: Spread, shown, unit: str) -> str:
    return f"{shown(values.median)}{unit} ({shown(values.least)}–{shown(values.greatest)})"


def shown_reach(result: Result) -> str:
    reach = result.work.reach
    if result.reached() is None:
        return ""
    text = f"≥ {reach.ratio:g}×" if reach.ratio else f"≥ {100 * reach.share:g} %"
    return f"{text}: {'yes' if result.reached() else 'no'}"


def row(result: Result) -> list[str]:
    share = shown_spread(result.share, lambda share: f"{100 * share:.0f}", " %") if result.share else ""
    return [f"{result.work.name}, {result.work.unit}", shown_seconds(result.pytorch.median),
            shown_seconds(result.tuned.median), shown_seconds(result.losslab.median),
            shown_spread(result.ratio, shown_ratio, "×"), shown_spread(result.tuned_ratio, shown_ratio, "×"), share,
            shown_reach(result)]


def table(results: list[Result], presets: ReportPresets | None) -> str:
    """In Markdown, in columns that also a terminal shows well."""
    rows = [["work", "PyTorch", "tuned", "LossLab", "× PyTorch", "× tuned", "share of sgemm", "reach"],
            *map(row, results)]
    if presets:
        rows.append(["**all report presets, computed**",
                     *(shown_seconds(side.median) for side in (presets.pytorch, presets.tuned, presets.losslab)),
                     *(shown_spread(ratio, shown_ratio, "×") for ratio in (presets.ratio, presets.tuned_ratio)), "",
                     f"≥ {REPORT_REACH}×: {'yes' if presets.ratio.median >= REPORT_REACH else 'no'}"])
    return in_columns(rows)


def report_table(results: list[Result]) -> str:
    """What the report presets are made of: each work's number of units, and what they take."""
    return in_columns([["report presets, computed", "units", "PyTorch", "tuned", "LossLab"],
                       *([result.work.name, f"{units:,}",
                          *(shown_seconds(units * side.median) for side in (result.pytorch, result.tuned, result.losslab))]
                         for result in results if (units := result.work.report_units))])


def in_columns(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |" for cells in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
