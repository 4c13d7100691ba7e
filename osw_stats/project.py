"""The project folder, its editions and its languages. Standard library only."""

from pathlib import Path

from osw_stats.errors import InputError

LANGUAGES = ("nl", "en")
OVERALL = ("index", "summary")  # the pages with results of all notebooks


def find_root(start: Path | str | None = None) -> Path:
    """Return the project folder: here or above, else the source of the installed package; InputError if there is none."""
    here = Path(start) if start is not None else Path.cwd()
    candidates = [here, *here.resolve().parents]
    if start is None:
        candidates.append(Path(__file__).resolve().parents[1])
    for folder in candidates:
        if (folder / "_quarto.yml").is_file() and (folder / "editions").is_dir():
            return folder.resolve()
    problem = "is not inside an osw_stats project (no _quarto.yml with an editions folder)"
    raise InputError(problem, "Change to the project folder.", file=here)


def editions(root: Path) -> list[int]:
    """Return the years of the existing editions, earliest first."""
    return sorted(int(p.stem) for p in (root / "editions").glob("*.yml") if p.stem.isdigit())


def newest(root: Path) -> int:
    """Return the year of the newest edition; InputError if there is none."""
    years = editions(root)
    if not years:
        raise InputError("holds no edition", "Make one: `osw new-edition YEAR`.", file=root / "editions")
    return years[-1]
