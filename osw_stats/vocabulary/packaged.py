"""Words and codes that stand in YAML beside the code of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from osw_stats.yamlfile import read_yaml


def packaged(name: str) -> Any:
    """Return the content of a YAML file in this folder."""
    return read_yaml(Path(__file__).parent / name)


def both(entry: Mapping[str, Any]) -> list[str]:
    """Return the words of all languages: a list holds phrases, a text holds words."""
    lists = (words.split() if isinstance(words, str) else words for words in entry.values())
    return [word for words in lists for word in words]


def phrases(entry: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, ...], Any]:
    """Return what each phrase of all languages stands for, by its words."""
    return {tuple(phrase.split()): value for by in entry.values() for phrase, value in by.items()}
