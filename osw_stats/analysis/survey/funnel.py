"""From survey to helpline to police: how much of what people experience each of them sees.

The stages are not nested and count unlike things. A ratio is computed only where a bridge is declared: the ranges of
`Bridges`, each with its reason. To the police no ratio is computed at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from osw_stats.analysis.draws import DRAWS, generator
from osw_stats.analysis.survey.groups import of_all
from osw_stats.analysis.survey.prevalence import ALL, SERIES
from osw_stats.analysis.survey.ratios import Ratio, drawn_ratio, lognormal_ratio
from osw_stats.errors import InputError, NotEstimableError
from osw_stats.vocabulary.lookup import every, one, only

Range = tuple[float, float]
Row = dict[str, Any]
# what a helpline for images and coercion sees of online sexual harassment: forms of the survey in its scope
IN_SCOPE = (
    "forced_money_transfer", "forced_to_undress_or_masturbate", "distributed_nude_photo_or_sex_video",
    "made_a_nude_photo_or_sex_video", "distributed_fake_nude_photo_or_sex_video",
)  # fmt: skip
FORM, _SCOPED = "cbs_osi_12m_form", tuple(f"form={form}" for form in IN_SCOPE)
PARAMETERS = ["parameter", "low", "high", "reason_nl", "reason_en", "observations", "grade"]
VARIANTS = ["variant", "factor", "lower", "upper", "share_per_100", "primary", "mc_se", "draws", "seed", "unit", "interval_kind", "observations", "method", "grade"]  # fmt: skip


@dataclass(frozen=True)
class Bridges:
    """What joins people in a survey to requests at a helpline; each a range, uniform and independent.

    Attributes
    ----------
    persons_per_contact
        Different people per request: below 1 where people come back.
    by_victims
        Part of the requests by victims of 16 and over who live in the Netherlands.
    in_scope
        Part of the victims in the survey whose experience is of the kind the helpline is for.
    """

    persons_per_contact: Range = (0.7, 1.0)
    by_victims: Range = (0.6, 1.0)
    in_scope: Range = (1.0, 1.0)

    def __post_init__(self) -> None:
        for name, (low, high) in vars(self).items():
            if not 0 < low <= high <= 1:
                raise InputError("is no range of parts", "Give 0 < low <= high <= 1.", column=name, value=(low, high))  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """A number of people: log-normal by its limits at level 1 - alpha."""

    value: float
    lower: float
    upper: float
    alpha: float = 0.05

    def __post_init__(self) -> None:
        if self.lower == 0:
            raise NotEstimableError("not estimable because the amount may be nought, which has no logarithm")
        if not 0 < self.lower <= self.value <= self.upper:
            raise InputError("the limits do not enclose the amount", "Give 0 < lower <= value <= upper.", value=(self.lower, self.value, self.upper))  # fmt: skip

    @property
    def log_sd(self) -> float:
        """Standard deviation of its logarithm."""
        width = math.log(self.upper) - math.log(self.lower)
        return width / (2 * float(stats.norm.ppf(1 - self.alpha / 2)))


def scope_of_items(observations: pd.DataFrame) -> tuple[Range, list[str], str]:
    """Return which part of the victims had an experience in scope, the figures that say so, and their wave.

    The forms overlap and by how much was not published. At least as many people as the largest form, at most as many
    as all forms together (Fréchet bounds), with rounding at its widest.

    Raises
    ------
    NotPublishedError
        If no wave gives all forms and its share of everyone; it names what the last wave lacks.
    NotEstimableError
        If every form is nought.
    """
    forms = observations[(observations["series_id"] == FORM) & of_all(observations)]
    used = forms[forms["breakdown"].isin(_SCOPED) & forms["obs_value"].notna()]
    complete = [
        str(wave) for wave, rows in used.groupby("time_period") if set(rows["breakdown"]) == set(_SCOPED)
    ]
    # of the last wave that gives all forms; the sum of some of them is no upper bound
    wave = max(complete, default=max(used["time_period"].astype(str), default=""))
    whole = {"sex": ALL[0], "age": ALL[1], **({"time_period": wave} if wave else {})}
    needed = [{"series_id": FORM, "breakdown": b, **whole} for b in _SCOPED]
    *rows, total = every(observations, [*needed, *([{"series_id": SERIES, **whole}] if wave else [])])
    largest = max(row["lower"] for row in rows)
    if not largest > 0:
        raise NotEstimableError(
            f"no part of the victims is known to be in scope: all forms of {wave} are nought"
        )
    low, high = largest / total["upper"], sum(row["upper"] for row in rows) / total["lower"]
    ids = [row["obs_id"] for row in (*rows, total)]
    return (float(min(1.0, low)), float(min(1.0, high))), ids, wave


def tip(
    people: Amount, contacts: float, bridges: Bridges, rng: np.random.Generator, *, draws: int = DRAWS,
    alpha: float = 0.05, poisson: bool = False,
) -> tuple[Ratio, NDArray[np.float64]]:  # fmt: skip
    """Return how many people with an experience in scope there are to one who made contact, and the draws.

    Parameters
    ----------
    people
        Victims according to the survey.
    contacts
        Requests counted. Fixed: what happened that year; `poisson`: as one outcome of a process.
    bridges
        What joins the two.
    rng
        Of `draws.generator`.
    draws, alpha
        Number of draws; 1 minus the level of the limits.

    Examples
    --------
    >>> people = Amount(760_000, 720_000, 800_000)
    >>> found, _ = tip(people, 12_206, Bridges((1, 1), (1, 1)), generator(1, "doc", "tip"), draws=20_000)
    >>> round(found.middle), round(found.per_hundred, 1)
    (62, 1.6)
    """
    if draws < 1000:
        raise InputError(
            "too few to draw a distribution", "Give 1000 draws or more.", column="draws", value=draws
        )
    if not contacts > 0:
        raise NotEstimableError("not estimable because nobody made contact: no ratio to nought")
    total = rng.lognormal(math.log(people.value), people.log_sd, draws)
    counted = np.maximum(rng.poisson(contacts, draws), 1) if poisson else np.full(draws, float(contacts))
    ranges = (bridges.persons_per_contact, bridges.by_victims, bridges.in_scope)
    parts = [rng.uniform(low, high, draws) for low, high in ranges]
    seen = counted * parts[0] * parts[1]
    return drawn_ratio(total * parts[2], seen, alpha=alpha), total * parts[2] / seen


def analytic(people: Amount, contacts: float, bridges: Bridges, *, alpha: float = 0.05) -> Ratio:
    """Return the same ratio in closed form: logarithms added as if normal, with their exact mean and variance."""
    moments = [_log_moments(r) for r in (bridges.in_scope, bridges.persons_per_contact, bridges.by_victims)]
    middle = math.log(people.value) + moments[0][0]
    below = math.log(contacts) + moments[1][0] + moments[2][0]
    sd_above, sd_below = math.sqrt(people.log_sd**2 + moments[0][1]), math.sqrt(moments[1][1] + moments[2][1])
    return lognormal_ratio(math.exp(middle), sd_above, math.exp(below), sd_below, alpha=alpha)


def _log_moments(part: Range) -> Range:
    """Return mean and variance of the logarithm of a uniform variable."""
    low, high = part
    if low == high:
        return math.log(low), 0.0
    a, b = math.log(low), math.log(high)
    mean = (high * b - low * a) / (high - low) - 1
    square = (high * (b * b - 2 * b + 2) - low * (a * a - 2 * a + 2)) / (high - low)
    return mean, max(0.0, square - mean**2)


def parameters(bridges: Bridges, items: list[str], wave: str) -> pd.DataFrame:
    """Return `funnel_parameters`: each bridge with its range and why; `items` are figures of `wave`."""
    reasons = {
        "persons_per_contact": (
            "Wie vaker komt, telt vaker. Helpwanted telt verzoeken, geen mensen. Een aanname, geen meting.",
            "Who comes back counts again. Helpwanted counts requests, not people. An assumption, not a measurement.",
        ),
        "by_victims": (
            "Ook ouders, scholen en kinderen onder de 16 vragen advies. Hoeveel is niet gepubliceerd. Een aanname.",
            "Parents, schools and children under 16 ask for advice as well. How many is not published. An assumption.",
        ),
        "in_scope": (
            "Deel van de slachtoffers met dwang of beeldmisbruik: uit de vormen die het CBS publiceerde over de "
            f"ronde van {wave}. Ze overlappen; hoeveel is niet bekend.",
            "Part of the victims with coercion or abuse of images: from the forms CBS published for the wave of "
            f"{wave}. They overlap; by how much is not known.",
        ),
    }
    rows = [
        (name, *getattr(bridges, name), nl, en, " ".join(items) if name == "in_scope" else "", "C")
        for name, (nl, en) in reasons.items()
    ]
    return pd.DataFrame(rows, columns=PARAMETERS)


def variants(
    people: Amount, contacts: Row, direct: Row | None, bridges: Bridges, *, run_seed: int, draws: int,
    alpha: float,
) -> pd.DataFrame:  # fmt: skip
    """Return `funnel_sensitivity`: the ratio under other bridges; the primary one is fixed beforehand."""
    one = (1.0, 1.0)
    scope, count = bridges.in_scope, contacts["obs_value"]
    choices: list[tuple[str, float, Bridges, bool]] = [
        ("primary", count, bridges, False),
        ("contacts_as_process", count, bridges, True),
        ("all_in_scope", count, Bridges(bridges.persons_per_contact, bridges.by_victims, one), False),
        ("every_contact_a_victim", count, Bridges(one, one, scope), False),
        ("no_bridge", count, Bridges(one, one, one), False),
        ("scope_low", count, Bridges(bridges.persons_per_contact, bridges.by_victims, (scope[0],) * 2), False),
        ("scope_high", count, Bridges(bridges.persons_per_contact, bridges.by_victims, (scope[1],) * 2), False),
    ]  # fmt: skip
    if direct is not None:
        choices.append(("direct_contacts_only", direct["obs_value"], bridges, False))
    rows = []
    for name, number, own, poisson in choices:
        rng = generator(run_seed, "prevalence", f"funnel {name}")
        found, _ = tip(people, number, own, rng, draws=draws, alpha=alpha, poisson=poisson)
        rows.append({
            "variant": name, "factor": found.middle, "lower": found.lower, "upper": found.upper,
            "share_per_100": found.per_hundred, "primary": name == "primary", "mc_se": found.mc_se,
            "draws": draws, "seed": run_seed, "unit": "persons", "interval_kind": "scenario",
            "observations": (direct or contacts)["obs_id"] if name.startswith("direct") else contacts["obs_id"],
            "method": "log-normal people over contacts times uniform bridges, drawn", "grade": "C",
        })  # fmt: skip
    return pd.DataFrame(rows, columns=VARIANTS)


def contacts_of(observations: pd.DataFrame, year: int) -> tuple[Row, Row | None]:
    """Return the requests at the helpline of a year: all of them, and those made directly where published.

    Raises
    ------
    NotPublishedError
        If the total of the year was not published.
    """
    whole = one(observations, "helpwanted_requests", time_period=str(year))
    channels = observations[
        (observations["series_id"] == "helpwanted_requests_channel")
        & (observations["time_period"] == str(year)) & (observations["breakdown"] == "channel=direct")
        & (observations["obs_value"] > 0)
    ]  # fmt: skip
    return whole, only(channels, "helpwanted_requests_channel") if len(channels) else None
