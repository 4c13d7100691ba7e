"""YAML as this project writes it: no key twice, dates stay text, no tags, nothing that grows when it is read.

Why not plain `safe_load`: it lets the last of two equal keys win in silence, and turns an
unquoted date into an object no schema expects.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import yaml

from osw_stats.errors import InputError, shown

LARGEST = 4_000_000  # bytes of a file
DEEPEST = 2_000  # brackets, or characters of a line, that can nest without harm
MOST = 200_000  # values, every repetition by an alias counted


@cache
def _jsonschema() -> ModuleType:
    """Import jsonschema, when it is needed, without the grammar of web addresses that it builds where that package is installed.

    Why: building it takes most of a second in every process, and no schema of ours asks for it.
    """
    name = "rfc3987_syntax"
    before = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        import jsonschema
    finally:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
    return jsonschema


# a mixin at run time, so that it fits the loader in Python and the one in C
if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:
    _Base = object


class _Strict(_Base):
    """What a loader of ours adds: it refuses a key twice and aliases that multiply, and leaves dates as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as its base declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def get_single_data(self) -> Any:
        node = self.get_single_node()
        if node is None:
            return None
        _require_small(node)
        return self.construct_document(node)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key is no plain text", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f'the key "{key.value}" stands twice', problem_mark=key.start_mark
                )
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _require_small(root: yaml.Node) -> None:
    """Pass when the values under a node are not too many, whatever its aliases repeat; none may hold itself."""
    sizes: dict[int, int] = {}
    open_ones: set[int] = set()

    def size(node: yaml.Node) -> int:
        if id(node) in open_ones:
            raise yaml.MarkedYAMLError(
                problem="an alias stands inside what it names", problem_mark=node.start_mark
            )
        if id(node) not in sizes:
            open_ones.add(id(node))
            inner = node.value if isinstance(node.value, list) else []
            parts = [p for pair in inner for p in (pair if isinstance(pair, tuple) else (pair,))]
            sizes[id(node)] = 1 + sum(map(size, parts))
            open_ones.remove(id(node))
        if sizes[id(node)] > MOST:
            raise yaml.MarkedYAMLError(problem="holds too many values", problem_mark=node.start_mark)
        return sizes[id(node)]

    size(root)


class _Plain(_Strict, yaml.SafeLoader):
    """The loader in Python."""


class _Fast(_Strict, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The loader in C where the yaml package carries it: ten times faster."""


def _loader(text: str) -> type[yaml.SafeLoader]:
    """Return the fast loader for a text that cannot be nested deeply: in C deep nesting ends the process."""
    brackets = text.count("[") + text.count("{")
    longest = max(map(len, text.splitlines()), default=0)
    return _Fast if brackets < DEEPEST and longest < DEEPEST else _Plain


def read_yaml(path: Path | Any, name: str | Path | None = None) -> Any:
    """Return the content of a YAML file.

    Raises
    ------
    InputError
        If it is not UTF-8, no YAML, holds a key twice, or is too large or nested too deeply; with the line.
    """
    shown = path if name is None else name
    if isinstance(path, Path) and path.is_file() and path.stat().st_size > LARGEST:
        raise InputError(f"is larger than {LARGEST:,} bytes", "Split it.", file=shown)
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, _loader(text))  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", "Save it as UTF-8.", file=shown) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise InputError(
            f"cannot be read as YAML: {error.problem}", "Mend the file.", file=shown,
            row=None if mark is None else mark.line + 1,
        ) from None  # fmt: skip
    except RecursionError:
        raise InputError("is nested too deeply", "Mend the file.", file=shown) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise InputError(
            f"cannot be read as YAML ({str(error).splitlines()[0]})", "Mend the file.", file=shown
        ) from None


def require_schema(
    entry: Any, schema: dict[str, Any], remedy: str, *, file: str | Path, value: object = None
) -> None:
    """Pass when what a YAML file holds fits its schema, dates included.

    Raises
    ------
    InputError
        For the first thing that does not fit; the column is its path in the file.
    """
    jsonschema = _jsonschema()
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))
    wrong = next(iter(validator.iter_errors(entry)), None)
    if wrong is not None:
        where = ".".join(map(str, wrong.absolute_path)) or None
        told = repr(wrong.instance)
        raise InputError(
            wrong.message.replace(told, shown(told, 60)), remedy, file=file, column=where, value=value
        )
