"""vitrum validate under mpirun: killed and interrupted work goes on with the same bits, one line for bad input, and a
LAMMPS worker inside a rank."""
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

from program import VITRUM
from small_study import StudyTest

LIMIT = 120  # seconds that nothing here comes near

CUZR = """
[study]
title = "Atoms"
seed = 5
replicates = 10

[source.alloy]
kind = "cuzr"
pressures = ["0 GPa"]
atoms = 250
melt_time = "0.05 ps"
cooling_rate = "3e16 K/s"
hold_time = "0.05 ps"
equilibration_time = "0.05 ps"
sampling_time = "1 ps"

[judge.density]
bias = "5 %"
"""


def ranks_of(parent):
    """The processes of vitrum that this mpirun started, in order of rank."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        try:
            name, rest = (entry / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            if name == "vitrum" and int(rest.split()[1]) == parent:
                variables = (entry / "environ").read_bytes().split(b"\0")
                rank = next(v for v in variables if v.startswith(b"OMPI_COMM_WORLD_RANK="))
                found[int(rank.split(b"=")[1])] = int(entry.name)
        except (OSError, IndexError, ValueError, StopIteration):
            continue
    return [found[rank] for rank in sorted(found)]


def runs(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@unittest.skipUnless(shutil.which("mpirun"), "mpirun is not installed")
class Ranks(StudyTest):
    def start(self, ranks, *arguments):
        environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        command = ["mpirun", "--oversubscribe", "-n", str(ranks), VITRUM, *map(str, arguments)]
        process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop, process)
        return process

    @staticmethod
    def stop(process):
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()

    def finish(self, process):
        out, errors = process.communicate(timeout=LIMIT)
        return process.returncode, out + errors

    def start_and_wait_for_work(self, name, study="small.toml"):
        """Returns when rank 1 has written some replicates."""
        journal = self.folder / f"{name}.h5.part" / "rank_1.journal"
        process = self.start(2, "validate", study, "-o", f"{name}.h5", "--threads", 1, "--quiet")
        end = time.monotonic() + LIMIT
        while not journal.exists() or journal.stat().st_size < 1500:
            self.assertIsNone(process.poll(), "it ended before it could be stopped")
            self.assertLess(time.monotonic(), end)
            time.sleep(0.002)
        return process

    def all_gone(self, ranks):
        """mpirun may end a moment before the rank that it told to end."""
        end = time.monotonic() + 20
        while any(map(runs, ranks)) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertFalse(any(map(runs, ranks)))

    def goes_on(self, name, expected, ranks=2, study="small.toml"):
        status, said = self.finish(self.start(ranks, "validate", study, "-o", f"{name}.h5", "--threads", 1,
                                              "--quiet", "--resume"))
        self.assertEqual(status, 0, said)
        self.assertEqual(self.data_hash(f"{name}.h5"), expected)
        self.assertFalse((self.folder / f"{name}.h5.part").exists())

    def test_a_killed_rank_ends_all_and_the_work_goes_on(self):
        expected = self.plain("small.toml")
        for rank in (0, 1):
            with self.subTest(rank=rank):
                name = f"killed{rank}"
                process = self.start_and_wait_for_work(name)
                ranks = ranks_of(process.pid)
                self.assertEqual(len(ranks), 2)
                os.kill(ranks[rank], signal.SIGKILL)
                status, said = self.finish(process)
                self.assertNotEqual(status, 0, said)
                self.all_gone(ranks)
                self.assertFalse((self.folder / f"{name}.h5").exists())
                self.goes_on(name, expected)

    def test_interrupted_ranks_leave_work_that_goes_on(self):
        # mpirun gives the ranks a second: the study must last longer.
        text = (self.folder / "small.toml").read_text()
        self.write("longer.toml", text.replace("replicates = 40", "replicates = 500"))
        expected = self.plain("longer.toml")
        process = self.start_and_wait_for_work("stopped", "longer.toml")
        process.send_signal(signal.SIGINT)
        status, said = self.finish(process)
        self.assertNotEqual(status, 0, said)
        self.assertFalse((self.folder / "stopped.h5").exists())
        self.goes_on("stopped", expected, ranks=3, study="longer.toml")

    def test_bad_input_is_one_line_once(self):
        self.write("bad.toml", (self.folder / "small.toml").read_text().replace("[judge.tau]", "[judge.taus]"))
        self.write("there.h5", "something")
        for study, message in (("bad.toml", "did you mean 'tau'"), ("nowhere.toml", "nowhere.toml"),
                               ("small.toml", "there.h5")):
            with self.subTest(study=study):
                status, said = self.finish(self.start(3, "validate", study, "-o", "there.h5", "--quiet"))
                self.assertEqual(status, 2, said)
                lines = [line for line in said.splitlines() if line.startswith("vitrum:")]
                self.assertEqual(len(lines), 1, said)
                self.assertIn(message, lines[0])
                self.assertEqual((self.folder / "there.h5").read_text(), "something")

    @unittest.skipUnless((pathlib.Path(VITRUM).parent / "vitrum-lammps").exists(), "built without LAMMPS")
    def test_lammps_workers_start_inside_ranks(self):
        self.write("atoms.toml", CUZR)
        # Two replicates: one a rank.
        common = ["validate", "atoms.toml", "--chunk", "1/5", "--threads", 1, "--quiet", "-o"]
        self.ok(*common, "plain.h5")
        status, said = self.finish(self.start(2, *common, "two.h5"))
        self.assertEqual(status, 0, said)
        self.assertEqual(self.data_hash("two.h5"), self.data_hash("plain.h5"))
        import h5py
        with h5py.File(self.folder / "two.h5") as file:
            self.assertEqual([bytes(f) for f in file["entry/replicates/failure"][()]], [b"", b""])


if __name__ == "__main__":
    unittest.main()
