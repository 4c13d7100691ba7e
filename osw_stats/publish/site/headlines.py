"""The headlines: cards of the start page with every number a link, and the page that says where each comes from."""

from __future__ import annotations

import re
from typing import Any

from osw_stats.data.edition import Tables
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import records
from osw_stats.publish.contents import PHONE, UNPUBLISHED, Item, Page, items
from osw_stats.publish.site import figures
from osw_stats.publish.site.markdown import Markdown, from_template, words
from osw_stats.publish.site.sources import source_links, source_table
from osw_stats.text.language import Said
from osw_stats.text.tables import escape
from osw_stats.text.words import QUESTIONS, grade_words, word

TALLEST = 2.4  # a chart higher than so many times its width does not fit beside a text
SHOWN_FIGURES = 25  # of a number, on the page that traces it


def cards(tables: Tables, executed: dict[str, Page], language: str) -> str:
    """Return one block a question: the headline sentences that answer it, a small chart, their sources and page."""
    shown = []
    for (name, question), answer in _answers(executed, language).items():
        known = [item for item in answer if item.kind != UNPUBLISHED]
        used = [i for item in known for n in item.facts["numbers"] for i in n["observations"]]
        # a sentence may say that nothing is known: it rests on no figure and has no grade
        grade = max((item.facts["grade"] for item in known), default="")
        card = {
            "question": question,
            "said": _said(answer, name),
            "page": name,
            "picture": _picture(executed[name], known),
            "sources": source_links(tables, used, name, language),
            "grade": grade_words(grade, language) if grade else "",
        }
        shown.append({key: Markdown(text) for key, text in card.items()} | {"known": bool(known)})
    return from_template("cards", language, cards=shown)


def plain(executed: dict[str, Page], language: str) -> str:
    """Return the same answers as text alone, for the summary."""
    how = words("cards", language)["how"]
    return "\n".join(
        f"## {question}\n\n{_said(answer, name)}\n\n[{how}]({name}.qmd)\n"
        for (name, question), answer in _answers(executed, language).items()
    )


def _answers(executed: dict[str, Page], language: str) -> dict[tuple[str, str], list[Item]]:
    """Return what answers each question of each page, in the order of the start page."""
    answers: dict[tuple[str, str], list[Item]] = {}
    for name, question in QUESTIONS.items():
        for item in items(executed[name]):
            if item.kind in ("sentence", UNPUBLISHED) and item.facts["headline"]:
                answers.setdefault((name, item.facts["question"] or question[language]), []).append(item)
    return answers


def _said(answer: list[Item], name: str) -> str:
    """Return what is known and, as large, what is not there."""
    return "\n\n".join(i.facts["text"] if i.kind == UNPUBLISHED else linked(i, name) for i in answer)


def _picture(page: Page, known: list[Item]) -> str:
    """Return the chart of the first sentence that has one, in its narrow drawing, where that is not too high."""
    drawn: dict[str, Item] = {}
    for item in items(page):
        if item.kind == "figure" and PHONE in item.data:
            drawn.setdefault(item.facts["says"], item)
    for figure in (drawn[sentence.name] for sentence in known if sentence.name in drawn):
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', figure.data[PHONE])
        if box is not None and float(box[2]) <= TALLEST * float(box[1]):
            return f'![](figures/{figure.name}-phone.svg){{.beside fig-alt="{figures.alt(figure)}"}}'
    return ""


def _anchor(notebook: str, sentence: str, name: str) -> str:
    return f"trace-{notebook}-{sentence}-{name}"


def linked(told: Item, notebook: str) -> str:
    """Return a headline with every number, where it is said first, a link to its trace."""
    seen, parts = {""}, []
    for text, name in told.facts["parts"]:
        shown = escape(text)
        parts.append(shown if name in seen else f"[{shown}](trace.qmd#{_anchor(notebook, told.name, name)})")
        seen.add(name)
    return "".join(parts)


def trace(executed: dict[str, Page], tables: Tables, language: str, data: str) -> str:
    """Return the page of origins: a headline a section, a number a part of it, and what a report said of its figures."""
    claims, headlines = records(tables.claims()), []
    for notebook in filter(executed.__contains__, QUESTIONS):
        for told in items(executed[notebook]):
            if told.kind == "sentence" and told.facts["headline"]:
                numbers = told.facts["numbers"]
                used = {i for n in numbers for i in n["observations"]}
                on = [claim for claim in claims if used & set(str(claim["observations"]).split())]
                headline = {
                    "notebook": notebook,
                    "name": told.name,
                    "question": told.facts.get("question") or QUESTIONS[notebook][language],
                    "text": told.facts["text"],
                    "numbers": [
                        {"anchor": _anchor(notebook, told.name, n["name"])} | _traced(n, tables, language)
                        for n in numbers
                    ],
                    "claims": [
                        {
                            "paragraph": claim["paragraph"],
                            "description": claim[f"description_{language}"],
                            "verdict": word("verdict", claim["verdict"], language),
                        }
                        for claim in on
                    ],
                }
                headlines.append(headline)
    return from_template("trace", language, data=data, headlines=headlines)


def _traced(n: dict[str, Any], tables: Tables, language: str) -> dict[str, Any]:
    fields = ("value", "unit", "lower", "upper", "interval_kind", "observations", "method", "grade")
    said = Said(Number(*(n[field] for field in fields)), language)
    without = n["lower"] is None or n["interval_kind"] == "none"
    rows = tables.observations[tables.observations["obs_id"].isin(n["observations"])]
    return {
        "said": f"{said}",
        "margin": f"{said:kind}" if without else f"{said:interval} ({said:kind})",
        "method": n["method"],
        "grade": n["grade"],
        "count": len(rows),
        "table": source_table(rows.iloc[:SHOWN_FIGURES], tables, language) if len(rows) else "",
    }
