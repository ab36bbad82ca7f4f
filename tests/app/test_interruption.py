"""Ctrl-C and kill -9 leave no half file; --resume goes on and ends with the same bits."""
import signal
import subprocess
import time
import unittest

from program import VITRUM, ProgramTest

# Six data sets of about half a second each on one core.
LONG = """
[source.wells]
kind = "landscape_speckle"
pressures = ["0 GPa", "1 GPa", "2 GPa", "3 GPa", "4 GPa", "5 GPa"]
barrier = "0.84 eV"
frames = 600
rows = 48
columns = 48
"""

SHORT = """
[source.wells]
kind = "landscape_speckle"
pressures = ["0 GPa", "1 GPa", "2 GPa"]
barrier = "0.84 eV"
frames = 200
rows = 24
columns = 24
[source.rings]
kind = "speckle"
tau = "8 s"
wavevector_exponent = 1.0
reference_q = "2.87 1/angstrom"
frames = 120
rows = 36
columns = 36
[source.rings.geometry]
energy = "20.95 keV"
distance = "5 m"
pixel_size = "4500 um"
arm_angle = 15.54
rings = 3
[source.walk]
kind = "atom_paths"
motion = "brownian"
atoms = 200
frames = 40
[source.law]
kind = "law_points"
law = "birch_murnaghan"
[source.sizes]
kind = "power_law"
"""


class Interruption(ProgramTest):
    def interrupted(self, output, kill, command="run"):
        """Starts a command and stops it once at least one data set is finished."""
        process = subprocess.Popen([VITRUM, command, "long.toml", "-o", output, "--threads", "1"], cwd=self.folder,
                                   stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        part = self.folder / (output + ".part")
        deadline = time.monotonic() + 120
        finished = "wells_*.work/*.slab" if command == "generate" else "wells_*.h5"
        while not list(part.glob(finished)):
            self.assertIsNone(process.poll(), "the run ended before it could be stopped")
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)
        process.send_signal(kill)
        _, errors = process.communicate(timeout=120)
        self.assertFalse((self.folder / output).exists())
        self.assertTrue(list(part.glob(finished)))
        return process.returncode, errors

    def test_resume_after_ctrl_c_and_kill(self):
        self.write("long.toml", LONG)
        self.ok("run", "long.toml", "-o", "whole.h5", "--quiet")
        status, errors = self.interrupted("stopped.h5", signal.SIGINT)
        self.assertEqual(status, 130)
        self.assertIn("--resume", errors)
        self.refused("--resume goes on", "run", "long.toml", "-o", "stopped.h5")
        self.refused("another scenario", "run", "long.toml", "-o", "stopped.h5", "--resume", "--seed", "9")
        self.ok("run", "long.toml", "-o", "stopped.h5", "--resume", "--quiet")
        self.assertEqual(self.data_hash("whole.h5"), self.data_hash("stopped.h5"))
        self.assertFalse((self.folder / "stopped.h5.part").exists())

        status, _ = self.interrupted("killed.h5", signal.SIGKILL)
        self.assertEqual(status, -signal.SIGKILL)
        self.ok("run", "long.toml", "-o", "killed.h5", "--resume", "--quiet", "--threads", "2")
        self.assertEqual(self.data_hash("whole.h5"), self.data_hash("killed.h5"))

    def test_killed_after_each_unit(self):
        """Regions, several estimates, atoms and columns: whatever a unit holds comes back from the part folder."""
        units = self.killed_after_each(SHORT, "run")
        self.assertGreaterEqual(units, 5)

    def test_generate_killed_after_each_unit(self):
        self.assertGreaterEqual(self.killed_after_each(SHORT.split("[source.walk]")[0], "generate"), 3)

    @staticmethod
    def finished_in(part):
        return len(list(part.glob("*.h5"))) + len(list(part.glob("*.work/*.slab")))

    def killed_after_each(self, scenario, command):
        self.write("short.toml", scenario)
        self.ok(command, "short.toml", "-o", "whole.h5", "--quiet", "--threads", 1)
        whole = self.data_hash("whole.h5")
        part = self.folder / "killed.h5.part"
        wanted, reached = 1, 0
        while True:
            process = subprocess.Popen([VITRUM, command, "short.toml", "-o", "killed.h5", "--threads", "1", "--quiet"],
                                       cwd=self.folder)
            while process.poll() is None and self.finished_in(part) < wanted:
                time.sleep(0.002)
            process.kill()
            process.wait()
            if not part.exists():  # it was done before it could be killed: no more units
                break
            reached = self.finished_in(part)
            self.ok(command, "short.toml", "-o", "killed.h5", "--quiet", "--resume")
            self.assertEqual(self.data_hash("killed.h5"), whole, f"killed after {reached} units")
            for file in self.folder.glob("killed*"):
                file.unlink()
            wanted = reached + 1
        return reached

    def test_generate_resumes_too(self):
        self.write("long.toml", LONG)
        self.ok("generate", "long.toml", "-o", "whole.h5", "--quiet")
        self.interrupted("stopped.h5", signal.SIGKILL, "generate")
        self.ok("generate", "long.toml", "-o", "stopped.h5", "--resume", "--quiet")
        self.assertEqual(self.data_hash("whole.h5"), self.data_hash("stopped.h5"))


if __name__ == "__main__":
    unittest.main()
