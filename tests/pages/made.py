"""Pages made for a test: a text in one language with results of its own."""

from datetime import date

import pandas as pd

from osw_stats.meaning.numbers import Absent, Fact, Number
from osw_stats.publish.contents import Item
from osw_stats.publish.pages.render import render
from osw_stats.results.collected import Drawing, Results, to_plain

BOX = "\n\n::: {.callout}\n## Wat dit niet laat zien\n\n- Niets.\n:::\n"
OBSERVATION = "police_reports/2024/politie-2025-03-09"


def number(value, lower=None, upper=None, unit="percent", kind="", grade="B", **about):
    kind = kind or ("none" if lower is None else "overdispersed")
    return Number(value, unit, lower, upper, kind, (OBSERVATION,), "as published", grade, **about)


def change(value, half=2.0, verdict="", **about):
    about = {"period": "2024", "before": "2023", "verdict": verdict} | about
    return number(value, value - half, value + half, **about)


def not_published(series="police_reports", period="1999"):
    return Absent("not_published", "x", series, ({"series_id": series, "time_period": period},))


def words(nl, en="", quotes=()):
    return Fact({"nl": nl, "en": en or nl}, quotes=tuple(quotes))


KINDS = {f.__name__: f for f in (number, change, words, not_published)} | {"day": date.fromisoformat}
KINDS |= {"quoted": lambda text: words(text, quotes=[text]), "absent": lambda code: Absent(code, "x")}


def from_row(row):
    """Return a value from YAML: a bare one, or what a function of `KINDS` makes of its first entry and the others."""
    if not isinstance(row, dict):
        return row
    (kind, first), *others = row.items()
    return KINDS[kind](first, **dict(others))


def results(**values):
    """Results by name: numbers, facts (or a bare count, day or words), tables and absences."""
    made = Results()
    kinds = {Absent: made.absent, pd.DataFrame: made.tables, Drawing: made.figures, list: made.parts}
    for name, value in values.items():
        store = kinds.get(type(value), made.numbers)
        if isinstance(value, pd.DataFrame):
            value = to_plain(value)
        elif store is made.numbers and not isinstance(value, Number | Fact):
            value = Fact(value)
        store[name] = value
    return made


def drawing(name, rows):
    chart = {"svg": "<svg/>", "png": "", "phone": "", "caption": "C", "alt": "A", "groups": [["a", "b"]]}
    return Drawing(name, {"nl": chart, "en": chart}, to_plain(rows), "code")


def write(root, text, language="nl", name="trend"):
    path = root / "pages" / language / f"{name}.qmd"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def rendered(root, text, found, tables, language="nl"):
    write(root, text, language)
    return render(root, "trend", language, found, tables)


def shown(page):
    """Return what a reader sees: Markdown, and of figures their name."""
    return [p if isinstance(p, str) else p.data.get("text/markdown", p.name) for p in page.parts]


def told(page, kind="sentence"):
    return [p for p in page.parts if isinstance(p, Item) and p.kind == kind]
