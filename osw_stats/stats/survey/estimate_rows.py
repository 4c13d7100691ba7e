"""One row of the table of shares: the interval that the published material allows, and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from osw_stats.meaning.observations import published_limits
from osw_stats.meaning.rounding import printed_step
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import label
from osw_stats.stats.survey.intervals import DEFF_RANGE, effective_n, proportion_interval
from osw_stats.stats.survey.words import SERIES

FEW_RESPONDENTS = 100  # below it a percentage is marked as uncertain
LARGE_RSE = 0.3  # so it is when its standard error is a larger part of it
Row = dict[str, Any]


def from_margins(share: Row, n: Row | None, deff: float, deff_range: Sequence[float], alpha: float) -> Row:
    """Show limits as published; our own from the effective n they imply stand beside them as a check."""
    pct, step, limits = share["obs_value"], printed_step(share["as_reported"]), published_limits(share)
    implied = effective_n(pct, *limits, step=step, alpha=alpha)
    count = math.nan if n is None else n["obs_value"]
    usable = implied.recoverable and math.isfinite(implied.point)
    if usable:
        sizes = (implied.point, implied.minimum, implied.maximum)
        how = f"effective n from their width, printed in steps of {step:g}"
    else:
        sizes = (count / deff, count / deff_range[1], count / deff_range[0])
        why = "respondents not published" if n is None else f"respondents / {deff:g}"
        how = "too coarsely printed for an effective n" + (", " if n is None else ": ") + why
    size = sizes[0]
    ours = proportion_interval(pct / 100, size, alpha=alpha) if math.isfinite(size) else (math.nan, math.nan)
    unusual = usable and n is not None and not DEFF_RANGE[0] <= count / size <= DEFF_RANGE[1]
    flags = ["deff_unusual"] * unusual + _flags(pct / 100, count, size)
    row = _row(share, (pct - step / 2, pct + step / 2), "published", "published", "A")
    row |= {
        "ci_lower": limits[0],
        "ci_upper": limits[1],
        "check_lower": 100 * ours[0],
        "check_upper": 100 * ours[1],
    }
    row |= {"n": count, "n_eff": size, "n_eff_min": sizes[1], "n_eff_max": sizes[2], "deff": count / size}
    ids = " ".join([share["obs_id"], *([n["obs_id"]] if n else [])])
    return row | {"flags": " ".join(flags), "method": f"limits as published; {how}", "observations": ids}


def assumed(share: Row, n: Row, deff: float, deff_range: Sequence[float], alpha: float) -> Row:
    """Give the share of everyone a Wilson interval on the respondents and an assumed design effect."""
    count = n["obs_value"]
    low, high = proportion_interval(share["obs_value"] / 100, count, deff=deff, alpha=alpha)
    row = _row(share, (share["lower"], share["upper"]), "assumed_deff", "assumed", "B")
    row |= {"ci_lower": 100 * low, "ci_upper": 100 * high, "n": count, "n_eff": count / deff, "deff": deff}
    row |= {"n_eff_min": count / deff_range[1], "n_eff_max": count / deff_range[0]}
    how = f"Wilson interval, n = {count:.0f} respondents, assumed design effect {deff:g}"
    return row | {"method": how, "observations": f"{share['obs_id']} {n['obs_id']}"}


def not_estimable(share: Row) -> Row:
    """Keep what is published: value and rounding, no sampling interval."""
    how = "As published; the respondents of this group were not published"
    row = _row(share, (share["lower"], share["upper"]), "not_estimable", "rounding", "A")
    return row | {"observations": share["obs_id"], "method": how}


def from_answers(answers: Row, published: Row) -> Row:
    """Show what the answers themselves give for a group, beside what was published."""
    how = "From microdata: ratio estimate, Taylor linearisation over strata and clusters, Wilson interval"
    row = _row(published, (answers["pct"], answers["pct"]), "microdata", "design", "A")
    row |= {k: answers[k] for k in ("wave", "sex", "age", "pct", "n", "n_eff", "deff", "suppressed")}
    row |= {
        "ci_lower": answers["lower"],
        "ci_upper": answers["upper"],
        "group": label((row["sex"], row["age"])),
    }
    row |= {"n_eff_min": row["n_eff"], "n_eff_max": row["n_eff"], "observations": published["obs_id"]}
    return row | {"flags": " ".join(_flags(row["pct"] / 100, row["n"], row["n_eff"])), "method": how}


def _flags(p: float, n: float, n_eff: float) -> list[str]:
    """Mark a share on few respondents, or with a standard error that is a large part of it."""
    large = math.isfinite(n_eff) and p > 0 and math.sqrt((1 - p) / (p * n_eff)) > LARGE_RSE
    return ["few_respondents"] * (n < FEW_RESPONDENTS) + ["large_error"] * large


def _row(share: Row, box: tuple[float, float], source: str, kind: str, grade: str) -> Row:
    """Return a row of `prev_estimates` with what a published figure tells, and nothing else filled in."""
    withheld = share["obs_status"] == "withheld"
    empty = dict.fromkeys(["persons_basis", "persons_observations", "flags", "persons_as_reported"], "")
    row = dict.fromkeys(columns("prev_estimates"), math.nan) | empty
    row |= {"wave": share["time_period"], "sex": share["sex"], "age": share["age"], "pct": share["obs_value"]}
    row |= {
        "group": label((share["sex"], share["age"])),
        "box_lower": max(box[0], 0.0),
        "box_upper": min(box[1], 100.0),
    }
    row |= {"suppressed": withheld, "suppression_reason": "withheld" if withheld else "", "unit": "percent"}
    definition = share["definition_id"].replace(SERIES["margins"], SERIES["share"])
    return row | {
        "definition_version": definition,
        "source_of_interval": source,
        "interval_kind": kind,
        "grade": grade,
    }
