"""How small is too small. One place, so that no page is laxer than another."""

from __future__ import annotations

MIN_COUNT = 5  # cells of counts from 1 up to this are hidden
MIN_RESPONDENTS = 50  # no percentage of fewer respondents
MIN_EFFECTIVE = 30  # nor of a smaller effective sample
MIN_OPEN = 0.1  # over this much the share of a withheld group must stay open to whoever reads the rest
FEW_RESPONDENTS = 100  # below it a percentage is marked as uncertain
LARGE_RSE = 0.3  # so it is when its standard error is a larger part of it


def too_small(respondents: float, effective: float) -> bool:
    """Say whether a percentage rests on too few respondents to be shown.

    Examples
    --------
    >>> too_small(49, 40), too_small(60, 29), too_small(60, 31)
    (True, True, False)
    """
    return respondents < MIN_RESPONDENTS or effective < MIN_EFFECTIVE
