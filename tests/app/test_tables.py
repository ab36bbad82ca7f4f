"""Tables that other programs wrote: order of rows, gaps, marks, decimal commas, counts, and names with slips."""
import json
import unittest

import numpy

from program import ProgramTest

MARK = "\ufeff"


class Tables(ProgramTest):
    def estimate(self, *arguments):
        document = json.loads(self.ok("estimate", *arguments, "--json"))
        return document, {row["quantity"]: row for row in document["estimates"]}

    def rows(self, *arguments):
        return [(r["quantity"], r["value"], r["standard_error"], r["status"])
                for r in self.estimate(*arguments)[0]["estimates"]]

    def decay(self, tau=6.0, points=60, step=0.5, noise=1e-3, seed=3):
        """Lines "lag,g2,error" of one decay."""
        rng = numpy.random.default_rng(seed)
        lag = step * numpy.arange(1, points + 1)
        g2 = 1.02 + 0.2 * numpy.exp(-2 * lag / tau) + rng.normal(0, noise, points)
        return [f"{t:.2f},{y:.6f},{noise}" for t, y in zip(lag, g2)]

    def table(self, name, lines, header="lag [s],g2,g2_error", encoding="utf-8"):
        (self.folder / name).write_bytes((header + "\n" + "\n".join(lines) + "\n").encode(encoding))
        return name

    def test_lags_in_any_order(self):
        lines = self.decay()
        self.table("up.csv", lines)
        self.table("down.csv", lines[::-1])
        self.table("mixed.csv", [lines[i] for i in numpy.random.default_rng(1).permutation(len(lines))])
        for estimator in ("kww", "double_kww", "siegert"):
            up = self.rows(estimator, "up.csv")
            self.assertEqual(up, self.rows(estimator, "down.csv"), estimator)
            self.assertEqual(up, self.rows(estimator, "mixed.csv"), estimator)
        _, rows = self.estimate("kww", "down.csv")
        self.assertEqual(rows["tau"]["status"], "ok")
        self.assertLess(abs(rows["tau"]["value"] - 6), 5 * rows["tau"]["standard_error"])

    def test_lags_twice_are_refused(self):
        lines = self.decay()
        lag, _, error = lines[7].split(",")
        self.table("twice.csv", lines + [f"{lag},1.5,{error}"])
        self.refused("lag = 4 stands twice, in lines 9 and 62", "estimate", "kww", "twice.csv")

    def test_one_row_written_twice_is_one(self):
        lines = self.decay()
        self.table("plain.csv", lines)
        self.table("twice.csv", lines[20:] + lines[:20] + [lines[7]])
        self.assertEqual(self.rows("kww", "plain.csv"), self.rows("kww", "twice.csv"))
        _, rows = self.estimate("kww", "twice.csv")
        self.assertIn("1 row twice, taken once", rows["tau"]["note"])

    def test_gaps_are_left_out_and_said(self):
        lines = self.decay()
        self.table("whole.csv", lines[:3] + lines[4:])
        whole = self.rows("kww", "whole.csv")
        lag, g2, error = lines[3].split(",")
        for gap in (f"{lag},nan,nan", f"{lag},nan,{error}", f"{lag},{g2},inf", f"nan,{g2},{error}", f"{lag},,{error}"):
            self.table("gap.csv", lines[:3] + [gap] + lines[4:])
            self.assertEqual(whole, self.rows("kww", "gap.csv"), gap)
            _, rows = self.estimate("kww", "gap.csv")
            self.assertIn("1 row left out, not a finite number (line 5)", rows["tau"]["note"])
        self.table("zero.csv", lines[:3] + [f"{lag},{g2},0"] + lines[4:])
        self.refused("zero.csv:5: g2_error = 0; an error is positive", "estimate", "kww", "zero.csv")
        self.table("empty.csv", [f"{lag},nan,nan"])
        self.refused("no row with a number in every column used", "estimate", "kww", "empty.csv")

    def test_lags_that_are_not_positive_are_left_out_and_said(self):
        lines = self.decay()
        self.table("plain.csv", lines)
        mirrored = ["-" + line for line in lines[:12]]
        for added, said in ((mirrored, "12 rows of negative lag left out"), (["0,9.7,0.001"], "row of lag 0 left out"),
                            (["-0.5,1.2,0.001"], "1 row of negative lag left out")):
            self.table("more.csv", lines + added)
            for estimator in ("kww", "double_kww", "siegert"):
                self.assertEqual(self.rows(estimator, "plain.csv"), self.rows(estimator, "more.csv"), said)
                document, _ = self.estimate(estimator, "more.csv")
                for row in document["estimates"]:
                    self.assertIn(said, row["note"])
        self.table("none.csv", mirrored + ["0,9.7,0.001"])
        self.refused("none.csv': no lag is positive; the largest is 0", "estimate", "kww", "none.csv")

    def test_other_axes_in_any_order(self):
        def both(estimator, header, lines, *settings):
            self.table("up.csv", lines, header)
            self.table("down.csv", lines[::-1], header)
            up = self.estimate(estimator, "up.csv", *settings)[0]
            down = self.estimate(estimator, "down.csv", *settings)[0]
            self.assertEqual(up["estimates"], down["estimates"], estimator)
            self.assertEqual(up.get("curves"), down.get("curves"), estimator)

        t = numpy.arange(300, 1100, 50.0)
        both("glass_transition", "temperature [K],volume",
             [f"{x},{15 + 1e-3 * x + 2e-3 * max(0, x - 700)}" for x in t])
        p = numpy.linspace(0, 5, 9)
        both("crossover_pressure", "pressure [GPa],tau,tau_error", [f"{x},{20 / numpy.cosh(x - 2.5)},0.1" for x in p])
        both("activation_volume", "pressure [GPa],tau,tau_error", [f"{x},{20 + x},0.1" for x in p], "--set",
             "temperature=300 K")
        both("equation_of_state", "volume,pressure [GPa]", [f"{v},{100 * numpy.log(20 / v)}" for v in
                                                             numpy.linspace(17, 20, 8)])
        q = numpy.linspace(0.5, 10, 200)
        s = 1 + 2 * numpy.exp(-((q - 2.7) / 0.2) ** 2)
        both("fsdp", "q,S", [f"{a:.6f},{b:.6f}" for a, b in zip(q, s)])
        both("reduced_pair_distribution", "q,S", [f"{a:.6f},{b:.6f}" for a, b in zip(q, s)])
        both("ageing_law", "age [s],tau [s],tau_error [s]", [f"{a},{34 * numpy.exp(a / 2300)},0.5" for a in
                                                              range(0, 2000, 200)])
        self.table("twice.csv", ["1,20,1", "2,21,1", "1,22,1"], "pressure,tau,tau_error")
        self.refused("pressure = 1 stands twice, in lines 2 and 4", "estimate", "activation_volume", "twice.csv", "--set",
                     "temperature=300 K")

    def test_marks_and_decimal_commas_change_nothing(self):
        lines = self.decay()
        self.table("plain.csv", lines)
        plain = self.rows("kww", "plain.csv")
        self.table("mark.csv", lines, MARK + "lag [s],g2,g2_error")
        german = [line.replace(",", ";").replace(".", ",") for line in lines]
        self.table("german.csv", german, "Lag (s);G2;G2 error")
        self.table("windows.csv", [line + ",\r" for line in lines], '"lag [s]","g2","g2_error"\r')
        for name in ("mark.csv", "german.csv", "windows.csv"):
            self.assertEqual(plain, self.rows("kww", name), name)
        self.table("wide.csv", lines, encoding="utf-16")
        self.refused("UTF-16", "estimate", "kww", "wide.csv")
        self.table("blank.csv", [line.replace(",", " ").replace(".", ",") for line in lines], "lag g2 g2_error")
        self.refused("decimal commas", "estimate", "kww", "blank.csv")
        self.table("comma.csv", [line.replace(".", ",") for line in lines])
        self.refused("decimal commas?", "estimate", "kww", "comma.csv")

    def test_names_with_slips_are_not_lost(self):
        lines = self.decay()
        self.table("slip.csv", lines, "lag [s],g2,g2_eror")
        message = self.refused("has a column 'g2_eror'; did you mean 'g2_error'?", "estimate", "kww", "slip.csv")
        self.assertIn("--set error=none", message)
        _, rows = self.estimate("kww", "slip.csv", "--set", "error=none")
        self.assertIn("columns not used: g2_eror", rows["tau"]["note"])
        _, rows = self.estimate("kww", "slip.csv", "--set", "error=3")
        self.assertNotIn("not used", rows["tau"]["note"])

    def test_columns_by_number(self):
        lines = self.decay()
        plain = self.rows("kww", self.table("plain.csv", lines))
        other = [",".join(("7", line.split(",")[1], line.split(",")[0], line.split(",")[2])) for line in lines]
        self.table("other.csv", other, "run,y,when,spread")
        by_name = self.rows("kww", "other.csv", "--set", "x=when", "--set", "error=spread")
        by_number = self.rows("kww", "other.csv", "--set", "x=3", "--set", "y=2", "--set", "error=4")
        self.assertEqual(by_name, by_number)
        self.assertEqual([r[1] for r in plain], [r[1] for r in by_number])
        self.refused("no column '9'", "estimate", "kww", "other.csv", "--set", "x=9")
        self.refused("x", "estimate", "kww", "other.csv", "--set", "x=1.5")
        (self.folder / "sizes.csv").write_text(MARK + "9.5\n3.0\n4.25\n5.1\n3.3\n")
        _, rows = self.estimate("power_law", "sizes.csv", "--set", "x_min=2.5", "--set", "x=1")
        self.assertIn("5 sizes from x_min = 2.5", rows["power_law_exponent"]["note"])

    def test_score_of_marked_tables(self):
        rng = numpy.random.default_rng(5)
        rows = [f"{'ok' if i % 3 else 'failed'},{(5 if i % 3 else 14) + rng.normal(0, 0.3)!r},0.3,5" for i in range(60)]

        def measures(name, header, lines):
            (self.folder / name).write_text(header + "\n" + "\n".join(lines) + "\n")
            (group,) = json.loads(self.ok("score", name, "--json"))["groups"]
            return group

        plain = measures("plain.csv", "status,estimate,se,truth", rows)
        self.assertEqual(plain["methods"][0]["failed"], 20)
        self.assertEqual(plain, measures("mark.csv", MARK + "status,estimate,se,truth", rows))
        self.assertEqual(plain, measures("upper.csv", "Status,Estimate,SE,Truth", rows))
        self.assertEqual(plain, measures("german.csv", "status;estimate;se;truth",
                                         [r.replace(",", ";").replace(".", ",") for r in rows]))
        (self.folder / "slip.csv").write_text("statsu,estimate,se,truth\n" + "\n".join(rows) + "\n")
        self.refused("has a column 'statsu'; did you mean 'status'?", "score", "slip.csv")

    def test_scenarios_of_other_editors(self):
        text = (self.folder / "small.toml").read_text()
        (self.folder / "mark.toml").write_bytes((MARK + text.replace("\n", "\r\n")).encode())
        self.ok("generate", "small.toml", "--quiet", "-o", "a.h5")
        self.ok("generate", "mark.toml", "--quiet", "-o", "b.h5")
        (self.folder / "wide.toml").write_bytes(text.encode("utf-16"))
        self.refused("UTF-16", "run", "wide.toml")

    def test_counts_follow_the_discrete_law(self):
        rng = numpy.random.default_rng(8)
        sizes = rng.zipf(2.5, 4000)
        (self.folder / "counts.csv").write_text("size\n" + "\n".join(map(str, sizes)) + "\n")

        def alpha(*settings):
            _, rows = self.estimate("power_law", "counts.csv", *settings)
            return rows["power_law_exponent"]

        found = alpha("--set", "x_min=1")
        self.assertLess(abs(found["value"] - 2.5), 5 * found["standard_error"])
        self.assertIn("discrete law in steps of 1", found["note"])
        self.assertEqual(found["value"], alpha("--set", "x_min=1", "--set", "kind=discrete")["value"])
        wrong = alpha("--set", "x_min=1", "--set", "kind=continuous")
        self.assertAlmostEqual(wrong["value"], 1 + len(sizes) / numpy.log(sizes).sum(), places=10)
        self.assertGreater(wrong["value"], 4)
        half = alpha("--set", "x_min=1", "--set", "fit=half_step")
        self.assertAlmostEqual(half["value"], 1 + 1 / numpy.log(2 * sizes).mean(), places=10)
        self.assertLess(half["value"] + 5 * half["standard_error"], 2.5)
        refused = lambda part, *settings: self.refused(part, "estimate", "power_law", "counts.csv", *settings)
        refused("is continuous; fit = \"half_step\" is of counts", "--set", "x_min=1", "--set", "fit=half_step",
                "--set", "kind=continuous")
        refused("unknown key 'compare'", "--set", "x_min=1", "--set", "fit=binned", "--set", "compare=true")
        refused("x_min=0: is 0; the smallest size is positive", "--set", "x_min=0")
        refused("x_min=-2", "--set", "x_min=-2")
        refused("kind=", "--set", "x_min=1", "--set", "kind=whole")
        (self.folder / "negative.csv").write_text("size\n2\n3\n-4\n5\n")
        self.refused("negative.csv:4: size -4; a size is positive", "estimate", "power_law", "negative.csv", "--set",
                     "x_min=1")

    def test_stresses_in_place_of_pressures(self):
        volumes = numpy.linspace(17, 19.9, 8)
        self.table("stress.csv", [f"{v},{-100 * numpy.log(20 / v)}" for v in volumes], "volume,pressure [GPa]")
        for estimator in ("equation_of_state", "local_bulk_modulus"):
            self.refused("a pressure is minus the mean stress", "estimate", estimator, "stress.csv")
        self.table("tension.csv", [f"{v},{100 * numpy.log(20 / v)}" for v in volumes + 3.1], "volume,pressure [GPa]")
        document, _ = self.estimate("local_bulk_modulus", "tension.csv")
        self.assertIn("all pressures are negative", document["estimates"][0]["note"])
        self.table("tau.csv", ["-1,20,1", "-2,21,1", "-3,25,1"], "pressure,tau,tau_error")
        _, rows = self.estimate("activation_volume", "tau.csv", "--set", "temperature=300 K")
        self.assertIn("all pressures are negative; a stress has the other sign", rows["activation_volume"]["note"])


if __name__ == "__main__":
    unittest.main()
