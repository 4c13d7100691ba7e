"""Units of measure that refuse to mix.

Why: a request for advice is not a person and a report is not an offence. The
founding report itself turns 12,206 requests into "12,000 victims"; code that
adds or compares unlike units must stop, not warn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from osw_stats.errors import InputError, UnitMismatchError


@dataclass(frozen=True)
class Unit:
    """What one figure counts.

    `kind` is the scale: count (whole things), share (percent), money or posts
    (full-time equivalents). `nl` and `en` are the words readers see, `one_nl` and `one_en` those after a 1.
    """

    code: str
    kind: str
    nl: str
    en: str
    one_nl: str
    one_en: str

    def words(self, printed: str, language: str) -> str:
        """Return the words that stand after a number, by how that number is printed.

        Examples
        --------
        >>> unit("hours").words("1", "en"), unit("hours").words("1.0", "en"), unit("hours").words("more than 1", "en")
        ('hour', 'hours', 'hour')
        """
        one = re.fullmatch(r"(?:.*\b(?:dan|than) )?[-−]?1", printed)
        return str(getattr(self, f"one_{language}" if one else language))


UNITS: dict[str, Unit] = {
    u.code: u
    for u in (
        Unit("percent", "share", "procent", "percent", "procent", "percent"),
        Unit("times", "share", "keer", "times", "keer", "time"),
        Unit("persons", "count", "mensen", "people", "mens", "person"),
        Unit(
            "respondents",
            "count",
            "deelnemers aan het onderzoek",
            "survey respondents",
            "deelnemer aan het onderzoek",
            "survey respondent",
        ),
        Unit(
            "police_reports",
            "count",
            "meldingen bij de politie",
            "reports to the police",
            "melding bij de politie",
            "report to the police",
        ),
        Unit(
            "registered_offences",
            "count",
            "geregistreerde misdrijven",
            "registered offences",
            "geregistreerd misdrijf",
            "registered offence",
        ),
        Unit(
            "advice_requests",
            "count",
            "adviesvragen",
            "requests for advice",
            "adviesvraag",
            "request for advice",
        ),
        Unit(
            "hotline_reports",
            "count",
            "meldingen bij het Meldpunt",
            "reports to the hotline",
            "melding bij het Meldpunt",
            "report to the hotline",
        ),
        Unit("urls", "count", "webadressen", "web addresses", "webadres", "web address"),
        Unit(
            "clients",
            "count",
            "mensen die hulp zochten",
            "people who sought help",
            "mens die hulp zocht",
            "person who sought help",
        ),
        Unit(
            "complaints_police",
            "count",
            "aangiften bij de politie",
            "formal complaints to the police",
            "aangifte bij de politie",
            "formal complaint to the police",
        ),
        Unit("cases", "count", "zaken", "cases", "zaak", "case"),
        Unit(
            "om_cases",
            "count",
            "strafzaken bij het OM",
            "criminal cases at the prosecution service",
            "strafzaak bij het OM",
            "criminal case at the prosecution service",
        ),
        Unit("complaints", "count", "klachten", "complaints", "klacht", "complaint"),
        Unit(
            "data_breach_notifications",
            "count",
            "meldingen van datalekken",
            "data breach notifications",
            "melding van een datalek",
            "data breach notification",
        ),
        Unit("investigations", "count", "onderzoeken", "investigations", "onderzoek", "investigation"),
        Unit("fines", "count", "boetes", "fines", "boete", "fine"),
        Unit("referrals", "count", "verwijzingen", "referrals", "verwijzing", "referral"),
        Unit("contacts", "count", "contacten", "contacts", "contact", "contact"),
        Unit("visits", "count", "bezoeken", "visits", "bezoek", "visit"),
        Unit("images", "count", "afbeeldingen", "images", "afbeelding", "image"),
        Unit("files", "count", "bestanden", "files", "bestand", "file"),
        Unit("records", "count", "gemelde items", "reported records", "gemeld item", "reported record"),
        Unit("staff", "count", "medewerkers", "members of staff", "medewerker", "member of staff"),
        Unit("teams", "count", "teams", "teams", "team", "team"),
        Unit("hours_per_week", "count", "uren per week", "hours a week", "uur per week", "hour a week"),
        Unit("years", "count", "jaren", "years", "jaar", "year"),
        Unit("claims", "count", "beweringen", "claims", "bewering", "claim"),
        Unit("months", "count", "maanden", "months", "maand", "month"),
        Unit("hours", "count", "uren", "hours", "uur", "hour"),
        Unit("hours_per_day", "count", "uren per dag", "hours a day", "uur per dag", "hour a day"),
        Unit("calendar_years", "count", "kalenderjaren", "calendar years", "kalenderjaar", "calendar year"),
        Unit(
            "calendar_months",
            "count",
            "maanden van het jaar",
            "months of the year",
            "maand van het jaar",
            "month of the year",
        ),
        Unit("bodies", "count", "organisaties", "bodies", "organisatie", "body"),
        Unit("organisations", "count", "organisaties", "organisations", "organisatie", "organisation"),
        Unit("experts", "count", "deskundigen", "experts", "deskundige", "expert"),
        Unit("users", "count", "gebruikers", "users", "gebruiker", "user"),
        Unit("sites", "count", "websites", "websites", "website", "website"),
        Unit("stories", "count", "verhalen", "stories", "verhaal", "story"),
        Unit("groups", "count", "groepen", "groups", "groep", "group"),
        Unit("lines", "count", "actielijnen", "lines of action", "actielijn", "line of action"),
        Unit("examples", "count", "voorbeelden", "examples", "voorbeeld", "example"),
        Unit("recommendations", "count", "aanbevelingen", "recommendations", "aanbeveling", "recommendation"),
        Unit("questions", "count", "vragen", "questions", "vraag", "question"),
        Unit("headings", "count", "kopjes", "headings", "kopje", "heading"),
        Unit("paragraphs", "count", "paragrafen", "paragraphs", "paragraaf", "paragraph"),
        Unit("pages", "count", "bladzijden", "pages", "bladzijde", "page"),
        Unit("articles", "count", "artikelen", "articles", "artikel", "article"),
        Unit("programmes", "count", "programma’s", "programmes", "programma", "programme"),
        Unit("times_a_month", "count", "keer per maand", "times a month", "keer per maand", "time a month"),
        Unit("usd", "money", "Amerikaanse dollar", "US dollars", "Amerikaanse dollar", "US dollar"),
        Unit("gbp", "money", "Britse pond", "pounds sterling", "Britse pond", "pound sterling"),
        Unit("eur_per_fte", "money", "euro per fte", "euros per fte", "euro per fte", "euro per fte"),
        Unit(
            "advice_requests_per_hundred_persons",
            "share",
            "adviesvragen per honderd mensen",
            "requests for advice per hundred people",
            "adviesvraag per honderd mensen",
            "request for advice per hundred people",
        ),
        Unit("fte", "posts", "fte", "fte", "fte", "fte"),
        Unit("eur", "money", "euro", "euros", "euro", "euro"),
        Unit(
            "percentage_points",
            "share",
            "procentpunt",
            "percentage points",
            "procentpunt",
            "percentage point",
        ),
        Unit(
            "per_hundred_victims",
            "share",
            "van elke honderd",
            "of every hundred",
            "van elke honderd",
            "of every hundred",
        ),
    )
}


def unit(code: str) -> Unit:
    """Return the unit with this code.

    Raises
    ------
    InputError
        If no such unit exists; the message proposes the nearest one.

    Examples
    --------
    >>> unit("fte").kind
    'posts'
    """
    if code in UNITS:
        return UNITS[code]
    near = get_close_matches(code, UNITS, n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    raise InputError("unknown unit", f"{hint}Known units: {', '.join(UNITS)}.", value=code)


def common_unit(codes: Iterable[str]) -> Unit:
    """Return the one unit that all `codes` share.

    Raises
    ------
    UnitMismatchError
        If there is more than one.

    Examples
    --------
    >>> common_unit(["fte", "fte"]).code
    'fte'
    >>> common_unit(["advice_requests", "persons"])
    Traceback (most recent call last):
    ...
    osw_stats.errors.UnitMismatchError: advice_requests and persons count different things ...
    """
    distinct = sorted(set(codes))
    if len(distinct) != 1:
        named = distinct if len(distinct) < 5 else [*distinct[:3], f"{len(distinct) - 3} other units"]
        raise UnitMismatchError(
            f"{' and '.join(named) or 'no units'} count different things and cannot be combined. "
            "Take figures of one unit (unit_measure), or plain numbers with astype(float)."
        )
    return unit(distinct[0])


def unit_of_difference(code: str) -> str:
    """Return the unit of a difference of two figures: percent less percent is percentage points."""
    return "percentage_points" if code == "percent" else code
