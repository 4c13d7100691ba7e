"""Units of measure that refuse to mix.

Why: a request for advice is not a person and a report is not an offence. The
founding report itself turns 12,206 requests into "12,000 victims"; code that
adds or compares unlike units must stop, not warn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Self

from osw_stats.errors import InputError, UnitMismatchError


@dataclass(frozen=True)
class Unit:
    """What one figure counts.

    `kind` is the scale: count (whole things), share (percent), money or posts
    (full-time equivalents). `nl` and `en` are the words readers see.
    """

    code: str
    kind: str
    nl: str
    en: str


UNITS: dict[str, Unit] = {
    u.code: u
    for u in (
        Unit("percent", "share", "procent", "percent"),
        Unit("times", "share", "keer", "times"),
        Unit("persons", "count", "mensen", "people"),
        Unit("respondents", "count", "deelnemers aan het onderzoek", "survey respondents"),
        Unit("police_reports", "count", "meldingen bij de politie", "reports to the police"),
        Unit("registered_offences", "count", "geregistreerde misdrijven", "registered offences"),
        Unit("advice_requests", "count", "adviesvragen", "requests for advice"),
        Unit("hotline_reports", "count", "meldingen bij het Meldpunt", "reports to the hotline"),
        Unit("urls", "count", "webadressen", "web addresses"),
        Unit("clients", "count", "mensen die hulp zochten", "people who sought help"),
        Unit("complaints_police", "count", "aangiften bij de politie", "formal complaints to the police"),
        Unit("cases", "count", "zaken", "cases"),
        Unit("om_cases", "count", "strafzaken bij het OM", "criminal cases at the prosecution service"),
        Unit("complaints", "count", "klachten", "complaints"),
        Unit("data_breach_notifications", "count", "meldingen van datalekken", "data breach notifications"),
        Unit("investigations", "count", "onderzoeken", "investigations"),
        Unit("fines", "count", "boetes", "fines"),
        Unit("referrals", "count", "verwijzingen", "referrals"),
        Unit("contacts", "count", "contacten", "contacts"),
        Unit("visits", "count", "bezoeken", "visits"),
        Unit("images", "count", "afbeeldingen", "images"),
        Unit("files", "count", "bestanden", "files"),
        Unit("records", "count", "gemelde items", "reported records"),
        Unit("staff", "count", "medewerkers", "members of staff"),
        Unit("teams", "count", "teams", "teams"),
        Unit("hours_per_week", "count", "uren per week", "hours a week"),
        Unit("years", "count", "jaren", "years"),
        Unit("claims", "count", "beweringen", "claims"),
        Unit("months", "count", "maanden", "months"),
        Unit("hours", "count", "uren", "hours"),
        Unit("hours_per_day", "count", "uren per dag", "hours a day"),
        Unit("calendar_years", "count", "kalenderjaar", "calendar year"),
        Unit("calendar_months", "count", "maand van het jaar", "month of the year"),
        Unit("bodies", "count", "organisaties", "bodies"),
        Unit("organisations", "count", "organisaties", "organisations"),
        Unit("experts", "count", "deskundigen", "experts"),
        Unit("users", "count", "gebruikers", "users"),
        Unit("sites", "count", "websites", "websites"),
        Unit("stories", "count", "verhalen", "stories"),
        Unit("groups", "count", "groepen", "groups"),
        Unit("lines", "count", "actielijnen", "lines of action"),
        Unit("examples", "count", "voorbeelden", "examples"),
        Unit("recommendations", "count", "aanbevelingen", "recommendations"),
        Unit("questions", "count", "vragen", "questions"),
        Unit("headings", "count", "kopjes", "headings"),
        Unit("paragraphs", "count", "paragrafen", "paragraphs"),
        Unit("pages", "count", "bladzijde", "page"),
        Unit("articles", "count", "artikel", "article"),
        Unit("programmes", "count", "programma’s", "programmes"),
        Unit("times_a_month", "count", "keer per maand", "times a month"),
        Unit("usd", "money", "Amerikaanse dollar", "US dollars"),
        Unit("gbp", "money", "Britse pond", "pounds sterling"),
        Unit("eur_per_fte", "money", "euro per fte", "euros per fte"),
        Unit("fte", "posts", "fte", "fte"),
        Unit("eur", "money", "euro", "euros"),
        Unit("percentage_points", "share", "procentpunt", "percentage points"),
        Unit("per_hundred_victims", "share", "van elke honderd", "of every hundred"),
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


class Quantity(float):
    """A number with its unit. Adding, subtracting and comparing ask for the same unit.

    A plain number has no unit and goes with any; a product or ratio of two quantities is a plain number.

    Examples
    --------
    >>> (Quantity(60, "fte") - Quantity(49, "fte")).unit
    'fte'
    >>> Quantity(12206, "advice_requests") + Quantity(1, "persons")
    Traceback (most recent call last):
    ...
    osw_stats.errors.UnitMismatchError: advice_requests and persons count different things ...
    """

    unit: str

    def __new__(cls, value: float, code: str) -> Self:
        """Return the number; the unit must be known."""
        made = super().__new__(cls, value)
        made.unit = unit(code).code
        return made

    def __getnewargs__(self) -> tuple[float, str]:  # type: ignore[override] # a float has one argument, this has two
        """Return what pickle makes it from again."""
        return float(self), self.unit


def _asking(name: str, result: str) -> Callable[..., Any]:
    """Return a method of `float` that asks for the same unit; `result` says what unit comes out."""
    plain = getattr(float, name)

    def alone(self: Quantity) -> Quantity:
        return Quantity(plain(self), self.unit)

    def method(self: Quantity, other: Any) -> Any:
        both = isinstance(other, Quantity)
        if both and result != "scaled":
            common_unit((self.unit, other.unit))
        made = plain(self, other)
        if result == "plain" or made is NotImplemented or (both and result == "scaled"):
            return made
        return Quantity(made, unit_of_difference(self.unit) if both and result == "difference" else self.unit)

    return alone if result == "alone" else method


for _result, _names in {
    "plain": ("lt", "le", "gt", "ge", "eq", "ne"),
    "same": ("add", "radd", "mod", "rmod"),
    "difference": ("sub", "rsub"),
    "scaled": ("mul", "rmul", "truediv", "floordiv"),
    "alone": ("neg", "pos", "abs"),
}.items():
    for _name in _names:
        setattr(Quantity, f"__{_name}__", _asking(f"__{_name}__", _result))
Quantity.__hash__ = float.__hash__  # type: ignore[method-assign] # equal to the plain number, so found like it
