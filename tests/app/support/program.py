"""What the end-to-end tests share: the program, a small scenario, runs with exit status and messages."""
import os
import pathlib
import subprocess
import tempfile
import unittest

VITRUM = os.environ["VITRUM"]

GLASS = """
[source.glass]
kind = "speckle"
tau = "6 s"
frames = 120
rows = 16
columns = 24
"""

SMALL = """
[scenario]
title = "Small"
seed = 5
""" + GLASS + """
[source.wells]
kind = "landscape_speckle"
pressures = ["0 GPa", "3 GPa"]
barrier = "0.84 eV"
frames = 150
rows = 16
columns = 16
"""


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name)
        self.write("small.toml", SMALL)

    def tearDown(self):
        self._folder.cleanup()

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def vitrum(self, *arguments, **options):
        return subprocess.run([VITRUM, *map(str, arguments)], cwd=self.folder, text=True, capture_output=True,
                              timeout=300, **options)

    def ok(self, *arguments, **options):
        done = self.vitrum(*arguments, **options)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr}")
        return done.stdout

    def refused(self, part, *arguments, status=2):
        """Exit status 2, one line that holds `part`, and nothing written."""
        before = sorted(self.folder.rglob("*"))
        done = self.vitrum(*arguments)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout}{done.stderr}")
        self.assertIn(part, done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertEqual(before, sorted(self.folder.rglob("*")), "something was written")
        return done.stderr

    def data_hash(self, file):
        for line in self.ok("check", file).splitlines():
            if line.startswith("data hash"):
                return line.split()[-1]
        self.fail("no data hash")
