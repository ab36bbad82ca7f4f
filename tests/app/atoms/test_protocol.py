"""Protocols of molecular dynamics end to end: results, resumption, failures, keys. Skipped without LAMMPS."""
import os
import pathlib
import signal
import subprocess
import time
import unittest

import h5py

from program import GLASS, VITRUM, ProgramTest

SMALL = """
[scenario]
title = "Small protocol"
seed = 5
""" + GLASS + """
[source.alloy]
kind = "cuzr_protocol"
pressures = ["0 GPa", "3 GPa"]
quenches = 2
atoms = 128
stages = [
    { kind = "melt", temperature = "2000 K", time = "0.2 ps" },
    { kind = "compress", pressure = "pressure", rate = "20 GPa/ps" },
    { kind = "quench", temperature = "1000 K", rate = "5e15 K/s", inherent_every = "500 K" },
    { kind = "hold", time = "0.2 ps" },
    { kind = "minimise" },
    { kind = "sample", equilibration = "0.1 ps", interval = "0.02 ps", frames = 16 },
]
"""


def workers_of(parent):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            name, rest = (entry / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            if name.startswith("vitrum-lam") and int(rest.split()[1]) == parent:
                found.append(int(entry.name))
        except (OSError, IndexError, ValueError):
            continue
    return found


@unittest.skipUnless((pathlib.Path(VITRUM).parent / "vitrum-lammps").exists(), "built without LAMMPS")
class Protocols(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("p.toml", SMALL)

    def rows(self, file, group="entry/estimates"):
        with h5py.File(self.folder / file) as f:
            table = f[group]
            return [dict(zip(table, row)) for row in zip(*(table[k][()] for k in table))]

    def test_results_and_resumption(self):
        self.ok("run", "p.toml", "-o", "a.h5", "--threads", "2", "--quiet", "--set", "source.alloy.stages=" + STAGES_KEPT)
        rows = self.rows("a.h5")
        means = [r for r in rows if r["quantity"] == b"inherent_energy" and r["series"] == b""]
        self.assertEqual(len(means), 2, "a mean over quenches at each pressure")
        for row in means:
            self.assertLess(row["value"], -4.0)
            self.assertGreater(row["value"], -5.0)
            self.assertGreater(row["standard_error"], 0)
        self.assertTrue(any(r["quantity"] == b"quenches_needed" for r in rows))
        with h5py.File(self.folder / "a.h5") as f:
            curves = set(f["entry/alloy_1_1/curves"])
            self.assertLessEqual({"potential_energy_of_temperature", "enthalpy_of_temperature", "msd",
                                  "inherent_energy_of_temperature", "self_scattering_function"}, curves)
            self.assertIn("potential_energy_of_temperature_alloy_1", set(f["entry/curves"]))
            self.assertIn("alloy_2_2_speckle", f["entry"])
            scenario = f["entry/scenario"][()].decode()
        self.assertTrue((self.folder / "a_trajectories" / "alloy_1_2.h5").exists())

        # Killed outright half way: --resume goes on at the last stage, same bits. The scenario in the file is enough.
        self.write("again.toml", scenario)
        process = subprocess.Popen([VITRUM, "run", "again.toml", "-o", "b.h5", "--threads", "2", "--quiet"],
                                   cwd=self.folder)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not list(self.folder.glob("b.h5.part/**/quench.record")):
            time.sleep(0.02)
        process.kill()
        process.wait()
        self.assertEqual(workers_of(process.pid), [])
        self.ok("run", "again.toml", "-o", "b.h5", "--resume", "--quiet")
        self.assertEqual(self.data_hash("a.h5"), self.data_hash("b.h5"))

    def test_an_exploding_unit_is_one_error_and_the_others_are_kept(self):
        done = self.vitrum("run", "p.toml", "--quiet", "--set", 'source.alloy.time_step="50 fs"', "--set",
                           "source.alloy.quenches=1", "--set", 'source.alloy.stages=[{kind="melt", temperature="2000 K", '
                           'time="2 ps"}]')
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("alloy_1_1 failed", done.stderr)
        self.assertIn("in the stage 'melt'", done.stderr)
        with h5py.File(self.folder / "p.h5") as f:
            self.assertIn("failure", f["entry/alloy_1_1"])
            self.assertIn("two_time", f["entry/glass"])

    def test_quasistatic_paths(self):
        stages = ('[{kind="melt", temperature="2000 K", time="0.2 ps"}, {kind="quench", temperature="300 K", rate="2e16 K/s"}, '
                  '{kind="quasistatic", name="slow", strain_step=0.002, strain_steps=20, back=true}]')
        self.write("q.toml", SMALL.split("stages = [")[0].replace('["0 GPa", "3 GPa"]', '["0 GPa"]').replace(
            "quenches = 2", "quenches = 1") + "stages = " + stages +
            '\n[estimate.large]\nestimator = "power_law"\npart = "quasistatic"\nfrom = "energy_drops"\nx_min = 1e-9\n')
        self.ok("run", "q.toml", "-o", "q.h5", "--quiet", "--report", "q.html")
        rows = {r["quantity"]: r for r in self.rows("q.h5")}
        count = rows[b"energy_drop_count"]
        self.assertEqual(count["axis_1_text"], b"slow")
        self.assertIn(b"of 40 steps", count["note"])
        self.assertIn(b"drop_participation", rows)
        with h5py.File(self.folder / "q.h5") as f:
            curves = f["entry/alloy_1_1/curves"]
            dissipated = curves["dissipated_energy/y"][()]
            strain = curves["rearranged_atoms/x"][()]
            drops = int((dissipated > 1e-9).sum())
        self.assertEqual(len(strain), 40)
        self.assertAlmostEqual(strain[19], 0.04, places=12)
        self.assertAlmostEqual(strain[39], 0, places=12)
        # There and back over the same strains: what was put in and not given back was dissipated, never less than nothing.
        self.assertGreater(dissipated.sum(), -1e-3)
        # `from`: sizes of the catalogue are those above the threshold.
        law = [r for r in self.rows("q.h5") if r["quantity"] == b"power_law_exponent"]
        self.assertEqual(len(law), 2)
        self.assertLessEqual(int(count["value"]), drops)
        for wrong, part in (("strain_step=0.002", "strain_step=0.2"), ("strain_steps=20", "strain_steps=400"),
                            ('name="slow"', 'deformation="bend"')):
            self.refused("slow" if "strain" in wrong else "compress", "run", "q.toml", "--force", "-o", "q.h5",
                         "--set", "source.alloy.stages=" + stages.replace(wrong, part))

    def test_keys(self):
        def refused(part, *settings):
            self.refused(part, "run", "p.toml", *(x for s in settings for x in ("--set", s)))
        refused("did you mean", "source.alloy.quenchs=3")
        self.write("ready.toml", '[source.alloy]\nkind = "cuzr_protocol"\nprotocol = "referenc"\n')
        self.refused("did you mean 'reference'", "run", "ready.toml")
        refused("give one of them", 'source.alloy.protocol="reference"')
        refused("no kind of stage", 'source.alloy.stages=[{kind="melts"}]')
        refused("unknown key 'tme'", 'source.alloy.stages=[{kind="melt", temperature="2000 K", time="1 ps", tme=3}]')
        refused("has no temperatures", 'source.alloy.stages=[{kind="melt", temperature="temperature", time="1 ps"}]')
        refused("GPa/ps", 'source.alloy.stages=[{kind="melt", temperature="2000 K", time="1 ps"}, '
                '{kind="compress", pressure="5 GPa", rate="5 K"}]')
        refused("put a quench or heat stage between", 'source.alloy.stages=[{kind="melt", temperature="2000 K", '
                'time="1 ps"}, {kind="hold", temperature="300 K", time="1 ps"}]')
        refused("no other source 'nobody'", 'source.alloy.compare_with="nobody"')
        refused("one for each", 'source.alloy.temperatures=["1 K", "2 K", "3 K"]')
        refused("the nearest that do are 128 and 250", "source.alloy.atoms=129")
        refused("no Ni", 'source.alloy.elements=["Cu", "Ni"]')

    def test_ready_scenarios_run_small(self):
        short = ['cooling_rate="2e16 K/s"', 'melt_time="0.1 ps"', 'hold_time="0.1 ps"', "inherent_every=\"1000 K\"",
                 "frames=16", 'interval="0.01 ps"', 'compression_rate="100 GPa/ps"']
        annealed = ['anneal_time="0.1 ps"', 'heating_rate="2e16 K/s"']
        for scenario, sources, extra in (
                ("wang2017_cuzr", {"cooling": []}, ['source.cooling.pressures=["0 GPa", "5 GPa"]']),
                ("cuzr_hpq_hpa", {"reference": [], "quenched": [], "annealed": annealed, "control": annealed,
                                  "annealed_equal_ratio": annealed}, []),
                ("cuzr_cycle", {"cycle": ['pressure_steps=["2 GPa"]', 'inherent_step="1 GPa"']}, []),
                ("cuzr_tg_of_p", {"cooling": []}, ['source.cooling.pressures=["0 GPa"]'])):
            quenches = 2 if len(sources) > 1 else 1
            settings = [f"source.{s}.{t}" for s in sources for t in ("atoms=128", f"quenches={quenches}")]
            settings += [f"source.{s}.protocol.{t}" for s, more in sources.items() for t in short + more]
            self.ok("run", scenario, "-o", scenario + ".h5", "--quiet",
                    *(x for s in settings + extra for x in ("--set", s)))
            with h5py.File(self.folder / (scenario + ".h5")) as f:
                self.assertIn(b"inherent_energy", list(f["entry/estimates/quantity"]), scenario)
                if scenario == "cuzr_hpq_hpa":
                    self.assertIn(b"group_difference", list(f["entry/estimates/quantity"]))


STAGES_KEPT = ('[{kind="melt", temperature="2000 K", time="0.2 ps"}, '
               '{kind="compress", pressure="pressure", rate="20 GPa/ps"}, '
               '{kind="quench", temperature="1000 K", rate="5e15 K/s", inherent_every="500 K"}, '
               '{kind="hold", time="0.2 ps"}, {kind="minimise"}, '
               '{kind="sample", equilibration="0.1 ps", interval="0.02 ps", frames=16, trajectory=true, speckle=true}]')

if __name__ == "__main__":
    unittest.main()
