"""Publishable estimates from survey microdata: small groups suppressed, with complementary suppression of others.

`estimates` estimates; this module decides, for all tables of one file together, what may be published.
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

OLDEST = 65  # a survey of everyone includes people of this age and over
EVERYONE = "total"  # in a column that a table does not split by
ENDS = ("from", "to")
NUMBERS = [m for m in MEASURES if m != "suppressed"]
Group = tuple[Hashable, ...]  # one value per column; EVERYONE where not split
Relation = tuple[Group, list[Group]]
GroupAnswers = dict[Group, list[Answers]]  # one per question


def releasable(
    frame: pd.DataFrame,
    *,
    weight: str,
    tables: Sequence[Sequence[str]],
    items: str | Sequence[str] = "osi_12m",
    public: Callable[[Mapping[str, Any]], bool] = lambda _: False,
    **design: Any,
) -> pd.DataFrame:
    """Return the estimates of several tables about the same people, without those that would disclose a small group.

    `tables` are the columns that each table splits by; include all that are published, also in earlier editions and other
    languages: one table could disclose what another suppresses. `public` returns whether the share of a group (value by
    column, "total" where not split) is known anyway. Other parameters and the measures are as in
    `prevalence_from_microdata`: NaN where withheld, with a `suppression_reason`. Shares are rounded to one decimal and
    effective sizes down to two digits; standard errors, limits (outwards) and design effects follow from the rounded values.

    >>> answers = pd.DataFrame({"sex": ["f"] * 90 + ["m"] * 80 + ["x"] * 10, "w": 1.0, "osi_12m": [1, 0, 0, 0, 0, 0] * 30})
    >>> shown = releasable(answers, weight="w", tables=[(), ("sex",)])
    >>> shown[["sex", "n", "suppression_reason"]].values.tolist()
    [['total', 180.0, ''], ['f', 90.0, ''], ['m', nan, 'complementary'], ['x', nan, 'primary']]
    """
    # groups of different people (waves) are protected separately; where nothing protects a small group, all groups
    # linked to it are withheld, except public ones
    items = [items] if isinstance(items, str) else list(items)
    names = list(dict.fromkeys(name for table in tables for name in table))
    for name in names:
        if name in frame:
            _require_groups(frame, name, EVERYONE)
    frame = respondents(frame, weight, items)
    splits = list(dict.fromkeys(tuple(n for n in names if n in table) for table in tables))
    estimates = {}
    for by in dict.fromkeys([*splits, tuple(names)]):
        table = prevalence_from_microdata(frame, weight=weight, items=items, by=by, **design)
        estimates[by] = table.assign(**{name: EVERYONE for name in names if name not in by})
    answers = _answers(frame, names, estimates, weight)
    table = pd.concat([estimates[by] for by in splits], ignore_index=True)
    shown = _round_estimates(table, design.get("alpha", 0.05))
    groups = _groups(shown, names)
    exposed = {group for group in answers if public(dict(zip(names, group, strict=True)))}
    codes = _codes(answers, _relations(answers, names, list(estimates)), exposed, set(answers) - set(groups))
    why = pd.Series([codes[group] for group in groups], index=shown.index, dtype="object")
    hidden = why.ne("")
    table = pd.concat([shown[["item", *names]], shown[NUMBERS].astype(float).mask(hidden, math.nan)], axis=1)
    return table.assign(suppressed=hidden, suppression_reason=why)


def _round_estimates(table: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Return estimates in the digits to publish: those that are audited, and the values derived from them."""
    pct, n_eff = printed_share(table["pct"]), cautious(table["n_eff"])
    size = n_eff * (normal_quantile(alpha) / stats.t.ppf(1 - alpha / 2, table["df"])) ** 2
    ends = 100 * wilson(pct / 100, size, table["df"], alpha).T
    half, scale = 0.5 / 10**DECIMALS, 10**DECIMALS
    lower, upper = with_rounding(pct, (ends[0], ends[1]), (pct - half, pct + half), alpha)
    # in a large survey rounding is as large as sampling error: limits are rounded outwards, errors up
    lower, upper = np.floor(lower * scale + 1e-9) / scale, np.ceil(upper * scale - 1e-9) / scale
    se = cautious(100 * np.sqrt(pct / 100 * (1 - pct / 100) / n_eff), error=True)
    derived = {"se": se, "lower": lower, "upper": upper}
    return table.assign(pct=pct, n_eff=n_eff, deff=printed_share(table["n"] / n_eff), **derived)


def by_group(frame: pd.DataFrame, *, alpha: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return publishable estimates of everyone, each sex, and each sex and age band, by wave, and errors of differences."""
    # The publisher prints the share of everyone in each wave, so that share protects no group.
    _require_groups(frame, "age", ALL_AGES)  # its figures would replace those of all ages
    design: Any = {"weight": "weight", "strata": ["wave", "stratum"], "cluster": "cluster", "alpha": alpha}
    tables = [("wave",), ("wave", "sex"), ("wave", "sex", "age")]
    table = releasable(frame, tables=tables, public=lambda group: group["sex"] == EVERYONE, **design)
    table = table.assign(age=table["age"].replace(EVERYONE, ALL_AGES))
    shown = table.loc[~table["suppressed"], ["wave", "sex", "age"]]
    pairs = []
    for by in tables:
        diffs = differences_from_microdata(frame, by=by, **design)
        whole = {"sex": EVERYONE, "age": ALL_AGES}
        pairs.append(diffs.assign(**{f"{n}_{e}": v for n, v in whole.items() if n not in by for e in ENDS}))
    errors = pd.concat(pairs, ignore_index=True)
    for end in ENDS:  # withheld groups have no differences
        errors = errors.merge(shown.add_suffix(f"_{end}"))
    errors["se"] = cautious(errors["se"], error=True)
    return table, errors.drop(columns=["diff", "lower", "upper", "p"])  # derived from published figures


def _require_groups(frame: pd.DataFrame, name: str, everyone: str) -> None:
    whole = frame[name].eq(everyone).fillna(False).to_numpy(dtype=bool)
    if whole.any():
        row, remedy = row_of(frame.index, int(whole.argmax())), "Give each respondent's own group."
        raise InputError("is everyone, not a group", remedy, row=row, column=name, value=everyone)


def _groups(table: pd.DataFrame, names: list[str]) -> list[Group]:
    return list(zip(*(table[name] for name in names), strict=True)) if names else [()] * len(table)


def _answers(
    frame: pd.DataFrame, names: list[str], estimates: Mapping[tuple[str, ...], pd.DataFrame], weight: str
) -> GroupAnswers:
    """Return the answers of each group, item by item, counted and weighted."""
    answers: GroupAnswers = {}
    for by, table in estimates.items():
        for item, rows in table.groupby("item", sort=False):
            answered = frame[frame[item].notna()]
            keys: Any = list(by) or [True] * len(answered)
            yes, w = answered[item], answered[weight]
            counted = answered[names].assign(n=1, yes=yes, w=w, wy=w * yes)
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
    answers: GroupAnswers, relations: list[Relation], public: set[Group], unpublished: set[Group]
) -> dict[Group, Code]:
    """Return the code of each group, protecting groups of different people separately."""
    components: list[set[Group]] = [{group} for group in answers]
    for total, parts in relations:
        merged = [c for c in components if c & {total, *parts}]
        components = [c for c in components if c not in merged] + [set().union(*merged)]
    codes: dict[Group, Code] = {}
    for groups in components:
        subset = {g: answers[g] for g in answers if g in groups}
        sums = [(total, parts) for total, parts in relations if total in groups]
        try:
            codes |= protect_groups(subset, sums, public=public, unpublished=unpublished)[1]
        except GivenAwayError:
            for group, tallies in subset.items():
                few = any(a.few for a in tallies)
                codes[group] = "" if group in public and not few else "confidential"
    return codes


def check_everyone(frame: pd.DataFrame) -> None:
    """Refuse answers of part of the population: a page presents them as those of everyone aged 16 and over."""
    cure = "The page is about everyone of 16 and over: give the answers of all of them, and of nobody else."
    for wave, rows in respondents(frame, "weight", ("osi_12m",)).groupby("wave"):
        for sex in sorted({"female", "male"} - set(rows["sex"])):
            raise InputError(f"nobody of this sex answered in wave {wave}", cure, column="sex", value=sex)
        lows, highs = zip(*(age_range(str(age)) for age in rows["age"].unique()), strict=True)
        if min(lows) != 16 or max(highs) < OLDEST:
            span = f"{min(lows)}-{max(highs)}".replace("-inf", "+")
            raise InputError(f"the answers of wave {wave} are of these ages", cure, column="age", value=span)
