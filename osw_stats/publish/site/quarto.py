"""A staged folder as a complete Quarto project, with the page, style and filter that Pandoc's site has.

Quarto 1.9 was seen to render such a project with `theme: none`, `minimal: true`, the project's own template and its
filter before Quarto's own passes (docs/maintaining.md).
"""

import html
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import yaml

from osw_stats.errors import OswError
from osw_stats.kept.store import Store
from osw_stats.publish.site import pandoc
from osw_stats.publish.site.markdown import words
from osw_stats.publish.site.stage import include
from osw_stats.yamlfile import read_yaml

SHELLS = "_shell"  # the frame of every page; Quarto renders no file of such a name
INDEX = "search-index.js"
HTML: dict[str, Any] = read_yaml(Path(__file__).with_name("quarto.yml"))


def available() -> bool:
    """Return whether Quarto is on the path."""
    return shutil.which("quarto") is not None


def prepare(staged: Path, language: str, rendered: Path, store: Store | None = None) -> None:
    """Finish a staged folder for Quarto: one configuration, and the shell of every page as rendered by Pandoc."""
    settings = pandoc.settings(staged, language)
    settings.pop("profile", None)
    resources = [path.name for path in sorted(rendered.glob("*.[cj]s*")) if path.suffix in (".css", ".js")]
    resources += ["figures", "data"]
    settings["project"] = {"type": "website", "render": ["*.qmd"], "resources": resources}
    settings["website"] |= {"search": False}  # the site has its own
    settings["format"]["html"] |= HTML
    (staged / SHELLS).mkdir(exist_ok=True)
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(staged.glob("*.qmd"))}
    texts = {path: text for path, text in texts.items() if not text.startswith("---\n")}  # finished before
    bodies = pandoc.bodies_of({p.stem: include(text, staged) for p, text in texts.items()}, language, store)
    for path, text in texts.items():
        body, _ = bodies[path.stem]
        page = (rendered / f"{path.stem}.html").read_text(encoding="utf-8")
        shell, inside = (part.replace("$", "$$") for part in (page, body))
        shell = shell.replace(inside, "$body$")
        (staged / SHELLS / f"{path.stem}.html").write_bytes(shell.encode())
        title = html.unescape(page.partition("<title>")[2].partition("</title>")[0])
        template = {"html": {"template": f"{SHELLS}/{path.stem}.html"}}
        head = {"pagetitle": title, "scroll": words("page", language)["scroll"], "format": template}
        path.write_bytes(f"---\n{_yaml(head)}---\n\n{text}".encode())
    shutil.copyfile(pandoc.FILTER, staged / pandoc.FILTER.name)
    shutil.copyfile(rendered / INDEX, staged / INDEX)
    for profile in staged.glob("_quarto-*.yml"):
        profile.unlink()
    (staged / "_quarto.yml").write_bytes(_yaml(settings).encode())


def _yaml(settings: dict[str, Any]) -> str:
    return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)


def render(staged: Path, language: str, out: Path, store: Store | None = None) -> list[str]:
    """Render every page of `staged` into `out` and return the names of the pages."""
    quarto = shutil.which("quarto")
    if quarto is None:
        raise OswError("Quarto is not on the path. Install it, or use --renderer pandoc.")
    with tempfile.TemporaryDirectory() as folder:
        names = pandoc.render(staged, language, Path(folder), store=store)
        prepare(staged, language, Path(folder), store)
    command = [quarto, "render", str(staged), "--output-dir", str(out.resolve())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-15:])
        raise OswError(f"Quarto failed on the {language} pages; --renderer pandoc works without it.\n{tail}")
    return names
