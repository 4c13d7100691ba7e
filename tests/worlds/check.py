"""Hold what pages say against the figures of their world, and against what stands beside it.

Nothing of the product is used: texts are read by `read`, figures looked up in the tidy table by their keys. A
check never asks how a sentence came about, only whether it can be true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pandas as pd

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
# words by which a reader knows what a sentence is about; the last one before a word of direction counts
SUBJECTS: tuple[tuple[Key, str], ...] = (
    (SEXTORTION, r"sextortion"),
    (GIRLS, r"[Mm]eisjes van 16|[Gg]irls aged 16|[Mm]eisjes van 16-17"),
    (HELP, r"Helpwanted|adviesvragen|requests for advice|Requests: all|Adviesvragen: samen"),
    (POLICE, r"[Dd]e politie kreeg|[Mm]eldingen bij de politie|[Mm]eldingen van seksuele misdrijven"),
    (POLICE, r"the police received|[Rr]eports to the police|[Rr]eports of sexual offences"),
    (SURVEY, r"enquête|survey|dit meemaakten|experienced this"),
    (ABUSE, r"[Mm]eldingen van online seksueel misbruik|[Rr]eports of online sexual abuse"),
)
RISE = r"\b(?:stijging|toename|rise|increase)\b"
STEP = rf"(?:{RISE}|\b(?:daling|afname|fall|decrease|drop)\b)"
# a verb of change that says it happened, not that it may
MOVED = re.compile(
    r"\b(?:(steeg|stegen|gestegen|toegenomen|nam toe|namen toe|rose|grew|increased)"
    r"|(?:daalde|daalden|gedaald|afgenomen|nam af|namen af|fell|declined|decreased))\b(?! within)"
)
UNPUBLISHED = re.compile(r"(?:niet|nooit) (?:gepubliceerd|openbaar)|(?:not|never) (?:published|public)")
WITHIN = re.compile(
    r"binnen de gewone schommeling|niet aantoonbaar veranderd|kan gewone schommeling zijn"
    r"|within ordinary variation|no demonstrable change|may be ordinary variation"
)
BEYOND = re.compile(r"meer (?:veranderd )?dan (?:de )?gewone schommeling|more than ordinary variation")
CONDITION = re.compile(r"\b(?:zodra|once|wanneer|als tellingen|if counts)\b")
MORE_OR_FEWER = re.compile(r"\b(?:meer|minder|more|fewer)\b")
BROKEN = re.compile(
    r"(?<![\w-])(?:nan|NaN|inf|-inf|None(?! of )|NaT|<NA>|Infinity)(?![\w-])|\{[a-z_]+(?::[a-z_]+)?\}"
)
COUNTS = ("één", "twee", "drie", "vier", "vijf", "one", "two", "three", "four", "five")


@dataclass(frozen=True)
class Finding:
    """One contradiction: its kind, where it stands, the words, and what they contradict."""

    kind: str
    page: str
    language: str
    text: str
    why: str

    def line(self) -> str:
        """Return it for a person."""
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
        return sorted(p for k, p in self.rows if k == key and len(p) == 4 and self.value(k, p) is not None)

    def of_series(self, series: str | None, period: str = "") -> list[tuple[Key, str]]:
        """Return the keys and periods of a series that have a value."""
        rows = [(k, p) for k, p in self.rows if k[0] == series and p.startswith(period)]
        return [(k, p) for k, p in rows if self.value(k, p) is not None]

    def titled(self, title: str, language: str) -> str | None:
        """Return the series with a title."""
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
        key = (row["series_id"], row["breakdown"], row["sex"], row["age"])
        rows[key, row["time_period"]] = row
    breaks = [at[:4] for at, _ in series[SURVEY[0]]["breaks"]]
    definitions = {p: str(sum(at <= p for at in breaks)) for k, p in rows if k == SURVEY}
    titles = {s: about["title"] for s, about in series.items()}
    return Facts(year, rows, titles, definitions)


@dataclass(frozen=True)
class Said:
    """One paragraph, item, caption or alt text, with where it stands and what it is held against."""

    text: str
    language: str
    facts: Facts
    section: str = ""
    page: str = ""
    pairs: Mapping[str, Limits] = field(default_factory=dict)

    def all(self, nl: str, en: str) -> list[re.Match[str]]:
        """Find a pattern of its language; "#" is a number."""
        pattern = nl if self.language == "nl" else en
        return list(re.finditer(pattern.replace("#", f"({PLAIN[self.language]})"), self.text))

    def first(self, nl: str, en: str) -> re.Match[str] | None:
        """Find the first place of a pattern of its language."""
        return next(iter(self.all(nl, en)), None)

    def number(self, text: str) -> tuple[float, float]:
        """Return a number and half its last place."""
        return read_number(text, self.language)

    def limits(self, text: str) -> list[Limits]:
        """Return the limits in a part of the text."""
        return limits(text, self.language)

    def about(self, before: str, other: Key | None = None) -> Key | None:
        """Return what a sentence is about: the subject named last before a place, or that of the section."""
        for text in (before, self.section):
            named = [(m.start(), key) for key, words in SUBJECTS for m in re.finditer(words, text)]
            if named:
                return max(named, key=lambda pair: pair[0])[1]
        return POLICE if re.search(r"meldingen bij de politie|reports to the police", self.section) else other


Contradictions = Iterator[tuple[str, str]]
CHECKS: list[Callable[[Said], Contradictions]] = []


def check(of_text: Callable[[Said], Contradictions]) -> Callable[[Said], Contradictions]:
    """Enter a check of a text."""
    CHECKS.append(of_text)
    return of_text


# --- one sentence, in its paragraph -------------------------------------------------------------------------


@check
def broken(t: Said) -> Contradictions:
    """Find what no page prints on purpose."""
    if m := BROKEN.search(t.text):
        yield "broken", f"prints “{m[0]}”"


@check
def ordered(t: Said) -> Contradictions:
    """A lower limit lies below its upper one, and a value between its own."""
    for span in t.limits(t.text):
        if span.low > span.high + 1e-9:
            yield "limits", f"{span.low:g} is above {span.high:g}"
    n = PLAIN[t.language]
    for m in re.finditer(rf"(?<![\w.,–])({n}) \(((?:{n})(?:–| tot | to )(?:{n}))\)", t.text):
        value, half = t.number(m[1])
        for span in t.limits(f"({m[2]})")[:1]:
            slack = 2 * half + span.half
            if not span.low - slack <= value <= span.high + slack:
                yield "limits", f"{m[1]} lies outside {m[2]}"


@check
def margin_of_value(t: Said) -> Contradictions:
    """The margin said after a value holds it, where both have the same unit."""
    units = r"\s*(procentpunt|procent|percentage points|percent|fte|miljoen|million)"
    for m in re.finditer(r"(?:[Mm]arge|[Mm]argin|Speelruimte|Range)(?: (?:als|when) [^:.]*)?: ", t.text):
        spans = [span for span in t.limits(t.text[m.end() :]) if span.start == 0]
        unit = re.match(units, t.text[m.end() + spans[0].end :]) if spans else None
        before = numbers(t.text[: m.start()], t.language) if unit else []
        named = [n for n in before if unit and re.match(rf"\s*{unit[1]}\b", t.text[n.end :])]
        for said in named[-1:]:
            low, high = spans[0].low - 2 * said.half, spans[0].high + 2 * said.half
            if not low <= abs(said.value) <= high and not low <= said.value <= high:
                yield (
                    "limits",
                    f"{said.value:g} lies outside its margin {spans[0].low:g} to {spans[0].high:g}",
                )


@check
def one_in(t: Said) -> Contradictions:
    """A share and its "1 in k" are the same."""
    for m in t.all(r"# procent\b(?:(?!procent).)*?1 op de (\d+)", r"# percent\b(?:(?!percent).)*?1 in (\d+)"):
        share, half = t.number(m[1])
        if not 100 / (share + half) - 0.5 <= int(m[2]) <= 100 / max(share - half, 1e-9) + 0.5:
            yield "one_in", f"{m[1]} percent is 1 in {100 / max(share, 1e-9):.1f}, not 1 in {m[2]}"


@check
def possible(t: Said) -> Contradictions:
    """No more than a hundred of every hundred, and no share of a whole beyond it."""
    of_hundred = t.all(r"#(?: tot #)? van elke honderd", r"#(?: to #)? of every hundred")
    for m in [*of_hundred, *t.all("# procent van de (?:mensen|slachtoffers)", "# percent of people")]:
        for part in filter(None, m.groups()):
            if not 0 <= t.number(part)[0] <= 100:
                yield "impossible", m[0]


@check
def sign_before_word(t: Said) -> Contradictions:
    """A number with a sign is not followed or preceded by a word of direction; nor is nought."""
    unit = r"(?: (?:procent|percent|fte|euro|euros))+"
    nl = rf"#{unit} (?:meer|minder)\b(?! groei)|# fte meer groei"
    for m in t.all(nl, rf"#{unit} (?:more|fewer|less)\b(?! growth)|# fte more growth"):
        number = m[1] or m[2]
        if number[0] in "−-":
            yield "direction", f"a sign before a word of direction: {m[0]}"
        elif t.number(number)[0] == 0 and "tot" not in t.text[m.end() : m.end() + 5] and "fte" in m[0]:
            yield "direction", f"nought, and a word of direction: {m[0]}"


@check
def compared(t: Said) -> Contradictions:
    """A change and the two counts it is about agree: "7.1 percent fewer: 4,648 instead of 5,005"."""
    nl = r"# procent (meer|minder): # in plaats van #"
    for m in t.all(nl, r"# percent (more|fewer): # instead of #"):
        (change, half), (new, _), (old, _) = (t.number(m[i]) for i in (1, 3, 4))
        change = change if m[2] in ("meer", "more") else -change
        if not old:
            yield "direction", f"a percentage of nought: {m[0]}"
        elif abs(100 * (new / old - 1) - change) > half + 0.06:
            yield (
                "direction",
                f"from {old:g} to {new:g} is {100 * (new / old - 1):.1f} percent, not {change:g}",
            )


COUNTED = {
    POLICE: (
        r"politie kreeg in (\d{4}) # meldingen.*?: # procent (meer|minder) dan in (\d{4})",
        r"In (\d{4}) the police received # reports.*?: # percent (more|fewer) than in (\d{4})",
    ),
    HELP: (
        r"Helpwanted kreeg in (\d{4}) # adviesvragen, # procent (meer|minder) dan in (\d{4})",
        r"In (\d{4}) Helpwanted received # requests for advice, # percent (more|fewer) than in (\d{4})",
    ),
}


@check
def against_figures(t: Said) -> Contradictions:
    """A count, a share and the change said of it are those of the table."""
    for key, pattern in COUNTED.items():
        for m in t.all(*pattern):
            now, before = t.facts.value(key, m[1]), t.facts.value(key, m[5])
            growth = t.facts.value(GROWTH, m[1]) if key == HELP else None
            change, half = t.number(m[3])
            change = change if m[4] in ("meer", "more") else -change
            if now is not None and abs(now - t.number(m[2])[0]) > 0.5:
                yield "twice", f"{key[0]} {m[1]} is {now:g} in the table"
            if now is not None and before:
                real = 100 * (now / before - 1)
                if abs(real - change) > half + 0.6:
                    kind = "direction" if real * change < 0 else "twice"
                    yield kind, f"from {before:g} to {now:g} is {real:.1f} percent"
            elif growth is not None and abs(growth - change) > half + 0.01:
                yield "twice", f"the growth in the table is {growth:g}"
    for m in t.all(
        r"In (\d{4}) zei # procent van de mensen", r"In (\d{4}), # percent (?:of people|said they)"
    ):
        now = t.facts.value(SURVEY, m[1])
        if now is not None and not abs(now - t.number(m[2])[0]) <= 0.051:
            yield "twice", f"the share of {m[1]} is {now:g} in the table"


@check
def waves(t: Said) -> Contradictions:
    """What is said of two waves of the survey agrees with them, and with its own difference."""
    rest = r"[;:]? ?((?:(?!\. ).)*?(?:procentpunt|percentage points))?"
    nl = rf"In (\d{{4}}) was het(?: cijfer)? ([^;:.]*?) dan in (\d{{4}}){rest}"
    for m in t.all(nl, rf"In (\d{{4}}) (?:the figure|it) was ([^;:.]*?) (?:than in|from) (\d{{4}}){rest}"):
        now, before = t.facts.value(SURVEY, m[1]), t.facts.value(SURVEY, m[3])
        up, down = (bool(re.search(word, m[2])) for word in ("hoger|higher", "lager|lower"))
        if now is not None and before is not None and ((up and now <= before) or (down and now >= before)):
            yield "direction", f"{before:g} in {m[3]}, {now:g} in {m[1]}"
        for span in t.limits(m[4] or "")[:1]:
            if (up and span.low <= 0) or (down and span.high >= 0):
                yield "verdict", f"the difference runs from {span.low:g} to {span.high:g}"
    nl = r"alleen (\d{4}) en (\d{4})(?: noemt)?,?(?: leest)? (?:een )?(?:(groei)|daling)"
    for m in t.all(nl, r"only (\d{4}) and (\d{4}),?(?: reads)? (?:a )?(?:(growth)|fall)"):
        before, now = t.facts.value(SURVEY, m[1]), t.facts.value(SURVEY, m[2])
        if before is not None and now is not None and (now <= before if m[3] else now >= before):
            yield "direction", f"{before:g} in {m[1]}, {now:g} in {m[2]}"
    nl = r"Toen zei # procent.*?in \d{4} # procent\. Het verschil is # procentpunt"
    for m in t.all(
        nl, r"(?:Then|In that year) # percent.*?in \d{4} # percent\. The difference is # percentage points"
    ):
        (a, a_half), (b, b_half), (change, half) = (t.number(g) for g in m.groups())
        if abs(b - a - change) > a_half + b_half + half:
            yield "direction", f"from {a:g} to {b:g} is not {change:g}"
    for m in t.all(
        r"Groei sinds \d{4} is (niet )?aangetoond", r"Growth since \d{4} (?:is (not )?|has been )demonstrated"
    ):
        for span in t.limits(t.text[m.end() :])[:1]:
            if (span.low > 0) == bool(m[1]):
                yield "verdict", f"{m[0]}, and the margin runs from {span.low:g} to {span.high:g}"


@check
def named_direction(t: Said) -> Contradictions:
    """A rise or a fall that is named was one: of what the sentence, or the section, is about."""
    year, steps = t.facts.year, []
    for m in t.all(f"(?:[Dd]e|[Dd]ie|[Dd]eze) {STEP}", f"(?:[Tt]he|[Tt]hat|[Tt]his) {STEP}"):
        steps.append((t.about(t.text[: m.start()]), year, 1 if re.search(RISE, m[0]) else -1, True))
    if m := t.first("ging het gepubliceerde cijfer om(laag|hoog)", "the published figure went (down|up)"):
        steps.append((t.about(t.text, GIRLS), 9999, 1 if m[1] in ("hoog", "up") else -1, True))
    spans, moved = t.limits(t.text), changes(t.text, t.language)
    said = [c for c in moved if not any(span.start <= c.start < span.end for span in spans)]
    said += [Number(1.0 if m[1] else -1.0, 0.5, *m.span()) for m in MOVED.finditer(t.text)]
    for change in said if str(year) in t.text else ():  # figures of other years are not looked up
        after = (key for key, words in SUBJECTS if re.match(rf"\s*(?:{words})", t.text[change.end :]))
        steps.append((next(after, None) or t.about(t.text[: change.start]), year, change.value, False))
    for key, into, sign, moves in steps:
        step = t.facts.step(key, into) if key else None
        if key and step is not None and (step * sign < 0 or (moves and step == 0)):
            yield "direction", f"{' '.join(key)} changed by {step:g} into {into}"
    if re.search(r"\bjuist\b", t.text) and len(moved) > 1 and (moved[0].value >= 0) == (moved[1].value >= 0):
        yield "contrast", f"“juist”, of {moved[0].value:g} and {moved[1].value:g} percent"


@check
def verdict(t: Said) -> Contradictions:
    """A verdict agrees with the limits that stand nearest to it in the paragraph."""
    last: Limits | None = None
    claim = ""
    for sentence in sentences(t.text):
        spans = [s for s in t.limits(sentence) if MORE_OR_FEWER.search(sentence[s.start : s.end])]
        if m := re.search(r"Voor \S+ geldt dat niet|Th(?:at|is) does not hold for \S+", sentence):
            if spans and claim == "beyond" and not spans[0].holds_nought:
                yield (
                    "contrast",
                    f"{m[0]}, but there the limits are {spans[0].low:g} to {spans[0].high:g}: as before",
                )
            last = spans[-1] if spans else last
            continue
        within, beyond = WITHIN.search(sentence), BEYOND.search(sentence)
        if within and not spans and CONDITION.search(sentence[: within.start()] + sentence[within.end() :]):
            within = (
                None  # "lies within ordinary variation once counts vary more than": a condition, no verdict
            )
        if place := beyond or within:
            claim = "beyond" if beyond else "within"
            near = min(spans, key=lambda span: abs(span.start - place.end()), default=last)
            # the latter is judged against the table of pairs
            latter = re.search(r"[Dd]at laatste|[Tt]he latter", sentence)
            if near is not None and not latter and near.holds_nought == bool(beyond):
                yield "verdict", f"the limits are {near.low:g} to {near.high:g}"
        last = spans[-1] if spans else last


@check
def latter(t: Said) -> Contradictions:
    """ "The latter may be ordinary variation" agrees with the row of the table of pairs."""
    nl = "Dat laatste (kan gewone)|Ook dat laatste is meer"
    m = t.first(nl, "The latter (?:(may be ordinary)|is more)")
    span, both = t.pairs.get("sextortion"), t.pairs.get("helpwanted")
    if m is None or span is None or "sextortion" not in t.text:
        return
    if bool(m[1]) != span.holds_nought:
        yield "verdict", f"the table of pairs has {span.low:g} to {span.high:g} for sextortion"
    as_well = "Ook" in m[0] or "as well" in t.text
    if not m[1] and both is not None and both.holds_nought and as_well:
        yield (
            "contrast",
            f"“as well”, but the table of pairs has {both.low:g} to {both.high:g} for all requests",
        )


@check
def absent(t: Said) -> Contradictions:
    """What is said not to be published, counted or derived is not in the table."""
    looked_up: list[tuple[Key | None, str]] = []
    before = ""
    for sentence in sentences(t.text):
        year = re.search(r"\b(?:19|20)\d\d\b", sentence)
        if year and UNPUBLISHED.search(sentence) and not re.search(r"distribution|verspreiding", sentence):
            looked_up.append((t.about(before + sentence), year[0]))
        before += sentence + " "
    derived = t.all(r"totaal van (\d{4}) (?:volgt uit|is afgeleid)", r"total (?:of|for) (\d{4}) is derived")
    looked_up += [(HELP, m[1]) for m in derived]
    for key, period in looked_up:
        if key and (now := t.facts.value(key, period)) is not None:
            yield "absent", f"{' '.join(key)} {period} is in the table: {now:g}"


def _there(t: Said, figures: Sequence[tuple[Key, str]]) -> Contradictions:
    for key, period in figures[-1:]:
        yield "absent", f"{key[0]} {period} is in the table: {t.facts.value(key, period):g}"


REASONS = (
    "wordt niet apart geregistreerd|stond niet in wat wij lazen|de uitgever houdt dit cijfer achter|"
    "alleen als bandbreedte gepubliceerd",
    "was not in what we read|withheld by the publisher|published as a range only",
)


@check
def absent_by_title(t: Said) -> Contradictions:
    """A series that a list of gaps names by its title lacks the figure that the list says it lacks."""
    group = r"^(.*?)(?: \(([^()]*), ([^()]*)\))?"
    nl = rf"{group}: geen cijfer over (\d{{4}}) .*?is van (\S+?)\.$"
    for m in t.all(nl, rf"{group}: no figure for (\d{{4}}) .*?is for (\S+?)\.$"):
        there = t.facts.of_series(t.facts.titled(m[1], t.language))
        yield from _there(t, [pair for pair in there if pair[1].startswith(m[4])])
        latest = max((p for _, p in there), default="")
        if m[5][:4] >= m[4] or (latest > m[5] and latest[:4] != m[5][:4]):
            yield (
                "absent",
                f"the latest is said to be of {m[5]}, and there is none for {m[4]}; it is of {latest}",
            )
    for m in t.all(*(rf"{group}: (\d{{4}}(?:-\w+)?), (?:{reasons})\.$" for reasons in REASONS)):
        there = t.facts.of_series(t.facts.titled(m[1], t.language), m[4])
        if m[2] is None:
            yield from _there(
                t, [pair for pair in there if pair[0][1:] == ("", "total", "total") and pair[1] == m[4]]
            )


@check
def counted(t: Said) -> Contradictions:
    """Counts in words and digits agree with what is counted."""
    known, rows = t.facts.definitions, t.facts.rows
    if m := t.first(r"Stippen met marge voor (\d+) rondes?\.", r"Dots with margin for (\d+) waves?\."):
        listed = len(re.findall(r"\b(?:19|20)\d\d: ", t.text))
        if listed != int(m[1]):
            yield "count", f"{m[1]} waves, {listed} listed"
    years = t.facts.years(POLICE)
    exact = [year for year in years if rows[POLICE, year]["lower"] == rows[POLICE, year]["upper"]]
    nl = r"(\w+) precieze jaartotalen gepubliceerd"
    m = t.first(nl, r"(\w+) exact yearly totals were published")
    if m and m[1].lower() in COUNTS and COUNTS.index(m[1].lower()) % 5 + 1 != len(exact):
        yield "count", f"exact yearly totals of police reports in the table: {exact}"
    nl = r"[Tt]ussen (\d{4}) en (\d{4}) veranderde bovendien het begrip"
    m = t.first(nl, r"between (\d{4}) and (\d{4}) the concept of the survey changed")
    if m and known.get(m[1], "") == known.get(m[2]):
        yield "count", f"the definition is the same in {m[1]} and {m[2]}"


@check
def of_the_year(t: Said) -> Contradictions:
    """What is said of a year agrees with the year of the edition."""
    nl = r"^(?:In (\d{4}) zei|(?:De politie|Helpwanted) kreeg in (\d{4}))"
    for m in t.all(nl, r"^In (\d{4})(?:,| the police| Helpwanted) "):
        named = int(m[m.lastindex or 1])
        if t.page in ("index", "summary") and named > t.facts.year:
            yield "year", f"a headline on {named} in the edition on {t.facts.year}"


@check
def parts(t: Said) -> Contradictions:
    """A part is no more than its whole, and what is left of it is what the text says."""
    pairs = [
        (
            r"# adviesvragen,.*?[Oo]ver sextortion.*?: # in plaats van",
            r"# requests for advice,.*?(?:[Oo]n|[Aa]bout) sextortion.*?: # instead of",
        ),
        (
            r"meegemaakt[^:;]*: # mensen[^;]*; waarvan[^:]*: # ",
            r"experienced[^:;]*: # people[^;]*; of which[^:]*: # ",
        ),
    ]
    for m in filter(None, (t.first(*pair) for pair in pairs)):
        if t.number(m[2])[0] > t.number(m[1])[0]:
            yield "parts", f"{m[2]} of {m[1]}"
    if t.first("Per organisatie twee punten", "Two points with a line"):
        for piece in t.text.split(";"):
            said = [n.value for n in numbers(piece, t.language)][-3:]
            over = re.search(r"meer dan nodig|more than needed", piece)
            if len(said) == 3 and abs((said[0] - said[1]) * (1 if over else -1) - said[2]) > 0.15:
                yield "parts", f"{said[1]:g} needed and {said[0]:g} there do not differ by {said[2]:g}"


def judge_text(text: str, language: str, facts: Facts, **about: Any) -> list[Finding]:
    """Return the contradictions of one paragraph, item, caption or alt text; `about` is as in `Said`."""
    said = Said(text, language, facts, **about)
    return list(
        dict.fromkeys(Finding(k, said.page, language, text, why) for c in CHECKS for k, why in c(said))
    )


# --- tables and charts --------------------------------------------------------------------------------------


def judge_row(row: Block, language: str, facts: Facts, page: str) -> Iterator[Finding]:
    """Yield the contradictions inside one row of a table."""
    for cell, look in ((cell, look) for cell in row.cells for look in (broken, ordered)):
        yield from (Finding(k, page, language, row.text, why) for k, why in look(Said(cell, language, facts)))
    if arrow := re.search(rf"({PLAIN[language]}) → ({PLAIN[language]})", row.text):
        old, new = (read_number(g, language)[0] for g in arrow.groups())
        for said in numbers(row.text[arrow.end() :], language)[:1] if old else ():
            real, slack = 100 * (new / old - 1), said.half + 50 * (0.5 / old + 0.5 / max(old, 1)) + 0.1
            if abs(real - said.value) > slack:
                why = f"from {old:g} to {new:g} is {real:.1f} percent, not {said.value:g}"
                yield Finding("direction", page, language, row.text, why)


def judge_table(rows: Sequence[Block], language: str, page: str) -> Iterator[Finding]:
    """Yield the contradictions between the rows of one table: parts that do not add up to their whole."""
    heads = rows[0].heads
    share = next(
        (i for i, h in enumerate(heads) if re.match(r"Aandeel in procent|Share in percent", h)), None
    )
    year = next((i for i, h in enumerate(heads) if h in ("Jaar", "Year")), None)
    if share is None or year is None:
        return
    whole = [row for row in rows if len(row.cells) > max(share, year)]
    for of_year, group in groupby(whole, key=lambda row: row.cells[year]):
        shares = [n.value for row in group for n in numbers(row.cells[share], language)[:1]]
        if shares and (
            abs(sum(shares) - 100) > 0.05 * len(shares) + 0.01 or min(shares) < 0 or max(shares) > 100
        ):
            text = f"{heads[share]} {of_year}"
            yield Finding("parts", page, language, text, f"shares {shares} do not make a hundred")


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
        for text in dict.fromkeys(words):
            yield from judge_text(text, language, facts, page=page)
            if m := re.search(r"(?:samen|together) ([+−-]?[\d.,]+)%,.*?sextortion ([+−-]?[\d.,]+)%", text):
                for key, group in ((HELP, m[1]), (SEXTORTION, m[2])):
                    step = facts.step(key, facts.year)
                    if (
                        step is not None
                        and step * read_number(group.lstrip("+").rstrip(",."), language)[0] < 0
                    ):
                        yield Finding("direction", page, language, text, f"{key[0]} changed by {step:g}")
            if m := re.match(r"(\d+) (?:van|of) (\d+) (?:organisaties? kr|authorit(?:y|ies) got)", text):
                gaps = [g for w in words for g in re.findall(rf"^(?:tekort|gap) ({PLAIN[language]})", w)]
                short = sum(read_number(g, language)[0] > 0 for g in gaps)
                if gaps and (int(m[1]), int(m[2])) != (short, len(gaps)):
                    yield Finding("count", page, language, text, f"the gaps in the chart are {gaps}")


# --- a whole world ------------------------------------------------------------------------------------------

# pages that quote others, the report that is checked, or the project itself
NOT_OURS = re.compile(
    r"^(?:about|accessibility|archive|data|errata|help|methods|search|sources|claims|figure-claims.*)$"
)


def judge(
    pages: Mapping[tuple[str, str], str], charts: Mapping[tuple[str, str], Sequence[str]], facts: Facts
) -> list[Finding]:
    """Return every contradiction of the pages and charts of a world, each once."""
    read = {which: list(blocks(text)) for which, text in pages.items() if not NOT_OURS.match(which[1])}
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
    m = re.search(r"\((\d+)\)$", section)
    if rows and page == "changes" and m and len(rows) != int(m[1]):
        yield Finding("count", page, language, section, f"{len(rows)} rows under it")
    for block in of_section:
        if re.search(r"(?:Van|For) 0 (?:reeksen stond geen|series there was no)", block.text):
            yield Finding("count", page, language, block.text, "of none, as if of some")


def judge_languages(read: Mapping[tuple[str, str], list[Block]]) -> Iterator[Finding]:
    """Hold both languages of a page against each other: the same numbers, block by block."""
    for page in (page for language, page in read if language == "nl" and ("en", page) in read):
        both = [[b.text for b in read[lang, page] if b.kind in ("text", "alt")] for lang in ("nl", "en")]
        for nl, en in zip(*both, strict=True) if len(both[0]) == len(both[1]) else ():
            digits = [
                sorted(re.sub(r"[.,]", "", n) for n in re.findall(r"\d[\d.,]*", text)) for text in (nl, en)
            ]
            if digits[0] != digits[1]:
                yield Finding("twice", page, "nl", nl, f"in English: {en[:120]}")
