"""How many people: survey shares with the interval that the published material allows, and people."""

from __future__ import annotations

import math

import pandas as pd

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import matching, published_limits, records
from osw_stats.meaning.rounding import printed_step
from osw_stats.stats.survey import SERIES, Row, ends
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import ALL_AGES, EVERYONE, label, of_all, of_everyone, size
from osw_stats.stats.survey.intervals import Range, effective_n, proportion_interval, total_interval

SHARE = SERIES["share"]
NOT_OF_ANSWERS = "not_of_answers"  # a figure of the publisher in a table that is made from answers
FEW_RESPONDENTS = 100  # below it a percentage is marked as uncertain
LARGE_RSE = 0.3  # so it is when its standard error is a larger part of it
USUAL_DEFF = (0.8, 2.5)  # outside it a design effect is marked as unusual
Cell = tuple[str, str, str]  # wave, sex, age


def estimates(
    observations: pd.DataFrame,
    *,
    deff: float,
    deff_range: Range,
    alpha: float,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table `prev_estimates`: one row a wave and group.

    Each group gets the best interval there is: from answers of respondents when given; else the limits that the
    publisher printed (a margins file in data/raw/cbs); else, for everyone together, Wilson on the respondents and an
    *assumed* design effect; else none: the rounding interval and "not_estimable".

    Parameters
    ----------
    observations
        The vintage of an edition.
    deff, deff_range
        Assumed design effect and the range it is thought to lie in.
    alpha
        1 minus the confidence level.
    answers
        What may be shown of the answers of respondents, by wave, sex and age (`shelf.answers`), or None.

    Returns
    -------
    pandas.DataFrame
        In percent: `pct`; `ci_lower`, `ci_upper` (sampling limits, empty where there are none); `check_lower`,
        `check_upper` (ours beside published limits); `box_lower`, `box_upper` (what rounding leaves open). n and
        n_eff in respondents; persons in heads, with sampling limits. `persons_published` is the number of people as
        the publisher printed it, with what its wording leaves open.
        `suppression_reason` says why an estimate from answers is withheld ("primary", "complementary",
        "confidential": one of the two), or that the publisher withheld a figure ("withheld"). What the publisher
        printed of a group stands in place of an estimate that is withheld.

    Raises
    ------
    InputError
        If the design effect lies outside its own range.
    """
    if not deff_range[0] <= deff <= deff_range[1]:
        problem = f"lies outside its own range {deff_range[0]:g} to {deff_range[1]:g}"
        remedy = "Widen the range (deff_low, deff_high) or change the design effect."
        raise InputError(problem, remedy, column="deff", value=deff)
    shares, margins, counts = (_by_cell(observations, s) for s in ("share", "margins", "persons"))
    asked = published_respondents(observations)
    answered = {} if answers is None else {(r["wave"], r["sex"], r["age"]): r for r in records(answers)}
    rows = []
    # in each wave everyone first, then men and women of all ages, then age bands
    for cell in sorted(
        {*shares, *margins, *answered}, key=lambda c: (c[0], c[1:] != EVERYONE, c[2] != ALL_AGES, c[2], c[1])
    ):
        n, answer, printed = asked.get(cell), answered.get(cell), cell in {*shares, *margins}
        own = answer is not None and not (answer["suppressed"] and printed)
        # beside an estimate from answers stands the share of its group, or of everyone
        share = (not own and margins.get(cell)) or shares.get(cell) or shares.get((cell[0], *EVERYONE))
        if not share:
            remedy = "Add its figure to data/raw/cbs."
            raise InputError("this wave is not published", remedy, column="wave", value=cell[0])
        try:
            if answer is not None and own:
                row = _from_answers(answer, share)
            elif cell in margins and pd.notna(share["obs_value"]):
                row = _from_margins(share, n, deff, deff_range, alpha)
            elif n is not None and pd.notna(share["obs_value"]):
                row = _assumed(share, n, deff, deff_range, alpha)
            else:
                how = "As published; the respondents of this group were not published"
                row = _row(share, (share["lower"], share["upper"]), "not_estimable", "rounding", "A", how)
            row |= _persons(row, observations, alpha) | as_printed(counts.get(cell))
        except InputError as error:
            # an answer is no cell of the publisher's file
            raise (error if own else error.located(file=share["file"], row=int(share["row"]))) from None
        if answer is not None and answer["suppression_reason"]:
            row["suppression_reason"] = answer["suppression_reason"]
        if answered and not own:
            row["flags"] = " ".join([*row["flags"].split(), NOT_OF_ANSWERS])
        rows.append(row)
    return pd.DataFrame(rows, columns=columns("prev_estimates"))


def _from_margins(share: Row, n: Row | None, deff: float, deff_range: Range, alpha: float) -> Row:
    """Show limits as published; our own from the effective n they imply stand beside them as a check."""
    pct, step, limits = share["obs_value"], printed_step(share["as_reported"]), published_limits(share)
    implied, count = (
        effective_n(pct, *limits, step=step, alpha=alpha),
        math.nan if n is None else n["obs_value"],
    )
    usable = implied.recoverable and math.isfinite(implied.point)
    if usable:
        sizes = (implied.point, implied.minimum, implied.maximum)
        how = f"effective n from their width, printed in steps of {step:g}"
    else:
        sizes = (count / deff, count / deff_range[1], count / deff_range[0])
        why = ", respondents not published" if n is None else f": respondents / {deff:g}"
        how = f"too coarsely printed for an effective n{why}"
    ours = (math.nan, math.nan)
    if math.isfinite(sizes[0]):
        ours = proportion_interval(pct / 100, sizes[0], alpha=alpha)
    box = (pct - step / 2, pct + step / 2)
    row = _row(share, box, "published", "published", "A", f"limits as published; {how}", n)
    row |= ends("ci", *limits) | ends("check", 100 * ours[0], 100 * ours[1])
    row |= {
        "n": count,
        "n_eff": sizes[0],
        "n_eff_min": sizes[1],
        "n_eff_max": sizes[2],
        "deff": count / sizes[0],
    }
    unusual = usable and n is not None and not USUAL_DEFF[0] <= row["deff"] <= USUAL_DEFF[1]
    return row | {"flags": " ".join(["deff_unusual"] * unusual + _flags(row))}


def _assumed(share: Row, n: Row, deff: float, deff_range: Range, alpha: float) -> Row:
    """Give the share of everyone a Wilson interval on the respondents and an assumed design effect."""
    count = n["obs_value"]
    low, high = proportion_interval(share["obs_value"] / 100, count, deff=deff, alpha=alpha)
    how = f"Wilson interval, n = {count:.0f} respondents, assumed design effect {deff:g}"
    row = _row(share, (share["lower"], share["upper"]), "assumed_deff", "assumed", "B", how, n)
    row |= ends("ci", 100 * low, 100 * high) | {"n": count, "n_eff": count / deff, "deff": deff}
    return row | {"n_eff_min": count / deff_range[1], "n_eff_max": count / deff_range[0]}


def _from_answers(answer: Row, share: Row) -> Row:
    """Show what the answers themselves give for a group, beside what was published."""
    how = "From microdata: ratio estimate, Taylor linearisation over strata and clusters, Wilson interval"
    row = _row(share, (answer["pct"], answer["pct"]), "microdata", "design", "A", how)
    row |= {k: answer[k] for k in ("wave", "sex", "age", "pct", "n", "n_eff", "deff", "suppressed")}
    row |= ends("ci", answer["lower"], answer["upper"]) | {"group": label((row["sex"], row["age"]))}
    row |= {"n_eff_min": row["n_eff"], "n_eff_max": row["n_eff"]}
    return row | {"flags": " ".join(_flags(row))}


def _flags(row: Row) -> list[str]:
    """Mark a share on few respondents, or with a standard error that is a large part of it."""
    p, n_eff = row["pct"] / 100, row["n_eff"]
    large = math.isfinite(n_eff) and p > 0 and math.sqrt((1 - p) / (p * n_eff)) > LARGE_RSE
    return ["few_respondents"] * (row["n"] < FEW_RESPONDENTS) + ["large_error"] * large


def _row(share: Row, box: Range, source: str, kind: str, grade: str, how: str, n: Row | None = None) -> Row:
    """Return a row of `prev_estimates` with what published figures tell, and nothing else filled in."""
    empty = dict.fromkeys(["persons_basis", "persons_observations", "flags", "persons_as_reported"], "")
    row = dict.fromkeys(columns("prev_estimates"), math.nan) | empty
    row |= {"wave": share["time_period"], "sex": share["sex"], "age": share["age"], "pct": share["obs_value"]}
    row |= {"group": label((share["sex"], share["age"])), "unit": "percent"}
    row |= ends("box", max(box[0], 0.0), min(box[1], 100.0))
    withheld = share["obs_status"] == "withheld"
    row |= {"suppressed": withheld, "suppression_reason": "withheld" if withheld else ""}
    row |= {"source_of_interval": source, "interval_kind": kind, "grade": grade, "method": how}
    row["observations"] = " ".join([share["obs_id"], *([n["obs_id"]] if n else [])])
    return row | {"definition_version": share["definition_id"].replace(SERIES["margins"], SHARE)}


def _persons(row: Row, observations: pd.DataFrame, alpha: float) -> Row:
    people = size(observations, row["wave"], (row["sex"], row["age"]))
    if people is None or math.isnan(row["n_eff"]) or not row["pct"] > 0:
        return {}
    share = (row["pct"] / 100, row["ci_lower"] / 100, row["ci_upper"] / 100)
    limits = total_interval(*share, people.value, people.half_width, alpha)
    about = {"persons_basis": people.basis, "persons_observations": " ".join(people.observations)}
    return {"persons": share[0] * people.value} | ends("persons", *limits) | about


def as_printed(count: Row | None) -> Row:
    """Return the number of people as the publisher printed it, with what its wording leaves open."""
    if count is None:
        return {}
    row = {"persons_published": count["obs_value"], "persons_as_reported": count["as_reported"]}
    return row | ends("persons_box", count["lower"], count["upper"])


def published_respondents(observations: pd.DataFrame) -> dict[Cell, Row]:
    """Return the published respondents by wave, sex and age; of everyone those of the survey where no table has them."""
    known = observations[observations["obs_value"] > 0]
    return _by_cell(known, "respondents") | _by_cell(known, "group_respondents")


def _by_cell(observations: pd.DataFrame, role: str) -> dict[Cell, Row]:
    rows = observations[(observations["series_id"] == SERIES[role]) & (observations["breakdown"] == "")]
    return {(r["time_period"], r["sex"], r["age"]): r for r in records(rows)}


def everyone(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the whole population that have a share with a sampling interval, in the order of waves."""
    whole = prev_estimates[of_all(prev_estimates) & prev_estimates["pct"].notna()]
    known = whole[whole["n_eff"].notna()]
    if known.empty:
        wanted = [{"series_id": SERIES["respondents"], "time_period": str(w)} for w in sorted(whole["wave"])]
        wanted = wanted or [{"series_id": SHARE, "sex": EVERYONE[0], "age": EVERYONE[1]}]
        problem = "no wave of the survey has a share of everyone with a margin"
        raise NotPublishedError(problem, wanted[0]["series_id"], wanted=wanted)
    return known.sort_values("wave")


def latest_persons(prev_estimates: pd.DataFrame) -> Row:
    """Return the people of everyone in the last wave whose share can be turned into people, as value with interval."""
    known = prev_estimates[of_all(prev_estimates) & prev_estimates["persons"].notna()]
    if known.empty:
        population, waves = SERIES["population"], sorted(everyone(prev_estimates)["wave"])
        wanted = [{"series_id": population, "time_period": str(wave)} for wave in waves]
        raise NotPublishedError("no share can be turned into people", population, wanted=wanted)
    row = only(known, "prev_estimates", wave=known["wave"].max())
    row |= {
        "value": row["persons"],
        "unit": "persons",
        "method": f"{row['method']}; times the population of the survey",
    }
    row |= ends("ci", row["persons_lower"], row["persons_upper"])
    row |= ends("box", row["persons_box_lower"], row["persons_box_upper"])
    row["observations"] += " " + row["persons_observations"]
    return row if row["persons_basis"] in ("survey", "implied") else row | {"grade": "C"}


def against_count(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_persons`: share times population beside the number of people as printed, for every wave.

    The population is that of the survey where it was published, else the register as in `groups.size`, never one that
    follows from the printed number itself. `outcome` is "consistent" where share times population lies in what the
    publisher printed, "edge" where only corners of the rounding meet, "refuted" where nothing meets; "no_count" and
    "no_population" where there is nothing to compare.
    """
    whole = {"series_id": SERIES["persons"], "sex": EVERYONE[0], "age": EVERYONE[1], "breakdown": ""}
    counts = {r["time_period"]: r for r in records(observations[matching(observations, whole)])}
    rows = []
    for wave, share in sorted(of_everyone(observations, SERIES["share"]).items()):
        count, people = counts.get(wave), size(observations, wave, EVERYONE, implied=False)
        row: Row = dict.fromkeys(columns("prev_persons"), math.nan) | {
            "persons_basis": "",
            "persons_as_reported": "",
        }
        row |= {
            "wave": wave,
            "pct": share["obs_value"],
            "unit": "persons",
            "interval_kind": "rounding",
            "grade": "B",
        }
        row |= {"method": "share times population, corners of the rounding of both"} | as_printed(count)
        ids = [share["obs_id"]]
        if people is not None:
            low, high = people.value - people.half_width, people.value + people.half_width
            row |= {"population": people.value, "product": share["obs_value"] / 100 * people.value}
            row |= ends("population", low, high) | {"persons_basis": people.basis}
            row |= ends("product", share["lower"] / 100 * low, share["upper"] / 100 * high)
            row["grade"] = "B" if people.basis == "survey" else "C"
            ids += people.observations
        low, high = row["persons_box_lower"], row["persons_box_upper"]
        if math.isnan(low):
            row["outcome"] = "no_count"
        elif people is None:
            row["outcome"] = "no_population"
        elif low <= row["product"] <= high:
            row["outcome"] = "consistent"
        else:
            row["outcome"] = (
                "refuted" if row["product_upper"] < low or row["product_lower"] > high else "edge"
            )
        row["observations"] = " ".join(dict.fromkeys([*ids, *([count["obs_id"]] if count else [])]))
        rows.append(row)
    return pd.DataFrame(rows, columns=columns("prev_persons"))
