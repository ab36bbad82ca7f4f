"""Trajectories that leave and enter: MDAnalysis opens our H5MD, we read what it and others write."""
import unittest
import warnings

import h5py
import numpy

from program import ProgramTest

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import MDAnalysis
except ImportError:
    MDAnalysis = None

FRAMES, ATOMS = 6, 40
CELL = numpy.array([[11.0, 0, 0], [-2, 9, 0], [1.5, -1, 12]])  # rows: cell vectors


def walk(seed=3):
    """Wrapped positions, images and cells of a run in a box that shrinks."""
    rng = numpy.random.default_rng(seed)
    s = rng.random((ATOMS, 3)) + numpy.cumsum(rng.normal(0, 0.2, (FRAMES, ATOMS, 3)), axis=0)
    cells = CELL * (1 - 0.01 * numpy.arange(FRAMES))[:, None, None]
    image = numpy.floor(s).astype(int)
    return numpy.einsum("fai,fij->faj", s - image, cells), image, cells


def dump(positions, image, cells, corner=(1.0, 2.0, 3.0)):
    rng = numpy.random.default_rng(8)
    text = ""
    for f in range(FRAMES):
        (lx, _, _), (xy, ly, _), (xz, yz, lz) = cells[f]
        low = numpy.array(corner)
        high = low + [lx, ly, lz]
        bound_low = low + [min(0, xy, xz, xy + xz), min(0, yz), 0]
        bound_high = high + [max(0, xy, xz, xy + xz), max(0, yz), 0]
        text += f"ITEM: TIMESTEP\n{500 * f}\nITEM: NUMBER OF ATOMS\n{ATOMS}\nITEM: BOX BOUNDS xy xz yz pp pp pp\n"
        for a, b, tilt in zip(bound_low, bound_high, (xy, xz, yz)):
            text += f"{float(a)!r} {float(b)!r} {float(tilt)!r}\n"
        text += "ITEM: ATOMS id type x y z ix iy iz\n"
        for i in rng.permutation(ATOMS):
            r = [repr(float(v)) for v in positions[f, i] + low]
            text += f"{i + 1} {1 + i % 2} {' '.join(r)} {' '.join(map(str, image[f, i]))}\n"
    return text


class Trajectories(ProgramTest):
    def setUp(self):
        super().setUp()
        self.positions, self.image, self.cells = walk()
        self.write("run.dump", dump(self.positions, self.image, self.cells))
        self.settings = ("--set", "elements=Cu,Zr", "--set", "time_step=2 fs")

    @unittest.skipIf(MDAnalysis is None, "python3-mdanalysis is not installed")
    def test_mdanalysis_opens_the_h5md(self):
        self.ok("export", "run.dump", "-o", "run.h5md", *self.settings)
        universe = MDAnalysis.Universe.empty(ATOMS, trajectory=False)
        universe.load_new(str(self.folder / "run.h5md"), format="H5MD", convert_units=False)
        self.assertEqual(len(universe.trajectory), FRAMES)
        for f, frame in enumerate(universe.trajectory):
            numpy.testing.assert_allclose(frame.positions, self.positions[f], atol=2e-5)  # it keeps single precision
            numpy.testing.assert_allclose(frame.triclinic_dimensions, self.cells[f], rtol=1e-5, atol=2e-5)
            self.assertAlmostEqual(frame.time, f * 1.0, places=12)  # ps
            self.assertEqual(frame.data["step"], 500 * f)

    def test_h5md_holds_what_the_dump_held(self):
        self.ok("export", "run.dump", "-o", "run.h5", *self.settings)
        with h5py.File(self.folder / "run.h5") as f:
            group = f["particles/trajectory"]
            numpy.testing.assert_allclose(group["position/value"][()], self.positions, atol=1e-12)
            numpy.testing.assert_array_equal(group["image/value"][()], self.image)
            numpy.testing.assert_allclose(group["box/edges/value"][()], self.cells, rtol=1e-14, atol=1e-14)
            self.assertEqual(group["box/edges/time"], group["position/time"])  # one object
            self.assertEqual(list(f["h5md"].attrs["version"]), [1, 1])
            self.assertEqual(h5py.check_enum_dtype(group["species"].dtype), {"Cu": 0, "Zr": 1})
            numpy.testing.assert_array_equal(group["species"][()], numpy.arange(ATOMS) % 2)
            self.assertIsNotNone(h5py.check_string_dtype(group["position/value"].attrs.get_id("unit").dtype).encoding)
            self.assertIn("commit", f["parameters/provenance"])
        self.assertIn("the same", self.ok("check", "run.h5"))

    def test_formats_into_each_other(self):
        self.ok("export", "run.dump", "-o", "a.h5", *self.settings, "--set", "frames=1:6:2")
        self.ok("export", "a.h5", "-o", "b.xyz")
        self.ok("export", "b.xyz", "-o", "c.h5")
        self.ok("export", "a.h5", "-o", "d.h5")
        with h5py.File(self.folder / "a.h5") as a, h5py.File(self.folder / "c.h5") as c, \
                h5py.File(self.folder / "d.h5") as d:
            for name in ("position/value", "box/edges/value"):
                numpy.testing.assert_allclose(c["particles/trajectory/" + name], a["particles/trajectory/" + name],
                                              atol=1e-12)
                numpy.testing.assert_array_equal(d["particles/trajectory/" + name],
                                                 a["particles/trajectory/" + name])
            numpy.testing.assert_array_equal(c["particles/trajectory/image/value"], self.image[1::2])
            numpy.testing.assert_array_equal(c["particles/trajectory/position/step"], [500, 1500, 2500])

    def test_xyz_in_the_words_of_other_programs(self):
        self.ok("export", "run.dump", "-o", "run.xyz", *self.settings)
        lines = (self.folder / "run.xyz").read_text().splitlines()
        self.assertEqual(len(lines), FRAMES * (ATOMS + 2))
        self.assertEqual(lines[0], str(ATOMS))
        self.assertIn("Properties=species:S:1:pos:R:3:id:I:1:image:I:3", lines[1])
        lattice = numpy.array(lines[1].split('"')[1].split(), float).reshape(3, 3)  # rows: cell vectors
        numpy.testing.assert_allclose(lattice, self.cells[0], rtol=1e-14, atol=1e-14)
        last = lines[-1].split()
        self.assertEqual(last[0], "Zr")
        numpy.testing.assert_allclose(numpy.array(last[1:4], float), self.positions[-1, -1], atol=1e-12)

    @unittest.skipIf(MDAnalysis is None, "python3-mdanalysis is not installed")
    def test_h5md_written_by_mdanalysis_is_read(self):
        universe = MDAnalysis.Universe.empty(ATOMS, trajectory=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with MDAnalysis.Writer(str(self.folder / "theirs.h5md"), n_atoms=ATOMS, format="H5MD",
                                   lengthunit="nm", timeunit="ps", velocities=False, forces=False) as writer:
                for f in range(3):
                    universe.atoms.positions = self.positions[f]
                    universe.dimensions = [20, 21, 22, 90, 90, 90]
                    universe.trajectory.ts.time = 0.5 * f
                    universe.trajectory.ts.frame = f
                    universe.trajectory.ts.data["step"] = 10 * f
                    writer.write(universe)
                writer.h5md_file.close()  # which it leaves to the end of the program
        # MDAnalysis writes no species.
        self.refused("species are not known", "export", "theirs.h5md", "-o", "ours.h5")
        self.ok("export", "theirs.h5md", "-o", "ours.h5", "--set", "elements=Cu")
        with h5py.File(self.folder / "ours.h5") as f:
            group = f["particles/trajectory"]
            numpy.testing.assert_allclose(group["position/value"][()], self.positions[:3], atol=2e-5)
            numpy.testing.assert_allclose(group["box/edges/value"][0], numpy.diag([20, 21, 22]), atol=2e-5)
            numpy.testing.assert_allclose(group["position/time"][()], [0, 0.5, 1], atol=1e-12)

    def test_what_is_refused(self):
        self.refused("name the output, as in -o atoms.h5", "export", "run.dump", *self.settings)
        self.refused("ends in .h5 (H5MD) or .xyz", "export", "run.dump", "-o", "run.pdb", *self.settings)
        self.refused("name them by type", "export", "run.dump", "-o", "a.h5", *self.settings[2:])
        self.refused('time_step="2 fs"', "export", "run.dump", "-o", "a.h5", "--set", "elements=Cu,Zr")
        self.refused("did you mean 'time_step'", "export", "run.dump", "-o", "a.h5", "--set", "timestep=2 fs")
        self.refused("it has no data sets", "export", "run.dump", "--data-set", "x", "-o", "a.h5")
        self.refused("--frames ends at 9", "export", "run.dump", "-o", "a.h5", *self.settings, "--set", "frames=0:9")


if __name__ == "__main__":
    unittest.main()
