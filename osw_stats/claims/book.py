"""The value of a claim, and the references of its formula: observations, other claims, counted places."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from osw_stats.claims.formulas import Interval, NoEvidenceError, evaluate, read
from osw_stats.claims.measures import DATE, Places, dimension
from osw_stats.errors import InputError, NotPublishedError, located
from osw_stats.meaning.definitions import concept
from osw_stats.meaning.lookup import all_absent
from osw_stats.meaning.observations import SEXES, records
from osw_stats.meaning.periods import parse_day_or_period
from osw_stats.meaning.series import series
from osw_stats.wording.parse import parse

_REGION = re.compile(r"[A-Z]{2}\w*")
# the sign of a difference that a claim of direction asserts
DIRECTIONS = {"more": (0.0, math.inf), "fewer": (-math.inf, 0.0)}


class MissingFigureError(NotPublishedError):
    """A formula needs an unavailable figure: never published, withheld, not counted, not found."""


class LaterFigureError(MissingFigureError):
    """A formula needs a figure that was not certainly public on the as-of date."""


def reported(claim: Mapping[str, Any]) -> Interval | None:
    """Return the value of a claim, with the interval its words leave open; None if no number."""
    # limits in the ledger take precedence over those of the words
    unit, words = claim["unit"], claim["as_reported"]
    if claim["claim_kind"] == "direction" and words:
        low, high = DIRECTIONS[words]
        return Interval(math.nan, low, high, False, False, dimension(unit))
    if claim["lower"] != "" and claim["upper"] != "":
        low, high = float(claim["lower"]), float(claim["upper"])
        return Interval((low + high) / 2, low, high, unit=dimension(unit))
    if not words or claim["claim_kind"] == "absence":
        return None
    step = float(claim["step"]) if claim["step"] else None
    with located(column="as_reported", value=words):
        f = parse(words, unit=unit, step=step, language=claim["language"] or "nl")
    middle = f.value if f.value is not None else (f.lower + f.upper) / 2
    return Interval(middle, f.lower, f.upper, f.lower_closed, f.upper_closed, dimension(unit))


class Book:
    """A ledger with everything its formulae may refer to; `later` names figures published after the edition."""

    def __init__(
        self,
        ledger: pd.DataFrame,
        observations: pd.DataFrame,
        places: pd.DataFrame | None,
        vintages: pd.DataFrame | None = None,
        later: Collection[str] = (),
    ) -> None:
        self.later = frozenset(later)
        self.claims = {c["id"]: c for c in records(ledger)}
        self.figures = figures(observations)
        # every document that prints a figure, by its name
        self.printed: dict[str, list[dict[str, Any]]] = {}
        for row in records(observations if vintages is None else vintages):
            self.printed.setdefault(_key(row), []).append(row)
        for name, row in self.figures.items():
            if math.isnan(row["obs_value"]) and math.isnan(row["lower"]):  # another document may have it
                others = [o for o in self.printed.get(name, []) if not math.isnan(o["obs_value"])]
                self.figures[name] = max(others, key=lambda o: str(o["known_by"]), default=row)
        self.places: dict[str, Interval | Places] = {}
        for list_id, rows in () if places is None else places.groupby("list_id"):
            values, unit = rows["value"].where(rows["value"] != "", rows["text"]), str(rows["unit"].iloc[0])
            self.places[str(list_id)] = Places(str(list_id), tuple(values), unit)
            if unit == DATE:
                day = parse_day_or_period(values.iloc[0])
                first, last = float(day.start.toordinal()), float(day.end.toordinal())
                self.places[str(list_id)] = Interval((first + last) / 2, first, last, unit=DATE)
        # a ledger that names no unit of a formula is arithmetic alone
        self.with_units = bool((ledger["formula_unit"] != "").any())

    def beside(self, figure: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return figures of the publisher's other series for the same time, group and concept, in the same unit."""
        named = ("publisher", "unit_measure", "time_period", "sex", "age", "region", "breakdown")
        others = [row for rows in self.printed.values() for row in rows]
        others = [row for row in others if row.get("series_id") != figure.get("series_id")]
        return [row for row in others if all(row[n] == figure[n] for n in named)]

    def evaluate(self, formula: str, trail: tuple[str, ...]) -> Interval:
        """Evaluate a formula of the ledger; without units where the ledger has none."""

        def look(reference: str) -> Interval | Places:
            return self.lookup(reference, trail)

        def bare(reference: str) -> Interval | Places:
            value = look(reference)
            return value if value.unit == DATE else replace(value, unit="")

        if self.with_units:
            return evaluate(formula, look)
        result = evaluate(formula, bare)
        try:
            return replace(result, unit=evaluate(formula, look).unit)
        except InputError:  # such as `[acm_dsa_fte/2024/concept-needed] + 1`
            return result

    def basis(self, formula: str, trail: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Return the published figures that a formula rests on, through the claims it names."""
        try:
            references = read(formula).references if formula else ()
        except NoEvidenceError:  # literals alone rest on no figure
            references = ()
        rows: list[dict[str, Any] | None] = []
        for reference in references:
            if reference.startswith("["):
                rows.append(self.figures.get(reference[1:-1]))
            elif reference in self.claims and reference not in trail:
                claim = self.claims[reference]
                figure = self.figures.get(claim["observation"])
                rows += [figure] if figure else self.basis(claim["formula"], (*trail, reference))
        return [row for row in rows if row is not None]

    def lookup(self, reference: str, trail: tuple[str, ...]) -> Interval | Places:
        """Return the value of a reference; `trail` holds the claims that led here."""
        if reference.startswith("["):
            key = reference[1:-1]
            if key in self.later and key not in self.figures:
                problem = f"needs a figure that was not certainly public yet: [{key}]"
                raise LaterFigureError(problem, **_wanted(key))
            return _figure(key, self.figures)
        if reference not in self.claims:
            if reference in self.places:
                return self.places[reference]
            problem = f"names an unknown claim or list of places: {reference}"
            raise InputError(problem, "Name an id of this ledger.")
        if reference in trail:
            problem = f"goes in a circle: {' -> '.join([*trail, reference])}"
            raise InputError(problem, "Let one of these formulae point at figures instead.")
        claim = self.claims[reference]
        claimed = reported(claim)
        if claimed is not None and math.isfinite(claimed.lower) and math.isfinite(claimed.upper):
            figure = self.figures.get(claim["observation"])
            return claimed if figure is None else replace(claimed, concept=concept(figure))
        if not claim["formula"]:
            problem = f"names the claim {reference}, which has neither a number nor a formula"
            raise InputError(problem, "Name another one.")
        # the text prints no number here: evaluate the other formula first
        result = self.evaluate(claim["formula"], (*trail, reference))
        return replace(result, unit=dimension(claim["formula_unit"]) or result.unit)


def figures(observations: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the figures of an edition by their name in a formula: their id without the document."""
    # an edition may take a later document for the same figure
    return {_key(o): o for o in records(observations)}


def _key(row: Mapping[str, Any]) -> str:
    return str(row["obs_id"]).rpartition("/")[0]


def over_figures(formula: str, known: Mapping[str, Mapping[str, Any]]) -> Interval:
    """Evaluate a formula over published figures alone, such as `[acm_dsa_fte/2024/concept-needed] - 49`."""
    # NotPublishedError names each figure that is missing or has no value, and no other.
    absent, values = [], {}
    for reference in read(formula).references:
        if not reference.startswith("["):
            raise InputError(f"names {reference}, which is no published figure", "Write figures in brackets.")
        try:
            values[reference] = _figure(reference[1:-1], known)
        except MissingFigureError as error:
            absent.append(error)
    if absent:
        raise all_absent(absent)
    return evaluate(formula, values.__getitem__)


def _figure(key: str, known: Mapping[str, Mapping[str, Any]]) -> Interval:
    row = known.get(key)
    if row is None:
        series(key.partition("/")[0])  # a misspelt series is a mistake, never an absence
        raise MissingFigureError(f"names a figure that this edition does not hold: [{key}]", **_wanted(key))
    return figure_interval(row)


def _wanted(key: str) -> dict[str, Any]:
    """Return the figure of a key `series/period/sex/age/region/breakdown` as columns of the tidy table, without totals."""
    series_id, _, rest = key.partition("/")
    period, *groups = rest.split("/")
    wanted = {"series_id": series_id, "time_period": period}
    for part in groups:
        column = "sex" if part in SEXES else "region" if _REGION.fullmatch(part) else "age"
        named, dash, value = part.partition("-")
        wanted |= {"breakdown": f"{named}={value}"} if dash and not named[0].isdigit() else {column: part}
    return {"series_id": series_id, "period": period, "wanted": [wanted]}


def figure_interval(row: Mapping[str, Any]) -> Interval:
    """Return an observation as the input of a formula; MissingFigureError if it has neither a value nor a range."""
    value = row["obs_value"]
    low, high = (value if math.isnan(row[end]) else row[end] for end in ("lower", "upper"))
    middle = (low + high) / 2 if math.isnan(value) else value
    if math.isnan(middle):
        problem = f"needs a figure that is not there: {row['obs_id']} ({row['obs_status']})"
        raise MissingFigureError(problem, **_wanted(_key(row)))
    # a point contains itself, whatever the row says about its ends
    closed = [low == high or bool(row[f"{end}_closed"]) for end in ("lower", "upper")]
    about = (dimension(row["unit_measure"]), (row["obs_id"],), concept(row))
    return Interval(middle, low, high, closed[0], closed[1], *about)
