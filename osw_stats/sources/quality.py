"""Quality rules: one rule a function, one row a result, for the command and the page alike.

Two stages. Structure: records, files and rows fit together; a failure stops everything after
it, because content cannot be judged then. Content: what the figures say of each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.errors import OswError
from osw_stats.sources.adding_up import misfits
from osw_stats.sources.clean import Tidy, clean
from osw_stats.sources.derived import contradicted, words
from osw_stats.sources.register import load_records
from osw_stats.sources.sheets.record import place_of_row
from osw_stats.vocabulary.observations import KEY, WITHOUT_VALUE, records

PASS, WARNING, FAIL = "PASS", "WARNING", "FAIL"
Text = dict[str, str]
Row = dict[str, Any]
ROWS = ["obs_id", "time_period", "obs_value", "source_id", "file", "row"]


@dataclass(frozen=True)
class Check:
    """The result of one rule; `rows` are the observations it is about."""

    rule: str
    stage: str
    result: str
    message: Text
    rows: pd.DataFrame


Rule = Callable[[Tidy], tuple[str, Text, pd.DataFrame]]
# published parts of a published whole: (whole, part series, breakdowns that add up or stay below)
PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("helpwanted_requests", "helpwanted_requests_subject", ("subject=sextortion", "subject=distribution")),
    ("helpwanted_requests", "helpwanted_requests_channel", ("channel=direct",)),
    ("police_reports_public_harassment", "police_reports_public_harassment_online", ("",)),
)
POPULATION_STEP = 0.03  # largest change of a population from one year to the next
NEIGHBOURS = 2.0  # a count this many times its neighbours is looked at again
THOUSAND = 200.0  # and one this many times is likely in another unit


def check(root: Path) -> list[Check]:
    """Return the result of every rule, structure first.

    A project whose structure is broken gives one FAIL that says where; content rules are
    not run then.
    """
    try:
        return judge(root, clean(root))
    except OswError as error:
        return [Check("files_and_rows", "structure", FAIL, {"nl": str(error), "en": str(error)}, _none())]


def judge(root: Path, tidy: Tidy) -> list[Check]:
    """Return the result of every rule for figures that were read without an error."""
    counted = len(tidy.observations)
    message = {
        "nl": f"{counted} cijfers gelezen; elk heeft een reeks, eenheid, periode, document en plaats",
        "en": f"{counted} figures read; each has a series, unit, period, document and place",
    }
    structure = [Check("files_and_rows", "structure", PASS, message, _none()), _hashes(root)]
    content = [Check(f.__name__, "content", *f(tidy)) for f in RULES]
    return [*structure, *content, _changes(root, tidy)]


def _hashes(root: Path) -> Check:
    changed = [p.name for r in load_records(root / "data" / "raw") for p in r.changed()]
    names = ", ".join(changed)
    if changed:
        message = {
            "nl": f"gewijzigd sinds de laatste vastlegging: {names}. `osw record` legt dit vast",
            "en": f"edited since they were last recorded: {names}. `osw record` records this",
        }
        return Check("files_as_recorded", "structure", WARNING, message, _none())
    same = {
        "nl": "alle ruwe bestanden zijn zoals ze zijn vastgelegd",
        "en": "all raw files are as they were recorded",
    }
    return Check("files_as_recorded", "structure", PASS, same, _none())


def _changes(root: Path, tidy: Tidy) -> Check:
    """Hold every published change against the counts it is the change of, and name its place and all values."""
    found = contradicted(tidy.observations)
    rows = pd.DataFrame([told for told, _, _ in found])
    nl, en = "veranderingen die niet bij hun aantallen passen", "changes that do not fit their counts"
    result, message, kept = _result(rows, WARNING, nl, en)
    said = [words(place_of_row(root, told), told, low, high) for told, low, high in found]
    message = {
        language: ". ".join([text, *(s[language] for s in said)]) for language, text in message.items()
    }
    return Check("changes_fit_their_counts", "content", result, message, kept)


def withheld_is_not_zero(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """No withheld figure has a value, and no series is zero throughout."""
    rows = _main(tidy)
    wrong = rows[rows["obs_status"].isin(WITHOUT_VALUE) & rows["obs_value"].notna()]
    zero = (
        rows.groupby("series_id")["obs_value"].transform(lambda v: len(v) > 2 and v.eq(0).all()).astype(bool)
    )
    found = pd.concat([wrong, rows[zero]])
    return _result(
        found,
        FAIL,
        "cijfers die nul zijn waar de uitgever niets gaf",
        "figures that are zero where the publisher gave none",
    )


def parts_do_not_exceed_the_whole(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """Hold published parts against the whole they are part of."""
    rows, found = _main(tidy), []
    for whole, part, breakdowns in PARTS:
        for total in records(rows[(rows["series_id"] == whole) & (rows["breakdown"] == "")]):
            same = rows[(rows["series_id"] == part) & (rows["time_period"] == total["time_period"])]
            parts = same[same["breakdown"].isin(breakdowns)]
            if parts["lower"].sum() > total["upper"]:
                found.append(parts)
    return _result(
        _joined(found), FAIL, "delen die samen groter zijn dan het geheel", "parts that exceed their whole"
    )


def parts_add_up_to_the_year(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """Add halves, quarters, months and kinds where all of them are there: the count of the year."""
    return _result(
        pd.DataFrame(misfits(tidy.observations)), FAIL,
        "delen die niet optellen tot hun jaar", "parts that do not add up to their year",
    )  # fmt: skip


def shares_lie_between_0_and_100(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """Hold shares against 0 and 100 percent; changes may lie outside."""
    rows = _main(tidy)
    share = (
        (rows["unit_measure"] == "percent")
        & ~rows["indicator"].str.contains("change|growth")
        & ~rows["series_id"].str.endswith("_change")
    )
    return _result(
        rows[share & ~rows["obs_value"].fillna(0).between(0, 100)], FAIL,
        "percentages buiten 0 tot 100", "percentages outside 0 to 100",
    )  # fmt: skip


def shares_of_one_question_add_up(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """Add the answers to one question: 100 percent within their rounding."""
    rows = _main(tidy)
    answers = rows[(rows["series_id"] == "helpwanted_police_contact") & rows["obs_value"].notna()]
    found = [
        group for _, group in answers.groupby("time_period")
        if not group["lower"].sum() <= 100 <= group["upper"].sum()
    ]  # fmt: skip
    return _result(
        _joined(found),
        FAIL,
        "antwoorden die niet samen 100 procent zijn",
        "answers that do not add to 100 percent",
    )


def no_jump_of_a_thousand(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """No figure is hundreds of times its neighbour: that is a change of unit, not of the world."""
    found = [after for before, after in _neighbours(tidy) if _ratio(before, after) > THOUSAND]
    return _result(
        pd.DataFrame(found),
        FAIL,
        "sprongen die op een andere eenheid wijzen",
        "jumps that point to another unit",
    )


def no_outlier_among_neighbours(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """Point at counts of one definition that double or halve in a year."""
    found = [
        after for before, after in _neighbours(tidy)
        if before["definition_id"] == after["definition_id"] and NEIGHBOURS < _ratio(before, after) <= THOUSAND
    ]  # fmt: skip
    return _result(
        pd.DataFrame(found),
        WARNING,
        "cijfers die binnen een jaar verdubbelen of halveren",
        "figures that double or halve within a year",
    )


def no_year_is_missing(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """Point at yearly series with a year missing between first and last that nobody declared withheld."""
    rows, found = tidy.observations[tidy.observations["time_period"].str.len() == 4], []
    for _, group in rows.groupby([*KEY[:1], *KEY[2:]], sort=False):
        years = sorted(set(group["time_period"].astype(int)))
        if years and len(years) > 2 and len(years) < years[-1] - years[0] + 1:
            found.append(group.tail(1))
    return _result(
        _joined(found),
        WARNING,
        "reeksen met een ontbrekend jaar ertussen",
        "series with a year missing in between",
    )


def population_changes_little(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """Hold the population of all ages together against the year before: 3 percent at most."""
    found = [
        after for before, after in _neighbours(tidy)
        if after["series_id"] == "cbs_population" and after["age"] in ("16+", "0+", "total")
        and _ratio(before, after) > 1 + POPULATION_STEP
    ]  # fmt: skip
    return _result(
        pd.DataFrame(found),
        FAIL,
        "bevolking die meer dan 3 procent verandert",
        "population that changes more than 3 percent",
    )


def publication_dates_are_known(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """How many figures have a date of publication that could not be established."""
    rows = tidy.observations[tidy.observations["published_precision"] == "unknown"]
    return _result(
        rows,
        WARNING,
        "cijfers waarvan de datum van publicatie niet bekend is",
        "figures whose date of publication is not known",
    )


def other_sources_are_explained(tidy: Tidy) -> tuple[str, Text, pd.DataFrame]:
    """Figures of a second source stand beside the first, with a declared reason."""
    rows = tidy.observations[tidy.observations["role"] == "alternative"]
    nl, en = (
        "cijfers van een tweede bron of een ongedateerde download, naast het geldende cijfer",
        "figures of a second source or an undated download, beside the one that counts",
    )
    return PASS, {"nl": f"{nl}: {len(rows)}", "en": f"{en}: {len(rows)}"}, rows[ROWS]


RULES: tuple[Rule, ...] = (
    withheld_is_not_zero, parts_do_not_exceed_the_whole, parts_add_up_to_the_year,
    shares_lie_between_0_and_100, shares_of_one_question_add_up, no_jump_of_a_thousand, no_outlier_among_neighbours,
    no_year_is_missing, population_changes_little, publication_dates_are_known,
    other_sources_are_explained,
)  # fmt: skip


def _main(tidy: Tidy) -> pd.DataFrame:
    return tidy.observations[tidy.observations["role"] == "main"]


def _neighbours(tidy: Tidy) -> list[tuple[Row, Row]]:
    """Return pairs of consecutive years of one series and group, each in its latest vintage."""
    rows = _main(tidy)
    rows = rows[rows["obs_value"].notna() & (rows["time_period"].str.len() == 4)]
    latest = rows.sort_values("known_by", kind="stable").drop_duplicates(KEY, keep="last")
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in records(latest):
        groups.setdefault(tuple(row[k] for k in (*KEY[:1], *KEY[2:])), []).append(row)
    return [
        (a, b)
        for group in groups.values()
        for a, b in pairwise(sorted(group, key=lambda row: str(row["time_period"])))
        if int(b["time_period"]) - int(a["time_period"]) == 1
    ]


def _ratio(before: Row, after: Row) -> float:
    a, b = abs(float(before["obs_value"])), abs(float(after["obs_value"]))
    if not a or not b:
        return 1.0 if a == b else math.inf
    return max(a / b, b / a)


def _result(found: pd.DataFrame, severity: str, nl: str, en: str) -> tuple[str, Text, pd.DataFrame]:
    if found.empty:
        return PASS, {"nl": f"geen {nl}", "en": f"no {en}"}, _none()
    return severity, {"nl": f"{nl}: {len(found)}", "en": f"{en}: {len(found)}"}, found[ROWS]


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts) if parts else _none()


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=ROWS)
