"""Hold what pages say against the figures of their world, and against what stands beside it.

Nothing of the product is used: texts are read by `read`, figures looked up in the tidy table by their keys. A
check never asks how a sentence came about, only whether it can be true. `patterns.yml` says how it is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from tests.worlds.read import (
    PLAIN,
    Block,
    Limits,
    Number,
    blocks,
    changes,
    limits,
    numbers,
    read_number,
    sentences,
)

Key = tuple[str, str, str, str]  # series, breakdown, sex, age
POLICE: Key = ("police_reports", "", "total", "total")
HELP: Key = ("helpwanted_requests", "", "total", "total")
GROWTH: Key = ("helpwanted_requests_change", "", "total", "total")
SEXTORTION: Key = ("helpwanted_requests_subject", "subject=sextortion", "total", "total")
SURVEY: Key = ("cbs_osi_12m", "", "total", "16+")
GIRLS: Key = ("cbs_osi_12m", "", "female", "16-17")
ABUSE: Key = ("police_online_abuse_reports_change", "", "total", "total")
SUBJECTS = {"sextortion": SEXTORTION, "girls": GIRLS, "requests": HELP, "police": POLICE, "survey": SURVEY}
SUBJECTS |= {"abuse": ABUSE}
COUNTS = ("één", "twee", "drie", "vier", "vijf", "one", "two", "three", "four", "five")
PATTERNS = {
    (name, language): re.compile(
        (text if isinstance(text, str) else text[language]).replace("#", f"({PLAIN[language]})")
    )
    for name, text in yaml.safe_load(Path(__file__).with_name("patterns.yml").read_text("utf-8")).items()
    for language in ("nl", "en")
}


@dataclass(frozen=True)
class Finding:
    """One contradiction: its kind, where it stands, the words, and what they contradict."""

    kind: str
    page: str
    language: str
    text: str
    why: str

    def line(self) -> str:
        return f"{self.kind} [{self.page} {self.language}] “{self.text[:300]}” — {self.why}"


@dataclass(frozen=True)
class Facts:
    """The figures a world sees, by key and period, and what is known of their series."""

    year: int
    rows: dict[tuple[Key, str], dict[str, Any]]
    titles: dict[str, dict[str, str]]
    definitions: dict[str, str]  # of the waves of the survey

    def value(self, key: Key, period: int | str) -> float | None:
        """Return a published value; None where there is none."""
        row = self.rows.get((key, str(period)))
        return None if row is None or pd.isna(row["obs_value"]) else float(row["obs_value"])

    def years(self, key: Key) -> list[str]:
        """Return the years of a key that have a value, in order."""
        return sorted(p for k, p in self.of_series(key[0]) if k == key and len(p) == 4)

    def of_series(self, series: str | None, period: str = "") -> list[tuple[Key, str]]:
        """Return the keys and periods of a series that have a value."""
        rows = [(k, p) for k, p in self.rows if k[0] == series and p.startswith(period)]
        return [(k, p) for k, p in rows if self.value(k, p) is not None]

    def titled(self, title: str, language: str) -> str | None:
        return next((s for s, t in self.titles.items() if t[language] == title), None)

    def step(self, key: Key, year: int) -> float | None:
        """Return the change into a year, from the year before; of the survey from its first wave with a figure."""
        if key[0] == SURVEY[0]:
            waves = [self.value(key, p) or 0 for p in self.years(key) if int(p) <= year]
            return waves[-1] - waves[0] if len(waves) > 1 else None
        now, before = self.value(key, year), self.value(key, year - 1)
        if key == ABUSE:  # only its change is published
            return now
        if key == HELP and now is not None and before is None:
            return self.value(GROWTH, year)
        return None if now is None or before is None else now - before


def facts_of(year: int, as_of: str, figures: pd.DataFrame, series: Mapping[str, Mapping[str, Any]]) -> Facts:
    """Return the facts of a world: of every figure the newest vintage that was public on the as-of day."""
    public = figures[figures["role"].eq("main") & figures["known_by"].le(as_of) & figures["region"].eq("NL")]
    rows: dict[tuple[Key, str], dict[str, Any]] = {}
    for row in public.sort_values("known_by", kind="stable").to_dict("records"):
        rows[(row["series_id"], row["breakdown"], row["sex"], row["age"]), row["time_period"]] = row
    breaks = [at[:4] for at, _ in series[SURVEY[0]]["breaks"]]
    definitions = {p: str(sum(at <= p for at in breaks)) for k, p in rows if k == SURVEY}
    return Facts(year, rows, {s: about["title"] for s, about in series.items()}, definitions)


@dataclass(frozen=True)
class Said:
    """One paragraph, item, caption or alt text, with where it stands and what it is held against."""

    text: str
    language: str
    facts: Facts
    section: str = ""
    page: str = ""
    pairs: Mapping[str, Limits] = field(default_factory=dict)

    def all(self, name: str, text: str | None = None) -> list[re.Match[str]]:
        """Find a pattern in the text or a part of it."""
        return list(PATTERNS[name, self.language].finditer(self.text if text is None else text))

    def first(self, name: str, text: str | None = None) -> re.Match[str] | None:
        return PATTERNS[name, self.language].search(self.text if text is None else text)

    def number(self, text: str) -> tuple[float, float]:
        return read_number(text, self.language)

    def changed(self, text: str, word: str) -> tuple[float, float]:
        """Return a change with the sign of its word, and half its last place."""
        value, half = self.number(text)
        return (value if self.first("more", word) else -value), half

    def limits(self, text: str) -> list[Limits]:
        return limits(text, self.language)

    def about(self, before: str, other: Key | None = None) -> Key | None:
        """Return what a sentence is about: the subject named last before a place, or that of the section."""
        for text in (before, self.section):
            named = [(m.start(), key) for name, key in SUBJECTS.items() for m in self.all(name, text)]
            if named:
                return max(named, key=lambda pair: pair[0])[1]
        return POLICE if self.first("of_police", self.section) else other


Contradictions = Iterator[tuple[str, str]]
CHECKS: list[Callable[[Said], Contradictions]] = []


def check(of_text: Callable[[Said], Contradictions]) -> Callable[[Said], Contradictions]:
    CHECKS.append(of_text)
    return of_text


# --- one sentence, in its paragraph -------------------------------------------------------------------------


@check
def broken(t: Said) -> Contradictions:
    """Find what no page prints on purpose."""
    if m := t.first("broken"):
        yield "broken", f"prints “{m[0]}”"


@check
def ordered(t: Said) -> Contradictions:
    """A lower limit lies below its upper one, and a value between its own."""
    for span in t.limits(t.text):
        if span.low > span.high + 1e-9:
            yield "limits", f"{span.low:g} is above {span.high:g}"
    for m in t.all("with_limits"):
        value, half = t.number(m[1])
        for span in t.limits(f"({m[2]})")[:1]:
            slack = 2 * half + span.half
            if not span.low - slack <= value <= span.high + slack:
                yield "limits", f"{m[1]} lies outside {m[2]}"


@check
def margin_of_value(t: Said) -> Contradictions:
    """The margin said after a value holds it, where both have the same unit."""
    for m in t.all("margin"):
        rest = t.text[m.end() :]
        span = next((span for span in t.limits(rest) if span.start == 0), None)
        unit = t.first("unit", rest[span.end :]) if span else None
        if not span or not unit:
            continue
        before = numbers(t.text[: m.start()], t.language)
        for said in [n for n in before if re.match(rf"\s*{unit[1]}\b", t.text[n.end :])][-1:]:
            low, high = span.low - 2 * said.half, span.high + 2 * said.half
            if not low <= abs(said.value) <= high and not low <= said.value <= high:
                yield "limits", f"{said.value:g} lies outside its margin {span.low:g} to {span.high:g}"


@check
def one_in(t: Said) -> Contradictions:
    """A share and its "1 in k" are the same."""
    for m in t.all("one_in"):
        share, half = t.number(m[1])
        if not 100 / (share + half) - 0.5 <= int(m[2]) <= 100 / max(share - half, 1e-9) + 0.5:
            yield "one_in", f"{m[1]} percent is 1 in {100 / max(share, 1e-9):.1f}, not 1 in {m[2]}"


@check
def possible(t: Said) -> Contradictions:
    """No more than a hundred of every hundred, and no share of a whole beyond it."""
    for m in [*t.all("of_hundred"), *t.all("of_people")]:
        for part in filter(None, m.groups()):
            if not 0 <= t.number(part)[0] <= 100:
                yield "impossible", m[0]


@check
def sign_before_word(t: Said) -> Contradictions:
    """A number with a sign is not followed or preceded by a word of direction; nor is nought."""
    for m in t.all("signed"):
        number = m[1] or m[2]
        if number[0] in "−-":
            yield "direction", f"a sign before a word of direction: {m[0]}"
        elif t.number(number)[0] == 0 and "tot" not in t.text[m.end() : m.end() + 5] and "fte" in m[0]:
            yield "direction", f"nought, and a word of direction: {m[0]}"


@check
def compared(t: Said) -> Contradictions:
    """A change and the two counts it is about agree: "7.1 percent fewer: 4,648 instead of 5,005"."""
    for m in t.all("compared"):
        (change, half), new, old = t.changed(m[1], m[2]), t.number(m[3])[0], t.number(m[4])[0]
        if not old:
            yield "direction", f"a percentage of nought: {m[0]}"
        elif abs((real := 100 * (new / old - 1)) - change) > half + 0.06:
            yield "direction", f"from {old:g} to {new:g} is {real:.1f} percent, not {change:g}"


@check
def against_figures(t: Said) -> Contradictions:
    """A count, a share and the change said of it are those of the table."""
    for key, pattern in ((POLICE, "police_counted"), (HELP, "requests_counted")):
        for m in t.all(pattern):
            now, before = t.facts.value(key, m[1]), t.facts.value(key, m[5])
            growth = t.facts.value(GROWTH, m[1]) if key == HELP else None
            change, half = t.changed(m[3], m[4])
            if now is not None and abs(now - t.number(m[2])[0]) > 0.5:
                yield "twice", f"{key[0]} {m[1]} is {now:g} in the table"
            if now is not None and before:
                if abs((real := 100 * (now / before - 1)) - change) > half + 0.6:
                    kind = "direction" if real * change < 0 else "twice"
                    yield kind, f"from {before:g} to {now:g} is {real:.1f} percent"
            elif growth is not None and abs(growth - change) > half + 0.01:
                yield "twice", f"the growth in the table is {growth:g}"
    for m in t.all("share_said"):
        now = t.facts.value(SURVEY, m[1])
        if now is not None and not abs(now - t.number(m[2])[0]) <= 0.051:
            yield "twice", f"the share of {m[1]} is {now:g} in the table"


@check
def waves(t: Said) -> Contradictions:
    """What is said of two waves of the survey agrees with them, and with its own difference."""
    said = []  # two waves, and whether the second is called higher and lower than the first
    for m in t.all("two_waves"):
        up, down = (bool(t.first(word, m[2])) for word in ("higher", "lower"))
        said.append((m[3], m[1], up, down))
        for span in t.limits(m[4] or "")[:1]:
            if (up and span.low <= 0) or (down and span.high >= 0):
                yield "verdict", f"the difference runs from {span.low:g} to {span.high:g}"
    said += [(m[1], m[2], bool(m[3]), not m[3]) for m in t.all("only_two")]
    for first, second, up, down in said:
        before, now = t.facts.value(SURVEY, first), t.facts.value(SURVEY, second)
        if before is not None and now is not None and ((up and now <= before) or (down and now >= before)):
            yield "direction", f"{before:g} in {first}, {now:g} in {second}"
    for m in t.all("then_and_now"):
        (a, a_half), (b, b_half), (change, half) = (t.number(g) for g in m.groups())
        if abs(b - a - change) > a_half + b_half + half:
            yield "direction", f"from {a:g} to {b:g} is not {change:g}"
    for m in t.all("growth"):
        for span in t.limits(t.text[m.end() :])[:1]:
            if (span.low > 0) == bool(m[1]):
                yield "verdict", f"{m[0]}, and the margin runs from {span.low:g} to {span.high:g}"


@check
def named_direction(t: Said) -> Contradictions:
    """A rise or a fall that is named was one: of what the sentence, or the section, is about."""
    year = t.facts.year
    steps = [(t.about(t.text[: m.start()]), year, 1 if m[1] else -1, True) for m in t.all("step")]
    steps += [(t.about(t.text, GIRLS), 9999, 1 if m[1] else -1, True) for m in t.all("went")[:1]]
    spans, moved = t.limits(t.text), changes(t.text, t.language)
    said = [c for c in moved if not any(span.start <= c.start < span.end for span in spans)]
    said += [Number(1.0 if m[1] else -1.0, 0.5, *m.span()) for m in t.all("moved")]
    for change in said if str(year) in t.text else ():  # figures of other years are not looked up
        rest = t.text[change.end :].lstrip()
        after = (key for name, key in SUBJECTS.items() if PATTERNS[name, t.language].match(rest))
        steps.append((next(after, None) or t.about(t.text[: change.start]), year, change.value, False))
    for key, into, sign, moves in steps:
        step = t.facts.step(key, into) if key else None
        if key and step is not None and (step * sign < 0 or (moves and step == 0)):
            yield "direction", f"{' '.join(key)} changed by {step:g} into {into}"
    if t.first("in_contrast") and len(moved) > 1 and (moved[0].value >= 0) == (moved[1].value >= 0):
        yield "contrast", f"“juist”, of {moved[0].value:g} and {moved[1].value:g} percent"


@check
def verdict(t: Said) -> Contradictions:
    """A verdict agrees with the limits that stand nearest to it in the paragraph."""
    last: Limits | None = None
    claimed_beyond = False
    for sentence in sentences(t.text):
        spans = [s for s in t.limits(sentence) if t.first("more_or_fewer", sentence[s.start : s.end])]
        within, beyond = t.first("within", sentence), t.first("beyond", sentence)
        if within and not spans and t.first("condition", sentence.replace(within[0], "", 1)):
            within = None  # "lies within ordinary variation once counts vary more than": no verdict
        if m := t.first("other_than", sentence):
            if spans and claimed_beyond and not spans[0].holds_nought:
                low, high = spans[0].low, spans[0].high
                yield "contrast", f"{m[0]}, but there the limits are {low:g} to {high:g}: as before"
        elif place := beyond or within:
            claimed_beyond = bool(beyond)
            near = min(spans, key=lambda span: abs(span.start - place.end()), default=last)
            # the latter is judged against the table of pairs
            if near and not t.first("the_latter", sentence) and near.holds_nought == claimed_beyond:
                yield "verdict", f"the limits are {near.low:g} to {near.high:g}"
        last = spans[-1] if spans else last


@check
def latter(t: Said) -> Contradictions:
    """ "The latter may be ordinary variation" agrees with the row of the table of pairs."""
    m, span, both = t.first("latter"), t.pairs.get("sextortion"), t.pairs.get("helpwanted")
    if m is None or span is None or "sextortion" not in t.text:
        return
    if bool(m[1]) != span.holds_nought:
        yield "verdict", f"the table of pairs has {span.low:g} to {span.high:g} for sextortion"
    as_well = "Ook" in m[0] or "as well" in t.text
    if not m[1] and both is not None and both.holds_nought and as_well:
        why = f"“as well”, but the table of pairs has {both.low:g} to {both.high:g} for all requests"
        yield "contrast", why


@check
def absent(t: Said) -> Contradictions:
    """What is said not to be published, counted or derived is not in the table."""
    looked_up: list[tuple[Key | None, str]] = [(HELP, m[1]) for m in t.all("derived")]
    before = ""
    for sentence in sentences(t.text):
        year = t.first("year", sentence)
        if year and t.first("unpublished", sentence) and not t.first("distribution", sentence):
            looked_up.append((t.about(before + sentence), year[0]))
        before += sentence + " "
    for key, period in looked_up:
        if key and (now := t.facts.value(key, period)) is not None:
            yield "absent", f"{' '.join(key)} {period} is in the table: {now:g}"


@check
def absent_by_title(t: Said) -> Contradictions:
    """A series that a list of gaps names by its title lacks the figure that the list says it lacks."""
    there: list[tuple[Key, str]] = []
    for m in t.all("no_figure"):
        known = t.facts.of_series(t.facts.titled(m[1], t.language))
        there += [pair for pair in known if pair[1].startswith(m[4])][-1:]
        latest = max((p for _, p in known), default="")
        if m[5][:4] >= m[4] or (latest > m[5] and latest[:4] != m[5][:4]):
            yield (
                "absent",
                f"the latest is said to be of {m[5]}, and there is none for {m[4]}; it is of {latest}",
            )
    for m in t.all("no_figure_because"):
        if m[2] is None:
            known = t.facts.of_series(t.facts.titled(m[1], t.language), m[4])
            there += [(k, p) for k, p in known if k[1:] == ("", "total", "total") and p == m[4]]
    for key, period in there:
        yield "absent", f"{key[0]} {period} is in the table: {t.facts.value(key, period):g}"


@check
def counted(t: Said) -> Contradictions:
    """Counts in words and digits agree with what is counted."""
    if (m := t.first("dots")) and (listed := len(t.all("listed_wave"))) != int(m[1]):
        yield "count", f"{m[1]} waves, {listed} listed"
    rows = [t.facts.rows[POLICE, year] | {"year": year} for year in t.facts.years(POLICE)]
    exact = [row["year"] for row in rows if row["lower"] == row["upper"]]
    m = t.first("exact_totals")
    if m and m[1].lower() in COUNTS and COUNTS.index(m[1].lower()) % 5 + 1 != len(exact):
        yield "count", f"exact yearly totals of police reports in the table: {exact}"
    known, m = t.facts.definitions, t.first("concept_changed")
    if m and known.get(m[1], "") == known.get(m[2]):
        yield "count", f"the definition is the same in {m[1]} and {m[2]}"


@check
def of_the_year(t: Said) -> Contradictions:
    """What is said of a year agrees with the year of the edition."""
    for m in t.all("headline_year") if t.page in ("index", "summary") else ():
        if int(m[m.lastindex or 1]) > t.facts.year:
            yield "year", f"a headline on {m[m.lastindex or 1]} in the edition on {t.facts.year}"


@check
def parts(t: Said) -> Contradictions:
    """A part is no more than its whole, and what is left of it is what the text says."""
    for m in filter(None, map(t.first, ("part_of_requests", "part_of_people"))):
        if t.number(m[2])[0] > t.number(m[1])[0]:
            yield "parts", f"{m[2]} of {m[1]}"
    for piece in t.text.split(";") if t.first("two_points") else ():
        said = [n.value for n in numbers(piece, t.language)][-3:]
        over = t.first("over", piece)
        if len(said) == 3 and abs((said[0] - said[1]) * (1 if over else -1) - said[2]) > 0.15:
            yield "parts", f"{said[1]:g} needed and {said[0]:g} there do not differ by {said[2]:g}"


def judge_text(text: str, language: str, facts: Facts, **about: Any) -> list[Finding]:
    """Return the contradictions of one paragraph, item, caption or alt text; `about` is as in `Said`."""
    said = Said(text, language, facts, **about)
    found = (Finding(k, said.page, language, text, why) for c in CHECKS for k, why in c(said))
    return list(dict.fromkeys(found))


# --- tables and charts --------------------------------------------------------------------------------------


def judge_row(row: Block, language: str, facts: Facts, page: str) -> Iterator[Finding]:
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


def judge_table(rows: Sequence[Block], language: str, page: str) -> Iterator[Finding]:
    """Yield the contradictions between the rows of one table: parts that do not add up to their whole."""
    heads = rows[0].heads
    share = next((h for h in heads if h.startswith(("Aandeel in procent", "Share in percent"))), None)
    year = next((h for h in heads if h in ("Jaar", "Year")), None)
    if share is None or year is None:
        return
    whole = [
        cells for row in rows if {share, year} <= set(cells := dict(zip(heads, row.cells, strict=False)))
    ]
    for of_year, group in groupby(whole, key=lambda cells: cells[year]):
        shares = [n.value for cells in group for n in numbers(cells[share], language)[:1]]
        possible = all(0 <= n <= 100 for n in shares)
        if shares and (abs(sum(shares) - 100) > 0.05 * len(shares) + 0.01 or not possible):
            why = f"shares {shares} do not make a hundred"
            yield Finding("parts", page, language, f"{share} {of_year}", why)


def pairs_of(page: Sequence[Block], language: str, year: int) -> dict[str, Limits]:
    """Return what the table of pairs of a page has for the two years of an edition."""
    pairs: dict[str, Limits] = {}
    for row in page:
        if row.kind == "row" and f"{year - 1}–{year}" in row.text and "→" in row.text:
            names = [name for name in ("sextortion", "Helpwanted") if name in row.cells[0]]
            for span in [span for cell in row.cells for span in limits(cell, language)][:1]:
                pairs[names[0].lower() if names else row.cells[0]] = span
    return pairs


def judge_charts(charts: Mapping[tuple[str, str], Sequence[str]], facts: Facts) -> Iterator[Finding]:
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


# --- a whole world ------------------------------------------------------------------------------------------


def judge(
    pages: Mapping[tuple[str, str], str], charts: Mapping[tuple[str, str], Sequence[str]], facts: Facts
) -> list[Finding]:
    """Return every contradiction of the pages and charts of a world, each once."""
    ours = {which: text for which, text in pages.items() if not PATTERNS["not_ours", "en"].match(which[1])}
    read = {which: list(blocks(text)) for which, text in ours.items()}
    pairs = {lang: pairs_of(read.get((lang, "trend"), []), lang, facts.year) for lang, _ in read}
    findings: list[Finding] = []
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


def judge_section(section: str, of_section: Sequence[Block], page: str, language: str) -> Iterator[Finding]:
    """Hold a heading and an introduction against the table under it."""
    rows = [b for b in of_section if b.kind == "row"]
    m = PATTERNS["rows_under", language].search(section)
    if rows and page == "changes" and m and len(rows) != int(m[1]):
        yield Finding("count", page, language, section, f"{len(rows)} rows under it")
    for block in of_section:
        if PATTERNS["of_none", language].search(block.text):
            yield Finding("count", page, language, block.text, "of none, as if of some")


def judge_languages(read: Mapping[tuple[str, str], list[Block]]) -> Iterator[Finding]:
    """Hold both languages of a page against each other: the same numbers, block by block."""
    for page in (page for language, page in read if language == "nl" and ("en", page) in read):
        both = [[b.text for b in read[lang, page] if b.kind in ("text", "alt")] for lang in ("nl", "en")]
        for nl, en in zip(*both, strict=True) if len(both[0]) == len(both[1]) else ():
            digits = [sorted(re.sub(r"[.,]", "", n) for n in re.findall(r"\d[\d.,]*", t)) for t in (nl, en)]
            if digits[0] != digits[1]:
                yield Finding("twice", page, "nl", nl, f"in English: {en[:120]}")
