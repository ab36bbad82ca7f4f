"""Files that are damaged or made to do harm: one clear line, exit status 2, nothing written, no hang, no crash."""
import os
import pathlib
import socket
import subprocess
import unittest

import h5py
import numpy

from program import GLASS, SMALL, VITRUM, ProgramTest

STUDY = """
[study]
title = "Small"
replicates = 10
[grid]
"source.glass.tau" = ["4 s", "6 s"]
[judge.tau]
bias = "20 %"
""" + GLASS.replace("frames = 120", "frames = 60")


class Hostile(ProgramTest):
    def vitrum(self, *arguments, **options):
        return subprocess.run([VITRUM, *map(str, arguments)], cwd=self.folder, text=True, capture_output=True,
                              timeout=20 if options.pop("short", True) else 300, **options)

    def frames(self, name="data.h5", values=None):
        with h5py.File(self.folder / name, "w") as f:
            f["entry/instrument/detector/data"] = (
                numpy.arange(10 * 4 * 4, dtype="uint16").reshape(10, 4, 4) % 7 if values is None else values)
        return name


class Sizes(Hostile):
    def declare(self, path, shape, kind, chunk, compression=None):
        with h5py.File(self.folder / "data.h5", "a") as f:
            if path in f:
                del f[path]
            f.create_dataset(path, shape, kind, chunks=chunk, compression=compression)

    def test_frames_that_are_only_declared(self):
        for shape, chunk in (((10**12, 4, 4), (64, 4, 4)), ((10, 2**33 + 1, 2**31), (1, 64, 64)),
                             ((10, 2**62 + 1, 4), (1, 2**30, 1)), ((20000, 400, 400), (50, 400, 400))):
            self.frames()
            self.declare("entry/instrument/detector/data", shape, "uint16", chunk, "gzip")
            self.refused("declares", "analyze", "data.h5")

    def test_other_datasets(self):
        self.frames()
        self.declare("entry/instrument/detector/frame_time", (2**32,), "float64", (1024,))
        self.refused("frame_time", "analyze", "data.h5")
        self.frames()
        self.declare("entry/instrument/detector/pixel_mask", (10**6, 10**6), "uint8", (1000, 1000))
        self.refused("pixel_mask", "analyze", "data.h5")

    def test_a_sparse_stack_that_is_there_is_read(self):
        values = numpy.zeros((30, 400, 500), "uint16")
        values[:, ::7, ::5] = 1
        with h5py.File(self.folder / "data.h5", "w") as f:
            f.create_dataset("entry/instrument/detector/data", data=values, chunks=(1, 400, 500), compression="gzip")
        self.ok("analyze", "data.h5")

    def test_regions_and_pointers(self):
        self.frames()
        with h5py.File(self.folder / "data.h5", "a") as f:
            f["entry/instrument/detector/region"] = numpy.full((4, 4), 2 * 10**9, "int32")
        self.refused("regions count from 1", "analyze", "data.h5")
        with h5py.File(self.folder / "sparse.h5", "w") as f:
            g = f.create_group("entry/sparse_frames")
            g["mask"] = numpy.zeros((4, 4), "uint8")
            g["index"] = numpy.arange(8)
            g["intensity"] = numpy.ones(8)
            g.create_dataset("frame_ptr", (10**12,), "int64", chunks=(1024,))
        self.refused("frame_ptr", "analyze", "sparse.h5")

    def test_a_scenario_with_one_huge_number(self):
        for setting, part in (("frames=1000000000000", "instants"), ("rows=100000000", "pixels"),
                              ("modes=70000000000", "at most 1000000"), ("frames=900000000", "--allow-large"),
                              ("columns=10000000", "--allow-large")):
            self.refused(part, "run", "small.toml", "--set", f"source.glass.{setting}")
        self.write("study.toml", STUDY.replace("replicates = 10", "replicates = 1000000000000"))
        self.refused("--allow-large", "validate", "study.toml")
        self.write("one.toml", STUDY)
        self.refused("--allow-large", "validate", "one.toml", "--only", "0:0", "--set",
                     "source.glass.columns=10000000")
        self.write("plan.toml", """[experiment]
title = "Tiny"
contrast = 0.3
pixels = 256
mean_count = 1.0
frames = 100
frame_time = "1 s"
tau = "5 s"
beta = 1.2
""")
        self.refused("plan 'Tiny' with 1000000000 replicates: wants", "plan", "plan.toml", "--replicates", 1000000000)

    def test_work_wants_a_word(self):
        self.refused("--allow-large", "run", "small.toml", "--set", "source.glass.modes=1000000", "--set",
                     "source.glass.frames=20000", "--set", "source.glass.rows=1000")

    def test_thin_cells(self):
        dump = """ITEM: TIMESTEP
0
ITEM: NUMBER OF ATOMS
2
ITEM: BOX BOUNDS pp pp pp
0 {}
0 10
0 10
ITEM: ATOMS id type x y z
1 1 0 1 1
2 1 0 5 5
"""
        for edge in ("1e-6", "1e-300", "1e12"):
            self.write("thin.dump", dump.format(edge))
            self.refused("angstrom wide", "estimate", "pair_distribution", "thin.dump", "--set", "elements=Cu")
        self.write("many.dump", dump.format(10).replace("ATOMS\n2", "ATOMS\n1000000000000"))
        self.refused("are to come", "estimate", "pair_distribution", "many.dump", "--set", "elements=Cu")


class Links(Hostile):
    def outside(self, name="other.h5"):
        folder = self.folder.parent / (self.folder.name + "_outside")
        folder.mkdir(exist_ok=True)
        self.addCleanup(lambda: subprocess.run(["rm", "-r", str(folder)], check=True))
        os.rename(self.folder / self.frames(), folder / name)
        return folder / name

    def link(self, target, path="/entry/instrument/detector/data"):
        with h5py.File(self.folder / "data.h5", "w") as f:
            f["entry/instrument/detector/data"] = h5py.ExternalLink(str(target), path)

    def test_links_within_the_folder_are_followed_and_said(self):
        os.rename(self.folder / self.frames(), self.folder / "part.h5")
        self.link("part.h5")
        done = self.vitrum("analyze", "data.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("followed links to 'part.h5'", done.stderr)

    def test_links_out_of_it_want_a_word(self):
        other = self.outside()
        self.link(other)
        self.refused("--follow-links", "analyze", "data.h5")
        self.link("../" + other.parent.name + "/other.h5")
        self.refused("--follow-links", "analyze", "data.h5")
        os.symlink(other, self.folder / "inside.h5")
        self.link("inside.h5")
        self.refused("--follow-links", "analyze", "data.h5")
        self.ok("analyze", "data.h5", "--follow-links")

    def test_virtual_sources_and_raw_data(self):
        other = self.outside()
        layout = h5py.VirtualLayout((10, 4, 4), "uint16")
        layout[:] = h5py.VirtualSource(str(other), "/entry/instrument/detector/data", (10, 4, 4))
        with h5py.File(self.folder / "data.h5", "w") as f:
            f.create_virtual_dataset("entry/instrument/detector/data", layout)
        self.refused("--follow-links", "analyze", "data.h5")
        self.ok("analyze", "data.h5", "--follow-links")
        with h5py.File(self.folder / "raw.h5", "w") as f:
            f.create_dataset("entry/instrument/detector/data", (10, 4, 4), "uint16",
                             external=[("/etc/hostname", 0, 320)])
        self.refused("--follow-links", "analyze", "raw.h5")

    def test_a_soft_link_hides_nothing(self):
        other = self.outside()
        with h5py.File(self.folder / "data.h5", "w") as f:
            f["far"] = h5py.ExternalLink(str(other), "/")
            f["entry/instrument/detector/data"] = h5py.SoftLink("/far/entry/instrument/detector/data")
        self.refused("--follow-links", "analyze", "data.h5")
        with h5py.File(self.folder / "circle.h5", "w") as f:
            f["entry/instrument/detector/data"] = h5py.SoftLink("/entry/instrument/detector/data")
        self.refused("circles", "analyze", "circle.h5")

    def test_pipes_devices_and_sockets(self):
        os.mkfifo(self.folder / "pipe.h5")
        os.symlink("pipe.h5", self.folder / "soft.h5")
        with socket.socket(socket.AF_UNIX) as s:
            here = pathlib.Path.cwd()
            os.chdir(self.folder)
            s.bind("socket.h5")
            os.chdir(here)
        for name, what in (("pipe.h5", "a pipe"), ("soft.h5", "a pipe"), ("socket.h5", "a socket"),
                           ("/dev/zero", "a device")):
            self.link(name)
            self.refused(what, "analyze", "data.h5", "--follow-links")
            self.refused(what, "analyze", name)
            self.refused(what, "report", name)
            self.refused(what, "estimate", "kww", name)
            self.refused(what, "score", name)


class Names(Hostile):
    def test_names_that_no_file_can_have(self):
        long = "x" * 300
        self.refused("cannot be the name of a file", "analyze", long)
        self.frames()
        self.refused("cannot be the name of a file", "analyze", "data.h5", "-o", long)
        self.refused("cannot be the name of a file", "run", "small.toml", "-o", long + ".h5")
        self.refused("100 of them at most", "run",
                     self.write("long.toml", SMALL.replace("source.glass", "source." + long)))

    def test_names_in_a_file_stay_in_the_folder(self):
        self.ok("generate", "small.toml", "-o", "data.h5", short=False)
        with h5py.File(self.folder / "data.h5", "a") as f:
            for entry in ("entry", "entry_2"):
                del f[entry]["series_name"]
                f[entry]["series_name"] = "../../a/b"
        self.ok("analyze", "data.h5", "-o", "r.h5", short=False)
        self.ok("export", "r.h5", "--data-set", ".._.._a_b", short=False)
        self.assertTrue((self.folder / "r__.._.._a_b.h5").exists() or list(self.folder.glob("r_*a_b.h5")))


class Messages(Hostile):
    def test_no_control_characters(self):
        for command in (["analyze", "\x1b[31mred\x07.h5"], ["run", "small.toml", "--set", "source.glass.\x1b[2J=1"],
                        ["run", "small.toml\nvitrum: all is well"], ["analyze", "data.h5", "--dataset", "/\x9b31m"]):
            self.frames()
            done = self.vitrum(*command)
            self.assertEqual(done.returncode, 2)
            self.assertFalse([c for c in done.stderr.rstrip("\n") if ord(c) < 32 or 127 <= ord(c) < 160], done.stderr)

    def test_units_and_notes_from_a_file(self):
        self.write("t.csv", "x,\x1b[31my\n1,2\n2,3\n")
        done = self.vitrum("estimate", "kww", "t.csv")
        self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_deep_toml(self):
        for text in ("a = " + "[" * 15000 + "]" * 15000, "a = " + "{a = " * 9000 + "1" + "}" * 9000,
                     ".".join("a" * 20000) + " = 1", "[" + ".".join("a" * 20000) + "]", "a = " + "[" * 20000):
            self.refused("more than 64 deep", "run", self.write("deep.toml", text))
        self.write("fine.toml", SMALL + 'x = "[[[[' + "[" * 100 + '" # ' + "[" * 100 + "\n")
        self.refused("unknown key", "run", "fine.toml")


class Reports(Hostile):
    SCRIPT = "<script>alert(1)</script>"

    def test_whatever_stands_in_a_result_is_text(self):
        self.ok("run", "small.toml", "-o", "r.h5", short=False)
        with h5py.File(self.folder / "r.h5") as f:
            texts = []
            f.visititems(lambda path, item: texts.append(path) if isinstance(item, h5py.Dataset)
                         and h5py.check_string_dtype(item.dtype) else None)
            attributes = []
            f.visititems(lambda path, item: attributes.extend((path, key) for key in item.attrs))
        keep = ("status", "origin", "names", "axis_1_name")
        with h5py.File(self.folder / "r.h5", "a") as f:
            for path in texts:
                if path.split("/")[-1] in keep or path.endswith("/series"):
                    continue
                shape = f[path].shape
                del f[path]
                f[path] = self.SCRIPT if shape == () else [self.SCRIPT] * shape[0]
            for path, key in attributes:
                if key in ("units", "title", "error_method", "quantity", "long_name"):
                    f[path].attrs[key] = self.SCRIPT
        self.ok("report", "r.h5", "-o", "r2.html", short=False)
        page = (self.folder / "r2.html").read_text()
        self.assertIn("alert(1)", page)
        self.assertNotIn("<script", page)

    def test_whatever_stands_in_a_study_is_text(self):
        self.write("study.toml", STUDY)
        self.ok("validate", "study.toml", "-o", "s.h5", short=False)
        with h5py.File(self.folder / "s.h5", "a") as f:
            for path in ("name", "title", "question", "frozen", "identity"):
                del f["entry"][path]
                f["entry"][path] = self.SCRIPT
            for path in ("estimands/series", "estimands/unit", "estimands/method", "replicates/failure"):
                count = f["entry"][path].shape[0]
                del f["entry"][path]
                f["entry"][path] = [self.SCRIPT] * count
            del f["entry/deviations"]
            f["entry/deviations"] = [self.SCRIPT]
            for key in list(f["entry/provenance"]):
                del f["entry/provenance"][key]
                f["entry/provenance"][key] = self.SCRIPT
        before = set(self.folder.iterdir())
        self.ok("report", "s.h5", "-o", "s.html", short=False)
        page = (self.folder / "s.html").read_text()
        self.assertIn("alert(1)", page)
        self.assertNotIn("<script", page)
        self.assertEqual({"s.html", "s_csv"}, {p.name for p in set(self.folder.iterdir()) - before})
        for file in (self.folder / "s_csv").iterdir():
            self.assertRegex(file.name, r"^[A-Za-z0-9_.-]+$")

    def test_indices_and_enumerations_of_a_study(self):
        self.write("study.toml", STUDY)
        self.ok("validate", "study.toml", "-o", "whole.h5", short=False)
        whole = (self.folder / "whole.h5").read_bytes()
        for column in ("replicates/cell", "rows/replicate", "rows/estimand", "rows/status", "rows/origin"):
            (self.folder / "s.h5").write_bytes(whole)
            with h5py.File(self.folder / "s.h5", "a") as f:
                f["entry"][column][0] = 200
            for command in (["report", "s.h5"], ["merge", "s.h5", "s.h5", "-o", "m.h5"]):
                self.refused(column, *command)
        for column in ("rows/truth", "rows/lower", "estimands/level", "replicates/failure"):
            (self.folder / "s.h5").write_bytes(whole)
            with h5py.File(self.folder / "s.h5", "a") as f:
                short = f["entry"][column][:0]
                del f["entry"][column]
                f["entry"][column] = short
            self.refused("s.h5", "report", "s.h5")


class Journals(Hostile):
    def test_damage_keeps_the_work_before_it(self):
        self.write("study.toml", STUDY.replace("replicates = 10", "replicates = 150"))
        self.ok("validate", "study.toml", "-o", "whole.h5", "--quiet", short=False)
        running = subprocess.Popen([VITRUM, "validate", "study.toml", "-o", "s.h5", "--quiet", "--threads", "1"],
                                   cwd=self.folder)
        journal = self.folder / "s.h5.part" / "rank_0.journal"
        while running.poll() is None and (not journal.exists() or journal.stat().st_size < 2000):  # some work is done
            pass
        running.terminate()
        self.assertEqual(running.wait(), 130)
        bytes_ = journal.read_bytes()
        damages = {"zeros": bytes_ + bytes(4096), "middle": bytes_[:1200] + b"\xff" + bytes_[1201:],
                   "torn": bytes_[:-5], "empty": b""}
        identity = (self.folder / "s.h5.part" / "identity").read_bytes()
        for name, damaged in damages.items():
            (self.folder / "s.h5.part").mkdir(exist_ok=True)
            (self.folder / "s.h5.part" / "identity").write_bytes(identity)
            journal.write_bytes(damaged)
            done = self.vitrum("validate", "study.toml", "-o", "s.h5", "--resume", "--quiet", short=False)
            self.assertEqual(done.returncode, 0, name + done.stderr)
            self.assertEqual("is damaged from byte" in done.stderr, name in ("zeros", "middle"), name + done.stderr)
            self.assertEqual("bytes are cut off" in done.stderr, name == "torn", name + done.stderr)
            self.assertEqual(self.data_hash("s.h5"), self.data_hash("whole.h5"), name)
            os.remove(self.folder / "s.h5")
        (self.folder / "s.h5.part").mkdir(exist_ok=True)
        (self.folder / "s.h5.part" / "identity").write_bytes(identity)
        journal.write_bytes(b"something else altogether")
        self.assertIn("is no journal", self.vitrum("validate", "study.toml", "-o", "s.h5", "--resume").stderr)


class Damage(Hostile):
    def test_texts_that_point_outside(self):
        """Heap indices of variable-length texts: the HDF5 library itself fails on them."""
        with h5py.File(self.folder / "clean.h5", "w") as f:
            f["entry/instrument/detector/data"] = numpy.ones((10, 4, 4), "uint16")
            f["entry/title"] = "a title of some length"
        whole = (self.folder / "clean.h5").read_bytes()
        place = whole.index(b"GCOL")
        for value in (b"\xff" * 8, b"\x10" + b"\0" * 7, (2**40).to_bytes(8, "little")):
            (self.folder / "data.h5").write_bytes(whole[:place + 8] + value + whole[place + 16:])
            done = self.vitrum("analyze", "data.h5", "-o", "r.h5", "--force")
            self.assertIn(done.returncode, (0, 2, 3), done.stderr)
            self.assertTrue(done.returncode == 0 or done.stderr.startswith("vitrum: "), done.stderr)

    def test_empty_lists_of_names(self):
        self.frames()
        with h5py.File(self.folder / "data.h5", "a") as f:
            q = f.create_group("xpcs/qmap")
            q["dynamic_roi_map"] = numpy.ones((4, 4), "int32")
            q["dynamic_v_list_dim0"] = [1.0]
            q.create_dataset("map_names", (0,), h5py.string_dtype())
        self.refused("map_names", "analyze", "data.h5")


if __name__ == "__main__":
    unittest.main()
