"""vitrum plan: a small experiment from end to end, the same bits for any threads, input that is refused."""
import json
import unittest

from program import ProgramTest

EXPERIMENT = """
[experiment]
title = "Tiny"
contrast = 0.3
pixels = 256
mean_count = 1.0
frames = 100
frame_time = "1 s"
tau = "5 s"
beta = 1.2
"""

OPTICS = """
[experiment]
title = "Optics"
energy = "21 keV"
distance = "5 m"
pixel_size = "55 um"
beam_size = "10 um"
wavevector = "2.8 1/angstrom"
bandwidth = 1.4e-4
thickness = "30 um"
detector_rows = 512
detector_columns = 512
counted_flux = 1e5
frames = 1500
frame_time = "5 s"
tau = "300 s"
beta = 1.5
"""


class Plan(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", EXPERIMENT)

    def test_from_end_to_end(self):
        one = self.ok("plan", "tiny.toml", "--quiet", "--replicates", 30, "--threads", 1, "--json")
        two = self.ok("plan", "tiny.toml", "--quiet", "--replicates", 30, "--threads", 2, "--json")
        self.assertEqual(one, two)
        plan = json.loads(one)
        self.assertEqual(plan["simulated"]["notes"], [])
        expected = [f for f in plan["forecasts"] if f["expected"]]
        self.assertEqual([f["tau"] for f in expected], [5.0])
        tau = next(q for q in expected[0]["quantities"] if q["quantity"] == "tau")
        spread = tau["spread"]["value"]
        # 30 scans of 20 tau: the fit works, and its error is right within a factor 2.5 (a spread has 13 % here).
        self.assertEqual(tau["without_estimate"], 0)
        self.assertLess(spread / 5, 0.3)
        self.assertLess(abs(tau["bias"]["value"]), 2 * spread)
        self.assertLess(max(spread / tau["reported_error"]["value"], tau["reported_error"]["value"] / spread), 2.5)
        self.assertGreater(spread, tau["cramer_rao"]["standard_error"])
        change = plan["smallest_change_of_tau"]["relative"]
        self.assertAlmostEqual(change, (1.959964 + 0.841621) * 2 ** 0.5 * spread / 5, places=6)
        seen = {e["fraction"]: e["seen"]["value"] for e in plan["events"]}
        self.assertEqual(sorted(seen), [0, 0.1, 0.2, 0.5, 1])
        # False alarms at 5 %: 8 of 30 and more have a chance of 1e-4. The largest event is seen more often:
        # with 256 pixels by no means always.
        self.assertLess(seen[0], 8 / 30)
        self.assertGreater(seen[1], 8 / 30)
        floor = plan["heterogeneity"]
        self.assertGreater(floor["smallest_width"], floor["smallest_excess"])
        self.assertEqual(plan["domain"]["study"][:3], "KWW")
        self.assertEqual(sorted(f.name for f in self.folder.iterdir()), ["small.toml", "tiny.toml"])
        # The study that it ran is a study.
        self.write("again.toml", plan["study"])
        self.ok("validate", "again.toml", "--quiet", "-o", "again.h5", "--replicates", 10)

    def test_text_and_page(self):
        text = self.ok("plan", "tiny.toml", "--quiet", "--replicates", 10, "--report", "plan.html")
        for part in ("What follows from the experiment", "no estimate", "Cramer-Rao", "false alarms", "Smallest change",
                     "validated domain", "Nearest:"):
            self.assertIn(part, text)
        page = (self.folder / "plan.html").read_text()
        self.assertIn("What the fit would give", page)
        self.assertIn("[study]", page)
        self.refused("exists", "plan", "tiny.toml", "--report", "plan.html")

    def test_a_large_one_is_scaled_and_says_so(self):
        self.write("large.toml", OPTICS.replace("frames = 1500", "frames = 150"))
        text = self.ok("plan", "large.toml", "--quiet", "--replicates", 10)
        self.assertIn("This is smaller than the experiment:", text)
        self.assertIn("of 262144 pixels are simulated", text)
        self.assertIn("(from memory)", text)
        self.assertIn("OUTSIDE", text)

    def test_bad_input(self):
        cases = [
            (EXPERIMENT, "beta = 1.2", "beta = 2.4", "beta"),
            (EXPERIMENT, "beta = 1.2", "betta = 1.2", "beta"),
            (EXPERIMENT, "contrast = 0.3", "contrast = 1.3", "at most 1"),
            (EXPERIMENT, "contrast = 0.3\n", "", "or give energy"),
            (EXPERIMENT, "contrast = 0.3", "contrast = 0.3\nthickness = \"5 um\"", "belongs to the optics"),
            (EXPERIMENT, "mean_count = 1.0\n", "", "counted_flux"),
            (EXPERIMENT, "mean_count = 1.0", "mean_count = 0", "positive"),
            (EXPERIMENT, "pixels = 256", "pixels = 20", "fewer than 100"),
            (EXPERIMENT, "frames = 100", "frames = 5", "at least 20"),
            (EXPERIMENT, 'tau = "5 s"', "tau = 5", "tau"),
            (EXPERIMENT, 'tau = "5 s"', 'tau = "5 s"\ndrift = "2 nm/s"', "needs beam_size"),
            (EXPERIMENT, "[experiment]", "[experiments]", "[experiments] is unknown"),
            (OPTICS, "counted_flux = 1e5", "flux = 1e11", "counted_share"),
            (OPTICS, "bandwidth = 1.4e-4", "bandwidth = 0.5", "bandwidth"),
            (OPTICS, 'wavevector = "2.8 1/angstrom"', "angle = 95", "between 0 and 90"),
            (OPTICS, 'distance = "5 m"', 'distance = "5 s"', "distance"),
        ]
        for text, old, new, message in cases:
            with self.subTest(new=new):
                self.assertIn(old, text)
                self.write("bad.toml", text.replace(old, new))
                self.refused(message, "plan", "bad.toml")
        self.refused("at least 10", "plan", "tiny.toml", "--replicates", 3)
        self.refused("nowhere.toml", "plan", "nowhere.toml")


if __name__ == "__main__":
    unittest.main()
