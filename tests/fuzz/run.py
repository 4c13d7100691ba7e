"""Fuzz every reader for so many minutes: python -m tests.fuzz.run --minutes 10 [--seed 1] [--only scenario]

A genuine file is spoiled: flipped, cut, repeated, exchanged, and given what readers trip over. It is read, or refused
with one of the project's own errors of one line. Everything else is a finding: it is written to build/fuzz/ and its
traceback printed.
"""

import argparse
import random
import signal
import tempfile
import time
import traceback
from pathlib import Path

from osw_stats.errors import OswError
from tests.fuzz.targets import CASES, TARGETS

NASTY = [text.encode("latin-1") for text in CASES["nasty"]]
NASTY += [text.encode() * times for text, times in CASES["piles"]]
SECONDS = 20  # of processor time for one file; a reader that needs more has no bound


def mutate(data: bytes, draw: random.Random) -> bytes:
    """Return `data` spoiled in one to five places."""
    content = bytearray(data)
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(content) + 1)
        kind = draw.randrange(7)
        if kind == 0 and content:
            content[min(at, len(content) - 1)] = draw.randrange(256)
        elif kind == 1:
            del content[at : at + draw.choice([1, 2, 10, 200])]
        elif kind == 2:
            content[at:at] = content[at : at + draw.choice([1, 20, 400])]
        elif kind == 3:
            lines = content.split(b"\n")
            a, b = draw.randrange(len(lines)), draw.randrange(len(lines))
            lines[a], lines[b] = lines[b], lines[a]
            content = bytearray(b"\n".join(lines))
        elif kind in (4, 5):  # a cell, or a word
            between = b"," if kind == 4 else b" "
            parts = content.split(between)
            parts[draw.randrange(len(parts))] = draw.choice(NASTY)
            content = bytearray(between.join(parts))
        else:
            content[at:at] = draw.choice(NASTY)
    return bytes(content)


class TooLongError(Exception):
    """A reader did not come back."""


def once(target, data):
    """Read one spoiled file; return "read" or "refused", or raise whatever else the reader does."""

    def ring(*_):
        raise TooLongError

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        with tempfile.TemporaryDirectory() as folder:
            target.read(Path(folder), data)
        return "read"
    except OswError as error:
        text = str(error)
        if "\n" in text or "\x1b" in text or len(text) > 2000:
            raise AssertionError(f"the message is not one bounded line: {text[:300]!r}") from error
        return "refused"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fuzz(name, target, seed, cases=None, until=None):
    """Read spoiled files until there were so many or the time is up; return how often each outcome was seen."""
    draw, seen, number = random.Random(f"{name} {seed}"), {"read": 0, "refused": 0}, 0
    while (cases is None or number < cases) and (until is None or time.monotonic() < until):
        number += 1
        data = mutate(draw.choice(target.seeds), draw)
        try:
            seen[once(target, data)] += 1
        except BaseException:
            kept = Path("build/fuzz") / f"{name}-{seed}-{number}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(data)
            print(f"{name}: case {number} of seed {seed} is kept in {kept}")
            raise
    return seen


def main():
    """Fuzz all targets in turn, and go on after a finding."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    given = parser.parse_args()
    chosen = {n: t for n, t in TARGETS.items() if given.only in (None, n)}
    found = total = 0
    for name, target in chosen.items():
        until, seed = time.monotonic() + 60 * given.minutes / len(chosen), given.seed
        while time.monotonic() < until:
            try:
                seen = fuzz(name, target, seed, until=until)
                total += sum(seen.values())
                print(name, seen, flush=True)
            except Exception:
                found += 1
                traceback.print_exc(limit=-4)
                seed += 1000
    print(f"{total} files without a finding, {found} findings")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
