"""How fast the statistics of the prevalence page are, on simulated input, against their limits.

Microdata: 1,000,000 respondents, 12 items, 100 groups; where Rscript and R's survey package are there, R estimates one
item of one fiftieth of it, for comparison.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from osw_stats.shelf.microdata.estimates import prevalence_from_microdata
from osw_stats.shelf.microdata.pooled import fit, shrink
from osw_stats.stats.draws import generator
from osw_stats.stats.survey.funnel import Amount, Bridges, tip

ITEMS = [f"item_{n:02d}" for n in range(12)]
R_SCRIPT = """
suppressPackageStartupMessages(library(survey))
d <- read.csv(commandArgs(TRUE)[1])
s <- proc.time()[["elapsed"]]
des <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
r <- svyby(~item_00, ~group, des, svymean)
cat(proc.time()[["elapsed"]] - s, "\\n")
write.csv(data.frame(group = r$group, pct = 100 * r$item_00, se = 100 * r$se), commandArgs(TRUE)[2], row.names = FALSE)
"""


def answers(n: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "group": rng.integers(0, 100, n), "stratum": rng.integers(0, 50, n), "cluster": rng.integers(0, n // 20, n),
        "weight": rng.lognormal(0, 0.4, n),
    })  # fmt: skip
    for number, name in enumerate(ITEMS):
        frame[name] = (rng.random(n) < 0.02 + 0.01 * number).astype(np.int8)
    return frame


def timed(name: str, limit: float, run: Callable[[], object], repeats: int = 1) -> None:
    spent = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
    verdict = "within" if min(spent) <= limit else "ABOVE"
    print(f"{name:<58} {min(spent):8.3f} s   {verdict} the limit of {limit:g} s")


def funnel() -> object:
    people, bridges = Amount(770_000, 725_000, 818_000), Bridges(in_scope=(0.14, 0.27))
    return tip(people, 12_206, bridges, generator(1, "bench", "funnel"), draws=200_000)


def cells(count: int = 1000) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    waves, groups = 4, count // 4
    level = np.repeat(rng.normal(-2.5, 0.5, groups), waves)
    p = 1 / (1 + np.exp(-(level + rng.normal(0, 0.2, count))))
    return pd.DataFrame({
        "wave": np.tile([str(2020 + 2 * w) for w in range(waves)], groups),
        "group": np.repeat([f"g{g:03d}" for g in range(groups)], waves),
        "n_eff": 2000.0, "y": rng.binomial(2000, p).astype(float),
    })  # fmt: skip


def estimate(frame: pd.DataFrame, items: list[str]) -> pd.DataFrame:
    return prevalence_from_microdata(
        frame, weight="weight", strata="stratum", cluster="cluster", items=items, by=("group",)
    )


def against_r(frame: pd.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, out, script = (Path(folder) / n for n in ("d.csv", "out.csv", "survey.R"))
        frame[["group", "stratum", "cluster", "weight", "item_00"]].to_csv(data, index=False)
        script.write_text(R_SCRIPT)
        done = subprocess.run(
            [shutil.which("Rscript") or "Rscript", str(script), str(data), str(out)], capture_output=True, text=True
        )  # fmt: skip
        if done.returncode:
            print("R's survey package is not installed: no comparison")
            return
        start = time.perf_counter()
        ours = estimate(frame, ["item_00"])
        spent = time.perf_counter() - start
        theirs = pd.read_csv(out).sort_values("group")
        gap = max(np.abs(ours[c].to_numpy() - theirs[c].to_numpy()).max() for c in ("pct", "se"))
        print(f"{len(frame)} respondents, 1 item: ours {spent:.3f} s, R survey {float(done.stdout):.3f} s; ")
        print(f"largest difference in percentage or standard error: {gap:.1e}")


def main() -> None:
    timed("funnel, 200,000 draws", 0.2, funnel, repeats=5)
    table = cells()
    timed("pooled model and shrinkage, 1,000 cells", 2.0, lambda: shrink(fit(table)), repeats=2)
    frame = answers(1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    timed("microdata, 1,000,000 x 12 items, 100 groups", 15.0, lambda: estimate(frame, ITEMS))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"memory at its peak {peak / 1024**2:.2f} GiB (limit 2), {before / 1024**2:.2f} before the estimate"
    )
    if shutil.which("Rscript"):
        against_r(answers(20_000))


if __name__ == "__main__":
    sys.exit(main())
