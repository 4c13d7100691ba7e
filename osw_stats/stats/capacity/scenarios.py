"""Posts that a caseload would require of an authority, under assumptions that anyone can change.

A scenario calculator, not a forecast. Demand times effort, divided by the capacity of one post:
fte = cases × hours per case / (productive hours × work rate).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from osw_stats.claims.book import figures, over_figures
from osw_stats.claims.measures import NoNumberError
from osw_stats.errors import InputError, NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import all_absent
from osw_stats.stats.capacity.gaps import SUBJECTS
from osw_stats.stats.capacity.queueing import ROUNDING, STABLE, UNSTABLE, backlog, break_even_fte

LEVELS = ("low", "mid", "high")
YEARS = 5  # the horizon of a backlog
MODELS = {  # the drivers of demand, and the effort per unit
    "cases": (("reports", "eligible_share", "referral_share"), "hours_per_case"),
    "audits": (("platforms", "audits_per_platform"), "hours_per_audit"),
}
CAPACITY = ("productive_hours", "clearance_factor")
OTHER = ("fte_available", "backlog_start", "arrival_variability", "service_variability", "cost_per_fte")
UNIT: dict[str, str] = SUBJECTS["units"]  # the only unit allowed for each parameter
MAY_BE_ZERO = ("backlog_start", "arrival_variability", "service_variability")
# the units allowed for the result of a formula
FORMULA_UNITS = {"share": ("", "ratio", "percent"), "eur per fte per year": ("eur / fte",)}


@dataclass(frozen=True)
class Parameter:
    """One assumption: low, most likely and high value, its unit, and the reason for it."""

    name: str
    low: float
    mid: float
    high: float
    unit: str
    reason: Mapping[str, str] = field(default_factory=dict)
    grade: str = "C"
    year: int | None = None
    observations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in UNIT:
            raise InputError("no such parameter", f"Parameters: {', '.join(UNIT)}.", column=self.name)
        if self.unit != UNIT[self.name]:
            fields: dict[str, Any] = {"column": f"{self.name}.unit", "value": self.unit}
            raise InputError("is another unit", f"Give it in: {UNIT[self.name]}.", **fields)
        for level, value in zip(LEVELS, self.levels, strict=True):
            where: dict[str, Any] = {"column": f"{self.name}.{level}", "value": value}
            if not math.isfinite(value):
                raise InputError("is not a number", "Write a number.", **where)
            if value < 0 or (value == 0 and self.name not in MAY_BE_ZERO):
                raise InputError("must be above zero", "Mend this value.", **where)
            if self.unit == "share" and value > 1:
                raise InputError("is a share above one", "Write 0.02 for 2 percent.", **where)
        if not self.low <= self.mid <= self.high:
            problem = f"low, mid and high are out of order: {self.low:g}, {self.mid:g}, {self.high:g}"
            remedy = "Write them from small to large; the same value three times fixes the parameter."
            raise InputError(problem, remedy, column=self.name)
        if self.unit.startswith("eur") and self.year is None:
            remedy = "Add the year of the prices: `year: 2024`."
            raise InputError("is an amount of money without a year", remedy, column=f"{self.name}.year")

    @property
    def levels(self) -> tuple[float, float, float]:
        """The low, middle and high value."""
        return self.low, self.mid, self.high

    @property
    def fixed(self) -> bool:
        """Whether it is one value."""
        return self.low == self.high


@dataclass(frozen=True)
class Scenario:
    """A named set of parameters for one model of the work ("cases" or "audits")."""

    name: Mapping[str, str]
    model: str
    parameters: Mapping[str, Parameter]
    target_use: float = 0.85

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            remedy = f"Models: {', '.join(MODELS)}."
            raise InputError("no such model", remedy, column="model", value=self.model)
        if not 0 < self.target_use < 1:
            problem, remedy = "must lie between 0 and 1", "Write 0.85 for 85 percent."
            raise InputError(problem, remedy, column="target_use", value=self.target_use)
        required = self.factors + OTHER
        for name in required:
            if name not in self.parameters:
                raise InputError("is missing", f"Add it, in: {UNIT[name]}.", column=f"parameters.{name}")
        for name in self.parameters:
            if name not in required:
                problem = f"has no meaning in the model {self.model}"
                raise InputError(problem, f"It knows: {', '.join(required)}.", column=f"parameters.{name}")

    @property
    def factors(self) -> tuple[str, ...]:
        """The parameters on which the needed posts depend."""
        drivers, effort = MODELS[self.model]
        return (*drivers, effort, *CAPACITY)

    @property
    def moving(self) -> list[str]:
        """The factors that are not fixed."""
        return [name for name in self.factors if not self.parameters[name].fixed]

    def values(self, level: str = "mid", /, **others: float) -> dict[str, float]:
        """Return all values at one level; `others` replace individual ones."""
        return {name: getattr(p, level) for name, p in self.parameters.items()} | others


def scenario(
    entry: Mapping[str, Any], observations: pd.DataFrame, file: str | None = None, model: str = ""
) -> Scenario:
    """Build a scenario from the content of a scenario file, as `data.editions.read_scenario` returns it."""
    # A value is a number, or a formula over published figures such as "[helpwanted_requests/2024]"; `low` and
    # `high` default to `mid`. NotPublishedError names each missing figure of a formula; NotEstimableError if
    # its result is not a valid value, or is outside the stated range; InputError if the file is invalid
    # whatever the figures.
    if model and entry["model"] != model:
        problem, remedy = f"is no scenario of {model}", f"Give one whose model is {model}."
        raise InputError(problem, remedy, file=file, column="model", value=entry["model"])
    known, parameters, absent = figures(observations), {}, []
    try:
        for name, fields in entry["parameters"].items():
            try:
                parameters[name] = _parameter(name, fields, known)
            except NotPublishedError as error:
                absent.append(error)
        if absent:
            raise all_absent(absent)
        return Scenario(entry["name"], entry["model"], parameters, entry.get("target_use", 0.85))
    except InputError as error:
        raise error.located(file=file) from None


def _parameter(name: str, entry: Mapping[str, Any], known: dict[str, Any]) -> Parameter:
    values: dict[str, float] = {}
    used: dict[str, None] = {}
    absent: list[NotPublishedError] = []
    for level in ("mid", "low", "high"):
        source = value = entry.get(level, entry["mid"])  # a missing end is the middle
        try:
            if isinstance(source, str):  # a formula over published figures
                result = over_figures(source, known)
                if result.unit not in FORMULA_UNITS.get(entry["unit"], (result.unit,)):
                    problem = f"gives {result.unit or 'a plain number'}, not {entry['unit']}"
                    raise InputError(problem, "Use other figures.")
                used |= dict.fromkeys(result.observations)
                value = result.value
            values[level] = float(value)
        except NotPublishedError as error:
            absent.append(error)
        except NoNumberError as error:
            raise NotEstimableError(f"the scenario has no {name}: {source} {error.problem}") from None
        except InputError as error:
            raise error.located(column=f"parameters.{name}.{level}", value=source) from None
    if absent:
        raise all_absent(absent)
    fields = (entry["unit"], entry["reason"], entry["grade"], entry.get("year"), tuple(used))
    try:
        return Parameter(name, values["low"], values["mid"], values["high"], *fields)
    except InputError as error:
        if not used or str(error.column).endswith((".unit", ".year")):  # invalid whatever the figures
            raise
        problem = f"the scenario has no {name}, as its figures now are: it {error.problem}"
        raise NotEstimableError(problem) from None


def demand(values: Mapping[str, Any], model: str = "cases") -> Any:
    """Return the cases (or audits) per year: the product of the drivers. This and the next two also work on arrays."""
    return math.prod(values[name] for name in MODELS[model][0])


def per_fte(values: Mapping[str, Any], model: str = "cases") -> Any:
    """Return the cases (or audits) closed per post per year: productive hours × work rate / hours per case."""
    return math.prod(values[name] for name in CAPACITY) / values[MODELS[model][1]]


def fte_needed(values: Mapping[str, Any], model: str = "cases") -> Any:
    """Return the posts that close as many cases as arrive, without slack."""
    return demand(values, model) / per_fte(values, model)


def break_even_share(values: Mapping[str, float]) -> float:
    """Return the referral share at which the available posts are fully used; may exceed 1."""
    return float(values["fte_available"] * values["referral_share"] / fte_needed(values, "cases"))


def outcome(values: Mapping[str, float], model: str = "cases", target_use: float = 0.85) -> dict[str, Any]:
    """Return the outcome of one set of values, with the backlog at the end of years 1 to 5; the page's calculator does the same."""
    arriving, rate, fte = demand(values, model), per_fte(values, model), values["fte_available"]
    needed = break_even_fte(arriving, rate)
    return {
        "demand": arriving,
        "capacity": fte * rate,
        "fte_break_even": needed,
        "fte_at_target": needed / target_use,
        "utilisation": needed / fte,
        "status": STABLE if needed < fte * (1 - ROUNDING) else UNSTABLE,
        "backlog": backlog(values["backlog_start"], arriving, fte, rate, YEARS)[1:],
    }
