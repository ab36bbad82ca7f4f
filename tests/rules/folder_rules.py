#!/usr/bin/env python3
"""Rules about folders: at most 25 files in each, and no cycle of folders that include each other.

    folder_rules.py SOURCE_DIR    exit 1 and one line per violation
    folder_rules.py --self-test   a tree with each violation: each must be found
"""

import collections
import os
import pathlib
import re
import sys
import tempfile

MOST = 25  # files of a folder
COUNTED = (".cpp", ".hpp", ".py", ".toml", ".md", ".sh", ".txt")
LEFT_OUT = {"build", ".git", ".cache"}
INCLUDE = re.compile(r'^\s*#\s*include\s+"(vitrum/[^"]+)"', re.MULTILINE)


def files_of(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in names:
            if name.endswith(COUNTED):
                yield os.path.relpath(os.path.join(folder, name), root)


def cycles(arrows):
    """Strongly connected groups of more than one folder."""
    number, low, stack, on_stack, found = {}, {}, [], set(), []

    def visit(here):
        number[here] = low[here] = len(number)
        stack.append(here)
        on_stack.add(here)
        for there in sorted(arrows.get(here, ())):
            if there not in number:
                visit(there)
                low[here] = min(low[here], low[there])
            elif there in on_stack:
                low[here] = min(low[here], number[there])
        if low[here] == number[here]:
            group = []
            while not group or group[-1] != here:
                group.append(stack.pop())
                on_stack.discard(group[-1])
            if len(group) > 1:
                found.append(sorted(group))

    sys.setrecursionlimit(10000)
    for folder in sorted(arrows):
        if folder not in number:
            visit(folder)
    return found


def check(root):
    messages, counts, arrows, example = [], collections.Counter(), collections.defaultdict(set), {}
    for name in sorted(files_of(root)):
        folder = os.path.dirname(name)
        counts[folder] += 1
        if not name.startswith("vitrum/") or not name.endswith((".cpp", ".hpp")):
            continue
        text = pathlib.Path(root, name).read_text(encoding="utf-8", errors="replace")
        for header in INCLUDE.findall(text):
            there = os.path.dirname(header)
            if there != folder:
                arrows[folder].add(there)
                example.setdefault((folder, there), f"{name} includes {header}")
    messages += [f"{folder}/: {count} files; a folder has at most {MOST}: split it by concept"
                 for folder, count in counts.items() if count > MOST]
    for group in cycles(arrows):
        inside = [example[a, b] for a in group for b in group if (a, b) in example]
        messages.append(f"folders that include each other: {', '.join(group)}; as {'; '.join(inside[:4])}")
    return messages, len(counts)


def self_test():
    with tempfile.TemporaryDirectory() as root:
        def write(name, text=""):
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

        for i in range(MOST):
            write(f"vitrum/full/f{i}.hpp")
        write("vitrum/low/a.hpp")
        write("vitrum/high/b.cpp", '#include "vitrum/low/a.hpp"\n')
        failures = ["a good tree was refused: " + message for message in check(root)[0]]
        write("vitrum/full/one_more.cpp")
        write("vitrum/low/c.cpp", '#include "vitrum/middle/m.hpp"\n')
        write("vitrum/middle/m.hpp", '#include "vitrum/high/h.hpp"\n')
        messages, _ = check(root)
        for expected in ("vitrum/full/: 26 files", "folders that include each other: vitrum/high, vitrum/low, vitrum/middle"):
            if not any(message.startswith(expected) for message in messages):
                failures.append("not found: " + expected)
    print("\n".join(failures) or "self-test: all violations found, the good tree passes")
    return bool(failures)


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    messages, folders = check(sys.argv[1])
    print("\n".join(messages) or f"folder rules: {folders} folders, no violation")
    return bool(messages)


if __name__ == "__main__":
    sys.exit(main())
