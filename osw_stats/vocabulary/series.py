"""The series we know: what each counts, of whom, and where its definition breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from osw_stats.errors import InputError
from osw_stats.vocabulary.periods import Period, parse_day_or_period, parse_period
from osw_stats.vocabulary.units import unit
from osw_stats.yamlfile import read_yaml, require_schema

Text = dict[str, str]  # the same text by language: {"nl": ..., "en": ...}


@dataclass(frozen=True)
class Break:
    """When a series began to count something else; `text` says what changed.

    `at` is a day or a part of a year, from whose first day the new counting holds, or a year, where only
    the year is known.
    """

    at: str
    text: Text

    @property
    def period(self) -> Period:
        """Return `at` as a stretch of days."""
        return parse_day_or_period(self.at)

    @property
    def dated(self) -> bool:
        """Say whether more is known than the year."""
        return len(self.at) > len("2024")


@dataclass(frozen=True)
class Series:
    """One series of figures: publisher, unit, and the words that say what it counts.

    `homogeneous` is False where the rules of counting are known to differ from year to
    year without saying when: no two periods of such a series share a definition. `ended`
    is the last period of a series that its publisher gave up. `sample`: estimated from a
    sample, so that a difference of two figures means little without their margins. `part_of`:
    the series whose count of a year this one splits, by kind or by part of the year; all that
    name one whole add up to it.
    """

    series_id: str
    publisher: str
    indicator: str
    unit: str
    title: Text
    counts: Text
    population: Text
    caveat: Text = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()
    homogeneous: bool = True
    ended: str = ""
    sample: bool = False
    part_of: str = ""

    def definition_id(self, time_period: str, breakdown: str = "") -> str:
        """Return the definition in force: the series and how many breaks came before.

        A break inside a period counts for that whole period. A concept in the breakdown
        (occupied posts, formation, need) is part of the definition.

        Examples
        --------
        >>> series("cbs_osi_12m").definition_id("2024")
        'cbs_osi_12m.2'
        """
        period = parse_period(time_period)
        if not self.homogeneous:
            return f"{self.series_id}@{time_period}"
        past = sum(b.period.start <= period.end for b in self.breaks)
        concept = breakdown.partition("concept=")[2]
        return f"{self.series_id}.{past + 1}" + (f":{concept}" if concept else "")


@cache
def catalogue() -> dict[str, Series]:
    """Return every series by its id, in the order of the files."""
    found: dict[str, Series] = {}
    folder = files("osw_stats.vocabulary") / "series"
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".yml")), key=lambda f: f.name):
        for series_id, entry in _entries(file).items():
            if series_id in found:
                raise InputError(
                    "this series stands in two files", "Keep one.", file=file.name, value=series_id
                )
            breaks = tuple(Break(b["at"], {"nl": b["nl"], "en": b["en"]}) for b in entry.pop("breaks", []))
            unit(entry["unit"])
            found[series_id] = Series(series_id, breaks=breaks, **entry)
    return found


_TEXT = {
    "type": "object", "required": ["nl", "en"], "additionalProperties": False,
    "properties": {"nl": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}},
}  # fmt: skip
_ENTRY = {
    "type": "object",
    "required": ["publisher", "indicator", "unit", "title", "counts", "population"],
    "additionalProperties": False,
    "properties": {
        **{name: {"type": "string", "minLength": 1} for name in ("publisher", "indicator", "unit", "ended", "part_of")},
        **dict.fromkeys(("title", "counts", "population", "caveat"), _TEXT),
        "homogeneous": {"type": "boolean"},
        "sample": {"type": "boolean"},
        "breaks": {
            "type": "array",
            "items": {"type": "object", "required": ["at", "nl", "en"], "additionalProperties": False,
                      "properties": {name: {"type": "string"} for name in ("at", "nl", "en")}},
        },
    },
}  # fmt: skip


def _entries(file: Any) -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = read_yaml(file, f"series/{file.name}")
    for series_id, entry in entries.items():
        require_schema(
            entry, _ENTRY, "Mend the entry after the example of another one.",
            file=f"series/{file.name}", value=series_id,
        )  # fmt: skip
    return entries


def series(series_id: str) -> Series:
    """Return one series.

    Raises
    ------
    InputError
        If there is no such series; the message proposes the nearest one.

    Examples
    --------
    >>> series("acm_dsa_fte").unit
    'fte'
    """
    known = catalogue()
    if series_id in known:
        return known[series_id]
    near = get_close_matches(series_id, known, n=1)
    raise InputError(
        "unknown series",
        (f'Did you mean "{near[0]}"? ' if near else "")
        + "A new series is described in osw_stats/vocabulary/series/ first.",
        value=series_id,
    )
