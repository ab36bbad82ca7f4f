#!/usr/bin/env python3
"""Rules about the text of the tree.

    text_rules.py SOURCE_DIR    exit 1 and one line per violation
    text_rules.py --self-test   a tree with each violation: each must be found

A C++ file has at most 400 lines. No file names a path of somebody's machine or leaves work marked for later. A script
that sets pipefail pipes into nothing that stops reading early (grep -q, grep -m, head): its writer dies of SIGPIPE now and
then, and the answer of the pipe is wrong.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LONGEST = 400  # lines of a C++ file
CXX = (".cpp", ".hpp")
# Written in parts, so that this file passes its own test.
PATHS = re.compile(r"(?<![\w.])(/wo" + r"rk/\w|/tm" + r"p/b_|/ho" + r"me/\w|/ro" + r"ot/\w)")
MARKS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
EARLY = re.compile(r"(?<!\|)\|\s*(grep\s+-\w*[qm]|head\b)(?!.*\|\|\s*true)")
NOT_OURS = ("LICENSE",)


def tracked(root):
    """Files that git knows or would add; every file but hidden and build folders where there is no git."""
    names = []
    if shutil.which("git"):
        run = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, check=False)
        names = [name for name in run.stdout.decode(errors="replace").split("\0") if name]
    if not names:
        names = [str(path.relative_to(root)) for path in pathlib.Path(root).rglob("*") if path.is_file()]
        names = [name for name in names if not re.match(r"(build|\.git)/", name)]
    return sorted(set(names))


def check(root):
    messages, count = [], 0
    for name in tracked(root):
        path = pathlib.Path(root, name)
        if name in NOT_OURS or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue  # binary
        count += 1
        lines = content.decode(errors="replace").splitlines()
        shell = any(re.match(r"\s*set -\S*o pipefail", line) for line in lines)
        if name.endswith(CXX) and len(lines) > LONGEST:
            messages.append(f"{name}: {len(lines)} lines; a C++ file has at most {LONGEST}: split it by concept")
        for number, line in enumerate(lines, 1):
            early = EARLY.search(line) if shell and not line.lstrip().startswith("#") else None
            if early:
                messages.append(f"{name}:{number}: '{early[0]}' stops reading early under pipefail")
            for pattern, why in ((PATHS, "names a path of one machine"), (MARKS, "leaves work marked for later")):
                found = pattern.search(line)
                if found:
                    messages.append(f"{name}:{number}: '{found[0]}' {why}")
    if not count:
        messages.append(f"{root}: no files")
    return messages, count


def self_test():
    wrong = {
        "core/long.cpp": ("\n" * (LONGEST + 1), "core/long.cpp: 401 lines"),
        "docs/path.md": ("see /wo" + "rk/main\n", "docs/path.md:1: "),
        "sim/later.cpp": ("int a;\n// TO" + "DO: all\n", "sim/later.cpp:2: "),
        "scripts/early": ("set -euo pipefail\nif list | grep -q a; then b; fi\n", "scripts/early:2: "),
        "scripts/first": ("set -euo pipefail\na=$(list | head -1)\n", "scripts/first:2: "),
        "sim/fix.hpp": ("// FIX" + "ME\n", "sim/fix.hpp:1: "),
    }
    right = {"core/short.cpp": "\n" * LONGEST, "docs/long.md": "text\n" * 1000, "docs/work.md": "a/wo" + "rk/b to" + "do\n",
             "scripts/whole": "set -euo pipefail\nif a || grep -q b c; then list | grep d >/dev/null; fi\n",
             "scripts/plain": "list | head -1\n", "scripts/any": "set -euo pipefail\nlist | head -4 || true\n"}
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text in ({name: text for name, (text, _) in wrong.items()} | right).items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        messages, _ = check(folder)
        failures += [f"not found: {start}" for _, start in wrong.values()
                     if not any(message.startswith(start) for message in messages)]
        starts = tuple(start for _, start in wrong.values())
        failures += ["false alarm: " + message for message in messages if not message.startswith(starts)]
    print("\n".join(failures) or f"self-test: all {len(wrong)} violations found, no false alarm")
    return bool(failures)


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    messages, files = check(sys.argv[1])
    print("\n".join(messages) or f"text rules: {files} files, no violation")
    return bool(messages)


if __name__ == "__main__":
    sys.exit(main())
