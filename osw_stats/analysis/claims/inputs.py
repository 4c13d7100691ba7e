"""What goes into a formula and what comes out: a point with the interval it stands for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Input:
    """One input of a formula: a point, the interval it stands for, its unit and what it rests on."""

    value: float
    lower: float
    upper: float
    lower_closed: bool = True
    upper_closed: bool = True
    unit: str = ""
    observations: tuple[str, ...] = ()
    concept: str = ""  # of posts or money: occupied, formation, needed and so on

    @property
    def exact(self) -> bool:
        """Whether the interval is one point."""
        return self.lower == self.upper


@dataclass(frozen=True)
class Result:
    """What a formula gives: a point, the interval its inputs leave open, its inputs and its unit."""

    value: float
    lower: float
    upper: float
    lower_closed: bool
    upper_closed: bool
    observations: tuple[str, ...]
    unit: str = ""
    concept: str = ""

    def as_input(self) -> Input:
        """Return the result as an input of another formula."""
        return Input(
            self.value, self.lower, self.upper, self.lower_closed, self.upper_closed, self.unit,
            self.observations, self.concept,
        )  # fmt: skip
