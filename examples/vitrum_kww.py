#!/usr/bin/env python3
"""Vitrum's own kww as a program from outside: its rows are those of the built-in method, to the last bit.

    vitrum_kww.py DATA OUT [VITRUM [KEY=VALUE ...]]      in a study: command = ["python3", "vitrum_kww.py", "{data}", "{out}"]

VITRUM is the program, `vitrum` in $PATH if left out; KEY=VALUE are options of `vitrum estimate kww`, as min_lag=2. A model for
wrapping any program that takes one file and prints JSON.
"""

import csv
import json
import pathlib
import subprocess
import sys

COLUMNS = ["replicate", "data", "quantity", "unit", "estimate", "standard_error", "lower", "upper", "status", "note"]


def rows_of(entry, file, program, options):
    command = [program, "estimate", "kww", str(file), "--json", "--threads", "1"]
    for option in options:
        command += ["--set", option]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for row in answer["estimates"]:
        cells = {"replicate": entry.get("replicate"), "data": entry["data"], "quantity": row["quantity"],
                 "unit": row["unit"], "estimate": row["value"], "standard_error": row["standard_error"],
                 "lower": row["interval"][0], "upper": row["interval"][1], "status": row["status"], "note": row["note"]}
        for name, place in row["abscissa"].items():
            cells[name] = place["index"]
            cells[f"{name}_value [{place['unit']}]" if place["unit"] else f"{name}_value"] = place["value"]
        yield cells


def main(data, out, program="vitrum", *options):
    data, out = pathlib.Path(data), pathlib.Path(out)
    rows = []
    for entry in json.loads((data / "manifest.json").read_text())["data"]:
        rows += rows_of(entry, data / entry["file"], program, options)
    columns = COLUMNS + sorted({name for row in rows for name in row} - set(COLUMNS))
    with open(out / "answers.csv", "w", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)  # None becomes an empty field, a float keeps every digit


if __name__ == "__main__":
    main(*sys.argv[1:])
