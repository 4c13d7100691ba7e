"""Where every headline number comes from: figures, place, computation, interval, and what a report said."""

from __future__ import annotations

from typing import Any

from osw_stats.report.edition import Tables
from osw_stats.report.harvest import Item, Page, items
from osw_stats.report.language import Said
from osw_stats.report.site.figure_pages import source_table
from osw_stats.report.tables import escape
from osw_stats.report.words import QUESTIONS, word
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import records

WORDS = {
    "title": {"nl": "Waar de hoofdcijfers vandaan komen", "en": "Where the headline numbers come from"},
    "lead": {
        "nl": "Elk getal op de startpagina staat hier met de gepubliceerde cijfers waarop het rust, de berekening en de marge. Zo kunt u het narekenen. Alle zinnen van het rapport staan met hun herkomst in [numbers.json]({data}numbers.json).",
        "en": "Every number on the start page is here with the published figures it rests on, the computation and the margin, so that you can check it. All sentences of the report are with their origin in [numbers.json]({data}numbers.json).",
    },
    "value": {"nl": "Uitkomst", "en": "Result"},
    "margin": {"nl": "Marge", "en": "Margin"},
    "method": {"nl": "Berekening", "en": "Computation"},
    "grade": {"nl": "Zekerheid van het bewijs", "en": "Grade of evidence"},
    "page": {"nl": "De hele berekening", "en": "The whole computation"},
    "claims": {"nl": "Wat het rapport van 2025 over deze cijfers zegt", "en": "What the 2025 report says about these figures"},
    "no_claims": {
        "nl": "Geen zin in het rapport van 2025 die wij narekenden, rust op deze cijfers.",
        "en": "No statement of the 2025 report that we recomputed rests on these figures.",
    },
    "more": {"nl": "De andere staan bij [Nagerekend](claims.qmd).", "en": "The others are at [Recomputed](claims.qmd)."},
    "figures": {"nl": "Cijfers uit de bronnen", "en": "Figures from the sources"},
}  # fmt: skip
SHOWN_FIGURES = 25
SHOWN_CLAIMS = 8


def anchor(notebook: str, sentence: str, name: str) -> str:
    """Return the id of a number on the trace page."""
    return f"trace-{notebook}-{sentence}-{name}"


def linked(told: Item, notebook: str) -> str:
    """Return a headline with every number a link to its trace."""
    return "".join(
        f"[{escape(words)}](trace.qmd#{anchor(notebook, told.name, name)})" if name and name not in seen
        else escape(words)
        for words, name, seen in _with_seen(told.facts["parts"])
    )  # fmt: skip


def _with_seen(parts: list[tuple[str, str]]) -> list[tuple[str, str, set[str]]]:
    """Give each piece the numbers said before it: only the first saying of a number is a link."""
    seen: set[str] = set()
    found = []
    for words, name in parts:
        found.append((words, name, set(seen)))
        seen.add(name)
    return found


def page(executed: dict[str, Page], tables: Tables, language: str, data: str) -> str:
    """Return the page: a section a headline sentence, a part of it a number."""
    claims = tables.claims()
    parts = [f"# {WORDS['title'][language]}\n", WORDS["lead"][language].format(data=data) + "\n"]
    for notebook, told in headlines(executed):
        question = told.facts.get("question") or QUESTIONS[notebook][language]
        parts.append(f"## {question} {{#trace-{notebook}-{told.name}}}\n\n> {escape(told.facts['text'])}\n")
        parts.append(f"[{WORDS['page'][language]}]({notebook}.qmd)\n")
        parts += [_number(notebook, told, n, tables, language) for n in told.facts["numbers"]]
        used = {i for n in told.facts["numbers"] for i in n["observations"]}
        parts.append(_verdicts(records(claims), used, language))
    return "\n".join(parts)


def headlines(executed: dict[str, Page]) -> list[tuple[str, Item]]:
    """Return the headline sentences with the notebook of each."""
    return [
        (name, i)
        for name in QUESTIONS
        if name in executed
        for i in items(executed[name])
        if i.kind == "sentence" and i.facts["headline"]
    ]


def estimate(n: dict[str, Any]) -> Number:
    """Return the estimate that a notebook wrote down with its sentence."""
    return Number(
        n["value"], n["unit"], n["lower"], n["upper"], n["interval_kind"], tuple(n["observations"]), n["method"], n["grade"],
    )  # fmt: skip


def _number(notebook: str, told: Item, n: dict[str, Any], tables: Tables, language: str) -> str:
    said = Said(estimate(n), language)
    without = n["lower"] is None or n["interval_kind"] == "none"
    margin = f"{said:kind}" if without else f"{said:interval} ({said:kind})"
    rows = tables.observations[tables.observations["obs_id"].isin(n["observations"])]
    method = escape(n["method"]) if language == "en" else f"[{escape(n['method'])}]{{lang=en}}"
    count = len(rows)
    lines = [
        f"### {escape(f'{said}')} {{#{anchor(notebook, told.name, n['name'])}}}\n",
        f"- {WORDS['margin'][language]}: {escape(margin)}",
        f"- {WORDS['method'][language]}: {method}",
        f"- {WORDS['grade'][language]}: {n['grade']}",
        f"- {WORDS['figures'][language]}: {count}\n",
    ]
    if count:
        lines.append(source_table(rows.iloc[:SHOWN_FIGURES], tables, language))
    return "\n".join(lines)


def _verdicts(claims: list[dict[str, Any]], used: set[str], language: str) -> str:
    on_them = [c for c in claims if used & set(str(c["observations"]).split())]
    head = f"**{WORDS['claims'][language]}**\n"
    if not on_them:
        return f"{head}\n{WORDS['no_claims'][language]}\n"
    lines = [
        f"- {escape(c['paragraph'])}: {escape(c[f'description_{language}'])} **{word('verdict', c['verdict'], language)}**"
        for c in on_them[:SHOWN_CLAIMS]
    ]
    more = ["\n" + WORDS["more"][language]] if len(on_them) > SHOWN_CLAIMS else []
    return "\n".join([head, *lines, *more]) + "\n"
