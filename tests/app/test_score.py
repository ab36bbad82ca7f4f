"""vitrum score: anyone's estimates, judged as a user would call it."""
import json
import unittest

import numpy

from program import ProgramTest


class Score(ProgramTest):
    def table(self, rows, header="replicate,method,estimate,se,truth"):
        return self.write("estimates.csv", header + "\n" + "\n".join(rows) + "\n")

    def measures(self, *arguments):
        document = json.loads(self.ok("score", *arguments, "--json"))
        return document["groups"]

    def test_measures_against_numpy(self):
        random = numpy.random.default_rng(3)
        a = random.normal(5.2, 1.0, 200)
        b = a + random.normal(0, 0.5, 200)
        rows = [f"{i},{m},{x!r},1.0,5" for i in range(200) for m, x in (("A", float(a[i])), ("B", float(b[i])))]
        (group,) = self.measures(self.table(rows), "--reference", "A")
        own = {m["method"]: m["own_successes"] for m in group["methods"]}
        self.assertAlmostEqual(own["A"]["bias"]["value"], a.mean() - 5, places=12)
        self.assertAlmostEqual(own["A"]["bias"]["mcse"], a.std(ddof=1) / 200 ** 0.5, places=12)
        self.assertAlmostEqual(own["B"]["empirical_se"]["value"], b.std(ddof=1), places=12)
        self.assertAlmostEqual(own["A"]["coverage"]["value"], numpy.mean(abs(a - 5) < 1.959963985), places=12)
        gain = group["methods"][1]["against_reference"]["precision_gain"]
        ratio = a.var() / b.var()
        self.assertAlmostEqual(gain["value"], 100 * (ratio - 1), places=9)
        rho = numpy.corrcoef(a, b)[0, 1]
        self.assertAlmostEqual(gain["mcse"], 200 * ratio * ((1 - rho ** 2) / 199) ** 0.5, places=9)

    def test_failures_are_counted_and_common_successes_judged_apart(self):
        rows = ["0,A,1,1,1", "1,A,2,1,1", "2,A,3,1,1", "3,A,9,1,1", "0,B,1,,1", "1,B,2,1,1", "2,B,3,1,1", "3,B,NaN,,1"]
        (group,) = self.measures(self.table(rows))
        a, b = group["methods"]
        self.assertEqual((group["replicates"], group["common"]), (4, 3))
        self.assertEqual((a["failed"], b["failed"], b["without_error"]), (0, 1, 1))
        self.assertEqual(a["own_successes"]["bias"]["value"], 2.75)
        self.assertEqual(a["common_successes"]["bias"]["value"], 1)
        self.assertEqual(b["own_successes"]["coverage"]["replicates"], 2)

    def test_groups_limits_and_a_single_truth(self):
        rows = [f"{c},{i},{i % 3},{i % 3 - 1},{i % 3 + 1}" for c in ("low", "high") for i in range(9)]
        path = self.table(rows, "counts,rep,est,lower,upper")
        low, high = self.measures(path, "--group", "counts", "--truth", "1")
        self.assertEqual(low["group"], {"counts": "low"})
        self.assertEqual(high["methods"][0]["own_successes"]["coverage"]["value"], 1)
        self.assertIn("bias", self.ok("score", path, "--truth", "1", "--group", "counts"))

    def test_status_column(self):
        rows = ["0,1,ok", "1,2,ok", "2,30,at_bound"]
        (group,) = self.measures(self.table(rows, "rep,est,status"))
        self.assertEqual(group["methods"][0]["failed"], 1)
        self.assertEqual(group["methods"][0]["own_successes"]["mean"]["value"], 1.5)

    def test_bad_input_is_one_line(self):
        good = self.table(["0,A,1,1,1", "1,A,2,1,1"])
        self.refused("no such file", "score", "none.csv")
        self.refused("has no column 'tru'", "score", good, "--truth", "tru")
        self.refused("has no method 'C'", "score", good, "--reference", "C")
        self.refused("stands twice", "score", self.table(["0,A,1,1,1", "0,A,2,1,1"]))
        self.refused(":3: standard error -1", "score", self.table(["0,A,1,1,1", "1,A,2,-1,1"]))
        self.refused("estimate = 'x' is not a number", "score", self.table(["0,A,x,1,1", "1,A,2,1,1"]))
        self.refused("no column of estimates", "score", self.table(["0,1", "1,2"], "rep,guess"))
        self.refused("one limit", "score", self.table(["0,1,1", "1,2,1"], "rep,est,lower"))
        self.refused("crossed", "score", self.table(["0,1,1,0", "1,2,1,3"], "rep,est,lower,upper"))
        self.refused("3 fields where the first row has 5", "score", self.table(["0,A,1"]))


if __name__ == "__main__":
    unittest.main()
