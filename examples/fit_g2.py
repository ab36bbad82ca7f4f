#!/usr/bin/env python3
"""tau, beta, contrast and baseline of g2 as most groups fit it: numpy, scipy, nothing of Vitrum.

    fit_g2.py DATA OUT        in a study: command = ["python3", "fit_g2.py", "{data}", "{out}"]

Reads DATA/manifest.json and the frames it names, writes OUT/answers.csv (docs/outside.md). g2 is the mean over frames of
<I(t) I(t + dt)> / (<I(t)> <I(t + dt)>), <> over the pixels of a region; the fit is least squares on lags spread evenly in
their logarithm, every lag with the same weight, errors from the covariance of the fit. These errors take neighbouring lags
for independent, which they are not: a study shows what that costs.
"""

import csv
import json
import pathlib
import sys

import h5py
import numpy as np
from scipy.optimize import curve_fit


def g2_of(lag, tau, beta, contrast, baseline):
    return baseline + contrast * np.exp(-2 * (lag / tau) ** beta)


def read_frames(path):
    """Counts (frames, pixels), the pixels that are used, region and q of each pixel (None = not in the file), frame time."""
    with h5py.File(path) as file:
        detector = file["entry/instrument/detector"]
        used = detector["pixel_mask"][()].ravel() == 0
        region, q = (detector[name][()].ravel() if name in detector else None for name in ("region", "q"))
        if "data" in detector:
            counts = detector["data"][()].astype(float)
            counts = counts.reshape(len(counts), -1)
        else:  # photons alone: pixel and count of each, and where each frame begins
            events = file["entry/sparse_frames"]
            first = events["frame_ptr"][()].astype(np.int64)
            counts = np.zeros((len(first) - 1, used.size))
            frame = np.repeat(np.arange(len(counts)), np.diff(first))
            counts[frame, events["index"][()]] = events["intensity"][()]
        return counts, used, region, q, float(detector["frame_time"][()])


def g2_of_frames(counts):
    """g2 at lags 1, 2, ... in frames."""
    normalised = counts / counts.mean(axis=1, keepdims=True)
    two_time = normalised @ normalised.T / counts.shape[1]
    return np.array([np.diagonal(two_time, lag).mean() for lag in range(1, len(counts) - 1)])


def fit(counts, frame_time):
    """Values and standard errors of tau, beta, contrast, baseline; None if the fit does not converge."""
    g2 = g2_of_frames(counts)
    chosen = np.unique(np.geomspace(1, len(g2), 60).round().astype(int))
    lag, g2 = chosen * frame_time, g2[chosen - 1]
    contrast = g2[0] - 1
    below = np.flatnonzero(g2 - 1 < contrast * np.exp(-2))
    start = (lag[below[0]] if below.size else lag[-1] / 2, 1.0, contrast, 1.0)
    try:
        values, covariance = curve_fit(g2_of, lag, g2, p0=start, bounds=([0, 0, 0, 0], np.inf))
    except RuntimeError:
        return None
    errors = np.sqrt(np.diag(covariance))
    return list(zip(values, errors)) if np.all(np.isfinite(errors)) else None


def main(data, out):
    manifest = json.loads((data / "manifest.json").read_text())
    with open(out / "answers.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["replicate", "data", "region", "quantity", "unit", "estimate", "standard_error", "status"])
        for entry in manifest["data"]:
            if entry["kind"] != "frames":
                continue
            counts, used, region, _, frame_time = read_frames(data / entry["file"])
            for number in [""] if region is None else np.unique(region[used & (region > 0)]):
                pixels = used if region is None else used & (region == number)
                found = fit(counts[:, pixels], frame_time) or [("", "")] * 4
                status = "ok" if found[0][0] != "" else "not_converged"
                for quantity, unit, (value, error) in zip(("tau", "beta", "contrast", "baseline"),
                                                          (entry["time_unit"], "", "", ""), found):
                    # str() of a float has every digit.
                    table.writerow([entry.get("replicate", ""), entry["data"], number, quantity, unit, value, error,
                                    status])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
