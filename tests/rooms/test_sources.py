"""The check of the sources finds what is planted, and nothing in the tree as it is."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import sources

TREE = pathlib.Path(__file__).resolve().parents[2]


class Sources(unittest.TestCase):
    def test_the_tree_holds_to_the_rules(self):
        self.assertEqual(sources.wrong_sources(TREE), [])

    def test_what_runs_code_of_a_file_is_found(self):
        for line in (
            "torch::load(model, path);",
            "auto module = torch::jit::load(path);",
            "#include <torch/script.h>",
            "const auto value = torch::pickle_load(bytes);",
            "torch::serialize::InputArchive archive;",
            "#include <torch/csrc/jit/serialization/import.h>",
        ):
            self.assertEqual([number for number, _ in sources.wrong_in("core/data/a.cpp", "\n" + line)], [2], line)

    def test_what_takes_text_for_markup_is_found(self):
        for line in (
            "auto *label = new QLabel(text, this);",
            "QLabel label(text);",
            "widget->setToolTip(text);",
            'widget->setToolTip(tr("Back to %1").arg(text));',
            "box->setItemData(0, text, Qt::ToolTipRole);",
            "QToolTip::showText(place, text, this);",
        ):
            self.assertEqual([number for number, _ in sources.wrong_in("ui/a.cpp", "\n" + line)], [2], line)

    def test_what_is_plain_is_taken(self):
        for line in (
            "auto *label = new PlainLabel(text, this);",
            "QLabel *m_label;",
            "widget->setToolTip(plainTip(text));",
            'widget->setToolTip(tr("Copy (Ctrl+C)"\n   "and more"));',
            "box->setItemData(0, text, IdRole);",
            "box->setItemData(0, wrappedTip(text), Qt::ToolTipRole);",
            "label->setToolTip(fits ? QString() : plainTip(remark));",
        ):
            self.assertEqual(sources.wrong_in("ui/a.cpp", line), [], line)

    def test_calls_are_told(self):
        listed = "  U torch::jit::load(std::string const&)\n  U at::add(at::Tensor const&)\n"
        self.assertEqual(sources.wrong_calls(listed), ["U torch::jit::load(std::string const&)"])

    def test_the_program_calls_nothing_that_runs_code_of_a_file(self):
        if len(PROGRAM) == 0:
            self.skipTest("no program given")
        calls = sources.calls_of(PROGRAM[0])
        self.assertIn("at::", calls)  # it is LibTorch that was looked at
        self.assertEqual(sources.wrong_calls(calls), [])


PROGRAM = sys.argv[1:2]

if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
