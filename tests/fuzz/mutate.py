"""Spoil a genuine file: flip, cut, repeat, exchange and insert what readers trip over. Seeded, so it can be repeated."""

import random

NASTY = (
    b"~\x00~\xff\xfe~\xef\xbb\xbf~\r~\n~\"~'~,~;~=1+1~=cmd|' /C calc'!A0~@SUM(A1)~-2+3~{onclick=x}~|~NaN~inf~"
    b"<script>alert(1)</script>~](javascript:alert(1))~#let x = 1~../../../etc/passwd~/dev/zero~1e999~-0~0x10~"
    b"1_000~!!python/object/apply:os.system [ls]~&a [*a]~*a~<<: *a~!!binary x~2001-13-45~9999-99-99~\x1b[2J~"
    b"? [a]\n: b~&amp;#x3c;~<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>~ruim ~een op de ~tussen ~%~"
    # a character cut off, a half, an Arabic three, marks that turn the line
    b"\xe2\x80~\xc2\xbd~\xd9\xa3~\xe2\x80\xae131~\xe2\x80\x8f"
).split(b"~")
NASTY += [b"9" * 400, b"9" * 5000, b"[" * 3000, b"{" * 3000, b"(" * 600, b"a" * 20000, b"(a+)+" * 40]


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
