"""A study of a second or so for the tests of ranks and of Slurm, and its data hash."""
from program import ProgramTest

STUDY = """
[study]
title = "Small"
seed = 5
replicates = 40
reference = "pixels"

[source.speckle]
kind = "speckle"
tau = "6 s"
modes = 5
mean_count = 0.5
frames = 80
frame_time = "1 s"
rows = 16
columns = 16

[grid]
"source.speckle.tau" = ["3 s", "6 s"]

[methods.pixels]
errors = "pixels"
"""

JUDGE = """
[judge.tau]
bias = "5 %"
coverage = [0.9, 0.99]
"""


class StudyTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("small.toml", STUDY + JUDGE)

    def plain(self, study):
        """The data hash of a plain run."""
        self.ok("validate", study, "-o", "plain.h5", "--quiet", "--threads", 1)
        return self.data_hash("plain.h5")
