"""A run of every fuzz target; `make fuzz` runs them for MINUTES instead of 120 cases, OSW_FUZZ_SEED spoils otherwise.

A genuine file is spoiled: flipped, cut, repeated, exchanged, and given what readers trip over. It is read, or refused
with one of the project's own errors of one line. Everything else is a finding: it is written to build/fuzz/.
"""

import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from osw_stats.errors import OswError
from tests.fuzz.targets import CASES, CONVERTED, TARGETS

NASTY = [text.encode("latin-1") for text in CASES["nasty"]]
NASTY += [text.encode() * times for text, times in CASES["piles"]]
SECONDS = 20  # of processor time for one file; a reader that needs more has no bound
SEED = int(os.environ.get("OSW_FUZZ_SEED", "20240701"))
MINUTES = float(os.environ.get("OSW_FUZZ_MINUTES", "0"))


def mutate(data, draw):
    """Return `data` spoiled in one to five places."""
    content = bytearray(data)
    for _ in range(draw.randint(1, 5)):
        at, kind = draw.randrange(len(content) + 1), draw.randrange(7)
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


def fuzz(name, target, cases, minutes=0.0):
    """Read so many spoiled files, or for so many minutes; return how often each outcome was seen."""
    draw, seen, end = random.Random(f"{name} {SEED}"), Counter(), time.monotonic() + 60 * minutes
    while seen.total() < cases or time.monotonic() < end:
        data = mutate(draw.choice(target.seeds), draw)
        try:
            seen[once(target, data)] += 1
        except BaseException:
            kept = Path("build/fuzz") / f"{name}-{SEED}-{seen.total()}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(data)
            print(f"case {seen.total()} of seed {SEED} is kept in {kept}")
            raise
    return seen


@pytest.mark.parametrize("name", TARGETS)
def test_a_spoiled_file_is_read_or_refused(name):
    target = TARGETS[name]
    assert [once(target, seed) for seed in target.seeds].count("read") >= 1, "a genuine file is read"
    assert fuzz(name, target, 120, MINUTES / len(TARGETS))["refused"] > 0


@pytest.mark.parametrize("form", CONVERTED)
def test_a_spoiled_document_is_read_or_refused(form):
    assert fuzz(form, CONVERTED[form], 5).total() == 5
