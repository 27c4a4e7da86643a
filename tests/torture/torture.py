"""Kills runs at random moments, has them resumed, and compares what comes of it with runs that nobody killed.

Called by ./dev torture. Each part is a small run of an experiment; together they train on every engine, with several
tasks side by side, with repeats, and with values that loops keep. Of a run that was killed, nothing that was shown may
be missing; in the end its rows, models and summary are those of the run that was not killed, bit for bit.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

KILLS_A_RUN = 6
PATIENCE = 120  # seconds that any call may take

Part = collections.namedtuple("Part", "experiment settings images repeats", defaults=(False, 1))
PARTS = {
    "regression": Part("function-fit", ["epochs=9000"]),
    "batches": Part("function-fit", ["epochs=1200", "batch=20", "optimizer=sgd", "momentum=0.9",
                                     "models=a: 20, 20; b: 40"]),
    "repeats": Part("function-fit", ["epochs=3000", "models=a: 10, 10; b: 30"], repeats=3),
    "gradient-norm": Part("gradient-norm", ["epochs=9000", "converged=0"]),
    "gradient-zero": Part("gradient-zero", ["hidden=10", "trainings=6", "epochs=40", "loss-epochs=400",
                                            "norm-epochs=200", "points=40"]),
    "classifier": Part("random-labels", ["images=400", "hidden=64, 64", "epochs=300", "batch=50"], True),
    "cnn": Part("cnn-mnist", ["models=a: conv 4 4, pool 2, 20; b: conv 6 5, pool 2, conv 6 3, 20, dropout 0.25",
                              "epochs=60", "batch=50"], True),
    "weight-pca": Part("weight-pca", ["runs=4", "epochs=150", "hidden=40", "batch=50"], True),
    "interpolation": Part("interpolation", ["epochs=100", "hidden=40", "alphas=9"], True),
    "capacity": Part("capacity", ["models=4", "epochs=100", "largest=60", "batch=50"], True),
    "sensitivity": Part("sensitivity", ["models=4", "largest=100", "epochs=100", "hidden=40"], True),
}


class Broken(Exception):
    """A promise was not kept; says which."""


# --- A data set --------------------------------------------------------------------------------------------------

def write_images(folder, stem, count, source):
    """Ten classes: a bright patch at a place of its own, and noise."""
    side = 28
    pixels = bytearray()
    for i in range(count):
        column, row = 6 + 4 * (i % 10 % 5), 8 + 10 * (i % 10 // 5)
        for y in range(side):
            for x in range(side):
                inside = abs(x - column) + abs(y - row) < 5
                bright = source.random() < (0.8 if inside else 0.05)
                pixels.append(source.randrange(100, 256) if bright else 0)
    labels = bytes(i % 10 for i in range(count))
    (folder / f"{stem}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, count, side, side) + pixels)
    (folder / f"{stem}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, count) + labels)


def make_images(folder):
    folder.mkdir()
    source = random.Random(1)
    write_images(folder, "train", 400, source)
    write_images(folder, "t10k", 100, source)


# --- What a run left ---------------------------------------------------------------------------------------------

def journal_lines(folder):
    """The lines that can be read, as objects without number and checksum."""
    for line in (folder / "metrics.jsonl").read_bytes().split(b"\n"):
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # the last one, where the run was killed in it
        entry.pop("seq", None)
        entry.pop("crc", None)
        yield entry


def rows(folder):
    """What the journal says, by what it is of: each with how often it says so."""
    said = collections.defaultdict(collections.Counter)
    for entry in journal_lines(folder):
        if "series" in entry:
            place = ("points", entry["chart"], entry["series"], entry["repeat"])
            if entry.pop("replace", False):
                said[place].clear()
            said[place][entry["x"], entry["y"], entry.get("label")] += 1
        else:
            said["lines"][json.dumps(entry, sort_keys=True)] += 1
    return dict(said)


def points(folder):
    """Every point that the journal has, also one that was replaced later."""
    return {(entry["chart"], entry["series"], entry["repeat"], entry["x"], entry["y"])
            for entry in journal_lines(folder) if "series" in entry}


def files(folder, pattern):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob(pattern)}


def differences(folder, reference):
    """In what a run differs from another: words."""
    found = []
    ours, theirs = rows(folder), rows(reference)
    for place in sorted(set(ours) | set(theirs), key=str):
        if ours.get(place) != theirs.get(place):
            found.append(f"rows of {place}")
    for pattern in ("models/*.safetensors", "summary.json"):
        ours, theirs = files(folder, pattern), files(reference, pattern)
        found += [name for name in sorted(set(ours) | set(theirs)) if ours.get(name) != theirs.get(name)]
    return found


def state_of(folder):
    return json.loads((folder / "run.json").read_bytes())["state"]


# --- A checkpoint with other weights: the control ------------------------------------------------------------------

def crc32c(data):
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    total = 0xFFFFFFFF
    for byte in data:
        total = (total >> 8) ^ table[(total ^ byte) & 0xFF]
    return total ^ 0xFFFFFFFF


def change_checkpoint(path):
    """Turns the last bit of every number of the largest tensor, and makes the checksum right. False where it has none."""
    content = bytearray(path.read_bytes())
    header_size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + header_size])
    tensors = [entry for name, entry in header.items() if name != "__metadata__"]
    if not tensors:
        return False
    largest = max(tensors, key=lambda entry: entry["data_offsets"][1] - entry["data_offsets"][0])
    size = 4 if largest["dtype"] == "F32" else 8
    first, last = (8 + header_size + place for place in largest["data_offsets"])
    for place in range(first, last, size):
        content[place] ^= 1
    before = b'"crc32c":"'
    place = content.index(before) + len(before)
    content[place:place + 8] = b"00000000"
    content[place:place + 8] = b"%08x" % crc32c(content)
    path.write_bytes(content)
    return True


# --- Running -----------------------------------------------------------------------------------------------------

class Bench:
    """The programs, a folder for all runs, and one run of each part that nobody killed."""

    def __init__(self, losslab, showing, folder, threads):
        self.losslab = losslab
        self.showing = showing
        self.folder = folder
        self.threads = threads
        self.environment = dict(os.environ, LOSSLAB_HOME=str(folder / "home"), LC_ALL="C.UTF-8", LOSSLAB_CHECKPOINT_SECONDS="0.05")
        self.seconds = {}
        make_images(folder / "images")

    def reference(self, name):
        return self.folder / "references" / name

    def run_command(self, name, folder):
        part = PARTS[name]
        command = [self.losslab, "run", part.experiment, "--repeats", str(part.repeats), "--device", "cpu",
                   "--threads", str(self.threads), "--charts", "csv", "--out", str(folder)]
        if part.images:
            command += ["--data", str(self.folder / "images")]
        for setting in part.settings:
            command += ["--set", setting]
        return command

    def start(self, command, output=subprocess.DEVNULL):
        return subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=output,
                                stderr=subprocess.PIPE, restore_signals=True,
                                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))

    def call(self, command):
        """Lets a command end. Its code, and what it said."""
        process = self.start(command)
        _, said = process.communicate(timeout=PATIENCE)
        return process.returncode, said.decode(errors="replace").strip()

    def finish(self, command):
        code, said = self.call(command)
        if code != 0:
            raise Broken(f"{' '.join(command[1:3])} ended with {code}: {said[-500:]}")

    def make_reference(self, name):
        begun = time.monotonic()
        self.finish(self.run_command(name, self.reference(name)))
        self.seconds[name] = time.monotonic() - begun


class Counts:
    """What all trials together have seen."""

    def __init__(self):
        self.lock = threading.Lock()
        self.kills = self.shown = self.lost = self.resumes = self.exact = 0
        self.parts = collections.Counter()
        self.complaints = []

    def add(self, **more):
        with self.lock:
            for name, count in more.items():
                setattr(self, name, getattr(self, name) + count)

    def complain(self, words):
        with self.lock:
            self.complaints.append(words)
        print(words, file=sys.stderr, flush=True)


class Trial:
    """One run, killed several times."""

    def __init__(self, bench, counts, name, number, seed):
        self.bench = bench
        self.counts = counts
        self.name = name
        self.folder = bench.folder / "trials" / f"{name}-{number}"
        self.random = random.Random(f"{seed} {name} {number}")

    def has_run(self):
        return (self.folder / "run.json").exists()

    def has_finished(self):
        return self.has_run() and state_of(self.folder) == "finished"

    def command(self, shows):
        if shows:
            return ([self.bench.showing, "resume", str(self.folder)] if self.has_run() else
                    [self.bench.showing, "run", str(self.bench.reference(self.name) / "run.json"), str(self.folder)])
        return ([self.bench.losslab, "resume", str(self.folder)] if self.has_run() else
                self.bench.run_command(self.name, self.folder))

    def kill_once(self):
        """False where the run had ended before."""
        shows = self.random.random() < 0.4
        output = tempfile.TemporaryFile() if shows else None
        process = self.bench.start(self.command(shows), output or subprocess.DEVNULL)
        said = []
        reading = threading.Thread(target=lambda: said.append(process.stderr.read()))
        reading.start()
        try:
            process.wait(self.random.uniform(0.02, 0.8 * self.bench.seconds[self.name]))
        except subprocess.TimeoutExpired:
            process.kill()
        code = process.wait()
        reading.join()
        process.stderr.close()
        if shows:
            self.look_for_what_was_shown(output)
        if code not in (0, -signal.SIGKILL):
            raise Broken(f"it ended with {code}: {said[0].decode(errors='replace')[-500:]}")
        return code != 0

    def look_for_what_was_shown(self, output):
        output.seek(0)
        shown = set()
        for line in output.read().split(b"\n")[:-1]:
            point = json.loads(line)
            shown.add((point["chart"], point["series"], point["repeat"], point["x"], point["y"]))
        lost = shown - points(self.folder) if shown else set()
        self.counts.add(shown=len(shown), lost=len(lost))
        if lost:
            raise Broken(f"{len(lost)} of {len(shown)} points that were shown are lost, among them {sorted(lost)[0]}")

    def compare(self):
        found = differences(self.folder, self.bench.reference(self.name))
        if found:
            raise Broken("it is not the run that nobody killed: " + ", ".join(found[:5]))
        self.bench.finish([self.bench.losslab, "verify", str(self.folder)])

    def run(self):
        kills = 0
        try:
            while kills < KILLS_A_RUN and not self.has_finished() and self.kill_once():
                kills += 1
            self.counts.add(resumes=1)
            if not self.has_finished():
                self.bench.finish(self.command(False))
            self.compare()
            self.counts.add(exact=1, kills=kills)
            shutil.rmtree(self.folder)
        except (Broken, OSError, subprocess.TimeoutExpired, ValueError) as problem:
            self.counts.complain(f"{self.folder}, killed {kills} times: {problem}")
        return kills


def until_running(bench, folder, process):
    """Waits until the run has some points."""
    end = time.monotonic() + PATIENCE
    journal = folder / "metrics.jsonl"
    while not (journal.exists() and journal.stat().st_size > 0):
        if process.poll() is not None or time.monotonic() > end:
            raise Broken("it ended before there was a point")
        time.sleep(0.005)


def try_signal(bench, name, number):
    """A run that is asked to end ends as stopped, and is resumed to the same figures."""
    folder = bench.folder / "signals" / f"{name}-{number.name}"
    process = bench.start(bench.run_command(name, folder))
    until_running(bench, folder, process)
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE)
    if process.returncode == 0:
        return "too late"
    if process.returncode != 130 or state_of(folder) != "stopped":
        raise Broken(f"{number.name}: it ended with {process.returncode}, {state_of(folder)}: {said.decode()[-300:]}")
    bench.finish([bench.losslab, "verify", str(folder)])
    bench.finish([bench.losslab, "resume", str(folder)])
    found = differences(folder, bench.reference(name))
    if found:
        raise Broken(f"{number.name}: resumed, it is another run: {', '.join(found[:5])}")
    return "stopped, resumed, the same"


def try_control(bench, name):
    """The comparison notices one bit of each weight, and a row that is missing."""
    folder = bench.folder / "control" / name
    for attempt in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        process = bench.start(bench.run_command(name, folder))
        until_running(bench, folder, process)
        time.sleep(bench.seconds[name] * (0.2 + 0.6 * attempt / 50))
        process.kill()
        process.communicate()
        changed = [change_checkpoint(path) for path in (folder / "checkpoints").glob("*.safetensors")
                   if b'finished\\":false' in path.read_bytes()[:4096]]
        if any(changed):
            break
    else:
        raise Broken("control: no checkpoint was left of a task in its middle")
    bench.finish([bench.losslab, "resume", str(folder)])
    found = differences(folder, bench.reference(name))
    if not found:
        raise Broken("control: the last bit of the weights was turned, and nothing is noticed")
    whole = points(bench.reference(name))
    lines = (folder / "metrics.jsonl").read_bytes().split(b"\n")
    (folder / "metrics.jsonl").write_bytes(b"\n".join(lines[1:]))
    if not whole - points(folder):
        raise Broken("control: a line was taken away, and nothing is noticed")
    return f"{len(found)} differences"


# --- All of it ---------------------------------------------------------------------------------------------------

def kill_runs(bench, counts, names, wanted, seed, jobs):
    """Trials, part after part, until so many kills are survived."""
    numbers = iter(range(10 * wanted + len(names)))
    kills = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        waiting = set()
        while (kills < wanted or waiting) and not counts.complaints:
            while kills + len(waiting) * KILLS_A_RUN < wanted + KILLS_A_RUN and len(waiting) < jobs:
                number = next(numbers)
                trial = Trial(bench, counts, names[number % len(names)], number, seed)
                waiting.add(pool.submit(trial.run))
            done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            kills += sum(future.result() for future in done)


def arguments():
    parser = argparse.ArgumentParser(prog="./dev torture", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--losslab", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--showing", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="how many kills (200)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the moments (1)")
    parser.add_argument("--only", action="append", choices=list(PARTS), metavar="PART",
                        help="one of " + ", ".join(PARTS) + "; may be given several times")
    parser.add_argument("--threads", type=int, default=2, metavar="N", help="of each run (2)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="runs side by side (the cores)")
    parser.add_argument("--keep", action="store_true", help="keep all folders")
    return parser.parse_args()


def torture(bench, chosen, options):
    counts = Counts()
    begun = time.monotonic()
    for name in chosen:
        bench.make_reference(name)
    print(f"{len(chosen)} parts: " + ", ".join(f"{name} {bench.seconds[name]:.1f} s" for name in chosen), flush=True)
    checks = [(f"{number.name:8}", try_signal, (bench, chosen[i % len(chosen)], number))
              for i, number in enumerate((signal.SIGTERM, signal.SIGINT, signal.SIGHUP))]
    checks.append(("control ", try_control, (bench, chosen[0])))
    results = []
    for title, check, values in checks:
        try:
            results.append(f"{title}         {check(*values)}")
        except (Broken, OSError, subprocess.TimeoutExpired, ValueError) as problem:
            counts.complain(str(problem))
    kill_runs(bench, counts, chosen, options.kills, options.seed, options.jobs)
    print(f"kills survived   {counts.kills}, in {time.monotonic() - begun:.0f} s")
    print(f"rows lost        {counts.lost} of {counts.shown} shown")
    print(f"resumes exact    {counts.exact} of {counts.resumes}")
    print("\n".join(results))
    return not counts.complaints and counts.kills >= options.kills


def main():
    options = arguments()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="losslab-torture-"))
    print(f"seed {options.seed}, in {folder}", flush=True)
    bench = Bench(options.losslab, options.showing, folder, options.threads)
    good = False
    try:
        good = torture(bench, options.only or list(PARTS), options)
    except Broken as problem:
        print(problem, file=sys.stderr)
    if good and not options.keep:
        shutil.rmtree(folder)
    else:
        print(f"What is left of it lies in {folder}.", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
