"""One row of the table of shares: the interval that the published material allows, and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from osw_stats.analysis.disclosure import FEW_RESPONDENTS, LARGE_RSE
from osw_stats.analysis.survey.effective import DEFF_RANGE, effective_n
from osw_stats.analysis.survey.groups import SHARE, label
from osw_stats.analysis.survey.intervals import proportion_interval
from osw_stats.vocabulary.limits import printed_step
from osw_stats.vocabulary.observations import published_limits

MARGINS = "cbs_osi_12m_margins"
COLUMNS = [
    "wave", "group", "pct", "ci_lower", "ci_upper", "source_of_interval", "n", "n_eff", "n_eff_min", "n_eff_max", "deff",
    "persons", "persons_lower", "persons_upper", "suppressed", "definition_version", "grade", "sex", "age", "unit",
    "interval_kind", "check_lower", "check_upper", "box_lower", "box_upper", "persons_basis", "flags",
    "persons_observations", "observations", "method", "suppression_reason", "persons_published",
    "persons_box_lower", "persons_box_upper", "persons_as_reported",
]  # fmt: skip
Row = dict[str, Any]


def from_margins(share: Row, n: Row | None, deff: float, deff_range: Sequence[float], alpha: float) -> Row:
    """Show limits as published; our own from the effective n they imply stand beside them as a check."""
    step, limits = printed_step(share["as_reported"]), published_limits(share)
    found = effective_n(share["obs_value"], *limits, step=step, alpha=alpha)
    size, low, high = found.point, found.minimum, found.maximum
    how = f"limits as published; effective n from their width, printed in steps of {step:g}"
    usable = found.recoverable and math.isfinite(size)
    if not usable and n is not None:
        size, low, high = (n["obs_value"] / d for d in (deff, deff_range[1], deff_range[0]))
        how = f"limits as published; too coarsely printed for an effective n: respondents / {deff:g}"
    elif not usable:
        size = low = high = math.nan
        how = "limits as published; too coarsely printed for an effective n, respondents not published"
    ours = (math.nan, math.nan)
    if math.isfinite(size):
        ours = proportion_interval(share["obs_value"] / 100, size, alpha=alpha)
    count = math.nan if n is None else n["obs_value"]
    implied = count / size
    unusual = usable and n is not None and not DEFF_RANGE[0] <= implied <= DEFF_RANGE[1]
    flags = ["deff_unusual"] * unusual + _flags(share["obs_value"] / 100, count, size)
    return _common(share, (share["obs_value"] - step / 2, share["obs_value"] + step / 2)) | {
        "ci_lower": limits[0], "ci_upper": limits[1], "source_of_interval": "published",
        "interval_kind": "published", "n": count, "n_eff": size, "n_eff_min": low, "n_eff_max": high,
        "deff": implied, "check_lower": 100 * ours[0], "check_upper": 100 * ours[1],
        "flags": " ".join(flags), "method": how, "grade": "A",
        "observations": " ".join([share["obs_id"], *([n["obs_id"]] if n else [])]),
    }  # fmt: skip


def assumed(share: Row, n: Row, deff: float, deff_range: Sequence[float], alpha: float) -> Row:
    """Give the share of everyone a Wilson interval on the respondents and an assumed design effect."""
    low, high = proportion_interval(share["obs_value"] / 100, n["obs_value"], deff=deff, alpha=alpha)
    count = n["obs_value"]
    return _common(share, (share["lower"], share["upper"])) | {
        "ci_lower": 100 * low, "ci_upper": 100 * high, "source_of_interval": "assumed_deff",
        "interval_kind": "assumed", "n": count, "n_eff": count / deff, "n_eff_min": count / deff_range[1],
        "n_eff_max": count / deff_range[0], "deff": deff, "grade": "B",
        "method": f"Wilson interval, n = {count:.0f} respondents, assumed design effect {deff:g}",
        "observations": f"{share['obs_id']} {n['obs_id']}",
    }  # fmt: skip


def not_estimable(share: Row) -> Row:
    """Keep what is published: value and rounding, no sampling interval."""
    return _common(share, (share["lower"], share["upper"])) | {
        "source_of_interval": "not_estimable", "interval_kind": "rounding", "observations": share["obs_id"], "grade": "A",
        "method": "As published; the respondents of this group were not published",
    }  # fmt: skip


def from_answers(cell: tuple[str, str, str], found: Row, published: Row) -> Row:
    """Show what the answers themselves give for a group, beside what was published."""
    wave, sex, age = cell
    known = {k: found[k] for k in ("pct", "n", "n_eff", "deff")}
    known |= {"ci_lower": found["lower"], "ci_upper": found["upper"]}
    return _common(published, (found["pct"], found["pct"])) | known | {
        "wave": wave, "sex": sex, "age": age, "group": label((sex, age)), "n_eff_min": found["n_eff"],
        "n_eff_max": found["n_eff"], "suppressed": found["suppressed"], "grade": "A",
        "flags": " ".join(_flags(found["pct"] / 100, found["n"], found["n_eff"])),
        "source_of_interval": "microdata", "interval_kind": "design", "observations": published["obs_id"],
        "method": "From microdata: ratio estimate, Taylor linearisation over strata and clusters, Wilson interval",
    }  # fmt: skip


def _flags(p: float, n: float, n_eff: float) -> list[str]:
    """Mark a share on few respondents, or with a standard error that is a large part of it."""
    known = math.isfinite(n_eff) and p > 0
    return ["few_respondents"] * (n < FEW_RESPONDENTS) + ["large_error"] * (
        known and math.sqrt((1 - p) / (p * n_eff)) > LARGE_RSE
    )


def _common(share: Row, box: tuple[float, float]) -> Row:
    withheld = share["obs_status"] == "withheld"
    return dict.fromkeys(COLUMNS, math.nan) | {
        "wave": share["time_period"], "sex": share["sex"], "age": share["age"],
        "group": label((share["sex"], share["age"])), "pct": share["obs_value"], "suppressed": withheld,
        "suppression_reason": "withheld" if withheld else "",
        "definition_version": share["definition_id"].replace(MARGINS, SHARE), "unit": "percent", "box_lower": max(box[0], 0.0),
        "box_upper": min(box[1], 100.0), "persons_basis": "", "persons_observations": "", "flags": "", "persons_as_reported": "",
    }  # fmt: skip
