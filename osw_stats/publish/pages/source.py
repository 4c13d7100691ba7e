"""The file of a page: its front matter and its text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from osw_stats.errors import InputError

MARK = "---"


@dataclass(frozen=True)
class Source:
    """A page in one language as its writer made it.

    In its text empty lines stand for the front matter, so that lines keep their numbers. `always` are phrases that hold
    in every edition; an editor vouches for them.
    """

    file: str
    language: str
    text: str
    always: tuple[str, ...] = ()


def read_page(root: Path, name: str, language: str) -> Source:
    """Read the page of a notebook; InputError if it is not there, or its front matter is not as it should be."""
    file = f"pages/{language}/{name}.qmd"
    try:
        text = (root / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        remedy = "Write it; docs/pages.md says how."
        raise InputError("the page of this notebook is not there", remedy, file=file) from None
    lines = text.split("\n")
    if lines[0].strip() != MARK:
        return Source(file, language, text)
    try:
        end = next(n for n, line in enumerate(lines[1:], start=1) if line.strip() == MARK)
        front: Any = yaml.safe_load("\n".join(lines[1:end])) or {}
        always = front.pop("always", [])
    except (StopIteration, yaml.YAMLError, AttributeError):
        raise InputError(
            "its front matter cannot be read", "Mend the lines between ---.", file=file
        ) from None
    if front or not isinstance(always, list) or not all(isinstance(phrase, str) for phrase in always):
        problem = "its front matter may hold `always` alone, a list of phrases"
        raise InputError(problem, "Take out the rest.", file=file)
    return Source(file, language, "\n" * (end + 1) + "\n".join(lines[end + 1 :]), tuple(always))
