"""The cards of the start page: a question, its answer with every number a link, a small chart."""

from __future__ import annotations

import re
from typing import Any

from osw_stats.report.edition import Tables
from osw_stats.report.fragments import source_links
from osw_stats.report.harvest import PHONE, Item, Page, items
from osw_stats.report.harvest import UNPUBLISHED as KIND
from osw_stats.report.named import grade_words
from osw_stats.report.phrases import PHRASES as WORDS
from osw_stats.report.site import trace
from osw_stats.report.words import QUESTIONS

TALLEST = 2.4  # a chart higher than so many times its width does not fit beside a text


def cards(tables: Tables, executed: dict[str, Page], language: str) -> str:
    """Return one block a question: the headline sentences that answer it, their sources and page."""
    blocks = []
    for (name, question), told in _answers(executed, language).items():
        if all(t.kind == KIND for t in told):  # the figures of this answer were not public
            said = "\n\n".join(t.facts["text"] for t in told)
            blocks.append(
                f"::: {{.card}}\n## {question}\n\n{said} [{WORDS['about'][language]}]({name}.qmd)\n:::\n"
            )
            continue
        known = [t for t in told if t.kind != KIND]
        used = [i for t in known for n in t.facts["numbers"] for i in n["observations"]]
        grade = max((t.facts["grade"] for t in known), default="")
        evidence = (  # a sentence may say that nothing is known: it rests on no figure
            f"{WORDS['source'][language]}: {source_links(tables, used, name, language)}. {grade_words(grade, language)} "
            if grade
            else ""
        )
        picture = _picture(executed[name], known)
        blocks.append(
            f"::: {{.card}}\n## {question}\n\n"
            + _said(told, name)
            + (f"\n\n{picture}" if picture else "")
            + f"\n\n::: {{.under}}\n{evidence}[{WORDS['how'][language]}]({name}.qmd)\n:::\n:::\n"
        )
    return "\n".join(blocks)


def plain(executed: dict[str, Page], language: str) -> str:
    """Return the same answers as text alone, for the summary."""
    blocks = []
    for (name, question), told in _answers(executed, language).items():
        blocks.append(f"## {question}\n\n{_said(told, name)}\n\n[{WORDS['how'][language]}]({name}.qmd)\n")
    return "\n".join(blocks)


def _said(told: list[Item], name: str) -> str:
    """Return what is known and, as large, what is not there."""
    return "\n\n".join(i.facts["text"] if i.kind == KIND else trace.linked(i, name) for i in told)


def _answers(executed: dict[str, Page], language: str) -> dict[tuple[str, str], list[Item]]:
    """Return what answers each question of each page, in the order of the start page."""
    found: dict[tuple[str, str], list[Item]] = {}
    for name, question in QUESTIONS.items():
        for item in items(executed[name]):
            if item.kind in ("sentence", KIND) and item.facts["headline"]:
                found.setdefault((name, item.facts["question"] or question[language]), []).append(item)
    return found


def _picture(notebook: Page, told: list[Item]) -> str:
    """Return the chart of the first sentence that has one, in its narrow drawing."""
    figures = [i for i in items(notebook) if i.kind == "figure" and PHONE in i.data]
    for sentence in told:
        figure = next((f for f in figures if f.facts["says"] == sentence.name), None)
        if figure is not None and _slender(figure.data[PHONE]):
            alt = figure.facts["alt"].replace('"', "”").replace("\\", "")
            return f'![](figures/{figure.name}-phone.svg){{.beside fig-alt="{alt}"}}'
    return ""


def _slender(svg: Any) -> bool:
    text = svg if isinstance(svg, str) else "".join(svg)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    return box is not None and float(box[2]) <= TALLEST * float(box[1])
