"""Trajectories as people have them: flipped cells, wrong counts, times that are not known, drift, atoms outside the cell."""
import json
import unittest

import numpy

from program import ProgramTest

ATOMS = 64


def bounds(cell):
    """BOX BOUNDS of LAMMPS for a cell with rows a = (lx, 0, 0), b = (xy, ly, 0), c = (xz, yz, lz), corner 0."""
    (lx, _, _), (xy, ly, _), (xz, yz, lz) = cell
    low = (min(0, xy, xz, xy + xz), min(0, yz), 0)
    high = (lx + max(0, xy, xz, xy + xz), ly + max(0, yz), lz)
    return "".join(f"{a!r} {b!r} {t!r}\n" for a, b, t in zip(map(float, low), map(float, high), map(float, (xy, xz, yz))))


def flipped(cell):
    """Tilts back within half an edge, as fix deform does."""
    cell = cell.copy()
    cell[2] -= numpy.round(cell[2, 1] / cell[1, 1]) * cell[1]
    cell[1] -= numpy.round(cell[1, 0] / cell[0, 0]) * cell[0]
    cell[2] -= numpy.round(cell[2, 0] / cell[0, 0]) * cell[0]
    return cell


class TrajectoryFaults(ProgramTest):
    def estimate(self, *arguments):
        document = json.loads(self.ok("estimate", *arguments, "--json"))
        curves = {c["name"]: numpy.array(c["y"]["values"], float) for c in document.get("curves", [])}
        return document, curves

    def sheared(self, name, form, tilt=(0.06, 0.0, 0.0), frames=25, step=0.0):
        """A run of frozen (or moving) atoms whose cell is sheared by `tilt` (xy, xz, yz) of an edge a frame."""
        rng = numpy.random.default_rng(7)
        s = rng.random((ATOMS, 3))
        text = ""
        for f in range(frames):
            s = s + step * rng.normal(size=s.shape) * (f > 0)
            xy, xz, yz = (10 * f * t for t in tilt)
            true = numpy.array([[10.0, 0, 0], [xy, 10, 0], [xz, yz, 10]])
            cell = flipped(true)
            r = s @ true
            own = r @ numpy.linalg.inv(cell)
            image = numpy.floor(own).astype(int)
            columns = {"xu": "id type xu yu zu", "images": "id type x y z ix iy iz", "wrapped": "id type x y z"}[form]
            text += (f"ITEM: TIMESTEP\n{10 * f}\nITEM: NUMBER OF ATOMS\n{ATOMS}\nITEM: BOX BOUNDS xy xz yz pp pp pp\n"
                     f"{bounds(cell)}ITEM: ATOMS {columns}\n")
            for i in range(ATOMS):
                place = r[i] if form == "xu" else (own[i] - image[i]) @ cell
                words = [*map(repr, map(float, place))] + ([*map(str, image[i])] if form == "images" else [])
                text += f"{i + 1} 1 {' '.join(words)}\n"
        self.write(name, text)
        return "--set", "elements=Cu", "--set", "time_step=2 fs"

    def test_flips_of_the_cell_move_nothing(self):
        for form in ("xu", "images", "wrapped"):
            for tilt in ((0.06, 0, 0), (-0.11, 0, 0), (0.05, -0.08, 0.13)):
                settings = self.sheared("run.dump", form, tilt)
                _, curves = self.estimate("msd", "run.dump", *settings, "--set", "per_decade=0")
                self.assertLess(curves["msd"].max(), 1e-18, (form, tilt))
                document, _ = self.estimate("nonaffine", "run.dump", *settings, "--set", "cutoff=4 angstrom")
                (mean,) = [r for r in document["estimates"] if r["quantity"] == "nonaffine_mean"]
                self.assertLess(mean["value"], 1e-18, (form, tilt))

    def test_strain_of_a_flipped_cell(self):
        # Simple shear g: von Mises invariant of Green's strain sqrt(g^2/4 + g^4/12), whatever the cell looks like.
        settings = self.sheared("run.dump", "wrapped")
        document, _ = self.estimate("nonaffine", "run.dump", *settings, "--set", "cutoff=4 angstrom")
        (strain,) = [r for r in document["estimates"] if r["quantity"] == "shear_strain_mean"]
        g = 0.06 * 24
        self.assertAlmostEqual(strain["value"], (g**2 / 4 + g**4 / 12) ** 0.5, places=8)

    def test_flips_survive_an_export(self):
        settings = self.sheared("run.dump", "images", step=0.01)
        _, direct = self.estimate("msd", "run.dump", *settings)
        for name in ("run.h5", "run.xyz"):
            self.ok("export", "run.dump", "-o", name, *settings)
            _, again = self.estimate("msd", name)
            numpy.testing.assert_allclose(again["msd"], direct["msd"], rtol=1e-9)

    def test_frames_too_far_apart_for_a_flip(self):
        settings = self.sheared("run.dump", "wrapped")
        message = self.refused("run", "estimate", "msd", "run.dump", *settings, "--set", "frames=::8")
        self.assertRegex(message, "flip of the box cannot be told from a strain|too far apart to follow the atoms")
        settings = self.sheared("known.dump", "xu")  # here the atoms tell
        _, curves = self.estimate("msd", "known.dump", *settings, "--set", "frames=::8", "--set", "per_decade=0")
        self.assertLess(curves["msd"].max(), 1e-18)

    def run_xyz(self, keys, frames=40):
        """Random steps of 0.05 angstrom along each axis between frames."""
        rng = numpy.random.default_rng(9)
        r = rng.random((50, 3)) * 15 + numpy.cumsum(rng.normal(0, 0.05, (frames, 50, 3)), axis=0)
        text = ""
        for f in range(frames):
            head = 'Lattice="15 0 0 0 15 0 0 0 15" Properties=species:S:1:pos:R:3 pbc="T T T"'
            text += f"50\n{head} {keys(f)}\n" + "".join(f"Cu {x:.9f} {y:.9f} {z:.9f}\n" for x, y, z in r[f] % 15)
        self.write("run.xyz", text)

    def test_times_of_xyz_files(self):
        def diffusion(*settings):
            document, _ = self.estimate("msd", "run.xyz", *settings)
            return document["estimates"][0]["value"]

        step = ("--set", "time_step=1 fs")
        self.run_xyz(lambda f: f"Step={100 * f}")
        wanted = diffusion(*step)
        # 6 D t = 3 * 0.05^2 a frame of 100 fs; 50 atoms, a third of the run: some 25 %.
        self.assertLess(abs(wanted / (0.05**2 / 2 / 1e-13) - 1), 0.8)
        self.refused('--set time_step="2 fs"', "estimate", "msd", "run.xyz")
        for keys in (lambda f: "", lambda f: f"Time={0.1 * f}"):
            self.run_xyz(keys)
            self.refused('give the time between frames, as in --set frame_time="0.1 ps"', "estimate", "msd", "run.xyz")
            message = self.refused("so time_step gives no times; give the time between frames", "estimate", "msd",
                                   "run.xyz", *step)
            self.assertNotIn("time step of the run", message)
            self.assertAlmostEqual(diffusion("--set", "frame_time=0.1 ps") / wanted, 1, places=9)
        self.assertAlmostEqual(diffusion("--set", "time_unit=1 ps") / wanted, 1, places=9)
        self.refused("exclude each other", "estimate", "msd", "run.xyz", *step, "--set", "frame_time=1 ps")
        self.refused("frame_time", "estimate", "msd", "run.xyz", "--set", "frame_time=0 ps")

    def test_uneven_steps_are_named(self):
        self.run_xyz(lambda f: f"Step={100 * f + (50 if f > 20 else 0)}")
        self.refused("1.5e-13 s from frame 20 to 21", "estimate", "msd", "run.xyz", "--set",
                     "time_step=1 fs")

    def test_drift_by_hand(self):
        rng = numpy.random.default_rng(4)
        frames, dt, edge = 51, 1e-14, 30.0
        r = rng.random((ATOMS, 3)) * edge + numpy.cumsum(rng.normal(0, 0.05, (frames, ATOMS, 3)), axis=0)
        r += numpy.arange(frames)[:, None, None] * numpy.array([0.03, -0.01, 0.02])
        text = ""
        for f in range(frames):
            text += (f"ITEM: TIMESTEP\n{10 * f}\nITEM: NUMBER OF ATOMS\n{ATOMS}\nITEM: BOX BOUNDS pp pp pp\n" +
                     3 * f"0 {edge}\n" + "ITEM: ATOMS id type x y z\n")
            for i in range(ATOMS):
                text += f"{i + 1} {1 + i % 2} {' '.join(repr(float(v)) for v in r[f, i] % edge)}\n"
        self.write("drift.dump", text)
        settings = ("--set", "elements=Cu,Zr", "--set", "time_step=1 fs", "--set", "per_decade=0")
        mass = numpy.where(numpy.arange(ATOMS) % 2, 91.224, 63.546)
        still = r - ((r - r[0]) * mass[:, None]).sum(1, keepdims=True) / mass.sum()

        def msd(path, lag):
            return ((path[lag:] - path[:-lag]) ** 2).sum(2).mean()

        _, raw = self.estimate("msd", "drift.dump", *settings)
        _, removed = self.estimate("msd", "drift.dump", *settings, "--set", "remove_drift=true")
        for lag in (1, 10, 25):
            self.assertAlmostEqual(raw["msd"][lag - 1] / msd(r, lag), 1, places=9)
            self.assertAlmostEqual(removed["msd"][lag - 1] / msd(still, lag), 1, places=9)
            self.assertAlmostEqual(removed["msd_Cu"][lag - 1] / msd(still[:, ::2], lag), 1, places=9)
        self.assertGreater(raw["msd"][24], 3 * removed["msd"][24])
        self.assertAlmostEqual(dt * 25, 2.5e-13)

    def crystal(self, name, s, edge=10.0):
        text = f'{len(s)}\nLattice="{edge} 0 0 0 {edge} 0 0 0 {edge}" Properties=species:S:1:pos:R:3 pbc="T T T"\n'
        self.write(name, text + "".join(f"Cu {x:.9f} {y:.9f} {z:.9f}\n" for x, y, z in s * edge))

    def test_atoms_outside_the_cell_and_at_one_place(self):
        rng = numpy.random.default_rng(12)
        s = rng.random((60, 3))
        self.crystal("inside.xyz", s)
        self.crystal("outside.xyz", s + rng.integers(-2, 3, s.shape))
        names = {"voronoi": (), "pair_distribution": (), "structure_factor": (), "bond_order": ("cutoff=3.5 angstrom",),
                 "coordination": ("cutoff=3.5 angstrom",)}
        for name, settings in names.items():
            settings = [word for setting in settings for word in ("--set", setting)]
            inside, outside = (json.loads(self.ok("estimate", name, f, "--json", *settings))
                               for f in ("inside.xyz", "outside.xyz"))
            self.assertEqual(len(inside["estimates"]), len(outside["estimates"]), name)
            for a, b in zip(inside["estimates"], outside["estimates"]):
                self.assertEqual((a["quantity"], a["status"]), (b["quantity"], b["status"]))
                if a["value"] is not None:
                    self.assertAlmostEqual(a["value"], b["value"], places=7, msg=name)
        for shift in (0, 1, -3):
            self.crystal("twice.xyz", numpy.vstack([s, s[4] + [shift, 0, 0]]))
            for name, settings in names.items():
                settings = [word for setting in settings for word in ("--set", setting)]
                self.refused(f"the atoms 5 and {len(s) + 1} stand at one place", "estimate", name, "twice.xyz", *settings)


if __name__ == "__main__":
    unittest.main()
