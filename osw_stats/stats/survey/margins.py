"""The design effect of the survey: implied by published margins, or assumed where there are none."""

import math
from dataclasses import dataclass

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.meaning.observations import records
from osw_stats.meaning.rounding import printed_step
from osw_stats.stats.survey import SERIES, SURVEY, Row, ends
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.intervals import Range, effective_n


@dataclass(frozen=True)
class DesignEffect:
    """The variance relative to a simple random sample, with the range it is assumed to lie in.

    `basis` is "published" where implied by margins of this survey, else "assumed".
    """

    value: float
    low: float
    high: float
    basis: str = "assumed"

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.value <= self.high < math.inf:
            problem = f"lies outside its own range {self.low:g} to {self.high:g}"
            remedy = "Widen the range (deff_low, deff_high) or change the design effect."
            raise InputError(problem, remedy, column="deff", value=self.value)

    @property
    def steps(self) -> tuple[float, float, float]:
        """The low end, the value used, and the high end."""
        return self.low, self.value, self.high


def design_effect(observations: pd.DataFrame, assumed: float, assumed_range: Range) -> DesignEffect:
    """Return the design effect that published margins of the survey imply, or the assumed one while there are none.

    The value is the median over groups with published limits and respondents; the range covers the rounding of every
    group, and does not begin below the assumed range.

    >>> empty = pd.DataFrame(columns=["series_id", "time_period", "sex", "age", "obs_value"])
    >>> design_effect(empty, 1.3, (1.0, 1.6))
    DesignEffect(value=1.3, low=1.0, high=1.6, basis='assumed')
    """
    prior = DesignEffect(assumed, *assumed_range)
    table = implied(observations)
    known = table[table["deff"].notna() & table["same_survey"].astype(bool)]
    if known.empty:
        return prior
    low, high = float(known["deff_lower"].min()), float(known["deff_upper"].max())
    value = max(float(known["deff"].median()), prior.low)
    return DesignEffect(value, max(min(low, value), prior.low), max(high, value), "published")


def implied(observations: pd.DataFrame, cells: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `prev_design_effects`: implied by published limits of this survey and others by the same publisher."""
    # Limits entered by hand are in `observations`, those of a downloaded table with a dimension of margins in
    # `cells`. Another survey has another sample design: its effective sizes are shown for comparison and not
    # used.
    margins = observations[observations["series_id"].eq(SERIES["margins"])]
    respondents = observations[observations["series_id"].eq(SERIES["group_respondents"])]
    size = {(r["time_period"], r["sex"], r["age"]): r for r in records(respondents)}
    rows = []
    for share in records(margins[margins["obs_value"].notna()]):
        n = size.get((share["time_period"], share["sex"], share["age"]))
        limits, step = (share["ci_lower"], share["ci_upper"]), printed_step(share["as_reported"])
        row = _row(share["obs_value"], *limits, step=step)
        row |= {"source": SERIES["margins"], "wave": share["time_period"], "same_survey": True}
        row |= {"what": " ".join((share["sex"], share["age"])), "observations": share["obs_id"]}
        if n is not None and math.isfinite(row["n_eff"]):
            count = n["obs_value"]
            row |= {"n": count, "deff": count / row["n_eff"]}
            row |= ends("deff", count / row["n_eff_max"], count / row["n_eff_min"])
            row["observations"] += " " + n["obs_id"]
        rows.append(row)
    if cells is not None and len(cells):
        known = cells["table"].isin(SURVEY["sister_tables"]) & cells["ci_lower"].notna()
        for cell in records(cells[known & cells["value"].between(0, 100) & cells["ci_upper"].notna()]):
            numbers = (cell["value"], cell["ci_lower"], cell["ci_upper"])
            row = _row(*numbers, step=min(printed_step(f"{x:g}") for x in numbers))
            row |= {"source": cell["table"], "wave": cell["time_period"], "same_survey": False}
            rows.append(row | {"what": f"{cell['dims']}, {cell['measure_label'] or cell['measure']}"})
    return pd.DataFrame(rows, columns=columns("prev_design_effects"))


def _row(pct: float, lower: float, upper: float, *, step: float) -> Row:
    """Return the row implied by limits; no effective size where the printed digits do not determine it."""
    row: Row = dict.fromkeys(columns("prev_design_effects"), math.nan)
    row |= {"observations": "", "unit": "percent"}
    row |= {"pct": pct, "interval_kind": "published"} | ends("ci", lower, upper)
    size = effective_n(pct, lower, upper, step=step)
    if size.recoverable and math.isfinite(size.point):
        row |= {"n_eff": size.point, "n_eff_min": size.minimum, "n_eff_max": size.maximum}
    return row
