#!/usr/bin/env python3
"""Holds the includes to the order of the rooms: names every one that points upward, and ends with 1 if there is one.

A room may include what is in itself and in the rooms below it. All of the tree has one include root, so that the
compiler takes a wrong arrow as it takes a right one.
"""

import pathlib
import re
import sys

# From the ground up; rooms on one floor do not know each other.
FLOORS = [
    {"base"},
    {"nn", "lab"},
    {"data"},
    {"train"},
    {"analysis"},
    {"experiments"},
    {"runs"},
    {"ui"},
    {"app"},
]
HEIGHT = {room: height for height, floor in enumerate(FLOORS) for room in floor}

# Folders in nn that hold one way to compute each; only what chooses among them knows more than one.
ENGINES = {"nn/dense", "nn/conv", "nn/lanes", "nn/torch"}
CHOOSES_ENGINES = "nn/makeengine.cpp"

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def place(path):
    """The file as includes name it: without core/, which is the include root of its rooms."""
    parts = path.split("/")
    return "/".join(parts[1:]) if parts[0] == "core" else path


def room_of(name):
    return name.split("/")[0]


def folder_of(name):
    return name.rsplit("/", 1)[0]


def why_wrong(source, target):
    """Why the file `source` must not include `target`, both as includes name them; None where it may."""
    here, there = room_of(source), room_of(target)
    if here not in HEIGHT or there not in HEIGHT:
        return f"{here if here not in HEIGHT else there} is no room"
    if here != there and HEIGHT[there] >= HEIGHT[here]:
        return f"{here} is below {there}" if HEIGHT[there] > HEIGHT[here] else f"{here} stands beside {there}"
    if here == "nn" and folder_of(target) in ENGINES and source != CHOOSES_ENGINES:
        if folder_of(source) != folder_of(target):
            return f"of the engines, {CHOOSES_ENGINES} alone knows {folder_of(target)}"
    return None


def wrong_arrows(tree):
    """(file, line number, what it includes, why it must not) of every wrong include under core, ui and app."""
    wrong = []
    for top in ("core", "ui", "app"):
        for path in sorted((tree / top).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            name = path.relative_to(tree).as_posix()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                found = INCLUDE.match(line)
                why = found and why_wrong(place(name), found[1])
                if why:
                    wrong.append((name, number, found[1], why))
    return wrong


def main():
    tree = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    wrong = wrong_arrows(tree)
    for name, number, target, why in wrong:
        print(f"{name}:{number}: must not include {target}: {why}.")
    print(f"{len(wrong)} includes point upward." if wrong else "All includes point downward.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
