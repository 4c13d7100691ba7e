"""The known series: measure, population, and breaks in definition."""

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, did_you_mean, located
from osw_stats.meaning.periods import Period, parse_day_or_period, parse_period
from osw_stats.meaning.units import unit
from osw_stats.yamlfile import read_yaml, refusals, require_schema

refused = refusals(__file__)

Text = dict[str, str]  # the same text by language: {"nl": ..., "en": ...}


@dataclass(frozen=True)
class Break:
    """A break in the definition of a series."""

    at: str  # a day or period, from whose first day the new definition holds; a year where no more is known
    text: Text  # what changed

    @property
    def period(self) -> Period:
        """Return `at` as a period."""
        return parse_day_or_period(self.at)

    @property
    def dated(self) -> bool:
        """Return whether more than the year is known."""
        return len(self.at) > len("2024")


@dataclass(frozen=True)
class Series:
    """One series of figures: publisher, unit, and its description."""

    series_id: str
    publisher: str
    indicator: str
    unit: str
    title: Text
    counts: Text
    population: Text
    caveat: Text = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()
    # False: the rules differ from year to year without saying when, so no two periods share a definition
    homogeneous: bool = True
    ended: str = ""  # the last period of a discontinued series
    sample: bool = False  # a difference of two figures means little without their margins
    part_of: str = ""  # the series whose annual count this one breaks down; its parts add up to it
    change_of: str = ""  # the series of counts whose percentage change on a year earlier this is
    concept: str = ""  # concept of posts or money (needed, funded, ...) where the figures do not state it

    @property
    def is_share(self) -> bool:
        """Return whether its figures are shares in percent; a change may exceed 100."""
        return self.unit == "percent" and not re.search("change|growth", self.indicator + self.series_id)

    def definition_id(self, time_period: str, breakdown: str = "") -> str:
        """Return the definition in force: the series, the number of breaks by the end of a period, and the concept."""
        period = parse_period(time_period)
        if not self.homogeneous:
            return f"{self.series_id}@{time_period}"
        past = sum(b.period.start <= period.end for b in self.breaks)
        concept = breakdown.partition("concept=")[2]
        return f"{self.series_id}.{past + 1}" + (f":{concept}" if concept else "")


OWN = "series.yml"  # a project's own series, in a folder of data/raw
Files = tuple[tuple[str, Path, str], ...]  # name, place and hash of the text
_in_use: Files = ()
_PACKAGED = Path(__file__).parent / "series"
_ENTRY = read_yaml(Path(__file__).with_name("series.schema.yml"))


def take_up(root: Path) -> list[Series]:
    """Register the series described in a project's files `series.yml` in data/raw, and return them."""
    # whatever reads the figures of a project calls this first: from then on `catalogue` and `series` include
    # these, and those of no other project; the files are read again when their text changes
    global _in_use
    raw = root / "data" / "raw"
    paths = [p for p in sorted(raw.rglob(OWN)) if "/." not in f"/{p.relative_to(raw).as_posix()}"]
    hashes = (hashlib.sha256(p.read_bytes()).hexdigest() for p in paths)
    files = tuple((p.relative_to(root).as_posix(), p, text) for p, text in zip(paths, hashes, strict=True))
    known = _catalogue(files)
    _in_use = files
    return [about for series_id, about in known.items() if series_id not in _catalogue(())]


def catalogue() -> dict[str, Series]:
    """Return every series by its id, in the order of the files: the library's, then the project's own."""
    return _catalogue(_in_use)


def series(series_id: str) -> Series:
    """Return one series; the error for an unknown id suggests the nearest.

    >>> series("acm_dsa_fte").unit
    'fte'
    """
    known = catalogue()
    if series_id in known:
        return known[series_id]
    raise refused("unknown_series", value=series_id, near=did_you_mean(series_id, known))


@lru_cache(maxsize=16)
def _catalogue(files: Files) -> dict[str, Series]:
    packaged = sorted(_PACKAGED.glob("*.yml"))
    known: dict[str, Series] = {}
    home: dict[str, tuple[str, int]] = {}
    for name, file in [*((f"series/{f.name}", f) for f in packaged), *((n, p) for n, p, _ in files)]:
        for series_id, (entry, line) in _entries(name, file).items():
            if series_id in known:
                raise refused("series_twice", file=name, row=line, value=series_id, other=home[series_id][0])
            changes = (Break(b["at"], {"nl": b["nl"], "en": b["en"]}) for b in entry.pop("breaks", []))
            breaks = tuple(sorted(changes, key=lambda b: b.period.start))
            known[series_id] = Series(series_id, breaks=breaks, **entry)
            home[series_id] = name, line
    for about in (a for a in known.values() if a.change_of):
        counts, (name, line) = known.get(about.change_of), home[about.series_id]
        place = {"file": name, "row": line, "column": "change_of", "value": about.series_id}
        if about.unit != "percent" or not about.series_id.endswith("_change"):
            raise refused("change_no_percentage", **place)
        if counts is None or counts.unit == "percent":
            raise refused("no_counts", **place, of=about.change_of, near=did_you_mean(about.change_of, known))
    return known


def _entries(name: str, file: Path) -> dict[str, tuple[dict[str, Any], int]]:
    """Return the entry of each series in a file, and the line on which it begins."""
    content: Any = read_yaml(file, name)
    if not isinstance(content, dict):
        raise refused("no_entries", file=name)
    lines = file.read_text(encoding="utf-8").splitlines()
    entries = {}
    for series_id, entry in content.items():
        line = next((n for n, text in enumerate(lines, 1) if text.startswith(f"{series_id}:")), 1)
        try:
            if file.parent != _PACKAGED:  # a test checks these against the schema, not every start
                _require_entry(str(series_id), entry, name)
        except InputError as error:
            field = (error.column or "").partition(".")[0]
            rest = enumerate(lines[line:], line + 1)
            of_entry = takewhile(lambda numbered: not numbered[1][:1].strip(), rest)
            row = next((n for n, text in of_entry if field and text.strip().startswith(f"{field}:")), line)
            raise error.located(file=name, row=row, value=series_id) from None
        entries[series_id] = entry, line
    return entries


def _require_entry(series_id: str, entry: Any, name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", series_id):
        raise refused("series_id")
    remedy = "Mend the entry after the example in docs/formats.md."
    require_schema(entry, _ENTRY, remedy, file=name, value=series_id)
    for column, read, text in (
        ("unit", unit, entry["unit"]),
        ("ended", parse_period, entry.get("ended", "2024")),
        *(("breaks", parse_day_or_period, b["at"]) for b in entry.get("breaks", [])),
    ):
        with located(column=column, value=text):
            read(text)
