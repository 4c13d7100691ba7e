"""Units of measure that refuse to mix; their words stand in units.yml.

Why: the founding report itself turns 12,206 requests for advice into "12,000 victims"; code that adds or compares
unlike units must stop, not warn.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from osw_stats.errors import InputError, UnitMismatchError
from osw_stats.yamlfile import read_yaml


@dataclass(frozen=True)
class Unit:
    """What one figure counts."""

    code: str
    kind: str  # the scale: count (whole things), share (percent), money or posts (full-time equivalents)
    nl: str  # the words readers see
    en: str
    one_nl: str  # those after a 1
    one_en: str

    def words(self, printed: str, language: str) -> str:
        """Return the words that stand after a number, by how that number is printed."""
        is_one = re.fullmatch(r"(?:.*\b(?:dan|than) )?[-−]?1", printed)
        return str(getattr(self, f"one_{language}" if is_one else language))


def _unit(code: str, kind: str, **words: str | list[str]) -> Unit:
    """Return a unit; its words are a pair, or a text where those after a 1 are the same."""
    forms = {language: [both] if isinstance(both, str) else both for language, both in words.items()}
    nl, en = forms["nl"], forms["en"]
    return Unit(code, kind, nl[0], en[0], nl[-1], en[-1])


_DATA = read_yaml(Path(__file__).with_name("units.yml"))
UNITS = {code: _unit(code, **entry) for code, entry in _DATA.items()}


def unit(code: str) -> Unit:
    """Return the unit with this code; the error of one that is not there proposes the nearest."""
    if code in UNITS:
        return UNITS[code]
    near = get_close_matches(code, UNITS, n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    raise InputError("unknown unit", f"{hint}Known units: {', '.join(UNITS)}.", value=code)


def common_unit(codes: Iterable[str]) -> Unit:
    """Return the one unit that all `codes` share; raise UnitMismatchError if there is more than one."""
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
