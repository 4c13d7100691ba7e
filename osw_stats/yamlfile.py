"""YAML as this project writes it: no key twice, dates stay text, no tags.

Why not plain `safe_load`: it lets the last of two equal keys win in silence, and turns an
unquoted date into an object no schema expects.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from osw_stats.errors import InputError


def _without_grammar() -> ModuleType:
    """Import jsonschema without the grammar of web addresses that it builds where that package is installed.

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


jsonschema = _without_grammar()


# the same loader in C where the yaml package carries it: ten times faster
_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(_Safe):  # type: ignore[misc, valid-type]
    """SafeLoader that refuses a key twice and leaves dates as text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f'the key "{key.value}" stands twice', problem_mark=key.start_mark
                )
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


_Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path | Any, name: str | Path | None = None) -> Any:
    """Return the content of a YAML file.

    Raises
    ------
    InputError
        If it is not UTF-8, no YAML, or holds a key twice; with the line.
    """
    shown = path if name is None else name
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Strict)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", "Save it as UTF-8.", file=shown) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise InputError(
            f"cannot be read as YAML: {error.problem}", "Mend the file.", file=shown,
            row=None if mark is None else mark.line + 1,
        ) from None  # fmt: skip
    except yaml.YAMLError as error:
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
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))
    wrong = next(iter(validator.iter_errors(entry)), None)
    if wrong is not None:
        where = ".".join(map(str, wrong.absolute_path)) or None
        raise InputError(wrong.message, remedy, file=file, column=where, value=value)
