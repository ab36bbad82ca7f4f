"""Signals end what takes long; standard streams that are full, closed or read by nobody lose no work and hide nothing."""
import os
import signal
import subprocess
import time
import unittest

import h5py
import numpy

from program import VITRUM, ProgramTest


class Streams(ProgramTest):
    def setUp(self):
        super().setUp()
        self.ok("generate", "small.toml", "-o", "data.h5", "--quiet")

    def with_streams(self, *command, close=(), **streams):
        """Runs with streams that are files, or closed."""
        return subprocess.run([VITRUM, *command], cwd=self.folder, timeout=300, text=True,
                              preexec_fn=lambda: [os.close(number) for number in close], **streams)

    def test_nobody_hears_the_messages(self):
        commands = (["run", "small.toml", "-o", "a.h5"], ["generate", "small.toml", "-o", "a.h5"],
                    ["analyze", "data.h5", "-o", "a.h5"])
        for command in commands:
            whole = self.ok(*command, "--quiet", "--force") and "" or self.data_hash("a.h5")
            for name, status in (("full", 3), ("closed", 0), ("nobody", 3)):
                with self.subTest(command=command[0], stderr=name):
                    for file in self.folder.glob("a.*"):
                        file.unlink()
                    if name == "closed":
                        done = self.with_streams(*command, close=(0, 1, 2) if command[0] == "generate" else (2,),
                                                 stdout=subprocess.DEVNULL)
                        status = 3 if command[0] == "generate" else 0  # what it answers goes nowhere either
                    elif name == "full":
                        with open("/dev/full", "w") as full:
                            done = self.with_streams(*command, stdout=subprocess.DEVNULL, stderr=full)
                    else:
                        reading, writing = os.pipe()
                        os.close(reading)
                        done = self.with_streams(*command, stdout=subprocess.DEVNULL, stderr=writing)
                        os.close(writing)
                    self.assertEqual(done.returncode, status)
                    self.assertEqual(self.data_hash("a.h5"), whole)  # nor did a message get into it
                    self.assertFalse((self.folder / "a.h5.part").exists())

    def test_an_answer_that_is_lost_is_a_failure(self):
        for command in (["check", "data.h5"], ["list"], ["list", "--json"], ["--help"], ["--version"],
                        ["estimate", "kww", "data.h5"], ["estimate", "kww", "data.h5", "--json"]):
            with self.subTest(command=command):
                with open("/dev/full", "w") as full:
                    done = self.with_streams(*command, stdout=full, stderr=subprocess.PIPE)
                self.assertEqual(done.returncode, 3)
                self.assertIn("cannot write to standard output", done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                done = self.with_streams(*command, close=(1,), stderr=subprocess.PIPE)
                self.assertEqual(done.returncode, 3)
                reading, writing = os.pipe()
                os.close(reading)
                done = self.with_streams(*command, stdout=writing, stderr=subprocess.PIPE)
                os.close(writing)
                self.assertEqual((done.returncode, done.stderr), (3, ""))


class Signals(ProgramTest):
    def interrupted(self, *command, after):
        before = sorted(self.folder.iterdir())
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(command=command, signal=number):
                running = subprocess.Popen([VITRUM, *command], cwd=self.folder, stdout=subprocess.PIPE,
                                           stderr=subprocess.PIPE, text=True)
                self.wait_for_handler(running)
                time.sleep(after)
                running.send_signal(number)
                sent = time.monotonic()
                _, errors = running.communicate(timeout=120)
                self.assertEqual(running.returncode, 130, errors)
                self.assertIn("interrupted", errors)
                self.assertLess(time.monotonic() - sent, 10)
                self.assertEqual(before, sorted(self.folder.iterdir()), "something was left")

    def wait_for_handler(self, running):
        """Until the program has begun: before, a signal ends it in the usual way."""
        caught = 0
        while running.poll() is None and not caught >> (signal.SIGTERM - 1) & 1:
            with open(f"/proc/{running.pid}/status") as status:
                caught = next((int(line.split()[1], 16) for line in status if line.startswith("SigCgt")), 0)
            time.sleep(0.01)

    def test_hashing(self):
        with h5py.File(self.folder / "data.h5", "w") as f:
            f.create_dataset("x", (300, 1000, 1000), "uint8", chunks=(1, 1000, 1000), compression="gzip")
            noise = numpy.random.default_rng(1).integers(0, 255, (1000, 100), "uint8")
            for i in range(300):
                f["x"][i, :, :100] = noise
        self.interrupted("check", "data.h5", after=0.3)

    def test_atoms(self):
        atoms, frames = 40000, 12
        with open(self.folder / "a.dump", "w") as out:
            for frame in range(frames):
                out.write(f"ITEM: TIMESTEP\n{100 * frame}\nITEM: NUMBER OF ATOMS\n{atoms}\nITEM: BOX BOUNDS pp pp pp\n"
                          "0 90\n0 90\n0 90\nITEM: ATOMS id type x y z\n")
                place = numpy.random.default_rng(frame).uniform(0, 90, (atoms, 3))
                out.write("".join(f"{i + 1} 1 {p[0]:.4f} {p[1]:.4f} {p[2]:.4f}\n" for i, p in enumerate(place)))
        keys = ("--set", "elements=Cu", "--set", "time_step=1 fs")
        self.interrupted("estimate", "voronoi", "a.dump", *keys, after=0.05)  # while it is read
        self.interrupted("estimate", "voronoi", "a.dump", *keys, after=1)
        self.interrupted("export", "a.dump", "-o", "a.h5", *keys, after=0.3)


if __name__ == "__main__":
    unittest.main()
