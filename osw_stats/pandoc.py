"""Pandoc as its wheel carries it: no other one of the path, and nothing of the user's home or environment."""

import importlib.util
import json
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain
from pathlib import Path

SCRIPT = Path(__file__).with_name("convert.lua")
WORKERS = 2
COLUMNS = 100_000  # no line is broken for its length
TAB = 4  # columns, as Pandoc itself has it
Made = tuple[bool, str]  # whether it went well, and the result or why not


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
    texts: Sequence[str], reader: str, writer: str, lua_filter: Path, meta: Sequence[Mapping[str, str]]
) -> list[Made]:
    """Convert texts, each with its metadata, in as many processes as work at once: starting one costs most."""
    asked = {"from": reader, "to": writer, "filter": str(lua_filter), "columns": COLUMNS}
    order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
    parts = [order[first::WORKERS] for first in range(min(WORKERS, len(order)))]  # each as long as the other

    def work(part: list[int]) -> list[Made]:
        given = [{"text": texts[at].expandtabs(TAB), "meta": meta[at]} for at in part]
        # in this mode Pandoc takes its data from HOME, where there is nothing
        done = _run([str(program()), "lua", str(SCRIPT)], json.dumps(asked | {"texts": given}))
        made: list[Made] = (
            json.loads(done.stdout) if not done.returncode else [(False, told(done))] * len(part)
        )
        return made

    with ThreadPoolExecutor(WORKERS) as pool:
        made = chain.from_iterable(pool.map(work, parts))
        return [one for _, one in sorted(zip(chain.from_iterable(parts), made, strict=True))]


def _run(line: list[str], text: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - the wheel's own program, no shell
        line, input=text.encode(), capture_output=True, env=environment(), check=False
    )


def told(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what Pandoc complained of."""
    return done.stderr.decode("utf-8", errors="replace").strip()
