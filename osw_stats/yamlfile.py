"""YAML as this project writes it: no key twice, dates stay text, no tags, nothing that grows when it is read.

Why not plain `safe_load`: it lets the last of two equal keys win in silence, turns an unquoted date
into an object no schema expects, and a few hundred bytes of aliases or brackets can fill or end the process.
"""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import yaml

from osw_stats.errors import InputError, shown

PACKAGE = Path(__file__).parent
LARGEST = 4_000_000  # bytes of a file
MOST = 200_000  # values, every repetition by an alias counted
DEEPEST = 100  # lists and mappings in each other
PLACE = ("file", "row", "column", "value")  # of an error

if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:  # ten times faster where the yaml package carries it
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """Refuses a key twice and a key that is no text, and leaves dates as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as its base declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key is no plain text", problem_mark=key.start_mark)
            if key.value in seen:
                problem = f'the key "{key.value}" occurs twice'
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _require_small(text: str) -> None:
    """Check, before anything is built, that a text nests little and has few values, repeated ones counted."""
    count, problem = 0, ""
    sizes: dict[str | None, int] = {}  # values under each anchor that is closed
    begun: list[tuple[str | None, int]] = []
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            count += sizes.get(event.anchor, 0)
            problem = "" if event.anchor in sizes else "an alias stands inside what it names, or before it"
        elif isinstance(event, yaml.CollectionStartEvent):
            begun.append((event.anchor, count))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = begun.pop()
            sizes[anchor] = count - before
        elif isinstance(event, yaml.ScalarEvent):
            sizes[event.anchor] = 1
        count += 1
        problem = "is nested too deeply" if len(begun) > DEEPEST else problem
        problem = "holds too many values" if count > MOST else problem
        if problem:
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def read_yaml(path: Path | Any, name: str | Path | None = None) -> Any:
    """Return the content of a YAML file; `name` is how messages call it, with the line of what is wrong."""
    file = path if name is None else name
    if isinstance(path, Path) and path.is_file() and path.stat().st_size > LARGEST:
        raise InputError(f"is larger than {LARGEST:,} bytes", "Split it.", file=file)
    try:
        text = path.read_text(encoding="utf-8")
        if PACKAGE not in getattr(path, "parents", ()):  # of this library: read once, not twice
            _require_small(text)
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", "Save it as UTF-8.", file=file) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        row = None if mark is None else mark.line + 1
        raise InputError(f"cannot be read as YAML: {problem}", "Mend the file.", file=file, row=row) from None


@cache
def _words(path: Path) -> Any:
    return read_yaml(path)


def refusals(module: str) -> Callable[..., InputError]:
    """Return what makes the errors of a room: by a code, problem and remedy of refusals.yml beside the module."""
    # where it stands, and the words to fill in, are given by name; the texts may name the place too

    def refused(code: str, /, *, kind: type[InputError] = InputError, **given: Any) -> InputError:
        texts = _words(Path(module).with_name("refusals.yml"))[code]
        problem, remedy = (text.format(**given) for text in texts)
        return kind(problem, remedy, **{name: given[name] for name in PLACE if name in given})

    return refused


@cache
def _jsonschema() -> ModuleType:
    """Import jsonschema without checks of formats that no schema asks for: a grammar of web addresses takes a second."""
    formats = ("rfc3987", "rfc3987_syntax", "rfc3986_validator", "fqdn", "webcolors", "jsonpointer")
    hidden = [name for name in (*formats, "uri_template", "isoduration") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        import jsonschema
    finally:
        for name in hidden:
            del sys.modules[name]
    return jsonschema


def require_schema(entry: Any, schema: Any, remedy: str, *, file: str | Path, value: object = None) -> None:
    """Raise an InputError for the first thing in a YAML file that does not fit its schema; the column is its path."""
    jsonschema = _jsonschema()
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))
    wrong = next(iter(validator.iter_errors(entry)), None)
    if wrong is not None:
        where = ".".join(map(str, wrong.absolute_path)) or None
        problem = wrong.message.replace(repr(wrong.instance), shown(repr(wrong.instance), 60))
        raise InputError(problem, remedy, file=file, column=where, value=value)
