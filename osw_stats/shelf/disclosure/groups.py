"""Withhold estimates of groups of a survey, and of other groups with them, so that no sum gives them away.

A group is withheld as a whole: its share, limits, numbers of respondents and of people. From the whole and the other
groups its respondents, those who said yes and its weighted total would follow; that is what is guarded here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.hiding import (
    MIN_COUNT,
    MIN_OPEN,
    MIN_RESPONDENTS,
    Code,
    Hiding,
    Key,
    Positions,
    Reason,
    Relations,
    System,
    too_small,
)

_SLACK = 1e-7  # sums of weights in another order differ by less


@dataclass(frozen=True)
class Answers:
    """Answers of one group to one question.

    `respondents` are those who answered and `yes` those who said yes; `weight` and `weight_yes` are their weights
    added up; `effective` is the effective sample size.
    """

    respondents: int
    yes: int
    effective: float
    weight: float
    weight_yes: float

    def few(self) -> bool:
        """Say whether a share of these answers is too small to show."""
        return min(self.yes, self.no) < MIN_COUNT or too_small(self.respondents, self.effective)

    @property
    def no(self) -> int:
        """Those who said no."""
        return self.respondents - self.yes


def protect_groups(
    groups: Mapping[Key, Sequence[Answers]],
    relations: Relations,
    *,
    public: Collection[Key] = (),
    unpublished: Collection[Key] = (),
) -> tuple[dict[Key, Reason], dict[Key, Code]]:
    """Return for every group why its estimates are withheld, and the code that readers may see.

    Parameters
    ----------
    groups
        Answers by group, one a question; a group is withheld for all questions or for none.
    relations
        Groups with the groups that make them up, over all tables about the same people: by sex, by age, by both.
    public
        Groups of which the estimate is known whatever we do. They can protect no other.
    unpublished
        Groups that no table shows, such as sex by age where tables are by sex and by age.

    Returns
    -------
    dict, dict
        Reasons and codes, "" where shown. Unpublished groups that are not small themselves are "withheld".

    Notes
    -----
    Primary: fewer than `MIN_RESPONDENTS`, a small effective size, or fewer than `MIN_COUNT` who said yes, or no.
    Complementary: the group with the fewest respondents in a sum, until somebody who reads everything shown and knows
    the weighted size of *every* group (population figures are public) cannot tell, of a group that is small itself,
    how many took part or said yes or no, counts from 1 to 4 may still be each of these, and its share is open over
    at least `MIN_OPEN` (the sliding protection level). Whole numbers and a linear programme; Fischetti and Salazar
    (2001), Management Science 47; Hundepool and others (2012), Statistical Disclosure Control, chapter 4.

    Examples
    --------
    >>> def answers(n, yes):
    ...     return [Answers(n, yes, 0.8 * n, float(n), float(yes))]
    >>> girls, women, men = answers(12, 3), answers(400, 24), answers(350, 10)
    >>> table = {"girls": girls, "women": women, "men": men, "all": answers(762, 37)}
    >>> protect_groups(table, [("all", ["girls", "women", "men"])])[0]
    {'girls': 'primary', 'women': '', 'men': 'complementary', 'all': ''}
    """
    return _Groups(groups, relations, public, unpublished).result()


class _Groups(Hiding):
    """Groups of one survey: those with few answers are withheld from the start."""

    def __init__(
        self,
        groups: Mapping[Key, Sequence[Answers]],
        relations: Relations,
        public: Collection[Key],
        unpublished: Collection[Key],
    ) -> None:
        for key, a in ((key, a) for key, each in groups.items() for a in each):
            if not 0 <= a.yes <= a.respondents or not 0 <= a.weight_yes <= a.weight * (1 + _SLACK):
                remedy = "Give 0 <= yes <= respondents, the same for weights."
                raise InputError("are no answers of a group", remedy, column=str(key), value=a)
        self.answers = list(groups.values())
        few = {key for key, each in groups.items() if any(a.few() for a in each)}
        reasons: list[Reason] = [
            "primary" if key in few else "withheld" if key in unpublished else "" for key in groups
        ]
        sizes = [max(a.respondents for a in each) for each in self.answers]
        super().__init__(groups, sizes, relations, set(public) - few, reasons, {})
        sums = np.array(
            [[(a.respondents, a.yes, a.weight, a.weight_yes) for a in each] for each in self.answers]
        )
        for total, parts in self.relations:
            if not np.allclose(sums[total], sums[list(parts)].sum(axis=0), rtol=_SLACK, atol=_SLACK):
                remedy = "Give every group, those without an answer as well."
                raise InputError("is not the sum of its groups", remedy, column=str(self.keys[total]))

    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first group of which what is shown tells too much; None where there is none."""
        for item in range(len(self.answers[0]) if self.answers else 0):
            groups = [answers[item] for answers in self.answers]
            counted, weighed = self._counts(groups, codes), self._weights(groups)
            most = max(answers.weight for answers in groups)
            for at, reason in enumerate(self.reasons):
                if reason in ("", "withheld"):
                    continue
                group = groups[at]
                for number, n in enumerate((group.respondents, group.yes, group.no), start=3 * at):
                    small = range(1, MIN_COUNT) if 0 < n < MIN_COUNT else ()
                    if not all(counted.takes(number, value) for value in small) or counted.known(number):
                        return at
                low, high = weighed.span(at)
                if reason == "primary" and (high - low) * most < MIN_OPEN * group.weight - _SLACK:
                    return at
        return None

    def _counts(self, groups: Sequence[Answers], codes: Sequence[Code]) -> System:
        """Return respondents, yes and no of every group, as whole numbers that somebody must guess."""
        lower: list[float] = []
        upper: list[float] = []
        for answers, code in zip(groups, codes, strict=True):
            numbers = (answers.respondents, answers.yes, answers.no)
            least = (MIN_RESPONDENTS, MIN_COUNT, MIN_COUNT) if code == "complementary" else (0, 0, 0)
            lower += least if code else numbers
            upper += [math.inf] * 3 if code else numbers
        sums: list[Positions] = [(3 * at, (3 * at + 1, 3 * at + 2)) for at in range(len(groups))]
        for total, parts in self.relations:
            sums += [(3 * total + i, tuple(3 * at + i for at in parts)) for i in range(3)]
        return System(lower, upper, sums)

    def _weights(self, groups: Sequence[Answers]) -> System:
        """Return the weighted total of every group as a part of the largest, at most its weight, which is public."""
        most = max(answers.weight for answers in groups)
        hidden = [bool(reason) for reason in self.reasons]
        lower = [0.0 if h else a.weight_yes / most for a, h in zip(groups, hidden, strict=True)]
        upper = [(a.weight if h else a.weight_yes) / most for a, h in zip(groups, hidden, strict=True)]
        return System(lower, upper, self.relations, whole=False)
