"""What ./dev bench makes of its times: operations, spreads, ratios and sums, against values worked out by hand."""

import pathlib
import sys
import unittest

import torch

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1] / "oracle"))  # for networks

import flops
import pytorch
from losslab import Micro, difference
from networks import CNNS, mlp
from results import Result, Round, Spread, report_presets, report_table, shown_seconds, table
from works import WORKS, Reach, Work, selected


def work(name="row", **options):
    return Work(name, "a step", lambda setting, variant: 0, Micro(name), **options)


class Operations(unittest.TestCase):
    def test_dense(self):
        # forward and weight gradients of 784·500 + 500·10 = 397,000; input gradients of 5,000
        self.assertEqual(flops.of_evaluation(mlp(784, 500, 10)), 794_000)
        self.assertEqual(flops.of_training(mlp(784, 500, 10)), 1_598_000)

    def test_convolutional(self):
        # 24·24·10·25 + 8·8·15·250 + 240·80 + 80·10 = 404,000, of which the first layer has 144,000
        self.assertEqual(flops.of_evaluation(CNNS["cnn3"]()), 808_000)
        self.assertEqual(flops.of_training(CNNS["cnn3"]()), 2_136_000)

    def test_an_epoch_with_test(self):
        row, = selected(["random-labels"])
        multiplications = 784 * 256 + 2 * 256 * 256 + 256 * 10
        training = 60000 * 2 * (3 * multiplications - 784 * 256)
        self.assertEqual(row.operations(), training + 10000 * 2 * multiplications)


class Rows(unittest.TestCase):
    def test_names_select_themselves_and_what_goes_on_from_them(self):
        self.assertEqual([row.name for row in selected(["capacity", "weight-pca"])],
                         ["weight-pca", "capacity-100", "capacity-500", "capacity-1000", "capacity-all"])
        self.assertEqual(selected([]), WORKS)
        with self.assertRaisesRegex(ValueError, "no row cap.*capacity-100"):
            selected(["cap"])

    def test_difference_counts_the_units_between(self):
        work = difference("weight-pca", "epochs", 1, 3, 8, draw_every=1)
        self.assertEqual((work.few, work.many, work.common), ({"epochs": 1}, {"epochs": 3}, {"draw-every": 1}))
        self.assertEqual(work.units, 16)


class Results(unittest.TestCase):
    ROUNDS = [Round(8.0, 4.0, 2.0, 1e9), Round(9.0, 6.0, 1.0, 1e9), Round(10.0, 6.0, 4.0, 1e9)]

    def test_ratios_are_taken_round_by_round(self):
        result = Result(work(), self.ROUNDS)
        self.assertEqual(result.losslab, Spread(2.0, 1.0, 4.0))
        self.assertEqual(result.ratio, Spread(4.0, 2.5, 9.0))
        self.assertEqual(result.tuned_ratio, Spread(2.0, 1.5, 6.0))

    def test_reach(self):
        self.assertIs(Result(work(), self.ROUNDS).reached(), None)
        self.assertIs(Result(work(reach=Reach(ratio=4)), self.ROUNDS).reached(), True)
        self.assertIs(Result(work(reach=Reach(ratio=4.1)), self.ROUNDS).reached(), False)

    def test_share_of_the_matrix_product(self):
        network = mlp(784, 500, 10)  # 95.88e9 operations an epoch
        result = Result(work(training=(network,), reach=Reach(share=0.85)), [Round(1, 1, 1.0, 100e9)])
        self.assertAlmostEqual(result.share.median, 0.9588)
        self.assertIs(result.reached(), True)

    def test_report_presets_are_the_sum_over_their_units(self):
        works = [work("a", report_units=10), work("b", report_units=2), work("c")]
        results = [Result(w, self.ROUNDS) for w in works]
        presets = report_presets(results, works)
        self.assertEqual([side.median for side in (presets.pytorch, presets.tuned, presets.losslab)], [108.0, 72.0, 24.0])
        self.assertEqual(presets.ratio, Spread(4.0, 2.5, 9.0))
        self.assertIs(report_presets(results[1:], works), None)
        self.assertEqual([[cell.strip() for cell in line.split("|")[1:-1]] for line in report_table(results).splitlines()[2:]],
                         [["a", "10", "90 s", "60 s", "20 s"], ["b", "2", "18 s", "12 s", "4 s"]])

    def test_table(self):
        result = Result(work(reach=Reach(ratio=40)), self.ROUNDS)
        line = table([result], None).splitlines()[-1]
        self.assertEqual([cell.strip() for cell in line.split("|")[1:-1]],
                         ["row, a step", "9 s", "6 s", "2 s", "4.0× (2.50–9.0)", "2.00× (1.50–6.0)", "", "≥ 40×: no"])
        self.assertEqual([shown_seconds(s) for s in (21e-6, 0.0123, 0.86, 4170)], ["21 µs", "12.3 ms", "860 ms", "4,170 s"])


class PyTorch(unittest.TestCase):
    def test_hessian_by_rows(self):
        point = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)

        def cubic(x):
            return x[0] ** 2 * x[1] + x[2] ** 3

        expected = torch.tensor([[-2.0, 1, 0], [1, 0, 0], [0, 0, 12]], dtype=torch.float64)
        torch.testing.assert_close(pytorch.hessian_by_rows(cubic, point), expected)


if __name__ == "__main__":
    unittest.main()
