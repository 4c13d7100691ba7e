"""The file of a page: its front matter and its text; and which pages there are."""

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

    Attributes
    ----------
    file
        Its path in the project, for messages.
    text
        Its body; empty lines stand for the front matter, so that lines keep their numbers.
    always
        Phrases that hold in every edition; an editor vouches for them.
    """

    file: str
    text: str
    always: tuple[str, ...] = ()


def page_path(root: Path, name: str, language: str) -> Path:
    """Return the file of the page of a notebook."""
    return root / "pages" / language / f"{name}.qmd"


def read_page(root: Path, name: str, language: str) -> Source:
    """Return a page as it was written.

    Raises
    ------
    InputError
        If it is not there, or its front matter holds anything but `always`.
    """
    path = page_path(root, name, language)
    file = f"pages/{language}/{name}.qmd"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            "the page of this notebook is not there", "Write it; docs/pages.md says how.", file=file
        ) from None
    lines = text.split("\n")
    if lines[0].strip() != MARK:
        return Source(file, text)
    try:
        end = next(i for i, line in enumerate(lines[1:], start=1) if line.strip() == MARK)
        front: Any = yaml.safe_load("\n".join(lines[1:end])) or {}
        always = front.pop("always", [])
    except (StopIteration, yaml.YAMLError, AttributeError):
        raise InputError(
            "its front matter cannot be read", "Mend the lines between ---.", file=file
        ) from None
    if front or not isinstance(always, list) or not all(isinstance(p, str) for p in always):
        raise InputError(
            "its front matter may hold `always` alone, a list of phrases", "Take out the rest.", file=file
        )
    return Source(file, "\n" * (end + 1) + "\n".join(lines[end + 1 :]), tuple(always))
