"""Pandoc as its wheel carries it: no other one of the path, and nothing of the user's home or environment."""

import importlib.util
import json
import subprocess
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("convert.lua")
WORKERS = 2
ROOM = ("+RTS", "-A128m", "-RTS")  # before it looks for garbage: an eighth less time for many texts
TAB = 4  # columns, as Pandoc itself has it
Text = tuple[str, Mapping[str, str]]  # with its metadata
# whether it went well, the result or why not, and the tree where it was asked for
Made = tuple[bool, str, str]


@cache
def program() -> Path:
    """Return the program in the wheel."""
    wheel = importlib.util.find_spec("pypandoc")  # found without importing it, which looks for others as well
    assert wheel is not None and wheel.origin is not None  # the lock file holds it  # noqa: S101
    return Path(wheel.origin).parent / "files" / "pandoc"


def command(arguments: Sequence[str], *, runtime: Sequence[str] = ()) -> list[str]:
    """Return the command line that gives Pandoc these arguments, and these to the runtime it is built with."""
    rts = ["+RTS", *runtime, "-RTS"] if runtime else []
    return [str(program()), *rts, f"--data-dir={program().parent}", *arguments]


def environment() -> dict[str, str]:
    """Return the environment that Pandoc runs in: no templates, reference files and settings of the user."""
    return {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PATH": "", "HOME": str(program().parent)}


def run(arguments: Sequence[str], text: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run Pandoc on a text."""
    return _run(command(arguments), text)


def convert(
    texts: Sequence[Text], reader: str, writer: str, lua_filter: Path | None, trees: Collection[str] = ()
) -> list[Made]:
    """Convert texts, each with its metadata, in as many processes as work at once; of some give the tree as well."""
    asked: dict[str, Any] = {"from": reader, "to": writer}
    if lua_filter:
        asked["filter"] = str(lua_filter)
    given = [{"text": text.expandtabs(TAB), "meta": meta, "tree": text in trees} for text, meta in texts]

    def work(share: list[int]) -> list[Made]:
        if not share:
            return []
        # in this mode Pandoc takes its data from HOME, where there is nothing
        texts_of = {"texts": [given[at] for at in share]}
        done = _run([str(program()), *ROOM, "lua", str(SCRIPT)], json.dumps(asked | texts_of))
        return [(False, told(done), "")] * len(share) if done.returncode else json.loads(done.stdout)

    # the longest first and shared out in turn, so that each process has about as much to do
    places = sorted(range(len(given)), key=lambda at: -len(texts[at][0]))
    shares = [places[n::WORKERS] for n in range(WORKERS)]
    made: dict[int, Made] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        for share, part in zip(shares, pool.map(work, shares), strict=True):
            made |= zip(share, part, strict=True)
    return [made[at] for at in range(len(given))]


def _run(line: list[str], text: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - the wheel's own program, no shell
        line, input=text.encode(), capture_output=True, env=environment(), check=False
    )


def told(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what Pandoc complained of."""
    return done.stderr.decode("utf-8", errors="replace").strip()
