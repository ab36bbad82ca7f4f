"""Two-time maps that do not fit into the memory they may take: the same results to the bit, made in tiles on disk."""
import os
import subprocess
import unittest

import h5py
import numpy

from program import VITRUM, ProgramTest

FRAMES = 300  # more than a tile
SHAPE = (18, 20)


class OutOfCore(ProgramTest):
    def setUp(self):
        super().setUp()
        rng = numpy.random.default_rng(11)
        level = rng.gamma(2.0, 0.2, (FRAMES // 15 + 2, *SHAPE))
        blend = numpy.repeat(level, 15, axis=0)
        moving = numpy.array([blend[f + rng.integers(0, 15)] for f in range(FRAMES)])
        self.counts = rng.poisson(moving).astype("uint16")
        self.counts[77] = 0  # an empty frame
        region = numpy.ones(SHAPE, "int32")
        region[:, 9:] = 3    # regions with a gap in their numbers
        region[:2] = 0
        self.write_frames("dense.h5", self.counts, region)
        self.write_frames("sparse.h5", numpy.where(rng.random(self.counts.shape) < 0.1, self.counts, 0), region)

    def write_frames(self, name, counts, region):
        with h5py.File(self.folder / name, "w") as f:
            detector = f.create_group("entry/instrument/detector")
            detector["data"] = counts
            detector["frame_time"] = 0.5
            detector["region"] = region

    def analyze(self, data, output, *arguments):
        return self.ok("analyze", data, "-o", output, "--force", *arguments)

    def same(self, data, *arguments):
        here = self.analyze(data, "memory.h5", *arguments).replace("memory.h5", "")
        there = self.analyze(data, "disk.h5", "--map-memory", "100 kB", *arguments).replace("disk.h5", "")
        self.assertEqual(here, there)
        self.assertEqual(self.data_hash("memory.h5"), self.data_hash("disk.h5"))
        self.assertEqual([], [p.name for p in self.folder.iterdir() if ".map-" in p.name or "writing" in p.name])

    def test_same_bits_for_counts(self):
        for data in ("dense.h5", "sparse.h5"):
            self.same(data)
            with h5py.File(self.folder / "memory.h5") as a, h5py.File(self.folder / "disk.h5") as b:
                for region in (1, 3):
                    name = f"entry/{data[:-3]}_region_{region}"
                    tiles = b[f"{name}/two_time/correlation"]
                    self.assertEqual(tiles.chunks, (256, 256))
                    numpy.testing.assert_array_equal(a[f"{name}/two_time/correlation"], tiles)
                    for column in ("x", "y", "y_errors", "covariance_factor"):
                        numpy.testing.assert_array_equal(a[f"{name}/g2/{column}"], b[f"{name}/g2/{column}"])
                    self.assertIn("y", b[f"{name}/fit"])
                self.assertTrue(numpy.isnan(tiles[77]).all())
                numpy.testing.assert_array_equal(a["entry/segments/map_g2"], b["entry/segments/map_g2"])

    def test_options_that_rows_allow(self):
        self.same("dense.h5", "--set", "diagonal=factorial")
        self.same("dense.h5", "--set", "diagonal=neighbour_mean", "--set", "errors=formula")
        self.same("sparse.h5", "--set", "diagonal=excluded", "--set", "errors=independent", "--segments", "2")

    def test_viewers_and_vitrum_read_the_tiles(self):
        self.same("dense.h5")
        with h5py.File(self.folder / "disk.h5") as f:
            whole = f["entry/dense_region_3/two_time/correlation"][()]
            numpy.testing.assert_array_equal(f["entry/twotime/two_time_corr_func"][1], whole)
            numpy.testing.assert_array_equal(f["xpcs/twotime/correlation_map/c2_00002"], numpy.triu(whole))
        self.ok("export", "disk.h5", "--data-set", "dense", "-o", "one.h5")
        with h5py.File(self.folder / "one.h5") as f:
            numpy.testing.assert_array_equal(f["entry/dense_region_3/two_time/correlation"], whole)
        self.same("sparse.h5", "--report", "page.html")
        self.ok("analyze", "disk.h5", "--dataset", "/entry/sparse_region_1/two_time", "-o", "again.h5", "--quiet")

    def peak(self, *arguments):
        """[MB] of resident memory that a call reaches, it and what it starts."""
        running = subprocess.Popen([VITRUM, *arguments], cwd=self.folder, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(running.returncode, 0, arguments)
        return used.ru_maxrss / 1e3

    def test_a_report_keeps_to_the_limit(self):
        """One map of 3000 frames takes 72 MB; 4 MB are allowed, and the page costs no more than its figures."""
        self.write("long.toml", """[source.glass]
kind = "speckle"
tau = "40 s"
frames = 3000
rows = 4
columns = 4
""")
        self.ok("generate", "long.toml", "-o", "long.h5", "--quiet")
        command = ("analyze", "long.h5", "-o", "long_result.h5", "--force", "--quiet", "--threads", "1")
        limited = self.peak(*command, "--map-memory", "4 MB")
        whole = self.peak(*command, "--map-memory", "1 GB", "--report", "whole.html")
        reported = self.peak(*command, "--map-memory", "4 MB", "--report", "limited.html")
        self.assertLess(reported, limited + 25)
        self.assertGreater(whole, reported + 40)
        for page in ("whole.html", "limited.html"):
            self.assertIn("<svg", (self.folder / page).read_text())

    def test_what_rows_do_not_allow_is_named(self):
        small = ("--map-memory", "100 kB")
        self.refused("errors = bootstrap needs the whole map", "analyze", "dense.h5", *small, "--set", "errors=bootstrap")
        self.refused("errors = frames needs the whole map", "analyze", "dense.h5", *small, "--set", "errors=frames")
        self.refused("normalisation = pearson needs the whole map", "analyze", "dense.h5", *small, "--set",
                     "normalisation=pearson")
        self.refused("write it as \"2 GB\"", "analyze", "dense.h5", "--map-memory", "3")
        self.refused("unknown unit 'GPa'", "analyze", "dense.h5", "--map-memory", "3 GPa")
        self.refused("0 B or more", "analyze", "dense.h5", "--map-memory", "-1 GB")


if __name__ == "__main__":
    unittest.main()
