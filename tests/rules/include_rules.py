#!/usr/bin/env python3
"""The include walls of Vitrum, checked by the compiler's own account of what each file includes.

    include_rules.py SOURCE_DIR COMPILE_COMMANDS_JSON    exit 1 and one line per violation
    include_rules.py --self-test                         builds a tree with every violation, expects each to be found

Every source file is preprocessed with its own flags (g++ -H: the whole tree of includes). A header that is the first
include of no source file of its layer is compiled alone, so that it also proves to stand on its own; the others are
proved by their source file's compilation. The rules are the tables below.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

LAYERS = ("core", "io", "process", "outside", "model", "sim", "analysis", "report", "pipeline", "validation", "app")
HOME = "vitrum/"  # all layers stand in it
LAMMPS_FILE = "vitrum/sim/worker/lammps_session.cpp"

ABOVE = {
    "core": "io|process|outside|model|sim|analysis|report|pipeline|validation|app",
    "io": "process|outside|model|sim|analysis|report|pipeline|validation|app",
    "process": "io|outside|model|sim|analysis|report|pipeline|validation|app",
    "outside": "model|sim|analysis|report|pipeline|validation|app",
    "model": "io|process|outside|sim|analysis|report|pipeline|validation|app",
    "sim": "io|outside|model|analysis|report|pipeline|validation|app",
    "analysis": "io|process|outside|model|sim|report|pipeline|validation|app",
    "report": "io|process|outside|model|sim|analysis|pipeline|validation|app",
    "pipeline": "report|validation|app",
    "validation": "app",
}
# (who, whose files reach, why). Paths are relative to the source folder.
RULES = [(rf"vitrum/{who}/", rf"vitrum/({whom})/", f"{who} does not stand on these") for who, whom in ABOVE.items()] + [
    (r"vitrum/(analysis|outside)/", r"vitrum/core/truth/", "estimators are blind to truth"),
    (r"vitrum/pipeline/estimators/", r"vitrum/core/truth/|vitrum/io/|vitrum/model/|vitrum/sim/|vitrum/pipeline/(truth|sources|run|read|across|scenario)/",
     "estimators meet neither truth nor files nor sources"),
]
# What lies outside our tree, by the form of its path.
OUTSIDE_RULES = [
    (r"(^|/)lammps/[^/]*\.(h|hpp)$", lambda f: f == LAMMPS_FILE, f"LAMMPS is for {LAMMPS_FILE} alone"),
    (r"(^|/)(hdf5|H5[A-Za-z]*public)\.h$", lambda f: re.match(r"vitrum/io/|tests/(core/)?io/|tests/fuzz/", f), "HDF5 is for io alone"),
]


class Node:
    """One included file, and how it was reached."""

    def __init__(self, path, parent):
        self.path, self.parent = path, parent

    def chain(self):
        names, node = [], self
        while node:
            names.append(node.path)
            node = node.parent
        return " -> ".join(reversed(names))


def relative(path, folder, root):
    full = os.path.realpath(os.path.join(folder, path))
    return os.path.relpath(full, root) if full.startswith(root + os.sep) else full


def preprocess_flags(command):
    """The flags that decide what is included: no outputs, no input, no launcher."""
    words = command.get("arguments") or shlex.split(command["command"])
    compiler = re.compile(r"(^|/)(g\+\+|gcc|c\+\+|cc|clang\+\+|clang)[-\d.]*$")
    start = next(i for i, word in enumerate(words) if compiler.search(word))
    source = os.path.join(command["directory"], command["file"])
    kept, skip = [words[start]], False
    for word in words[start + 1:]:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MT", "-MQ", "-include"):  # what is included before is precompiled and not ours
            skip = True
        elif word in ("-c", "-MD", "-MMD") or word.startswith("-W"):
            continue
        elif os.path.join(command["directory"], word) == source:
            continue
        else:
            kept.append(word)
    return kept


def includes(flags, folder, path, root):
    """All files that `path` includes, as nodes, and the compiler's errors."""
    stage = ["-fsyntax-only"] if path.endswith(".hpp") else ["-E", "-o", os.devnull]
    run = subprocess.run(flags + ["-x", "c++", "-w", "-H"] + stage + [path], cwd=folder, capture_output=True, text=True,
                         errors="replace", check=False)
    top = Node(relative(path, folder, root), None)
    stack, nodes, errors = [top], [], []
    for line in run.stderr.splitlines():
        found = re.match(r"(\.+) (.+)", line)
        if found:
            depth = len(found[1])
            del stack[depth:]
            node = Node(relative(found[2], folder, root), stack[-1])
            stack.append(node)
            nodes.append(node)
        elif "error:" in line:
            errors.append(line)
    return top, nodes, errors if run.returncode else []


def violations(top, nodes):
    found = {}
    for node in nodes:
        for who, whom, why in RULES:
            if re.match(who, top.path) and re.match(whom, node.path):
                found.setdefault((why, node.path), f"{node.chain()}: {why}")
        for whom, allowed, why in OUTSIDE_RULES:
            # The first file of theirs says enough; what it includes in turn is theirs.
            if re.search(whom, node.path) and not allowed(top.path) and not re.search(whom, node.parent.path):
                found.setdefault((why, ""), f"{node.chain()}: {why}")
    return list(found.values())


def check(source_dir, compile_commands):
    root = os.path.realpath(source_dir)
    with open(compile_commands, encoding="utf-8") as file:
        commands = json.load(file)
    ours, flags_of_room = {}, {}
    for command in commands:
        path = relative(command["file"], command["directory"], root)
        if not path.startswith((*(HOME + layer + os.sep for layer in LAYERS), "tests" + os.sep, "benchmarks" + os.sep)):
            continue
        if path not in ours:
            ours[path] = (preprocess_flags(command), command["directory"])
        flags_of_room.setdefault(room(path), ours[path])
    if not ours:
        return ["no source file of ours in " + compile_commands], 0

    messages, proved = [], set()

    def run(jobs):
        def one(job):
            path, (flags, folder) = job
            return includes(flags, folder, os.path.join(root, path), root)

        for top, nodes, errors in pool.map(one, jobs):
            messages.extend(f"{top.path}: does not compile: {error}" for error in errors[:1])
            messages.extend(violations(top, nodes))
            if nodes and room(nodes[0].path) == room(top.path):
                proved.add(nodes[0].path)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        run(list(ours.items()))
        # Headers that no source of their room proves, and sources that are not compiled here (LAMMPS missing, say).
        rest = []
        for layer in LAYERS:
            for file in sorted(pathlib.Path(root, HOME + layer).rglob("*.[ch]pp")):
                path = os.path.relpath(file, root)
                if path not in ours and path not in proved:
                    flags = flags_of_room.get(room(path)) or flags_of_room.get(layer) or next(iter(ours.values()))
                    rest.append((path, flags))
        run(rest)
    return messages, len(ours) + len(rest)


def room(path):
    """The layer, where the file that may include LAMMPS is a room of its own."""
    if path == LAMMPS_FILE:
        return path
    parts = path.split(os.sep)
    return parts[1] if path.startswith(HOME) else parts[0]


# Self-test: (file, its text, how the message must begin), added to a tree that must pass without them.
WRONG = [
    ("vitrum/pipeline/estimators/e1.cpp", '#include "vitrum/core/truth/ground_truth.hpp"\n',
     "vitrum/pipeline/estimators/e1.cpp -> vitrum/core/truth/ground_truth.hpp"),
    ("vitrum/pipeline/estimators/e2.cpp", '#include "vitrum/io/file.hpp"\n',
     "vitrum/pipeline/estimators/e2.cpp -> vitrum/io/file.hpp"),
    ("vitrum/analysis/a1.cpp", '#include "vitrum/core/truth/ground_truth.hpp"\n', "vitrum/analysis/a1.cpp -> vitrum/core/truth/ground_truth.hpp"),
    ("vitrum/analysis/a2.cpp", '#include "vitrum/core/innocent.hpp"\n', "vitrum/analysis/a2.cpp -> vitrum/core/innocent.hpp -> vitrum/core/truth/labelled.hpp"),
    ("vitrum/analysis/a3.cpp", '#include "vitrum/core/truth/result.hpp"\n', "vitrum/analysis/a3.cpp -> vitrum/core/truth/result.hpp"),
    ("vitrum/analysis/a4.cpp", '#include "vitrum/io/file.hpp"\n', "vitrum/analysis/a4.cpp -> vitrum/io/file.hpp"),
    ("vitrum/analysis/a5.cpp", '#include "vitrum/model/model.hpp"\n', "vitrum/analysis/a5.cpp -> vitrum/model/model.hpp"),
    ("vitrum/analysis/a6.cpp", '#include "vitrum/sim/sim.hpp"\n', "vitrum/analysis/a6.cpp -> vitrum/sim/sim.hpp"),
    ("vitrum/analysis/alone.hpp", '#include "vitrum/core/truth/labelled.hpp"\n', "vitrum/analysis/alone.hpp -> vitrum/core/truth/labelled.hpp"),
    ("vitrum/model/m1.cpp", '#include "vitrum/sim/sim.hpp"\n', "vitrum/model/m1.cpp -> vitrum/sim/sim.hpp"),
    ("vitrum/model/m2.cpp", '#include "vitrum/analysis/analysis.hpp"\n', "vitrum/model/m2.cpp -> vitrum/analysis/analysis.hpp"),
    ("vitrum/sim/s1.cpp", '#include "vitrum/model/model.hpp"\n', "vitrum/sim/s1.cpp -> vitrum/model/model.hpp"),
    ("vitrum/sim/s2.cpp", '#include "vitrum/analysis/analysis.hpp"\n', "vitrum/sim/s2.cpp -> vitrum/analysis/analysis.hpp"),
    ("vitrum/sim/s3.cpp", '#include <lammps/library.h>\n', "vitrum/sim/s3.cpp -> "),
    ("vitrum/core/c1.cpp", '#include "vitrum/model/model.hpp"\n', "vitrum/core/c1.cpp -> vitrum/model/model.hpp"),
    ("vitrum/core/c2.cpp", '#include "vitrum/io/file.hpp"\n', "vitrum/core/c2.cpp -> vitrum/io/file.hpp"),
    ("vitrum/io/c3.cpp", '#include "vitrum/report/report.hpp"\n', "vitrum/io/c3.cpp -> vitrum/report/report.hpp"),
    ("vitrum/report/r1.cpp", '#include "vitrum/pipeline/pipeline.hpp"\n', "vitrum/report/r1.cpp -> vitrum/pipeline/pipeline.hpp"),
    ("vitrum/report/r2.cpp", '#include "vitrum/analysis/analysis.hpp"\n', "vitrum/report/r2.cpp -> vitrum/analysis/analysis.hpp"),
    ("vitrum/pipeline/n1.cpp", '#include "vitrum/io/hdf5.hpp"\n', "vitrum/pipeline/n1.cpp -> vitrum/io/hdf5.hpp -> "),
    ("vitrum/pipeline/n2.cpp", '#include <hdf5.h>\n', "vitrum/pipeline/n2.cpp -> "),
    ("vitrum/core/only_io_reaches_me.hpp", '#include <hdf5.h>\n', "vitrum/core/only_io_reaches_me.hpp -> "),
    ("tests/t1.cpp", '#include <lammps/library.h>\n', "tests/t1.cpp -> "),
    ("vitrum/model/not_compiled.cpp", '#include "vitrum/sim/sim.hpp"\n', "vitrum/model/not_compiled.cpp -> vitrum/sim/sim.hpp"),
    ("vitrum/model/broken.cpp", '#include "vitrum/model/gone.hpp"\n', "vitrum/model/broken.cpp: does not compile"),
    ("vitrum/model/incomplete.hpp", "inline Absent f();\n", "vitrum/model/incomplete.hpp: does not compile"),
]
RIGHT = {
    "vitrum/core/truth/ground_truth.hpp": "",
    "vitrum/core/truth/labelled.hpp": '#include "vitrum/core/truth/ground_truth.hpp"\n',
    "vitrum/core/truth/result.hpp": "",
    "vitrum/core/innocent.hpp": "",
    "vitrum/io/file.hpp": '#include "vitrum/core/truth/labelled.hpp"\n',
    "vitrum/io/hdf5.hpp": "#include <hdf5.h>\n",
    "vitrum/io/file.cpp": '#include "vitrum/io/hdf5.hpp"\n#include "vitrum/core/only_io_reaches_me.hpp"\n',
    "vitrum/core/only_io_reaches_me.hpp": "",
    "vitrum/model/model.hpp": '#include "vitrum/core/truth/labelled.hpp"\n',
    "vitrum/model/model.cpp": '#include "vitrum/model/model.hpp"\n',
    "vitrum/sim/sim.hpp": "",
    LAMMPS_FILE: "#include <lammps/library.h>\n",
    "vitrum/analysis/analysis.hpp": '#include "vitrum/core/innocent.hpp"\n',
    "vitrum/analysis/analysis.cpp": '#include "vitrum/analysis/analysis.hpp"\n',
    "vitrum/report/report.hpp": '#include "vitrum/core/truth/result.hpp"\n',
    "vitrum/pipeline/pipeline.hpp": "",
    "vitrum/pipeline/pipeline.cpp": '#include "vitrum/analysis/analysis.hpp"\n#include "vitrum/sim/sim.hpp"\n',
    "tests/io/file_test.cpp": '#include "vitrum/io/hdf5.hpp"\n',
}


def write_tree(folder, files):
    for name, text in files.items():
        path = pathlib.Path(folder, "src", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#pragma once\n" * name.endswith(".hpp") + text, encoding="utf-8")
    for name in ("lammps/library.h", "hdf5.h"):
        path = pathlib.Path(folder, "include", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n", encoding="utf-8")
    source = os.path.join(folder, "src")
    compiler = f"/usr/bin/ccache g++ -Wall -Werror -I{source} -isystem {folder}/include -MD -MF x.d -o x.o -c"
    commands = [{"directory": folder, "file": f"{source}/{name}", "command": f"{compiler} {source}/{name}"}
                for name in files if name.endswith(".cpp") and "not_compiled" not in name]
    listing = os.path.join(folder, "compile_commands.json")
    pathlib.Path(listing).write_text(json.dumps(commands), encoding="utf-8")
    return source, listing


def self_test():
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        messages, _ = check(*write_tree(folder, RIGHT))
        failures += ["a good tree was refused: " + message for message in messages]
    with tempfile.TemporaryDirectory() as folder:
        innocent = {"vitrum/core/innocent.hpp": '#include "vitrum/core/truth/labelled.hpp"\n'}
        tree = RIGHT | innocent | {name: text for name, text, _ in WRONG}
        messages, _ = check(*write_tree(folder, tree))
        failures += [f"not found: {expected} ({name})" for name, _, expected in WRONG
                     if not any(message.startswith(expected) for message in messages)]
        # What the poisoned innocent.hpp breaks on its way is expected; anything else is a false alarm.
        expected = [start for _, _, start in WRONG] + ["vitrum/analysis/analysis.cpp -> ", "vitrum/io/file.cpp -> ", "vitrum/model/model.cpp -> "]
        failures += ["false alarm: " + message for message in messages if not message.startswith(tuple(expected))]
    print("\n".join(failures) or f"self-test: all {len(WRONG)} violations found, the good tree passes")
    return bool(failures)


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    messages, files = check(sys.argv[1], sys.argv[2])
    print("\n".join(sorted(set(messages))) or f"include rules: {files} files, no violation")
    return bool(messages)


if __name__ == "__main__":
    sys.exit(main())
