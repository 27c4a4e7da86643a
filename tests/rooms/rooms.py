#!/usr/bin/env python3
"""Holds the includes to the order of the rooms: names every one that points upward, and ends with 1 if there is one.
Likewise every change to the file system that does not go through the one place where tests can watch it.

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
    {"library"},
    {"ui"},
    {"app"},
]
HEIGHT = {room: height for height, floor in enumerate(FLOORS) for room in floor}

# Folders in nn that hold one way to compute each; only what chooses among them knows more than one.
ENGINES = {"nn/dense", "nn/conv", "nn/lanes", "nn/torch"}
CHOOSES_ENGINES = "nn/makeengine.cpp"

# The one file that changes the file system.
CHANGES_FILES = "core/base/filecalls.cpp"
CHANGE = re.compile(r"\bofstream\b|\bfopen\(|::(?:creat|unlink|truncate|ftruncate|rmdir|linkat|fsync|fdatasync)\(|\bO_(?:WRONLY|RDWR)\b"
                    r"|\b(?:fs|filesystem)::(?:remove|remove_all|rename|copy|copy_file|resize_file|create_\w+)\(")

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


def lines(tree):
    """(file, line number, line) of all that is under core, ui and app."""
    for top in ("core", "ui", "app"):
        for path in sorted((tree / top).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                name = path.relative_to(tree).as_posix()
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    yield name, number, line


def wrong_arrows(tree):
    """(file, line number, what it includes, why it must not) of every wrong include."""
    wrong = []
    for name, number, line in lines(tree):
        found = INCLUDE.match(line)
        why = found and why_wrong(place(name), found[1])
        if why:
            wrong.append((name, number, found[1], why))
    return wrong


def hidden_changes(tree):
    """(file, line number, call) of every change to the file system that nobody can watch."""
    found = ((name, number, CHANGE.search(line)) for name, number, line in lines(tree) if name != CHANGES_FILES)
    return [(name, number, call[0].rstrip("(")) for name, number, call in found if call]


def main():
    tree = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    wrong = wrong_arrows(tree)
    for name, number, target, why in wrong:
        print(f"{name}:{number}: must not include {target}: {why}.")
    print(f"{len(wrong)} includes point upward." if wrong else "All includes point downward.")
    hidden = hidden_changes(tree)
    for name, number, call in hidden:
        print(f"{name}:{number}: changes the file system by {call}, which {CHANGES_FILES} alone may.")
    return 1 if wrong or hidden else 0


if __name__ == "__main__":
    sys.exit(main())
