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


# code, kind, nl, en, one_nl, one_en
_TABLE = """
percent, share, procent, percent, procent, percent
times, share, keer, times, keer, time
persons, count, mensen, people, mens, person
respondents, count, deelnemers aan het onderzoek, survey respondents, deelnemer aan het onderzoek, survey respondent
police_reports, count, meldingen bij de politie, reports to the police, melding bij de politie, report to the police
registrations, count, registraties bij de politie, registrations at the police, registratie bij de politie, registration at the police
registered_offences, count, geregistreerde misdrijven, registered offences, geregistreerd misdrijf, registered offence
advice_requests, count, adviesvragen, requests for advice, adviesvraag, request for advice
hotline_reports, count, meldingen bij het Meldpunt, reports to the hotline, melding bij het Meldpunt, report to the hotline
urls, count, webadressen, web addresses, webadres, web address
clients, count, mensen die hulp zochten, people who sought help, mens die hulp zocht, person who sought help
complaints_police, count, aangiften bij de politie, formal complaints to the police, aangifte bij de politie, formal complaint to the police
cases, count, zaken, cases, zaak, case
om_cases, count, strafzaken bij het OM, criminal cases at the prosecution service, strafzaak bij het OM, criminal case at the prosecution service
complaints, count, klachten, complaints, klacht, complaint
data_breach_notifications, count, meldingen van datalekken, data breach notifications, melding van een datalek, data breach notification
investigations, count, onderzoeken, investigations, onderzoek, investigation
fines, count, boetes, fines, boete, fine
referrals, count, verwijzingen, referrals, verwijzing, referral
contacts, count, contacten, contacts, contact, contact
visits, count, bezoeken, visits, bezoek, visit
images, count, afbeeldingen, images, afbeelding, image
files, count, bestanden, files, bestand, file
records, count, gemelde items, reported records, gemeld item, reported record
staff, count, medewerkers, members of staff, medewerker, member of staff
teams, count, teams, teams, team, team
hours_per_week, count, uren per week, hours a week, uur per week, hour a week
years, count, jaren, years, jaar, year
claims, count, beweringen, claims, bewering, claim
months, count, maanden, months, maand, month
hours, count, uren, hours, uur, hour
hours_per_day, count, uren per dag, hours a day, uur per dag, hour a day
calendar_years, count, kalenderjaren, calendar years, kalenderjaar, calendar year
calendar_months, count, maanden van het jaar, months of the year, maand van het jaar, month of the year
bodies, count, organisaties, bodies, organisatie, body
organisations, count, organisaties, organisations, organisatie, organisation
experts, count, deskundigen, experts, deskundige, expert
users, count, gebruikers, users, gebruiker, user
sites, count, websites, websites, website, website
stories, count, verhalen, stories, verhaal, story
groups, count, groepen, groups, groep, group
lines, count, actielijnen, lines of action, actielijn, line of action
examples, count, voorbeelden, examples, voorbeeld, example
recommendations, count, aanbevelingen, recommendations, aanbeveling, recommendation
questions, count, vragen, questions, vraag, question
headings, count, kopjes, headings, kopje, heading
paragraphs, count, paragrafen, paragraphs, paragraaf, paragraph
pages, count, bladzijden, pages, bladzijde, page
articles, count, artikelen, articles, artikel, article
programmes, count, programma’s, programmes, programma, programme
times_a_month, count, keer per maand, times a month, keer per maand, time a month
usd, money, Amerikaanse dollar, US dollars, Amerikaanse dollar, US dollar
gbp, money, Britse pond, pounds sterling, Britse pond, pound sterling
eur_per_fte, money, euro per fte, euros per fte, euro per fte, euro per fte
advice_requests_per_hundred_persons, share, adviesvragen per honderd mensen, requests for advice per hundred people, adviesvraag per honderd mensen, request for advice per hundred people
fte, posts, fte, fte, fte, fte
eur, money, euro, euros, euro, euro
percentage_points, share, procentpunt, percentage points, procentpunt, percentage point
per_hundred_victims, share, van elke honderd, of every hundred, van elke honderd, of every hundred
"""
UNITS = {row[0]: Unit(*row) for row in (line.split(", ") for line in _TABLE.strip().splitlines())}


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
