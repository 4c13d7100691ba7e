"""SIMULATED margins and answers of a survey for tests; no figure here is from CBS."""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from osw_stats.data.rows import FORMS
from osw_stats.stats.survey.intervals import proportion_interval

SHARES = {
    ("female", "16-17"): (28.5, 27.2, 18.1),
    ("female", "18-23"): (22.9, 25.5, 18.6),
    ("female", "24+"): (5.2, 5.1, 4.6),
    ("male", "16-17"): (10.6, 10.1, 9.1),
    ("male", "18-23"): (9.2, 8.3, 7.9),
    ("male", "24+"): (3.3, 3.1, 3.2),
}
PART = {"16-17": 0.011, "18-23": 0.05, "24+": 0.44}
WAVES = {"2020": 30_000, "2022": 24_000, "2024": 25_000}


def margin_rows(deff: float = 1.3, decimals: int = 1) -> list[dict[str, str]]:
    """Return rows of a margins file for every wave, sex and age band, with respondents."""
    rows = []
    for (sex, age), shares in SHARES.items():
        for (wave, n), pct in zip(WAVES.items(), shares, strict=True):
            size = round(n * PART[age])
            limits = [100 * x for x in proportion_interval(pct / 100, size, deff=deff)]
            printed = [f"{x:.{decimals}f}" for x in (pct, *limits)]
            cells = (wave, sex, age, *printed, str(size), "simulated", "nergens", "", "unknown", "Simulated")
            rows.append(dict(zip(FORMS["margins"], cells, strict=True)))
    return rows


def write_margins(folder: Path, rows: list[dict[str, str]]) -> Path:
    """Write a margins file and its record into a folder of data/raw."""
    path = folder / "margins.csv"
    pd.DataFrame(rows, columns=list(FORMS["margins"])).to_csv(path, index=False, lineterminator="\n")
    document = {"publisher": "Nobody", "title": "Simulated margins", "language": "nl"}
    document |= {"date_basis": "simulated", "seen": "2025-01-01", "read_in": "a test"}
    record = {"file": path.name, "kind": "margins", "title": "Simulated margins", "licence": "citation"}
    record |= {"transcribed": "2026-11-24", "documents": {"simulated": document}}
    (folder / "margins.source.yml").write_text(yaml.safe_dump(record), encoding="utf-8")
    return path


def national(shares: dict[tuple[str, str], tuple[float, ...]], wave: int) -> float:
    """Return the overall share in one wave, in percent, from the shares of groups."""
    population = sum(PART[age] for _, age in shares)
    return sum(PART[age] * pct[wave] for (_, age), pct in shares.items()) / population


def answers(seed=4, scale=0.2, shares_of=SHARES) -> pd.DataFrame:
    """Return simulated answers with the shares above, or `shares_of`, as true values."""
    rng = np.random.default_rng(seed)
    parts = []
    for (sex, age), shares in shares_of.items():
        for (wave, n), pct in zip(WAVES.items(), shares, strict=True):
            size = round(n * PART[age] * scale)
            answered = (rng.random(size) < pct / 100).astype(int)
            design = {"weight": rng.lognormal(0, 0.3, size).round(4), "stratum": rng.integers(1, 13, size)}
            parts.append(pd.DataFrame({"wave": wave, "sex": sex, "age": age, "osi_12m": answered} | design))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(cluster=np.arange(len(frame)))
