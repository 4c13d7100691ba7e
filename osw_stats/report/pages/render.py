"""Render a page: its text in one language, with the results of a run, as the parts that readers see."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from osw_stats.errors import InputError
from osw_stats.report.edition import Tables
from osw_stats.report.harvest import Page
from osw_stats.report.pages.marks import called
from osw_stats.report.pages.sections import told
from osw_stats.report.pages.source import Source, read_page
from osw_stats.report.pages.values import QUESTIONS, Gone, Shown, plural, value_of
from osw_stats.results.collected import Results

# a line that holds more than the tag it ends in
_TAG_AT_END = re.compile(
    r"^(?=.*\S)(?![ \t]*(?:\{%(?:(?!%\}).)*%\}[ \t]*)+$)(.*[^+-])%\}[ \t]*$", re.MULTILINE
)


def environment() -> ImmutableSandboxedEnvironment:
    """Return where templates run: no loader, no filters, no globals; a name nobody registered is an error."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        comment_start_string="<!--", comment_end_string="-->",  # `{#` opens the id of a heading
        finalize=_printable,
    )  # fmt: skip
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made


def _printable(value: Any) -> Any:
    if isinstance(value, bool) or not (isinstance(value, str) or hasattr(value, "_name")):
        raise InputError("prints what is no result", "Print a result, or one of its ways.", value=value)
    return value


@lru_cache(maxsize=64)
def _template(text: str) -> Template:
    return environment().from_string(prepared(text))


def prepared(text: str) -> str:
    """Return the text of a page as the engine reads it: a line that ends in a tag keeps its end."""
    return _TAG_AT_END.sub(r"\1+%}", text)


def names(results: Results, language: str) -> dict[str, Any]:
    """Return what a template can name: every result by its name, every function and every question."""
    found: dict[str, Any] = {
        **{n: Gone(n, absent) for n, absent in results.absent.items()},
        **{n: Shown(n) for n in (*results.tables, *results.figures)},
        **{n: value_of(n, value, language) for n, value in results.numbers.items()},
        **{n: [Part(p, language) for p in parts] for n, parts in results.parts.items()},
    }
    functions: dict[str, Callable[..., Any]] = {
        "figure": lambda name, says="", table="": called("figure", name, says, table) if name else "",
        "table": lambda name, **chosen: called("table", name, {k: str(v) for k, v in chosen.items()}),
        "counted": lambda *names: called("counted", *names),
        "gaps": lambda *names: called("gaps", *names),
        "sources": lambda *names: called("sources", *names),
        "what_if": lambda name: called("what_if", name),
        "plural": plural,
        **QUESTIONS,
    }
    taken = sorted(set(found) & set(functions))
    if taken:
        raise InputError(
            "a result has the name of a function of pages", "Give it another name.", column=taken[0]
        )
    return found | functions


class Part:
    """One of the parts that a page repeats, such as a chapter: its key, its name in words and its figure."""

    def __init__(self, plain: dict[str, Any], language: str) -> None:
        self.key, self.figure = plain["key"], plain["figure"]
        self.name = plain["name"][language]


def fill(source: Source, results: Results, language: str) -> str:
    """Return the text of a page with its results filled in, marks and all.

    Raises
    ------
    InputError
        If it names what no notebook registers, or asks what a page cannot; with the line where that is known.
    """
    try:
        return _template(source.text).render(names(results, language))
    except InputError as error:
        raise error.located(file=source.file, row=_row(error)) from None
    except TemplateSyntaxError as error:
        raise InputError(f"cannot be read: {error.message}", "Mend the tag.", file=source.file, row=error.lineno) from None  # fmt: skip
    except (UndefinedError, SecurityError) as error:
        raise InputError(
            str(error), "Mend the name, or register it in the notebook.", file=source.file, row=_row(error)
        ) from None
    except (TemplateError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"cannot be filled in: {error}", "Mend the call.", file=source.file, row=_row(error)
        ) from None


def _row(error: BaseException) -> int | None:
    """Return the line of a template in which an error arose."""
    found, row = error.__traceback__, None
    while found is not None:
        if found.tb_frame.f_code.co_filename == "<template>":
            row = found.tb_lineno
        found = found.tb_next
    return row


def render(root: Path, name: str, language: str, results: Results, tables: Tables) -> Page:
    """Return the page of a notebook in one language, in reading order.

    Parameters
    ----------
    root
        The project folder, with `pages/LANGUAGE/NAME.qmd`.
    results
        What a run of the notebook registered.
    tables
        The edition it ran on.

    Raises
    ------
    InputError
        If the page cannot be filled in; with the file and the line.
    """
    source = read_page(root, name, language)
    text = fill(source, results, language)
    return Page(name, language, told(text, results, tables, language, source.file), results)
