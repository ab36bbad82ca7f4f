"""What a process that was killed left goes with the next call; what others made stays."""
import os
import signal
import subprocess
import time
import unittest

from program import VITRUM, ProgramTest

BIG = """
[source.glass]
kind = "speckle"
tau = "6 s"
frames = 900
rows = 24
columns = 24
[source.more]
kind = "speckle"
tau = "9 s"
frames = 900
rows = 24
columns = 24
"""


class LeftBehind(ProgramTest):
    def killed(self, *command, when, environment=None):
        """Kills a command once `when` is a pattern of something that is there."""
        running = subprocess.Popen([VITRUM, *command], cwd=self.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=environment)
        deadline = time.monotonic() + 120
        while running.poll() is None and not list(self.folder.glob(when)) and time.monotonic() < deadline:
            time.sleep(0.0005)
        running.send_signal(signal.SIGKILL)
        running.wait()
        return list(self.folder.glob(when))

    def test_outputs_that_were_being_written(self):
        self.write("big.toml", BIG)
        self.assertTrue(self.killed("run", "big.toml", "-o", "r.h5", "--quiet", when="r.h5.writing-*"))
        self.ok("run", "big.toml", "-o", "r.h5", "--quiet", "--resume")
        self.assertEqual({"big.toml", "small.toml", "r.h5", "r.html"}, {p.name for p in self.folder.iterdir()})

    def test_maps_on_disk(self):
        self.write("big.toml", BIG)
        self.ok("generate", "big.toml", "-o", "data.h5", "--quiet")
        command = ("analyze", "data.h5", "-o", "r.h5", "--quiet", "--map-memory", "100 kB")
        self.assertTrue(self.killed(*command, when="r.h5.*map-*"))
        self.ok(*command)
        self.assertEqual({"big.toml", "small.toml", "data.h5", "r.h5"}, {p.name for p in self.folder.iterdir()})

    def test_a_challenge_that_was_being_made(self):
        self.write("c.toml", """[challenge]
title = "Blind"
question = "Which?"
scenario = "small.toml"
quantities = ["tau"]
replicates = 6
""")
        self.write("small.toml", BIG.split("[source.more]")[0])
        command = ("challenge", "make", "c.toml", "-o", "blind", "--quiet")
        for reached in ("blind.writing-*/data", "blind.writing-*/data/set_3.h5"):
            self.assertTrue(self.killed(*command, when=reached))
            self.assertEqual([], [p for p in self.folder.glob("blind*") if ".writing-" not in p.name])
        self.ok(*command)
        self.assertEqual({"c.toml", "small.toml", "blind", "blind.seal"}, {p.name for p in self.folder.iterdir()})
        self.assertEqual(6, len(list((self.folder / "blind").glob("set_*.h5"))))
        answer = self.write("a.csv", "dataset,quantity,estimate,standard_error\nset_1,tau,6,0.1\n")
        self.ok("challenge", "score", "blind", answer)

    def test_folders_of_figures(self):
        temporary = self.folder / "tmp"
        temporary.mkdir()
        environment = {**os.environ, "TMPDIR": str(temporary)}
        self.assertTrue(self.killed("run", "small.toml", "-o", "r.h5", "--quiet", when="tmp/vitrum*figure*",
                                    environment=environment))
        (temporary / "vitrum_figure_mine").mkdir()
        done = self.vitrum("run", "small.toml", "-o", "s.h5", "--quiet", env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(["vitrum_figure_mine"], [p.name for p in temporary.iterdir()])

    def test_what_a_living_process_has_stays(self):
        self.write("big.toml", BIG)
        self.ok("generate", "big.toml", "-o", "data.h5", "--quiet")
        command = ("analyze", "data.h5", "-o", "r.h5", "--force", "--quiet", "--map-memory", "100 kB")
        first = subprocess.Popen([VITRUM, *command], cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.ok(*command)
        _, errors = first.communicate(timeout=120)
        self.assertEqual(first.returncode, 0, errors)
        self.assertEqual({"big.toml", "small.toml", "data.h5", "r.h5"}, {p.name for p in self.folder.iterdir()})

    def test_links_and_devices(self):
        self.write("mine", "mine")
        for name in ("r.html.part", "r.h5.writing-1"):
            os.symlink("mine", self.folder / name)
        os.symlink("mine", self.folder / "s.html")
        os.symlink("nowhere", self.folder / "dangling.h5")
        self.ok("run", "small.toml", "-o", "r.h5", "--quiet")
        self.refused("--force", "report", "r.h5", "-o", "s.html")
        self.ok("report", "r.h5", "-o", "s.html", "--force")
        self.assertEqual((self.folder / "mine").read_text(), "mine")
        self.refused("--force", "run", "small.toml", "-o", "dangling.h5", "--report", "d.html")
        self.refused("a device", "run", "small.toml", "-o", "/dev/null", "--report", "d.html", "--force")
        os.mkfifo(self.folder / "pipe.h5")
        self.refused("a pipe", "run", "small.toml", "-o", "pipe.h5", "--force")

    def test_folders_of_others(self):
        part = self.folder / "r.h5.part"
        part.mkdir()
        (part / "photo.jpg").write_text("mine")
        for option in ("--force", "--resume"):
            self.refused("is not of vitrum", "run", "small.toml", "-o", "r.h5", option)

    def test_a_call_that_fails_leaves_nothing_in_the_way(self):
        self.refused("no frames", "generate", self.write("law.toml", '[source.s]\nkind = "samples"\n'), "-o", "g.h5")


if __name__ == "__main__":
    unittest.main()
