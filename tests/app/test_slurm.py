"""The batch scripts of docs/ on two emulated Slurm nodes: the same bits as a plain run. Skipped without Slurm."""
import os
import pathlib
import shutil
import subprocess
import unittest

from program import VITRUM
from slurm import Slurm, Unavailable
from small_study import JUDGE, STUDY, StudyTest

DOCS = pathlib.Path(os.environ["VITRUM_DOCS"])
LIMIT = 40  # seconds for all jobs of one test


class OnSlurm(StudyTest):
    @classmethod
    def setUpClass(cls):
        try:
            cls.slurm = cls.enterClassContext(Slurm())
        except Unavailable as e:
            raise unittest.SkipTest(str(e))
        cls.slurm.environment["PATH"] = f"{pathlib.Path(VITRUM).parent}:{cls.slurm.environment['PATH']}"
        cls.slurm.environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")

    def outputs(self):
        return "\n".join(f"{f.name}: {f.read_text()}" for f in sorted(self.folder.glob("*.out")))

    def run_script(self, *command):
        """Hands jobs to Slurm in the test's folder and waits until all, also those that follow, are done."""
        try:
            self.slurm.run(*map(str, command), cwd=self.folder)
        except subprocess.CalledProcessError as e:
            self.fail(f"{command}: {e.stdout}{e.stderr}")
        self.assertTrue(self.slurm.wait_for_jobs(LIMIT), f"jobs took too long:\n{self.slurm.waiting}{self.outputs()}\n"
                        f"{self.slurm.said()}")

    def test_chunks_and_merges_until_nothing_is_wanted(self):
        self.write("staged.toml", STUDY.replace("replicates = 40", "replicates = 10\nstage = 20\nmost = 50") + JUDGE +
                   'mcse_bias = "1.2 %"\n')
        expected = self.plain("staged.toml")
        self.run_script("bash", DOCS / "cluster_study.sbatch", "staged.toml", 3)
        self.assertTrue((self.folder / "staged.h5").exists(), self.outputs() + self.slurm.said())
        self.assertEqual(self.data_hash("staged.h5"), expected)
        stages = {f.name.split("_")[1] for f in self.folder.glob("staged_stage*_of_3.h5")}
        self.assertGreater(len(stages), 1, "one stage was enough: the test does not see the next one")
        self.assertEqual(len(list(self.folder.glob("staged_stage*_of_3.h5"))), 3 * len(stages))

    def test_a_failed_chunk_stops_the_merge(self):
        self.write("bad.toml", STUDY + JUDGE.replace("judge.tau", "judge.taus"))
        self.run_script("bash", DOCS / "cluster_study.sbatch", "bad.toml", 2)
        self.assertEqual(list(self.folder.glob("bad*.h5")), [])
        self.assertIn("did you mean 'tau'", self.outputs())
        self.assertEqual(len(list(self.folder.glob("*.out"))), 2, f"the merge ran:\n{self.outputs()}")

    @unittest.skipUnless(shutil.which("mpirun"), "mpirun is not installed")
    def test_one_allocation_of_two_nodes(self):
        script = (DOCS / "cluster_mpi.sbatch").read_text()
        self.assertIn("\nmpirun ", script)
        self.write("mpi.sbatch", script.replace("\nmpirun ", "\nmpirun --display-map "))
        expected = self.plain("small.toml")
        (self.folder / "plain.h5").rename(self.folder / "kept.h5")
        self.run_script("sbatch", "mpi.sbatch", "small.toml")
        self.assertTrue((self.folder / "small.h5").exists(), self.outputs() + self.slurm.said())
        self.assertEqual(self.data_hash("small.h5"), expected)
        for node in ("n1", "n2"):
            self.assertRegex(self.outputs(), rf"Data for node: {node}\s+Num slots: 1.*Num procs: 1")


if __name__ == "__main__":
    unittest.main()
