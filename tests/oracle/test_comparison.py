"""The page of published and measured values says of a run what the program says."""

import os
import subprocess
import unittest

import comparison
import oracle


def shown(run):
    """What losslab show prints, without the spaces between columns."""
    ended = subprocess.run([os.environ["LOSSLAB_PROGRAM"], "show", run.folder], capture_output=True, text=True, check=True)
    return " ".join(ended.stdout.split())


class Comparison(unittest.TestCase):
    def page(self, run, *keys):
        return comparison.section("Title", run.folder, "command", keys, "Why.")

    def test_seeds_that_do_not_converge_are_counted(self):
        """Of gradient-norm's first five seeds some converge before epoch 1,700 and some do not."""
        run = oracle.losslab("gradient-norm", repeats=5, epochs=1700)
        page = self.page(run, "epochs", "loss")
        cells = [line.split(" | ")[3].removesuffix(" |") for line in page.splitlines() if line.startswith("| model | ")]
        epochs, loss = cells[1:]
        self.assertRegex(epochs, r"^converged [1-4] of 5, (at epoch|median epoch) 1,\d{3}$")
        self.assertRegex(loss, r"^\S+ \(\S+ – \S+\)$")
        for cell in (epochs, loss):
            self.assertIn(cell, shown(run))
        self.assertNotIn("±", page)

    def test_images_have_a_mean(self):
        images = oracle.fewer_training_images(300)
        run = oracle.losslab("cnn-mnist", repeats=2, data=images, epochs=1)
        page = self.page(run, "test-accuracy")
        accuracy = next(line for line in page.splitlines() if line.startswith("| cnn1 | ")).split(" | ")[3]
        self.assertRegex(accuracy, r"^\d+\.\d\d % ± \d+\.\d\d %")

    def test_an_earlier_page_keeps_its_tables(self):
        run = oracle.losslab("gradient-norm", repeats=2, epochs=20)
        page = self.page(run, "loss") + "\n## Another\n"
        self.assertEqual(comparison.kept("Title", "command", "Why.", page), self.page(run, "loss"))
        with self.assertRaises(SystemExit):
            comparison.kept("Title", "another command", "Why.", page)


if __name__ == "__main__":
    unittest.main()
