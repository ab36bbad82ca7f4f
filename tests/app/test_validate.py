"""vitrum validate and merge: the same bits however it is run, work that survives kill -9, input that is refused."""
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

from program import VITRUM, ProgramTest

STUDY = """
[study]
title = "Tiny"
question = "Do the error bars hold?"
seed = 5
replicates = 12
reference = "pixels"

[source.speckle]
kind = "speckle"
tau = "6 s"
beta = 1.5
modes = 5
mean_count = 0.5
frames = 80
frame_time = "1 s"
rows = 16
columns = 16

[grid]
"source.speckle.tau" = ["3 s", "6 s"]

[methods.pixels]
errors = "pixels"

[methods.independent]
errors = "independent"

[judge.tau]
bias = "5 %"
coverage = [0.9, 0.99]
mcse_bias = "1 %"

[judge.g2]
lags = [1, 5]
coverage = [0.9, 0.99]
"""


class Validate(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", STUDY)

    def hash_of(self, file):
        return re.search(r"data hash\s+(\w+)", self.ok("check", file)).group(1)

    def study(self, output, *options):
        self.ok("validate", "tiny.toml", "-o", output, "--quiet", *options)
        return self.hash_of(output)

    def test_threads_and_chunks_give_the_same_bits(self):
        expected = self.study("one.h5", "--threads", 1)
        self.assertEqual(self.study("two.h5", "--threads", 2), expected)
        for chunks in (4, 7):
            files = []
            for i in range(chunks, 0, -1):
                files.append(f"chunk_{i}_of_{chunks}.h5")
                self.ok("validate", "tiny.toml", "-o", files[-1], "--quiet", "--chunk", f"{i}/{chunks}")
            self.ok("merge", *files, "-o", f"merged{chunks}.h5")
            self.assertEqual(self.hash_of(f"merged{chunks}.h5"), expected)
        self.assertEqual(self.study("other.h5", "--seed", 6) == expected, False)

    def test_ranks_give_the_same_bits(self):
        if not shutil.which("mpirun"):
            self.skipTest("mpirun is not installed")
        expected = self.study("one.h5", "--threads", 1)
        environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        for ranks in (1, 2, 3):
            done = subprocess.run(["mpirun", "--oversubscribe", "-n", str(ranks), VITRUM, "validate", "tiny.toml", "-o",
                                   f"np{ranks}.h5", "--quiet", "--threads", "1"], cwd=self.folder, env=environment,
                                  capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.hash_of(f"np{ranks}.h5"), expected)
            self.assertFalse((self.folder / f"np{ranks}.h5.part").exists())

    def test_killed_and_resumed(self):
        expected = self.study("whole.h5", "--threads", 1)
        journal = self.folder / "killed.h5.part" / "rank_0.journal"
        kills = 0
        for attempt in range(20):
            options = ["--resume"] if attempt else []
            run = subprocess.Popen([VITRUM, "validate", "tiny.toml", "-o", "killed.h5", "--quiet", "--threads", "1",
                                    *options], cwd=self.folder, stderr=subprocess.DEVNULL)
            before = journal.stat().st_size if journal.exists() else 0
            while run.poll() is None and (not journal.exists() or journal.stat().st_size <= before + 1500):
                time.sleep(0.005)
            if run.poll() is not None:
                break
            run.send_signal(signal.SIGKILL)
            run.wait()
            kills += 1
        self.assertEqual(run.returncode, 0)
        self.assertGreaterEqual(kills, 2)
        self.assertEqual(self.hash_of("killed.h5"), expected)
        self.assertFalse((self.folder / "killed.h5.part").exists())

    def test_interrupted(self):
        run = subprocess.Popen([VITRUM, "validate", "tiny.toml", "-o", "i.h5", "--quiet"], cwd=self.folder,
                               stderr=subprocess.PIPE, text=True)
        journal = self.folder / "i.h5.part" / "rank_0.journal"
        while run.poll() is None and (not journal.exists() or journal.stat().st_size < 1000):
            time.sleep(0.005)
        run.send_signal(signal.SIGINT)
        _, message = run.communicate()
        self.assertEqual(run.returncode, 130, message)
        self.assertIn("--resume", message)
        self.refused("--resume goes on", "validate", "tiny.toml", "-o", "i.h5")
        self.ok("validate", "tiny.toml", "-o", "i.h5", "--resume", "--quiet")

    def test_stages_until_the_target(self):
        self.write("staged.toml", STUDY.replace("replicates = 12", "replicates = 10\nstage = 10\nmost = 60"))
        self.ok("validate", "staged.toml", "-o", "staged.h5", "--quiet")
        expected = self.hash_of("staged.h5")
        import h5py
        with h5py.File(self.folder / "staged.h5") as file:
            cells = list(file["entry/replicates/cell"][()])
        counts = [cells.count(c) for c in (0, 1)]
        self.assertTrue(all(n % 10 == 0 and 10 <= n <= 60 for n in counts), counts)
        self.assertGreater(max(counts), 10)
        # The same in chunks, stage by stage.
        self.ok("validate", "staged.toml", "-o", "a1.h5", "--quiet", "--chunk", "1/2")
        self.ok("validate", "staged.toml", "-o", "a2.h5", "--quiet", "--chunk", "2/2")
        merged = "m0.h5"
        said = self.ok("merge", "a1.h5", "a2.h5", "-o", merged)
        stage = 0
        while "are wanted still" in said:
            stage += 1
            parts = []
            for i in (1, 2):
                parts.append(f"b{stage}_{i}.h5")
                self.ok("validate", "staged.toml", "-o", parts[-1], "--quiet", "--chunk", f"{i}/2", "--after", merged)
            said = self.ok("merge", merged, *parts, "-o", f"m{stage}.h5")
            merged = f"m{stage}.h5"
        self.assertGreater(stage, 0)
        self.assertEqual(self.hash_of(merged), expected)

    def test_power_law_is_as_the_exact_formulas_say(self):
        # Twelve measures within 4.5 Monte Carlo errors: false alarms 1e-4.
        self.ok("validate", "power_law", "-o", "p.h5", "--quiet", "--replicates", 5000)
        import h5py
        with h5py.File(self.folder / "p.h5") as file:
            m = file["entry/measures"]
            rows = {(int(c), n.decode()): (v, e) for c, n, v, e in
                    zip(m["cell"][()], m["measure"][()], m["value"][()], m["mcse"][()])}
        cells = [(50, False), (50, True), (200, False), (200, True)]
        for cell, (n, corrected) in enumerate(cells):
            bias = 0 if corrected else 0.5 / (n - 1)
            efficiency = (n - 2) / n if corrected else (n - 1) ** 2 * (n - 2) / n ** 3
            for measure, expected in (("bias", bias), ("efficiency", efficiency), ("coverage", 0.95)):
                value, error = rows[cell, measure]
                self.assertLess(abs(value - expected), 4.5 * error, (cell, measure, value, expected))

    def test_quantities_over_several_data_sets(self):
        self.write("regions.toml", '''
[study]
replicates = 10
confirmatory = []
[source.glass]
kind = "speckle"
tau = "4 s"
wavevector_exponent = 1.0
reference_q = "2.87 1/angstrom"
beta = 1.5
modes = 1
mean_count = 5.0
frames = 100
rows = 40
columns = 40
[source.glass.geometry]
energy = "20.95 keV"
distance = "5 m"
pixel_size = "4000 um"
arm_angle = 15.54
rings = 3
[source.wells]
kind = "landscape_speckle"
pressures = ["0 GPa", "3 GPa"]
barrier = "0.80 eV"
frames = 100
rows = 16
columns = 16
modes = 1
mean_count = 5.0
temperature = "300 K"
[methods.chain]
heterogeneity = false
[judge.wavevector_exponent]
bias = 1.0
[judge.activation_volume]
bias = 1.0
[judge.event_time]
bias = 1.0
''')
        said = self.ok("validate", "regions.toml", "-o", "regions.h5")
        self.assertIn("event_time: judged, but no replicate gave it", said)
        import h5py
        with h5py.File(self.folder / "regions.h5") as file:
            quantities = {q.decode() for q in file["entry/estimands/quantity"][()]}
            truth = file["entry/rows/truth"][()]
        self.assertEqual(quantities, {"wavevector_exponent", "activation_volume"})
        self.assertTrue((truth == truth).all())

    def test_ages_are_no_second_tau(self):
        # tau of windows of age stands beside that of the run; what rests on the run's tau must not take them.
        import h5py
        volumes = []
        for ages in (0, 3):
            self.ok("run", "small.toml", "-o", f"ages{ages}.h5", "--quiet", "--seed", "4", "--set", f"analysis.ages={ages}")
            with h5py.File(self.folder / f"ages{ages}.h5") as file:
                rows = file["entry/estimates"]
                volumes.append([v for q, v in zip(rows["quantity"].asstr()[()], rows["value"][()])
                                if q == "activation_volume"])
        self.assertEqual(len(volumes[0]), 1)
        self.assertEqual(volumes[0], volumes[1])

    def test_report_and_its_numbers(self):
        self.refused("at least 10", "validate", "tiny.toml", "-o", "few.h5", "--replicates", 8)
        self.ok("validate", "tiny.toml", "-o", "r.h5", "--quiet", "--report", "r.html", "--replicates", 30)
        page = (self.folder / "r.html").read_text()
        for part in ("Do the error bars hold?", "Deviations from the frozen plan", "30 replicates a cell", "Verdicts",
                     "coverage", "<svg"):
            self.assertIn(part, page)
        tables = {f.name for f in (self.folder / "r_csv").iterdir()}
        self.assertIn("measures.csv", tables)
        import h5py
        with h5py.File(self.folder / "r.h5") as file:
            figures = file["entry/figures"]
            self.assertEqual({f + ".csv" for f in figures} | {"measures.csv"}, tables)
            first = figures[next(iter(figures))]
            self.assertEqual(first[first.attrs["default"]].attrs["NX_class"], "NXdata")
        self.ok("report", "r.h5", "-o", "again.html")
        self.assertEqual((self.folder / "again.html").read_text(), page)

    def test_the_study_in_the_file_runs_again(self):
        expected = self.study("one.h5", "--set", "source.speckle.frames=70")
        import h5py
        with h5py.File(self.folder / "one.h5") as file:
            text = file["entry/study"][()].decode()
            self.assertEqual(len(file["entry/deviations"]), 1)
        self.write("again.toml", text)
        self.ok("validate", "again.toml", "-o", "again.h5", "--quiet")
        with h5py.File(self.folder / "one.h5") as one, h5py.File(self.folder / "again.h5") as again:
            self.assertEqual(one["entry/rows/estimate"][()].tobytes(), again["entry/rows/estimate"][()].tobytes())
        self.assertTrue(expected)

    def test_bad_input(self):
        def with_change(old, new):
            self.assertIn(old, STUDY)
            self.write("bad.toml", STUDY.replace(old, new))
        cases = [
            ("[judge.tau]", "[judge.taus]", "did you mean 'tau'"),
            ('bias = "5 %"', 'bias = "5 percent"', "of the truth"),
            ("coverage = [0.9, 0.99]\nmcse", "coverage = [0.99, 0.9]\nmcse", "lower and upper"),
            ("lags = [1, 5]\n", "", "lags"),
            ('"source.speckle.tau" = ["3 s", "6 s"]', '"source.speckle.tau" = "3 s"', "no list of values"),
            ('"source.speckle.tau" = ["3 s", "6 s"]', '"source.speckle.tua" = ["3 s", "6 s"]', "tua"),
            ('"source.speckle.tau" = ["3 s", "6 s"]', '"source.speckle.tau" = ["3 s", "3 s"]', "stands twice"),
            ('reference = "pixels"', 'reference = "pixel"', "did you mean 'pixels'"),
            ('errors = "pixels"', 'errors = "pixl"', "pixl"),
            ("replicates = 12", "replicates = 3", "at least 10"),
            ("[source.speckle]", "[sources.speckle]", "sources"),
            ('question = "Do the error bars hold?"', "confirmatory = [{ \"source.speckle.tau\" = \"4 s\" }]", "no cell"),
            ('question = "Do the error bars hold?"', 'axes = ["source.speckle.frames"]', "no key of [grid]"),
        ]
        for old, new, message in cases:
            with self.subTest(new=new):
                with_change(old, new)
                self.refused(message, "validate", "bad.toml")
        self.refused("write I/N", "validate", "tiny.toml", "--chunk", "5/4")
        self.refused("no study 'nowhere'", "validate", "nowhere")
        self.refused("--after goes with --chunk", "validate", "tiny.toml", "--after", "x.h5")
        self.ok("validate", "tiny.toml", "-o", "a.h5", "--quiet", "--chunk", "1/2")
        self.ok("validate", "tiny.toml", "-o", "b.h5", "--quiet", "--chunk", "2/2", "--seed", 9)
        self.refused("not parts of one study", "merge", "a.h5", "b.h5", "-o", "m.h5")
        self.refused("not an HDF5 file", "merge", "a.h5", "tiny.toml", "-o", "m.h5")
        self.refused("exists", "validate", "tiny.toml", "-o", "a.h5", "--chunk", "1/2")


if __name__ == "__main__":
    unittest.main()
