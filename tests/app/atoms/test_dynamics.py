"""Every kind of dynamics as a user writes it: generated, with its truth in the file, and refused where it does not exist."""
import hashlib
import unittest

import h5py
import numpy

from program import ProgramTest

HEAD = """
[scenario]
title = "Dynamics"
seed = 3
[source.s]
kind = "speckle"
frames = 40
rows = 8
columns = 8
"""

AVALANCHES = HEAD + 'clock = "avalanche"\navalanche_advance = 0.2\n'


class Dynamics(ProgramTest):
    def made(self, text, name="made.h5"):
        self.write("d.toml", text)
        self.ok("generate", "d.toml", "--quiet", "--force", "-o", name)
        return h5py.File(self.folder / name)

    def bad(self, part, text):
        self.write("d.toml", text)
        return self.refused(part, "generate", "d.toml", "-o", "bad.h5")

    def curves(self, file):
        return set(file["entry/truth_curves"])

    def rows(self, file):
        truth = file["entry/truth"]
        return {q.decode(): v for q, v in zip(truth["quantity"][()], truth["value"][()])}

    def g1(self, file):
        y = file["entry/truth_curves/g1/y"][()]
        n = int(round((1 + numpy.sqrt(1 + 8 * len(y))) / 2))
        full = numpy.eye(n)
        full[numpy.triu_indices(n, 1)] = y
        full.T[numpy.triu_indices(n, 1)] = y
        return full

    def test_random_clocks(self):
        population = {"g2", "g1", "clock", "chi4_run", "g2_population", "chi4_population"}
        gamma = HEAD + 'clock = "gamma"\ntau = "5 s"\nclock_step = 0.4\n'
        with self.made(gamma + "beta = 1.0\n") as f:
            self.assertLessEqual(population, self.curves(f))
            self.assertTrue((numpy.diff(f["entry/truth_curves/clock/y"]) >= 0).all())
            # (1 + 2 step)^(-t/(tau step)) over 5 modes.
            lag = f["entry/truth_curves/g2_population/x"][()]
            mean = (1 + 0.8) ** (-lag / 2)
            numpy.testing.assert_allclose(f["entry/truth_curves/g2_population/y"], 1 + mean / 5, rtol=1e-12)
            variance = ((1 + 1.6) ** (-lag / 2) - mean**2) / 25
            numpy.testing.assert_allclose(f["entry/truth_curves/chi4_population/y"], variance, rtol=1e-9, atol=1e-15)
            # The stored kernel is the clock's.
            clock = f["entry/truth_curves/clock/y"][()]
            numpy.testing.assert_allclose(self.g1(f),
                                          numpy.exp(-abs(clock[:, None] - clock[None, :])), atol=1e-7)
        with self.made(gamma + "beta = 1.7\n") as f:
            self.assertNotIn("g2_population", self.curves(f))
            self.assertIn("chi4_run", self.curves(f))
        with self.made(HEAD + 'beta = 1.0\nclock = "two_state"\ntau_fast = "2 s"\ntau_slow = "1 min"\ntime_fast = "4 s"\n'
                              'time_slow = "9 s"\n') as f:
            self.assertLessEqual(population, self.curves(f))
        with self.made(AVALANCHES + 'avalanche_rate = "0.3 1/s"\noffspring = "poisson"\noffspring_mean = 1.0\ntau = "50 s"\n'
                                    "beta = 1.0\n") as f:
            self.assertLessEqual(population | {"avalanches"}, self.curves(f))
            self.assertTrue((f["entry/truth_curves/avalanches/y"][()] >= 1).all())
        self.bad("belongs to clock = \"gamma\"", HEAD + 'tau = "5 s"\nclock_step = 1.0\n')
        self.bad("clock_step = 0", HEAD + 'clock = "gamma"\ntau = "5 s"\nclock_step = 0.0\n')
        self.bad("tau_fast: is missing", HEAD + 'clock = "two_state"\n')
        self.bad("offspring_mean = 1.2", AVALANCHES + 'avalanche_rate = "0.3 1/s"\noffspring_mean = 1.2\n')
        self.bad("did you mean 'poisson'?", AVALANCHES + 'avalanche_rate = "1 1/s"\noffspring = "poison"\noffspring_mean = 0.5\n')
        self.bad("at most a million", AVALANCHES + 'avalanche_rate = "1e6 1/s"\noffspring_mean = 0.5\n')

    def test_catalogue(self):
        self.write("c.csv", "time [s], size\n2.5, 3\n2.5, 1\n9, 8\n")
        text = AVALANCHES + 'beta = 1.0\navalanche_catalogue = "c.csv"\n'
        with self.made(text) as f:
            numpy.testing.assert_allclose(f["entry/truth_curves/clock/y"][:11], [0, 0, 0] + [0.8] * 6 + [2.4] * 2)
            resolved = f["entry/scenario"][()].decode()
        self.assertIn(hashlib.sha256((self.folder / "c.csv").read_bytes()).hexdigest(), resolved)
        before = self.data_hash("made.h5")
        self.made(resolved, "again.h5").close()
        self.assertEqual(before, self.data_hash("again.h5"))
        self.write("c.csv", "time [s], size\n2.5, 3\n9, 8\n")
        self.bad("the file has changed", resolved)
        self.write("c.csv", "time [s], size\n9, 3\n2, 8\n")
        self.bad("time 2 s in row 2 does not increase", text)
        self.write("c.csv", "2\n3\n")
        self.bad("has one column", text)
        self.bad("exclude each other", text + 'avalanche_rate = "1 1/s"\n')
        self.bad("c_.csv", text.replace("c.csv", "c_.csv"))

    def test_sums_and_products(self):
        parts = HEAD + """
[[source.s.sum]]
name = "slow"
weight = 0.7
clock = "ageing"
tau0 = "10 s"
tau_star = "40 s"
[[source.s.sum]]
name = "fast"
weight = 0.3
tau = "3 s"
beta = 0.7
[[source.s.product]]
name = "hops"
tau = "100 s"
beta = 1.0
static_fraction = 0.5
"""
        with self.made(parts) as f:
            t = numpy.arange(40.0)
            slow = 40 / 10 * (1 - numpy.exp(-t / 40))
            lag = abs(t[:, None] - t)
            g1 = (0.7 * numpy.exp(-abs(slow[:, None] - slow) ** 1.8) + 0.3 * numpy.exp(-((lag / 3) ** 0.7))) * (
                0.5 + 0.5 * numpy.exp(-lag / 100))
            numpy.testing.assert_allclose(self.g1(f), g1, atol=1e-6)
            truth = f["entry/truth"]
            weights = [v for q, v in zip(truth["quantity"][()], truth["value"][()]) if q == b"part_weight"]
            self.assertEqual(weights, [0.7, 0.3, 1.0])
            self.assertLessEqual({"clock_slow", "clock_fast", "clock_hops"}, self.curves(f))
            resolved = f["entry/scenario"][()].decode()
        before = self.data_hash("made.h5")
        self.made(resolved, "again.h5").close()
        self.assertEqual(before, self.data_hash("again.h5"))
        self.bad("the weights add to 0.8", parts.replace("0.3", "0.1"))
        self.bad("weight: is missing", parts.replace("weight = 0.3\n", ""))
        self.bad("did you mean 'tau0'?", parts.replace("tau0", "tau9"))
        self.bad("product.hops: beta = 3", parts.replace("beta = 1.0", "beta = 3.0"))
        self.bad("a name is made of letters", parts.replace('"hops"', '"h o"'))
        self.bad("unknown key 'weight'", HEAD + '[[source.s.product]]\ntau = "3 s"\nweight = 1.0\n')

    def kernel(self, g1, name="k.h5"):
        with h5py.File(self.folder / name, "w") as f:
            f["deep/g1"] = g1

    def test_kernel_file(self):
        t = numpy.arange(40.0)
        g1 = numpy.exp(-abs(t[:, None] - t) / 6)
        self.kernel(g1)
        text = HEAD + 'kernel_file = "k.h5::/deep/g1"\n'
        with self.made(text) as f:
            numpy.testing.assert_allclose(self.g1(f), g1, atol=1e-7)
            numpy.testing.assert_allclose(f["entry/truth_curves/g2/y"], 1 + numpy.exp(-t[1:] / 3) / 5, rtol=1e-12)
            resolved = f["entry/scenario"][()].decode()
        self.assertIn(hashlib.sha256(g1.astype("<f8").tobytes()).hexdigest(), resolved)
        self.made(resolved, "again.h5").close()
        self.assertEqual(self.data_hash("made.h5"), self.data_hash("again.h5"))
        self.bad("exclude each other", text + 'tau = "3 s"\n')
        self.bad("one instant in each frame", text + 'exposure = "0.5 s"\n')
        self.bad("they must agree", text.replace("frames = 40", "frames = 41"))
        self.bad("no such dataset", text.replace("deep", "shallow"))
        self.bad("name file and dataset", text.replace("::", ":"))
        self.bad("no such file", text.replace("k.h5", "absent.h5"))
        self.kernel(numpy.exp(-((abs(t[:, None] - t) / 6) ** 3)))
        message = self.bad("not positive definite: smallest eigenvalue -", text)
        self.assertIn("d.toml:10", message)
        self.bad("the file has changed", resolved)
        self.kernel(g1[:, :39])
        self.bad("40 x 39", text)
        self.kernel(1 + g1)
        self.bad("the diagonal of g1 is 1", text)
        self.kernel(g1 * numpy.where(t[:, None] > t, 1, 0.9) ** (t[:, None] != t))
        self.bad("is not symmetric", text)
        self.kernel(g1 * numpy.where(t[:, None] + t == 7, numpy.nan, 1))
        self.bad("is not finite", text)
        self.kernel(g1.astype(complex))
        self.bad("does not hold real numbers", text)

    def test_forms_vibrations_and_spectral_sampling(self):
        steady = HEAD + 'tau = "8 s"\n'
        with self.made(steady + "f_q = 0.8\n") as f:
            rows = self.rows(f)
            self.assertAlmostEqual(rows["contrast"], 0.2 * 0.64, places=12)
            self.assertAlmostEqual(rows["speckle_contrast"], 0.2, places=12)
            self.assertEqual(rows["f_q"], 0.8)
            self.assertAlmostEqual(rows["frame_contrast"], 0.2 * 0.64, places=12)
            self.assertAlmostEqual(f["entry/truth_curves/g2/y"][0], 1 + 0.128 * numpy.exp(-2 * (1 / 8) ** 1.8), places=12)
        self.bad("f_q = 0", steady + "f_q = 0.0\n")
        ageing = HEAD + 'clock = "ageing"\ntau0 = "5 s"\ntau_star = "30 s"\n'
        with self.made(ageing + 'kernel = "paciorek_schervish"\n') as f:
            self.assertNotIn("clock", self.curves(f))
            tau = 5 * numpy.exp(numpy.array([3.0, 20.0]) / 30)
            mean = (tau**2).mean()
            expected = numpy.sqrt(tau.prod() / mean) * numpy.exp(-((17 / numpy.sqrt(mean)) ** 1.8))
            self.assertAlmostEqual(self.g1(f)[3, 20], expected, places=6)
        self.bad('take kernel = "internal_clock", or "paciorek_schervish"', ageing + 'kernel = "earlier_time"\n')
        with self.made(steady + 'method = "spectral"\nspectral_terms = 30\n') as f:
            notes = " ".join(n.decode() for n in f["entry/notes"][()])
            self.assertIn("spectral sampling with 30 scatterers", notes)
            g1 = self.g1(f)
            numpy.testing.assert_allclose(f["entry/truth_curves/g2/y"][9], 1 + g1[0, 10] ** 2 / 5, atol=1e-6)
            self.assertGreater(abs(g1[0, 10] - numpy.exp(-(10 / 8) ** 1.8)), 1e-4)
            self.assertNotIn("tau", self.rows(f))
        self.bad('belongs to method = "spectral"', steady + "spectral_terms = 30\n")
        self.bad("theta = 2.74, k = 0.7299", steady + 'beta = 2.0\nmethod = "spectral"\nspectral_theta = 2.74\n')


if __name__ == "__main__":
    unittest.main()
