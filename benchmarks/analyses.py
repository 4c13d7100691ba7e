"""How long the analyses take, each against its limit; exits with an error when one is above it.

    python benchmarks/analyses.py [WORD]

Only those whose name holds WORD, where one is given. Months, regions, cells and answers are SIMULATED; the headlines, the
ledger and the scenario are those of edition 2024. Where Rscript and R's survey package are there, R estimates one item of
20,000 answers, for comparison.
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

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from osw_stats import load  # noqa: E402
from osw_stats.claims.verdicts import check  # noqa: E402
from osw_stats.data.editions import read_scenario  # noqa: E402
from osw_stats.shelf.microdata.estimates import prevalence_from_microdata  # noqa: E402
from osw_stats.shelf.microdata.pooled import fit as fit_pooled  # noqa: E402
from osw_stats.shelf.microdata.pooled import shrink  # noqa: E402
from osw_stats.shelf.months import interrupted, study  # noqa: E402
from osw_stats.shelf.regions import funnel, years  # noqa: E402
from osw_stats.stats.capacity import sensitivity  # noqa: E402
from osw_stats.stats.capacity.scenarios import scenario  # noqa: E402
from osw_stats.stats.counts import models, trend  # noqa: E402
from osw_stats.stats.draws import generator  # noqa: E402
from osw_stats.stats.survey.funnel import Amount, Bridges, tip  # noqa: E402
from tests.simulated import municipalities, simulated  # noqa: E402

TIMES = 100  # copies of the ledger
ITEMS = [f"item_{n:02d}" for n in range(12)]
R_SCRIPT = """
suppressPackageStartupMessages(library(survey))
d <- read.csv(commandArgs(TRUE)[1])
s <- proc.time()[["elapsed"]]
des <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
r <- svyby(~item_00, ~group, des, svymean)
cat(proc.time()[["elapsed"]] - s, "\\\\n")
write.csv(data.frame(group = r$group, pct = 100 * r$item_00, se = 100 * r$se), commandArgs(TRUE)[2], row.names = FALSE)
"""


def months() -> None:
    """Fit an interrupted series in all its variants, with 60 placebo dates."""
    series, control = (simulated(seed, n=36 + 60 + 6 + 5) for seed in (1, 2))
    model = interrupted.Model(series.months[-6])
    interrupted.fit(series, model)
    assert len(study.placebo_dates(series, model)) == 61
    study.sensitivity(series, model, control=control)


def headlines(observations: pd.DataFrame) -> None:
    """Compare all series, and judge the headlines under every model."""
    judged = trend.headlines("sextortion")
    strip = models.strip(observations, judged, 2024, alpha=0.05)
    assert len(strip) > 1
    models.judge(trend.pairs(observations, judged, 2024, alpha=0.05), strip, alpha=0.05)


def by_region(frame: pd.DataFrame) -> None:
    funnel(frame, 2023, "municipality")
    years(frame, frame["region"].iloc[0], "1.4.1", alpha=0.05)


def draws(given) -> None:
    drawn = sensitivity.simulate(given, run_seed=1, draws=200_000)
    sensitivity.monte_carlo(given, drawn)
    sensitivity.tornado(given, drawn)


def victims() -> None:
    people, bridges = Amount(770_000, 725_000, 818_000), Bridges(in_scope=(0.14, 0.27))
    tip(people, 12_206, bridges, generator(1, "bench", "funnel"), draws=200_000)


def cells(count: int = 1000) -> pd.DataFrame:
    rng, waves, groups = np.random.default_rng(2), 4, count // 4
    level = np.repeat(rng.normal(-2.5, 0.5, groups), waves)
    p = 1 / (1 + np.exp(-(level + rng.normal(0, 0.2, count))))
    wave = np.tile([str(2020 + 2 * w) for w in range(waves)], groups)
    group = np.repeat([f"g{g:03d}" for g in range(groups)], waves)
    y = rng.binomial(2000, p).astype(float)
    return pd.DataFrame({"wave": wave, "group": group, "n_eff": 2000.0, "y": y})


def answers(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    design = {name: rng.integers(0, most, n) for name, most in (("group", 100), ("stratum", 50))}
    frame = pd.DataFrame(
        design | {"cluster": rng.integers(0, n // 20, n), "weight": rng.lognormal(0, 0.4, n)}
    )
    items = {name: rng.random(n) < 0.02 + 0.01 * at for at, name in enumerate(ITEMS)}
    return frame.assign(**{name: item.astype(np.int8) for name, item in items.items()})


def estimate(frame: pd.DataFrame, items: list[str]) -> pd.DataFrame:
    design = {"weight": "weight", "strata": "stratum", "cluster": "cluster"}
    return prevalence_from_microdata(frame, **design, items=items, by=("group",))


def against_r(frame: pd.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, out, script = (Path(folder) / n for n in ("d.csv", "out.csv", "survey.R"))
        frame[["group", "stratum", "cluster", "weight", "item_00"]].to_csv(data, index=False)
        script.write_text(R_SCRIPT)
        done = subprocess.run([shutil.which("Rscript"), script, data, out], capture_output=True, text=True)
        if done.returncode:
            print("R's survey package is not installed: no comparison")
            return
        ours, theirs = estimate(frame, ["item_00"]), pd.read_csv(out).sort_values("group")
        gap = max(np.abs(ours[c].to_numpy() - theirs[c].to_numpy()).max() for c in ("pct", "se"))
        print(
            f"R survey {float(done.stdout):.3f} s; largest difference in percentage or standard error {gap:.1e}"
        )


def longer(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return copies of a ledger; every name of a claim gets the number of its copy, so that copies do not share work."""
    names, copies = rf"\b({'|'.join(ledger['id'])})\b", []
    for number in range(TIMES):
        columns = ("id", "formula", "compared_with")
        named = {c: ledger[c].replace({names: rf"\1_{number}"}, regex=True) for c in columns}
        copies.append(ledger.assign(**named))
    return pd.concat(copies, ignore_index=True)


def main() -> int:
    """Measure what is asked for; the shortest of some rounds is what the code needs."""
    tables, asked = load(2024), "".join(sys.argv[1:])
    given = scenario(read_scenario(tables.root / "scenarios/central.yml"), tables.observations)
    regions, table, long = municipalities(2, regions=342), cells(), longer(tables.ledger)
    jobs: list[tuple[str, float, int, Callable[[], object]]] = [
        ("months: interrupted series, all variants, 60 placebo dates", 3.0, 2, months),
        ("headlines: three, under all models", 0.5, 5, lambda: headlines(tables.observations)),
        ("regions: 342 municipalities, yearly trend and funnel", 20.0, 2, lambda: by_region(regions)),
        ("capacity: monte carlo and tornado", 0.5, 7, lambda: draws(given)),
        ("capacity: break-even grid", 0.2, 7, lambda: sensitivity.grid(given, 50)),
        ("prevalence: funnel, 200,000 draws", 0.2, 5, victims),
        ("prevalence: pooled model and shrinkage, 1,000 cells", 2.0, 2, lambda: shrink(fit_pooled(table))),
        ("answers: 1,000,000, 12 items, 100 groups", 15.0, 1, lambda: estimate(answers(1_000_000), ITEMS)),
        (
            f"claims: {len(tables.ledger)}",
            1.0,
            5,
            lambda: check(tables.ledger, tables.observations, tables.places),
        ),
        (f"claims: {len(long)}", 100.0, 1, lambda: check(long, tables.observations, tables.places)),
    ]
    missed = 0
    for name, limit, rounds, job in (job for job in jobs if asked in job[0]):
        seconds = []
        for _ in range(rounds):
            start = time.perf_counter()
            job()
            seconds.append(time.perf_counter() - start)
        missed += min(seconds) > limit
        verdict = "within" if min(seconds) <= limit else "ABOVE"
        print(f"{name:62}{min(seconds):9.3f} s  {verdict} the limit of {limit:g} s", flush=True)
    print(f"memory at its peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB")
    if shutil.which("Rscript") and asked in "answers":
        against_r(answers(20_000))
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
