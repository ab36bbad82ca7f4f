"""Frames of any layout, parts of them, added frames and pixels, traces beside them."""
import os
import unittest

import h5py
import numpy

from program import ProgramTest

FRAMES = 60
SHAPE = (9, 14)


class Selection(ProgramTest):
    def setUp(self):
        super().setUp()
        rng = numpy.random.default_rng(3)
        self.counts = rng.poisson(0.9, (FRAMES, *SHAPE)).astype("uint16")

    def frames(self, name, counts, path="entry/instrument/detector/data", frame_time=0.5, **extra):
        with h5py.File(self.folder / name, "w") as f:
            f[path] = counts
            if frame_time:
                f["entry/instrument/detector/frame_time"] = frame_time
            for where, value in extra.items():
                f[where] = value

    def two_time(self, *arguments, data="scan.h5", series="scan", **options):
        self.ok("analyze", data, "--quiet", "-o", "result.h5", "--force", *arguments, **options)
        with h5py.File(self.folder / "result.h5") as f:
            group = f[f"entry/{series}/two_time"]
            return group["correlation"][()], group["frame_time"][()]

    @staticmethod
    def naive(counts):
        x = counts.reshape(len(counts), -1).astype(float)
        return x.shape[1] * (x @ x.T) / numpy.outer(x.sum(1), x.sum(1))

    def same_map(self, got, counts):
        numpy.testing.assert_allclose(got, self.naive(counts), rtol=1e-13)

    def test_frame_ranges_strides_and_bins(self):
        self.frames("scan.h5", self.counts)
        for option, chosen, step in (("10:40", self.counts[10:40], 0.5), ("5:", self.counts[5:], 0.5),
                                     (":20", self.counts[:20], 0.5), ("3:50:4", self.counts[3:50:4], 2.0),
                                     ("::2", self.counts[::2], 1.0)):
            got, time = self.two_time("--frames", option)
            self.same_map(got, chosen)
            self.assertEqual(time, step)
        got, time = self.two_time("--bin-frames", "4")
        self.same_map(got, self.counts.reshape(15, 4, *SHAPE).sum(1))
        self.assertEqual(time, 2.0)
        got, time = self.two_time("--frames", "1:58:2", "--bin-frames", "3")  # 29 frames, 27 of them in threes
        self.same_map(got, self.counts[1:55:2].reshape(9, 3, *SHAPE).sum(1))
        self.assertEqual(time, 3.0)

    def test_pixels_are_added(self):
        mask = numpy.zeros(SHAPE, "uint8")
        mask[2, 3] = 1
        region = numpy.ones(SHAPE, "int32")
        region[:, 7:] = 2
        with h5py.File(self.folder / "scan.h5", "w") as f:
            f["entry/instrument/detector/data"] = self.counts
            f["entry/instrument/detector/pixel_mask"] = mask
            f["entry/instrument/detector/region"] = region
        self.ok("analyze", "scan.h5", "--quiet", "-o", "result.h5", "--bin-pixels", "4x2")
        small = self.counts[:, :8].reshape(FRAMES, 2, 4, 7, 2).sum((2, 4))
        with h5py.File(self.folder / "result.h5") as f:
            # A bin with a masked pixel is masked; one across two regions belongs to neither.
            used = numpy.ones((2, 7), bool)
            used[0, 1] = False
            numpy.testing.assert_array_equal(f["xpcs/qmap/mask"], used)
            left = numpy.flatnonzero((numpy.arange(14) % 7 < 3) & used.ravel())
            got = f["entry/scan_region_1/two_time/correlation"][()]
            self.same_map(got, small.reshape(FRAMES, -1)[:, left])
            self.assertEqual(f["entry/scan_region_2/pixels"][()], 6)

    def test_few_photons_are_kept_as_events_with_the_same_bits(self):
        rng = numpy.random.default_rng(8)
        few = rng.poisson(0.03, (FRAMES, *SHAPE)).astype("uint8")
        self.frames("few.h5", few)
        self.frames("float.h5", few.astype("float32") + 0)
        # One bright frame forces dense frames; left out again, the others must give the same bits.
        bright = numpy.concatenate([few, numpy.full((1, *SHAPE), 3, "uint8")])
        self.frames("bright.h5", bright)
        maps = [self.two_time(data=f"{name}.h5", series=name)[0] for name in ("few", "float")]
        numpy.testing.assert_array_equal(maps[0], maps[1])
        whole, _ = self.two_time(data="bright.h5", series="bright")
        numpy.testing.assert_array_equal(maps[0], whole[:FRAMES, :FRAMES])

    def test_bad_selections(self):
        self.frames("scan.h5", self.counts)
        for option, part in (("5", "write FIRST:LAST"), ("5:3", "takes no frame"), ("a:3", "'a' is not a whole number"),
                             ("0:61", "the run has 60 frames"), ("70:", "begins at 70"), ("0:9:0", "a stride is at least 1"),
                             ("0:2", "2 frames remain"), ("-5:10", "'-5' is not a whole number")):
            self.refused(part, "analyze", "scan.h5", f"--frames={option}")
        self.refused("remain after", "analyze", "scan.h5", "--bin-frames", "25")
        self.refused("write N", "analyze", "scan.h5", "--bin-pixels", "2x")
        self.refused("write N", "analyze", "scan.h5", "--bin-pixels", "0")
        self.refused("adds 20 x 20 pixels, the detector has 9 x 14", "analyze", "scan.h5", "--bin-pixels", "20")
        self.two_time()
        (self.folder / "result.h5").rename(self.folder / "maps.h5")
        self.refused("need frames", "analyze", "maps.h5", "--dataset", "/entry/scan/two_time", "--bin-frames", "2")
        got, time = self.two_time("--dataset", "/entry/scan/two_time", "--frames", "10:40:3", data="maps.h5", series="maps")
        self.same_map(got - numpy.diag(numpy.diag(got)) + numpy.diag(numpy.diag(self.naive(self.counts[10:40:3]))),
                      self.counts[10:40:3])
        self.assertEqual(time, 1.5)

    def test_truth_is_left_out_of_a_part(self):
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        self.ok("analyze", "data.h5", "--quiet", "-o", "part.h5", "--frames", "0:60")
        with h5py.File(self.folder / "part.h5") as f:
            self.assertEqual(len(f["entry/truth/value"]), 0)
            notes = [n.decode() for n in f["entry/glass/notes"]]
            self.assertIn("The truth in the file is that of all frames as they are; it is left out.", notes)
            self.assertIn("60 of 120 frames taken.", notes)

    def test_layouts_of_beamlines(self):
        expected = self.naive(self.counts)
        for path in ("entry/data/data", "exchange/data", "entry_0000/measurement/data", "entry/instrument/detector_1/data"):
            self.frames("scan.h5", self.counts, path, frame_time=None)
            got, _ = self.two_time()
            numpy.testing.assert_allclose(got, expected, rtol=1e-13, err_msg=path)
        # DECTRIS: a master file that links to the files with the frames.
        for i in range(3):
            with h5py.File(self.folder / f"scan_data_{i + 1:06d}.h5", "w") as f:
                f["entry/data/data"] = self.counts[20 * i:20 * i + 20]
        with h5py.File(self.folder / "scan_master.h5", "w") as f:
            group = f.create_group("entry/data")
            for i in range(3):
                group[f"data_{i + 1:06d}"] = h5py.ExternalLink(f"scan_data_{i + 1:06d}.h5", "/entry/data/data")
            f["entry/instrument/detector/frame_time"] = 0.5
            f["entry/instrument/detector/count_time"] = 0.4
            mask = numpy.zeros(SHAPE, "uint32")
            mask[0] = 1
            f["entry/instrument/detector/detectorSpecific/pixel_mask"] = mask
        got, time = self.two_time(data="scan_master.h5", series="scan_master")
        self.same_map(got, self.counts[:, 1:])
        self.assertEqual(time, 0.5)
        got, _ = self.two_time("--frames", "15:45", data="scan_master.h5", series="scan_master")
        self.same_map(got, self.counts[15:45, 1:])
        (self.folder / "scan_data_000002.h5").rename(self.folder / "gone.h5")
        message = self.refused("links to scan_data_000002.h5::/entry/data/data, which is not there", "analyze", "scan_master.h5")
        self.assertIn("data_000002", message)
        # Several files in a row.
        self.frames("a.h5", self.counts[:25])
        self.frames("b.h5", self.counts[25:])
        got, _ = self.two_time("b.h5", "--join", data="a.h5", series="a")
        numpy.testing.assert_allclose(got, expected, rtol=1e-13)
        self.frames("c.h5", self.counts[:, 1:])
        self.refused("the first part has 9 x 14", "analyze", "--join", "a.h5", "c.h5")
        self.refused("no such file", "analyze", "--join", "a.h5", "absent.h5")

    def test_virtual_datasets_whose_files_are_gone(self):
        self.frames("part.h5", self.counts, "frames")
        layout = h5py.VirtualLayout(self.counts.shape, "uint16")
        layout[:] = h5py.VirtualSource("part.h5", "frames", self.counts.shape)
        with h5py.File(self.folder / "scan.h5", "w") as f:
            f.create_virtual_dataset("entry/instrument/detector/data", layout)
        self.same_map(self.two_time()[0], self.counts)
        (self.folder / "part.h5").unlink()
        self.refused("shows frames of 'part.h5', which is not there", "analyze", "scan.h5")

    def test_names_of_what_could_be_frames(self):
        self.frames("scan.h5", self.counts, "measurement/eiger", frame_time=None)
        self.refused("--dataset PATH, as /measurement/eiger", "analyze", "scan.h5")

    def test_compressed_frames(self):
        for name, filters in (("lz4", {"compression": 32004}), ("bitshuffle", {"compression": 32008, "compression_opts": (0, 2)}),
                              ("bzip2", {"compression": 307, "compression_opts": (9,)})):
            with self.subTest(name):
                with h5py.File(self.folder / "scan.h5", "w") as f:
                    f.create_dataset("entry/instrument/detector/data", data=self.counts, chunks=(7, *SHAPE), **filters)
                self.same_map(self.two_time()[0], self.counts)
                # Without the plugin: one line that names it.
                nowhere = {**os.environ, "HDF5_PLUGIN_PATH": str(self.folder)}
                done = self.vitrum("analyze", "scan.h5", "-o", "none.h5", env=nowhere)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1)
                self.assertIn(str(filters["compression"]), done.stderr)
                self.assertIn("install the package", done.stderr)
                self.assertFalse((self.folder / "none.h5").exists())

    def test_static_regions_and_qmap(self):
        static = numpy.repeat(numpy.arange(1, 8), 2)[None, :] * numpy.ones(SHAPE, "int32")
        gradient = numpy.random.default_rng(1).poisson(numpy.linspace(0.2, 3, 14)[None, None, :], (FRAMES, *SHAPE)).astype("uint8")
        self.frames("scan.h5", gradient, maps=static.astype("int32"))
        self.refused("needs a map of static regions", "analyze", "scan.h5", "--set", "normalisation=static_map")
        got, _ = self.two_time("--static-regions", "/maps", "--set", "normalisation=static_map")
        x = gradient.reshape(FRAMES, -1).astype(float)
        mean = numpy.stack([x[:, static.ravel() == k].mean(1) for k in range(1, 8)])  # static region, frame
        scaled = x / mean[static.ravel() - 1].T
        wanted = scaled @ scaled.T / x.shape[1]
        off = ~numpy.eye(FRAMES, dtype=bool)
        numpy.testing.assert_allclose(got[off], wanted[off], rtol=1e-12)
        # A gradient from 0.2 to 3 raises the baseline to 1.27; what is left is that within the regions.
        self.assertLess(got[off].mean(), 1.05)
        # The same through a map as APS beamlines write, mask 1 = used, regions on a grid of q and angle.
        mask = numpy.ones(SHAPE, "int32")
        mask[4, 4] = 0
        dynamic = numpy.ones(SHAPE, "int32")
        dynamic[:, 7:] = 2
        with h5py.File(self.folder / "qmap.h5", "w") as f:
            group = f.create_group("xpcs/qmap")
            group["mask"] = mask
            group["dynamic_roi_map"] = dynamic
            group["static_roi_map"] = static.astype("int32")
            group["dynamic_v_list_dim0"] = [0.01, 0.02, 0.03]
            group["dynamic_v_list_dim1"] = [0.0, 90.0]
            group["dynamic_index_mapping"] = [1, 4]
        self.ok("analyze", "scan.h5", "--quiet", "-o", "result.h5", "--force", "--qmap", "qmap.h5::/xpcs/qmap",
                "--set", "normalisation=boost_corr")
        with h5py.File(self.folder / "result.h5") as f:
            numpy.testing.assert_array_equal(f["xpcs/qmap/dynamic_roi_map"], dynamic * mask)
            numpy.testing.assert_array_equal(f["xpcs/qmap/static_roi_map"], static * mask)
            numpy.testing.assert_allclose(f["xpcs/qmap/dynamic_v_list_dim0"], [0.01, 0.03])
            self.assertEqual(f["entry/scan_region_1/pixels"][()], 62)
        self.refused("no such dataset", "analyze", "scan.h5", "--qmap", "/nowhere")

    def traced(self):
        with h5py.File(self.folder / "scan.h5", "w") as f:
            f["entry/instrument/detector/data"] = self.counts
            f["entry/instrument/detector/frame_time"] = 0.5
            f["entry/instrument/detector/count_time"] = 0.4
            f["entry/start_time"] = "2024-03-01T10:00:00Z"
            log = f.create_group("entry/sample/temperature_log")
            log.attrs["NX_class"] = "NXlog"
            minutes = numpy.arange(0, 60) / 60  # one sample a second, from 5 s before the first frame
            log["time"] = minutes
            log["time"].attrs["units"] = "min"
            log["time"].attrs["start"] = "2024-03-01T10:59:55+01:00"
            log["value"] = 300.0 + numpy.arange(60)
            log["value"].attrs["units"] = "K"
            f["entry/monitor"] = 1000.0 + numpy.arange(FRAMES)
            cell = f.create_group("scan/cell")
            cell["pressure"] = numpy.r_[numpy.arange(0, 10.0), numpy.arange(20.0, 40.0)]
            cell["pressure"].attrs["units"] = "GPa"
            cell["clock"] = numpy.r_[numpy.arange(0, 10.0), numpy.arange(20.0, 40.0)]
            cell.attrs["signal"] = "pressure"
            cell.attrs["axes"] = "clock"
            f["entry/sample/pressure"] = 3.0  # a set point, no trace

    def test_traces_are_aligned_with_the_frames(self):
        self.traced()
        self.ok("analyze", "scan.h5", "--quiet", "-o", "result.h5", "--report", "r.html", "--trace", "pressure=/scan/cell")
        with h5py.File(self.folder / "result.h5") as f:
            traces = f["entry/scan/traces"]
            self.assertEqual(set(traces), {"pressure", "temperature", "incident_intensity"})
            for name in traces:
                numpy.testing.assert_allclose(traces[name]["time"], f["entry/scan/two_time/t1"])
                self.assertEqual(traces[name].attrs["signal"], "value")
            self.assertEqual(traces["temperature/value"].attrs["units"], "K")
            # A sample inside the exposure of even frames, the line for odd ones: T = 305 + t.
            wanted = 305 + 0.5 * numpy.arange(FRAMES) + numpy.where(numpy.arange(FRAMES) % 2 == 0, 0, 0.2)
            numpy.testing.assert_allclose(traces["temperature/value"], wanted)
            numpy.testing.assert_allclose(traces["incident_intensity/value"], 1000 + numpy.arange(FRAMES))
            pressure = traces["pressure/value"][()]
            gap = (0.5 * numpy.arange(FRAMES) > 9) & (0.5 * numpy.arange(FRAMES) < 20)
            numpy.testing.assert_array_equal(numpy.isnan(pressure), gap)
            self.assertEqual(pressure[8], 4.0)
        page = (self.folder / "r.html").read_text()
        self.assertIn("Below it, on its time axis, what was recorded beside the frames", page)
        # A part of the run: the same values at the times that are left.
        self.ok("analyze", "scan.h5", "--quiet", "-o", "part.h5", "--frames", "20:50:2", "--bin-frames", "3")
        with h5py.File(self.folder / "part.h5") as f:
            self.assertEqual(f["entry/scan/traces/incident_intensity/value"].shape, (5,))
            numpy.testing.assert_allclose(f["entry/scan/traces/incident_intensity/value"], 1022 + 6 * numpy.arange(5.0))
            numpy.testing.assert_allclose(f["entry/scan/traces/incident_intensity/time"], 3.0 * numpy.arange(5))

    def test_bad_traces(self):
        self.traced()
        self.refused("write NAME=PATH", "analyze", "scan.h5", "--trace", "/scan/cell")
        self.refused("write NAME=PATH", "analyze", "scan.h5", "--trace", "a b=/scan/cell")
        self.refused("no such dataset or group", "analyze", "scan.h5", "--trace", "p=/nowhere")
        self.refused("the run has 60 frames", "analyze", "scan.h5", "--trace", "p=/scan/cell/clock")
        self.refused("given twice", "analyze", "scan.h5", "--trace", "p=/scan/cell", "--trace", "p=/entry/monitor")
        self.refused("no frame lies within its times", "analyze", "scan.h5", "--trace", "p=/scan/cell", "--frames", "20:40")

    def test_a_synthetic_beam_is_a_trace(self):
        for noisy, expected in (("0.2", True), ("0", False)):
            self.ok("run", "small.toml", "--quiet", "-o", "run.h5", "--force", "--set", f"source.glass.intensity_noise={noisy}")
            with h5py.File(self.folder / "run.h5") as f:
                self.assertEqual("incident_intensity" in f["entry/glass"].get("traces", {}), expected)
                if expected:
                    beam = f["entry/glass/traces/incident_intensity/value"][()]
                    seen = f["entry/frame_mean/value"][()]
                    # 384 pixels of 0.5 counts: the mean of a frame follows the beam.
                    self.assertGreater(numpy.corrcoef(beam, seen)[0, 1], 0.9)


if __name__ == "__main__":
    unittest.main()
