"""Detector geometry, q regions, lists of scans and the papers' scenarios as a user runs them."""
import unittest

import h5py
import numpy

from program import ProgramTest

REGIONS = """
[source.glass]
kind = "speckle"
tau = "6 s"
wavevector_exponent = 8.0
reference_q = "2.87 1/angstrom"
frames = 150
rows = 54
columns = 52
mean_count = 2.0

[source.glass.geometry]
energy = "20.95 keV"
distance = "5 m"
pixel_size = "3000 um"
arm_angle = 15.54
rings = 3
peak_q = "2.87 1/angstrom"
peak_width = "0.35 1/angstrom"
shapes = [{ shape = "disc", row = 10, column = 12, radius = 5 }]
"""

SCANS = """
[source.glass]
kind = "speckle"
temperature = "300 K"
frames = 150
rows = 20
columns = 20
mean_count = 2.0
tau = "9 s"
scans = [
    { pressure = "0 GPa" },
    { pressure = "2 GPa", tau = "14 s" },
    { pressure = "4 GPa", clock = "ageing", tau0 = "8 s", tau_star = "1 h" },
]
"""


class Geometry(ProgramTest):
    def result(self, *arguments):
        self.ok("run", *arguments, "--quiet", "--force", "-o", "out.h5")
        return h5py.File(self.folder / "out.h5")

    @staticmethod
    def rows(table):
        """A table of truth or estimates as a list of dictionaries."""
        names = [n for n in table if isinstance(table[n], h5py.Dataset)]
        columns = {n: table[n][()] for n in names}
        text = lambda v: v.decode() if isinstance(v, bytes) else v
        length = len(columns["quantity"])
        return [{n: text(c[i]) for n, c in columns.items() if len(numpy.atleast_1d(c)) == length} for i in range(length)]

    def test_q_regions_and_mask_stand_in_the_file(self):
        self.write("regions.toml", REGIONS)
        self.ok("generate", "regions.toml", "--quiet", "-o", "data.h5")
        with h5py.File(self.folder / "data.h5") as file:
            detector = file["entry/instrument/detector"]
            q, region, mask = (detector[n][()] for n in ("q", "region", "pixel_mask"))
            self.assertEqual(detector["q"].attrs["units"], "1/angstrom")
            counts = detector["data"][()]
        row, column = numpy.mgrid[0:54, 0:52]
        arm = numpy.radians(15.54)
        along, up = 3e-3 * (column - 25.5), 3e-3 * (row - 26.5)
        x, z = 5 * numpy.sin(arm) + along * numpy.cos(arm), 5 * numpy.cos(arm) - along * numpy.sin(arm)
        two_theta = numpy.arccos(z / numpy.sqrt(x**2 + up**2 + z**2))
        expected = 4 * numpy.pi * 20.95 / 12.398419843320026 * numpy.sin(two_theta / 2)
        numpy.testing.assert_allclose(q, expected, rtol=1e-12)
        numpy.testing.assert_array_equal(mask, numpy.hypot(row - 10, column - 12) <= 5)
        self.assertEqual(counts[:, mask == 1].sum(), 0)
        inside = q[mask == 0]
        edges = numpy.linspace(inside.min(), inside.max(), 4)
        numpy.testing.assert_array_equal(region[mask == 0], numpy.minimum(numpy.digitize(inside, edges), 3))
        peak = 1 / (1 + ((q - 2.87) / 0.175) ** 2)
        mean = counts.mean(axis=0)[mask == 0]
        self.assertGreater(numpy.corrcoef(mean, peak[mask == 0])[0, 1], 0.5)

    def test_the_exponent_meets_its_truth(self):
        self.write("regions.toml", REGIONS)
        with self.result("regions.toml") as file:
            estimates = [r for r in self.rows(file["entry/estimates"]) if r["quantity"] == "wavevector_exponent"]
            truths = [r for r in self.rows(file["entry/truth"]) if r["quantity"] == "wavevector_exponent"]
            statements = " ".join(s.decode() for s in file["entry/statements"][()])
        self.assertEqual(len(estimates), 1)
        self.assertEqual([t["value"] for t in truths], [8.0])
        # |z| < 4.9: false alarm 1e-6 for normal errors.
        self.assertLess(abs(estimates[0]["value"] - 8) / estimates[0]["standard_error"], 4.9)
        self.assertIn("over 3 regions", statements)
        text = self.ok("check", "out.h5")
        self.assertIn("geometry = { energy", text)
        page = (self.folder / "out.html").read_text()
        self.assertIn("tau against region", page)
        # The printed scenario runs again to the same bits, and the file of frames analyses to the same numbers.
        self.write("again.toml", text[text.index("[scenario]"):])
        self.ok("run", "again.toml", "--quiet", "-o", "again.h5")
        self.assertEqual(self.data_hash("again.h5"), self.data_hash("out.h5"))
        self.ok("generate", "regions.toml", "--quiet", "-o", "data.h5")
        self.ok("analyze", "data.h5", "--quiet", "-o", "analysed.h5")
        with h5py.File(self.folder / "analysed.h5") as file:
            again = [r for r in self.rows(file["entry/estimates"]) if r["quantity"] == "wavevector_exponent"]
        self.assertEqual(again[0]["value"], estimates[0]["value"])

    def test_a_list_of_scans(self):
        self.write("scans.toml", SCANS)
        with self.result("scans.toml") as file:
            rows = self.rows(file["entry/truth"])
            volumes = [r["value"] for r in rows if r["quantity"] == "activation_volume"]
            self.assertEqual([r["value"] for r in rows if r["quantity"] == "tau"], [9.0, 14.0])
            self.assertEqual(sum(r["quantity"] == "activation_volume" for r in self.rows(file["entry/estimates"])), 2)
        kt = 0.01380649 * 300
        middle = 8 * numpy.exp(74.5 / 3600)
        numpy.testing.assert_allclose(volumes, [kt * numpy.log(14 / 9) / 2, kt * numpy.log(middle / 14) / 2], rtol=1e-12)
        text = self.ok("check", "out.h5")
        self.write("again.toml", text[text.index("[scenario]"):])
        self.ok("run", "again.toml", "--quiet", "-o", "again.h5")
        self.assertEqual(self.data_hash("again.h5"), self.data_hash("out.h5"))

    def test_bad_input_is_named(self):
        def bad(part, text, *settings):
            self.write("bad.toml", text)
            self.refused(part, "run", "bad.toml", *[s for setting in settings for s in ("--set", setting)])

        geometry = "source.glass.geometry."
        bad("disc", REGIONS.replace('"disc"', '"disk"'))
        bad("radius", REGIONS.replace("radius = 5", "radius = -5"))
        bad("unknown key 'rowe'", REGIONS.replace("row = 10", "row = 10, rowe = 1"))
        bad("arm_angle = 200", REGIONS, geometry + "arm_angle=200")
        bad("did you mean 'pixel_size'", REGIONS, geometry + "pixel_siz=1")
        bad("energy = 0 keV", REGIONS, geometry + 'energy="0 keV"')
        bad("a value with its unit is text", REGIONS, geometry + "distance=5")
        bad("exclude each other", REGIONS, geometry + 'q_edges=["2 1/angstrom"]')
        bad("reference_q", REGIONS.replace("reference_q", "#reference_q"))
        bad("give rings or q_edges", REGIONS.replace("rings = 3", "rings = 0"))
        bad("do not exist", REGIONS, "source.glass.displacement_theta=2.74", "source.glass.displacement_index=0.73")
        bad("pressure", SCANS.replace('pressure = "2 GPa", ', ""))
        bad("tau: belongs to clock", SCANS.replace('clock = "ageing", tau0', 'clock = "ageing", tau = "3 s", tau0'))
        bad("unknown key 'tua'", SCANS.replace('tau = "14 s"', 'tua = "14 s"'))
        bad("unknown key 'rosw'", SCANS.replace("rows", "rosw"))
        bad("two scans at 2 GPa", SCANS.replace('"0 GPa"', '"2 GPa"'))
        bad("is no list", SCANS[: SCANS.index("scans")] + "scans = 3\n")
        bad("branch", SCANS.replace('"0 GPa"', '"0 GPa", branch = "up"'))
        bad("of one branch", SCANS.replace('"0 GPa"', '"0 GPa", branch = "compression"'))

    def small(self, name, *settings):
        return self.result(name, *[s for setting in settings for s in ("--set", setting)])

    def test_the_scenarios_of_the_papers_run_small(self):
        with self.small("cornet2023_wavevector", *[f"source.{s}.{k}" for s in ("glass", "liquid") for k in
                                                   ("frames=120", "mean_count=1")]) as file:
            exponents = [r for r in self.rows(file["entry/truth"]) if r["quantity"] == "wavevector_exponent"]
            self.assertEqual([r["value"] for r in exponents], [0.36, 2.0])
            statements = " ".join(s.decode() for s in file["entry/statements"][()])
            self.assertRegex(statements, "span (9|10|11).* % in q|not measured")
        with self.small("zhang2023_steady", "source.glass.rows=12", "source.glass.columns=12",
                        "source.glass.frames=300") as file:
            volumes = [r["value"] for r in self.rows(file["entry/truth"]) if r["quantity"] == "activation_volume"]
        self.assertEqual(len(volumes), 4)
        with self.small("cornet2023_two_regimes", "source.glass.rows=10", "source.glass.columns=10",
                        "analysis.heterogeneity=false") as file:
            times = [r["value"] for r in self.rows(file["entry/truth"]) if r["quantity"] == "event_time"]
            self.assertEqual(times[:2], [350.0, 650.0])
            self.assertEqual(file["entry/glass_11/g2/y"].shape[0], 999)
            widths = {r["series"]: r["value"] for r in self.rows(file["entry/truth"])
                      if r["quantity"] == "heterogeneity_width_corrected"}
            # The bell is in the truth: none where tau is steady, most where it jumps.
            self.assertEqual([widths["glass_1"], widths["glass_11"]], [0, 0])
            self.assertGreater(widths["glass_6"], 2 * max(widths["glass_3"], widths["glass_8"]))

    def test_the_long_scenarios_run_small(self):
        def size(source):
            return [f"source.{source}.{k}" for k in ("rows=10", "columns=10", "frames=350", 'frame_time="2 s"',
                                                     "mean_count=1", "modes=5")]

        with self.small("cornet2023_ageing_long", *size("early"), *size("late")) as file:
            truth = {(r["series"], r["quantity"]): r["value"] for r in self.rows(file["entry/truth"])}
            self.assertAlmostEqual(truth["early", "ageing_tau0"], 34, places=9)
            self.assertAlmostEqual(truth["late", "ageing_tau0"], 34 * numpy.exp(4000 / 2300), places=9)
        self.small("low_count_long", *size("faint"), *size("fainter")).close()
        with self.small("cornet2023_two_regimes_long", *size("glass")) as file:
            times = [r["value"] for r in self.rows(file["entry/truth"]) if r["quantity"] == "event_time"]
            self.assertEqual(times[:2], [200.0, 500.0])
        self.small("zhang2023_steady_long", *size("glass")).close()
        with self.small("cornet2023_wavevector_long", *size("glass"), "source.glass.rows=24", "source.glass.columns=24",
                        'source.glass.geometry.pixel_size="6700 um"') as file:
            exponents = [r for r in self.rows(file["entry/truth"]) if r["quantity"] == "wavevector_exponent"]
            self.assertEqual([r["value"] for r in exponents], [0.36])
            self.assertEqual(sum(name.startswith("glass_region_") for name in file["entry"]), 8)
        nulls = {"moving_sample_long": ("at_rest", "moving", "moving_fast_glass"),
                 "beam_damage_long": ("full_flux", "tenth_of_flux"),
                 "drifting_beam_long": ("still", "intensity", "pointing", "jolts", "vibrations"),
                 "strain_drift_long": ("no_drift", "slow_drift", "fast_drift")}
        for name, sources in nulls.items():
            settings = [setting for source in sources for setting in size(source)]
            self.ok("generate", name, *[s for setting in settings for s in ("--set", setting)], "--quiet", "-o", name + ".h5")
            with h5py.File(self.folder / (name + ".h5")) as file:
                self.assertEqual([file[e]["series_name"][()].decode() for e in sorted(file) if e.startswith("entry")],
                                 list(sources))
        listed = self.ok("list")
        for name in ("cornet2023_ageing", "cornet2023_two_regimes", "cornet2023_wavevector", "zhang2023_steady", "low_count",
                     "moving_sample", "beam_damage", "drifting_beam", "strain_drift"):
            self.assertRegex(listed, name + "_long.*long")


if __name__ == "__main__":
    unittest.main()
