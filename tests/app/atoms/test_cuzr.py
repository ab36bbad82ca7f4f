"""The LAMMPS source: same bits, and what happens when its worker dies or explodes. Skipped without LAMMPS."""
import os
import pathlib
import signal
import subprocess
import time
import unittest

import h5py

from program import GLASS, VITRUM, ProgramTest

TINY = GLASS + """
[source.alloy]
kind = "cuzr"
pressures = ["0 GPa"]
atoms = 250
melt_time = "0.2 ps"
cooling_rate = "3e15 K/s"
hold_time = "0.3 ps"
equilibration_time = "0.1 ps"
sampling_time = "4 ps"
"""


def workers_of(parent):
    """Workers started by `parent` (not the gnuplot of its report)."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            name, rest = (entry / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            if name.startswith("vitrum-lam") and int(rest.split()[1]) == parent:
                found.append(int(entry.name))
        except (OSError, IndexError, ValueError):
            continue
    return found


@unittest.skipUnless((pathlib.Path(VITRUM).parent / "vitrum-lammps").exists(), "built without LAMMPS")
class CuZr(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", TINY)

    def test_same_bits_for_threads_and_runs(self):
        self.ok("run", "tiny.toml", "-o", "a.h5", "--threads", "1", "--quiet")
        self.ok("run", "tiny.toml", "-o", "b.h5", "--threads", "2", "--quiet")
        self.assertEqual(self.data_hash("a.h5"), self.data_hash("b.h5"))
        with h5py.File(self.folder / "a.h5") as f:
            truth = f["entry/truth"]
            origins = {q.decode(): o.decode() for s, q, o in zip(truth["series"], truth["quantity"], truth["origin"])
                       if s == b"alloy_1"}
            # The dynamics are known from the same atoms alone; that speckle is Gaussian is theory.
            self.assertLessEqual(set(origins.values()), {"reference", "closed_form"})
            for quantity in {"tau", "beta", "contrast"} & set(origins):
                self.assertEqual(origins[quantity], "reference")
            self.assertEqual(f["entry/alloy_1/truth_curves/g2"].attrs["origin"], "reference")
            self.assertIn(b"density", list(f["entry/estimates/quantity"]))

    def test_a_killed_worker_is_one_error_and_the_others_are_kept(self):
        process = subprocess.Popen([VITRUM, "run", "tiny.toml", "--quiet", "--set", 'source.alloy.sampling_time="400 ps"'],
                                   cwd=self.folder, stderr=subprocess.PIPE, text=True)
        # Every stage is a worker of its own: kill until vitrum has noticed.
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            for worker in workers_of(process.pid):
                os.kill(worker, signal.SIGKILL)
            time.sleep(0.2)
        _, errors = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 3)
        self.assertIn("alloy_1 failed", errors)
        with h5py.File(self.folder / "tiny.h5") as f:
            self.assertIn("failure", f["entry/alloy_1"])
            self.assertEqual(f["entry/glass/two_time/correlation"].shape, (120, 120))
        self.assertIn("failed", (self.folder / "tiny.html").read_text())
        self.assertEqual(workers_of(process.pid), [])

    def test_an_exploding_run_is_one_error(self):
        done = self.vitrum("run", "tiny.toml", "--quiet", "--set", 'source.alloy.time_step="20 fs"', "--set",
                           'source.alloy.sampling_interval="0.06 ps"', "--set", 'source.alloy.melt_time="4 ps"', "--set",
                           'source.alloy.hold_time="4 ps"', "--set", 'source.alloy.equilibration_time="4 ps"', "--set",
                           'source.alloy.melt_temperature="9000 K"')
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(done.stderr.count("alloy_1 failed"), 1)
        self.assertTrue((self.folder / "tiny.h5").exists())

    def test_bad_input_is_found_before_anything_runs(self):
        self.refused("nowhere.eam.fs", "run", "tiny.toml", "--set", "source.alloy.potential=nowhere.eam.fs")
        self.write("AlFe.eam.fs", "a\nb\nc\n2 Al Fe\n10 0.1 10 0.1 5.0\n")
        self.refused("Cu", "run", "tiny.toml", "--set", "source.alloy.potential=AlFe.eam.fs")
        self.refused("the nearest that do are 250", "run", "tiny.toml", "--set", "source.alloy.atoms=251")
        self.refused("as in \"300 K\"", "run", "tiny.toml", "--set", "source.alloy.temperature=1500")


if __name__ == "__main__":
    unittest.main()
