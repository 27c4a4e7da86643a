"""The check of the rooms finds what is planted, and nothing in the tree as it is."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import rooms

TREE = pathlib.Path(__file__).resolve().parents[2]


class Rooms(unittest.TestCase):
    def planted(self, file, line, check):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / file
            path.parent.mkdir(parents=True)
            path.write_text(f"#pragma once\n\n{line}\n", encoding="utf-8")
            return check(pathlib.Path(folder))

    def found(self, file, line):
        return [(name, number, target) for name, number, target, _ in self.planted(file, line, rooms.wrong_arrows)]

    def test_the_tree_is_in_order(self):
        self.assertEqual(rooms.wrong_arrows(TREE), [])

    def test_every_room_of_the_tree_has_its_floor(self):
        there = {path.name for path in (TREE / "core").iterdir() if path.is_dir()} | {"ui", "app"}
        self.assertEqual(there, set(rooms.HEIGHT))

    def test_a_planted_include_is_found(self):
        for file, target in (
            ("core/base/a.h", "lab/run.h"),
            ("core/lab/a.cpp", "nn/engine.h"),
            ("core/nn/a.h", "lab/event.h"),
            ("core/data/a.cpp", "train/trainer.h"),
            ("core/experiments/a.cpp", "runs/runner.h"),
            ("core/runs/a.cpp", "ui/text.h"),
            ("ui/a.cpp", "app/text.h"),
            ("core/nn/dense/a.cpp", "nn/conv/convengine.h"),
            ("core/nn/learner.cpp", "nn/torch/autogradengine.h"),
            ("core/lab/a.h", "nowhere/a.h"),
        ):
            self.assertEqual(self.found(file, f'#include "{target}"'), [(file, 3, target)])
            self.assertEqual(self.found(file, f'  #  include "{target}"'), [(file, 3, target)])

    def test_what_points_downward_is_taken(self):
        for file, line in (
            ("app/a.cpp", '#include "base/result.h"'),
            ("core/runs/a.cpp", '#include "experiments/registry.h"'),
            ("core/nn/makeengine.cpp", '#include "nn/conv/convengine.h"'),
            ("core/nn/dense/a.cpp", '#include "nn/kernels/dense.h"'),
            ("core/train/a.cpp", '#include "nn/torch/autogradengine.h"'),
            ("core/base/a.cpp", "#include <lab/run.h>"),
        ):
            self.assertEqual(self.found(file, line), [])

    def test_every_change_to_files_can_be_watched(self):
        self.assertEqual(rooms.hidden_changes(TREE), [])

    def test_a_planted_change_is_found(self):
        for line, call in (
            ("    fs::remove(path, ignored);", "fs::remove"),
            ("    std::filesystem::create_directories(folder);", "filesystem::create_directories"),
            ("    std::ofstream(path) << text;", "ofstream"),
            ("    if (::unlink(path.c_str()) != 0)", "::unlink"),
            ("    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND);", "O_WRONLY"),
        ):
            self.assertEqual(self.planted("core/runs/a.cpp", line, rooms.hidden_changes), [("core/runs/a.cpp", 3, call)])
            self.assertEqual(self.planted(rooms.CHANGES_FILES, line, rooms.hidden_changes), [])


if __name__ == "__main__":
    unittest.main()
