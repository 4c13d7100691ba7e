"""What somebody gets who ran one notebook with parameters of their own: the executed notebook and its page."""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.kept.swap import alone
from osw_stats.publish.contents import Page
from osw_stats.publish.site import pandoc
from osw_stats.publish.site.stage import page_text, settings

# folders whose files are the project's own; build/own is for runs
PROJECT = (
    *("_site", "benchmarks", "build", "data", "docs", "editions", "figures", "notebooks", "osw_stats"),
    *("pages", "scenarios", "tests"),
)
PRIVATE = ("microdata",)  # parameters that name a file of answers: neither its name nor its place is told
ANSWERS = "answers"  # what stands there instead


def unnamed(executed: str, given: Mapping[str, Any]) -> str:
    """Return an executed notebook in which no file of answers is named."""
    places = [str(given[name]) for name in PRIVATE if given.get(name)]
    # as papermill writes it into a cell, as it is, and its name alone
    told = [text for place in places for text in (json.dumps(place)[1:-1], place)]
    names = "|".join(re.escape(name) for place in places if "." in (name := Path(place).name))

    def clean(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: clean(value) for key, value in part.items()}
        if isinstance(part, list):
            return [clean(value) for value in part]
        for text in told if isinstance(part, str) else ():
            part = part.replace(text, ANSWERS)
        if names and isinstance(part, str):
            return re.sub(rf"(?<![\w.])(?:{names})(?!\w)", ANSWERS, part)
        return part

    return json.dumps(clean(json.loads(executed)), ensure_ascii=False) if told else executed


@contextmanager
def own_output(root: Path, name: str, given: Path | None) -> Iterator[Path]:
    """Yield where a run of the notebook `name` writes, for as long as it does; no other run writes there."""
    folder = root / "build" / "own"
    usual = (folder / f"{name}{'' if number == 1 else f'-{number}'}.ipynb" for number in count(1))
    for file in usual if given is None else [given]:
        path = _free(root, file)
        with alone(root, path) as mine:
            if mine:
                yield path
                return
    raise _refused("another run writes to this file now", "Wait for it, or give another name.", given)


def _refused(problem: str, remedy: str, given: Path | None) -> InputError:
    return InputError(problem, remedy, column="--output", value=given)


def _free(root: Path, given: Path) -> Path:
    """Return the real path of a file that a run may write: new, or a run from before."""
    try:
        path = given.resolve()
    except RuntimeError:
        raise _refused("is a link that leads to itself", "Take the link away.", given) from None
    inside = path.is_relative_to(root.resolve())
    parts = path.relative_to(root.resolve()).parts if inside else ()
    own = parts[:2] == ("build", "own")
    if inside and not own and (not parts or parts[0] in PROJECT or parts[0].startswith(".")):
        remedy = "Leave --output out, or name a folder of your own."
        raise _refused("belongs to the project, so no run may write there", remedy, given)
    if path.exists() and not _is_run(path):
        remedy = "Give a new name that ends in .ipynb."
        raise _refused("is there and is no executed notebook, so it is not replaced", remedy, given)
    if path.suffix != ".ipynb":
        raise _refused("does not end in .ipynb", "Its page takes the same name with .html.", given)
    page = path.with_suffix(".html")
    if not own and page.exists() and not path.exists():
        problem = f"is given a page {page.name}, and that is there already"
        raise _refused(problem, "Give another name.", given)
    return path


def _is_run(path: Path) -> bool:
    try:
        return "papermill" in json.loads(path.read_text(encoding="utf-8"))["metadata"]
    except (OSError, ValueError, LookupError, TypeError):
        return False


def own_page(root: Path, page: Page, output: Path) -> Path:
    """Write the page of an executed notebook beside it, under the same name; return the file."""
    name, stem, out = page.name, output.stem, output.parent
    usual = out == (root / "build" / "own").resolve() and stem == name
    figures = "figures" if usual else f"{stem}-figures"  # runs in one folder keep apart
    with tempfile.TemporaryDirectory() as folder:
        staged, made = Path(folder) / "staged", Path(folder) / "made"
        settings(root, staged)
        (staged / "figures").mkdir()
        (staged / f"{name}.qmd").write_text(page_text(page, staged / "figures"), encoding="utf-8")
        pandoc.render(staged, page.language, made, alone=True)
        html, text = made / f"{stem}.html", (made / f"{name}.html").read_text(encoding="utf-8")
        (made / f"{name}.html").unlink()
        # links to other pages lead to the site, where the page of one's own has no neighbours
        site = (root / "_site" if page.language == "nl" else root / "_site" / page.language).resolve()
        text = re.sub(
            r'href="((?:\.\./|en/)?[a-z_-]+\.html)(#[^"]*)?"',
            lambda link: f'href="{(site / link[1]).resolve().as_uri()}{link[2] or ""}"',
            text,
        )
        html.write_text(re.sub(r'((?:src|srcset|href)=")figures/', rf"\1{figures}/", text), encoding="utf-8")
        (made / "figures").rename(made / figures)
        for path in sorted(p for p in made.rglob("*") if p.is_file()):
            target = out / path.relative_to(made)
            if target.is_symlink() or target.resolve() != out.resolve() / path.relative_to(made):
                remedy = "Take the link away, or give another --output."
                raise InputError("is a link to another place", remedy, file=target)
            target.parent.mkdir(parents=True, exist_ok=True)
            # another run may write the same style now
            beside = target.with_name(f".{target.name}.{os.getpid()}")
            beside.write_bytes(path.read_bytes())
            beside.replace(target)
    return out / f"{stem}.html"
