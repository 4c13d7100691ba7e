"""Markdown made from results: templates and tables that escape everything but Markdown, and their words."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from osw_stats.text.tables import escape, pipe_table
from osw_stats.text.words import filled, word
from osw_stats.yamlfile import read_yaml

HERE = Path(__file__).parent
WORDS: Any = read_yaml(HERE / "words.yml")


class Markdown(str):
    """Text that is Markdown of our own making; all other text is escaped."""

    __slots__ = ()


def words(part: str, language: str) -> dict[str, str]:
    """Return the words of a part of `words.yml` in one language."""
    return {name: text[language] for name, text in WORDS.get(part, {}).items()}


def _safe(value: object) -> str:
    return value if isinstance(value, Markdown) else escape(str(value))


@cache
def templates(folder: Path, **options: Any) -> jinja2.Environment:
    """Return the templates of a folder; comments stand between <# and #>, since {#name} is an id in Markdown."""
    return jinja2.Environment(  # noqa: S701 - the options decide the escaping
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        comment_start_string="<#",
        comment_end_string="#>",
        **options,
    )


def from_template(name: str, language: str, /, **values: Any) -> str:
    """Return the template `<name>.md.j2` filled in with values, and with its words in one language."""
    environment = templates(HERE, finalize=_safe, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"md": Markdown, "filled": filled, "word": word}
    texts = {key: Markdown(text) for key, text in words(name, language).items()}
    return environment.get_template(f"{name}.md.j2").render(words=texts, language=language, **values)


def table(
    name: str, language: str, rows: Iterable[Sequence[object]], numeric: Collection[int] = ()
) -> Markdown:
    """Return a pipe table under the heads of this name; `numeric` columns, from zero, are set to the right."""
    cells = ([_safe(cell) for cell in row] for row in rows)
    return Markdown(pipe_table(WORDS["heads"][name][language], cells, numeric))
