"""Every command as a new user would type it."""
import json
import os
import unittest

import h5py
import numpy

from program import SMALL, ProgramTest


class Commands(ProgramTest):
    def test_run_analyze_report_check(self):
        self.ok("run", "small.toml", "--quiet")
        self.assertFalse((self.folder / "small.h5.part").exists())
        page = (self.folder / "small.html").read_text()
        self.assertIn("no mechanism is", page)
        self.assertIn("imposed", page)
        with h5py.File(self.folder / "small.h5") as f:
            entry = f["entry"]
            self.assertEqual(entry.attrs["NX_class"], "NXentry")
            self.assertEqual(entry["glass/two_time"].attrs["signal"], "correlation")
            self.assertEqual(entry["glass/two_time/correlation"].shape, (120, 120))
            # Following @default leads to an NXdata with a signal.
            node = f
            while "signal" not in node.attrs:
                node = node[node.attrs["default"]]
            self.assertEqual(node[node.attrs["signal"]].ndim, 1)
            origins = {(s.decode(), q.decode()): o.decode() for s, q, o in
                       zip(entry["truth/series"], entry["truth/quantity"], entry["truth/origin"])}
            self.assertEqual(origins["wells_1", "tau"], "imposed")
            self.assertEqual(origins["glass", "tau"], "closed_form")
            self.assertIn(("", "activation_volume"), origins)
        self.ok("report", "small.h5", "-o", "again.html")
        self.assertGreater((self.folder / "again.html").stat().st_size, 10000)
        self.assertIn("the same", self.ok("check", "small.h5"))

    def test_generate_then_analyze_is_run(self):
        self.ok("run", "small.toml", "--quiet", "-o", "run.h5")
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        self.ok("analyze", "data.h5", "--quiet", "-o", "analyzed.h5")
        with h5py.File(self.folder / "run.h5") as a, h5py.File(self.folder / "analyzed.h5") as b:
            for name in ("glass", "wells_1", "wells_2"):
                numpy.testing.assert_array_equal(a[f"entry/{name}/two_time/correlation"], b[f"entry/{name}/two_time/correlation"])
            count = len(b["entry/estimates/value"])
            numpy.testing.assert_array_equal(a["entry/estimates/value"][:count], b["entry/estimates/value"])
            self.assertEqual(len(a["entry/truth/value"]), len(b["entry/truth/value"]) + 1)  # activation volume

    def test_options_of_a_source_stay_with_it_whatever_the_names(self):
        """'glass_2' is no data set of 'glass', though it looks like one."""
        self.write("two.toml", SMALL + """
[source.glass.analysis]
baseline = 1.0

[source.glass_2]
kind = "speckle"
tau = "6 s"
frames = 120
rows = 16
columns = 24
""")
        self.ok("run", "two.toml", "--quiet", "-o", "run.h5")
        self.ok("generate", "two.toml", "--quiet", "-o", "data.h5")
        self.ok("analyze", "data.h5", "--quiet", "-o", "analyzed.h5")
        with h5py.File(self.folder / "run.h5") as a, h5py.File(self.folder / "analyzed.h5") as b:
            self.assertEqual(b["entry/wells_2/source_name"][()].decode(), "wells")
            count = len(b["entry/estimates/value"])
            numpy.testing.assert_array_equal(a["entry/estimates/value"][:count], b["entry/estimates/value"])
            baseline = {s.decode(): e for s, q, e in zip(b["entry/estimates/series"], b["entry/estimates/quantity"],
                                                         b["entry/estimates/standard_error"]) if q == b"baseline"}
            self.assertTrue(numpy.isnan(baseline["glass"]))  # fixed: no error
            self.assertGreater(baseline["glass_2"], 0)

    def test_a_simulated_exposure_is_in_the_file(self):
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5", "--set", 'source.glass.exposure="0.5 s"')
        with h5py.File(self.folder / "data.h5") as f:
            self.assertEqual(f["entry/instrument/detector/count_time"][()], 0.5)
            self.assertEqual(f["entry_2/instrument/detector/count_time"][()], 0.0)

    def test_the_resolved_scenario_runs_again_to_the_same_bits(self):
        self.ok("run", "small.toml", "--quiet", "-o", "a.h5")
        with h5py.File(self.folder / "a.h5") as f:
            self.write("resolved.toml", f["entry/scenario"][()].decode())
        self.ok("run", "resolved.toml", "--quiet", "-o", "b.h5")
        self.assertEqual(self.data_hash("a.h5"), self.data_hash("b.h5"))

    def test_same_bits_for_threads_and_runs_other_bits_for_seeds(self):
        for name, extra in (("one", ["--threads", "1"]), ("two", ["--threads", "2"]), ("again", []), ("seed", ["--seed", "4"])):
            self.ok("run", "small.toml", "--quiet", "-o", f"{name}.h5", *extra)
        one = self.data_hash("one.h5")
        self.assertEqual(one, self.data_hash("two.h5"))
        self.assertEqual(one, self.data_hash("again.h5"))
        self.assertNotEqual(one, self.data_hash("seed.h5"))

    def test_foreign_frames_by_path(self):
        rng = numpy.random.default_rng(1)
        with h5py.File(self.folder / "other.h5", "w") as f:
            f["scan/eiger"] = rng.poisson(2.0, (50, 12, 14)).astype("uint16")
            f["scan/bad"] = numpy.zeros((12, 14), "uint8")
            f["scan/rois"] = numpy.repeat(numpy.arange(1, 3), 84).reshape(12, 14)
        self.refused("--dataset PATH", "analyze", "other.h5")
        self.ok("analyze", "other.h5", "--dataset", "/scan/eiger", "--frame-time", "0.5", "--mask", "/scan/bad",
                "--regions", "/scan/rois", "--quiet")
        with h5py.File(self.folder / "other_result.h5") as f:
            self.assertEqual(f["entry/other_region_2/pixels"][()], 84)
            self.assertEqual(f["entry/other_region_1/two_time/t1"][2], 1.0)
            self.assertEqual(f["entry/other_region_1/two_time/t1"].attrs["units"], "s")

    def test_sparse_frames_equal_dense_ones(self):
        rng = numpy.random.default_rng(2)
        frames = rng.poisson(0.05, (60, 20, 20)).astype("uint8")
        with h5py.File(self.folder / "dense.h5", "w") as f:
            f["entry/instrument/detector/data"] = frames
        flat = frames.reshape(60, -1)
        with h5py.File(self.folder / "sparse.h5", "w") as f:
            group = f.create_group("entry/sparse_frames")
            group["frame_ptr"] = numpy.concatenate([[0], numpy.cumsum((flat > 0).sum(1))])
            group["index"] = numpy.nonzero(flat)[1].astype("uint32")
            group["intensity"] = flat[flat > 0]
            group["mask"] = numpy.zeros((20, 20), "uint8")
        self.ok("analyze", "dense.h5", "--quiet")
        self.ok("analyze", "sparse.h5", "--quiet")
        with h5py.File(self.folder / "dense_result.h5") as a, h5py.File(self.folder / "sparse_result.h5") as b:
            numpy.testing.assert_array_equal(a["entry/dense/two_time/correlation"], b["entry/sparse/two_time/correlation"])
            numpy.testing.assert_array_equal(a["entry/dense/g2/y_errors"], b["entry/sparse/g2/y_errors"])

    def test_estimate_json(self):
        t = numpy.arange(1, 200)
        rows = "\n".join(f"{x},{1 + 0.1 * numpy.exp(-2 * (x / 30) ** 1.5)}" for x in t)
        self.write("g2.csv", "lag [s], g2\n" + rows + "\n")
        document = json.loads(self.ok("estimate", "kww", "g2.csv", "--json"))
        self.assertEqual(document["estimator"], "kww")
        self.assertEqual(document["status"], "ok")
        tau = document["estimates"][0]
        self.assertEqual((tau["quantity"], tau["unit"]), ("tau", "s"))
        self.assertAlmostEqual(tau["value"], 30, places=3)
        self.assertEqual(len(tau["interval"]), 2)
        self.assertIn("version", document["provenance"])
        self.assertIn(document["provenance"]["kernel"], ("plain", "AVX2", "AVX-512", "AVX-512 VNNI"))
        self.assertEqual(len(document["covariance"]["matrix"]), 4)

    def test_estimate_activation_volume_and_units(self):
        self.write("tau.csv", "pressure [kbar], tau [s], tau_error [s]\n0,10,1\n10,20,2\n")
        document = json.loads(self.ok("estimate", "activation_volume", "tau.csv", "--set", "temperature=300 K", "--json"))
        row = document["estimates"][0]
        self.assertAlmostEqual(row["value"], 4.141947 * numpy.log(2), places=5)
        self.assertEqual(row["unit"], "angstrom^3")
        self.assertEqual(row["abscissa"]["pressure"]["value"], 0.5)
        self.refused("temperature: is missing", "estimate", "activation_volume", "tau.csv")

    def test_a_result_is_not_data_but_holds_maps_and_tau(self):
        self.ok("run", "small.toml", "--quiet", "--seed", "4")  # with a clean tau at each pressure
        self.refused("--dataset /entry/SERIES/two_time", "analyze", "small.h5")
        self.ok("analyze", "small.h5", "--dataset", "/entry/glass/two_time", "--quiet", "-o", "map.h5")
        document = json.loads(self.ok("estimate", "activation_volume", "small.h5", "--set", "temperature=300 K",
                                      "--set", "source=wells", "--json"))
        self.assertEqual(len(document["estimates"]), 1)
        self.refused("choose one", "estimate", "activation_volume", "small.h5", "--set", "temperature=300 K",
                     "--set", "source=nothing")

    def test_estimate_on_frames(self):
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        document = json.loads(self.ok("estimate", "heterogeneity_width", "data.h5", "--json"))
        pressures = {e["abscissa"].get("pressure", {}).get("value") for e in document["estimates"]}
        self.assertEqual(pressures, {None, 0.0, 3.0})
        g2 = json.loads(self.ok("estimate", "g2", "data.h5", "--json"))
        self.assertEqual(g2["estimates"][0]["abscissa"]["lag"]["value"], 1.0)

    def test_list_and_help(self):
        listed = json.loads(self.ok("list", "--json"))
        self.assertEqual({s["name"] for s in listed["sources"]}, {"speckle", "landscape_speckle", "landscape_loop", "relaxation_speckle", "cuzr", "cuzr_protocol", "power_law", "samples",
                                                                "law_points", "atom_paths", "lattice"})
        self.assertIn("first_look", {s["name"] for s in listed["scenarios"]})
        self.assertIn("kww", self.ok("list", "estimators"))
        help_text = self.ok("--help")
        for command in ("list", "run", "generate", "analyze", "estimate", "report", "export", "check"):
            self.assertIn(command, help_text)
            self.ok(command, "--help")

    def test_few_photons_are_written_as_events(self):
        few = ["--set", "source.glass.mean_count=0.004"]
        self.ok("generate", "small.toml", "--quiet", "-o", "one.h5", "--threads", "1", *few)
        self.ok("generate", "small.toml", "--quiet", "-o", "two.h5", "--threads", "2", *few)
        self.assertEqual(self.data_hash("one.h5"), self.data_hash("two.h5"))
        with h5py.File(self.folder / "one.h5") as f:
            events = f["entry/sparse_frames"]
            pointers, pixels = events["frame_ptr"][()], events["index"][()]
            self.assertEqual(len(pointers), 121)
            self.assertEqual(pointers[-1], len(pixels))
            for a, b in zip(pointers, pointers[1:]):
                self.assertTrue((numpy.diff(pixels[a:b].astype(int)) > 0).all())
            # 120 x 384 x 0.004 = 184 photons; speckle of contrast 0.2 widens Poisson's 13.6 to at most 24: 5 of them.
            self.assertLess(abs(int(events["intensity"][()].sum()) - 184), 120)
            self.assertNotIn("data", f["entry/instrument/detector"])
            self.assertIn("data", f["entry_2/instrument/detector"])
        self.ok("generate", "small.toml", "--quiet", "-o", "dense.h5", "--set", 'source.glass.output="dense"', *few)
        with h5py.File(self.folder / "dense.h5") as f:
            self.assertEqual(f["entry/instrument/detector/data"].dtype, numpy.uint8)
        self.ok("analyze", "one.h5", "--quiet")

    def test_long_scenarios_are_marked(self):
        (self.folder / "own").mkdir()
        self.write("own/full.toml", SMALL.replace("seed = 5", "seed = 5\nlong = true"))
        self.write("own/short.toml", SMALL)
        environment = {**os.environ, "VITRUM_SCENARIOS": str(self.folder / "own")}
        listed = json.loads(self.ok("list", "scenarios", "--json", env=environment))["scenarios"]
        marks = {s["name"]: s["long"] for s in listed}
        self.assertEqual((marks["full"], marks["short"], marks["first_look"]), (True, False, False))
        lines = self.ok("list", "scenarios", env=environment).splitlines()
        self.assertEqual([line.split()[0] for line in lines if line.endswith("(long)") and "Small" in line], ["full"])
        self.ok("generate", "own/full.toml", "--quiet", "-o", "data.h5")
        with h5py.File(self.folder / "data.h5") as f:
            self.assertIn("long = true", f["entry/scenario"][()].decode())

    def test_check_finds_a_changed_file(self):
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        with h5py.File(self.folder / "data.h5", "r+") as f:
            f["entry/instrument/detector/data"][0, 0, 0] += 1
        done = self.vitrum("check", "data.h5")
        self.assertEqual(done.returncode, 3)
        self.assertIn("DIFFERENT", done.stdout)

    def test_a_plain_file_has_no_stored_hash(self):
        with h5py.File(self.folder / "plain.h5", "w") as f:
            f["x"] = [1.0]
        self.assertIn("not made by vitrum", self.ok("check", "plain.h5"))

    def test_progress_lines_and_quiet(self):
        done = self.vitrum("run", "small.toml", "-o", "a.h5")
        self.assertIn("%", done.stderr)
        self.assertNotIn("\r", done.stderr)
        done = self.vitrum("run", "small.toml", "-o", "b.h5", "--quiet")
        self.assertEqual((done.stdout, done.stderr), ("", ""))


if __name__ == "__main__":
    unittest.main()
