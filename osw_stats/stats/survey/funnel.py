"""From survey to helpline: the number of people with an experience per person who made contact.

The stages are not nested and count different units. A ratio is computed only where a bridge is declared: the ranges of
`Bridges`, each with its reason. No ratio to police reports is computed.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.meaning.lookup import every, one, only
from osw_stats.stats.draws import DRAWS, generator, quantiles
from osw_stats.stats.survey import SERIES, SURVEY, Row
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import EVERYONE, of_all
from osw_stats.stats.survey.intervals import LARGEST_SIZE, LEAST_SIZE, Range, normal_quantile

IN_SCOPE = [f"form={form}" for form in SURVEY["in_scope"]]
WHOLE: Range = (1.0, 1.0)
Draws = NDArray[np.float64]


@dataclass(frozen=True)
class Bridges:
    """Assumptions that link people in a survey to requests at a helpline; each a range, uniform and independent.

    `persons_per_contact`: distinct people per request, below 1 with repeat requests; `by_victims`: fraction of the
    requests by victims aged 16 and over living in the Netherlands; `in_scope`: fraction of the victims in the survey
    whose experience is of a kind the helpline is for.
    """

    persons_per_contact: Range = (0.7, 1.0)
    by_victims: Range = (0.6, 1.0)
    in_scope: Range = WHOLE

    def __post_init__(self) -> None:
        for name, (low, high) in vars(self).items():
            if not 0 < low <= high <= 1:
                remedy = "Give 0 < low <= high <= 1."
                raise InputError("is no range of parts", remedy, column=name, value=(low, high))


@dataclass(frozen=True)
class Amount:
    """A number of people: log-normal, with these limits at level 1 - alpha."""

    value: float
    lower: float
    upper: float
    alpha: float = 0.05

    def __post_init__(self) -> None:
        if self.lower == 0:
            raise NotEstimableError("not estimable because the amount may be nought, which has no logarithm")
        if not LEAST_SIZE < self.lower <= self.value <= self.upper < LARGEST_SIZE:
            value, remedy = (self.lower, self.value, self.upper), "Give finite 0 < lower <= value <= upper."
            raise InputError("the limits do not enclose the amount", remedy, value=value)

    @property
    def log_sd(self) -> float:
        """Standard deviation of its logarithm."""
        width = math.log(self.upper) - math.log(self.lower)
        return width / (2 * normal_quantile(self.alpha))


@dataclass(frozen=True)
class Ratio:
    """A ratio: median, limits and mean. `mc_se` is the largest Monte Carlo error of median and limits, else 0."""

    middle: float
    lower: float
    upper: float
    mean: float
    mc_se: float = 0.0

    @property
    def per_hundred(self) -> float:
        """The denominator per hundred of the numerator."""
        return 100 / self.middle


def lognormal_ratio(
    num_median: float, num_log_sd: float, den_median: float, den_log_sd: float, *, alpha: float = 0.05
) -> Ratio:
    """Return the ratio of two independent log-normal amounts, in closed form."""
    middle, sd = num_median / den_median, math.hypot(num_log_sd, den_log_sd)
    half = normal_quantile(alpha) * sd
    return Ratio(middle, middle * math.exp(-half), middle * math.exp(half), middle * math.exp(sd**2 / 2))


def drawn_ratio(ratios: Draws, *, alpha: float = 0.05) -> Ratio:
    """Return the median, limits and mean of draws of a ratio, and their Monte Carlo error."""
    normal_quantile(alpha)
    (middle, lower, upper), errors = quantiles(ratios, [0.5, alpha / 2, 1 - alpha / 2])
    return Ratio(middle, lower, upper, float(ratios.mean()), max(errors))


def scope_of_items(observations: pd.DataFrame) -> tuple[Range, list[str], str]:
    """Return the fraction of victims with an experience in scope, the ids of its figures, and their wave."""
    # The forms overlap by an unpublished amount. At least as many people as the largest form, at most as many
    # as the sum of all forms (Fréchet bounds), with rounding at its widest. An error states what the last wave
    # lacks where no wave has all forms and the share of everyone.
    form = SERIES["form"]
    forms = observations[(observations["series_id"] == form) & of_all(observations)]
    used = forms[forms["breakdown"].isin(IN_SCOPE) & forms["obs_value"].notna()]
    count = used.groupby("time_period")["breakdown"].nunique()
    # the last wave with all forms; the sum of some of them is no upper bound
    complete = count.index[count.eq(len(IN_SCOPE))]
    wave = str(max(complete, default=max(count.index, default="")))
    whole = {"sex": EVERYONE[0], "age": EVERYONE[1]} | ({"time_period": wave} if wave else {})
    needed = [{"series_id": form, "breakdown": breakdown, **whole} for breakdown in IN_SCOPE]
    needed += [{"series_id": SERIES["share"], **whole}] if wave else []
    *rows, total = every(observations, needed)
    largest = max(row["lower"] for row in rows)
    if not largest > 0:
        problem = f"no part of the victims is known to be in scope: all forms of {wave} are nought"
        raise NotEstimableError(problem)
    low, high = largest / total["upper"], sum(row["upper"] for row in rows) / total["lower"]
    ids = [row["obs_id"] for row in (*rows, total)]
    return (float(min(1.0, low)), float(min(1.0, high))), ids, wave


def tip(
    people: Amount,
    contacts: float,
    bridges: Bridges,
    rng: np.random.Generator,
    *,
    draws: int = DRAWS,
    alpha: float = 0.05,
    poisson: bool = False,
) -> tuple[Ratio, Draws]:
    """Return the ratio of people with an experience in scope to people who made contact, and the draws.

    `contacts` are the requests counted, taken as fixed, or with `poisson` as one outcome of a Poisson process. `rng` is
    from `draws.generator`.

    >>> people, bridges = Amount(760_000, 720_000, 800_000), Bridges((1, 1), (1, 1))
    >>> ratio, _ = tip(people, 12_206, bridges, generator(1, "doc", "tip"), draws=20_000)
    >>> round(ratio.middle), round(ratio.per_hundred, 1)
    (62, 1.6)
    """
    if draws < 1000:
        remedy = "Give 1000 draws or more."
        raise InputError("too few to draw a distribution", remedy, column="draws", value=draws)
    _require_contacts(contacts)
    total = rng.lognormal(math.log(people.value), people.log_sd, draws)
    counted = np.maximum(rng.poisson(contacts, draws), 1) if poisson else np.full(draws, float(contacts))
    ranges = (bridges.persons_per_contact, bridges.by_victims, bridges.in_scope)
    parts = [rng.uniform(*ends, draws) for ends in ranges]
    ratios = total * parts[2] / (counted * parts[0] * parts[1])
    return drawn_ratio(ratios, alpha=alpha), ratios


def analytic(people: Amount, contacts: float, bridges: Bridges, *, alpha: float = 0.05) -> Ratio:
    """Return the same ratio in closed form: the sum of logarithms taken as normal, with exact mean and variance."""
    _require_contacts(contacts)
    moments = [_log_moments(r) for r in (bridges.in_scope, bridges.persons_per_contact, bridges.by_victims)]
    middle = math.log(people.value) + moments[0][0]
    below = math.log(contacts) + moments[1][0] + moments[2][0]
    sd_above, sd_below = math.sqrt(people.log_sd**2 + moments[0][1]), math.sqrt(moments[1][1] + moments[2][1])
    return lognormal_ratio(math.exp(middle), sd_above, math.exp(below), sd_below, alpha=alpha)


def _require_contacts(contacts: float) -> None:
    if not contacts > 0:
        raise NotEstimableError("not estimable because nobody made contact: no ratio to nought")
    if not math.isfinite(contacts):
        problem = "is no number of requests"
        raise InputError(problem, "Give a finite count.", column="contacts", value=contacts)


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
    """Return `funnel_parameters`: each bridge with its range and reason; `items` are ids of figures of `wave`."""
    rows = []
    for name, texts in SURVEY["parameters"].items():
        reasons, used = (texts[language].format(wave=wave) for language in ("nl", "en")), " ".join(items)
        rows.append((name, *getattr(bridges, name), *reasons, used if name == "in_scope" else "", "C"))
    return pd.DataFrame(rows, columns=columns("funnel_parameters"))


def variants(
    people: Amount,
    contacts: Row,
    direct: Row | None,
    bridges: Bridges,
    *,
    run_seed: int,
    draws: int,
    alpha: float,
) -> pd.DataFrame:
    """Return `funnel_sensitivity`: the ratio under alternative bridges; the primary one is specified beforehand."""
    low, high = bridges.in_scope
    choices = {
        "primary": bridges,
        "contacts_as_process": bridges,
        "all_in_scope": replace(bridges, in_scope=WHOLE),
        "every_contact_a_victim": Bridges(WHOLE, WHOLE, bridges.in_scope),
        "no_bridge": Bridges(WHOLE, WHOLE, WHOLE),
        "scope_low": replace(bridges, in_scope=(low, low)),
        "scope_high": replace(bridges, in_scope=(high, high)),
    } | ({"direct_contacts_only": bridges} if direct is not None else {})
    text = "log-normal people over contacts times uniform bridges, drawn"
    base = {"draws": draws, "seed": run_seed, "unit": "persons", "interval_kind": "scenario", "method": text}
    rows = []
    for name, choice in choices.items():
        count = direct if direct is not None and name == "direct_contacts_only" else contacts
        rng, poisson = generator(run_seed, "prevalence", f"funnel {name}"), name == "contacts_as_process"
        ratio, _ = tip(people, count["obs_value"], choice, rng, draws=draws, alpha=alpha, poisson=poisson)
        row = {"variant": name, "primary": name == "primary", "observations": count["obs_id"], "grade": "C"}
        row |= {"factor": ratio.middle, "lower": ratio.lower, "upper": ratio.upper, "mc_se": ratio.mc_se}
        rows.append(row | base | {"share_per_100": ratio.per_hundred})
    return pd.DataFrame(rows, columns=columns("funnel_sensitivity"))


def contacts_of(observations: pd.DataFrame, year: int) -> tuple[Row, Row | None]:
    """Return the requests at the helpline in a year: all, and direct ones where published."""
    requests = one(observations, SERIES["requests"], time_period=str(year))
    channel = SERIES["requests_by_channel"]
    known = observations[(observations["series_id"] == channel) & (observations["obs_value"] > 0)]
    direct = known[known["time_period"].eq(str(year)) & known["breakdown"].eq("channel=direct")]
    return requests, only(direct, channel) if len(direct) else None
