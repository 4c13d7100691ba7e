"""Spoil a genuine file: flip, cut, repeat, exchange and insert what readers trip over. Seeded, so it can be repeated."""

from __future__ import annotations

import random

NASTY = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b'"', b"'", b",", b";", b"=1+1", b"=cmd|' /C calc'!A0", b"@SUM(A1)",
    b"-2+3", b"<script>alert(1)</script>", b"](javascript:alert(1))", b"{onclick=x}", b"#let x = 1", b"|", b"../../../etc/passwd",
    b"/dev/zero", b"NaN", b"inf", b"1e999", b"-0", b"9" * 400, b"9" * 5000, b"0x10", b"1_000", "½".encode(), "٣".encode(),
    "\u202e131".encode(), "\u200f".encode(), b"!!python/object/apply:os.system [ls]", b"&a [*a]", b"*a", b"<<: *a", b"!!binary x",
    b"2001-13-45", b"9999-99-99", b"? [a]\n: b", b"[" * 3000, b"{" * 3000, b"(" * 600, b"a" * 20000, b"(a+)+" * 40, b"\x1b[2J",
    b"&amp;#x3c;", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"ruim ", b"een op de ", b"tussen ", b"%", b"\xe2\x80",
]  # fmt: skip


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
        elif kind == 4:
            cells = content.split(b",")
            cells[draw.randrange(len(cells))] = draw.choice(NASTY)
            content = bytearray(b",".join(cells))
        elif kind == 5:
            words = content.split(b" ")
            words[draw.randrange(len(words))] = draw.choice(NASTY)
            content = bytearray(b" ".join(words))
        else:
            content[at:at] = draw.choice(NASTY)
    return bytes(content)
