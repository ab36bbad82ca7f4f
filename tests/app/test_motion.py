"""Shift and strain of the pattern in a run: estimate and truth side by side."""
import unittest

import h5py
import numpy

from program import ProgramTest

SCENARIO = """
[scenario]
title = "Moving patterns"
seed = 8

[analysis]
shift_window = 10

[source.creep]
kind = "speckle"
tau = "500 s"
frames = 100
rows = 64
columns = 64
modes = 2
pattern = { grain = [2.5, 2.5], velocity = [0.02, -0.03] }

[source.swell]
kind = "speckle"
tau = "500 s"
frames = 100
rows = 64
columns = 64
modes = 2
pattern = { grain = [2.5, 2.5], strain_rate = 2e-4, centre = [31.5, 31.5] }

[source.rest]
kind = "speckle"
tau = "500 s"
frames = 100
rows = 64
columns = 64
modes = 2
pattern = { grain = [2.5, 2.5] }
"""
ROWS, COLUMNS, STRAIN = "pattern_shift_rows", "pattern_shift_columns", "pattern_strain"


class Motion(ProgramTest):
    def table(self, group, series, *columns):
        with h5py.File(self.folder / "moving.h5") as f:
            table = f[f"entry/{group}"]
            names = [(s.decode(), q.decode()) for s, q in zip(table["series"], table["quantity"])]
            return {q: [table[c][i] for c in columns] for i, (s, q) in enumerate(names) if s == series}

    def test_estimate_and_truth_side_by_side(self):
        self.write("moving.toml", SCENARIO)
        self.ok("run", "moving.toml", "--quiet")
        # From the middle of the first window to that of the last: 90 frames of 1 s.
        expected = {"creep": {ROWS: 1.8, COLUMNS: -2.7, STRAIN: 0}, "swell": {ROWS: 0, COLUMNS: 0, STRAIN: 0.018},
                    "rest": {ROWS: 0, COLUMNS: 0, STRAIN: 0}}
        for series, truths in expected.items():
            truth = self.table("truth", series, "value")
            found = self.table("estimates", series, "value", "standard_error", "status")
            for quantity, value in truths.items():
                self.assertAlmostEqual(truth[quantity][0], value, places=9, msg=(series, quantity))
                estimate, error, status = found[quantity]
                self.assertEqual(status.decode(), "ok", (series, quantity))
                # Five errors: errors of neighbouring pairs of windows share a window, 0.1 pixels are for the peaks.
                self.assertLess(abs(estimate - value), 5 * error + (0.1 if quantity != STRAIN else 0.002),
                                (series, quantity))
        self.assertLess(found[ROWS][1], 0.3)

    def test_bad_input(self):
        self.write("moving.toml", SCENARIO)
        self.refused("shift_window", "run", "moving.toml", "--set", "analysis.shift_window=0")
        self.refused("shift_window", "run", "moving.toml", "--set", 'analysis.shift_window="ten"')
        rng = numpy.random.default_rng(1)
        with h5py.File(self.folder / "small.h5", "w") as f:
            f["entry/instrument/detector/data"] = rng.poisson(1.0, (40, 20, 20)).astype("uint8")
        with h5py.File(self.folder / "scan.h5", "w") as f:
            f["entry/instrument/detector/data"] = rng.poisson(1.0, (40, 32, 32)).astype("uint8")
        self.refused("needs at least 32 x 32", "analyze", "small.h5", "--set", "shift_window=5")
        self.refused("at most 20 for 40 frames", "analyze", "scan.h5", "--set", "shift_window=30")


if __name__ == "__main__":
    unittest.main()
