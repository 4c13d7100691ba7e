"""The cards of the start page: a question, its answer with every number a link, a small chart."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from osw_stats.report.edition import Tables
from osw_stats.report.fragments import WORDS, source_links
from osw_stats.report.harvest import PHONE, Item, Page, items
from osw_stats.report.sentences import grade_words
from osw_stats.report.site import trace
from osw_stats.report.unpublished import KIND
from osw_stats.report.words import QUESTIONS

TALLEST = 2.4  # a chart higher than so many times its width does not fit beside a text


def cards(tables: Tables, executed: dict[str, Page], language: str) -> str:
    """Return one block a question: the headline sentences that answer it, their sources and page."""
    blocks = []
    for (name, question), group in groupby(_answers(executed, language), key=lambda a: a[:2]):
        told = [item for _, _, item in group]
        if all(t.kind == KIND for t in told):  # the figures of this answer were not public
            said = "\n\n".join(t.facts["text"] for t in told)
            blocks.append(
                f"::: {{.card}}\n## {question}\n\n{said} [{WORDS['about'][language]}]({name}.qmd)\n:::\n"
            )
            continue
        told = [t for t in told if t.kind != KIND]
        used = [i for t in told for n in t.facts["numbers"] for i in n["observations"]]
        grade = max((t.facts["grade"] for t in told), default="")
        evidence = (  # a sentence may say that nothing is known: it rests on no figure
            f"{WORDS['source'][language]}: {source_links(tables, used, name, language)}. {grade_words(grade, language)} "
            if grade
            else ""
        )
        picture = _picture(executed[name], told)
        blocks.append(
            f"::: {{.card}}\n## {question}\n\n"
            + "\n\n".join(trace.linked(t, name) for t in told)
            + (f"\n\n{picture}" if picture else "")
            + f"\n\n::: {{.under}}\n{evidence}[{WORDS['how'][language]}]({name}.qmd)\n:::\n:::\n"
        )
    return "\n".join(blocks)


def plain(executed: dict[str, Page], language: str) -> str:
    """Return the same answers as text alone, for the summary."""
    blocks = []
    for (name, question), group in groupby(_answers(executed, language), key=lambda a: a[:2]):
        told = "\n\n".join(
            item.facts["text"] if item.kind == KIND else trace.linked(item, name) for _, _, item in group
        )
        blocks.append(f"## {question}\n\n{told}\n\n[{WORDS['how'][language]}]({name}.qmd)\n")
    return "\n".join(blocks)


def _answers(executed: dict[str, Page], language: str) -> list[tuple[str, str, Item]]:
    return [
        (name, item.facts["question"] or question[language], item)
        for name, question in QUESTIONS.items()
        for item in items(executed[name])
        if item.kind in ("sentence", KIND) and item.facts["headline"]
    ]


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
