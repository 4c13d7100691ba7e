"""Pandoc from its wheel: never another one on the path, and nothing from the user's home or environment."""

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
ROOM = ("+RTS", "-A128m", "-RTS")  # collects garbage less often: an eighth less time for many texts
TAB = 4  # columns, as Pandoc itself has it
Text = tuple[str, Mapping[str, str]]  # with its metadata
# whether it succeeded, the result or the error, and the tree where requested
Made = tuple[bool, str, str]


@cache
def program() -> Path:
    """Return the program in the wheel."""
    wheel = importlib.util.find_spec("pypandoc")  # not imported, since that would look for other programs too
    assert wheel is not None and wheel.origin is not None  # the lock file holds it  # noqa: S101
    return Path(wheel.origin).parent / "files" / "pandoc"


def command(arguments: Sequence[str], *, runtime: Sequence[str] = ()) -> list[str]:
    """Return the command line with these arguments for Pandoc, and these for the Haskell runtime."""
    rts = ["+RTS", *runtime, "-RTS"] if runtime else []
    return [str(program()), *rts, f"--data-dir={program().parent}", *arguments]


def environment() -> dict[str, str]:
    """Return the environment that Pandoc runs in: without templates, reference files or settings of the user."""
    return {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PATH": "", "HOME": str(program().parent)}


def run(arguments: Sequence[str], text: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run Pandoc on a text."""
    return _run(command(arguments), text)


def convert(
    texts: Sequence[Text], reader: str, writer: str, lua_filter: Path | None, trees: Collection[str] = ()
) -> list[Made]:
    """Convert texts, each with its metadata, in parallel processes; for `trees`, return the syntax tree as well."""
    request: dict[str, Any] = {"from": reader, "to": writer}
    if lua_filter:
        request["filter"] = str(lua_filter)
    documents = [{"text": text.expandtabs(TAB), "meta": meta, "tree": text in trees} for text, meta in texts]

    def work(share: list[int]) -> list[Made]:
        if not share:
            return []
        # in this mode Pandoc takes its data from HOME, which has none
        texts_of = {"texts": [documents[index] for index in share]}
        done = _run([str(program()), *ROOM, "lua", str(SCRIPT)], json.dumps(request | texts_of))
        return [(False, error_message(done), "")] * len(share) if done.returncode else json.loads(done.stdout)

    # longest first, dealt out in turn, so that each process has about the same work
    places = sorted(range(len(documents)), key=lambda index: -len(texts[index][0]))
    shares = [places[n::WORKERS] for n in range(WORKERS)]
    results: dict[int, Made] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        for share, part in zip(shares, pool.map(work, shares), strict=True):
            results |= zip(share, part, strict=True)
    return [results[index] for index in range(len(documents))]


def _run(line: list[str], text: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - the wheel's own program, no shell
        line, input=text.encode(), capture_output=True, env=environment(), check=False
    )


def error_message(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the error message of Pandoc."""
    return done.stderr.decode("utf-8", errors="replace").strip()
