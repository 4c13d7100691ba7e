"""Estimates from the answers of a survey that may leave the room: small groups withheld, and others with them.

`estimates` estimates; this decides, for all tables of one file together, what of it may be shown.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.errors import InputError
from osw_stats.meaning.answers import row_of
from osw_stats.shelf.disclosure.groups import protect_groups
from osw_stats.shelf.disclosure.hiding import Code, GivenAwayError
from osw_stats.shelf.disclosure.surveys import DECIMALS, Answers, cautious, printed_share
from osw_stats.shelf.microdata.estimates import (
    MEASURES,
    differences_from_microdata,
    prevalence_from_microdata,
    respondents,
    wilson,
)
from osw_stats.stats.survey.groups import ALL_AGES, age_range
from osw_stats.stats.survey.intervals import normal_quantile, with_rounding

OLDEST = 65  # who asks everyone asks people of this age and over
EVERYONE = "total"  # in the column of a name that a table does not split by
ENDS = ("from", "to")
NUMBERS = [m for m in MEASURES if m != "suppressed"]
Group = tuple[Hashable, ...]  # a value by name; EVERYONE where not split
Relation = tuple[Group, list[Group]]
Answered = dict[Group, list[Answers]]  # one a question


def releasable(
    frame: pd.DataFrame,
    *,
    weight: str,
    tables: Sequence[Sequence[str]],
    items: str | Sequence[str] = "osi_12m",
    public: Callable[[Mapping[str, Any]], bool] = lambda _: False,
    **design: Any,
) -> pd.DataFrame:
    """Return the estimates of several tables about the same people, without what would give a small group away.

    `tables` are the columns that each splits by; give all that are published, those of earlier editions and other languages
    as well: what one hides another could show. `public` says of a group (value by name, "total" where not split) whether its
    share is known whatever we do. The rest is as of `prevalence_from_microdata`, as are the measures: NaN where withheld,
    with a `suppression_reason`. Shares are rounded to one decimal and effective sizes down to two digits; standard errors,
    limits (outwards) and design effects are those of the rounded ones, so that no digit says more.

    >>> answers = pd.DataFrame({"sex": ["f"] * 90 + ["m"] * 80 + ["x"] * 10, "w": 1.0, "osi_12m": [1, 0, 0, 0, 0, 0] * 30})
    >>> shown = releasable(answers, weight="w", tables=[(), ("sex",)])
    >>> shown[["sex", "n", "suppression_reason"]].values.tolist()
    [['total', 180.0, ''], ['f', 90.0, ''], ['m', nan, 'complementary'], ['x', nan, 'primary']]
    """
    # groups of different people (waves) are seen to apart; where nothing protects a small group, all groups that
    # hang together with it are withheld, but those that are public
    items = [items] if isinstance(items, str) else list(items)
    names = list(dict.fromkeys(name for table in tables for name in table))
    for name in names:
        if name in frame:
            _refuse(frame, name, EVERYONE)
    frame = respondents(frame, weight, items)
    splits = list(dict.fromkeys(tuple(n for n in names if n in table) for table in tables))
    estimates = {}
    for by in dict.fromkeys([*splits, tuple(names)]):
        table = prevalence_from_microdata(frame, weight=weight, items=items, by=by, **design)
        estimates[by] = table.assign(**{name: EVERYONE for name in names if name not in by})
    answers = _answers(frame, names, estimates, weight)
    table = pd.concat([estimates[by] for by in splits], ignore_index=True)
    shown = _printed(table, design.get("alpha", 0.05))
    groups = _groups(shown, names)
    known = {group for group in answers if public(dict(zip(names, group, strict=True)))}
    codes = _codes(answers, _relations(answers, names, list(estimates)), known, set(answers) - set(groups))
    why = pd.Series([codes[group] for group in groups], index=shown.index, dtype="object")
    hidden = why.ne("")
    table = pd.concat([shown[["item", *names]], shown[NUMBERS].astype(float).mask(hidden, math.nan)], axis=1)
    return table.assign(suppressed=hidden, suppression_reason=why)


def _printed(table: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Return estimates in the digits that leave: those that are audited, and what follows from them."""
    pct, n_eff = printed_share(table["pct"]), cautious(table["n_eff"])
    sized = n_eff * (normal_quantile(alpha) / stats.t.ppf(1 - alpha / 2, table["df"])) ** 2
    ends = 100 * wilson(pct / 100, sized, table["df"], alpha).T
    half, scale = 0.5 / 10**DECIMALS, 10**DECIMALS
    lower, upper = with_rounding(pct, (ends[0], ends[1]), (pct - half, pct + half), alpha)
    # of a large survey the digits left out are as much as chance: limits go outwards, errors up
    lower, upper = np.floor(lower * scale + 1e-9) / scale, np.ceil(upper * scale - 1e-9) / scale
    se = cautious(100 * np.sqrt(pct / 100 * (1 - pct / 100) / n_eff), error=True)
    follows = {"se": se, "lower": lower, "upper": upper}
    return table.assign(pct=pct, n_eff=n_eff, deff=printed_share(table["n"] / n_eff), **follows)


def by_group(frame: pd.DataFrame, *, alpha: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what may be shown of everyone, each sex, and each sex and age band, by wave, and errors of differences."""
    # The publisher prints the share of everyone of each wave, so that one protects no group.
    _refuse(frame, "age", ALL_AGES)  # their figures would stand in the place of those of all ages
    design: Any = {"weight": "weight", "strata": ["wave", "stratum"], "cluster": "cluster", "alpha": alpha}
    tables = [("wave",), ("wave", "sex"), ("wave", "sex", "age")]
    table = releasable(frame, tables=tables, public=lambda group: group["sex"] == EVERYONE, **design)
    table = table.assign(age=table["age"].replace(EVERYONE, ALL_AGES))
    shown = table.loc[~table["suppressed"], ["wave", "sex", "age"]]
    pairs = []
    for by in tables:
        found = differences_from_microdata(frame, by=by, **design)
        whole = {"sex": EVERYONE, "age": ALL_AGES}
        pairs.append(found.assign(**{f"{n}_{e}": v for n, v in whole.items() if n not in by for e in ENDS}))
    errors = pd.concat(pairs, ignore_index=True)
    for end in ENDS:  # of what is withheld nothing is told
        errors = errors.merge(shown.add_suffix(f"_{end}"))
    errors["se"] = cautious(errors["se"], error=True)
    return table, errors.drop(columns=["diff", "lower", "upper", "p"])  # these follow from what is printed


def _refuse(frame: pd.DataFrame, name: str, everyone: str) -> None:
    whole = frame[name].eq(everyone).fillna(False).to_numpy(dtype=bool)
    if whole.any():
        row, remedy = row_of(frame.index, int(whole.argmax())), "Give each respondent's own group."
        raise InputError("is everyone, not a group", remedy, row=row, column=name, value=everyone)


def _groups(table: pd.DataFrame, names: list[str]) -> list[Group]:
    return list(zip(*(table[name] for name in names), strict=True)) if names else [()] * len(table)


def _answers(
    frame: pd.DataFrame, names: list[str], estimates: Mapping[tuple[str, ...], pd.DataFrame], weight: str
) -> Answered:
    """Return what each group answered, item by item, counted and weighted."""
    answers: Answered = {}
    for by, table in estimates.items():
        for item, rows in table.groupby("item", sort=False):
            asked = frame[frame[item].notna()]
            keys: Any = list(by) or [True] * len(asked)
            yes, w = asked[item], asked[weight]
            counted = asked[names].assign(n=1, yes=yes, w=w, wy=w * yes)
            grouped = counted.groupby(keys, observed=True)
            sums = grouped[["n", "yes", "w", "wy"]].sum().to_numpy(dtype=float)
            for group, n_eff, (n, *rest) in zip(_groups(rows, names), rows["n_eff"], sums, strict=True):
                answers.setdefault(group, []).append(Answers(int(n), int(rest[0]), float(n_eff), *rest[1:]))
    return answers


def _relations(
    answers: Iterable[Group], names: list[str], splits: Sequence[tuple[str, ...]]
) -> list[Relation]:
    """Return each group with the groups of every finer table that make it up."""
    relations = []
    for coarse, fine in ((a, b) for a in splits for b in splits if set(a) < set(b)):
        parts: dict[Group, list[Group]] = {}
        for group in answers:
            if tuple(n for n, value in zip(names, group, strict=True) if value != EVERYONE) == fine:
                whole = tuple(v if n in coarse else EVERYONE for n, v in zip(names, group, strict=True))
                parts.setdefault(whole, []).append(group)
        relations += list(parts.items())
    return relations


def _codes(
    answers: Answered, relations: list[Relation], public: set[Group], unpublished: set[Group]
) -> dict[Group, Code]:
    """Return why each group is withheld, seeing to groups of different people apart."""
    together: list[set[Group]] = [{group} for group in answers]
    for total, parts in relations:
        joined = [s for s in together if s & {total, *parts}]
        together = [s for s in together if s not in joined] + [set().union(*joined)]
    codes: dict[Group, Code] = {}
    for groups in together:
        some = {g: answers[g] for g in answers if g in groups}
        sums = [(total, parts) for total, parts in relations if total in groups]
        try:
            codes |= protect_groups(some, sums, public=public, unpublished=unpublished)[1]
        except GivenAwayError:
            for group, each in some.items():
                few = any(a.few for a in each)
                codes[group] = "" if group in public and not few else "confidential"
    return codes


def check_everyone(frame: pd.DataFrame) -> None:
    """Refuse answers of a part of the people: a page presents them as those of everyone from 16 on."""
    cure = "The page is about everyone of 16 and over: give the answers of all of them, and of nobody else."
    for wave, rows in respondents(frame, "weight", ("osi_12m",)).groupby("wave"):
        for sex in sorted({"female", "male"} - set(rows["sex"])):
            raise InputError(f"nobody of this sex answered in wave {wave}", cure, column="sex", value=sex)
        lows, highs = zip(*(age_range(str(age)) for age in rows["age"].unique()), strict=True)
        if min(lows) != 16 or max(highs) < OLDEST:
            span = f"{min(lows)}-{max(highs)}".replace("-inf", "+")
            raise InputError(f"the answers of wave {wave} are of these ages", cure, column="age", value=span)
