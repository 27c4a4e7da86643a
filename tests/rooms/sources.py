#!/usr/bin/env python3
"""Holds the sources to two rules on what comes from elsewhere, and ends with 1 where one breaks them.

No file is ever read by what runs code in it (torch::load, pickle, TorchScript). No text is shown by what takes markup in it
for markup: a label of the window is a PlainLabel, and a tool tip is words of ours or goes through plainTip().

With a program as the second argument: that one is also asked which functions of LibTorch it calls.
"""

import pathlib
import re
import subprocess
import sys

CODE_IN_FILES = re.compile(
    r"torch::(load|jit|pickle\w*|serialize)\b|torch/script\.h|torch/csrc/(jit|serialize|api/include/torch/serialize)"
    r"|torch/serialize|[Ii]nputArchive|\bUnpickler\b|caffe2/serialize"
)
CALLS_CODE_IN_FILES = re.compile(r"\b(torch::jit::|torch::serialize::|torch::load|torch::pickle|caffe2::serialize::)")

LABEL = re.compile(r"\bnew\s+QLabel\b|\bQLabel\s+\w+\s*[({]")
LABELS_HOME = "ui/plainlabel.h"
TIP = re.compile(r"\bsetToolTip\s*\(|\bQToolTip::showText\s*\(|\bsetItemData\s*\(|\bsetWhatsThis\s*\(")
OWN_WORDS = re.compile(r'^tr\(\s*("([^"\\]|\\.)*"\s*)+\)$')


def arguments(text, start):
    """The arguments of the call whose parenthesis has just been opened."""
    depth, in_string, parts, at = 0, False, [""], start
    while at < len(text):
        sign = text[at]
        if in_string:
            if sign == "\\":
                parts[-1] += sign
                at += 1
                sign = text[at]
            elif sign == '"':
                in_string = False
        elif sign == '"':
            in_string = True
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append("")
            at += 1
            continue
        parts[-1] += sign
        at += 1
    return [part.strip() for part in parts]


def is_plain(argument):
    return argument.startswith(("plainTip(", "wrappedTip(")) or OWN_WORDS.match(argument) is not None \
        or re.fullmatch(r".*\? (QString\(\)|plainTip\(.*\)) : (QString\(\)|plainTip\(.*\))", argument) is not None


def tip_of(call, parts):
    """The text of a call that sets a tip; None where it sets none."""
    if "setItemData" in call:
        return parts[1] if len(parts) > 2 and parts[2] == "Qt::ToolTipRole" else None
    return parts[1] if "showText" in call else parts[0]


def wrong_in(name, text):
    """(line number, what is wrong) in one file."""
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if CODE_IN_FILES.search(line):
            wrong.append((number, "reads files that may hold code"))
        if name.startswith(("ui/", "app/")) and name != LABELS_HOME and LABEL.search(line):
            wrong.append((number, "has a QLabel, which takes text for markup: use PlainLabel"))
    if name.startswith(("ui/", "app/")):
        for call in TIP.finditer(text):
            tip = tip_of(call.group(), arguments(text, call.end()))
            if tip is not None and not is_plain(tip):
                number = text.count("\n", 0, call.start()) + 1
                wrong.append((number, f"has a tip that may be taken for markup: use plainTip({tip})"))
    return sorted(wrong)


def wrong_sources(tree):
    wrong = []
    for top in ("core", "ui", "app"):
        for path in sorted((tree / top).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                name = path.relative_to(tree).as_posix()
                wrong += [(name, *what) for what in wrong_in(name, path.read_text(encoding="utf-8"))]
    return wrong


def wrong_calls(symbols):
    """Of a list of functions, one a line, those that read files that may hold code."""
    return [line.strip() for line in symbols.splitlines() if CALLS_CODE_IN_FILES.search(line)]


def calls_of(program):
    return subprocess.run(["nm", "--dynamic", "--undefined-only", "--demangle", program],
                          check=True, capture_output=True, text=True).stdout


def main():
    wrong = wrong_sources(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    for name, number, why in wrong:
        print(f"{name}:{number}: {why}.")
    calls = wrong_calls(calls_of(sys.argv[2])) if len(sys.argv) > 2 else []
    for call in calls:
        print(f"{sys.argv[2]} calls {call}.")
    print("The sources hold to the rules." if not wrong and not calls else "The sources break a rule.")
    return 1 if wrong or calls else 0


if __name__ == "__main__":
    sys.exit(main())
