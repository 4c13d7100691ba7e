"""Tables of cases that stand in YAML beside their tests: section, language, rows of a text and what is read in it."""

from pathlib import Path

import pytest

from osw_stats.yamlfile import read_yaml


def beside(test, name="cases.yml"):
    """Return what a YAML file beside a test holds."""
    return read_yaml(Path(test).with_name(name))


def cases(test, *sections):
    """Return a decorator that runs a test for every row: section, language, text, expected."""
    table = beside(test)
    rows = [
        (section, language, text, expected)
        for section in sections or table
        for language, of_language in table[section].items()
        for text, expected in of_language
    ]
    return pytest.mark.parametrize(("section", "language", "text", "expected"), rows)


def table(test, section, names):
    """Return a decorator that runs a test for every row of a section: an argument, or several, by these names."""
    return pytest.mark.parametrize(names.replace(" ", ","), beside(test)[section])


def words(text):
    """Return the words of a text."""
    return text.split()
