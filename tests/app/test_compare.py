"""Scans side by side: places from the files, both branches, rows across scans, points of others."""
import csv
import json
import math
import unittest

import h5py
import numpy

from program import ProgramTest

KT = 0.01380649 * 300  # GPa angstrom^3
STEP = 0.5
LOOP = (("p1", 1.0, 8.0), ("p2", 2.0, 12.0), ("p3", 3.0, 18.0), ("p2_back", 2.004, 24.0), ("p1_back", 1.0, 16.0))


class Compare(ProgramTest):
    def scan(self, name, tau, start, seed, frames=200, temperature=300.0, **sample):
        """Fully developed speckle whose field forgets exponentially, tau [s], as counts."""
        random = numpy.random.default_rng(seed)
        keep = math.exp(-STEP / tau)
        noise = random.normal(size=(frames, 600, 2)) / math.sqrt(2)
        field = noise[0]
        counts = numpy.empty((frames, 600), "uint16")
        for f in range(frames):
            field = keep * field + math.sqrt(1 - keep * keep) * noise[f] if f else field
            counts[f] = random.poisson(3 * (field ** 2).sum(1))
        with h5py.File(self.folder / f"{name}.h5", "w") as f:
            f["entry/instrument/detector/data"] = counts.reshape(frames, 20, 30)
            f["entry/instrument/detector/frame_time"] = STEP
            if start is not None:
                f["entry/start_time"] = f"2026-03-01T10:{start:02d}:00"
            if temperature:
                f["entry/sample/temperature"] = temperature
            for key, value in sample.items():
                f[f"entry/sample/{key}"] = value
                f[f"entry/sample/{key}"].attrs["units"] = "GPa"

    def results(self, *names):
        for name in names:
            self.ok("analyze", f"{name}.h5", "--quiet", "--set", "baseline=1")
        return [f"{name}_result.h5" for name in names]

    def compared(self, *arguments):
        return json.loads(self.ok("compare", *arguments, "--json"))

    @staticmethod
    def of(scan, quantity):
        return next(e for e in scan["estimates"] if e["quantity"] == quantity)

    def test_a_loop_in_pressure(self):
        for i, (name, pressure, tau) in enumerate(LOOP):
            self.scan(name, tau, 5 * i, i, pressure=pressure)
        files = self.results(*(name for name, *_ in LOOP))
        found = self.compared(*reversed(files))  # the order is that of the starts, not of the command line
        self.assertEqual(found["along"], "pressure")
        by_name = {scan["name"]: scan for scan in found["scans"]}
        for name, pressure, tau in LOOP:
            place = by_name[name]["place"]
            self.assertEqual(place["branch"]["text"], "decompression" if "back" in name else "compression")
            self.assertAlmostEqual(place["pressure"]["value"], 2.002 if pressure > 2 and pressure < 3 or name == "p2"
                                   else pressure)
            self.assertEqual(place["temperature"]["value"], 300)
            row = self.of(by_name[name], "tau")
            self.assertEqual(row["status"], "ok")
            self.assertLess(abs(row["value"] - tau), 5 * row["standard_error"])
        tau = {name: self.of(scan, "tau")["value"] for name, scan in by_name.items()}
        volumes = [e for e in found["estimates"] if e["quantity"] == "activation_volume"]
        up = next(e for e in volumes if e["abscissa"]["branch"]["text"] == "compression" and
                  e["abscissa"]["pressure"]["value"] < 2)
        self.assertAlmostEqual(up["value"], KT * math.log(tau["p2"] / tau["p1"]) / 1.002, places=6)
        ratios = {round(e["abscissa"]["pressure"]["value"], 3): e["value"] for e in found["estimates"]
                  if e["quantity"] == "branch_log_ratio"}
        self.assertEqual(sorted(ratios), [1.0, 2.002])
        self.assertAlmostEqual(ratios[1.0], math.log(tau["p1_back"] / tau["p1"]), places=6)
        self.assertAlmostEqual(ratios[2.002], math.log(tau["p2_back"] / tau["p2"]), places=6)

        # The table is read back, the report holds both branches and what others published.
        self.write("paper.csv", "# pressure [GPa], tau [s], tau_error [s]\npressure [MPa], tau [s], tau_error [s]\n"
                   "1000, 9, 1\n2500, 15, 2\n")
        self.ok("compare", *files, "-o", "table.csv", "--report", "page.html", "--over", "paper.csv")
        lines = [line for line in (self.folder / "table.csv").read_text().splitlines() if not line.startswith("#")]
        rows = list(csv.DictReader(lines, skipinitialspace=True))
        self.assertEqual(len(rows), 7)
        self.assertAlmostEqual(float(rows[0]["tau [s]"]), tau["p1"])
        self.assertEqual([float(r["pressure [GPa]"]) for r in rows[5:]], [1, 2.5])
        self.assertEqual([float(r["tau [s]"]) for r in rows[5:]], [9, 15])
        page = (self.folder / "page.html").read_text()
        for text in ("decompression", "paper", "heterogeneity", "tau"):
            self.assertIn(text, page)
        self.ok("compare", *files[:3], "-o", "up.csv")
        again = json.loads(self.ok("estimate", "activation_volume", "up.csv", "--json", "--set", 'temperature="300 K"'))
        self.assertAlmostEqual(again["estimates"][0]["value"],
                               KT * math.log(tau["p2"] / tau["p1"]), places=6)

        # What is given wins; a value too few, an unknown name and an order that is none are refused.
        placed = self.compared(*files, "--place", "pressure=1, 2, 3, 4, 5 GPa", "--place",
                               "temperature=" + ", ".join(["400 K"] * 5))
        self.assertEqual([s["place"]["pressure"]["value"] for s in placed["scans"]], [1, 2, 3, 4, 5])
        self.assertNotIn("branch", placed["scans"][0]["place"])
        self.refused("4 values for 5 data sets", "compare", *files, "--place", "pressure=1, 2, 3, 4 GPa")
        self.refused("did you mean 'pressure'", "compare", *files, "--place", "presure=1 GPa")
        self.refused("no such dataset", "compare", *files, "--place", "pressure=/entry/SERIES/traces/cell/value")
        self.refused("no column 'pressure'", "compare", *files, "--over", self.write("no.csv", "p, tau\n1, 2\n"))
        self.refused("ends in .csv", "compare", *files, "-o", "table.h5")
        self.refused("is not a result", "compare", "p1.h5", files[1])

    def test_ageing_at_one_pressure(self):
        for i, tau in enumerate((6.0, 9.0, 13.0, 20.0)):
            self.scan(f"age{i}", tau, 10 * i, 10 + i, pressure=2.0)
        files = self.results("age0", "age1", "age2", "age3")
        found = self.compared(*files)
        self.assertEqual(found["along"], "time")
        self.assertEqual([s["place"]["time"]["value"] for s in found["scans"]], [0, 600, 1200, 1800])
        self.assertEqual(found["scans"][0]["source"], "scans at 2 GPa, 300 K")
        rate = next(e for e in found["estimates"] if e["quantity"] == "ageing_rate")
        self.assertLess(abs(rate["value"] - math.log(20 / 6) / 1800), 5 * rate["standard_error"] + 1e-4)

    def test_places_that_nobody_knows(self):
        self.scan("a", 8.0, None, 1, temperature=None)
        self.scan("b", 12.0, None, 2, temperature=None)
        files = self.results("a", "b")
        self.refused("--place pressure=", "compare", *files)
        found = self.compared(*files, "--place", "pressure=1,3 GPa")
        self.assertEqual([s["place"]["pressure"]["value"] for s in found["scans"]], [1, 3])
        self.assertIn("No temperature is known", found["notes"][0])
        warm = self.compared(*files, "--place", "pressure=1,3 GPa", "--temperature", "300 K")
        volume = next(e for e in warm["estimates"] if e["quantity"] == "activation_volume")
        tau = [self.of(s, "tau")["value"] for s in warm["scans"]]
        self.assertAlmostEqual(volume["value"], KT * math.log(tau[1] / tau[0]) / 2, places=6)


if __name__ == "__main__":
    unittest.main()
