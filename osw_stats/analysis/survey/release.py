"""Estimates from the answers of a survey that may leave the room: small groups withheld, and others with them.

`microdata` estimates; this decides, for all tables of one file together, what of it may be shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from osw_stats.analysis.disclosure import Answers, Code, GivenAwayError, protect_groups
from osw_stats.analysis.survey.microdata import MEASURES, prevalence_from_microdata, respondents
from osw_stats.errors import InputError
from osw_stats.vocabulary.answers import row_of
from osw_stats.vocabulary.observations import records

EVERYONE = "total"  # in the column of a name that a table does not split by
NUMBERS = [m for m in MEASURES if m != "suppressed"]
Group = tuple[Hashable, ...]  # a value by name; EVERYONE where not split
Relation = tuple[Group, list[Group]]


def releasable(
    frame: pd.DataFrame,
    *,
    weight: str,
    tables: Sequence[Sequence[str]],
    items: Sequence[str] = ("osi_12m",),
    public: Callable[[Mapping[str, Any]], bool] = lambda _: False,
    **design: Any,
) -> pd.DataFrame:
    """Return the estimates of several tables about the same people, without what would give a small group away.

    Parameters
    ----------
    frame, weight, items
        As of `prevalence_from_microdata`.
    tables
        The columns that each table splits by, such as `[("wave",), ("wave", "sex"), ("wave", "age")]`. Give all tables
        that are published, those of earlier editions and other languages as well: what one hides another could show.
    public
        Says of a group (value by name, "total" where not split) whether its share is known whatever we do.
    **design
        `strata`, `cluster`, `alpha`, `single` of `prevalence_from_microdata`.

    Returns
    -------
    pandas.DataFrame
        One row an item and group of a table: `item`, every name that a table splits by ("total" where it does not),
        the measures of `prevalence_from_microdata` (NaN where withheld), `suppressed` and `suppression_reason`: "primary",
        "complementary", "confidential" (one of the two) or "".

    Raises
    ------
    InputError
        As `prevalence_from_microdata`, or for a column that already holds "total".

    Notes
    -----
    See `protect_groups`. Groups of different people (waves) are seen to apart. Where nothing protects a small group,
    all groups that hang together with it are withheld, but those that are public.

    Examples
    --------
    >>> answers = pd.DataFrame({"sex": ["f"] * 90 + ["m"] * 80 + ["x"] * 10, "w": 1.0, "osi_12m": [1, 0, 0, 0, 0, 0] * 30})
    >>> shown = releasable(answers, weight="w", tables=[(), ("sex",)])
    >>> shown[["sex", "n", "suppression_reason"]].values.tolist()
    [['total', 180.0, ''], ['f', 90.0, ''], ['m', nan, 'complementary'], ['x', nan, 'primary']]
    """
    names = list(dict.fromkeys(name for table in tables for name in table))
    _refuse_total(frame, names)
    frame = respondents(frame, weight, items)
    splits = list(dict.fromkeys(tuple(n for n in names if n in table) for table in tables))
    everything = splits if tuple(names) in splits else [*splits, tuple(names)]
    found = {by: _estimated(frame, names, by, weight, items, design) for by in everything}
    answers = _answers(frame, names, found, weight, items)
    shown = {group for by in splits for group in _groups(found[by], names)}
    known = {group for group in answers if public(dict(zip(names, group, strict=True)))}
    codes = _codes(answers, _relations(answers, names, everything), known, set(answers) - shown)
    return _released([found[by] for by in splits], names, codes)


def _estimated(
    frame: pd.DataFrame, names: list[str], by: tuple[str, ...], weight: str, items: Sequence[str], design: dict[str, Any]
) -> pd.DataFrame:  # fmt: skip
    table = prevalence_from_microdata(frame, weight=weight, items=items, by=by, **design)
    return table.assign(**{name: EVERYONE for name in names if name not in by})[["item", *names, *MEASURES]]


def _groups(table: pd.DataFrame, names: list[str]) -> list[Group]:
    return [tuple(row[name] for name in names) for row in records(table)]


def _answers(
    frame: pd.DataFrame, names: list[str], found: Mapping[tuple[str, ...], pd.DataFrame], weight: str, items: Sequence[str]
) -> dict[Group, list[Answers]]:  # fmt: skip
    """Return what each group answered, item by item, counted and weighted."""
    answers: dict[Group, list[Answers]] = {}
    for item in items:
        asked = frame[frame[item].notna()]
        counted = asked[names].assign(
            n=1, yes=asked[item].astype(int), w=asked[weight].astype(float), wy=asked[weight] * asked[item]
        )
        for by, table in found.items():
            sums = (
                counted.groupby(list(by), observed=True)[["n", "yes", "w", "wy"]].sum()
                if by
                else counted[["n", "yes", "w", "wy"]].sum().to_frame().T
            )
            rows = table[table["item"] == item]
            for group, n_eff, (n, yes, w, wy) in zip(
                _groups(rows, names), rows["n_eff"], sums.to_numpy(dtype=float), strict=True
            ):
                answers.setdefault(group, []).append(
                    Answers(int(n), int(yes), float(n_eff), float(w), float(wy))
                )
    return answers


def _relations(
    answers: Mapping[Group, Any], names: list[str], splits: Sequence[tuple[str, ...]]
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
    answers: Mapping[Group, list[Answers]], relations: list[Relation], public: set[Group], unpublished: set[Group]
) -> dict[Group, Code]:  # fmt: skip
    """Return why each group is withheld, seeing to groups of different people apart."""
    codes: dict[Group, Code] = {}
    for groups in _apart(answers, relations):
        some = {g: answers[g] for g in answers if g in groups}
        sums = [(total, parts) for total, parts in relations if total in groups]
        try:
            codes |= protect_groups(some, sums, public=public, unpublished=unpublished)[1]
        except GivenAwayError:
            for group, found in some.items():
                few = any(a.few() for a in found)
                codes[group] = "" if group in public and not few else "confidential"
    return codes


def _apart(answers: Iterable[Group], relations: list[Relation]) -> list[set[Group]]:
    """Return sets of groups that no sum joins to others."""
    sets: list[set[Group]] = [{group} for group in answers]
    for total, parts in relations:
        joined = [s for s in sets if s & {total, *parts}]
        sets = [s for s in sets if s not in joined] + [set().union(*joined)]
    return sets


def _released(tables: list[pd.DataFrame], names: list[str], codes: Mapping[Group, Code]) -> pd.DataFrame:
    table = pd.concat(tables, ignore_index=True)
    why = pd.Series([codes[group] for group in _groups(table, names)], index=table.index, dtype="object")
    hidden = why.ne("")
    numbers = table[NUMBERS].astype(float).mask(hidden, math.nan)
    return pd.concat([table[["item", *names]], numbers], axis=1).assign(
        suppressed=hidden, suppression_reason=why
    )


def _refuse_total(frame: pd.DataFrame, names: list[str]) -> None:
    for name in names:
        if name in frame and frame[name].eq(EVERYONE).any():
            row = row_of(frame.index, int(frame[name].eq(EVERYONE).to_numpy().argmax()))
            raise InputError(
                "is everyone, not a group", "Give each respondent's own group.",
                row=row, column=name, value=EVERYONE,
            )  # fmt: skip
