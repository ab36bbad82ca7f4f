"""The programs of examples/ on data as a study hands them over (docs/outside.md)."""
import csv
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import h5py
import numpy

from program import VITRUM, ProgramTest

EXAMPLES = pathlib.Path(os.environ["VITRUM_DOCS"]).parent / "examples"
HANDED = ("data", "frame_time", "count_time", "pixel_mask", "region", "q")  # below entry/instrument/detector

ONE = """
[scenario]
title = "One"
seed = 5
[source.glass]
kind = "speckle"
tau = "6 s"
frames = 200
rows = 24
columns = 24
"""


@unittest.skipUnless(importlib.util.find_spec("scipy"), "no scipy")
class Examples(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("one.toml", ONE)
        self.ok("generate", "one.toml", "-o", "one.h5", "--quiet")
        (self.folder / "data").mkdir()
        (self.folder / "out").mkdir()
        with h5py.File(self.folder / "one.h5") as source, h5py.File(self.folder / "data/data_1.h5", "w") as file:
            detector = file.create_group("entry/instrument/detector")
            for name in HANDED:
                if f"entry/instrument/detector/{name}" in source:
                    source.copy(f"entry/instrument/detector/{name}", detector)
        self.write("data/manifest.json", json.dumps({"format": 1, "replicates": 1, "data": [
            {"data": 1, "kind": "frames", "file": "data_1.h5", "frame_time": 1.0, "time_unit": "s",
             "coordinates": []}]}))

    def answers(self, script, *more):
        done = subprocess.run([sys.executable, str(script), "data", "out", *more], cwd=self.folder, text=True,
                              capture_output=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.folder / "out/answers.csv", newline="") as file:
            return {row["quantity"]: row for row in csv.DictReader(file)}

    def test_numpy_fit_is_near_the_truth(self):
        rows = self.answers(EXAMPLES / "fit_g2.py")
        self.assertEqual(sorted(rows), ["baseline", "beta", "contrast", "tau"])
        self.assertEqual(rows["tau"]["unit"], "s")
        self.assertLess(abs(float(rows["tau"]["estimate"]) / 6 - 1), 0.3)
        self.assertGreater(float(rows["tau"]["standard_error"]), 0)
        self.assertEqual({row["status"] for row in rows.values()}, {"ok"})

    def test_the_page_s_twenty_lines_run(self):
        page = (EXAMPLES.parent / "docs/outside.md").read_text()
        code = re.search(r"((?:    .*\n|\n)+)", page[page.index("## A program of twenty lines"):])[1]
        script = self.write("twenty.py", "\n".join(line[4:] for line in code.splitlines()))
        rows = self.answers(script)
        self.assertLess(abs(float(rows["tau"]["estimate"]) / 6 - 1), 0.3)

    def test_wrapped_kww_has_the_bits_of_the_built_in(self):
        rows = self.answers(EXAMPLES / "vitrum_kww.py", VITRUM)
        own = json.loads(self.ok("estimate", "kww", "one.h5", "--json"))["estimates"]
        self.assertEqual(sorted(rows), sorted(row["quantity"] for row in own))
        for row in own:
            theirs = rows[row["quantity"]]
            ends = row["interval"]
            for column, value in zip(("estimate", "standard_error", "lower", "upper"),
                                     (row["value"], row["standard_error"], *ends)):
                if value is None:
                    self.assertEqual(theirs[column], "")
                else:
                    self.assertEqual(numpy.float64(theirs[column]), value)
            self.assertEqual((theirs["unit"], theirs["status"]), (row["unit"], row["status"]))


if __name__ == "__main__":
    unittest.main()
