"""Crime types of the police by code, as table 47022NED of data.politie.nl lists them, and what was asked of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from osw_stats.errors import InputError, NotAskedError

# the police's own names, in their spelling
NAMES = {
    "0.0.0": "Totaal misdrijven",
    "1.1.1": "Diefstal/inbraak woning",
    "1.1.2": "Diefstal/inbraak box/garage/schuur",
    "1.2.1": "Diefstal uit/vanaf motorvoertuigen",
    "1.2.2": "Diefstal van motorvoertuigen",
    "1.2.3": "Diefstal van brom-, snor-, fietsen",
    "1.2.4": "Zakkenrollerij",
    "1.2.5": "Diefstal af/uit/van ov. voertuigen",
    "1.3.1": "Ongevallen (weg)",
    "1.4.1": "Zedenmisdrijf",
    "1.4.2": "Moord, doodslag",
    "1.4.3": "Openlijk geweld (persoon)",
    "1.4.4": "Bedreiging",
    "1.4.5": "Mishandeling",
    "1.4.6": "Straatroof",
    "1.4.7": "Overval",
    "1.5.2": "Diefstallen (water)",
    "1.6.1": "Brand/ontploffing",
    "1.6.2": "Overige vermogensdelicten",
    "1.6.3": "Mensenhandel",
    "2.1.1": "Drugs/drankoverlast",
    "2.2.1": "Vernieling cq. zaakbeschadiging",
    "2.4.1": "Burengerucht (relatieproblemen)",
    "2.4.2": "Huisvredebreuk",
    "2.5.1": "Diefstal/inbraak bedrijven enz.",
    "2.5.2": "Winkeldiefstal",
    "2.6.1": "Inrichting Wet Milieubeheer",
    "2.6.2": "Bodem",
    "2.6.3": "Water",
    "2.6.4": "Afval",
    "2.6.5": "Bouwstoffen",
    "2.6.7": "Mest",
    "2.6.8": "Transport gevaarlijke stoffen",
    "2.6.9": "Vuurwerk",
    "2.6.10": "Bestrijdingsmiddelen",
    "2.6.11": "Natuur en landschap",
    "2.6.12": "Ruimtelijke ordening",
    "2.6.13": "Dieren",
    "2.6.14": "Voedselveiligheid",
    "2.7.2": "Bijzondere wetten",
    "2.7.3": "Leefbaarheid (overig)",
    "3.1.1": "Drugshandel",
    "3.1.2": "Mensensmokkel",
    "3.1.3": "Wapenhandel",
    "3.2.1": "Kinderporno",
    "3.2.2": "Kinderprostitutie",
    "3.3.2": "Onder invloed (lucht)",
    "3.3.5": "Lucht (overig)",
    "3.4.2": "Onder invloed (water)",
    "3.5.2": "Onder invloed (weg)",
    "3.5.5": "Weg (overig)",
    "3.6.4": "Aantasting openbare orde",
    "3.7.1": "Discriminatie",
    "3.7.2": "Vreemdelingenzorg",
    "3.7.3": "Maatsch. integriteit (overig)",
    "3.7.4": "Cybercrime",
    "3.9.1": "Horizontale fraude",
    "3.9.2": "Verticale fraude",
    "3.9.3": "Fraude (overig)",
}
# sexual offences, whose law changed while the others' did not
SEXUAL = "1.4.1"
_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A crime type and a month in words, by language; `law` is the day where it is the change of the law on them."""

    offence: dict[str, str]
    month: dict[str, str]
    law: date | None

    def law_day(self) -> date:
        """Return the day of the law.

        Raises
        ------
        NotAskedError
            If another month or crime type is meant.
        """
        if self.law is None:
            raise NotAskedError("Another month or crime type was asked for than the law changed.")
        return self.law


def in_words(offence: str) -> dict[str, str]:
    """Return code and name of a crime type, by language; the police name theirs in Dutch only.

    Examples
    --------
    >>> in_words("1.1.1")["en"]
    '1.1.1, “Diefstal/inbraak woning” in Dutch'
    """
    name = NAMES.get(offence, "")
    return {"nl": f"{offence} {name}".strip(), "en": f"{offence}, “{name}” in Dutch" if name else offence}


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
        raise InputError(
            "is no crime type of the police", f"Choose: {', '.join(sorted({*NAMES, *held}))}.", column="offence", value=offence,
        )  # fmt: skip
    found = re.fullmatch(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])", month)
    if found is None:
        raise InputError("is no month", "Write a month such as 2024-07.", column="law_month", value=month)
    of_law = law is not None and month == law.isoformat()[:7]  # known before it came
    if month > as_of.isoformat()[:7] and not of_law:
        raise InputError(
            f"lies after {as_of.isoformat()}, the last day this edition sees", "Choose an earlier month.",
            column="law_month", value=month,
        )  # fmt: skip
    words = {k: f"{names[int(found[2]) - 1]} {found[1]}" for k, names in _MONTHS.items()}
    return Asked(in_words(offence), words, law if offence == SEXUAL and of_law else None)
