"""vitrum challenge: blind data, a sealed truth, and its judgement, as a user would call it."""
import csv
import hashlib
import json
import math
import shutil
import struct
import unittest

import h5py
import numpy

from program import ProgramTest

CHALLENGE = """
[challenge]
title = "Blind speckle"
question = "Which program finds tau and beta?"
scenario = "glass.toml"
quantities = ["tau", "beta"]
relative = ["tau"]
replicates = 6

[set]
"source.glass.mean_count" = 2.125

[grid]
"source.glass.tau" = ["6.0625 s", "23.4375 s"]

[draw]
"source.glass.beta" = { from = 1.1, to = 1.9 }
"""

GLASS = """
[scenario]
title = "Glass with tau near 6 s, beta 1.3"
question = "A question that tells"
seed = 987654321

[source.glass]
kind = "speckle"
tau = "6 s"
frames = 60
rows = 12
columns = 12
intensity_noise = 0.05
"""


class Challenge(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("glass.toml", GLASS)
        self.write("c.toml", CHALLENGE)

    def make(self, *options):
        self.ok("challenge", "make", "c.toml", "-o", "blind", "--quiet", *options)
        return self.folder / "blind", self.contents(self.folder / "blind.seal")

    @staticmethod
    def contents(seal):
        return json.loads(json.loads(seal.read_text())["contents"])

    def reseal(self, change, correct_hash):
        """The seal with changed contents, with or without a hash that fits."""
        path = self.folder / "blind.seal"
        seal = json.loads(path.read_text())
        contents = json.loads(seal["contents"])
        change(contents)
        seal["contents"] = json.dumps(contents)
        if correct_hash:
            seal["hash"] = hashlib.sha256((seal["salt"] + seal["contents"]).encode()).hexdigest()
        path.write_text(json.dumps(seal))

    def submit(self, contents, name, answer):
        """A table with answer(truth, data set) = (estimate, error) of every asked number; None = no row."""
        lines = ["dataset,quantity,estimate,standard_error,lower,upper"]
        for i, data_set in enumerate(contents["data_sets"]):
            for row in data_set["truth"]:
                if row["quantity"] in contents["quantities"] and not row["at"]:
                    given = answer(row["value"], i)
                    if given is not None:
                        lines.append(f"{data_set['name']},{row['quantity']},{given[0]},{given[1]},,")
        return self.write(name, "\n".join(lines) + "\n")

    def test_files_tell_nothing(self):
        """The bytes of every file: no seed, no salt, no truth as text or as double, no key of the scenario.

        The shortest are four bytes long; compressed counts hold one of them by chance once in 10 000 runs.
        """
        folder, contents = self.make()
        seal = json.loads((self.folder / "blind.seal").read_text())
        names = sorted(p.name for p in folder.iterdir())
        self.assertEqual(names, ["README.txt"] + [f"set_{i:02d}.h5" for i in range(1, 13)] + ["submission_template.csv"])
        secrets = [seal["salt"].encode(), contents["seed"].encode(), bytes.fromhex(seal["salt"]),
                   b"987654321", b"glass", b"modes", b"mean_count", b"kind", b"speckle", b"Synthetic", b"tells",
                   b"incident_intensity", b"scenario", b"truth", b"replicate"]
        for half in (contents["seed"][:16], contents["seed"][16:]):
            secrets += [half.encode(), str(int(half, 16)).encode(), struct.pack("<Q", int(half, 16)),
                        struct.pack(">Q", int(half, 16))]
        values = {2.125}
        for data_set in contents["data_sets"]:
            values |= {row["value"] for row in data_set["truth"] if row["quantity"] in ("tau", "beta", "rate")}
            self.assertEqual(len({row["quantity"] for row in data_set["truth"]} & {"tau", "beta"}), 2)
        self.assertGreater(len(values), 12)
        for value in values:
            secrets += [repr(value).encode(), f"{value:.6g}".encode(), struct.pack("<d", value), struct.pack(">d", value)]
        for path in sorted(folder.iterdir()):
            content = path.read_bytes()
            self.assertIn(seal["hash"].encode(), content if path.suffix != ".csv" else seal["hash"].encode(), path)
            if path.name == "README.txt":
                content = content.replace(b"Their truth is known", b"").replace(b"the truth was changed", b"")
                content = content.replace(b"in parts of the truth", b"").replace(b"Blind speckle", b"")
            for secret in secrets:
                self.assertNotIn(secret, content, f"{path.name} holds {secret!r}")

    def test_what_a_data_file_holds(self):
        folder, contents = self.make()
        kinds, times = set(), set()
        for path in folder.glob("set_*.h5"):
            found = []
            with h5py.File(path) as file:
                file.visititems(lambda name, item: found.append((name, tuple(sorted(item.attrs)))))
                kinds.add((tuple(found), tuple(sorted(file.attrs))))
                self.assertEqual(file["entry/title"][()].decode(), path.stem)
                for item in ("entry/title", "entry/instrument/detector/data"):
                    self.assertEqual(h5py.h5o.get_info(file[item].id).mtime if hasattr(
                        h5py.h5o.get_info(file[item].id), "mtime") else 0, 0)
            times.add(path.stat().st_mtime_ns)
        self.assertEqual(len(kinds), 1, "files differ in what they hold")
        self.assertEqual(len(times), 1, "times of the files differ")
        ((items, attributes),) = kinds
        self.assertEqual(attributes, ("challenge_seal", "content", "creator", "data_hash", "default"))
        self.assertEqual([name for name, _ in items],
                         ["entry", "entry/data", "entry/data/data", "entry/instrument", "entry/instrument/detector",
                          "entry/instrument/detector/count_time", "entry/instrument/detector/frame_time",
                          "entry/instrument/detector/pixel_mask", "entry/series_name", "entry/title"])
        # The order: not that of the settings.
        settings = [data_set["setting"] for data_set in contents["data_sets"]]
        self.assertEqual(settings.count("tau = 6.0625 s"), 6)
        order = [data_set["number"] for data_set in contents["data_sets"]]
        self.assertEqual(sorted(order), list(range(12)))
        self.assertNotEqual(order, sorted(order))  # by chance once in 12!

    def test_two_challenges_share_nothing(self):
        _, first = self.make()
        hashes = {data_set["data_hash"] for data_set in first["data_sets"]}
        _, second = self.make("--force")
        self.assertNotEqual(first["seed"], second["seed"])
        hashes |= {data_set["data_hash"] for data_set in second["data_sets"]}
        self.assertEqual(len(hashes), 24)
        drawn = {data_set["settings"]["source.glass.beta"] for data_set in first["data_sets"]}
        self.assertEqual(len(drawn), 12)

    def test_seal_can_be_checked_by_hand(self):
        folder, contents = self.make()
        seal = json.loads((self.folder / "blind.seal").read_text())
        digest = hashlib.sha256((seal["salt"] + seal["contents"]).encode()).hexdigest()
        self.assertIn(f"SHA-256 of the seal: {digest}\n", (folder / "README.txt").read_text())
        for data_set in contents["data_sets"]:
            with h5py.File(folder / (data_set["name"] + ".h5")) as file:
                self.assertEqual(file.attrs["challenge_seal"], digest.encode())
            self.assertEqual(self.data_hash(folder / (data_set["name"] + ".h5")), data_set["data_hash"])
        self.assertEqual((self.folder / "blind.seal").stat().st_mode & 0o777, 0o600)

    def test_template_filled_by_analyze(self):
        """Every row of the template is asked for, and vitrum itself can take part: blind, and right."""
        folder, contents = self.make()
        with open(folder / "submission_template.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(list(rows[0]), ["dataset", "quantity", "estimate", "standard_error", "lower", "upper"])
        self.assertEqual(len(rows), 24)
        for row in rows:
            result = self.folder / f"{row['dataset']}_result.h5"
            if not result.exists():
                self.ok("analyze", folder / f"{row['dataset']}.h5", "-o", result, "--quiet")
            with h5py.File(result) as file:
                table = file["entry/estimates"]
                at = [q.decode() for q in table["quantity"]].index(row["quantity"])
                self.assertEqual(len(file["entry/truth/value"]), 0)
                for column, source in (("estimate", "value"), ("lower", "lower"), ("upper", "upper")):
                    row[column] = repr(float(table[source][at]))
        with open(self.folder / "vitrum.csv", "w", newline="") as file:
            out = csv.DictWriter(file, rows[0])
            out.writeheader()
            out.writerows(rows)
        score = json.loads(self.ok("challenge", "score", "blind", "vitrum.csv", "--json"))
        tau = score["quantities"][0]
        self.assertEqual((tau["quantity"], tau["asked"], tau["methods"][0]["missing"]), ("tau", 12, 0))
        own = tau["methods"][0]["own_successes"]
        self.assertLess(abs(own["bias"]["value"]), 0.5)
        truth = {(d["name"], t["quantity"]): t["value"] for d in contents["data_sets"] for t in d["truth"]}
        errors = [float(r["estimate"]) / truth[r["dataset"], "tau"] - 1 for r in rows
                  if r["quantity"] == "tau" and r["estimate"] != "nan"]
        self.assertAlmostEqual(own["bias"]["value"], numpy.mean(errors), places=12)

    def test_judgement_against_numpy(self):
        _, contents = self.make()
        random = numpy.random.default_rng(5)
        noise = {name: random.normal(0, 0.1, (12, 2)) for name in ("good", "bad")}

        def answers(name, factor, first):
            counter = iter(range(24))

            def answer(truth, i):
                error = noise[name].flat[next(counter)]
                return (truth * (factor + error), 0.1 * truth) if i >= first else ("", "")
            return answer
        good = self.submit(contents, "good.csv", answers("good", 1, 0))
        bad = self.submit(contents, "bad.csv", answers("bad", 1.5, 1))
        lazy = self.submit(contents, "lazy.csv", lambda t, i: (t, 0.2 * t) if i > 3 else None)
        score = json.loads(self.ok("challenge", "score", "blind", good, bad, lazy, "--json"))
        tau = score["quantities"][0]
        by_name = {m["method"]: m for m in tau["methods"]}
        self.assertEqual([(by_name[n]["missing"], by_name[n]["failed"]) for n in ("good", "bad", "lazy")],
                         [(0, 0), (0, 1), (4, 0)])
        self.assertEqual(tau["common"], 8)
        self.assertIn("no estimate for 4 of 12", by_name["lazy"]["not_ranked"])
        ranking = tau["ranking"]["squared_error"]
        self.assertEqual([(r["method"], r["rank"]) for r in ranking["order"]], [("good", [1, 1]), ("bad", [2, 2])])
        errors = {"good": noise["good"][:, 0], "bad": 0.5 + noise["bad"][:, 0]}
        difference = (errors["bad"] ** 2 - errors["good"] ** 2)[1:]
        (pair,) = ranking["pairs"]
        self.assertEqual((pair["methods"], pair["common"], pair["decided"]), (["good", "bad"], 11, True))
        self.assertAlmostEqual(pair["difference"], difference.mean(), places=12)
        self.assertAlmostEqual(pair["mcse"], difference.std(ddof=1) / 11 ** 0.5, places=12)
        z = 1.959963984540054
        scores = {name: 2 * z * 0.1 + 40 * numpy.maximum(abs(errors[name]) - z * 0.1, 0) for name in errors}
        (pair,) = tau["ranking"]["interval_score"]["pairs"]
        self.assertAlmostEqual(pair["difference"], (scores["bad"] - scores["good"])[1:].mean(), places=12)
        self.assertEqual([s["asked"] for s in tau["settings"]], [6, 6])
        text = self.ok("challenge", "score", "blind", good, bad, lazy)
        self.assertIn("good is better than bad", text)
        self.assertIn("12 true values, 8 answered by every method", text)

    def test_noise_is_a_tie(self):
        _, contents = self.make()
        random = numpy.random.default_rng(6)
        files = [self.submit(contents, f"{n}.csv", lambda t, i: (t * (1 + random.normal(0, 0.1)), 0.1 * t)) for n in "ab"]
        score = json.loads(self.ok("challenge", "score", "blind", *files, "--json"))
        for quantity in score["quantities"]:
            for ranking in quantity["ranking"].values():
                self.assertEqual([r["rank"] for r in ranking["order"]], [[1, 2], [1, 2]])
        self.assertIn("a and b are tied", self.ok("challenge", "score", "blind", *files))

    def test_methods_of_one_file(self):
        _, contents = self.make()
        name = contents["data_sets"][0]["name"]
        table = self.write("both.csv", "dataset,quantity,method,estimate,standard_error,status\n"
                                       f"{name},tau,A,6,1,ok\n{name},tau,B,6,1,not_converged\n")
        score = json.loads(self.ok("challenge", "score", "blind", table, "--json"))
        counts = [(m["method"], m["missing"], m["failed"]) for m in score["quantities"][0]["methods"]]
        self.assertEqual(counts, [("A", 11, 0), ("B", 11, 1)])

    def test_places(self):
        self.write("glass.toml", """
[source.glass]
kind = "speckle"
frames = 40
rows = 24
columns = 24
scans = [{ pressure = "0.75 GPa", tau = "5 s" }, { pressure = "2.5 GPa", tau = "9 s" }]
""")
        self.write("c.toml", '[challenge]\nscenario = "glass.toml"\nquantities = ["tau"]\nreplicates = 1\n')
        folder, _ = self.make()
        found = set()
        for path in folder.glob("set_*.h5"):
            with h5py.File(path) as file:
                found.add(float(file["entry/place/axis_1_value"][0]))
        self.assertEqual(found, {0.75, 2.5})
        self.ok("analyze", folder / "set_1.h5", "--quiet", "-o", "r.h5")
        with h5py.File(self.folder / "r.h5") as file:
            self.assertIn(float(file["entry/set_1/place/axis_1_value"][0]), found)
        self.write("c.toml", '[challenge]\nscenario = "glass.toml"\nquantities = ["tau"]\nplaces = false\n')
        folder, _ = self.make("--force")
        with h5py.File(folder / "set_01.h5") as file:
            self.assertNotIn("place", file["entry"])

    def test_q_regions(self):
        self.write("glass.toml", """
[source.glass]
kind = "speckle"
frames = 30
rows = 24
columns = 24
tau = "7 s"
wavevector_exponent = 0.5
reference_q = "2.8 1/angstrom"
[source.glass.geometry]
arm_angle = 15
distance = "0.5 m"
rings = 3
""")
        self.write("c.toml", '[challenge]\nscenario = "glass.toml"\nquantities = ["tau"]\nreplicates = 2\n')
        folder, contents = self.make()
        rows = (folder / "submission_template.csv").read_text().split()
        self.assertEqual(rows[0], "dataset,quantity,region,estimate,standard_error,lower,upper")
        self.assertEqual(rows[1:], [f"set_{i},tau,{r},,,," for i in (1, 2) for r in (1, 2, 3)])
        true = {(d["name"], str(t["at"][0]["index"])): t["value"] for d in contents["data_sets"] for t in d["truth"]
                if t["quantity"] == "tau"}
        self.assertEqual(len(set(true.values())), 3)
        rows[1:] = [",".join([*row.split(",")[:3], str(true[tuple(row.split(",")[0:3:2])] + 0.25), "", "", ""])
                    for row in rows[1:]]
        score = json.loads(self.ok("challenge", "score", "blind", self.write("s.csv", "\n".join(rows)), "--json"))
        bias = score["quantities"][0]["methods"][0]["own_successes"]["bias"]
        self.assertAlmostEqual(bias["value"], 0.25, places=12)
        self.assertEqual(bias["replicates"], 6)
        for region, part in (("", "in each q region; name it in a column region"), ("4", "set_1' has no q region '4'")):
            table = self.write("s.csv", f"dataset,quantity,region,estimate\nset_1,tau,{region},6\n")
            self.refused(part, "challenge", "score", "blind", table)

    def test_existing_outputs(self):
        folder, _ = self.make()
        self.refused("the output 'blind' exists", "challenge", "make", "c.toml", "-o", "blind/")
        self.refused("for all to read", "challenge", "make", "c.toml", "-o", "new", "--seal", "new/seal")
        self.refused("the output 'blind.seal' exists", "challenge", "make", "c.toml", "-o", "new", "--seal", "blind.seal")
        self.refused("is no seal of a challenge", "challenge", "make", "c.toml", "-o", "new", "--seal", "glass.toml",
                     "--force")
        self.refused("is the input itself", "challenge", "make", "c.toml", "-o", "new", "--seal", "c.toml", "--force")
        self.refused("is a file", "challenge", "make", "c.toml", "-o", "c.toml", "--force")
        self.refused("does not exist", "challenge", "make", "c.toml", "-o", "none/new")
        (folder / "thesis.txt").write_text("x")
        self.refused("holds 'thesis.txt'", "challenge", "make", "c.toml", "-o", "blind", "--force")
        (self.folder / "mine").mkdir()
        (self.folder / "mine" / "set_1.h5").write_text("x")
        self.refused("is no challenge", "challenge", "make", "c.toml", "-o", "mine", "--force")

    def test_what_cannot_be_asked_is_one_line_and_leaves_nothing(self):
        self.write("c.toml", CHALLENGE.replace('"tau", "beta"', '"tau", "event_time"'))
        self.refused("'event_time' has no single true value", "challenge", "make", "c.toml", "--quiet")
        self.write("c.toml", CHALLENGE.replace("replicates = 6", 'replicates = 6\ntraces = ["monitor"]'))
        self.refused("no trace 'monitor'", "challenge", "make", "c.toml", "--quiet")
        self.write("c.toml", CHALLENGE.replace("Which", "Is tau 6.0625 s? Which"))
        self.refused("holds 6.0625, a true value", "challenge", "make", "c.toml", "--quiet")
        self.write("c.toml", CHALLENGE.replace("glass.toml", "none"))
        self.refused("no scenario 'none'", "challenge", "make", "c.toml")
        self.write("c.toml", CHALLENGE.replace("source.glass.tau", "source.glass.tou"))
        self.refused("tou", "challenge", "make", "c.toml")

    def test_catalogues_are_columns(self):
        """Sizes of a power law: the maximum-likelihood exponent from the CSV alone meets the sealed truth."""
        self.write("c.toml", """
[challenge]
title = "Sizes"
quantities = ["power_law_exponent"]
replicates = 5
[source.sizes]
kind = "power_law"
events = 2000
x_min = 1
[draw]
"source.sizes.alpha" = { from = 1.5, to = 3.0 }
""")
        self.ok("challenge", "make", "c.toml", "-o", "cat", "--quiet")
        contents = self.contents(self.folder / "cat.seal")
        for data_set in contents["data_sets"]:
            lines = (self.folder / "cat" / (data_set["name"] + ".csv")).read_text().splitlines()
            self.assertTrue(lines[0].startswith("# challenge_seal "))
            sizes = [float(line) for line in lines[2:]]
            self.assertEqual((lines[1], len(sizes)), ("size", 2000))
            alpha = 1 + len(sizes) / sum(math.log(x) for x in sizes)
            truth = next(r["value"] for r in data_set["truth"] if r["quantity"] == "power_law_exponent")
            # Relative error 1/sqrt(2000); five of them over five sets: false alarm 3e-6.
            self.assertLess(abs(alpha - truth), 5 * (truth - 1) / math.sqrt(2000))
        self.assertIn("Columns of numbers", (self.folder / "cat" / "README.txt").read_text())
        answer = self.folder / "cat" / "submission_template.csv"
        self.ok("challenge", "score", "cat", answer)
        first = self.folder / "cat" / "set_1.csv"
        first.write_text(first.read_text().replace("\n1.", "\n2.", 1))
        self.refused("was changed after the challenge was made", "challenge", "score", "cat", answer)

    def test_curves_instead_of_frames(self):
        self.write("c.toml", CHALLENGE.replace("replicates = 6", 'replicates = 1\nform = "curves"'))
        self.ok("challenge", "make", "c.toml", "-o", "curves", "--quiet")
        contents = self.contents(self.folder / "curves.seal")
        for data_set in contents["data_sets"]:
            file = self.folder / "curves" / (data_set["name"] + ".csv")
            self.assertEqual(file.read_text().splitlines()[1], "lag [s],g2,error")
            said = json.loads(self.ok("estimate", "kww", file, "--json"))
            found = {e["quantity"]: e for e in said["estimates"]}
            truth = next(r["value"] for r in data_set["truth"] if r["quantity"] == "tau")
            # One run each; 6 standard errors, since those of independent points in a CSV are too small.
            self.assertLess(abs(found["tau"]["value"] - truth), 6 * found["tau"]["standard_error"] + 0.2 * truth)
        self.write("c.toml", CHALLENGE.replace("replicates = 6", 'form = "pictures"'))
        self.refused("frames", "challenge", "make", "c.toml", "--quiet")

    def test_traces_are_shown_where_they_are_named(self):
        self.write("c.toml", CHALLENGE.replace("replicates = 6", 'replicates = 1\ntraces = ["incident_intensity"]'))
        folder, _ = self.make()
        with h5py.File(folder / "set_1.h5") as file:
            self.assertEqual(list(file["entry/traces"]), ["incident_intensity"])
            self.assertEqual(file["entry/traces/incident_intensity/value"].shape, (60,))

    def test_tampering_is_found(self):
        folder, contents = self.make()
        table = self.submit(contents, "a.csv", lambda t, i: (t, 1))
        call = ("challenge", "score", "blind", table)
        self.ok(*call)
        shutil.copy(self.folder / "blind.seal", self.folder / "kept.seal")

        def change(c):
            c["data_sets"][3]["truth"][0]["value"] *= 1.01
        self.reseal(change, correct_hash=False)
        self.refused("was changed after it was made", *call)
        self.reseal(change, correct_hash=True)
        self.refused("seal of another challenge, or its truth was changed", *call)
        self.ok(*call, "--seal", "kept.seal")
        shutil.copy(self.folder / "kept.seal", self.folder / "blind.seal")

        with h5py.File(folder / "set_03.h5", "r+") as file:
            file["entry/instrument/detector/data"][0, 0, 0] += 1
        self.refused("set_03.h5' was changed", *call)
        with h5py.File(folder / "set_03.h5", "r+") as file:
            file["entry/instrument/detector/data"][0, 0, 0] -= 1
        self.ok(*call)
        with h5py.File(folder / "set_03.h5", "r+") as file:
            file.attrs["challenge_seal"] = "0" * 64
        self.refused("set_03.h5' is of another challenge", *call)
        (folder / "set_03.h5").unlink()
        self.refused("set_03.h5' is missing", *call)
        (folder / "README.txt").write_text("nothing\n")
        self.refused("carries no hash", *call)
        (folder / "README.txt").unlink()
        self.refused("is no folder of a challenge", *call)
        self.refused("is no folder of a challenge", "challenge", "score", "none", table)

    def test_wrong_seals(self):
        _, contents = self.make()
        table = self.submit(contents, "a.csv", lambda t, i: (t, 1))
        self.ok("challenge", "make", "c.toml", "-o", "other", "--quiet")
        self.refused("seal of another challenge", "challenge", "score", "blind", table, "--seal", "other.seal")
        self.refused("no seal 'none.seal'", "challenge", "score", "blind", table, "--seal", "none.seal")
        self.refused("is no seal of a challenge, or damaged", "challenge", "score", "blind", table, "--seal", table)

    def test_wrong_submissions(self):
        _, contents = self.make()
        name = contents["data_sets"][0]["name"]

        def refused(part, *rows, header="dataset,quantity,estimate,standard_error,lower,upper"):
            self.refused(part, "challenge", "score", "blind", self.write("s.csv", "\n".join([header, *rows]) + "\n"))
        good = f"{name},tau,6,1,,"
        refused("s.csv:3: no data set 'set_99'", good, "set_99,tau,6,1,,")
        refused("s.csv:2: 'tua' is not asked for; did you mean 'tau'?", f"{name},tua,6,1,,")
        refused("s.csv:2: 'rate' is not asked for", f"{name},rate,6,1,,")
        refused("s.csv:3: tau of", good, good)
        refused("estimate = 'six' is not a number", f"{name},tau,six,1,,")
        refused("standard_error -1", f"{name},tau,6,-1,,")
        refused("one limit", f"{name},tau,6,1,5,")
        refused("crossed", f"{name},tau,6,1,7,5")
        refused("has no column 'estimate'", f"{name},tau,6", header="dataset,quantity,value")
        refused("has no column 'dataset'", f"{name},tau,6", header="set,quantity,estimate")
        refused("has no rows")
        refused("leave region empty", f"{name},tau,2,6", header="dataset,quantity,region,estimate")
        self.refused("no such file", "challenge", "score", "blind", "none.csv")
        self.refused("required", "challenge", "score", "blind")
        self.refused("subcommand", "challenge")


if __name__ == "__main__":
    unittest.main()
