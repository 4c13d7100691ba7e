"""Quality rules, one function each and one result each, for the command and the page.

Two stages. Structure: records, files and rows fit together; a failure ends the check, because content cannot be judged
without it. Content: figures are consistent with each other. Wording, series and thresholds are in `quality.yml`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.arithmetic import contradicted, misfits
from osw_stats.data.clean import Tidy, clean
from osw_stats.data.register import load_records
from osw_stats.data.sheets.record import place_of_row
from osw_stats.errors import OswError
from osw_stats.meaning.observations import KEY, WITHOUT_VALUE
from osw_stats.meaning.rounding import half_up
from osw_stats.meaning.series import series
from osw_stats.yamlfile import read_yaml

PASS, WARNING, FAIL = "PASS", "WARNING", "FAIL"
ROWS = ["obs_id", "time_period", "obs_value", "source_id", "file", "row"]
NO_ROWS = pd.DataFrame(columns=ROWS)
GROUP = [column for column in KEY if column != "time_period"]
# wording, series and thresholds by rule
ABOUT: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("quality.yml"))


@dataclass(frozen=True)
class Check:
    """The result of one rule; `rows` are the observations concerned."""

    rule: str
    stage: str
    result: str
    message: dict[str, str]  # by language
    rows: pd.DataFrame


def check(root: Path) -> list[Check]:
    """Return the result of every rule; if the structure is broken, only one FAIL that says where."""
    try:
        return judge(root, clean(root))
    except OswError as error:
        return [Check("files_and_rows", "structure", FAIL, {"nl": str(error), "en": str(error)}, NO_ROWS)]


def judge(root: Path, tidy: Tidy) -> list[Check]:
    """Return the result of every rule for figures read without an error."""
    figures = tidy.observations
    messages = {k: text.format(n=len(figures)) for k, text in ABOUT["files_and_rows"].items()}
    names = ", ".join(path.name for r in load_records(root / "data" / "raw") for path in r.changed())
    hash_messages = ABOUT["files_as_recorded"]["changed" if names else "same"]
    hash_messages = {language: text.format(names=names) for language, text in hash_messages.items()}
    return [
        Check("files_and_rows", "structure", PASS, messages, NO_ROWS),
        Check("files_as_recorded", "structure", WARNING if names else PASS, hash_messages, NO_ROWS),
        *(_content(rule.__name__, rule(figures)) for rule in RULES),
        _changes(root, figures),
    ]


def _content(rule: str, wrong: pd.DataFrame) -> Check:
    """Return the result of a content rule from the figures that break it."""
    words, result = {k: ABOUT[rule][k] for k in ("nl", "en")}, ABOUT[rule]["result"]
    if wrong.empty and result != PASS:
        message = {"nl": f"geen {words['nl']}", "en": f"no {words['en']}"}
        return Check(rule, "content", PASS, message, NO_ROWS)
    message = {language: f"{text}: {len(wrong)}" for language, text in words.items()}
    return Check(rule, "content", result, message, wrong[ROWS])


def _changes(root: Path, figures: pd.DataFrame) -> Check:
    """Check every published change against its two counts; the message gives its place and all values."""
    wrong = contradicted(figures)
    rule = "changes_fit_their_counts"
    summary = _content(rule, pd.DataFrame([change for change, _, _ in wrong]))
    message = dict(summary.message)
    for change, low, high in wrong:
        place = place_of_row(root, change)
        numbers = {"value": change["obs_value"], "low": low, "high": high}
        for language, text in ABOUT[rule]["each"].items():
            shown = {name: str(half_up(value, 1)) for name, value in numbers.items()}
            if language == "nl":
                shown = {name: number.replace(".", ",") for name, number in shown.items()}
            message[language] += ". " + text.format(place=place[language], **shown)
    return replace(summary, message=message)


def withheld_is_not_zero(figures: pd.DataFrame) -> pd.DataFrame:
    """Find withheld figures that have a value, and series that are zero throughout."""
    main = figures[figures["role"] == "main"]
    wrong = main["obs_status"].isin(WITHOUT_VALUE) & main["obs_value"].notna()
    values = main["obs_value"].groupby(main["series_id"])
    zero = values.transform("size").gt(2) & values.transform("min").eq(0) & values.transform("max").eq(0)
    zero &= values.transform("count") == values.transform("size")
    return pd.concat([main[wrong], main[zero]])


def parts_do_not_exceed_the_whole(figures: pd.DataFrame) -> pd.DataFrame:
    """Find published parts that exceed their whole."""
    main = figures[figures["role"] == "main"]
    wrong = [main.head(0)]
    for rule in ABOUT["parts_do_not_exceed_the_whole"]["parts"]:
        parts = main[(main["series_id"] == rule["part"]) & main["breakdown"].isin(rule["breakdowns"])]
        wholes = main[(main["series_id"] == rule["whole"]) & (main["breakdown"] == "")]
        sums = wholes["time_period"].map(parts.groupby("time_period")["lower"].sum())
        for period in wholes["time_period"][sums > wholes["upper"]]:
            wrong.append(parts[parts["time_period"] == period])
    return pd.concat(wrong)


def shares_lie_between_0_and_100(figures: pd.DataFrame) -> pd.DataFrame:
    """Find shares outside 0 to 100 percent; changes may lie outside."""
    main = figures[figures["role"] == "main"]
    share = main["series_id"].map(lambda series_id: series(series_id).is_share).astype(bool)
    return main[share & ~main["obs_value"].fillna(0).between(0, 100)]


def shares_of_one_question_add_up(figures: pd.DataFrame) -> pd.DataFrame:
    """Find answers to one question that do not add up to 100 percent within rounding."""
    main = figures[figures["role"] == "main"]
    is_answer = main["series_id"].isin(ABOUT["shares_of_one_question_add_up"]["questions"])
    answers = main[is_answer & main["obs_value"].notna()]
    sums = answers.groupby(["series_id", "time_period"])[["lower", "upper"]].transform("sum")
    return answers[(sums["lower"] > 100) | (sums["upper"] < 100)]


def no_jump_of_a_thousand(figures: pd.DataFrame) -> pd.DataFrame:
    """Find figures hundreds of times their neighbour: a change of unit, not a real one."""
    years, above = _neighbours(figures, apart=math.inf), float(ABOUT["no_jump_of_a_thousand"]["above"])
    return years[years["times"] > above]  # a survey has waves years apart


def no_outlier_among_neighbours(figures: pd.DataFrame) -> pd.DataFrame:
    """Find counts of one definition that double or halve in a year."""
    years = _neighbours(figures)
    above, at_most = (
        ABOUT[rule]["above"] for rule in ("no_outlier_among_neighbours", "no_jump_of_a_thousand")
    )
    same = years["definition_id"] == years["definition_before"]
    return years[same & years["times"].gt(above) & years["times"].le(at_most)]


def population_changes_little(figures: pd.DataFrame) -> pd.DataFrame:
    """Find a population of all ages together that changes much from one year to the next."""
    years, rule = _neighbours(figures), ABOUT["population_changes_little"]
    all_ages = years["series_id"].eq(rule["series"]) & years["age"].isin(rule["ages"])
    return years[all_ages & years["times"].gt(rule["above"])]


def parts_add_up_to_the_year(figures: pd.DataFrame) -> pd.DataFrame:
    """Find complete sets of halves, quarters, months or kinds that do not add up to their year."""
    return pd.DataFrame(misfits(figures))


def no_year_is_missing(figures: pd.DataFrame) -> pd.DataFrame:
    """Find yearly series with a year missing between first and last that nobody declared withheld."""
    rows = figures[figures["time_period"].str.len() == 4]
    years = rows["time_period"].astype(int).groupby([rows[column] for column in GROUP])
    n_years, span = years.transform("nunique"), years.transform("max") - years.transform("min") + 1
    return rows[n_years.gt(2) & n_years.lt(span)].drop_duplicates(GROUP, keep="last")


def publication_dates_are_known(figures: pd.DataFrame) -> pd.DataFrame:
    """Find figures with an unknown date of publication."""
    return figures[figures["published_precision"] == "unknown"]


def other_sources_are_explained(figures: pd.DataFrame) -> pd.DataFrame:
    """List the figures from a second source, kept next to the first for a declared reason."""
    return figures[figures["role"] == "alternative"]


def _neighbours(figures: pd.DataFrame, apart: float = 1) -> pd.DataFrame:
    """Return the latest vintage of figures within `apart` years of the previous one, with their ratio (`times`)."""
    rows = figures[figures["role"] == "main"]
    rows = rows[rows["obs_value"].notna() & (rows["time_period"].str.len() == 4)]
    rows = rows.sort_values("known_by", kind="stable").drop_duplicates(KEY, keep="last")
    rows = rows.sort_values("time_period", kind="stable")
    before = rows.groupby(GROUP, sort=False)[["time_period", "obs_value", "definition_id"]].shift()
    old, new = before["obs_value"].abs(), rows["obs_value"].abs()
    times = pd.concat([old / new, new / old], axis=1).max(axis=1).fillna(1)  # of zero and zero
    rows = rows.assign(definition_before=before["definition_id"], times=times)
    return rows[rows["time_period"].astype(float) - before["time_period"].astype(float) <= apart]


RULES: tuple[Callable[[pd.DataFrame], pd.DataFrame], ...] = (
    withheld_is_not_zero,
    parts_do_not_exceed_the_whole,
    parts_add_up_to_the_year,
    shares_lie_between_0_and_100,
    shares_of_one_question_add_up,
    no_jump_of_a_thousand,
    no_outlier_among_neighbours,
    no_year_is_missing,
    population_changes_little,
    publication_dates_are_known,
    other_sources_are_explained,
)
