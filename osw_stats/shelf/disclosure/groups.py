"""Suppression of survey estimates by group, with complementary suppression of other groups.

A group is withheld as a whole: its share, limits, numbers of respondents and of people. Its respondents, those who
answered yes and its weighted total could be recovered from the total and the other groups; that is prevented here.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.hiding import Code, Hiding, Key, Keys, Reason, Relations, Suppression
from osw_stats.shelf.disclosure.surveys import Answers, Surveys

Groups = Mapping[Key, Sequence[Answers]]  # the answers of each, one per question
_SLACK = 1e-7  # relative; sums of weights in another order differ by less


def protect_groups(
    groups: Groups, relations: Relations, *, public: Keys = (), unpublished: Keys = ()
) -> Suppression:
    """Return for every group the reason its estimates are withheld, and the code to publish.

    `groups` holds the answers by group, one per question; a group is withheld for all questions or for none. `relations`
    are groups with the groups that make them up, over all tables about the same people: by sex, by age, by both. The
    estimates of `public` groups are known anyway, so they protect no other. `unpublished` groups are in no table, such as
    sex by age where tables are by sex and by age; those that are not small themselves are "withheld".

    >>> def answers(n, yes):
    ...     return [Answers(n, yes, 0.8 * n, float(n), float(yes))]
    >>> girls, women, men = answers(12, 3), answers(400, 24), answers(350, 10)
    >>> table = {"girls": girls, "women": women, "men": men, "all": answers(762, 37)}
    >>> protect_groups(table, [("all", ["girls", "women", "men"])])[0]
    {'girls': 'primary', 'women': '', 'men': 'complementary', 'all': ''}
    """
    # Primary: fewer than MIN_RESPONDENTS, a small effective size, or fewer than MIN_COUNT yeses or noes.
    # Complementary: the group with the fewest respondents in a sum, until an intruder who reads every digit shown
    # and knows the weighted size of *every* group cannot determine the respondents, yeses or noes of a withheld
    # group, numbers from 1 to 4 can still be any of these, and the share of a small group has a range of at least
    # MIN_OPEN (the sliding protection level); see `surveys.Surveys`. Fischetti and Salazar (2001), Management
    # Science 47; Hundepool and others (2012), Statistical Disclosure Control, chapter 4
    return _Groups(groups, relations, public, unpublished).result()


class _Groups(Hiding):
    """Groups of one survey; those with few answers are withheld from the start."""

    def __init__(self, groups: Groups, relations: Relations, public: Keys, unpublished: Keys) -> None:
        for key, a in ((key, a) for key, rows in groups.items() for a in rows):
            if not 0 <= a.yes <= a.respondents or not 0 <= a.weight_yes <= a.weight * (1 + _SLACK):
                remedy = "Give 0 <= yes <= respondents, the same for weights."
                raise InputError("are no answers of a group", remedy, column=str(key), value=a)
        answers = list(groups.values())
        few = {key for key, rows in groups.items() if any(a.few for a in rows)}
        reasons: list[Reason] = [
            "primary" if key in few else "withheld" if key in unpublished else "" for key in groups
        ]
        sizes = [max(a.respondents for a in rows) for rows in answers]
        super().__init__(groups, sizes, relations, set(public) - few, reasons, {}, unpublished)
        sums = np.array([[(a.respondents, a.yes, a.weight, a.weight_yes) for a in rows] for rows in answers])
        for total, parts in self.relations:
            if not np.allclose(sums[total], sums[list(parts)].sum(axis=0), rtol=_SLACK, atol=_SLACK):
                remedy = "Give every group, those without an answer as well."
                raise InputError("is not the sum of its groups", remedy, column=str(self.keys[total]))
        self.items = [[rows[item] for rows in answers] for item in range(len(answers[0]) if answers else 0)]

    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first group that the published figures disclose; None if there is none."""
        shown = [not reason for reason in self.reasons]
        surveys = [Surveys(groups, self.relations, shown, codes) for groups in self.items]
        for survey in surveys:
            others = [s for s in surveys if s is not survey and (s.truth == survey.truth).all()]
            for i, reason in enumerate(self.reasons):
                if reason not in ("", "withheld") and not survey.open(i, others, small=reason == "primary"):
                    return i
        return None
