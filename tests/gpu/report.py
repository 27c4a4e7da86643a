"""report.py FOLDER DEVICE: makes report.json and report.md of what tests/gpu/run.sh left in FOLDER."""

import json
import os
import pathlib
import sys

import torch

TOLERANCE = 1e-4  # of parity


def read(file: pathlib.Path) -> list | dict | None:
    """None where a step that failed left none, or not the whole of it."""
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return None


def steps(folder: pathlib.Path) -> list[dict]:
    lines = (folder / "steps.tsv").read_text().splitlines()
    return [{"step": name, "state": state, "seconds": int(seconds)}
            for name, state, seconds in (line.split("\t") for line in lines)]


def collected(folder: pathlib.Path, device: str) -> dict:
    taken = steps(folder)
    gpu = torch.cuda.get_device_name() if device == "cuda" else None
    return {"device": device, "gpu": gpu, "cpus": os.cpu_count(), "torch": torch.__version__, "cuda": torch.version.cuda,
            "steps": taken, "parity": read(folder / "parity.json"),
            "presets": {step["step"]: summary["figures"] for step in taken
                        if (summary := read(folder / f"{step['step']}.summary.json"))},
            "bench": read(folder / "bench.json")}


def markdown(report: dict, bench: str) -> str:
    where = report["gpu"] or f"the CPU in a GPU's place, {report['cpus']} cores"
    lines = [f"# Training on {where}", "", f"PyTorch {report['torch']}, CUDA {report['cuda'] or 'none'}.", "",
             "| step | state | seconds |", "|---|---|---:|"]
    lines += [f"| {step['step']} | {step['state']} | {step['seconds']} |" for step in report["steps"]]
    lines += ["", "## Parity", "", f"Parameters after 20 steps, against the CPU's: at most {TOLERANCE:g} of their norm.", "",
              "| training | parameters | difference |", "|---|---:|---:|"]
    for row in report["parity"] or []:
        difference = "not a number" if row["difference"] is None else f"{row['difference']:.1e}"
        lines.append(f"| {row['training']} | {row['parameters']:,} | {difference} |")
    return "\n".join([*lines, "", "## LossLab against PyTorch", "", bench])


def main() -> None:
    folder, device = pathlib.Path(sys.argv[1]), sys.argv[2]
    report = collected(folder, device)
    bench = folder / "bench.md"
    (folder / "report.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    (folder / "report.md").write_text(markdown(report, bench.read_text() if bench.exists() else "It did not run.\n"))


if __name__ == "__main__":
    main()
