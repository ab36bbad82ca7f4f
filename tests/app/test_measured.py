"""Measured files as they are found: lost frames, missing parts, parts that do not fit, maps with holes."""
import csv
import json
import unittest

import h5py
import numpy

from program import ProgramTest

DETECTOR = "entry/instrument/detector"
MAP = 60


class Measured(ProgramTest):
    def setUp(self):
        super().setUp()
        self.random = numpy.random.default_rng(11)

    def g2(self, name, *settings):
        """g2 by lag, and the notes."""
        options = [word for setting in settings for word in ("--set", setting)]
        found = json.loads(self.ok("estimate", "g2", name, "--json", *options))
        rows = [row for row in found["estimates"] if row["quantity"].startswith("g2")]
        values = [numpy.nan if row["value"] is None else row["value"] for row in rows]
        return numpy.array(values), " ".join(found.get("notes", [])), rows

    def no_g2(self, part, name, *settings):
        options = [word for setting in settings for word in ("--set", setting)]
        return self.refused(part, "estimate", "g2", name, *options)

    @staticmethod
    def naive_map(counts, used=None):
        x = counts.reshape(len(counts), -1).astype(float)
        if used is not None:
            x = x[:, numpy.ravel(used)]
        with numpy.errstate(invalid="ignore", divide="ignore"):
            return x.shape[1] * (x @ x.T) / numpy.outer(x.sum(1), x.sum(1))

    @staticmethod
    def naive_g2(c):
        return numpy.array([numpy.nanmean(numpy.diagonal(c, lag)) for lag in range(1, len(c))])

    def same(self, got, c):
        numpy.testing.assert_allclose(got, self.naive_g2(c), rtol=1e-12)


class Maps(Measured):
    def setUp(self):
        super().setUp()
        lag = numpy.abs(numpy.subtract.outer(numpy.arange(MAP), numpy.arange(MAP)))
        noise = self.random.normal(0, 0.01, (MAP, MAP))
        self.c = 1 + 0.2 * numpy.exp(-lag / 6) + numpy.triu(noise, 1) + numpy.triu(noise, 1).T

    def map(self, c, times="even", unit="s", second=None, name="map.h5"):
        with h5py.File(self.folder / name, "w") as f:
            f.attrs["default"] = "entry"
            f.create_group("entry").attrs["default"] = "map"
            group = f.create_group("entry/map")
            group.attrs["signal"] = "c"
            group["c"] = c
            if times is None:
                return
            group.attrs["axes"] = ["t1", "t2"]
            axis = 0.25 * numpy.arange(len(c)) if isinstance(times, str) else times
            group["t1"] = axis
            group["t2"] = axis if second is None else second
            if unit:
                group["t1"].attrs["units"] = group["t2"].attrs["units"] = unit

    def test_any_half_and_any_fill_of_the_other(self):
        upper = numpy.triu(numpy.ones((MAP, MAP), bool))
        for fill in (0, numpy.nan, -1):
            for kept in (upper, upper.T):
                self.map(numpy.where(kept, self.c, fill))
                got, note, _ = self.g2("map.h5")
                self.same(got, self.c)
                self.assertEqual(note, "")
        self.map(self.c.astype("float32"))
        numpy.testing.assert_allclose(self.g2("map.h5")[0], self.naive_g2(self.c), rtol=1e-6)
        self.map(self.c, 250 * numpy.arange(MAP), "ms")
        _, _, rows = self.g2("map.h5")
        self.assertEqual(rows[0]["abscissa"]["lag"], {"value": 0.25, "unit": "s", "index": 1})

    def test_rows_that_hold_nothing_are_lost_frames(self):
        for fill in (numpy.nan, 0, -1):
            c = self.c.copy()
            for frame in (7, 31):
                c[frame, :] = c[:, frame] = fill
            truth = numpy.where((c == 0) | (c == -1), numpy.nan, c)
            self.map(c)
            got, note, _ = self.g2("map.h5")
            self.same(got, truth)
            self.assertIn("2 of 60 frames are lost", note)
            self.assertIn("7, 31", note)
            self.map(numpy.where(numpy.triu(numpy.ones_like(c)) > 0, c, 0))
            self.same(self.g2("map.h5")[0], truth)

    def test_rows_of_zeros_of_few_photons_are_data(self):
        counts = self.random.poisson(0.004, (MAP, 400))
        counts[numpy.arange(MAP), self.random.integers(0, 400, MAP)] += 1
        c = self.naive_map(counts)
        off = c + numpy.diag(numpy.full(MAP, numpy.nan))
        rows = numpy.nanmax(off, axis=1) == 0
        self.assertGreater(rows.sum(), 0)
        self.map(c)
        got, note, _ = self.g2("map.h5")
        self.same(got, c)
        self.assertEqual(note, "")

    def test_bad_frames_of_a_map(self):
        c = self.c.copy()
        c[12, 3] = c[3, 12] = numpy.nan
        self.map(c)
        self.no_g2("--set bad_frames=3", "map.h5")
        self.refused("--bad-frames 3", "analyze", "map.h5")
        truth = self.c.copy()
        for frame in (12, 50, 51):
            truth[frame, :] = truth[:, frame] = numpy.nan
        got, note, _ = self.g2("map.h5", "bad_frames=12,50:52")
        self.same(got, truth)
        self.assertIn("3 of 60 frames are left out as bad", note)
        self.no_g2("the run has 60 frames", "map.h5", "bad_frames=60")

    def test_times_must_be_even(self):
        even = 0.25 * numpy.arange(MAP)
        gap = even + 50 * (numpy.arange(MAP) >= 40)
        uneven = numpy.concatenate([[0], numpy.cumsum(numpy.tile([0.1, 0.4], MAP))])[:MAP]
        drift = numpy.cumsum(0.25 * (1 + 0.004 * numpy.arange(MAP)))
        dropped = numpy.delete(0.25 * numpy.arange(MAP + 1), 20)
        for times in (gap, uneven, drift, dropped):
            for unit in ("s", ""):
                self.map(self.c, times, unit)
                self.no_g2("is not equally spaced", "map.h5")
        for times in (even[::-1], numpy.zeros(MAP), numpy.repeat(even[: MAP // 2], 2)):
            self.map(self.c, times)
            self.no_g2("does not increase", "map.h5")
        holed = even.copy()
        holed[5] = numpy.nan
        self.map(self.c, holed)
        self.no_g2("no time of frame 5", "map.h5")
        self.map(self.c, numpy.arange(MAP - 1))
        self.no_g2("has 59 times, the map has 60 frames", "map.h5")
        self.map(self.c, even, second=even + 20)
        self.no_g2("the same frames along both", "map.h5")
        self.map(self.c, even, "furlongs")
        self.no_g2("furlongs", "map.h5")
        # What rounding and clocks do is even.
        for times in ((1e3 + even).astype("float32"), numpy.round(even, 3) + self.random.normal(0, 0.002, MAP)):
            self.map(self.c, times)
            self.same(self.g2("map.h5")[0], self.c)
        self.map(self.c, numpy.round(2.5 * numpy.arange(MAP)).astype(int), "ms")
        self.same(self.g2("map.h5")[0], self.c)
        self.map(self.c, numpy.delete(numpy.arange(MAP + 1), 20), "ms")
        self.no_g2("is not equally spaced", "map.h5")
        self.map(self.c, gap)
        message = self.no_g2("--set frames=0:40", "map.h5")
        self.assertIn('--set frame_time="SECONDS s"', message)
        self.assertIn("--frames 0:40", self.refused("--frame-time SECONDS", "analyze", "map.h5"))
        self.same(self.g2("map.h5", "frames=0:40")[0], self.c[:40, :40])
        self.same(self.g2("map.h5", 'frame_time="0.25 s"')[0], self.c)
        self.map(self.c, uneven)
        _, _, rows = self.g2("map.h5", "frames=::2")
        self.assertAlmostEqual(rows[0]["abscissa"]["lag"]["value"], 0.5)

    def test_maps_without_times(self):
        self.map(self.c, None)
        _, _, rows = self.g2("map.h5")
        self.assertEqual(rows[0]["abscissa"]["lag"]["unit"], "frames")
        self.map(self.c, unit="")
        self.assertIn("no unit of time", self.g2("map.h5")[1])

    def test_halves_that_differ_are_said(self):
        c = self.c + numpy.tril(self.random.normal(0, 0.05, (MAP, MAP)), -1)
        self.map(c)
        got, note, _ = self.g2("map.h5")
        self.same(got, (c + c.T) / 2)
        self.assertIn("halves of the map differ", note)
        self.assertIn("# The two halves", self.text_of("map.h5"))
        self.assertIn("note: The two halves", self.ok("estimate", "g2", "map.h5"))

    def text_of(self, name):
        self.ok("estimate", "g2", name, "-o", "out.csv", "--force")
        return (self.folder / "out.csv").read_text()

    def test_a_map_of_another_quantity(self):
        self.map(numpy.maximum(self.c - 1, 0.001))
        self.no_g2("to a map of C - 1 add 1", "map.h5")
        self.map(self.c - 1)
        self.no_g2("to a map of C - 1 add 1", "map.h5")


class FrameFiles(Measured):
    def setUp(self):
        super().setUp()
        self.counts = self.random.poisson(2.0, (40, 5, 8)).astype("uint16")

    def frames(self, name="scan.h5", counts=None, **extra):
        with h5py.File(self.folder / name, "w") as f:
            f[DETECTOR + "/data"] = self.counts if counts is None else counts
            for where, value in extra.items():
                place = where.replace("__", "/")
                f[place if place.startswith("entry") else f"{DETECTOR}/{place}"] = value

    def with_lost(self, *frames):
        c = self.naive_map(self.counts)
        for frame in frames:
            c[frame, :] = c[:, frame] = numpy.nan
        return c


class Frames(FrameFiles):
    def test_frames_that_hold_nothing(self):
        values = self.counts.astype("float32")
        values[[4, 17]] = numpy.nan
        self.frames(counts=values)
        got, note, _ = self.g2("scan.h5")
        self.same(got, self.with_lost(4, 17))
        self.assertIn("2 of 40 frames are lost", note)
        marked = self.counts.copy()
        marked[[4, 17]] = 65535
        self.frames(counts=marked)
        self.same(self.g2("scan.h5")[0], self.with_lost(4, 17))
        values[9, 2, 3] = numpy.nan
        self.frames(counts=values)
        message = self.no_g2("--set bad_frames=9", "scan.h5")
        self.assertIn("--set mask=PATH", message)
        self.assertIn("--mask PATH", self.refused("--bad-frames 9", "analyze", "scan.h5"))
        self.same(self.g2("scan.h5", "bad_frames=9")[0], self.with_lost(4, 9, 17))

    def test_a_count_that_is_not_finite_is_refused(self):
        for bad in (numpy.nan, numpy.inf, -numpy.inf):
            values = self.counts.astype("float32")
            values[9, 2, 3] = bad
            self.frames(counts=values)
            self.assertIn(f"holds {bad} at frame 9, row 2, column 3", self.no_g2("--set bad_frames=9", "scan.h5"))
            self.same(self.g2("scan.h5", "bad_frames=9")[0], self.with_lost(9))
        # Above a saturation that the file states it is a mark like any other.
        values[9, 2, 3] = numpy.inf
        self.frames(counts=values, saturation_value=1e6)
        self.g2("scan.h5")

    def test_frames_that_the_file_names_lost(self):
        self.frames(lost_frames=[4, 17])
        got, note, _ = self.g2("scan.h5")
        self.same(got, self.with_lost(4, 17))
        self.assertIn("2 of 40 frames are lost (named lost", note)
        self.same(self.g2("scan.h5", "bad_frames=9")[0], self.with_lost(4, 9, 17))
        for wrong, said in (([4, 40], "names frame 40; there are 40"), ([-1], "names frame -1"),
                            ([1.5], "whole numbers are wanted")):
            self.frames(lost_frames=wrong)
            self.no_g2(said, "scan.h5")

    def test_frames_that_a_generator_lost(self):
        """Photon statistics cannot tell them from empty ones: they take what the file says."""
        for few in ("mean_count = 2", "mean_count = 0.02"):
            scenario = self.write("lost.toml", f"""[source.glass]
kind = "speckle"
tau = "6 s"
frames = 60
rows = 16
columns = 24
lost_frames = 0.3
{few}
""")
            self.ok("generate", scenario, "--quiet", "--force", "-o", "lost.h5")
            with h5py.File(self.folder / "lost.h5", "r+") as f:
                lost = f["entry/instrument/detector/lost_frames"][()]
                self.assertEqual(len(lost), 18)
            named = json.loads(self.ok("estimate", "contrast", "lost.h5", "--json"))["estimates"]
            with h5py.File(self.folder / "lost.h5", "r+") as f:
                del f["entry/instrument/detector/lost_frames"]
            frames = ",".join(map(str, lost))
            by_hand = json.loads(self.ok("estimate", "contrast", "lost.h5", "--set", f"bad_frames={frames}", "--json"))
            self.assertEqual(named, by_hand["estimates"])
            as_zeros = json.loads(self.ok("estimate", "contrast", "lost.h5", "--json"))["estimates"]
            self.assertNotEqual(named, as_zeros)

    def test_bad_frames(self):
        self.frames()
        c = self.with_lost(3, 20, 21, 22)
        self.same(self.g2("scan.h5", "bad_frames=3,20:23")[0], c)
        self.same(self.g2("scan.h5", "bad_frames=[3, 20, 21, 22]")[0], c)
        self.same(self.g2("scan.h5", "bad_frames=3")[0], self.with_lost(3))
        # Numbers are those of the file, whatever else is chosen; frames added to a bad one are lost with it.
        self.same(self.g2("scan.h5", "bad_frames=3,20:23", "frames=2:38:2")[0], c[2:38:2, 2:38:2])
        added = self.naive_map(self.counts.reshape(20, 2, 5, 8).sum(1))
        added[[1, 10, 11], :] = added[:, [1, 10, 11]] = numpy.nan
        self.same(self.g2("scan.h5", "bad_frames=3,20:23", "bin_frames=2")[0], added)
        self.ok("analyze", "scan.h5", "--bad-frames", "3,20:23", "-o", "result.h5")
        with h5py.File(self.folder / "result.h5") as f:
            got = f["entry/scan/two_time/correlation"][()]
            numpy.testing.assert_allclose(got, c, rtol=1e-12)
            self.assertIn('bad_frames = "3,20:23"', f["entry/scenario"][()].decode())
        for text in ("x", "5:5", "7:3", "1:2:3", "-1", ""):
            self.refused("names no frames" if text else "", "analyze", "scan.h5", f"--bad-frames={text or ','}")
        self.refused("--bad-frames names frame 40, the run has 40 frames", "analyze", "scan.h5", "--bad-frames", "40")
        self.no_g2("38 of 40 frames are lost", "scan.h5", "bad_frames=0:38")

    def test_events_of_bad_frames(self):
        few = self.random.poisson(0.3, (40, 40))
        few[:, 0] += 1
        frame, pixel = numpy.nonzero(few)
        with h5py.File(self.folder / "events.h5", "w") as f:
            group = f.create_group("entry/sparse_frames")
            group["frame_ptr"] = numpy.concatenate([[0], numpy.cumsum(numpy.bincount(frame, minlength=40))])
            group["index"] = pixel.astype("uint32")
            group["intensity"] = few[frame, pixel].astype("uint16")
            group["mask"] = numpy.zeros((5, 8), "uint8")
        c = self.naive_map(few)
        c[[5, 30], :] = c[:, [5, 30]] = numpy.nan
        self.same(self.g2("events.h5", "bad_frames=5,30")[0], c)

    def test_masks_of_any_form_but_in_shape(self):
        mask = numpy.zeros((5, 8))
        mask[1, 2:5] = 1
        truth = self.naive_map(self.counts, mask == 0)
        self.frames()
        forms = {"bool": mask.astype(bool), "float": numpy.where(mask, numpy.nan, 0), "flat": mask.ravel(),
                 "bits": (mask * 2**30).astype("uint32"), "one": mask[None]}
        with h5py.File(self.folder / "mask.h5", "w") as f:
            for name, values in forms.items():
                f[name] = values
            f["T"] = mask.T
            f["big"] = numpy.zeros((6, 8))
            f["each"] = numpy.broadcast_to(mask, (40, 5, 8))
            f["all"] = numpy.ones((5, 8))
            f["inverted"] = 1 - mask
            f["region"] = numpy.ones((8, 5), "int32")
            f["q"] = numpy.ones((8, 5))
        for name in forms:
            got, note, _ = self.g2("scan.h5", f"mask=mask.h5::/{name}")
            self.same(got, truth)
            self.assertEqual(note, "")
        self.no_g2("has the shape 8 x 5, the detector has 5 x 8 pixels; it is transposed", "scan.h5", "mask=mask.h5::/T")
        self.no_g2("has the shape 6 x 8", "scan.h5", "mask=mask.h5::/big")
        self.no_g2("one map for all frames", "scan.h5", "mask=mask.h5::/each")
        self.no_g2("is it the wrong way round?", "scan.h5", "mask=mask.h5::/all")
        self.assertIn("leaves 3 of 40 pixels", self.g2("scan.h5", "mask=mask.h5::/inverted")[1])
        self.no_g2("the region map has the shape 8 x 5", "scan.h5", "regions=mask.h5::/region")
        self.no_g2("q has the shape 8 x 5", "scan.h5", "qmap=mask.h5::/q")

    def test_what_the_detector_says_of_saturated_pixels(self):
        hot = self.counts.astype("uint32")
        hot[10, 2, 2] = 65535
        used = numpy.ones((5, 8), bool)
        used[2, 2] = False
        truth = self.naive_map(self.counts, used)
        for extra in ({"bit_depth_readout": 16}, {"detectorSpecific__bit_depth_image": 16},
                      {"saturation_value": 60000}, {"saturation_value": 65535.0},
                      {"detectorSpecific__countrate_correction_count_cutoff": 50000}):
            self.frames(counts=hot, **extra)
            self.same(self.g2("scan.h5")[0], truth)
        self.frames(counts=hot.astype(float), saturation_value=1000)
        self.same(self.g2("scan.h5")[0], truth)
        self.frames(bit_depth_readout=1)  # one bit, frames are sums
        self.same(self.g2("scan.h5")[0], self.naive_map(self.counts))

    def test_times_of_the_frames(self):
        times = 0.5 * numpy.arange(40)
        self.frames(time=times)
        _, _, rows = self.g2("scan.h5")
        self.assertAlmostEqual(rows[0]["abscissa"]["lag"]["value"], 0.5)
        late = times + 30 * (numpy.arange(40) >= 25)
        for name in ("time", "timestamp", "start_time"):
            self.frames(frame_time=0.5, **{name: late})
            self.assertIn("--set frames=0:25", self.no_g2("is not equally spaced", "scan.h5"))
        self.same(self.g2("scan.h5", "frames=0:25")[0], self.naive_map(self.counts[:25]))
        self.same(self.g2("scan.h5", 'frame_time="0.5 s"')[0], self.naive_map(self.counts))
        self.frames(frame_time=0.1, time=times)
        self.no_g2("0.1 s, the times of the frames are 0.5 s apart", "scan.h5")
        holed = times.copy()
        holed[8] = numpy.nan
        self.frames(time=holed)
        self.no_g2("--set bad_frames=8", "scan.h5")
        self.same(self.g2("scan.h5", "bad_frames=8")[0], self.with_lost(8))
        self.frames(frame_time=numpy.full(40, 0.5))
        self.assertEqual(self.g2("scan.h5")[2][0]["abscissa"]["lag"]["value"], 0.5)
        self.frames(frame_time=numpy.linspace(0.4, 0.6, 40))
        self.no_g2("holds 40 frame times from 0.4 to 0.6", "scan.h5")

    def test_a_region_of_one_pixel_measures_nothing(self):
        region = numpy.ones((5, 8), "int32")
        region[3, 3] = 2
        self.frames(region=region)
        _, _, rows = self.g2("scan.h5")
        alone = [row for row in rows if row["abscissa"]["region"]["index"] == 2]
        self.assertEqual(len(alone), 39)
        self.assertEqual({row["status"] for row in alone}, {"no_data"})
        self.assertEqual({row["value"] for row in alone}, {None})
        self.assertEqual({row["status"] for row in rows if row not in alone}, {"ok"})
        for memory in ("1 GB", "0 B"):
            self.ok("analyze", "scan.h5", "-o", "result.h5", "--force", "--quiet", "--map-memory", memory)
            with h5py.File(self.folder / "result.h5") as f:
                self.assertTrue(numpy.isnan(f["entry/scan_region_2/two_time/correlation"][()]).all())

    def test_regions_of_one_q_are_told_apart(self):
        region = numpy.ones((5, 8), "int32")
        region[:, 4:] = 2
        self.frames(region=region, q=numpy.full((5, 8), 0.1))
        self.ok("estimate", "g2", "scan.h5", "-o", "out.csv")
        with open(self.folder / "out.csv") as f:
            places = [row["place"] for row in csv.DictReader(f, skipinitialspace=True)]
        self.assertEqual(len(set(places)), 2 * 39)
        self.assertIn("region 2 (q = 0.1 1/angstrom)", places[-1])
        self.assertIn("region 1 (q = 0.1", self.ok("estimate", "g2", "scan.h5"))
        self.ok("analyze", "scan.h5", "-o", "result.h5", "--report", "result.html")
        page = (self.folder / "result.html").read_text()
        self.assertIn("region 1, ", page)
        self.assertIn("region 2, ", page)


class Runs(FrameFiles):
    """Frames in several datasets and files."""

    def parts(self, name, numbers, there=(1, 2, 3), **extra):
        for number in there:
            with h5py.File(self.folder / f"scan_data_{number:06d}.h5", "w") as f:
                f["entry/data/data"] = self.counts[10 * (number - 1): 10 * number]
        with h5py.File(self.folder / name, "w") as f:
            group = f.create_group("entry/data")
            for number in numbers:
                group[f"data_{number:06d}"] = h5py.ExternalLink(f"scan_data_{number:06d}.h5", "/entry/data/data")
            for where, value in extra.items():
                f[where.replace("__", "/")] = value

    def test_numbered_parts(self):
        self.parts("two.h5", (1, 2))
        self.same(self.g2("two.h5")[0], self.naive_map(self.counts[:20]))
        self.parts("scan.h5", (1, 2, 3, 4))
        message = self.no_g2("scan_data_000004.h5", "scan.h5")
        self.assertIn("--set frames=0:30", message)
        self.assertIn("--frames 0:30", self.refused("scan_data_000004.h5", "analyze", "scan.h5"))
        got, note, _ = self.g2("scan.h5", "frames=0:30")
        self.same(got, self.naive_map(self.counts[:30]))
        self.assertIn("the 30 frames before it are there", note)
        self.same(self.g2("scan.h5", "frames=5:25")[0], self.naive_map(self.counts[5:25]))
        self.no_g2("scan_data_000004.h5", "scan.h5", "frames=0:31")
        self.no_g2("scan_data_000004.h5", "scan.h5", "frames=20:")
        self.parts("gap.h5", (1, 3))
        self.assertIn("--set frames=0:10", self.no_g2("data_000002 is not there", "gap.h5"))
        self.same(self.g2("gap.h5", "frames=0:10")[0], self.naive_map(self.counts[:10]))
        self.parts("late.h5", (2, 3))
        self.no_g2("data_000001 is not there", "late.h5")
        self.same(self.g2("late.h5", "dataset=/entry/data/data_000002")[0], self.naive_map(self.counts[10:20]))

    def test_announced_and_numbered_images(self):
        specific = "entry__instrument__detector__detectorSpecific__"
        self.parts("two.h5", (1, 2), **{specific + "nimages": 40, specific + "ntrigger": 1})
        self.assertIn("announce 40 frames, 20 are there", self.g2("two.h5")[1])
        self.parts("two.h5", (1, 2))
        for number, low in ((1, 1), (2, 21)):
            with h5py.File(self.folder / f"scan_data_{number:06d}.h5", "r+") as f:
                f["entry/data/data"].attrs["image_nr_low"] = low
                f["entry/data/data"].attrs["image_nr_high"] = low + 9
        self.no_g2("begins with image 21, the part before it ends with 10", "two.h5")

    def test_linked_files_of_several_pressures(self):
        self.parts("scan.h5", (1, 2, 3))
        for number, pressure in ((1, 1.0), (2, 1.0), (3, 2.0)):
            with h5py.File(self.folder / f"scan_data_{number:06d}.h5", "r+") as f:
                f["entry/sample/pressure"] = pressure
        self.assertIn("scan_data_000003.h5", self.no_g2("the pressure is 2", "scan.h5"))

    def test_virtual_frames_of_which_files_are_missing(self):
        self.parts("unused.h5", (1,))
        layout = h5py.VirtualLayout((40, 5, 8), "uint16")
        for number in (1, 2, 3, 4):
            layout[10 * (number - 1): 10 * number] = h5py.VirtualSource(f"scan_data_{number:06d}.h5", "entry/data/data",
                                                                       (10, 5, 8))
        with h5py.File(self.folder / "virtual.h5", "w") as f:
            f.create_virtual_dataset(DETECTOR + "/data", layout)
        self.assertIn("--set frames=0:30", self.no_g2("scan_data_000004.h5", "virtual.h5"))
        self.same(self.g2("virtual.h5", "frames=0:30")[0], self.naive_map(self.counts[:30]))

    def two(self, first, second):
        self.frames("a.h5", self.counts[:20], **first)
        self.frames("b.h5", self.counts[20:], **second)

    def joined(self):
        self.ok("analyze", "--join", "a.h5", "b.h5", "-o", "result.h5", "--force", "--quiet")
        with h5py.File(self.folder / "result.h5") as f:
            return f["entry/a/two_time/correlation"][()], f["entry/a/two_time/frame_time"][()]

    def test_files_of_one_run_fit_together(self):
        same = {"frame_time": 0.5, "count_time": 0.4, "distance": 5.0, "x_pixel_size": 75e-6, "beam_center_x": 3.0,
                "entry__sample__pressure": 2.0, "entry__sample__temperature": 300.0, "entry__sample__name": "glass",
                "entry__instrument__beam__incident_energy": 8.0, "entry__start_time": "2026-01-01T10:00:00"}
        self.two(same, same | {"entry__start_time": "2026-01-01T10:00:10", "entry__sample__pressure": 2.004})
        numpy.testing.assert_allclose(self.joined()[0], self.naive_map(self.counts), rtol=1e-12)
        for key, value in (("frame_time", 0.25), ("count_time", 0.3), ("distance", 5.1), ("x_pixel_size", 55e-6),
                           ("beam_center_x", 4.0), ("entry__sample__pressure", 2.6),
                           ("entry__sample__temperature", 320.0), ("entry__sample__name", "steel"),
                           ("entry__instrument__beam__incident_energy", 12.0),
                           ("entry__start_time", "2026-01-01T11:00:00"), ("entry__start_time", "2026-01-01T09:00:00")):
            self.two(same, same | {key: value})
            message = self.refused("analyse each by itself", "analyze", "--join", "a.h5", "b.h5")
            self.assertIn("b.h5", message)
        self.two(same, same | {"entry__start_time": "2026-01-01T11:00:00"})
        self.ok("analyze", "--join", "a.h5", "b.h5", "--frame-time", "0.5", "-o", "forced.h5", "--quiet")
        # A log that goes on is one run, one that jumps is not.
        for second, fits in ((numpy.linspace(2.02, 2.4, 20), True), (numpy.linspace(2.6, 2.7, 20), False)):
            self.two({"entry__sample__pressure_log__value": numpy.linspace(1.6, 2.0, 20)},
                     {"entry__sample__pressure_log__value": second})
            if fits:
                self.joined()
                self.frames("c.h5", entry__sample__pressure_log__value=numpy.linspace(2.42, 3, 40))
                self.ok("analyze", "--join", "a.h5", "b.h5", "c.h5", "-o", "result.h5", "--force", "--quiet")
            else:
                self.refused("the pressure is 2.6 to 2.7", "analyze", "--join", "a.h5", "b.h5")

    def test_files_of_a_scenario_at_several_pressures(self):
        self.ok("generate", "small.toml", "-o", "all.h5", "--quiet")
        with h5py.File(self.folder / "all.h5") as f:
            wells = sorted(name for name in f if "series_name" in f[name] and
                           f[name]["series_name"][()].decode().startswith("wells"))
            for place, entry in zip("ab", wells):
                with h5py.File(self.folder / f"{place}.h5", "w") as out:
                    out.attrs["content"] = "frames"
                    f.copy(entry, out, "entry")
        self.refused("the pressure is 3 GPa", "analyze", "--join", "a.h5", "b.h5")

    def test_what_later_files_say(self):
        mask = numpy.zeros((5, 8), "uint8")
        other = mask.copy()
        mask[0, 0] = other[4, 4] = 1
        self.two({"pixel_mask": mask}, {"pixel_mask": other, "frame_time": 0.5})
        got, step = self.joined()
        numpy.testing.assert_allclose(got, self.naive_map(self.counts, (mask | other) == 0), rtol=1e-12)
        self.assertEqual(step, 0.5)
        hot = self.counts.astype("uint32")
        hot[25, 2, 2] = 65535
        self.frames("a.h5", hot[:20])
        self.frames("b.h5", hot[20:], bit_depth_readout=16)
        used = numpy.ones((5, 8), bool)
        used[2, 2] = False
        numpy.testing.assert_allclose(self.joined()[0], self.naive_map(self.counts, used), rtol=1e-12)
        self.two({"region": numpy.ones((5, 8), "int32")}, {"region": numpy.full((5, 8), 2, "int32")})
        self.refused("the region map is not that of the part before", "analyze", "--join", "a.h5", "b.h5")
        self.two({"time": numpy.arange(20.0)}, {"time": numpy.arange(20.0) + 20})
        self.assertEqual(self.joined()[1], 1)
        self.two({"time": numpy.arange(20.0)}, {"time": numpy.arange(20.0)})  # its own clock
        self.assertEqual(self.joined()[1], 1)
        self.two({"time": numpy.arange(20.0)}, {"time": numpy.arange(20.0) + 60})
        self.refused("is not equally spaced", "analyze", "--join", "a.h5", "b.h5")
        self.two({"time": numpy.arange(20.0) + 60}, {"time": numpy.arange(20.0)})
        self.refused("does not increase", "analyze", "--join", "a.h5", "b.h5")


    def test_several_files_are_several_scans(self):
        def scan(name, pressure, seed, temperature=300.0):
            counts = numpy.random.default_rng(seed).poisson(0.9, (40, 5, 8))
            self.frames(name, counts, frame_time=0.5, entry__sample__temperature=temperature)
            with h5py.File(self.folder / name, "r+") as f:
                if numpy.ndim(pressure):
                    f["entry/sample/pressure_log/value"] = pressure
                    f["entry/sample/pressure_log/time"] = numpy.linspace(0, 20, len(pressure))
                    f["entry/sample/pressure_log/value"].attrs["units"] = "MPa"
                else:
                    f["entry/sample/pressure"] = pressure
                    f["entry/sample/pressure"].attrs["units"] = "GPa"
            return counts

        counts = {"a": scan("a.h5", 1.0, 1), "b": scan("b.h5", numpy.linspace(1900, 2100, 41), 2),
                  "c": scan("c.h5", 1.004, 3, 300.2)}
        out = self.vitrum("analyze", "a.h5", "b.h5", "c.h5", "-o", "result.h5").stderr
        self.assertIn("b.h5: The pressure goes from 1.9", out)
        with h5py.File(self.folder / "result.h5") as f:
            for name, frames in counts.items():
                self.ok("analyze", f"{name}.h5", "-o", f"{name}_alone.h5", "--quiet", "--force")
                with h5py.File(self.folder / f"{name}_alone.h5") as alone:
                    numpy.testing.assert_array_equal(f[f"entry/{name}/two_time/correlation"][()],
                                                     alone[f"entry/{name}/two_time/correlation"][()])
                numpy.testing.assert_allclose(f[f"entry/{name}/two_time/correlation"][()], self.naive_map(frames),
                                              rtol=1e-12)
                place = f[f"entry/{name}/place"]
                names = [place[f"axis_{k}_name"][0].decode() for k in (1, 2)]
                self.assertEqual(names, ["pressure", "temperature"])
                # Two readings of one setting are one place: that of their mean.
                self.assertAlmostEqual(place["axis_1_value"][0], {"a": 1.002, "b": 1.9975, "c": 1.002}[name], places=3)
                self.assertEqual(place["axis_1_index"][0], {"a": 0, "b": 1, "c": 0}[name])
                self.assertEqual(place["axis_2_index"][0], 0)
                self.assertEqual(f[f"entry/{name}/source_name"][()].decode(), "scans")
        # Files of one name in two folders, one file twice, one file to join.
        (self.folder / "other").mkdir()
        (self.folder / "b.h5").rename(self.folder / "other/a.h5")
        self.ok("analyze", "a.h5", "other/a.h5", "-o", "both.h5", "--quiet")
        with h5py.File(self.folder / "both.h5") as f:
            self.assertIn("a_2", f["entry"])
        self.refused("is given twice", "analyze", "a.h5", "other/../a.h5")
        self.refused("--join", "analyze", "--join", "a.h5")
        self.refused("no such file", "analyze", "a.h5", "absent.h5")

    def test_pressures_without_a_unit_are_no_place(self):
        self.frames("a.h5", self.counts, entry__sample__pressure=2.0, entry__sample__temperature=300.0)
        out = self.vitrum("analyze", "a.h5", "-o", "result.h5").stderr
        self.assertIn("The pressure of the run is not taken from /entry/sample/pressure: it has no unit", out)
        rows = json.loads(self.ok("estimate", "g2", "a.h5", "--json"))["estimates"]
        self.assertEqual(rows[0]["abscissa"]["temperature"]["value"], 300)
        self.assertNotIn("pressure", rows[0]["abscissa"])


class Options(Measured):
    def test_columns_by_number_and_threads(self):
        lag = numpy.arange(1, 40.0)
        rows = "".join(f"{v}, {t}, {e}\n" for t, v, e in zip(lag, 1 + 0.2 * numpy.exp(-2 * lag / 8), 0.001 * lag**0))
        self.write("g2.csv", "b, a, c\n" + rows)
        found = json.loads(self.ok("estimate", "kww", "g2.csv", "--json", "--threads", "1", "--set", "x=2", "--set",
                                   "y=1", "--set", "error=3"))
        tau = next(row for row in found["estimates"] if row["quantity"] == "tau")
        self.assertAlmostEqual(tau["value"], 8, delta=0.01)
        self.refused("has no column '9'", "estimate", "kww", "g2.csv", "--set", "x=9")

    def test_curves_go_round_and_headers_behind_a_hash_count(self):
        counts = numpy.empty((120, 20, 30), "uint16")
        field = self.random.normal(size=(2, 20, 30))
        for f in range(120):
            field = 0.8 * field + 0.6 * self.random.normal(size=(2, 20, 30))
            counts[f] = self.random.poisson((field ** 2).sum(0))
        with h5py.File(self.folder / "scan.h5", "w") as f:
            f[DETECTOR + "/data"] = counts
            f[DETECTOR + "/frame_time"] = 1e-11
        self.ok("estimate", "g2", "scan.h5", "-o", "g2.csv")

        def tau(name):
            rows = json.loads(self.ok("estimate", "kww", name, "--json", "--set", "baseline=1"))["estimates"]
            return next(row for row in rows if row["quantity"] == "tau")

        there = tau("g2.csv")
        self.assertEqual(there["status"], "ok")
        self.assertLess(abs(there["value"] + 1e-11 / numpy.log(0.8)), 6 * there["standard_error"])
        self.assertIn(" ps ", self.ok("estimate", "kww", "g2.csv", "--set", "baseline=1"))
        table = (self.folder / "g2.csv").read_text()
        names, rows = table[table.index("lag"):].split("\n", 1)
        self.write("hash.csv", "# a scan, and more\n#" + names + "\n" + rows)
        self.assertEqual(tau("hash.csv"), there)
        # In another unit; prose is no header.
        cells = [[float(cell) for cell in row.split(",")[:3]] for row in rows.splitlines()]
        self.write("ns.csv", "# lag [ns] g2 g2_error\n" + "".join(f"{1e9 * t!r} {g!r} {e!r}\n" for t, g, e in cells))
        self.assertAlmostEqual(tau("ns.csv")["value"] / there["value"], 1, places=6)
        self.write("prose.csv", "# taken on monday, cold, dry\n1, 1.2, 0.01\n2, 1.1, 0.01\n3, 1.05, 0.01\n4, 1.02, 0.01\n")
        self.ok("estimate", "kww", "prose.csv")

    def test_messages_name_the_option_of_the_command(self):
        with h5py.File(self.folder / "empty.h5", "w") as f:
            f["x"] = 1
        self.refused("--dataset PATH", "analyze", "empty.h5")
        self.refused("--set dataset=PATH", "estimate", "kww", "empty.h5")
        with h5py.File(self.folder / "scan.h5", "w") as f:
            f[DETECTOR + "/data"] = numpy.ones((10, 4, 4), "uint8")
        self.refused("--frames ends at 20", "analyze", "scan.h5", "--frames", "0:20")
        self.refused("--set frames ends at 20", "estimate", "kww", "scan.h5", "--set", "frames=0:20")
        self.refused("--bin-pixels adds", "analyze", "scan.h5", "--bin-pixels", "9")
        self.refused("--set bin_pixels adds", "estimate", "kww", "scan.h5", "--set", "bin_pixels=9")
        self.refused("--frame-time SECONDS", "analyze", "scan.h5", "--set", 'min_lag="1 s"')
        self.refused('--set frame_time="SECONDS s"', "estimate", "kww", "scan.h5", "--set", 'min_lag="1 s"')


if __name__ == "__main__":
    unittest.main()
