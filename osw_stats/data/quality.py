"""Quality rules: a condition in quality.yml or a function here, one row a result, for the command and the page alike.

Two stages. Structure: records, files and rows fit together; a failure stops everything after it, because content cannot be
judged then. Content: what the figures say of each other. Words, series and thresholds of the rules stand in `quality.yml`.
"""

from collections.abc import Callable, Iterator
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
from osw_stats.yamlfile import read_yaml

PASS, WARNING, FAIL = "PASS", "WARNING", "FAIL"
ROWS = ["obs_id", "time_period", "obs_value", "source_id", "file", "row"]
NO_ROWS = pd.DataFrame(columns=ROWS)
GROUP = [column for column in KEY if column != "time_period"]
# the words, series and thresholds of every rule
ABOUT: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("quality.yml"))


@dataclass(frozen=True)
class Check:
    """The result of one rule; `rows` are the observations it is about."""

    rule: str
    stage: str
    result: str
    message: dict[str, str]  # by language
    rows: pd.DataFrame


def check(root: Path) -> list[Check]:
    """Return the result of every rule, structure first: where that is broken, one FAIL says where, and that is all."""
    try:
        return judge(root, clean(root))
    except OswError as error:
        return [Check("files_and_rows", "structure", FAIL, {"nl": str(error), "en": str(error)}, NO_ROWS)]


def judge(root: Path, tidy: Tidy) -> list[Check]:
    """Return the result of every rule for figures that were read without an error."""
    figures = tidy.observations
    counted = {k: text.format(n=len(figures)) for k, text in ABOUT["files_and_rows"].items()}
    names = ", ".join(path.name for r in load_records(root / "data" / "raw") for path in r.changed())
    recorded = ABOUT["files_as_recorded"]["changed" if names else "same"]
    recorded = {language: text.format(names=names) for language, text in recorded.items()}
    return [
        Check("files_and_rows", "structure", PASS, counted, NO_ROWS),
        Check("files_as_recorded", "structure", WARNING if names else PASS, recorded, NO_ROWS),
        *(_content(rule, wrong) for rule, wrong in _found(figures)),
        _changes(root, figures),
    ]


def _found(figures: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every rule of content with the figures that break it."""
    tables = {"figures": figures, "neighbours": _neighbours(figures)}
    for rule, about in ABOUT.items():
        if rule in FINDERS:
            yield rule, FINDERS[rule](figures)
        elif "where" in about:
            yield rule, tables[about["among"]].query(about["where"], engine="python")


def _content(rule: str, wrong: pd.DataFrame) -> Check:
    """Return what a rule says of the figures that break it."""
    words, result = {k: ABOUT[rule][k] for k in ("nl", "en")}, ABOUT[rule]["result"]
    if wrong.empty and result != PASS:
        message = {"nl": f"geen {words['nl']}", "en": f"no {words['en']}"}
        return Check(rule, "content", PASS, message, NO_ROWS)
    message = {language: f"{text}: {len(wrong)}" for language, text in words.items()}
    return Check(rule, "content", result, message, wrong[ROWS])


def _changes(root: Path, figures: pd.DataFrame) -> Check:
    """Check every published change against the counts it is the change of; name its place and all values."""
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
    series = main["obs_value"].groupby(main["series_id"])
    zero = series.transform("size").gt(2) & series.transform("min").eq(0) & series.transform("max").eq(0)
    zero &= series.transform("count") == series.transform("size")
    return pd.concat([main[wrong], main[zero]])


def parts_do_not_exceed_the_whole(figures: pd.DataFrame) -> pd.DataFrame:
    """Find published parts that exceed the whole they are part of."""
    main = figures[figures["role"] == "main"]
    wrong = [main.head(0)]
    for rule in ABOUT["parts_do_not_exceed_the_whole"]["parts"]:
        parts = main[(main["series_id"] == rule["part"]) & main["breakdown"].isin(rule["breakdowns"])]
        wholes = main[(main["series_id"] == rule["whole"]) & (main["breakdown"] == "")]
        sums = wholes["time_period"].map(parts.groupby("time_period")["lower"].sum())
        for period in wholes["time_period"][sums > wholes["upper"]]:
            wrong.append(parts[parts["time_period"] == period])
    return pd.concat(wrong)


def shares_of_one_question_add_up(figures: pd.DataFrame) -> pd.DataFrame:
    """Find answers to one question that are not 100 percent together, within their rounding."""
    main = figures[figures["role"] == "main"]
    asked = main["series_id"].isin(ABOUT["shares_of_one_question_add_up"]["questions"])
    answers = main[asked & main["obs_value"].notna()]
    sums = answers.groupby(["series_id", "time_period"])[["lower", "upper"]].transform("sum")
    return answers[(sums["lower"] > 100) | (sums["upper"] < 100)]


def parts_add_up_to_the_year(figures: pd.DataFrame) -> pd.DataFrame:
    """Find halves, quarters, months and kinds that are not the count of their year together, where all are there."""
    return pd.DataFrame(misfits(figures))


def no_year_is_missing(figures: pd.DataFrame) -> pd.DataFrame:
    """Find yearly series with a year missing between first and last that nobody declared withheld."""
    rows = figures[figures["time_period"].str.len() == 4]
    years = rows["time_period"].astype(int).groupby([rows[column] for column in GROUP])
    known, span = years.transform("nunique"), years.transform("max") - years.transform("min") + 1
    return rows[known.gt(2) & known.lt(span)].drop_duplicates(GROUP, keep="last")


def _neighbours(figures: pd.DataFrame) -> pd.DataFrame:
    """Return every figure that follows one of the year before, in its latest vintage, with how many `times` that one it is."""
    rows = figures[figures["role"] == "main"]
    rows = rows[rows["obs_value"].notna() & (rows["time_period"].str.len() == 4)]
    rows = rows.sort_values("known_by", kind="stable").drop_duplicates(KEY, keep="last")
    rows = rows.sort_values("time_period", kind="stable")
    before = rows.groupby(GROUP, sort=False)[["time_period", "obs_value", "definition_id"]].shift()
    old, new = before["obs_value"].abs(), rows["obs_value"].abs()
    times = pd.concat([old / new, new / old], axis=1).max(axis=1).fillna(1)  # of zero and zero
    rows = rows.assign(definition_before=before["definition_id"], times=times)
    return rows[rows["time_period"].astype(int) - before["time_period"].fillna("0").astype(int) == 1]


# the rules that quality.yml does not say itself, under `where`
FINDERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    rule.__name__: rule
    for rule in (
        withheld_is_not_zero,
        parts_do_not_exceed_the_whole,
        parts_add_up_to_the_year,
        shares_of_one_question_add_up,
        no_year_is_missing,
    )
}
