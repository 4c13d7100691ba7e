"""Check pages against the figures of their world, and against other text on the same page.

Nothing of the product is used: `read` parses texts, figures are looked up in the tidy table by key. A check does
not depend on the origin of a sentence, only on whether it can be true. `patterns.yml` holds the patterns to find
them. Pages are texts by language and name, as are the words of charts.
"""

import re
from itertools import groupby

from tests.worlds.facts import HELP, PATTERNS, SEXTORTION, Finding, Paragraph
from tests.worlds.read import blocks, limits, numbers, read_number
from tests.worlds.sentence_checks import CHECKS, broken, ordered


def judge_text(text, language, facts, **about):
    """Return the contradictions of one paragraph, item, caption or alt text; `about` as in `Paragraph`."""
    paragraph = Paragraph(text, language, facts, **about)
    findings = (Finding(k, paragraph.page, language, text, why) for c in CHECKS for k, why in c(paragraph))
    return list(dict.fromkeys(findings))


def judge_row(row, language, facts, page):
    """Yield the contradictions within one row of a table."""
    for cell in (Paragraph(cell, language, facts) for cell in row.cells):
        for kind, why in (*broken(cell), *ordered(cell)):
            yield Finding(kind, page, language, row.text, why)
    if arrow := PATTERNS["arrow", language].search(row.text):
        old, new = (read_number(g, language)[0] for g in arrow.groups())
        for stated in numbers(row.text[arrow.end() :], language)[:1] if old else ():
            real, slack = 100 * (new / old - 1), stated.half + 50 * (0.5 / old + 0.5 / max(old, 1)) + 0.1
            if abs(real - stated.value) > slack:
                why = f"from {old:g} to {new:g} is {real:.1f} percent, not {stated.value:g}"
                yield Finding("direction", page, language, row.text, why)


def judge_table(rows, language, page):
    """Yield the contradictions between rows of one table: parts that do not add up."""
    heads = rows[0].heads
    share = next((h for h in heads if h.startswith(("Aandeel in procent", "Share in percent"))), None)
    year = next((h for h in heads if h in ("Jaar", "Year")), None)
    cells = (dict(zip(heads, row.cells, strict=False)) for row in rows)
    complete = [row for row in cells if {share, year} <= set(row)]
    for label, group in groupby(complete, key=lambda row: row[year]):
        shares = [n.value for row in group for n in numbers(row[share], language)[:1]]
        possible = all(0 <= n <= 100 for n in shares)
        if shares and (abs(sum(shares) - 100) > 0.05 * len(shares) + 0.01 or not possible):
            yield Finding("parts", page, language, f"{share} {label}", f"shares {shares} make no hundred")


def pairs_of(page, language, year):
    """Return the limits in a page's table of pairs for the two years of an edition."""
    pairs = {}
    for row in page:
        if row.kind == "row" and f"{year - 1}–{year}" in row.text and "→" in row.text:
            names = [name for name in ("sextortion", "Helpwanted") if name in row.cells[0]]
            for span in [span for cell in row.cells for span in limits(cell, language)][:1]:
                pairs[names[0].lower() if names else row.cells[0]] = span
    return pairs


def judge_charts(charts, facts):
    """Yield the contradictions in the words of charts, and between a title and the rest of its chart."""
    for (language, name), words in charts.items():
        page = f"chart {name.removesuffix('-phone')}"
        gaps = [m[1] for w in words if (m := PATTERNS["gap", language].search(w))]
        short = sum(read_number(g, language)[0] > 0 for g in gaps)
        for text in dict.fromkeys(words):
            yield from judge_text(text, language, facts, page=page)
            m = PATTERNS["both_changes", language].search(text)
            for key, printed in zip((HELP, SEXTORTION), m.groups() if m else (), strict=False):
                step, change = facts.step(key, facts.year), read_number(printed.strip("+.,"), language)[0]
                if step is not None and step * change < 0:
                    yield Finding("direction", page, language, text, f"{key[0]} changed by {step:g}")
            m = PATTERNS["authorities_short", language].search(text)
            if m and gaps and (int(m[1]), int(m[2])) != (short, len(gaps)):
                yield Finding("count", page, language, text, f"the gaps in the chart are {gaps}")


def judge(pages, charts, facts):
    """Return every distinct contradiction in the pages and charts of a world."""
    kept = {k: text for k, text in pages.items() if not PATTERNS["not_ours", "en"].match(k[1])}
    parsed = {k: list(blocks(text)) for k, text in kept.items()}
    pairs = {lang: pairs_of(parsed.get((lang, "trend"), []), lang, facts.year) for lang, _ in parsed}
    findings = []
    for (language, page), content in parsed.items():
        for block in content:
            if block.kind == "row":
                findings += judge_row(block, language, facts, page)
            else:
                about = {"section": block.section, "page": page, "pairs": pairs[language]}
                findings += judge_text(block.text, language, facts, **about)
        for kind, group in groupby(content, key=lambda b: b.kind):
            findings += judge_table(list(group), language, page) if kind == "row" else ()
        for section, group in groupby(content, key=lambda b: b.section):
            findings += judge_section(section, list(group), page, language)
    return list(dict.fromkeys([*findings, *judge_charts(charts, facts), *judge_languages(parsed)]))


def judge_section(section, content, page, language):
    """Check a heading and an introduction against the table below them."""
    rows = [b for b in content if b.kind == "row"]
    m = PATTERNS["rows_under", language].search(section)
    if rows and page == "changes" and m and len(rows) != int(m[1]):
        yield Finding("count", page, language, section, f"{len(rows)} rows under it")
    for block in content:
        if PATTERNS["of_none", language].search(block.text):
            yield Finding("count", page, language, block.text, "of none, as if of some")


def judge_languages(parsed):
    """Compare both languages of a page: the same numbers, block by block."""
    for page in (page for language, page in parsed if language == "nl" and ("en", page) in parsed):
        both = [[b.text for b in parsed[lang, page] if b.kind in ("text", "alt")] for lang in ("nl", "en")]
        for nl, en in zip(*both, strict=True) if len(both[0]) == len(both[1]) else ():
            digits = [sorted(re.sub(r"[.,]", "", n) for n in re.findall(r"\d[\d.,]*", t)) for t in (nl, en)]
            if digits[0] != digits[1]:
                yield Finding("twice", page, "nl", nl, f"in English: {en[:120]}")
