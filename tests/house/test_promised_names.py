"""Every name that the README and the documents promise is there."""

import importlib
import inspect
import pkgutil
import re
import shlex
from functools import cache

import pytest

import osw_stats
from osw_stats.cli import parser
from tests.conftest import PROJECT

DOCUMENTS = [PROJECT / "README.md", PROJECT / "SECURITY.md", *sorted((PROJECT / "docs").glob("*.md"))]
FOLDERS = (
    *("osw_stats", "notebooks", "pages", "editions", "scenarios", "data/raw"),
    *("tests", "benchmarks", ".github", ".ci"),
)
# by a build or an installation
MADE = ("_site", "build", "data/processed", "figures", "fill-in", "editions", ".venv")
# what a reader types or sees, and no name of ours: numbers, signs, patterns with a hole in them, places of a page, tools
VALUE = re.compile(
    r"[\W\d_]*|:::.*|[\d.,:*+ -]+(?:[a-z]+\b.*)?|\d{4}(?:[JKHM]{2}|KW|HJ|MM)\d\d|.*….*|[\w-]+#[\w-]+|\[.*|\{.*|"
    r"--?\w[\w-]*(?: .*)?|[a-z]+://.*|tcp://.*|pip .*|dask .*|python3-venv"
)


def promised() -> list[tuple[str, str]]:
    """Return every name in a code span or a block of commands, with the document that has it."""
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"```bash\n(.*?)```", text, flags=re.S):
            lines = (line.partition("#")[0].strip() for line in block.splitlines())
            found += [(line.removeprefix(".venv/bin/"), path.name) for line in lines if line]
        plain = re.sub(r"```.*?```", "", text, flags=re.S)
        found += [(span, path.name) for span in re.findall(r"`([^`\n]+)`", plain)]
    return sorted(dict(sorted(found)).items())


@cache
def ours() -> set[str]:
    """Return the dotted name of every module, of what it holds and of what its classes hold, from any of its dots on."""
    modules = [m.name for m in pkgutil.walk_packages(osw_stats.__path__, "osw_stats.")]
    names = set()
    for module in ("osw_stats", *(name for name in modules if "__main__" not in name)):
        names.add(module)
        for name, thing in vars(importlib.import_module(module)).items():
            of_class = {*dir(thing), *getattr(thing, "__annotations__", ())} if inspect.isclass(thing) else ()
            names |= {f"{module}.{name}", *(f"{module}.{name}.{part}" for part in of_class)}
    split = [name.lower().split(".") for name in names]
    return {".".join(parts[at:]) for parts in split for at in range(len(parts))}


@cache
def sources() -> str:
    """Return all that we wrote but documents and this test: code, tables, texts."""
    files = [p for folder in FOLDERS for p in sorted((PROJECT / folder).rglob("*")) if p.is_file()]
    kinds = (".py", ".ipynb", ".yml", ".yaml", ".csv", ".lua", ".js", ".html", ".qmd", ".json", ".toml")
    files = [p for p in files if p.suffix in kinds and p.name != "test_promised_names.py"]
    files += [PROJECT / name for name in ("Makefile", "pyproject.toml", "_quarto.yml")]
    return "\n".join(p.read_text(encoding="utf-8", errors="replace") for p in files)


def missing(name: str) -> str:
    """Return what is wrong with a promised name, "" where it is there."""
    words = name.split()
    if words[0] in ("osw", "osw:") and len(words) > 1:
        given = ["2024" if w in ("OLD", "NEW") else w for w in shlex.split(name.partition(" > ")[0])[1:]]
        if len(given) == 1:
            given.append("--help")  # the command itself is what is meant
        try:
            parser().parse_args(given)
        except SystemExit as ended:
            return "" if ended.code == 0 else "is no command"
        return ""
    if words[0] == "make":
        makefile = (PROJECT / "Makefile").read_text()
        targets = re.findall(r"^([\w-]+):", makefile, flags=re.M)
        lost = [w for w in words[1:] if w.partition("=")[0] not in (targets if "=" not in w else makefile)]
        return f"no such target: {lost}" if lost else ""
    if words[0].endswith("pytest") or words[0] in ("python", "bash"):
        paths = [w for w in words[1:] if "/" in w]
        return "" if all((PROJECT / p).exists() for p in paths) else "no such file"
    if VALUE.fullmatch(name):
        return ""
    if name in MADE or any(
        (PROJECT / folder / name).exists() for folder in ("", "docs", "pages", "osw_stats")
    ):
        return ""
    if name.removesuffix("(executor=...)").replace("/", ".").lower() in ours():
        return ""
    if not name.startswith("/") and any((PROJECT / "osw_stats").rglob(name)):
        return ""
    # a file that is made, or a word of a table: the last piece without a hole stands in what makes it
    said = name.split(" ")[0].partition("(")[0].partition("=")[0].replace(".html", ".qmd")
    holes = [re.split(r"<[^>]*>|20\d\d", part) for part in said.strip("/").split("/")]
    last = next((max(p, key=len) for p in reversed(holes) if any(x.strip("-._") for x in p)), "")
    last = last.strip("-.:*…")
    return "" if last and last in sources() else "is nowhere in the project"


@pytest.mark.parametrize(("name", "document"), promised())
def test_a_promised_name_is_there(name, document):
    assert missing(name) == "", f"{document} promises `{name}`"


NOWHERE = (
    *("osw nosuch", "osw build --nosuch", "make nosuch", "make fuzz NOSUCH=4", "pytest tests/nosuch.py"),
    *("meaning.definitions.join", "report.nosuch", "Chart.nosuch", "docs/nosuch.md", "osw_stats/nosuch.py"),
    *("nosuch_table.csv", "nosuch_column"),
)


@pytest.mark.parametrize("name", NOWHERE)
def test_a_name_that_is_not_there_is_noticed(name):
    assert missing(name)


def test_what_the_readme_shows_in_python_runs():
    block = re.search(r"```python\n(.*?)```", (PROJECT / "README.md").read_text(), flags=re.S)[1]
    names: dict[str, object] = {}
    exec(block, names)
    assert len(names["tables"].vintages) > len(names["tables"].observations) > 0
