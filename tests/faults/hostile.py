"""A machine that says otherwise wherever something could be looked up: home, path, working folder, variables."""

import os
from pathlib import Path

from osw_stats.yamlfile import read_yaml

HOSTILE = read_yaml(Path(__file__).with_name("hostile.yml"))


def surroundings(folder: Path, code: Path) -> tuple[Path, dict[str, str]]:
    """Make such a machine in `folder`; return its working folder and the environment that runs the code at `code`."""
    for says, places, names in HOSTILE["files"]:
        for path in (folder / place / name for place in places for name in names):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(HOSTILE["texts"][says].replace("NAME", path.name), encoding="utf-8")
            path.chmod(0o755 if says == "program" else 0o644)
    known = {name: folder / name for name in ("home", "work", "bin", "modules", "jupyter")}
    known |= {"code": code, "path": os.environ["PATH"]}
    return known["work"], {name: value.format(**known) for name, value in HOSTILE["variables"].items()}
