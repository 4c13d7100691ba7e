"""Crime types of the police by code, as table 47022NED of data.politie.nl lists them, and what was asked of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel.dates import get_month_names

from osw_stats.errors import InputError, NotAskedError
from osw_stats.yamlfile import read_yaml

_DATA = read_yaml(Path(__file__).with_name("offence_codes.yml"))
NAMES: dict[str, str] = _DATA["names"]


@dataclass(frozen=True)
class Asked:
    """A crime type and a month in words, by language; `law` is the day where it is the change of the law on them."""

    offence: dict[str, str]
    month: dict[str, str]
    law: date | None

    def law_day(self) -> date:
        """Return the day of the law; raise NotAskedError if another month or crime type is meant."""
        if self.law is None:
            raise NotAskedError("Another month or crime type was asked for than the law changed.")
        return self.law


def asked(offence: str, month: str, *, held: Collection[str], law: date | None, as_of: date) -> Asked:
    """Return what was asked of the monthly figures, checked.

    Parameters
    ----------
    offence, month
        As the reader gave them.
    held
        Codes in downloaded tables, which may be newer than the catalogue.
    law
        The day on which the law on sexual offences changed; None where none is known.
    as_of
        The last day the edition sees.

    Raises
    ------
    InputError
        For a code that neither the catalogue nor a table has, and for what is no month or not yet past.
    """
    if offence not in NAMES and offence not in held:
        remedy = f"Choose: {', '.join(sorted({*NAMES, *held}))}."
        raise InputError("is no crime type of the police", remedy, column="offence", value=offence)
    parts = re.fullmatch(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])", month)
    if parts is None:
        raise InputError("is no month", "Write a month such as 2024-07.", column="law_month", value=month)
    of_law = law is not None and month == law.isoformat()[:7]  # known before it came
    if month > as_of.isoformat()[:7] and not of_law:
        problem = f"lies after {as_of.isoformat()}, the last day this edition sees"
        raise InputError(problem, "Choose an earlier month.", column="law_month", value=month)
    in_words = {k: f"{get_month_names('wide', locale=k)[int(parts[2])]} {parts[1]}" for k in ("nl", "en")}
    name = NAMES.get(offence, "")  # the police name theirs in Dutch only
    names = {
        "nl": f"{offence} {name}".strip(),
        "en": f"{offence}, “{name}” in Dutch" if name else offence,
    }
    return Asked(names, in_words, law if offence == _DATA["sexual"] and of_law else None)
