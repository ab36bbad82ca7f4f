"""The table of estimators is closed: for each there is a source that makes its kind of data with a truth for its
quantities, and the pair runs through a study."""
import json
import unittest

from program import ProgramTest

SPECKLE = """
[source.s]
kind = "speckle"
tau = "8 s"
beta = 1.4
modes = 2
mean_count = 2
frames = 160
rows = 24
columns = 24
"""
RINGS = """
[source.s]
kind = "speckle"
tau = "8 s"
wavevector_exponent = 1.0
reference_q = "2.87 1/angstrom"
modes = 2
mean_count = 2
frames = 160
rows = 36
columns = 36
[source.s.geometry]
energy = "20.95 keV"
distance = "5 m"
pixel_size = "4500 um"
arm_angle = 15.54
rings = 3
"""


def points(law, **options):
    return f'[source.s]\nkind = "law_points"\nlaw = "{law}"\n' + "".join(f"{k} = {v}\n" for k, v in options.items())


def paths(motion, **options):
    keys = {"atoms": 300, "frames": 60, **options}
    return f'[source.s]\nkind = "atom_paths"\nmotion = "{motion}"\n' + "".join(f"{k} = {v}\n" for k, v in keys.items())


def lattice(kind, **options):
    return f'[source.s]\nkind = "lattice"\nlattice = "{kind}"\n' + "".join(f"{k} = {v}\n" for k, v in options.items())


RANDOM = SPECKLE + 'clock = "gamma"\nclock_step = 0.5\n'
EVENT = SPECKLE + 'event_times = ["80 s"]\nevent_fraction = 0.9\n'

# estimator: (source, a quantity of the estimator whose truth the source knows, options of the estimator)
PAIRS = {
    "correlation": (SPECKLE, "tau", ""),
    "g2": (SPECKLE, "g2", ""),
    "kww": (SPECKLE, "tau", ""),
    "double_kww": (SPECKLE, "contrast", ""),
    "siegert": (points("correlation"), "field_correlation", ""),
    "heterogeneity_width": (SPECKLE, "tau", ""),
    "contrast": (SPECKLE, "contrast", ""),
    "chi4": (RANDOM, "chi4_split", "lag = 8"),
    "events": (EVENT, "event_time", "tau = 8"),
    "pattern_shift": (SPECKLE.replace("= 24", "= 40").replace("8 s", "80 s") + 'pattern = { grain = [3, 3] }\n', "pattern_shift_rows", "window = 40"),
    "ageing_law": (points("ageing"), "ageing_tau_star", ""),
    "wavevector_exponent": (points("wavevector"), "wavevector_exponent", ""),
    "activation_volume": (points("activation"), "activation_volume", 'temperature = "300 K"'),
    "crossover_pressure": (points("two_wells"), "crossover_pressure", ""),
    "equation_of_state": (points("birch_murnaghan"), "bulk_modulus", ""),
    "local_bulk_modulus": (points("birch_murnaghan"), "local_bulk_modulus", ""),
    "glass_transition": (points("kink"), "glass_transition_temperature", ""),
    "pressure_dependence_of_Tg": (points("line"), "tg_pressure_slope", ""),
    "liquid_energy_minimum": (points("liquid"), "energy_minimum_pressure", "pressure_degree = 4"),
    "thermo_log": (points("log"), "atomic_volume", ""),
    "fsdp": (points("peak"), "fsdp_position", ""),
    "intensity_normalisation": (points("intensity"), "intensity_scale", 'composition = "Cu:1"\nr_min = "2.28 angstrom"'),
    "energy_drops": (points("avalanches"), "power_law_exponent", 'threshold = "0.05 eV"'),
    "power_law": ('[source.s]\nkind = "power_law"\n', "power_law_exponent", "x_min = 1"),
    "group_difference": ('[source.s]\nkind = "samples"\nsamples = 6\n', "group_difference", ""),
    "msd": (paths("brownian"), "diffusion_coefficient", ""),
    "scattering_functions": (paths("brownian"), "tau_self", 'q_low = "2.6 1/angstrom"\nq_high = "2.8 1/angstrom"'),
    "overlap": (paths("rigid_blocks"), "overlap_peak", ""),
    "nonaffine": (paths("frozen"), "nonaffine_mean", 'cutoff = "5 angstrom"'),
    "hops": (paths("jumps", jump_rate='"1e11 1/s"'), "hop_rate", "half_window = 2"),
    "pair_distribution": (lattice("fcc"), "first_peak_distance", ""),
    "structure_factor": (lattice("fcc"), "smallest_wavevector", 'q_high = "4 1/angstrom"'),
    "coordination": (lattice("fcc"), "coordination_number", 'cutoff = "3.4 angstrom"'),
    "voronoi": (lattice("fcc"), "voronoi_volume", ""),
    "bond_order": (lattice("fcc", displacement='"0 angstrom"', frames=3), "bond_order_q", 'cutoff = "3.4 angstrom"'),
    "connections": (lattice("fcc"), "connection_fraction",
                    'first_shell = "3.4 angstrom"\nsecond_shell = "4.6 angstrom"'),
}
# Of several data sets: a p-value, whose truth is that it is uniform.
JOINT = {"master_curve": (RINGS, "master_curve_p_value", 'of = "g2"\ndraws = 200')}
# Curves without a quantity, and chains of atoms that no motion of the sources has.
EXCEPTIONS = {"van_hove", "reduced_pair_distribution", "strings"}


class TableClosed(ProgramTest):
    def test_every_estimator_has_a_source_or_is_named(self):
        names = {row["name"] for row in json.loads(self.ok("list", "estimators", "--json"))["estimators"]}
        self.assertEqual(names, set(PAIRS) | set(JOINT) | EXCEPTIONS)
        self.assertLessEqual(len(EXCEPTIONS), 3)

    def rows_of(self, name, source, quantity, options, table):
        study = self.write(f"{name}.toml", f"[study]\nreplicates = 10\n{source}\n[{table}.{name}]\n{options}\n"
                                           f"[judge.{quantity}]\nfailures = 0.99\n"
                                           + ("lags = [1, 2]\n" if quantity == "g2" else ""))
        document = json.loads(self.ok("validate", study, "--only", "0:0", "--json"))
        self.assertEqual(document["failure"], "", name)
        return [row for row in document["rows"] if row["quantity"] == quantity]

    def test_each_pair_runs_one_replicate_of_a_study(self):
        for name, (source, quantity, options) in PAIRS.items():
            with self.subTest(name):
                rows = self.rows_of(name, source, quantity, options, "estimate")
                judged = [row for row in rows if row["truth"] is not None and row["estimate"] is not None]
                self.assertTrue(judged, f"{name}: no {quantity} with truth and estimate in {rows}")

    def test_several_data_sets_together(self):
        for name, (source, quantity, options) in JOINT.items():
            with self.subTest(name):
                rows = self.rows_of(name, source, quantity, options, "across")
                self.assertTrue([row for row in rows if row["estimate"] is not None], f"{name}: {rows}")

    def test_only_says_what_is_wrong(self):
        study = self.write("s.toml", f"[study]\nreplicates = 10\n{SPECKLE}\n[judge.tau]\nbias = \"5 %\"\n")
        self.refused("write CELL:REPLICATE", "validate", study, "--only", "3")
        self.refused("the study has the cells 0 to 0", "validate", study, "--only", "1:0")
        self.refused("writes nothing", "validate", study, "--only", "0:0", "-o", "x.h5")


if __name__ == "__main__":
    unittest.main()
