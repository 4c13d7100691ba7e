"""Half years when only year totals and a growth rate were published."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HalfYears:
    """What the identity gives.

    `h2_current` and `h1_current` are counts; `h1_change` is in percent on the first half of the year before,
    `h1_change_range` its limits over the rounding of the printed growth.
    """

    h2_current: float
    h1_current: float
    h1_change: float
    h1_change_range: tuple[float, float]


def identity(current: float, before: float, growth: float, share: float, *, step: float = 1.0) -> HalfYears:
    """Return the halves of a year from two year totals and the growth of the second half.

    Parameters
    ----------
    current, before
        Year totals.
    growth
        Growth of the second half on that of the year before, percent as printed.
    share
        Share of the second half in the year before, 0 to 1: an assumption.
    step
        Place value of the last printed digit of `growth`.

    Raises
    ------
    ValueError
        For totals that are not positive, or a share outside 0 to 1.

    Examples
    --------
    >>> round(identity(14802, 14015, 16, 0.5).h1_change, 1)
    -4.8
    """
    if min(current, before) <= 0 or not 0 < share < 1:
        raise ValueError(f"no half years: current={current}, before={before}, share={share}")

    def change(percent: float) -> tuple[float, float, float]:
        h2 = (1 + percent / 100) * share * before
        return h2, current - h2, 100 * ((current - h2) / ((1 - share) * before) - 1)

    h2, h1, point = change(growth)
    ends = sorted(change(growth + half)[2] for half in (-step / 2, step / 2))
    return HalfYears(h2, h1, point, (ends[0], ends[1]))
