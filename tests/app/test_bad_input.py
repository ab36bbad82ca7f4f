"""Bad input: one clear line, exit status 2, nothing written."""
import unittest

import h5py
import numpy

from program import SMALL, ProgramTest


class BadScenario(ProgramTest):
    def scenario(self, text):
        self.write("bad.toml", text)
        return "bad.toml"

    def test_unknown_key_names_the_nearest(self):
        message = self.refused("did you mean 'tau'?", "run", self.scenario(SMALL.replace("tau =", "tua =")))
        self.assertIn("bad.toml:8", message)
        self.assertIn("'tua'", message)
        self.refused("did you mean 'analysis'?", "run", self.scenario(SMALL + "\n[analisys]\nmin_lag = 1\n"))
        self.refused("did you mean 'speckle'?", "run", self.scenario(SMALL.replace('"speckle"', '"speckel"')))

    def test_wrong_type_and_units(self):
        self.refused('as in "0.1 s"', "run", self.scenario(SMALL.replace('"6 s"', "6")))
        self.refused("whole number", "run", self.scenario(SMALL.replace("frames = 120", 'frames = "120"')))
        self.refused("true or false", "run", self.scenario(SMALL.replace("seed = 5", "seed = 5\nlong = 1")))
        self.refused("unknown unit 'GPa'", "run", self.scenario(SMALL.replace('"6 s"', '"6 GPa"')))
        self.refused("a list is wanted", "run", self.scenario(SMALL.replace('["0 GPa", "3 GPa"]', '"0 GPa"')))

    def test_impossible_physics(self):
        self.refused("tau = -6 s", "run", self.scenario(SMALL.replace('"6 s"', '"-6 s"')))
        self.refused("positive definite only for 0 < beta <= 2", "run", "small.toml", "--set", "source.glass.beta=2.5")
        self.refused("at least 1 is wanted", "run", "small.toml", "--set", "source.glass.frames=0")
        self.refused("must increase", "run", "small.toml", "--set", 'source.wells.pressures=["3 GPa", "0 GPa"]')
        self.refused("a temperature is positive", "run", "small.toml", "--set", "source.wells.temperature=-3 K")

    def test_syntax_and_missing_files(self):
        self.refused("not valid TOML", "run", self.scenario(SMALL + "\n[source.x\n"))
        self.refused("did you mean 'first_look'?", "run", "first_lok")
        self.refused("no source", "run", self.scenario("[scenario]\ntitle = 'x'\n"))
        self.refused("write it as KEY=VALUE", "run", "small.toml", "--set", "beta")
        self.refused("kind: is missing", "run", "small.toml", "--set", "source.glas.beta=1")

    def test_outputs(self):
        self.refused("does not exist; make it first", "run", "small.toml", "-o", "missing/x.h5")
        self.refused("is the input itself", "run", "small.toml", "-o", "small.toml")
        self.refused("cannot both be", "run", "small.toml", "-o", "x.h5", "--report", "x.h5")
        self.write("taken.h5", "mine")
        self.refused("--force", "run", "small.toml", "-o", "taken.h5")
        self.assertEqual((self.folder / "taken.h5").read_text(), "mine")

    def test_folder_not_writable(self):
        # /proc takes no files, not even from root.
        self.refused("is not writable", "run", "small.toml", "-o", "/proc/x.h5", "--report", "x.html")


class BadData(ProgramTest):
    def frames(self, values, path="entry/instrument/detector/data"):
        with h5py.File(self.folder / "data.h5", "w") as f:
            f[path] = values

    def test_files(self):
        self.refused("no such file", "analyze", "absent.h5")
        self.write("text.h5", "hello")
        self.refused("is not an HDF5 file", "analyze", "text.h5")
        self.frames(numpy.ones((400, 30, 30), "uint16"))
        whole = (self.folder / "data.h5").read_bytes()
        (self.folder / "data.h5").write_bytes(whole[: len(whole) // 2])
        self.refused("truncated or damaged", "analyze", "data.h5")
        self.refused("no such file", "check", "absent.h5")
        self.refused("is not an HDF5 file", "report", "text.h5")

    def test_contents(self):
        self.frames(numpy.ones((40, 30), "uint16"))
        self.refused("frames have rank 3", "analyze", "data.h5")
        values = numpy.ones((10, 4, 4), "float32")
        values[3, 1, 2] = numpy.nan
        self.frames(values)
        self.refused("frame 3, row 1, column 2", "analyze", "data.h5")
        values[3, 1, 2] = -5
        self.frames(values)
        self.refused("--mask PATH", "analyze", "data.h5")
        self.frames(numpy.ones((0, 4, 4), "uint16"))
        self.refused("has 0 frames", "analyze", "data.h5")
        self.frames(numpy.zeros((10, 4, 4), "uint16"))
        self.refused("every frame is empty", "analyze", "data.h5")

    def test_indices_are_whole(self):
        def sparse(**changes):
            values = {"index": numpy.arange(80) % 16, "intensity": numpy.ones(80), "frame_ptr": numpy.arange(0, 81, 8)}
            with h5py.File(self.folder / "data.h5", "w") as f:
                f["entry/sparse_frames/mask"] = numpy.zeros((4, 4), "uint8")
                for name, value in (values | changes).items():
                    f[f"entry/sparse_frames/{name}"] = value
        sparse(index=numpy.arange(80) % 15 + 0.5)
        self.refused("index: holds 0.5 at place 0; whole numbers", "analyze", "data.h5")
        sparse(frame_ptr=numpy.arange(0, 81, 8) + 0.25)
        self.refused("frame_ptr: holds 0.25 at place 0; whole numbers", "analyze", "data.h5")
        self.frames(numpy.ones((10, 4, 4), "uint16"))
        for value in (1.5, 2.0**40, float("nan")):
            with h5py.File(self.folder / "data.h5", "a") as f:
                f.pop("entry/instrument/detector/region", None)
                f["entry/instrument/detector/region"] = numpy.full((4, 4), value)
            self.refused("whole numbers are wanted", "analyze", "data.h5")
        with h5py.File(self.folder / "data.h5", "a") as f:
            f.pop("entry/instrument/detector/region", None)
            f["entry/instrument/detector/region"] = numpy.full((4, 4), 2**40)
        self.refused("whole numbers are wanted", "analyze", "data.h5")
        sparse(index=(numpy.arange(80) % 16).astype("float64"), frame_ptr=numpy.arange(0, 81, 8).astype("uint64"))
        self.ok("analyze", "data.h5")

    def test_what_no_matter_does(self):
        lags = "".join(f"{t},{1 + 0.3 * 0.9**t}\n" for t in range(1, 30))
        self.write("g2.csv", "lag [GPa],g2\n" + lags)
        self.refused("lags are times", "estimate", "kww", "g2.csv")
        self.refused("lags are times", "estimate", "double_kww", "g2.csv")
        for unit in ("s", "ms", "frames", "1"):
            self.write("g2.csv", f"lag [{unit}],g2\n" + lags)
            self.ok("estimate", "kww", "g2.csv")
        self.write("g2.csv", "lag [s],g2,error\n" + "".join(f"{t},{1e300 * 0.37**t},1\n" for t in range(1, 30)))
        self.assertEqual(self.vitrum("estimate", "kww", "g2.csv").stderr, "")  # no line of a library's log
        self.write("grows.csv", "pressure [GPa],volume [angstrom^3]\n0,1000\n1,1010\n2,1020\n")
        self.assertEqual(self.ok("estimate", "local_bulk_modulus", "grows.csv").count("law_rejected"), 2)
        for place in ("1e300", "-1e300", "1e16"):
            self.write("far.dump", "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n"
                                   f"0 10\nITEM: ATOMS id type x y z\n1 1 {place} 1 1\n2 1 0 5 5\n")
            self.refused("cells away", "estimate", "pair_distribution", "far.dump", "--set", "elements=Cu")

    def test_options(self):
        self.frames(numpy.ones((10, 4, 4), "uint16"))
        self.refused("did you mean 'min_lag'?", "analyze", "data.h5", "--set", "minlag=1")
        self.refused("not beyond min_lag", "analyze", "data.h5", "--set", "min_lag=5", "--set", "max_lag=2")
        self.refused("give --frame-time", "analyze", "data.h5", "--set", "min_lag=2 s")
        self.refused("no such dataset", "analyze", "data.h5", "--mask", "/nowhere")
        self.refused("did you mean 'kww'?", "estimate", "kw", "data.h5")
        self.refused("is the input itself", "analyze", "data.h5", "-o", "data.h5", "--force")
        self.refused("no such file", "estimate", "kww", "absent.csv")
        self.write("bad.csv", "lag [s], g2\n1, x\n")
        self.refused("'x' is not a number", "estimate", "kww", "bad.csv")

    def test_usage(self):
        for arguments in ([], ["nonsense"], ["run"], ["run", "small.toml", "--threads", "-1"], ["run", "small.toml", "--nonsense"]):
            done = self.vitrum(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertTrue(done.stderr.startswith("vitrum: "), done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
