"""Render a page: its text in one language, with the results of a run, as the parts that readers see."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from osw_stats.data.edition import Tables
from osw_stats.errors import InputError
from osw_stats.meaning.numbers import Fact, Number
from osw_stats.publish.contents import Page
from osw_stats.publish.pages.sections import parts_of_page
from osw_stats.publish.pages.source import Source, read_page
from osw_stats.publish.pages.values import QUESTIONS, Gone, PageFact, PageNumber, Shown, called, plural
from osw_stats.results.collected import Results

# a line with text before the tag at its end
_TAG_AT_END = re.compile(
    r"^(?=.*\S)(?![ \t]*(?:\{%(?:(?!%\}).)*%\}[ \t]*)+$)(.*[^+-])%\}[ \t]*$", re.MULTILINE
)
_INCLUDE = re.compile(r"\{\{<.*?>\}\}")
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "figure": lambda name, says="", table="": called("figure", name, says, table) if name else "",
    "table": lambda name, **chosen: called("table", name, {k: str(v) for k, v in chosen.items()}),
    **{name: partial(called, name) for name in ("picture", "counted", "gaps", "sources", "what_if")},
    "plural": plural,
    **QUESTIONS,
}


def environment() -> ImmutableSandboxedEnvironment:
    """Return the environment of templates: no loader, filters or globals; an unregistered name is an error."""
    sandbox = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        comment_start_string="<!--",  # `{#` opens the id of a heading
        comment_end_string="-->",
        finalize=_printable,
    )
    for lent in (sandbox.globals, sandbox.filters, sandbox.tests):
        lent.clear()
    return sandbox


def _printable(value: Any) -> Any:
    if isinstance(value, bool) or not (isinstance(value, str) or hasattr(value, "_name")):
        raise InputError("prints what is no result", "Print a result, or one of its ways.", value=value)
    return value


def prepared(text: str) -> str:
    """Return the text of a page for the engine: lines that end in a tag keep their line end, includes are kept."""
    return _INCLUDE.sub(r"{% raw %}\g<0>{% endraw +%}", _TAG_AT_END.sub(r"\1+%}", text))


@lru_cache(maxsize=64)
def _template(text: str) -> Template:
    return environment().from_string(prepared(text))


def fill(source: Source, results: Results, language: str) -> str:
    """Return the text of a page with its results filled in, including marks; InputError if this is impossible."""
    values: dict[str, Any] = {
        **{n: Gone(n) for n in results.absent},
        **{n: Shown(n) for n in (*results.tables, *results.figures)},
        **{n: PageNumber(n, v, language) for n, v in results.numbers.items() if isinstance(v, Number)},
        **{n: PageFact(n, v, language) for n, v in results.numbers.items() if isinstance(v, Fact)},
    }
    for name, parts in results.parts.items():
        values[name] = [SimpleNamespace(**part | {"name": part["name"][language]}) for part in parts]
    row: int | None = None
    try:
        for name in sorted(set(values) & set(FUNCTIONS)):
            problem = "a result has the name of a function of pages"
            raise InputError(problem, "Give it another name.", column=name)
        return _template(source.text).render(values | FUNCTIONS)
    except InputError as error:
        raise error.located(file=source.file, row=_row(error)) from None
    except TemplateSyntaxError as error:
        row, problem = error.lineno, f"cannot be read: {error.message}"
    except (TemplateError, TypeError, AttributeError, ValueError) as error:
        row, problem = _row(error), f"cannot be filled in: {error}"
    remedy = "Mend the tag or the name, or register the result in the notebook."
    raise InputError(problem, remedy, file=source.file, row=row)


def _row(error: BaseException) -> int | None:
    frame, row = error.__traceback__, None
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            row = frame.tb_lineno
        frame = frame.tb_next
    return row


def render(root: Path, name: str, language: str, results: Results, tables: Tables) -> Page:
    """Return a page in one language, in reading order; InputError if it cannot be filled in."""
    source = read_page(root, name, language)
    text = fill(source, results, language)
    return Page(name, language, parts_of_page(text, results, tables, language, source.file), results)
