"""The cards of the start page: a question, its answer with every number a link, a small chart."""

from __future__ import annotations

import re
from typing import Any

from osw_stats.data.edition import Tables
from osw_stats.publish.contents import PHONE, Item, Page, items
from osw_stats.publish.contents import UNPUBLISHED as KIND
from osw_stats.publish.fragments import source_links
from osw_stats.publish.site import figures, trace
from osw_stats.publish.site.markdown import Markdown, from_template, words
from osw_stats.text.words import QUESTIONS, grade_words

TALLEST = 2.4  # a chart higher than so many times its width does not fit beside a text


def cards(tables: Tables, executed: dict[str, Page], language: str) -> str:
    """Return one block a question: the headline sentences that answer it, their sources and page."""
    answers = [
        _card(tables, executed[name], question, answer, language)
        for (name, question), answer in _answers(executed, language).items()
    ]
    return from_template("cards", language, cards=answers)


def _card(tables: Tables, page: Page, question: str, answer: list[Item], language: str) -> dict[str, Any]:
    known = [item for item in answer if item.kind != KIND]
    used = [i for item in known for n in item.facts["numbers"] for i in n["observations"]]
    # a sentence may say that nothing is known: it rests on no figure and has no grade
    grade = max((item.facts["grade"] for item in known), default="")
    card = {
        "question": question,
        "said": _said(answer, page.name),
        "known": bool(known),
        "page": page.name,
        "picture": _picture(page, known),
        "sources": source_links(tables, used, page.name, language),
        "grade": grade_words(grade, language) if grade else "",
    }
    return {key: Markdown(value) if isinstance(value, str) else value for key, value in card.items()}


def plain(executed: dict[str, Page], language: str) -> str:
    """Return the same answers as text alone, for the summary."""
    how = words("cards", language)["how"]
    return "\n".join(
        f"## {question}\n\n{_said(answer, name)}\n\n[{how}]({name}.qmd)\n"
        for (name, question), answer in _answers(executed, language).items()
    )


def _said(answer: list[Item], name: str) -> str:
    """Return what is known and, as large, what is not there."""
    return "\n\n".join(i.facts["text"] if i.kind == KIND else trace.linked(i, name) for i in answer)


def _answers(executed: dict[str, Page], language: str) -> dict[tuple[str, str], list[Item]]:
    """Return what answers each question of each page, in the order of the start page."""
    answers: dict[tuple[str, str], list[Item]] = {}
    for name, question in QUESTIONS.items():
        for item in items(executed[name]):
            if item.kind in ("sentence", KIND) and item.facts["headline"]:
                answers.setdefault((name, item.facts["question"] or question[language]), []).append(item)
    return answers


def _picture(page: Page, known: list[Item]) -> str:
    """Return the chart of the first sentence that has one, in its narrow drawing, where that is not too high."""
    drawn = [item for item in items(page) if item.kind == "figure" and PHONE in item.data]
    for sentence in known:
        figure = next((f for f in drawn if f.facts["says"] == sentence.name), None)
        if figure is not None:
            box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', figures.svg(figure, PHONE))
            if box is not None and float(box[2]) <= TALLEST * float(box[1]):
                return f'![](figures/{figure.name}-phone.svg){{.beside fig-alt="{figures.alt(figure)}"}}'
    return ""
