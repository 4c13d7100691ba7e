"""Tables of cases in YAML files next to their tests: section, language, rows of a text and the expected reading."""

from pathlib import Path

import pytest

from osw_stats.yamlfile import read_yaml


def beside(test, name="cases.yml"):
    """Return the content of a YAML file next to a test."""
    return read_yaml(Path(test).with_name(name))


def cases(test, *sections):
    """Return a decorator that runs a test for every row: section, language, text, expected."""
    table = beside(test)
    rows = [
        (section, language, text, expected)
        for section in sections or table
        for language, language_rows in table[section].items()
        for text, expected in language_rows
    ]
    return pytest.mark.parametrize(("section", "language", "text", "expected"), rows)


def table(test, section, names):
    """Return a decorator that runs a test for every row of a section, with arguments of these names."""
    return pytest.mark.parametrize(names.replace(" ", ","), beside(test)[section])


def words(text):
    """Return the words of a text."""
    return text.split()
