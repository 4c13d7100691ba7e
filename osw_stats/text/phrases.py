"""Sentences and parts of sentences for readers; they stand in `phrases.yml`, both languages side by side."""

from __future__ import annotations

from pathlib import Path

from osw_stats.text.language import filled
from osw_stats.yamlfile import read_yaml

PHRASES: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("phrases.yml"))


def phrase(key: str, language: str, **parts: object) -> str:
    """Return a phrase with its parts filled in."""
    return filled(PHRASES[key][language], **parts)
