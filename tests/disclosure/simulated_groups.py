"""SIMULATED answers of a survey with small groups. Nobody gave them, and no figure means anything."""

from __future__ import annotations

import numpy as np
import pandas as pd

SEX, AGE, WAVES = ["female", "male", "other"], ["16-17", "18-23", "24+"], ["2022", "2024"]
BOTH = [(), ("sex",), ("age",), ("sex", "age")]
SIZES = {"female": [60, 150, 400], "male": [12, 30, 60, 150, 400], "other": [0, 1, 3, 8, 15]}
# tables that are published together, by name: everyone, by sex, by age, by both, by wave
TABLES = {
    "one breakdown": [(), ("sex",)],
    "two breakdowns with a shared total": [(), ("sex",), ("age",)],
    "two breakdowns and their cross": BOTH,
    "two waves and both together": [(), ("wave",), ("sex",), ("wave", "sex")],
    "waves by two breakdowns": [("wave",), ("wave", "sex"), ("wave", "age")],
}


def people(rng, *, weighted=True):
    """Return answers in which a few groups are small; weights are whole, so that fractions of them are exact."""
    parts = []
    for wave in WAVES:
        for sex in SEX:
            for age in AGE:
                size = int(rng.choice(SIZES[sex]))
                if sex != "other" and age == "24+":
                    size += 300
                share = rng.choice([0.02, 0.1, 0.25])
                weight = rng.integers(1, 6, size) if weighted else np.ones(size, dtype=int)
                frame = pd.DataFrame({"weight": weight, "osi_12m": rng.random(size) < share})
                parts.append(frame.assign(wave=wave, sex=sex, age=age))
    return pd.concat(parts, ignore_index=True).astype({"osi_12m": int, "weight": int})


def group_of(names, row):
    """Return the key of a group: a value by name, "total" where it is not split."""
    return tuple(row.get(name, "total") for name in names)


def split_by(names, group):
    """Return the names that a group is split by."""
    return tuple(n for n, value in zip(names, group, strict=True) if value != "total")


def sums_of(names, tables, frame):
    """Return what groups of the tables (and of their finest cross) add up to, and their true numbers."""
    finest = tuple(names)
    true, equations = {}, []
    for by in {*tables, finest}:
        cells = frame.groupby(list(by)) if by else [((), frame)]
        for key, part in cells:
            group = group_of(names, dict(zip(by, key, strict=True)))
            yes = part["osi_12m"]
            counts = {"n": len(part), "yes": int(yes.sum())}
            true[group] = counts | {"w": int(part["weight"].sum()), "wy": int((part["weight"] * yes).sum())}
    for coarse, fine in ((a, b) for a in tables for b in {*tables, finest} if set(a) < set(b)):
        parts = {}
        for group in true:
            if split_by(names, group) == fine:
                whole = tuple(v if n in coarse else "total" for n, v in zip(names, group, strict=True))
                parts.setdefault(whole, []).append(group)
        equations += list(parts.items())
    return true, equations
