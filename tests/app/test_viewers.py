"""Results open in other programs: NXxpcs, the /xpcs tree of APS viewers, NXdata defaults of silx."""
import unittest

import h5py
import numpy
import silx.io
import silx.io.nxdata

from program import ProgramTest

FRAMES = 90
SHAPE = (12, 20)


def text(value):
    return value.decode() if isinstance(value, bytes) else value


class Viewers(ProgramTest):
    def setUp(self):
        super().setUp()
        rng = numpy.random.default_rng(7)
        self.counts = rng.poisson(0.7, (FRAMES, *SHAPE)).astype("uint16")
        self.region = numpy.zeros(SHAPE, "int32")
        self.region[:, :7] = 1
        self.region[:, 7:13] = 4  # numbered with gaps
        self.region[:, 13:18] = 2
        self.mask = numpy.zeros(SHAPE, "uint8")
        self.mask[3, 2] = self.mask[5, 9] = 1
        self.q = numpy.linspace(0.1, 0.2, SHAPE[1])[None, :] * numpy.ones(SHAPE)
        with h5py.File(self.folder / "scan.h5", "w") as f:
            detector = f.create_group("entry/instrument/detector")
            detector["data"] = self.counts
            detector["frame_time"] = 0.5
            detector["frame_time"].attrs["units"] = "s"
            detector["count_time"] = 0.4
            detector["pixel_mask"] = self.mask
            detector["region"] = self.region
            detector["q"] = self.q
            detector["beam_center_x"] = 31.5
            detector["beam_center_y"] = -4.0
            detector["x_pixel_size"] = 75.0
            detector["x_pixel_size"].attrs["units"] = "um"
            detector["distance"] = 5.2
            detector["distance"].attrs["units"] = "m"
            f["entry/instrument/incident_beam/incident_energy"] = 8.1
            f["entry/instrument/incident_beam/incident_energy"].attrs["units"] = "keV"
            f["entry/start_time"] = "2024-03-01T10:00:00+01:00"

    def analyzed(self, *arguments, data="scan.h5"):
        self.ok("analyze", data, "--quiet", "-o", "result.h5", "--force", *arguments)
        return h5py.File(self.folder / "result.h5", "r")

    def naive_g2(self, frames, pixels, lag):
        x = frames.reshape(len(frames), -1)[:, pixels].astype(float)
        a, b = x[:-lag], x[lag:]
        return len(pixels) * len(a) * (a * b).sum() / (a.sum() * b.sum())

    def used(self, number):
        return numpy.flatnonzero((self.region.ravel() == number) & (self.mask.ravel() == 0))

    def test_every_path_of_the_viewer_its_shape_and_type(self):
        with self.analyzed() as f:
            regions, delays = 3, len(f["xpcs/multitau/delay_list"])
            segments = 5
            i, d = "iu", "f"
            expected = {
                "xpcs/qmap/mask": (SHAPE, i), "xpcs/qmap/dynamic_roi_map": (SHAPE, i), "xpcs/qmap/static_roi_map": (SHAPE, i),
                "xpcs/qmap/dynamic_v_list_dim0": ((regions,), d), "xpcs/qmap/static_v_list_dim0": ((regions,), d),
                "xpcs/qmap/dynamic_v_list_dim1": ((1,), d), "xpcs/qmap/static_v_list_dim1": ((1,), d),
                "xpcs/qmap/dynamic_num_pts": ((2,), i), "xpcs/qmap/static_num_pts": ((2,), i),
                "xpcs/qmap/dynamic_index_mapping": ((regions,), i), "xpcs/qmap/static_index_mapping": ((regions,), i),
                "xpcs/qmap/map_names": ((2,), "O"), "xpcs/qmap/map_units": ((2,), "O"),
                "xpcs/qmap/beam_center_x": ((), d), "xpcs/qmap/beam_center_y": ((), d),
                "xpcs/qmap/pixel_size": ((), d), "xpcs/qmap/detector_distance": ((), d),
                "entry/start_time": ((), "O"), "entry/instrument/detector_1/frame_time": ((), d),
                "entry/instrument/detector_1/count_time": ((), d),
                "entry/instrument/incident_beam/incident_energy": ((), d),
                "xpcs/spatial_mean/intensity_vs_time": ((2, FRAMES), d),
                "xpcs/temporal_mean/scattering_1d": ((regions,), d),
                "xpcs/temporal_mean/scattering_1d_segments": ((segments, regions), d),
                "xpcs/temporal_mean/scattering_2d": (SHAPE, d),
                "xpcs/multitau/delay_list": ((delays,), i), "xpcs/multitau/normalized_g2": ((delays, regions), d),
                "xpcs/multitau/normalized_g2_err": ((delays, regions), d),
                "xpcs/multitau/config/stride_frame": ((), i), "xpcs/multitau/config/avg_frame": ((), i),
                "xpcs/multitau/normalized_g2_partial": ((segments, delays, regions), d),
                "xpcs/multitau/normalized_g2_partial_err": ((segments, delays, regions), d),
                "xpcs/multitau/normalized_g2_partial_labels": ((segments,), "O"),
                "xpcs/twotime/processed_bins": ((regions,), i), "xpcs/twotime/normalized_g2": ((FRAMES, regions), d),
                "xpcs/twotime/normalized_g2_segments": ((FRAMES // segments, segments, regions), d),
                "xpcs/twotime/config/stride_frame": ((), i), "xpcs/twotime/config/avg_frame": ((), i),
            }
            for k in range(regions):
                expected[f"xpcs/twotime/correlation_map/c2_{k + 1:05d}"] = ((FRAMES, FRAMES), d)
            for path, (shape, kind) in expected.items():
                self.assertIn(path, f)
                self.assertEqual(f[path].shape, shape, path)
                self.assertIn(f[path].dtype.kind, kind, path)
            self.assertEqual(list(f["xpcs/twotime/correlation_map"]), [f"c2_{k + 1:05d}" for k in range(regions)])
            self.assertEqual(len(text(f["xpcs/qmap"].attrs["hash"])), 64)

    def test_values_of_the_tree(self):
        with self.analyzed() as f:
            qmap, tau, twotime = f["xpcs/qmap"], f["xpcs/multitau"], f["xpcs/twotime"]
            # Regions 1, 2, 4 become 1, 2, 3; masked pixels belong to none.
            numbered = numpy.choose(self.region, [0, 1, 2, 0, 3]) * (self.mask == 0)
            numpy.testing.assert_array_equal(qmap["dynamic_roi_map"], numbered)
            numpy.testing.assert_array_equal(f["entry/region_numbers"], [1, 2, 4])
            numpy.testing.assert_array_equal(qmap["mask"], self.mask == 0)
            numpy.testing.assert_allclose(qmap["dynamic_v_list_dim0"],
                                          [self.q.ravel()[self.used(r)].mean() for r in (1, 2, 4)])
            self.assertEqual([text(x) for x in qmap["map_names"]], ["q", "phi"])
            self.assertEqual((qmap["beam_center_x"][()], qmap["beam_center_y"][()]), (31.5, -4.0))
            self.assertAlmostEqual(qmap["pixel_size"][()], 75e-6, 15)
            self.assertAlmostEqual(qmap["detector_distance"][()], 5.2)
            self.assertAlmostEqual(f["entry/instrument/incident_beam/incident_energy"][()], 8.1)
            self.assertEqual(text(f["entry/start_time"][()]), "2024-03-01T10:00:00+01:00")
            self.assertEqual(f["entry/instrument/detector_1/count_time"][()], 0.4)
            good = self.mask == 0
            trace = f["xpcs/spatial_mean/intensity_vs_time"][()]
            numpy.testing.assert_allclose(trace[0], 0.5 * numpy.arange(FRAMES))
            numpy.testing.assert_allclose(trace[1], self.counts[:, good].mean(1))
            numpy.testing.assert_allclose(f["xpcs/temporal_mean/scattering_2d"], self.counts.mean(0) * good)
            means = [self.counts.reshape(FRAMES, -1)[:, self.used(r)].mean() for r in (1, 2, 4)]
            numpy.testing.assert_allclose(f["xpcs/temporal_mean/scattering_1d"], means)
            part = [self.counts[36:54].reshape(18, -1)[:, self.used(r)].mean() for r in (1, 2, 4)]
            numpy.testing.assert_allclose(f["xpcs/temporal_mean/scattering_1d_segments"][2], part)
            # Multi-tau of the first level, whole and by segment.
            numpy.testing.assert_array_equal(tau["delay_list"][:17], [*range(1, 17), 18])
            for column, number in enumerate((1, 2, 4)):
                for lag in (1, 5, 16):
                    self.assertAlmostEqual(tau["normalized_g2"][lag - 1, column],
                                           self.naive_g2(self.counts, self.used(number), lag), 12)
                    self.assertAlmostEqual(tau["normalized_g2_partial"][3, lag - 1, column],
                                           self.naive_g2(self.counts[54:72], self.used(number), lag), 12)
            self.assertTrue(numpy.isnan(tau["normalized_g2_partial"][3, 20]).all())  # longer than the segment
            self.assertTrue((tau["normalized_g2_err"][:20] > 0).all())
            self.assertEqual(text(tau["normalized_g2_partial_labels"][3]), "frames 54 to 71")
            # Two-time: upper triangle with the diagonal, and means along its diagonals.
            whole = f["entry/scan_region_4/two_time/correlation"][()]
            numpy.testing.assert_array_equal(twotime["correlation_map/c2_00003"], numpy.triu(whole))
            self.assertTrue(numpy.isnan(twotime["normalized_g2"][0]).all())
            self.assertAlmostEqual(twotime["normalized_g2"][7, 2], numpy.diagonal(whole, 7).mean(), 12)
            self.assertAlmostEqual(twotime["normalized_g2_segments"][7, 1, 2],
                                   numpy.diagonal(whole[18:36, 18:36], 7).mean(), 12)
            for group in (tau, twotime):
                self.assertEqual((group["config/stride_frame"][()], group["config/avg_frame"][()]), (1, 1))

    def test_the_same_layout_is_the_same_object(self):
        with self.analyzed() as f:
            for a, b in (("multitau/normalized_g2", "data/g2"), ("multitau/normalized_g2_err", "data/g2_derr"),
                         ("multitau/delay_list", "data/delay_difference"), ("qmap/mask", "instrument/masks/mask"),
                         ("qmap/dynamic_roi_map", "instrument/masks/dynamic_roi_map"),
                         ("qmap/static_roi_map", "instrument/masks/static_roi_map"),
                         ("qmap/dynamic_v_list_dim0", "instrument/masks/dynamic_q_list"),
                         ("qmap/beam_center_x", "instrument/detector_1/beam_center_x"),
                         ("qmap/pixel_size", "instrument/detector_1/x_pixel_size"),
                         ("qmap/detector_distance", "instrument/detector_1/distance"),
                         ("temporal_mean/scattering_2d", "image/mean"), ("multitau/normalized_g2_partial", "segments/g2"),
                         ("twotime/normalized_g2", "twotime/g2_from_two_time_corr_func")):
                self.assertEqual(f["xpcs/" + a], f["entry/" + b], a)  # h5py: equal = one object
            self.assertNotEqual(f["xpcs/qmap/mask"], f["entry/instrument/masks/dynamic_roi_map"])
            for path in ("entry/twotime/two_time_corr_func", "xpcs/twotime/correlation_map/c2_00001",
                         "xpcs/spatial_mean/intensity_vs_time"):
                self.assertTrue(f[path].is_virtual, path)
                self.assertEqual({s.file_name for s in f[path].virtual_sources()}, {"."})

    def test_conforms_to_nxxpcs(self):
        with self.analyzed() as f:
            entry = f["entry"]
            self.assertEqual(entry.attrs["NX_class"], "NXentry")
            self.assertEqual(text(entry["definition"][()]), "NXxpcs")
            self.assertEqual(text(entry["entry_identifier"][()]), "scan")
            self.assertEqual(entry["scan_number"].dtype.kind, "i")
            classes = {"data": "NXdata", "twotime": "NXdata", "instrument": "NXinstrument", "instrument/masks": "NXnote",
                       "instrument/incident_beam": "NXbeam", "instrument/detector_1": "NXdetector"}
            for path, name in classes.items():
                self.assertEqual(entry[path].attrs["NX_class"], name)
            self.assertIn("NXprocess", [f[k].attrs.get("NX_class") for k in f])  # outside the entry
            for name in ("g2", "g2_derr", "delay_difference"):
                self.assertEqual(entry["data"][name].attrs["storage_mode"], "one_array")
            self.assertEqual(entry["data/delay_difference"].dtype.kind, "i")
            for name in ("count_time", "frame_time", "beam_center_x", "beam_center_y", "distance", "x_pixel_size"):
                self.assertIn("units", entry["instrument/detector_1"][name].attrs, name)
            self.assertEqual(entry["instrument/masks/dynamic_roi_map"].attrs["units"], "au")
            maps = entry["twotime/two_time_corr_func"]
            self.assertEqual(maps.shape, (3, FRAMES, FRAMES))
            self.assertEqual((maps.attrs["storage_mode"], maps.attrs["baseline_reference"], maps.attrs["time_origin_location"],
                              maps.attrs["populated_elements"]), ("one_array_q_first", 1, "upper_left", "all"))
            numpy.testing.assert_array_equal(maps[1], entry["scan_region_2/two_time/correlation"])

    def test_silx_finds_something_to_plot_everywhere(self):
        self.analyzed().close()
        with silx.io.open(str(self.folder / "result.h5")) as f:
            default = silx.io.nxdata.get_default(f)
            self.assertIsNotNone(default)
            self.assertTrue(default.is_valid)
            self.assertEqual(default.signal.shape, (FRAMES - 1,))
            found = []

            def visit(name, node):
                if dict(node.attrs).get("NX_class") in ("NXdata", b"NXdata"):
                    data = silx.io.nxdata.NXdata(node)
                    self.assertTrue(data.is_valid, f"{name}: {data.issues}")
                    found.append(name)

            f.visititems(visit)
            for name in ("data", "twotime", "frame_mean", "image", "scan_region_1/two_time", "scan_region_1/g2"):
                self.assertIn("entry/" + name, found)
            g2 = silx.io.nxdata.NXdata(f["entry/data"])
            self.assertEqual(g2.errors.shape, g2.signal.shape)
            self.assertEqual(g2.axes_dataset_names, ["delay_difference", "region"])

    def test_several_data_sets_and_export(self):
        self.ok("run", "small.toml", "--quiet")
        with h5py.File(self.folder / "small.h5") as f:
            self.assertEqual([text(f[e]["entry_identifier"][()]) for e in ("entry", "entry_2", "entry_3")],
                             ["glass", "wells_1", "wells_2"])
            self.assertEqual({text(f[e]["definition"][()]) for e in ("entry", "entry_2", "entry_3")}, {"NXxpcs"})
            numpy.testing.assert_array_equal(f["entry_3/twotime/two_time_corr_func"][0],
                                             f["entry/wells_2/two_time/correlation"])
            self.assertEqual(f["xpcs/multitau/normalized_g2"], f["entry/data/g2"])
            third = f["entry_3/data/g2"][()]
            fit = f["entry/wells_2/fit/y"][()]
        self.refused("has no data set 'wells'", "export", "small.h5", "--data-set", "wells", "-o", "one.h5")
        self.refused("it holds glass, wells_1, wells_2", "export", "small.h5", "--data-set", "x", "-o", "one.h5")
        self.ok("export", "small.h5", "--data-set", "wells_2", "-o", "one.h5")
        with h5py.File(self.folder / "one.h5") as f:
            numpy.testing.assert_array_equal(f["xpcs/multitau/normalized_g2"], third)
            numpy.testing.assert_array_equal(f["entry/wells_2/fit/y"], fit)
            self.assertNotIn("glass", f["entry"])
            self.assertNotIn("entry_2", f)
        self.assertIn("the same", self.ok("check", "one.h5"))

    def test_what_is_not_known_says_so(self):
        with h5py.File(self.folder / "bare.h5", "w") as f:
            f["entry/instrument/detector/data"] = self.counts
        with self.analyzed(data="bare.h5") as f:
            for path in ("qmap/pixel_size", "qmap/detector_distance", "qmap/beam_center_x"):
                self.assertIn("not known", f["xpcs/" + path].attrs["note"])
            self.assertIn("not known", f["entry/instrument/incident_beam/incident_energy"].attrs["note"])
            self.assertIn("not known", f["entry/start_time"].attrs["note"])
            self.assertEqual(f["entry/instrument/detector_1/frame_time"].attrs["units"], "frames")
            self.assertEqual(text(f["xpcs/qmap/map_names"][0]), "region")

    def test_a_map_has_no_frames_to_view(self):
        with self.analyzed() as f:
            self.assertIn("xpcs", f)
        (self.folder / "result.h5").rename(self.folder / "maps.h5")
        with self.analyzed("--dataset", "/entry/scan_region_1/two_time", data="maps.h5") as f:
            self.assertNotIn("xpcs", f)
            self.assertNotIn("definition", f["entry"])

    def test_a_file_called_data_does_not_hide_the_data_group(self):
        (self.folder / "scan.h5").rename(self.folder / "data.h5")
        with self.analyzed(data="data.h5") as f:
            self.assertIn("entry/data_file_region_1/g2", f)
            self.assertIn("entry/data/g2", f)
        self.refused("a name that result files use", "run", "small.toml", "--set", 'source.instrument.kind="speckle"',
                     "--set", 'source.instrument.tau="3 s"')


if __name__ == "__main__":
    unittest.main()
