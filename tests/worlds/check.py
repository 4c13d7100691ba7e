"""Hold what pages say against the figures of their world, and against what stands beside it.

Nothing of the product is used: texts are read by `read`, figures looked up in the tidy table by their keys. A
check never asks how a sentence came about, only whether it can be true. `patterns.yml` says how it is found.
Pages are texts by language and name, as are the words of charts.
"""

import re
from itertools import groupby

from tests.worlds.facts import HELP, PATTERNS, SEXTORTION, Finding, Said
from tests.worlds.read import blocks, limits, numbers, read_number
from tests.worlds.sentence_checks import CHECKS, broken, ordered


def judge_text(text, language, facts, **about):
    """Return the contradictions of one paragraph, item, caption or alt text; `about` is as in `Said`."""
    said = Said(text, language, facts, **about)
    found = (Finding(k, said.page, language, text, why) for c in CHECKS for k, why in c(said))
    return list(dict.fromkeys(found))


def judge_row(row, language, facts, page):
    """Yield the contradictions inside one row of a table."""
    for cell in (Said(cell, language, facts) for cell in row.cells):
        for kind, why in (*broken(cell), *ordered(cell)):
            yield Finding(kind, page, language, row.text, why)
    if arrow := PATTERNS["arrow", language].search(row.text):
        old, new = (read_number(g, language)[0] for g in arrow.groups())
        for said in numbers(row.text[arrow.end() :], language)[:1] if old else ():
            real, slack = 100 * (new / old - 1), said.half + 50 * (0.5 / old + 0.5 / max(old, 1)) + 0.1
            if abs(real - said.value) > slack:
                why = f"from {old:g} to {new:g} is {real:.1f} percent, not {said.value:g}"
                yield Finding("direction", page, language, row.text, why)


def judge_table(rows, language, page):
    """Yield the contradictions between the rows of one table: parts that do not add up to their whole."""
    heads = rows[0].heads
    share = next((h for h in heads if h.startswith(("Aandeel in procent", "Share in percent"))), None)
    year = next((h for h in heads if h in ("Jaar", "Year")), None)
    cells = (dict(zip(heads, row.cells, strict=False)) for row in rows)
    whole = [row for row in cells if {share, year} <= set(row)]
    for of_year, group in groupby(whole, key=lambda row: row[year]):
        shares = [n.value for row in group for n in numbers(row[share], language)[:1]]
        possible = all(0 <= n <= 100 for n in shares)
        if shares and (abs(sum(shares) - 100) > 0.05 * len(shares) + 0.01 or not possible):
            yield Finding("parts", page, language, f"{share} {of_year}", f"shares {shares} make no hundred")


def pairs_of(page, language, year):
    """Return what the table of pairs of a page has for the two years of an edition."""
    pairs = {}
    for row in page:
        if row.kind == "row" and f"{year - 1}–{year}" in row.text and "→" in row.text:
            names = [name for name in ("sextortion", "Helpwanted") if name in row.cells[0]]
            for span in [span for cell in row.cells for span in limits(cell, language)][:1]:
                pairs[names[0].lower() if names else row.cells[0]] = span
    return pairs


def judge_charts(charts, facts):
    """Yield the contradictions in the words of charts; a chart's title is held against the rest of it."""
    for (language, name), words in charts.items():
        page = f"chart {name.removesuffix('-phone')}"
        gaps = [m[1] for w in words if (m := PATTERNS["gap", language].search(w))]
        short = sum(read_number(g, language)[0] > 0 for g in gaps)
        for text in dict.fromkeys(words):
            yield from judge_text(text, language, facts, page=page)
            m = PATTERNS["both_changes", language].search(text)
            for key, said in zip((HELP, SEXTORTION), m.groups() if m else (), strict=False):
                step, change = facts.step(key, facts.year), read_number(said.strip("+.,"), language)[0]
                if step is not None and step * change < 0:
                    yield Finding("direction", page, language, text, f"{key[0]} changed by {step:g}")
            m = PATTERNS["authorities_short", language].search(text)
            if m and gaps and (int(m[1]), int(m[2])) != (short, len(gaps)):
                yield Finding("count", page, language, text, f"the gaps in the chart are {gaps}")


def judge(pages, charts, facts):
    """Return every contradiction of the pages and charts of a world, each once."""
    ours = {which: text for which, text in pages.items() if not PATTERNS["not_ours", "en"].match(which[1])}
    read = {which: list(blocks(text)) for which, text in ours.items()}
    pairs = {lang: pairs_of(read.get((lang, "trend"), []), lang, facts.year) for lang, _ in read}
    findings = []
    for (language, page), of_page in read.items():
        for block in of_page:
            if block.kind == "row":
                findings += judge_row(block, language, facts, page)
            else:
                about = {"section": block.section, "page": page, "pairs": pairs[language]}
                findings += judge_text(block.text, language, facts, **about)
        for kind, group in groupby(of_page, key=lambda b: b.kind):
            findings += judge_table(list(group), language, page) if kind == "row" else ()
        for section, group in groupby(of_page, key=lambda b: b.section):
            findings += judge_section(section, list(group), page, language)
    return list(dict.fromkeys([*findings, *judge_charts(charts, facts), *judge_languages(read)]))


def judge_section(section, of_section, page, language):
    """Hold a heading and an introduction against the table under it."""
    rows = [b for b in of_section if b.kind == "row"]
    m = PATTERNS["rows_under", language].search(section)
    if rows and page == "changes" and m and len(rows) != int(m[1]):
        yield Finding("count", page, language, section, f"{len(rows)} rows under it")
    for block in of_section:
        if PATTERNS["of_none", language].search(block.text):
            yield Finding("count", page, language, block.text, "of none, as if of some")


def judge_languages(read):
    """Hold both languages of a page against each other: the same numbers, block by block."""
    for page in (page for language, page in read if language == "nl" and ("en", page) in read):
        both = [[b.text for b in read[lang, page] if b.kind in ("text", "alt")] for lang in ("nl", "en")]
        for nl, en in zip(*both, strict=True) if len(both[0]) == len(both[1]) else ():
            digits = [sorted(re.sub(r"[.,]", "", n) for n in re.findall(r"\d[\d.,]*", t)) for t in (nl, en)]
            if digits[0] != digits[1]:
                yield Finding("twice", page, "nl", nl, f"in English: {en[:120]}")
