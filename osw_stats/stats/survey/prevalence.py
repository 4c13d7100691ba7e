"""Prevalence: survey shares with the interval that published material allows, and numbers of people."""

import math

import pandas as pd

from osw_stats.errors import InputError, NotAskedError, NotPublishedError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.meaning.rounding import printed_step
from osw_stats.stats.survey import SERIES, Row, ends
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import ALL_AGES, EVERYONE, label, of_all, size
from osw_stats.stats.survey.intervals import (
    Range,
    effective_n,
    proportion_interval,
    total_interval,
    with_rounding,
)
from osw_stats.stats.survey.margins import DesignEffect

SHARE = SERIES["share"]
ANSWERS = "answers"  # the source of estimates from microdata, which no publisher printed
FEW_RESPONDENTS = 100  # fewer mark a percentage as uncertain
LARGE_RSE = 0.3  # as does a larger relative standard error
USUAL_DEFF = (0.8, 2.5)  # design effects outside it are marked as unusual
PUBLISHED = 0.05  # limits of a publisher are at 95 percent, whatever the level here
Cell = tuple[str, str, str]  # wave, sex, age


def estimates(
    observations: pd.DataFrame, *, deff: DesignEffect, alpha: float, answers: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the table `prev_estimates`: one row per wave and group, with the best interval available."""
    # From the answers of respondents (`shelf.answers`) where supplied, and then none from a publisher. Otherwise
    # the limits that the publisher printed; for everyone Wilson on the respondents and a design effect; else
    # the range of rounding only, and "not_estimable". The columns are described in
    # `publish/files/dictionary.yml`.
    if answers is not None:
        groups = sorted(records(answers), key=lambda r: _sort_key((r["wave"], r["sex"], r["age"])))
        rows = [_answer_row(answer) for answer in groups]
        rows = [row | _persons(row, observations, alpha, implied=False) for row in rows]
        return pd.DataFrame(rows, columns=columns("prev_estimates"))
    shares, margins, counts = (_cells(observations, s) for s in ("share", "margins", "persons"))
    respondents, rows = published_respondents(observations), []
    for cell in sorted({*shares, *margins}, key=_sort_key):
        n, share = respondents.get(cell), margins.get(cell) or shares[cell]
        try:
            if cell in margins and pd.notna(share["obs_value"]):
                row = _margin_row(share, n, deff, alpha)
            elif n is not None and pd.notna(share["obs_value"]):
                row = _assumed_row(share, n, deff, alpha)
            else:
                method = "As published; the respondents of this group were not published"
                row = _row(share, (share["lower"], share["upper"]), "not_estimable", "rounding", "A", method)
            row |= _persons(row, observations, alpha) | as_printed(counts.get(cell))
        except InputError as error:
            raise error.located(file=share["file"], row=int(share["row"])) from None
        rows.append(row)
    return pd.DataFrame(rows, columns=columns("prev_estimates"))


def of_publisher(prev_estimates: pd.DataFrame) -> None:
    """Raise NotAskedError for a table made from answers, with which figures of a publisher are not combined."""
    if prev_estimates["source_of_interval"].eq("microdata").any():
        raise NotAskedError("The answers of respondents were given; this is about the survey of a publisher.")


def _sort_key(cell: Cell) -> tuple[str, bool, bool, str, str]:
    """Return a sort key: by wave, everyone first, then men and women of all ages, then age bands."""
    wave, sex, age = cell
    return wave, (sex, age) != EVERYONE, age != ALL_AGES, age, sex


def _margin_row(share: Row, n: Row | None, deff: DesignEffect, alpha: float) -> Row:
    """Return a row with the published limits, and as a check those recomputed from the effective n they imply."""
    limits = share["ci_lower"], share["ci_upper"]
    pct, step = share["obs_value"], printed_step(share["as_reported"])
    implied = effective_n(pct, *limits, step=step, alpha=PUBLISHED)
    count, most = (math.nan, math.inf) if n is None else (n["obs_value"], n["upper"])
    usable = implied.recoverable and math.isfinite(implied.point)
    if usable:
        sizes, ratio = (implied.point, implied.minimum, implied.maximum), count / implied.point
        basis = f"effective n from their width, printed in steps of {step:g}"
    else:
        sizes, ratio = (count / deff.value, count / deff.high, most / deff.low), deff.value
        detail = ", respondents not published" if n is None else f": respondents / {deff.value:g}"
        basis = f"too coarsely printed for an effective n{detail}"
    # no gain from weighting is assumed: effective sizes are at most the respondents
    sizes = (min(sizes[0], most), min(sizes[1], most), min(sizes[2], most))
    check = (math.nan, math.nan)
    if math.isfinite(sizes[0]):
        check = proportion_interval(pct / 100, sizes[0], alpha=alpha)
    box = (pct - step / 2, pct + step / 2)
    row = _row(share, box, "published", "published", "A", f"limits as published; {basis}", n)
    row |= ends("ci", *limits) | ends("check", 100 * check[0], 100 * check[1])
    row |= dict(zip(("n_eff", "n_eff_min", "n_eff_max"), sizes, strict=True))
    row["deff"] = math.nan if n is None else ratio
    unusual = usable and n is not None and not USUAL_DEFF[0] <= ratio <= USUAL_DEFF[1]
    return row | {"flags": " ".join(["deff_unusual"] * unusual + _flags(row))}


def _assumed_row(share: Row, n: Row, deff: DesignEffect, alpha: float) -> Row:
    """Return a row with a Wilson interval on the respondents and a design effect, including rounding."""
    count = n["obs_value"]
    pct, box = share["obs_value"], (share["lower"], share["upper"])
    low, high = proportion_interval(pct / 100, count, deff=deff.value, alpha=alpha)
    limits = with_rounding(pct, (100 * low, 100 * high), box, alpha)
    method = f"Wilson interval and rounding, n = {count:.0f} respondents, {deff.basis} design effect {deff.value:g}"
    source, kind = ("assumed_deff", "assumed") if deff.basis == "assumed" else ("implied_deff", "implied")
    row = _row(share, box, source, kind, "B", method, n)
    row |= ends("ci", *limits) | {"n_eff": count / deff.value, "deff": deff.value}
    return row | {"n_eff_min": count / deff.high, "n_eff_max": n["upper"] / deff.low}


def _answer_row(answer: Row) -> Row:
    """Return the row of a group estimated from microdata."""
    row = _empty() | {k: answer[k] for k in ("wave", "sex", "age", "pct", "n", "n_eff", "deff", "suppressed")}
    row |= {"group": label((row["sex"], row["age"])), "grade": "A"}
    row |= {"source_of_interval": "microdata", "interval_kind": "design"}
    row |= ends("ci", answer["lower"], answer["upper"]) | ends("box", answer["pct"], answer["pct"])
    row |= ends("n", row["n"], row["n"]) | dict.fromkeys(("n_eff_min", "n_eff_max"), row["n_eff"])
    text = "From microdata: ratio estimate, Taylor linearisation over strata and clusters, Wilson interval"
    row |= {"method": text, "suppression_reason": answer["suppression_reason"], "definition_version": ANSWERS}
    return row | {"flags": " ".join(_flags(row)), "observations": ANSWERS}


def _flags(row: Row) -> list[str]:
    """Return the flags of a share on few respondents, or with a large relative standard error."""
    p, n_eff = row["pct"] / 100, row["n_eff"]
    large = math.isfinite(n_eff) and p > 0 and math.sqrt((1 - p) / (p * n_eff)) > LARGE_RSE
    return ["few_respondents"] * (row["n"] < FEW_RESPONDENTS) + ["large_error"] * large


def _empty() -> Row:
    """Return an empty row of `prev_estimates`."""
    texts = ["persons_basis", "persons_observations", "flags", "persons_as_reported", "suppression_reason"]
    return dict.fromkeys(columns("prev_estimates"), math.nan) | dict.fromkeys(texts, "") | {"unit": "percent"}


def _row(share: Row, box: Range, source: str, kind: str, grade: str, text: str, n: Row | None = None) -> Row:
    """Return a row of `prev_estimates` with only the columns that follow from published figures."""
    row = _empty() | {"wave": share["time_period"], "sex": share["sex"], "age": share["age"]}
    row |= {"pct": share["obs_value"], "group": label((share["sex"], share["age"]))}
    row |= ends("box", max(box[0], 0.0), min(box[1], 100.0))
    if n is not None:
        row |= {"n": n["obs_value"]} | ends("n", n["lower"], n["upper"])
    withheld = share["obs_status"] == "withheld"
    row |= {"suppressed": withheld, "suppression_reason": "withheld" if withheld else ""}
    row |= {"source_of_interval": source, "interval_kind": kind, "grade": grade, "method": text}
    row["observations"] = " ".join([share["obs_id"], *([n["obs_id"]] if n else [])])
    return row | {"definition_version": share["definition_id"].replace(SERIES["margins"], SHARE)}


def _persons(row: Row, observations: pd.DataFrame, alpha: float, *, implied: bool = True) -> Row:
    people = size(observations, row["wave"], (row["sex"], row["age"]), implied=implied)
    if people is None or math.isnan(row["n_eff"]) or not row["pct"] > 0:
        return {}
    share = (row["pct"] / 100, row["ci_lower"] / 100, row["ci_upper"] / 100)
    share_alpha = PUBLISHED if row["source_of_interval"] == "published" else alpha
    limits = total_interval(*share, people.value, people.half_width, alpha, share_alpha)
    fields = {"persons_basis": people.basis, "persons_observations": " ".join(people.observations)}
    return {"persons": share[0] * people.value} | ends("persons", *limits) | fields


def as_printed(count: Row | None) -> Row:
    """Return the number of people as printed by the publisher, with the range its wording implies."""
    if count is None:
        return {}
    row = {"persons_published": count["obs_value"], "persons_as_reported": count["as_reported"]}
    return row | ends("persons_box", count["lower"], count["upper"])


def published_respondents(observations: pd.DataFrame) -> dict[Cell, Row]:
    """Return the respondents by wave, sex and age: the smallest possible number, with `lower` and `upper`."""
    # For everyone, where no table has them, those of the survey; a published response rate and sample size
    # narrow the range that the wording implies.
    known = observations[observations["obs_value"] > 0]
    totals, rates, samples = (_cells(known, role) for role in ("respondents", "response_rate", "sample"))
    for cell, row in totals.items():
        rate, sample = rates.get(cell), samples.get(cell)
        if rate is None or sample is None:
            continue
        low, high = (rate[end] / 100 * sample["obs_value"] for end in ("lower", "upper"))
        low, high = max(row["lower"], low), min(row["upper"], high)
        if low <= high:
            ids = f"{row['obs_id']} {rate['obs_id']} {sample['obs_id']}"
            row |= {"lower": low, "upper": high, "obs_id": ids}
    respondents = totals | _cells(known, "group_respondents")
    return {cell: row | {"obs_value": row["lower"]} for cell, row in respondents.items() if row["lower"] > 0}


def _cells(observations: pd.DataFrame, role: str) -> dict[Cell, Row]:
    rows = observations[(observations["series_id"] == SERIES[role]) & (observations["breakdown"] == "")]
    return {(r["time_period"], r["sex"], r["age"]): r for r in records(rows)}


def everyone(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the whole population with a share and a sampling interval, by wave."""
    total = prev_estimates[of_all(prev_estimates) & prev_estimates["pct"].notna()]
    known = total[total["n_eff"].notna()]
    if known.empty:
        wanted = [{"series_id": SERIES["respondents"], "time_period": str(w)} for w in sorted(total["wave"])]
        wanted = wanted or [{"series_id": SHARE, "sex": EVERYONE[0], "age": EVERYONE[1]}]
        problem = "no wave of the survey has a share of everyone with a margin"
        raise NotPublishedError(problem, wanted[0]["series_id"], wanted=wanted)
    return known.sort_values("wave")


def latest_persons(prev_estimates: pd.DataFrame) -> Row:
    """Return the number of people in the last wave whose share can be converted, as value with interval."""
    known = prev_estimates[of_all(prev_estimates) & prev_estimates["persons"].notna()]
    if known.empty:
        population, waves = SERIES["population"], sorted(everyone(prev_estimates)["wave"])
        wanted = [{"series_id": population, "time_period": str(wave)} for wave in waves]
        raise NotPublishedError("no share can be turned into people", population, wanted=wanted)
    row = only(known, "prev_estimates", wave=known["wave"].max())
    row |= {"value": row["persons"], "unit": "persons"}
    row["method"] += "; times the population of the survey"
    row |= ends("ci", row["persons_lower"], row["persons_upper"])
    row |= ends("box", row["persons_box_lower"], row["persons_box_upper"])
    row["observations"] += " " + row["persons_observations"]
    return row if row["persons_basis"] in ("survey", "implied") else row | {"grade": "C"}
