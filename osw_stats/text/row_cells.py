"""Cells too complex for a pattern; `tables.yml` calls them by name."""

import re

import pandas as pd

from osw_stats.claims.summary import prints
from osw_stats.meaning.numbers import interval_columns
from osw_stats.meaning.rounding import half_up
from osw_stats.meaning.units import UNITS
from osw_stats.text.cells import fewest_places, fill, interval_by_unit, show
from osw_stats.text.gaps import why_not_shown
from osw_stats.text.language import between, day, decimals, number
from osw_stats.text.tables import Row
from osw_stats.text.words import WORDS, word


def person_word(sex: str, age: str, language: str) -> str:
    """Return the word for people of a sex and age band: girls and boys up to 17, women and men else."""
    last = age.rpartition("-")[2]
    young = sex in WORDS["young"] and last.isdigit() and int(last) < 18
    return word("young" if young else "sex", sex, language)


def group_name(group: tuple[str, str], language: str) -> str:
    """Return a group in words: "vrouwen 16-17"."""
    sex, age = group
    return word("sex", sex, language) if age == "16+" else f"{person_word(sex, age, language)} {age}"


def group(row: Row, language: str, age: str = "age") -> str:
    """Show sex and age together."""
    return f"{person_word(row['sex'], row[age], language)}, {row[age]} {word('cell', 'years', language)}"


def contrast(row: Row, language: str) -> str:
    """Return the comparison in a row of `prev_differences`, in words; a table cell joins its two lines."""
    if row["group_from"] != row["group_to"]:
        versus = word("cell", "versus", language)
        return f"{_key(row['group_to'], language)}\n{versus} {_key(row['group_from'], language)}"
    other = "" if row["same_definition"] else "\n" + word("cell", "other_concept", language)
    return f"{_key(row['group_from'], language)}, {row['wave_from']}–{row['wave_to']}{other}"


def _key(key: str, language: str) -> str:
    sex, _, age = key.partition(" ")
    return group_name((sex, age or "16+"), language)


def share(row: Row, language: str) -> str:
    """Show a share with its interval, or the reason it is not shown."""
    if row["suppressed"] and pd.isna(row["pct"]):
        return why_not_shown(row, language)
    return interval_by_unit(row, "pct", *interval_columns(row), language)


def small_count(row: Row, language: str) -> str:
    """Show a count of a region, or the reason it is withheld, whatever the row contains."""
    return why_not_shown(row, language) or fill("{count:0}", row, language)


def study_group(row: Row, language: str) -> str:
    """Show the group that a study surveyed, and the year."""
    return f"{group(row, language, 'ages')}, {row['year']}"


def study_share(row: Row, language: str) -> str:
    """Show a published share with its rounding; "one in six" has no decimals of its own and gets one."""
    fine = fewest_places(row["pct"], 6) > 1 or fewest_places(row["box_upper"], 6) > 2
    if pd.notna(row["pct"]) and fine:
        return show(row, "pct (box_lower..box_upper)", "1", language)
    return interval_by_unit(row, "pct", "box_lower", "box_upper", language)


def kind_of_interval(row: Row, language: str) -> str:
    """Show the source of an interval, its weaknesses, and why it is not from the answers."""
    flags: list[str] = row["flags"].split() if pd.notna(row["flags"]) else []
    parts = [word("interval", code, language) for code in (row["source_of_interval"], *flags)]
    why = why_not_shown(row, language)
    if why and not row["suppressed"]:
        parts.append(f"{word('interval', 'microdata', language)} {why}")
    return "; ".join(parts)


def counted_as(row: Row, language: str) -> str:
    """Show the effective n with its range, which may have no upper limit."""
    if row["n_eff_max"] == float("inf"):
        return fill("{n_eff:0} ({n_eff_min:0}–∞)", row, language)
    return fill("{n_eff (n_eff_min..n_eff_max):0}", row, language)


def people(row: Row, language: str, value: str, lower: str, upper: str, printed: str) -> str:
    """Show people of a survey in thousands, tens of thousands above half a million; other counts in full."""
    # the number is the publisher's and the margin ours; an estimate from answers is shown next to it
    if pd.isna(row[value]):
        return word("cell", "cannot_be_said", language)
    places = decimals(row[value], "persons") if row["unit"] in ("percent", "persons") else 0
    estimate, low, high = (
        number(half_up(row[name], places), language) if pd.notna(row[name]) else ""
        for name in (value, lower, upper)
    )
    margin = f" ({low}–{high})" if low and row[lower] != row[upper] else ""
    if not row[printed]:
        return estimate + margin
    if row["interval_kind"] != "design":  # not from answers
        return f"“{row[printed]}”{margin}"
    return f"{estimate}{margin}; {word('people', 'printed', language)}: “{row[printed]}”"


def stage_count(row: Row, language: str) -> str:
    """Show the count of a stage with its limits: a margin of error, or the rounding margin."""
    kind: str = "box" if pd.isna(row["count_ci_lower"]) else "ci"
    return people(row, language, "count", f"count_{kind}_lower", f"count_{kind}_upper", "count_as_reported")


def robust(row: Row, language: str) -> str:
    """Show whether a finding holds whatever the digits before rounding were."""
    if not row["finding"]:
        return word("cell", "no_difference", language)
    return word("truth", row["robust_to_rounding"], language)


def survey_term(row: Row, language: str) -> str:
    """Show a term of the model: a wave, or a group."""
    term = row["term"]
    if term.startswith("wave"):
        return f"{word('cell', 'wave', language)} {term.removeprefix('wave')}"
    known = term.startswith("group")
    return _key(term.removeprefix("group"), language) if known else word("cell", "intercept", language)


def half_year(row: Row, language: str, *, joint: str = ", ") -> str:
    """Show a computation of a half year in words, with the share it assumes."""
    in_second_half = word("half_year", "in_second_half", language)
    return fill(f"{{variant:word half_year}}[{joint}{{share_before:0}}% {in_second_half}]", row, language)


def note(row: Row, language: str) -> str:
    """Say what makes two years incomparable: another definition, a derived or rounded total."""
    notes = [] if row["definition_same"] else [word("pair", "other_definition", language)]
    notes += [word("basis", row["basis"], language)] if row["basis"] != "published" else []
    return ", ".join(notes)


def scenario(row: Row, language: str) -> str:
    """Show a scenario, or the one assumption that changes and how."""
    kind = "scenario" if row["scenario"] in WORDS["scenario"] else "parameter"
    name = word(kind, row["scenario"], language)
    return name if row["primary"] else f"{name}: {word('size', row['level'], language)}"


def assumption(row: Row, language: str, level: str) -> str:
    """Show a value of an assumption; shares in percent, money in whole euros."""
    if row["unit"] == "share":
        return fill("{value:sized}%", {"value": 100 * row[level]}, language)
    way = f"€\N{NO-BREAK SPACE}{{{level}:0}}" if str(row["unit"]).startswith("eur") else f"{{{level}:sized}}"
    return fill(way, row, language)


def bar_end(row: Row, language: str, level: str) -> str:
    """Show an end of a bar of the tornado in the unit of its assumption."""
    unit = "share" if row["parameter"].endswith("_share") else ""
    return assumption(row | {"unit": unit}, language, level)


def amount(row: Row, language: str, name: str, places: str) -> str:
    """Show fte, or euros in millions, as the row counts."""
    if row["unit"] != "eur":
        return number(row[name], language, int(places))
    millions = number(row[name] / 1e6, language, int(places) + 1)
    return f"€\N{NO-BREAK SPACE}{millions}\N{NO-BREAK SPACE}{word('cell', 'million', language)}"


def place(row: Row, language: str) -> str:
    """Show the place of an answer in a document, and its date."""
    text = str(row["place"])
    for dutch, names in WORDS["locator"].items():
        text = re.sub(rf"\b{dutch}\b", names[language], text)
    return text + (f", {day(row['date'], language)}" if row["date"] else "")


DATED = ("calendar_years", "calendar_months", "articles", "pages", "paragraphs")


def chapter(row: Row, language: str) -> str:
    """Show the chapter of a report, or that it is an annex."""
    if row["chapter"] == "annex":
        return word("place", "annex", language)
    return f"{word('place', 'chapter', language)} {row['chapter']}"


def claim_said(row: Row, language: str) -> str:
    """Show the number a report prints, or how its words were read."""
    reported = _span(row, "reported", language)
    if not reported:
        return word("claim", "no_number", language)
    reported = f"{reported} {_unit_words(row['unit'], reported, language)}".strip()
    if row["compared_with"]:
        return f"{word('claim', 'beside', language)}: {reported}"
    return reported if prints(row) else f"{word('claim', 'read_as', language)} {reported}"


def claim_recomputed(row: Row, language: str) -> str:
    """Show the value recomputed from the figures, with its range."""
    span = _span(row, "recomputed", language)
    if not span:
        return word("claim", "not_recomputed", language)
    unit = row["formula_unit"] or row["unit"]
    value = _claimed(row["recomputed_value"], row, unit, language)
    both = value if value == span else f"{value} ({span})"
    return f"{both} {_unit_words(unit, value, language)}".strip()


def claim_verdict(row: Row, language: str) -> str:
    """Show the verdict on a claim; a refuted claim of absence is called too absolute."""
    verdict = row["verdict"]
    if row["claim_kind"] == "absence" and verdict == "inconsistent":
        verdict = "too_absolute"
    verdict = {"judgement": "judgement", "nothing_said": "derived"}.get(row["reason"], verdict)
    return word("verdict", verdict, language)


def claim_outcome(row: Row, language: str) -> str:
    """Show the verdict, its severity, why there is none, and where else the figure occurs."""
    reason, verdict = row["reason"], row["verdict"]
    parts = [claim_verdict(row, language)]
    if row["severity"]:
        parts[0] += f" ({word('severity', row['severity'], language)})"
    if reason == "missing":
        parts.append(f"{word('claim', 'needed', language)}: {row[f'missing_{language}']}")
    elif reason in ("missing_figure", "by_nought", "later_figure") or verdict == "not_demonstrated":
        parts.append(word("claim", reason, language))
    if row["restates"]:  # a claim is numbered after its paragraph; its id is for the ledger
        paragraph = re.sub(r"^s(\d+)_(\d+)[a-z]*$", r"\1.\2", row["restates"])
        parts.append(f"{word('claim', 'restates', language)} {paragraph}")
    parts.append(row[f"explanation_{language}"].rstrip("."))
    parts.append(word("elsewhere", row["elsewhere"], language) if row["elsewhere"] else "")
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)


def _span(row: Row, side: str, language: str) -> str:
    """Return "71.000 tot 73.000", or one number where both ends are the same; empty without numbers."""
    low, high = row[f"{side}_lower"], row[f"{side}_upper"]
    unit = row["unit"] if side == "reported" else row["formula_unit"] or row["unit"]
    ends = [_claimed(end, row, unit, language) for end in (low, high) if pd.notna(end)]
    if len(ends) == 1:  # a direction: above or below zero
        return f"{word('cell', 'less_than' if pd.isna(low) else 'more_than', language)} {ends[0]}"
    if not ends or ends[0] == ends[1]:
        return "".join(ends[:1])
    return between(ends[0], ends[1], language, in_words=True)


def _claimed(value: float, row: Row, unit: str, language: str) -> str:
    """Return a number of a claim with the decimals its interval needs; a year has no thousands mark."""
    if unit in DATED:
        return str(int(half_up(value)))
    known = [row[n] for n in row if n.endswith(("_lower", "_upper", "_value")) and pd.notna(row[n])]
    largest = max(map(abs, known), default=0)
    exact = all(half_up(k, 3) == half_up(k, 6) for k in known)  # the limits of "1,92" have three
    most = 0 if largest >= 1000 else 1 if largest >= 20 else 3 if exact else 2
    places = next(p for p in range(4) if p == most or all(half_up(k, p) == half_up(k, 6) for k in known))
    return number(value, language, places)


def _unit_words(code: str, printed: str, language: str) -> str:
    return UNITS[code].words(printed, language) if code in UNITS and code not in DATED else ""
