"""Small numbers are not given away: not by themselves, nor by subtraction from what stands around them."""

from osw_stats.analysis.disclosure.groups import Answers, protect_groups
from osw_stats.analysis.disclosure.hiding import Code, GivenAwayError, Reason
from osw_stats.analysis.disclosure.protect import codes, protect, sums, treated
from osw_stats.analysis.disclosure.rounding import require_rounded_margins, round_to_base
from osw_stats.analysis.disclosure.rows import suppress_row
from osw_stats.analysis.disclosure.thresholds import (
    FEW_RESPONDENTS,
    LARGE_RSE,
    MIN_COUNT,
    MIN_EFFECTIVE,
    MIN_OPEN,
    MIN_RESPONDENTS,
    too_small,
)

__all__ = [
    "FEW_RESPONDENTS",
    "LARGE_RSE",
    "MIN_COUNT",
    "MIN_EFFECTIVE",
    "MIN_OPEN",
    "MIN_RESPONDENTS",
    "Answers",
    "Code",
    "GivenAwayError",
    "Reason",
    "codes",
    "protect",
    "protect_groups",
    "require_rounded_margins",
    "round_to_base",
    "sums",
    "suppress_row",
    "too_small",
    "treated",
]
