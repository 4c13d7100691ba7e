"""How long the pages take: the whole bilingual site from nothing, again, and with one page changed.

Needs a build (`osw build`); works on a copy of its staged pages. Nothing is run but the renderer and the gate.
"""

import resource
import shutil
import tempfile
import time
from pathlib import Path

from osw_stats.kept.store import Store
from osw_stats.publish.site import gate, pandoc, quarto

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("nl", "en")
COLD, CHANGED = 10.0, 1.0  # seconds that must not be passed


def render(staged: Path, out: Path, kept: Store | None, renderer: str = "pandoc") -> str:
    """Render both languages; return the time on the wall and of the processors, which other work leaves alone."""
    start, before = time.perf_counter(), _processors()
    for at, language in enumerate(LANGUAGES):
        folder = out if at == 0 else out / language
        if renderer == "quarto":
            quarto.render(staged / language, language, folder)
        else:
            pandoc.render(staged / language, language, folder, store=kept)
    if renderer == "pandoc":
        gate.require(out)
    return f"{time.perf_counter() - start:5.2f} s ({_processors() - before:5.2f} s of processors)"


def _processors() -> float:
    """Return seconds of this process and of the Pandocs it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def main() -> None:
    made = next((p for p in sorted((ROOT / "build").glob("*/pages")) if p.is_dir()), None)
    if made is None:
        raise SystemExit("There are no staged pages. Run `osw build` first.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        staged, kept = folder / "staged", Store(folder / "kept")
        shutil.copytree(made, staged)
        pages = sum(1 for _ in staged.rglob("*.qmd"))
        cold = render(staged, folder / "cold", kept)
        same = render(staged, folder / "same", kept)
        page = staged / "nl" / "prevalence.qmd"
        page.write_text(page.read_text(encoding="utf-8") + "\nEen zin.\n", encoding="utf-8")
        changed = render(staged, folder / "changed", kept)
        print(f"{pages} pages in two languages, gate included")
        print(f"from nothing      {cold}, must be under {COLD:.0f} s")
        print(f"nothing changed   {same}")
        print(f"one page changed  {changed}, must be under {CHANGED:.0f} s")
        if quarto.available():
            print(f"Quarto            {render(staged, folder / 'quarto', None, 'quarto')}")


if __name__ == "__main__":
    main()
