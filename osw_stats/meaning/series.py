"""The series we know: what each counts, of whom, and where its definition breaks."""

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
    """When a series began to count something else."""

    at: str  # a day or a part of a year, from whose first day the new counting holds; a year where no more is known
    text: Text  # what changed

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
    """One series of figures: publisher, unit, and the words that say what it counts."""

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
    ended: str = ""  # the last period of a series that its publisher gave up
    sample: bool = False  # a difference of two figures means little without their margins
    part_of: str = ""  # the series whose count of a year this one splits; all parts of one whole add up to it
    change_of: str = ""  # the series of counts that this is the percentage change of, on a year before
    concept: str = ""  # what figures of posts or money are (needed, funded, ...) where they do not say so

    @property
    def is_share(self) -> bool:
        """Return whether its figures are parts of a whole in percent; a change may lie beyond all of it."""
        return self.unit == "percent" and not re.search("change|growth", self.indicator + self.series_id)

    def definition_id(self, time_period: str, breakdown: str = "") -> str:
        """Return the definition in force: the series, how many breaks began by the end of a period, and a concept."""
        period = parse_period(time_period)
        if not self.homogeneous:
            return f"{self.series_id}@{time_period}"
        past = sum(b.period.start <= period.end for b in self.breaks)
        concept = breakdown.partition("concept=")[2]
        return f"{self.series_id}.{past + 1}" + (f":{concept}" if concept else "")


OWN = "series.yml"  # where a project describes series itself, in a folder of data/raw
Files = tuple[tuple[str, Path, str], ...]  # name, place and hash of the text
_in_use: Files = ()
_PACKAGED = Path(__file__).parent / "series"
_ENTRY = read_yaml(Path(__file__).with_name("series.schema.yml"))


def take_up(root: Path) -> list[Series]:
    """Take up the series that a project describes in files `series.yml` in data/raw; return them."""
    # whatever reads the figures of a project calls this first: `catalogue` and `series` know these from then
    # on, and those of no other project; the files are read again when their text changed
    global _in_use
    raw = root / "data" / "raw"
    paths = [p for p in sorted(raw.rglob(OWN)) if "/." not in f"/{p.relative_to(raw).as_posix()}"]
    hashes = (hashlib.sha256(p.read_bytes()).hexdigest() for p in paths)
    own = tuple((p.relative_to(root).as_posix(), p, text) for p, text in zip(paths, hashes, strict=True))
    known = _catalogue(own)
    _in_use = own
    return [about for series_id, about in known.items() if series_id not in _catalogue(())]


def catalogue() -> dict[str, Series]:
    """Return every series by its id, in the order of the files: those of this library, then the project's own."""
    return _catalogue(_in_use)


def series(series_id: str) -> Series:
    """Return one series; the error of one that is not there proposes the nearest.

    >>> series("acm_dsa_fte").unit
    'fte'
    """
    known = catalogue()
    if series_id in known:
        return known[series_id]
    raise refused("unknown_series", value=series_id, near=did_you_mean(series_id, known))


@lru_cache(maxsize=16)
def _catalogue(own: Files) -> dict[str, Series]:
    packaged = sorted(_PACKAGED.glob("*.yml"))
    known: dict[str, Series] = {}
    home: dict[str, tuple[str, int]] = {}
    for name, file in [*((f"series/{f.name}", f) for f in packaged), *((n, p) for n, p, _ in own)]:
        for series_id, (entry, line) in _entries(name, file).items():
            if series_id in known:
                raise refused("series_twice", file=name, row=line, value=series_id, other=home[series_id][0])
            told = (Break(b["at"], {"nl": b["nl"], "en": b["en"]}) for b in entry.pop("breaks", []))
            breaks = tuple(sorted(told, key=lambda b: b.period.start))
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
    """Return what a file says of each series, and the line on which it begins."""
    content: Any = read_yaml(file, name)
    if not isinstance(content, dict):
        raise refused("no_entries", file=name)
    lines = file.read_text(encoding="utf-8").splitlines()
    entries = {}
    for series_id, entry in content.items():
        line = next((n for n, text in enumerate(lines, 1) if text.startswith(f"{series_id}:")), 1)
        try:
            if file.parent != _PACKAGED:  # those are held against the schema by a test, not at every start
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
