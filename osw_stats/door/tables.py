"""`load`, `Tables.find` and `Tables.get`: the figures of an edition, found by words."""

import unicodedata
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data import edition as data
from osw_stats.door import arguments
from osw_stats.errors import InputError, NotPublishedError, OswError
from osw_stats.meaning import quantities
from osw_stats.meaning.observations import NAMES, WHOLE, pick
from osw_stats.meaning.series import catalogue, series
from osw_stats.meaning.units import unit
from osw_stats.project import LANGUAGES, find_root

INSTALLED = Path(__file__).parents[1] / "installed"  # the raw tables in a wheel
FOUND = ["series_id", "breakdown", "title_en", "title_nl", "unit", "publisher", "first", "last", "figures"]
SHOWN = 12  # number of series that a message names


def load(edition: int | None = None, root: Path | str | None = None) -> "Tables":
    """Read the tidy tables of an edition from `data/raw`.

    Parameters
    ----------
    edition
        The year reported on; `editions/<year>.yml` says which vintages count. By default the newest edition.
    root
        Project folder; by default the one you are in, else the tables installed with the package.

    Returns
    -------
    Tables
        `.observations` (one published figure per row) and `.vintages`, whose numbers carry their unit, `.sources`,
        `.ledger`, `.places`, `.edition`, and `.claims()`, the verdicts on the ledger.

    Examples
    --------
    >>> tables = load(2024)
    >>> tables.get("cbs_osi_12m", time_period=2024)["obs_value"].item()
    5.2
    """
    year = None if edition is None else arguments.period(edition, "edition", "year").start.year
    if not _is_folder(root):
        raise InputError("is not a folder", "Pass that of a project.", column="root", value=root)
    try:
        folder = find_root(root)
    except InputError:
        if root is not None or not INSTALLED.is_dir():
            raise
        folder = INSTALLED
    tables = data.load_tables(year, folder)
    parts = {field.name: getattr(tables, field.name) for field in fields(tables)}
    parts |= {name: quantities.with_units(parts[name]) for name in ("observations", "vintages")}
    return Tables(**parts)


def _is_folder(root: Any) -> bool:
    try:
        return root is None or Path(root).is_dir()
    except (TypeError, ValueError, OSError):  # not a valid path
        return False


class Tables(data.Tables):
    """The tidy tables an edition sees, with their series searchable by words."""

    def find(self, words: str = "") -> pd.DataFrame:
        """Return the series whose id, title, publisher, unit or breakdown contains all these words, in Dutch or English.

        Returns
        -------
        pandas.DataFrame
            One row for each series and breakdown with figures in this edition; all of them if `words` is empty.

        Examples
        --------
        >>> load(2024).find("sextortion requests")[["series_id", "breakdown", "last"]].values.tolist()
        [['helpwanted_requests_subject', 'subject=sextortion', '2024']]
        """
        terms = _plain(arguments.text(words, "words")).split()
        rows: list[dict[str, Any]] = []
        for (series_id, part), figures in self.observations.groupby(["series_id", "breakdown"]):
            entry = series(str(series_id))
            facts = {
                "series_id": entry.series_id,
                "breakdown": part,
                **{f"title_{language}": entry.title[language] for language in LANGUAGES},
                "unit": entry.unit,
                "publisher": entry.publisher,
            }
            measure = unit(entry.unit)
            texts = (*map(str, facts.values()), *_part_in_words(str(part)), measure.nl, measure.en)
            searchable = _plain(" ".join(texts))
            # a search for counts should not return the series of their changes
            is_change = entry.change_of in {row["series_id"] for row in rows}
            if all(word in searchable for word in terms) and not is_change:
                periods = figures["time_period"]
                facts |= {"first": periods.min(), "last": periods.max(), "figures": len(figures)}
                rows.append(facts)
        return pd.DataFrame(rows, columns=FOUND)

    def get(self, name: str, **where: Any) -> pd.DataFrame:
        """Return the figures of one series in chronological order, with values and limits as plain numbers.

        Parameters
        ----------
        name
            The id of a series, or words for which `find` gives exactly one.
        **where
            Values of columns, such as `sex="female"` or `time_period=2024`, or of a breakdown, such as
            `subject="sextortion"`; None for every value. By default the total (both sexes, all ages, the
            Netherlands).

        Raises
        ------
        InputError
            If there is no such series, or several; the message lists the candidates.
        NotPublishedError
            If the edition has no such figure.

        Examples
        --------
        >>> load(2024).get("sextortion requests")[["time_period", "obs_value"]].tail(1).values.tolist()
        [['2024', 4648.0]]
        """
        series_id, breakdown = self._resolve(arguments.text(name, "name"))
        of_series = self.observations[self.observations["series_id"] == series_id]
        filters: dict[str, str | None] = {"breakdown": breakdown} if breakdown else {}
        for name, value in where.items():
            if isinstance(value, bool) or not isinstance(value, str | int | np.integer | pd.Period | None):
                remedy = "Pass one value as text, or None for all and then select with .isin()."
                raise InputError("is not a single value", remedy, column=name, value=value)
            if name == "series_id":
                remedy = "Pass it first, alone."
                raise InputError("is the name of the series", remedy, column=name, value=value)
            column, code = (name, str(value)) if name in NAMES else ("breakdown", f"{name}={value}")
            filters[column] = None if value is None else code
            choices = sorted(set(of_series[column])) if column in WHOLE else []
            if choices and value is not None and code not in choices:
                remedy = f"Choose: {', '.join(value or '(none)' for value in choices)}."
                raise InputError("is not in this series", remedy, column=column, value=code)
        fixed = {column: value for column, value in filters.items() if value is not None}
        free = [column for column in filters if column not in fixed]
        parts = []
        for group in of_series[free].drop_duplicates().itertuples(index=False) if free else ():
            with suppress(NotPublishedError):
                parts.append(pick(of_series, series_id, **fixed, **dict(zip(free, group, strict=True))))
        rows = pd.concat(parts) if parts else pick(of_series, series_id, **fixed)
        plain = {name: rows[name].astype(float) for name in quantities.COLUMNS}
        return rows.assign(**plain).sort_values(["time_period", "known_by"], kind="stable", ignore_index=True)

    def revisions(self) -> pd.DataFrame:
        """Return the figures that a later document revised, with both values and documents.

        Examples
        --------
        >>> {"series_id", "time_period"} <= set(load(2024).revisions())
        True
        """
        from osw_stats.stats.revisions import revisions

        return revisions(self.vintages)

    def _resolve(self, name: str) -> tuple[str, str]:
        """Return the series and breakdown meant by a name or by search words."""
        if name in catalogue():
            return name, ""
        rows = self.find(name)
        if len(set(rows["series_id"])) == 1:
            parts = set(rows["breakdown"])
            return str(rows["series_id"].iloc[0]), parts.pop() if len(parts) == 1 else ""
        if rows.empty:
            raise InputError("no series has these words", "Try fewer: .find() lists all.", value=name)
        ids = list(dict.fromkeys(rows["series_id"]))
        more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
        remedy = f"Choose: {', '.join(ids[:SHOWN])}{more}."
        raise InputError(f"{len(ids)} series have these words", remedy, value=name)


def _plain(text: str) -> str:
    """Return a text in lower case, without accents and underscores."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("_", " "))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _part_in_words(part: str) -> list[str]:
    from osw_stats.text.words import breakdown

    try:
        return [breakdown(part, language) for language in LANGUAGES] if part else []
    except (OswError, KeyError):  # codes of users' own publishers have no words
        return []
