"""Which pixels are correlated together: geometry, rings, sectors, a part of the detector, hot pixels."""
import math
import unittest

import h5py
import numpy

from program import ProgramTest

SHAPE = (24, 32)
FRAMES = 40
ENERGY, DISTANCE, PIXEL, CENTRE = 8.0, 1.5, 75e-6, (10.5, 4.0)
GIVEN = ("--energy", "8 keV", "--distance", "1.5 m", "--pixel", "75 um", "--centre", "10.5,4")


class Pixels(ProgramTest):
    def setUp(self):
        super().setUp()
        self.counts = numpy.random.default_rng(5).poisson(0.9, (FRAMES, *SHAPE)).astype("uint32")

    def scan(self, counts=None, name="scan.h5", **extra):
        with h5py.File(self.folder / name, "w") as f:
            f["entry/instrument/detector/data"] = self.counts if counts is None else counts
            f["entry/instrument/detector/frame_time"] = 0.5
            for key, value in extra.items():
                f[f"entry/instrument/{key.replace('__', '/')}"] = value

    def analysed(self, *options):
        done = self.vitrum("analyze", "scan.h5", "-o", "result.h5", "--force", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def regions(self):
        with h5py.File(self.folder / "result.h5") as f:
            masks = f["entry/instrument/masks"]
            return masks["dynamic_roi_map"][()], masks["dynamic_q_list"][()], masks["mask"][()]

    @staticmethod
    def q(shape=SHAPE, pixel=(PIXEL, PIXEL), centre=CENTRE):
        y, x = numpy.indices(shape) + 0.5
        y, x = y * pixel[0] - centre[1] * PIXEL, x * pixel[1] - centre[0] * PIXEL
        theta = numpy.arctan(numpy.hypot(x, y) / DISTANCE) / 2
        return 4 * math.pi * ENERGY / 12.398419843 * numpy.sin(theta), numpy.arctan2(y, x)

    def test_rings_from_what_is_given_and_from_the_file(self):
        self.scan()
        q, azimuth = self.q()
        edges = numpy.linspace(q.min(), q.max(), 4)
        expected = 1 + numpy.clip(numpy.digitize(q, edges) - 1, 0, 2)
        self.analysed("--quiet", "--rings", "3", *GIVEN)
        region, means, _ = self.regions()
        numpy.testing.assert_array_equal(region, expected)
        numpy.testing.assert_allclose(means, [q[expected == k].mean() for k in (1, 2, 3)], rtol=1e-9)
        with h5py.File(self.folder / "result.h5") as f:
            x = self.counts[:, expected == 2].astype(float)
            numpy.testing.assert_allclose(f["entry/scan_region_2/two_time/correlation"][()],
                                          x.shape[1] * (x @ x.T) / numpy.outer(x.sum(1), x.sum(1)), rtol=1e-12)
        # The file knows all but the distance.
        self.scan(detector__x_pixel_size=PIXEL, detector__beam_center_x=10.5, detector__beam_center_y=4.0,
                  incident_beam__incident_energy=8.0)
        self.refused("the file does not say the distance (--distance", "analyze", "scan.h5", "--rings", "3")
        self.analysed("--quiet", "--rings", "3", "--distance", "1.5 m")
        numpy.testing.assert_array_equal(self.regions()[0], expected)
        # pyFAI says the same; sectors cut rings, edges are as given.
        self.scan()
        self.write("scan.poni", "# pyFAI\nponi_version: 2\nDetector: Detector\n"
                   'Detector_config: {"pixel1": 7.5e-05, "pixel2": 7.5e-05, "max_shape": null}\nDistance: 1.5\n'
                   f"Poni1: {4 * PIXEL}\nPoni2: {10.5 * PIXEL}\nRot1: 0.0\nRot2: 0.0\nRot3: 0.0\n"
                   f"Wavelength: {12.398419843 / 8 * 1e-10}\n")
        self.analysed("--quiet", "--rings", "3", "--poni", "scan.poni", "--sectors", "2")
        sector = (azimuth >= 0).astype(int)
        numpy.testing.assert_array_equal(self.regions()[0], 2 * (expected - 1) + sector + 1)
        edges = (q.min() + 1e-6, float(numpy.median(q)), q.max() - 1e-5)
        self.analysed("--quiet", "--poni", "scan.poni", "--q-edges", ",".join(map(str, edges)))
        numpy.testing.assert_array_equal(self.regions()[0],
                                         numpy.where((q >= edges[0]) & (q <= edges[2]), 1 + (q >= edges[1]), 0))

    def test_added_pixels_and_a_part_of_the_detector(self):
        self.scan()
        q, _ = self.q((12, 8), (2 * PIXEL, 4 * PIXEL))
        self.analysed("--quiet", "--rings", "2", "--bin-pixels", "2x4", *GIVEN)
        edges = numpy.linspace(q.min(), q.max(), 3)
        numpy.testing.assert_array_equal(self.regions()[0], 1 + (q >= edges[1]))
        self.analysed("--quiet", "--roi", "3:10,:20")
        inside = numpy.zeros(SHAPE, int)
        inside[3:10, :20] = 1
        numpy.testing.assert_array_equal(self.regions()[2], inside)
        numpy.testing.assert_array_equal(self.regions()[0], inside)

    def test_hot_pixels_are_told_and_masked(self):
        self.assertNotIn("mask missing", (self.scan(), self.analysed())[1])
        hot = self.counts.copy()
        places = [(3, 4), (3, 5), (20, 31)]
        for row, column in places:
            hot[:, row, column] += 60000
        self.scan(hot)
        self.assertIn("3 pixels hold 99.6 % of the counts, more than speckle can; is a mask missing?", self.analysed())
        self.assertIn("left out as hot", self.analysed("--mask-hot"))
        used = numpy.ones(SHAPE, int)
        for place in places:
            used[place] = 0
        numpy.testing.assert_array_equal(self.regions()[2], used)
        x = self.counts[:, used == 1].astype(float)
        with h5py.File(self.folder / "result.h5") as f:
            numpy.testing.assert_array_equal(f["xpcs/qmap/mask"][()], used)
            numpy.testing.assert_allclose(f["entry/scan/two_time/correlation"][()],
                                          x.shape[1] * (x @ x.T) / numpy.outer(x.sum(1), x.sum(1)), rtol=1e-12)
        # The mask serves another scan.
        (self.folder / "result.h5").rename(self.folder / "first.h5")
        self.assertNotIn("mask missing", self.analysed("--qmap", "first.h5::/xpcs/qmap"))
        numpy.testing.assert_array_equal(self.regions()[2], used)

    def test_what_cannot_be(self):
        self.scan()
        for part, *options in (("exclude each other", "--rings", "2", "--q-edges", "0.1,0.2"),
                               ("ascending", "--q-edges", "0.2,0.1"), ("two edges", "--q-edges", "0.2"),
                               ("write X,Y", "--centre", "3"), ("--energy", "--energy", "8"),
                               ("24 rows and 32 columns", "--roi", "0:30,0:4"), ("--roi", "--roi", "5:3,0:4"),
                               ("no pixel in use has a q", "--q-edges", "5,6", *GIVEN),
                               ("no such file", "--rings", "2", "--poni", "absent.poni"),
                               ("q is not known without", "--energy", "8 keV")):
            self.refused(part, "analyze", "scan.h5", *options)
        self.write("bad.poni", "Distance: far\n")
        self.refused("bad.poni:1: Distance is 'far'", "analyze", "scan.h5", "--rings", "2", "--poni", "bad.poni")


if __name__ == "__main__":
    unittest.main()
