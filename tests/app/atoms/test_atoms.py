"""Estimators of atoms and of thermodynamics as a user calls them, on data whose numbers are known exactly."""
import json
import unittest

import h5py
import numpy

from program import ProgramTest

EDGE = 12.0


def xyz(s, box, elements, time_ps):
    """Extended XYZ of unwrapped fractional coordinates (frames, atoms, 3) in orthogonal boxes (frames, 3)."""
    text = ""
    for frame, edges, t in zip(s, box, time_ps):
        image = numpy.floor(frame).astype(int)
        lattice = " ".join(repr(float(v)) for v in numpy.diag(edges).ravel())
        text += (f'{len(frame)}\nLattice="{lattice}" Properties=species:S:1:pos:R:3:image:I:3 Time={t} Time_unit=ps\n')
        for element, r, i in zip(elements, (frame - image) * edges, image):
            text += f"{element} {' '.join(repr(float(v)) for v in r)} {' '.join(map(str, i))}\n"
    return text


class Atoms(ProgramTest):
    def estimate(self, *arguments):
        document = json.loads(self.ok("estimate", *arguments, "--json"))
        curves = {c["name"]: (numpy.array(c["x"]["values"], float), numpy.array(c["y"]["values"], float))
                  for c in document.get("curves", [])}
        return document, curves

    def straight(self, velocity, frames=20, atoms=40):
        """Atoms that keep their velocity [cell/frame], in a box of EDGE; a frame each 0.5 ps."""
        rng = numpy.random.default_rng(5)
        s = rng.random((atoms, 3)) + velocity(rng, atoms) * numpy.arange(frames)[:, None, None]
        elements = ["Cu" if i % 2 else "Zr" for i in range(atoms)]
        self.write("run.xyz", xyz(s, numpy.full((frames, 3), EDGE), elements, 0.5 * numpy.arange(frames)))
        return s

    def test_msd_of_straight_paths_and_its_files(self):
        s = self.straight(lambda rng, atoms: rng.normal(0, 0.05, (atoms, 3)))
        document, curves = self.estimate("msd", "run.xyz", "-o", "msd.h5", "--set", "per_decade=0")
        step = (s[1] - s[0]) * EDGE
        square = (step**2).sum(axis=1)
        lag, msd = curves["msd"]
        numpy.testing.assert_allclose(lag, 0.5e-12 * numpy.arange(1, len(lag) + 1), rtol=1e-12)
        numpy.testing.assert_allclose(msd, square.mean() * (lag / 0.5e-12) ** 2, rtol=1e-9)
        numpy.testing.assert_allclose(curves["msd_Cu"][1], square[1::2].mean() * (lag / 0.5e-12) ** 2, rtol=1e-9)
        alpha2 = 3 * (square**2).mean() / (5 * square.mean() ** 2) - 1
        numpy.testing.assert_allclose(curves["non_gaussian"][1], alpha2, rtol=1e-8)
        with h5py.File(self.folder / "msd.h5") as f:
            group = f["entry/curves/msd"]
            numpy.testing.assert_array_equal(group["x"][()], lag)
            numpy.testing.assert_array_equal(group["y"][()], msd)
            self.assertEqual(group["y"].attrs["units"], "angstrom^2")
            self.assertIn(b"non_gaussian_peak", list(f["entry/estimates/quantity"][()]))
        self.assertIn("the same", self.ok("check", "msd.h5"))
        self.ok("estimate", "msd", "run.xyz", "-o", "msd.csv", "--set", "per_decade=0")
        header, *rows = (self.folder / "msd.csv").read_text().splitlines()
        self.assertTrue(header.startswith("lag [s], msd [angstrom^2], msd_error [angstrom^2]"), header)
        table = numpy.array([row.split(",") for row in rows], float)
        numpy.testing.assert_array_equal(table[:, 1], msd)
        # gnuplot, numpy and vitrum itself read it.
        self.refused("exists; name another with -o", "estimate", "msd", "run.xyz", "-o", "msd.csv")
        self.refused("ends in .h5, or in .csv", "estimate", "msd", "run.xyz", "-o", "msd.pdf")
        self.refused("did you mean 'longest'", "estimate", "msd", "run.xyz", "--set", "longst=3")
        self.refused("is no trajectory that is read here", "estimate", "msd", "small.toml")

    def test_scattering_of_a_drifting_solid(self):
        self.straight(lambda rng, atoms: numpy.array([0.01, -0.02, 0.005]))
        document, curves = self.estimate("scattering_functions", "run.xyz", "--set", "q_low=2 1/angstrom",
                                         "--set", "q_high=2.4 1/angstrom", "--set", "collective_wavevectors=40")
        # Drift turns F and leaves its modulus.
        numpy.testing.assert_allclose(curves["collective_scattering_function_modulus"][1], 1, atol=1e-9)
        numpy.testing.assert_allclose(curves["self_scattering_function_modulus"][1], 1, atol=1e-9)
        self.assertLess(curves["self_scattering_function"][1][-1], 0.9)
        _, still = self.estimate("scattering_functions", "run.xyz", "--set", "q_low=2 1/angstrom", "--set",
                                 "q_high=2.4 1/angstrom", "--set", "remove_drift=true")
        numpy.testing.assert_allclose(still["self_scattering_function"][1], 1, atol=1e-9)
        self.refused("no wavevector", "estimate", "scattering_functions", "run.xyz", "--set", "q_low=0.1 1/angstrom",
                     "--set", "q_high=0.2 1/angstrom")
        self.refused("is not above q_low", "estimate", "scattering_functions", "run.xyz", "--set", "q_low=3 1/angstrom")


    def crystal(self, basis, cells, edge, name):
        """One frame of a cubic crystal, species in turn."""
        grid = numpy.array([[i, j, k] for i in range(cells) for j in range(cells) for k in range(cells)])
        s = ((grid[:, None, :] + numpy.array(basis)) / cells).reshape(1, -1, 3)
        self.write(name, xyz(s, numpy.full((1, 3), cells * edge), ["Cu"] * s.shape[1], [0]))

    def value(self, document, quantity, unit=None, **place):
        found = [row for row in document["estimates"] if row["quantity"] == quantity and
                 all(any(k == key and (at["value"] == v or at["unit"] == v) for k, at in row["abscissa"].items())
                     for key, v in place.items()) and (unit is None or unit in row["abscissa"])]
        self.assertTrue(found, f"{quantity} {place} in {[(r['quantity'], r['abscissa']) for r in document['estimates']]}")
        return found[0]["value"]

    FCC = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    BCC = [[0, 0, 0], [0.5, 0.5, 0.5]]

    def test_structure_of_perfect_crystals(self):
        self.crystal(self.FCC, 4, 3.6, "fcc.xyz")
        self.crystal(self.BCC, 5, 3.0, "bcc.xyz")
        document, _ = self.estimate("coordination", "fcc.xyz", "--set", "cutoff=3 angstrom")
        self.assertEqual(self.value(document, "coordination_number"), 12)
        document, curves = self.estimate("pair_distribution", "fcc.xyz", "--set", "bin=0.02 angstrom", "--set",
                                         "r_max=4.5 angstrom")
        r, g = curves["pair_distribution"]
        density = 4 / 3.6**3
        first = (r > 2.4) & (r < 2.7)  # 12 neighbours at 3.6/sqrt(2); N - 1 normalisation
        number = (4 * numpy.pi * density * 0.02 * (r**2 + 0.02**2 / 12) * g)[first].sum()
        self.assertAlmostEqual(number * (256 - 1) / 256, 12, delta=0.01)
        self.assertEqual(g[(r > 2.7) & (r < 3.5)].max(), 0)
        document, _ = self.estimate("bond_order", "fcc.xyz", "--set", "cutoff=3 angstrom")
        orders = [row["value"] for row in document["estimates"] if row["quantity"] == "bond_order_q"]
        numpy.testing.assert_allclose(orders, [0.190941, 0.574524], atol=2e-6)
        document, _ = self.estimate("voronoi", "bcc.xyz")
        self.assertAlmostEqual(self.value(document, "voronoi_volume"), 13.5, places=6)
        self.assertAlmostEqual(self.value(document, "voronoi_index_fraction"), 1, places=9)
        self.assertIn("<0,6,0,8>", json.dumps(document))
        self.refused("as in Cu:1.28,Zr:1.6 (angstrom)", "estimate", "voronoi", "bcc.xyz", "--set", "radii=Cu")
        self.estimate("voronoi", "bcc.xyz", "--set", "radii=Cu:1.28")
        self.estimate("connections", "fcc.xyz", "--set", "first_shell=3 angstrom", "--set", "second_shell=4 angstrom")
        self.refused("did you mean 'cutoff'", "estimate", "coordination", "fcc.xyz", "--set", "cutof=3 angstrom")
        self.refused("is 0; positive", "estimate", "pair_distribution", "fcc.xyz", "--set", "bin=0 angstrom")

    def test_structure_factor_of_an_ideal_gas_is_one(self):
        rng = numpy.random.default_rng(11)
        frames, atoms = 30, 300
        self.write("gas.xyz", xyz(rng.random((frames, atoms, 3)), numpy.full((frames, 3), EDGE),
                                  ["Cu"] * 150 + ["Zr"] * 150, 0.5 * numpy.arange(frames)))
        _, curves = self.estimate("structure_factor", "gas.xyz", "--set", "q_high=4 1/angstrom", "--set",
                                  "q_bin=1 1/angstrom", "--set", "most_per_bin=0")
        # Every |rho|^2/N is exponential of mean 1: 30 frames of at least 50 wavevectors, three standard errors.
        _, s = curves["structure_factor"]
        numpy.testing.assert_allclose(s[1:], 1, atol=3 / numpy.sqrt(30 * 50))
        numpy.testing.assert_allclose(curves["structure_factor_xray"][1][1:], 1, atol=3 / numpy.sqrt(30 * 50))
        _, curves = self.estimate("pair_distribution", "gas.xyz", "--set", "bin=1 angstrom")
        r, g = curves["pair_distribution"]
        numpy.testing.assert_allclose(g[2:], 1, atol=0.02)  # above 10^5 pairs a bin
        self.estimate("structure_factor", "gas.xyz", "--set", "method=transform", "--set", "window=none")
        self.refused("known are direct, transform", "estimate", "structure_factor", "gas.xyz", "--set", "method=fft")
        self.refused("curve=S: known are", "estimate", "fsdp", "gas.xyz", "--set", "curve=S")

    def test_peak_of_a_parabola(self):
        q = numpy.arange(2.0, 3.5, 0.05)
        self.write("s.csv", "q [1/nm], S\n" + "".join(f"{10 * a!r},{3 - 4 * (a - 2.713) ** 2!r}\n" for a in map(float, q)))
        document, _ = self.estimate("fsdp", "s.csv")
        self.assertAlmostEqual(self.value(document, "fsdp_position"), 2.713, places=9)
        self.assertAlmostEqual(self.value(document, "fsdp_height"), 3, places=9)

    def test_transform_of_a_measured_structure_factor(self):
        # One distance r0 of n neighbours: S - 1 = n sin(q r0)/(q r0), whose transform has its top at r0.
        q = numpy.arange(0.02, 25, 0.02)
        s = 1 + 12 * numpy.sin(2.8 * q) / (2.8 * q)
        self.write("s.csv", "q [1/angstrom], S\n" + "".join(f"{float(a)!r},{float(b)!r}\n" for a, b in zip(q, s)))
        _, curves = self.estimate("reduced_pair_distribution", "s.csv", "--set", "r_max=6 angstrom")
        r, g = curves["reduced_pair_distribution"]
        self.assertAlmostEqual(r[numpy.argmax(g)], 2.8, delta=0.011)
        width = numpy.ptp(r[g > g.max() / 2])
        self.assertAlmostEqual(width * q[-1], 5.437, delta=0.55)  # of a delta with Lorch's window, on a grid of 0.02
        number = (g * r).sum() * 0.02  # int r G dr = n where g - 1 alone is seen
        self.assertAlmostEqual(number, 12, delta=0.05)
        self.refused("known are none, lorch", "estimate", "reduced_pair_distribution", "s.csv", "--set", "window=hann")
        self.refused("composition", "estimate", "intensity_normalisation", "s.csv", "--set", "r_min=2 angstrom")

    def test_dynamics_of_a_steady_flight(self):
        self.straight(lambda rng, atoms: numpy.array([0.01, -0.02, 0.02]))  # 0.03 cells = 0.36 angstrom a frame
        _, curves = self.estimate("van_hove", "run.xyz", "--set", "lags=[1, 5]", "--set", "bin=0.08 angstrom")
        for lag in (1, 5):
            r, density = curves[f"van_hove_self_{lag}"]
            here = numpy.abs(r - 0.36 * lag) < 0.04
            numpy.testing.assert_allclose(density[here], 12.5, rtol=1e-12)  # all atoms in one bin
            self.assertEqual(density[~here].max(), 0)
        _, curves = self.estimate("overlap", "run.xyz", "--set", "radius=1.5 angstrom", "--set", "per_decade=0")
        lag, overlap = curves["overlap"]
        numpy.testing.assert_array_equal(overlap, lag < 4.5 * 0.5e-12)  # four steps are 1.44, five 1.8
        numpy.testing.assert_array_equal(curves["overlap_susceptibility"][1], 0)
        document, _ = self.estimate("hops", "run.xyz", "--set", "half_window=4", "--set", "threshold=100")
        self.assertIn("no_data", json.dumps(document))
        document, _ = self.estimate("strings", "run.xyz", "--set", "lag=3")
        self.assertIsNotNone(self.value(document, "string_length"))

    def test_affine_strain_has_no_nonaffine_part(self):
        rng = numpy.random.default_rng(2)
        s = numpy.repeat(rng.random((1, 400, 3)), 2, axis=0)
        box = numpy.array([[EDGE] * 3, [EDGE * 1.02, EDGE * 0.97, EDGE * 0.99]])
        self.write("strain.xyz", xyz(s, box, ["Cu"] * 400, [0, 1]))
        document, _ = self.estimate("nonaffine", "strain.xyz", "--set", "cutoff=3 angstrom")
        self.assertAlmostEqual(self.value(document, "nonaffine_mean"), 0, places=12)
        green = (numpy.array([1.02, 0.97, 0.99]) ** 2 - 1) / 2
        a, b, c = green
        mises = numpy.sqrt(((a - b) ** 2 + (b - c) ** 2 + (c - a) ** 2) / 6)
        self.assertAlmostEqual(self.value(document, "shear_strain_mean"), mises, places=9)

    def test_energy_drops_of_a_step(self):
        # Elastic steps of constant pressure dissipate nothing; one of them loses 0.5 eV more.
        volume = numpy.linspace(1000, 990, 21)
        energy = -5 * 0.00624150907446 * (volume - 1000)
        energy[12:] -= 0.5
        self.write("steps.csv", "pressure [GPa], energy [eV], volume [angstrom^3]\n" +
                   "".join(f"5,{float(e)!r},{float(v)!r}\n" for e, v in zip(energy, volume)))
        document, curves = self.estimate("energy_drops", "steps.csv", "--set", "threshold=0.1 eV")
        self.assertEqual(self.value(document, "energy_drop_count"), 1)
        self.assertAlmostEqual(curves["dissipated_energy"][1].max(), 0.5, places=9)


class Thermo(ProgramTest):
    def rows(self, *arguments):
        document = json.loads(self.ok("estimate", *arguments, "--json"))
        return document, {row["quantity"]: row for row in document["estimates"]}

    @staticmethod
    def pressure(volume, v0=18.0, k=118.8, k1=2.88):
        x = v0 / volume
        return 1.5 * k * (x ** (7 / 3) - x ** (5 / 3)) * (1 + 0.75 * (k1 - 4) * (x ** (2 / 3) - 1))

    def test_equation_of_state_of_exact_points(self):
        volumes = numpy.linspace(15, 18.5, 9)
        self.write("eos.csv", "volume [angstrom^3], pressure [MPa]\n" +
                   "".join(f"{v!r},{1000 * self.pressure(v)!r}\n" for v in map(float, volumes)))
        document, rows = self.rows("equation_of_state", "eos.csv", "-o", "eos_fit.h5")
        self.assertAlmostEqual(rows["equilibrium_volume"]["value"], 18, places=8)
        self.assertAlmostEqual(rows["bulk_modulus"]["value"], 118.8, places=6)
        self.assertAlmostEqual(rows["bulk_modulus_derivative"]["value"], 2.88, places=6)
        _, rows = self.rows("equation_of_state", "eos.csv", "--set", "fixed_derivative=2.88")
        self.assertAlmostEqual(rows["bulk_modulus"]["value"], 118.8, places=6)
        _, rows = self.rows("local_bulk_modulus", "eos.csv")
        self.assertIsNone(rows["local_bulk_modulus"]["standard_error"])
        self.write("bad.csv", "volume, pressure [GPa]\n1,2\n-1,3\n")
        self.refused("a volume is positive", "estimate", "equation_of_state", "bad.csv")

    def test_glass_transition_and_its_pressure(self):
        t = numpy.arange(300.0, 1500, 50)
        v = 17 + 6e-4 * (t - 820) + 3e-4 * abs(t - 820)
        self.write("v.csv", "temperature [K], volume [angstrom^3], volume_error [angstrom^3]\n" +
                   "".join(f"{float(a)!r},{float(b)!r},0.002\n" for a, b in zip(t, v)))
        document, rows = self.rows("glass_transition", "v.csv")
        first = document["estimates"][0]
        self.assertAlmostEqual(first["value"], 820, places=4)
        self.assertAlmostEqual(rows["slope_above"]["value"], 9e-4, places=9)
        self.assertEqual(rows["slope_above"]["unit"], "angstrom^3/K")
        self.assertLess(rows["glass_transition_spread"]["value"], 1e-3)
        self.write("tg.csv", "pressure [GPa], Tg [K], Tg_error [K]\n0,820,5\n5,870,5\n10,920,8\n")
        _, rows = self.rows("pressure_dependence_of_Tg", "tg.csv")
        self.assertAlmostEqual(rows["tg_pressure_slope"]["value"], 10, places=9)
        self.assertAlmostEqual(rows["tg_ambient"]["value"], 820, places=8)
        self.refused("the window from 900 to 800 K is empty", "estimate", "glass_transition", "v.csv", "--set",
                     "low=900 K", "--set", "high=800 K")

    def test_crossover_pressure_of_two_wells(self):
        rows = "".join(f"{p},{100 / numpy.cosh(1.2 * (p - 3.1))},1\n" for p in (1, 2, 2.5, 3, 3.5, 4, 5))
        self.write("tau.csv", "pressure [GPa], tau [s], tau_error [s]\n" + rows)
        _, rows = self.rows("crossover_pressure", "tau.csv")
        self.assertAlmostEqual(rows["crossover_pressure"]["value"], 3.1, places=4)

    def test_energy_minimum_where_both_conditions_hold(self):
        # P = P_BM(V) + B T: the energy is smallest at V0, where P = B T.
        b, lines = 0.0036, ["temperature [K], pressure [GPa], energy [eV], volume [angstrom^3]"]
        volumes = numpy.linspace(16.4, 19.2, 13)
        grid = numpy.linspace(15, 21, 60001)
        work = numpy.concatenate([[0], numpy.cumsum((self.pressure(grid[1:]) + self.pressure(grid[:-1])) / 2 *
                                                    numpy.diff(grid))])
        cold = -numpy.interp(volumes, grid, work) * 0.0062415
        for temperature in (1300.0, 1500.0, 1700.0):
            for v, u in zip(volumes, cold):
                lines.append(f"{temperature},{float(self.pressure(v)) + b * temperature!r},{float(u)!r},{float(v)!r}")
        self.write("liquid.csv", "\n".join(lines) + "\n")
        document, _ = self.rows("liquid_energy_minimum", "liquid.csv", "--set", "pressure_degree=6")
        at_1500 = {row["quantity"]: row["value"] for row in document["estimates"]
                   if row["abscissa"]["temperature"]["value"] == 1500}
        self.assertAlmostEqual(at_1500["energy_minimum_pressure"], 5.4, delta=0.02)
        self.assertAlmostEqual(at_1500["thermal_pressure_equality"], 5.4, delta=0.02)


if __name__ == "__main__":
    unittest.main()
