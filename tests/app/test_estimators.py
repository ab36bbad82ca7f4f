"""Estimators of ageing, wavevector, contrast and chi4 as a user calls them."""
import json
import unittest

import h5py
import numpy

from program import ProgramTest


class Estimators(ProgramTest):
    def estimate(self, *arguments):
        document = json.loads(self.ok("estimate", *arguments, "--json"))
        return document, {row["quantity"]: row for row in document["estimates"]}

    def test_ageing_law_of_a_table_and_of_frames(self):
        ages = "\n".join(f"{t},{34 * numpy.exp(60 * t / 2300)},{0.5}" for t in range(0, 100, 10))
        self.write("ages.csv", "age [min], tau [s], tau_error [s]\n" + ages + "\n")
        document, rows = self.estimate("ageing_law", "ages.csv")
        self.assertEqual(document["status"], "ok")
        self.assertAlmostEqual(rows["ageing_tau_star"]["value"], 2300, places=3)
        self.assertAlmostEqual(rows["ageing_tau0"]["value"], 34, places=6)
        self.refused('law=step: is "step"', "estimate", "ageing_law", "ages.csv", "--set", "law=step")
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        _, rows = self.estimate("ageing_law", "data.h5", "--set", "ages=3", "--set", "cut=forward", "--set", "baseline=1")
        self.assertIn("ageing_rate", rows)
        self.assertIn("age", rows["tau"]["abscissa"])
        self.refused("ages=0: is 0", "estimate", "ageing_law", "data.h5", "--set", "ages=0")

    def test_wavevector_exponent(self):
        rows = "\n".join(f"{q},{50 * (q / 28) ** -0.36},1" for q in (26, 27, 28, 29, 30))
        self.write("tau.csv", "q [1/nm], tau [s], tau_error [s]\n" + rows + "\n")
        _, rows = self.estimate("wavevector_exponent", "tau.csv")
        self.assertAlmostEqual(rows["wavevector_exponent"]["value"], 0.36, places=6)
        self.assertAlmostEqual(rows["wavevector_prefactor"]["value"] * 2.8 ** 0.36, 1 / 50, places=6)
        self.write("bad.csv", "q [1/nm], tau [s]\n1,2\n-1,2\n")
        self.refused("bad.csv:3: q = -1; a wavevector is positive", "estimate", "wavevector_exponent", "bad.csv")

    def test_power_law_of_a_column(self):
        self.write("sizes.csv", "time [s], size [um]\n" + "".join(f"{t},{1.5 * numpy.exp(t)}\n" for t in (-1, 0, 1, 2, 1)))
        _, rows = self.estimate("power_law", "sizes.csv", "--set", "x_min=1.5")
        row = rows["power_law_exponent"]
        self.assertAlmostEqual(row["value"], 2, places=4)
        self.assertIn("4 sizes from x_min = 1.5 um, 1 below left out", row["note"])
        _, rows = self.estimate("power_law", "sizes.csv", "--set", "x_min=1.5", "--set", "bias_corrected=true")
        self.assertAlmostEqual(rows["power_law_exponent"]["value"], 1.75, places=4)
        self.refused("x_min", "estimate", "power_law", "sizes.csv")
        self.write("bad.csv", "2\n0\n3\n4\n")
        self.refused("bad.csv:2: size 0; a size is positive", "estimate", "power_law", "bad.csv", "--set", "x_min=1")

    def test_contrast_and_chi4(self):
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        _, rows = self.estimate("contrast", "data.h5")
        self.assertLess(abs(rows["contrast_factorial"]["value"] - rows["contrast_probabilities"]["value"]), 0.3)
        _, rows = self.estimate("chi4", "data.h5", "--set", "lag=2")
        self.assertEqual(rows["chi4_split"]["abscissa"]["lag"]["index"], 2)
        self.refused("lag: is 150 frames", "estimate", "chi4", "data.h5", "--set", "lag=150")
        self.refused("not HDF5", "estimate", "chi4", self.write("a.csv", "1,2\n2,3\n"))

    def test_named_normalisations(self):
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        _, rows = self.estimate("kww", "data.h5", "--set", "normalisation=pearson", "--set", "diagonal=factorial")
        self.assertIn("normalisation pearson", rows["tau"]["note"])
        self.assertNotIn("contrast", rows)
        self.refused("'static_map' needs a map of static regions", "estimate", "g2", "data.h5", "--set",
                     "normalisation=static_map")

    def test_siegert(self):
        lag = numpy.arange(1, 41)
        g2 = 1.01 + 0.2 * numpy.exp(-2 * (lag / 10.0) ** 1.5)
        self.write("g2.csv", "lag [s], g2, g2_error\n" + "".join(f"{a},{b},0.002\n" for a, b in zip(lag, g2)))
        document, _ = self.estimate("siegert", "g2.csv")
        curve = lambda document: [row for row in document["estimates"] if row["quantity"] == "field_correlation"]
        rows = curve(document)
        for row in rows[:10]:
            self.assertEqual(row["status"], "ok")
            t = row["abscissa"]["lag"]["value"]
            self.assertAlmostEqual(row["value"], numpy.exp(-(t / 10) ** 1.5), places=4)
        self.assertEqual(rows[-1]["status"], "not_resolved")
        self.assertIsNone(rows[-1]["value"])
        given = ("--set", "contrast=0.2", "--set", "baseline=1.01")
        document, _ = self.estimate("siegert", "g2.csv", *given, "--set", "contrast_error=0.004")
        self.assertAlmostEqual(document["estimates"][4]["value"], numpy.exp(-0.5 ** 1.5), places=9)
        document, _ = self.estimate("siegert", "g2.csv", *given, "--set", "contrast_error=0.3")
        self.assertEqual({row["status"] for row in curve(document)}, {"not_resolved"})
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        document, _ = self.estimate("siegert", "data.h5", "--set", "baseline=1")
        self.assertIn("lag", document["estimates"][0]["abscissa"])
        refused = lambda part, *options: self.refused(part, "estimate", "siegert", "g2.csv", *options)
        refused("contrast=0: is 0; a contrast is positive", "--set", "contrast=0")
        refused("contrast_error=0.1: needs contrast", "--set", "contrast_error=0.1")
        refused("baseline_error=0.1: needs baseline", "--set", "baseline_error=0.1")
        refused("an error is not negative", *given, "--set", "contrast_error=-1")
        refused("no inversion for it", "--set", "normalisation=pearson")

    def test_static_regions_wherever_frames_are_read(self):
        rng = numpy.random.default_rng(4)
        static = numpy.repeat(numpy.arange(1, 5, dtype="int32"), 5)[None, :].repeat(16, 0)
        with h5py.File(self.folder / "scan.h5", "w") as f:
            f["entry/instrument/detector/data"] = rng.poisson(static * 0.4, (80, 16, 20)).astype("uint8")
            f["static"] = static
        boost = ("--set", "normalisation=boost_corr", "--set", "static_regions=/static")
        self.ok("analyze", "scan.h5", "-o", "result.h5", "--quiet", "--static-regions", "/static", *boost[:2])
        with h5py.File(self.folder / "result.h5") as f:
            g2 = f["entry/scan/g2/y"][()]
        document, _ = self.estimate("g2", "scan.h5", *boost)
        numpy.testing.assert_array_equal([row["value"] for row in document["estimates"]], g2)
        self.assertLess(abs(g2.mean() - 1), 0.02)  # the gradient is taken out; it would raise g2 by 0.2
        for estimator in ("kww", "ageing_law", "chi4", "events", "contrast", "master_curve", "siegert"):
            extra = ("--set", "lag=3") if estimator == "chi4" else ("--set", "ages=2") if "a" in estimator[:2] else ()
            self.ok("estimate", estimator, "scan.h5", *boost, *extra)
        self.refused("no such dataset", "estimate", "g2", "scan.h5", *boost[:2], "--set", "static_regions=/absent")
        self.refused("the sources of a scenario have none", "run", "small.toml", "--set",
                     "analysis.normalisation=boost_corr")

    def test_errors_of_g2_by_name(self):
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        seen = {}
        for errors in ("automatic", "pixels", "formula", "bootstrap", "frames", "independent"):
            document, rows = self.estimate("g2", "data.h5", "--set", f"errors={errors}")
            (row,) = rows.values()
            seen[errors] = (row["quantity"], next(e["standard_error"] for e in document["estimates"]), row["note"])
        self.assertEqual(seen["automatic"], seen["pixels"])
        self.assertEqual(seen["bootstrap"][0], "g2_population")
        self.assertEqual(seen["pixels"][0], "g2")
        self.assertIn("covers g2 of this run", seen["formula"][2])
        self.assertIn("too small", seen["independent"][2])
        self.assertEqual(len({error for _, error, _ in seen.values()}), 5)
        self.estimate("kww", "data.h5", "--set", "errors=bootstrap", "--set", "block_length=9")
        self.refused('belongs to errors = "bootstrap"', "estimate", "kww", "data.h5", "--set", "block_length=9")
        self.refused("known are automatic, pixels, formula", "estimate", "g2", "data.h5", "--set", "errors=sem")

    def test_fits_with_two_decays_covariance_and_profile(self):
        lags = range(1, 300)
        curve = [1 + 0.1 * (0.4 * numpy.exp(-2 * t / 4) + 0.6 * numpy.exp(-2 * (t / 60) ** 1.5)) for t in lags]
        self.write("g2.csv", "lag [s], g2, g2_error\n" + "".join(f"{t},{y},0.0001\n" for t, y in zip(lags, curve)))
        document, rows = self.estimate("double_kww", "g2.csv", "--set", "form=intensity")
        self.assertEqual(document["status"], "ok")
        self.assertAlmostEqual(rows["tau_slow"]["value"], 60, places=3)
        self.assertAlmostEqual(rows["fast_share"]["value"], 0.4, places=4)
        self.refused("known are field, intensity", "estimate", "double_kww", "g2.csv", "--set", "form=sum")
        _, rows = self.estimate("kww", "g2.csv", "--set", "intervals=profile")
        self.assertIn("profile interval, the linear one is", rows["tau"]["note"])
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        _, rows = self.estimate("kww", "data.h5", "--set", "weights=covariance")
        self.assertIn("weighed by the covariance", rows["tau"]["note"])
        self.estimate("double_kww", "data.h5")

    def test_master_curve_and_visibility(self):
        self.ok("generate", "small.toml", "--quiet", "-o", "data.h5")
        _, rows = self.estimate("master_curve", "data.h5", "--set", "draws=200")
        self.assertEqual(set(rows), {"master_curve_statistic", "master_curve_p_value", "master_curve_beta"})
        self.refused("bins = 2; three or more", "estimate", "master_curve", "data.h5", "--set", "bins=2")
        self.refused("not HDF5", "estimate", "master_curve", self.write("a.csv", "1,2\n2,3\n"))
        document, _ = self.estimate("contrast", "data.h5")
        names = [e["quantity"] for e in document["estimates"]]
        self.assertIn("speckle_visibility", names)
        self.assertIn("speckle_visibility_from_g2", names)


if __name__ == "__main__":
    unittest.main()
