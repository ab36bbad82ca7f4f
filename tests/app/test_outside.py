"""Estimators from outside in a study: consent, the same bits of our own rows, failures counted, no program for merge."""
import json
import os
import pathlib
import unittest

import h5py
import numpy

from program import ProgramTest, VITRUM

EXAMPLES = pathlib.Path(os.environ["VITRUM_DOCS"]).parent / "examples"

STUDY = """
[study]
replicates = 10
seed = 3
[source.glass]
kind = "speckle"
tau = "8 s"
beta = 1.4
modes = 2
mean_count = 2
frames = 120
rows = 16
columns = 16
[grid]
"source.glass.tau" = ["6 s", "9 s"]
[methods.ours]
weights = "model"
{more}
[judge.tau]
bias = "5 %"
[judge.beta]
bias = "5 %"
"""

PROGRAM = """
import csv, json, pathlib, sys, time
data, out = (pathlib.Path(p) for p in sys.argv[1:3])
what = sys.argv[3]
entries = json.loads((data / "manifest.json").read_text())["data"]
with open(out / "answers.csv", "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["replicate", "data", "quantity", "unit", "estimate", "standard_error"])
    for i, e in enumerate(entries):
        if what == "hang" and i == 0:
            time.sleep(60)
        value = "nan" if what == "nan" else 7.5
        table.writerow([e.get("replicate", 1), e["data"], "tau", "K" if what == "unit" else "s", value, 0.5])
        if what == "twice":
            table.writerow([e.get("replicate", 1), e["data"], "tau", "s", 7.5, 0.5])
if what == "die":
    sys.exit(4)
"""


class Outside(ProgramTest):
    def study(self, name, more):
        self.write("program.py", PROGRAM)
        return self.write(name, STUDY.replace("{more}", more))

    def theirs(self, what, more=""):
        return ('[methods.theirs]\ncommand = ["python3", "program.py", "{data}", "{out}", "%s"]\nwall = "2 s"\n%s\n'
                % (what, more))

    def rows(self, file):
        """(cell, replicate, method, quantity) -> estimate, status."""
        with h5py.File(self.folder / file) as h:
            entry = h["entry"]
            texts = lambda name: [t.decode() for t in entry[name][()]]
            method, quantity = texts("estimands/method"), texts("estimands/quantity")
            cell, replicate = entry["replicates/cell"][()], entry["replicates/replicate"][()]
            failure = texts("replicates/failure")
            found = {}
            rows = entry["rows"]
            for e, r, x, s in zip(rows["estimand"][()], rows["replicate"][()], rows["estimate"][()], rows["status"][()]):
                found[int(cell[r]), int(replicate[r]), method[e], quantity[e]] = (x, s)
            return found, failure

    def test_nothing_starts_without_consent(self):
        study = self.study("s.toml", self.theirs("good"))
        self.refused("starts the program 'python3'; if you trust it, say --allow-commands", "validate", study, "-o", "s.h5")
        self.refused("--allow-commands", "validate", study, "--only", "0:0")

    def test_our_rows_keep_their_bits(self):
        self.ok("validate", self.study("plain.toml", ""), "-o", "plain.h5", "--quiet")
        self.ok("validate", self.study("both.toml", self.theirs("good", "batch = 4")), "-o", "both.h5", "--quiet",
                "--allow-commands")
        plain, _ = self.rows("plain.h5")
        both, failures = self.rows("both.h5")
        self.assertTrue(plain)
        for key, value in plain.items():
            numpy.testing.assert_array_equal(both[key], value)
        self.assertEqual({f for f in failures}, {""})
        theirs = {k: v for k, v in both.items() if k[2] == "theirs"}
        self.assertEqual(len(theirs), 20)
        self.assertTrue(all(v[0] == 7.5 for v in theirs.values()))

    def test_each_fault_costs_its_replicate_and_is_counted(self):
        for what, reason in (("die", "died"), ("nan", "not_a_number"), ("unit", "wrong_unit"), ("twice", "row_twice"),
                             ("hang", "timed_out")):
            with self.subTest(what):
                study = self.study(f"{what}.toml", self.theirs(what))
                document = json.loads(self.ok("validate", study, "--only", "0:0", "--json", "--allow-commands"))
                self.assertTrue(document["failure"].startswith(f"theirs: {reason}"), document["failure"])
                ours = [r for r in document["rows"] if r["method"] == "ours"]
                theirs = [r for r in document["rows"] if r["method"] == "theirs"]
                self.assertTrue(all(r["estimate"] is not None for r in ours))
                self.assertEqual({r["quantity"] for r in theirs}, {"tau", "beta"})
                self.assertTrue(all(r["status"] == "no_data" for r in theirs))

    def test_the_wrapped_builtin_gives_its_rows_to_the_last_bit(self):
        more = ('[estimate.kww]\n[methods.theirs]\ncommand = ["python3", "%s", "{data}", "{out}", "%s"]\n'
                % (EXAMPLES / "vitrum_kww.py", VITRUM))
        study = self.study("wrapped.toml", more)
        document = json.loads(self.ok("validate", study, "--only", "1:3", "--json", "--allow-commands"))
        self.assertEqual(document["failure"], "")
        rows = {(r["method"], r["series"], r["quantity"]): r for r in document["rows"]}
        for quantity in ("tau", "beta"):
            ours, theirs = rows["ours", "glass_kww", quantity], rows["theirs", "glass", quantity]
            for field in ("estimate", "standard_error", "interval", "truth", "status"):
                self.assertEqual(ours[field], theirs[field], f"{quantity} {field}")

    def test_merge_starts_nothing(self):
        study = self.study("m.toml", self.theirs("good"))
        for i in (1, 2):
            self.ok("validate", study, "--chunk", f"{i}/2", "-o", f"part{i}.h5", "--quiet", "--allow-commands")
        self.ok("validate", study, "-o", "whole.h5", "--quiet", "--allow-commands")
        (self.folder / "program.py").unlink()
        self.ok("merge", "part1.h5", "part2.h5", "-o", "merged.h5")
        self.assertEqual(self.data_hash("merged.h5"), self.data_hash("whole.h5"))

    def test_another_version_of_the_program_is_another_study(self):
        study = self.study("v.toml", self.theirs("good"))
        self.ok("validate", study, "--chunk", "1/2", "-o", "part1.h5", "--quiet", "--allow-commands")
        (self.folder / "program.py").write_text(PROGRAM + "# changed\n")
        self.ok("validate", study, "--chunk", "2/2", "-o", "part2.h5", "--quiet", "--allow-commands")
        self.refused("another", "merge", "part1.h5", "part2.h5", "-o", "merged.h5")


if __name__ == "__main__":
    unittest.main()
