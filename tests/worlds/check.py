"""Hold what pages say against the figures of their world, and against what stands beside it.

Nothing of the product is used: texts are read by `read`, figures are looked up in the tidy table by their keys. A
check never asks how a sentence came about, only whether it can be true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pandas as pd

from tests.worlds.read import (
    NUMBER,
    PLAIN,
    Block,
    Limits,
    Number,
    blocks,
    changes,
    is_year,
    limits,
    numbers,
    read_number,
    sentences,
)

Key = tuple[str, str, str, str]  # series, breakdown, sex, age
POLICE: Key = ("police_reports", "", "total", "total")
HELP: Key = ("helpwanted_requests", "", "total", "total")
SEXTORTION: Key = ("helpwanted_requests_subject", "subject=sextortion", "total", "total")
SPREAD: Key = ("helpwanted_requests_subject", "subject=distribution", "total", "total")
SURVEY: Key = ("cbs_osi_12m", "", "total", "16+")
GIRLS: Key = ("cbs_osi_12m", "", "female", "16-17")
ONLINE: Key = ("police_reports_online", "", "total", "total")
ABUSE: Key = ("police_online_abuse_reports_change", "", "total", "total")
REGISTERED: Key = ("police_registered_141", "", "total", "total")
# words by which a reader knows what a sentence is about; the last one before a word of direction counts
SUBJECTS: tuple[tuple[Key, str], ...] = (
    (SEXTORTION, r"sextortion"),
    (GIRLS, r"[Mm]eisjes van 16|[Gg]irls aged 16|[Mm]eisjes van 16-17"),
    (HELP, r"Helpwanted|adviesvragen|requests for advice|Requests: all|Adviesvragen: samen"),
    (
        POLICE,
        r"[Dd]e politie kreeg|the police received|[Mm]eldingen bij de politie|[Rr]eports to the police|[Mm]eldingen van seksuele misdrijven|[Rr]eports of sexual offences",
    ),
    (SURVEY, r"enquête|survey|dit meemaakten|experienced this"),
    (ABUSE, r"[Mm]eldingen van online seksueel misbruik|[Rr]eports of online sexual abuse"),
)
RISE = r"\b(?:stijging|toename|rise|increase)\b"
FALL = r"\b(?:daling|afname|fall|decrease|drop)\b"
# a verb of change that says it happened, not that it may
MOVED = re.compile(
    r"\b(?:(steeg|stegen|gestegen|toegenomen|nam toe|namen toe|rose|grew|increased)"
    r"|(?:daalde|daalden|gedaald|afgenomen|nam af|namen af|fell|declined|decreased))\b(?! within)"
)
UNPUBLISHED = re.compile(r"(?:niet|nooit) (?:gepubliceerd|openbaar)|(?:not|never) (?:published|public)")
WITHIN = re.compile(
    r"binnen de gewone schommeling|niet aantoonbaar veranderd|kan gewone schommeling zijn|within ordinary variation|no demonstrable change|may be ordinary variation"
)
BEYOND = re.compile(r"meer (?:veranderd )?dan (?:de )?gewone schommeling|more than ordinary variation")
CONDITION = re.compile(r"\b(?:zodra|once|wanneer|als tellingen|if counts)\b")
BROKEN = re.compile(
    r"(?<![\w-])(?:nan|NaN|inf|-inf|None|NaT|<NA>|Infinity)(?![\w-])|\{[a-z_]+(?::[a-z_]+)?\}"
)


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


@dataclass
class Facts:
    """The figures a world sees, by key and period, with the titles of series."""

    year: int
    rows: dict[tuple[Key, str], dict[str, Any]]
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    publishers: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)  # of the waves of the survey
    _titles: dict[str, dict[str, str]] = field(default_factory=dict)

    def value(self, key: Key, period: int | str) -> float | None:
        """Return a published value; None where there is none."""
        row = self.rows.get((key, str(period)))
        return None if row is None or pd.isna(row["obs_value"]) else float(row["obs_value"])

    def by_title(self, language: str) -> dict[str, str]:
        """Return the series by its title in a language."""
        if language not in self._titles:
            self._titles[language] = {t[language]: s for s, t in self.titles.items()}
        return self._titles[language]

    def exact(self, key: Key, period: int | str) -> bool:
        """Say whether a value was printed to its last digit."""
        row = self.rows[key, str(period)]
        return bool(row["lower"] == row["upper"])

    def periods(self, key: Key, *, whole: bool = True) -> list[str]:
        """Return the periods of a key that have a value, in order."""
        return sorted(
            p
            for k, p in self.rows
            if k == key and self.value(k, p) is not None and (not whole or len(p) == 4)
        )

    def of_series(self, series: str, period: str = "") -> list[tuple[Key, str]]:
        """Return the keys and periods of a series that have a value."""
        return [
            (k, p)
            for k, p in self.rows
            if k[0] == series and p.startswith(period) and self.value(k, p) is not None
        ]

    def step(self, key: Key, year: int) -> float | None:
        """Return the change into a year, from the year before; of the survey from its first wave with a figure."""
        if key[0] == SURVEY[0]:
            waves = [p for p in self.periods(key) if int(p) <= year]
            if len(waves) < 2:
                return None
            return (self.value(key, waves[-1]) or 0) - (self.value(key, waves[0]) or 0)
        now, before = self.value(key, year), self.value(key, year - 1)
        if key == ABUSE:  # only its change is published
            return now
        if key == HELP and now is not None and before is None:
            return self.value(("helpwanted_requests_change", "", "total", "total"), year)
        return None if now is None or before is None else now - before


def facts_of(year: int, as_of: str, figures: pd.DataFrame, series: Mapping[str, Mapping[str, Any]]) -> Facts:
    """Return the facts of a world: of every figure the newest vintage that was public on the as-of day."""
    public = figures[figures["role"].eq("main") & figures["known_by"].le(as_of) & figures["region"].eq("NL")]
    rows: dict[tuple[Key, str], dict[str, Any]] = {}
    for row in public.sort_values("known_by", kind="stable").to_dict("records"):
        key = (row["series_id"], row["breakdown"], row["sex"], row["age"])
        rows[key, row["time_period"]] = row
    breaks = sorted(at for at, _ in series[SURVEY[0]]["breaks"])
    waves = [p for (k, p) in rows if k == SURVEY]
    return Facts(
        year,
        rows,
        {s: dict(t["title"]) for s, t in series.items()},
        {s: t["publisher"] for s, t in series.items()},
        {s: t["unit"] for s, t in series.items()},
        {w: str(sum(at[:4] <= w for at in breaks)) for w in waves},
    )


Found = Iterator[tuple[str, str]]


# --- one sentence, in its paragraph ---------------------------------------------------------------------------


def subject(before: str, section: str) -> Key | None:
    """Return what a sentence is about: the subject named last before a place, or that of the section."""
    for text in (before, section):
        found = [(m.start(), key) for key, words in SUBJECTS for m in re.finditer(words, text)]
        if found:
            return max(found, key=lambda f: f[0])[1]
    if re.search(r"meldingen bij de politie|reports to the police", section):
        return POLICE
    return None


def broken(text: str, language: str) -> Found:
    """Find what no page prints on purpose."""
    if m := BROKEN.search(text):
        yield "broken", f"prints “{m[0]}”"


def ordered(text: str, language: str) -> Found:
    """A lower limit lies below its upper one, and a value between its own."""
    for found in limits(text, language):
        if found.low > found.high + 1e-9:
            yield "limits", f"{found.low:g} is above {found.high:g}"
    n = PLAIN[language]
    for m in re.finditer(rf"(?<![\w.,–])({n}) \(((?:{n})(?:–| tot | to )(?:{n}))\)", text):
        value, half = read_number(m[1], language)
        inner = limits(f"({m[2]})", language)
        if (
            inner
            and not inner[0].low - 2 * half - inner[0].half
            <= value
            <= inner[0].high + 2 * half + inner[0].half
        ):
            yield "limits", f"{m[1]} lies outside {m[2]}"


def margin_of_value(text: str, language: str) -> Found:
    """The margin said after a value holds it, where both have the same unit."""
    for m in re.finditer(r"(?:Marge|marge|Margin|margin|Speelruimte|Range)(?: (?:als|when) [^:.]*)?: ", text):
        after = [f for f in limits(text[m.end() :], language) if f.start == 0]
        unit = (
            re.match(
                r"\s*(procentpunt|procent|percentage points|percent|fte|miljoen|million)",
                text[m.end() + after[0].end :],
            )
            if after
            else None
        )
        if not after or unit is None:
            continue
        named = [
            x for x in numbers(text[: m.start()], language) if re.match(rf"\s*{unit[1]}\b", text[x.end :])
        ]
        if not named:
            continue
        low, high, said = (
            after[0].low - 2 * named[-1].half,
            after[0].high + 2 * named[-1].half,
            named[-1].value,
        )
        if not low <= abs(said) <= high and not low <= said <= high:
            yield "limits", f"{said:g} lies outside its margin {after[0].low:g} to {after[0].high:g}"


def one_in(text: str, language: str) -> Found:
    """A share and its "1 in k" are the same."""
    for m in re.finditer(
        rf"({PLAIN[language]}) (?:procent|percent)\b(?:(?!procent|percent).)*?(?:1 op de|1 in) (\d+)", text
    ):
        share, half = read_number(m[1], language)
        k = int(m[2])
        low, high = 100 / (share + half), 100 / max(share - half, 1e-9)
        if not low - 0.5 <= k <= high + 0.5:
            yield "one_in", f"{m[1]} percent is 1 in {100 / max(share, 1e-9):.1f}, not 1 in {k}"


def possible(text: str, language: str) -> Found:
    """No more than a hundred of every hundred, and no share of a whole beyond it."""
    for m in re.finditer(
        rf"({PLAIN[language]})(?:{r' (?:tot|to) '}({PLAIN[language]}))? (?:van elke honderd|of every hundred)",
        text,
    ):
        for part in filter(None, m.groups()):
            value, _ = read_number(part, language)
            if not 0 <= value <= 100:
                yield "impossible", f"{part} of every hundred"
    for m in re.finditer(
        rf"({PLAIN[language]}) (?:procent|percent) (?:van de mensen|of people|van de slachtoffers)", text
    ):
        if not 0 <= read_number(m[1], language)[0] <= 100:
            yield "impossible", f"{m[1]} percent of people"


def sign_before_word(text: str, language: str) -> Found:
    """A number with a sign is not followed or preceded by a word of direction; nor is nought."""
    unit = r"(?: (?:procent|percent|fte|euro|euros))+"
    for m in re.finditer(
        rf"({PLAIN[language]}){unit} (meer|minder|more|fewer|less)\b(?! groei| growth)|({PLAIN[language]}) fte (?:meer groei|more growth)",
        text,
    ):
        number = m[1] or m[3]
        if number[0] in "−-":
            yield "direction", f"a sign before a word of direction: {m[0]}"
        elif (
            read_number(number, language)[0] == 0
            and "tot" not in text[m.end() : m.end() + 5]
            and "fte" in m[0]
        ):
            yield "direction", f"nought, and a word of direction: {m[0]}"
    for m in re.finditer(rf"(?:{RISE}|{FALL}) (?:van|of) ({PLAIN[language]})", text):
        if m[1][0] in "−-":
            yield "direction", f"a sign after a word of direction: {m[0]}"


def compared(text: str, language: str) -> Found:
    """A change and the two counts it is about agree: "7.1 percent fewer: 4,648 instead of 5,005"."""
    n = PLAIN[language]
    for m in re.finditer(
        rf"({n}) (?:procent|percent) (meer|minder|more|fewer): ({n}) (?:in plaats van|instead of) ({n})", text
    ):
        change, half = read_number(m[1], language)
        change = change if m[2] in ("meer", "more") else -change
        new, old = read_number(m[3], language)[0], read_number(m[4], language)[0]
        if not old:
            yield "direction", f"a percentage of nought: {m[0]}"
        elif abs(100 * (new / old - 1) - change) > half + 0.06:
            yield (
                "direction",
                f"from {old:g} to {new:g} is {100 * (new / old - 1):.1f} percent, not {change:g}",
            )


def against_figures(text: str, language: str, facts: Facts) -> Found:
    """A count and the change said of it are those of the table."""
    n = PLAIN[language]
    shapes = (
        (
            POLICE,
            rf"politie kreeg in (\d{{4}}) ({n}) meldingen.*?: ({n}) procent (meer|minder) dan in (\d{{4}})",
        ),
        (
            POLICE,
            rf"In (\d{{4}}) the police received ({n}) reports.*?: ({n}) percent (more|fewer) than in (\d{{4}})",
        ),
        (
            HELP,
            rf"Helpwanted kreeg in (\d{{4}}) ({n}) adviesvragen, ({n}) procent (meer|minder) dan in (\d{{4}})",
        ),
        (
            HELP,
            rf"In (\d{{4}}) Helpwanted received ({n}) requests for advice, ({n}) percent (more|fewer) than in (\d{{4}})",
        ),
    )
    for key, shape in shapes:
        for m in re.finditer(shape, text):
            now, before = facts.value(key, m[1]), facts.value(key, m[5])
            printed, change = read_number(m[2], language)[0], read_number(m[3], language)
            said = change[0] if m[4] in ("meer", "more") else -change[0]
            if now is not None and abs(now - printed) > 0.5:
                yield "twice", f"{key[0]} {m[1]} is {now:g} in the table"
            growth = (
                facts.value(("helpwanted_requests_change", "", "total", "total"), m[1])
                if key == HELP
                else None
            )
            if now is not None and before:
                real = 100 * (now / before - 1)
                if abs(real - said) > change[1] + 0.6:
                    yield (
                        ("direction" if real * said < 0 else "twice"),
                        f"from {before:g} to {now:g} is {real:.1f} percent",
                    )
            elif growth is not None and abs(growth - said) > change[1] + 0.01:
                yield "twice", f"the growth in the table is {growth:g}"
    for m in re.finditer(
        rf"(?:In (\d{{4}}) zei ({n}) procent van de mensen|In (\d{{4}}), ({n}) percent of people|In (\d{{4}}), ({n}) percent said they)",
        text,
    ):
        period, share = next((a, b) for a, b in ((m[1], m[2]), (m[3], m[4]), (m[5], m[6])) if a)
        now = facts.value(SURVEY, period)
        if now is not None and not abs(now - read_number(share, language)[0]) <= 0.051:
            yield "twice", f"the share of {period} is {now:g} in the table"


def waves(text: str, language: str, facts: Facts) -> Found:
    """What is said of two waves of the survey agrees with them, and with its own difference."""
    for m in re.finditer(
        r"In (\d{4}) (?:was het cijfer|was het|the figure was|it was) ([^;:.]*?) (?:dan in|than in|from) (\d{4})[;:]? ?((?:(?!\. ).)*?(?:procentpunt|percentage points))?",
        text,
    ):
        now, before = facts.value(SURVEY, m[1]), facts.value(SURVEY, m[3])
        up = bool(re.search(r"hoger|higher", m[2]))
        down = bool(re.search(r"lager|lower", m[2]))
        if now is not None and before is not None and ((up and now <= before) or (down and now >= before)):
            yield "direction", f"{before:g} in {m[3]}, {now:g} in {m[1]}"
        for found in limits(m[4] or "", language)[:1]:
            if (up and found.low <= 0) or (down and found.high >= 0):
                yield "verdict", f"the difference runs from {found.low:g} to {found.high:g}"
    named = r"(?:alleen|only) (\d{4}) (?:en|and) (\d{4})(?: noemt)?,?(?: leest| reads)? (?:een |a )?(groei|growth|daling|fall)"
    for m in re.finditer(named, text):
        before, now = facts.value(SURVEY, m[1]), facts.value(SURVEY, m[2])
        grew = m[3] in ("groei", "growth")
        if before is not None and now is not None and (now <= before if grew else now >= before):
            yield "direction", f"{before:g} in {m[1]}, {now:g} in {m[2]}"
    for m in re.finditer(
        rf"(?:Toen zei|Then) ({PLAIN[language]}) (?:procent|percent).*?in (\d{{4}}) ({PLAIN[language]}) (?:procent|percent)\. (?:Het verschil is|The difference is) ({PLAIN[language]}) (?:procentpunt|percentage points)",
        text,
    ):
        a, b, d = (read_number(m[i], language) for i in (1, 3, 4))
        if abs(b[0] - a[0] - d[0]) > a[1] + b[1] + d[1]:
            yield "direction", f"from {a[0]:g} to {b[0]:g} is not {d[0]:g}"
    for m in re.finditer(
        r"(?:Groei sinds|Growth since) (\d{4}) is (niet aangetoond|aangetoond|not shown|shown)", text
    ):
        spans = list(limits(text[m.end() :], language))
        if spans:
            shown = m[2] in ("aangetoond", "shown")
            if shown and spans[0].low <= 0:
                yield "verdict", f"growth is shown, and the margin runs from {spans[0].low:g}"
            if not shown and spans[0].low > 0:
                yield (
                    "verdict",
                    f"growth is not shown, and the margin runs from {spans[0].low:g} to {spans[0].high:g}",
                )


def named_direction(text: str, language: str, section: str, facts: Facts) -> Found:
    """A rise or a fall that is named was one: of what the sentence, or the section, is about."""
    for m in re.finditer(rf"(?:[Dd]e|[Dd]ie|[Dd]eze|[Tt]he|[Tt]hat|[Tt]his) (?:{RISE}|{FALL})", text):
        up = bool(re.search(RISE, m[0]))
        key = subject(text[: m.start()], section)
        step = facts.step(key, facts.year) if key else None
        if key and step is not None and (step <= 0 if up else step >= 0):
            yield "direction", f"{key[0]} {key[1]} changed by {step:g} into {facts.year}"
    if m := re.search(
        r"(?:ging het gepubliceerde cijfer|the published figure went) (omlaag|omhoog|down|up)", text
    ):
        key = subject(text, section) or GIRLS
        step = facts.step(key, 9999)
        if step is not None and (step >= 0 if m[1] in ("omlaag", "down") else step <= 0):
            yield "direction", f"{key[0]} {key[2]} {key[3]} changed by {step:g}"
    spans, moved = limits(text, language), changes(text, language)
    told = [c for c in moved if not any(f.start <= c.start < f.end for f in spans)]
    told += [Number(1.0 if m[1] else -1.0, 0.5, *m.span()) for m in MOVED.finditer(text)]
    for change in told if str(facts.year) in text else ():  # figures of other years are not looked up
        counted = next(
            (key for key, words in SUBJECTS if re.match(rf"\s*(?:{words})", text[change.end :])), None
        )
        key = counted or subject(text[: change.start], section)
        step = facts.step(key, facts.year) if key else None
        if key and step is not None and step * change.value < 0:
            yield "direction", f"{key[0]} {key[1]} changed by {step:g} into {facts.year}"
    if re.search(r"\bjuist\b", text) and len(moved) > 1 and (moved[0].value >= 0) == (moved[1].value >= 0):
        yield "contrast", f"“juist”, of {moved[0].value:g} and {moved[1].value:g} percent"


def verdict(text: str, language: str) -> Found:
    """A verdict agrees with the limits that stand nearest to it in the paragraph."""
    told = sentences(text)
    last: Limits | None = None
    claim = ""
    for sentence in told:
        spans = [f for f in limits(sentence, language) if re.search(MORE_OR_FEWER, sentence[f.start : f.end])]
        if m := re.search(r"Voor \S+ geldt dat niet|That does not hold for \S+", sentence):
            if spans and claim == "beyond" and not spans[0].holds_nought:
                yield (
                    "contrast",
                    f"{m[0]}, but there the limits are {spans[0].low:g} to {spans[0].high:g}: as before",
                )
            last = spans[-1] if spans else last
            continue
        within, beyond = WITHIN.search(sentence), BEYOND.search(sentence)
        if within and CONDITION.search(sentence[: within.start()] + sentence[within.end() :]) and not spans:
            within = (
                None  # "lies within ordinary variation once counts vary more than": a condition, no verdict
            )
        if within or beyond:
            mark = (beyond or within).end()  # type: ignore[union-attr]
            near = min(spans, key=lambda f: abs(f.start - mark), default=last)
            if re.search(r"[Dd]at laatste|[Tt]he latter", sentence):
                near = None  # judged against the table of pairs
            claim = "beyond" if beyond else "within"
            if near is not None and (near.holds_nought if beyond else not near.holds_nought):
                yield "verdict", f"the limits are {near.low:g} to {near.high:g}"
        last = spans[-1] if spans else last


MORE_OR_FEWER = r"\b(?:meer|minder|more|fewer)\b"


def latter(text: str, language: str, pairs: Mapping[str, Limits]) -> Found:
    """ "The latter may be ordinary variation" agrees with the row of the table of pairs."""
    m = re.search(
        r"(?:Dat laatste|The latter) (kan gewone|may be ordinary)|(?:Ook dat laatste is meer|The latter is more)",
        text,
    )
    if m and "sextortion" in text and "sextortion" in pairs:
        span = pairs["sextortion"]
        if (m[1] is not None) != span.holds_nought:
            yield "verdict", f"the table of pairs has {span.low:g} to {span.high:g} for sextortion"
        both = pairs.get("helpwanted")
        if (
            m[1] is None
            and both is not None
            and both.holds_nought
            and "Ook" in m[0] + (" as well" if "as well" in text else "")
        ):
            yield (
                "contrast",
                f"“as well”, but the table of pairs has {both.low:g} to {both.high:g} for all requests",
            )


def absent(text: str, language: str, section: str, facts: Facts) -> Found:
    """What is said not to be published, counted or found is not in the table."""
    titles = facts.by_title(language)
    if m := re.search(
        r"(?:Nog niet gepubliceerd, voor zover wij zien|Not yet published, as far as we can see): (.*?)(?:, (\d{4}(?:-\w+)?))?\. (?:Van dit|It is)",
        text.replace("*", ""),
    ):
        series = titles.get(m[1])
        there = facts.of_series(series, m[2] or "") if series else []
        if (there and not re.search(r"subject", series or "")) or [k for k, _ in there if k == SEXTORTION]:
            yield "absent", f"{series} {there[0][1]} is in the table: {facts.value(*there[0]):g}"
    before = ""
    for sentence in sentences(text):
        year = re.search(r"\b(?:19|20)\d\d\b", sentence)
        if year and UNPUBLISHED.search(sentence) and not re.search(r"distribution|verspreiding", sentence):
            key = subject(before + sentence, section)
            if key and (now := facts.value(key, year[0])) is not None:
                yield "absent", f"{key[0]} {year[0]} is in the table: {now:g}"
        before += sentence + " "
    for m in re.finditer(
        r"(?:totaal van|total of) (\d{4}) (?:volgt uit|is afgeleid|is derived)|(?:verspreiding|distribution) (?:is over|was not published for|is niet gepubliceerd over) ?(\d{4})?",
        text,
    ):
        key, period = (HELP, m[1]) if m[1] else (SPREAD, m[2])
        if period and (now := facts.value(key, period)) is not None:
            yield "absent", f"{key[0]} {key[1]} {period} is in the table: {now:g}"
    if m := re.match(
        r"(.*?)(?: \(([^()]*), ([^()]*)\))?: (?:geen cijfer over|no figure for) (\d{4}) .*?(?:is van|is of) (\S+?)\.$",
        text,
    ):
        series = titles.get(m[1])
        if series and facts.of_series(series, m[4]):
            yield "absent", f"{series} {m[4]} is in the table"
        if m[5][:4] >= m[4]:
            yield "absent", f"the latest is of {m[5]}, and there is none for {m[4]}"
        if (
            series
            and (last := max((p for _, p in facts.of_series(series)), default=""))
            and last > m[5]
            and last[:4] != m[5][:4]
        ):
            yield "absent", f"the latest of {series} in the table is of {last}"
    reasons = r"wordt niet apart geregistreerd|is not registered apart|stond niet in wat wij lazen|was not in what we read|de uitgever houdt dit cijfer achter|withheld by the publisher|alleen als bandbreedte gepubliceerd|published as a range only"
    if (
        m := re.match(rf"(.*?)(?: \(([^()]*), ([^()]*)\))?: (\d{{4}}(?:-\w+)?), (?:{reasons})\.$", text)
    ) and m[2] is None:
        series = titles.get(m[1])
        totals = [
            (k, p)
            for k, p in facts.of_series(series or "", m[4])
            if k[1:] == ("", "total", "total") and p == m[4]
        ]
        if totals:
            yield "absent", f"{series} {m[4]} is in the table: {facts.value(*totals[0]):g}"
    if re.search(
        r"registreert de politie niet apart|houdt de politie niet apart bij|the police do not register apart|dat wordt nergens apart geteld|that is counted apart nowhere",
        text,
    ):
        there = facts.of_series(ONLINE[0])
        if there:
            yield "absent", f"{ONLINE[0]} {there[-1][1]} is in the table: {facts.value(*there[-1]):g}"
    if re.search(
        r"Het aantal in de eerste helft staat er niet bij|The count of the first half is not given", text
    ) and facts.of_series("police_reports_half_year", f"{facts.year}-H1"):
        yield "absent", f"police_reports_half_year {facts.year}-H1 is in the table"
    if re.search(r"Geen enkele organisatie publiceert hoeveel fte|No body publishes how many fte", text):
        own = [
            s
            for s, t in facts.titles.items()
            if "online seksueel geweld" in t["nl"] and facts.units[s] == "fte" and facts.of_series(s)
        ]
        if own:
            yield "only", f"{own[0]} is in the table"


def only(text: str, language: str, facts: Facts) -> Found:
    """What is said to be the only one is the only one in the table, and there."""
    if re.search(
        r"is de AP de enige die een bedrag noemde dat nodig is|the AP is the only one that named an amount it needs",
        text,
    ):
        needed = {
            facts.publishers[k[0]]
            for k, p in facts.rows
            if k[1] == "concept=needed" and facts.units[k[0]] == "eur" and facts.value(k, p) is not None
        }
        if len(needed) != 1:
            yield "only", f"amounts needed in the table: {sorted(needed)}"
    if re.search(
        r"maar twee precieze jaartotalen gepubliceerd|only two exact yearly totals were published", text
    ):
        exact = [p for p in facts.periods(POLICE) if facts.exact(POLICE, p)]
        if len(exact) != 2:
            yield "only", f"exact yearly totals of police reports in the table: {exact}"


def counted(text: str, language: str, facts: Facts) -> Found:
    """Counts in words and digits agree with what is counted."""
    words = {
        "één": 1,
        "one": 1,
        "twee": 2,
        "two": 2,
        "drie": 3,
        "three": 3,
        "vier": 4,
        "four": 4,
        "vijf": 5,
        "five": 5,
    }
    if m := re.search(r"(?:Stippen met marge voor|Dots with margin for) (\d+) (?:rondes?|waves?)\.", text):
        listed = len(re.findall(r"\b(?:19|20)\d\d: ", text))
        if listed != int(m[1]):
            yield "count", f"{m[1]} waves, {listed} listed"
    if m := re.search(r"(\w+) (?:rondes zijn|waves are) (?:te weinig|too few)", text):
        there = len(facts.periods(SURVEY))
        if words.get(m[1].lower(), there) != there:
            yield "count", f"{there} waves in the table"
    if re.search(
        r"tussen de eerste en de tweede veranderde het begrip|between the first and the second the concept changed",
        text,
    ):
        w = facts.periods(SURVEY)
        if len(w) > 1 and facts.definitions.get(w[0]) == facts.definitions.get(w[1]):
            yield "count", f"the definition is the same in {w[0]} and {w[1]}"
    if m := re.search(
        r"(?:Tussen|between) (\d{4}) (?:en|and) (\d{4}) (?:veranderde bovendien het begrip|the concept of the survey changed)",
        text,
    ):
        first, second = (facts.definitions.get(m[i]) for i in (1, 2))
        if first is not None and first == second:
            yield "count", f"the definition is the same in {m[1]} and {m[2]}"
    if m := re.search(
        r"Van de (\S+) beweringen.*?er (\S+) bij de cijfers, en (\S+) niet.*?Voor (\S+) is een bron|Of the (\S+) claims.*?, (\S+) fit the figures and (\S+) do not.*?For (\S+) a source",
        text,
    ):
        whole, *parts = (read_number(g, language)[0] for g in m.groups() if g)
        if sum(parts) > whole:
            yield "parts", f"{parts} together are more than {whole:g}"


def of_the_year(text: str, language: str, facts: Facts, page: str) -> Found:
    """What is said of a year agrees with the year of the edition."""
    if m := re.search(r"(?:Halverwege het jaar, op|Halfway through the year, on) \d+ (\w+) (\d{4})", text):
        halfway = int(m[2]) == facts.year and m[1] in ("juni", "juli", "June", "July")
        yield from () if halfway else [("year", f"halfway through {facts.year}")]
    for m in re.finditer(
        r"^(?:In (\d{4}) (?:the police|Helpwanted|zei)|In (\d{4}), |(?:De politie|Helpwanted) kreeg in (\d{4}))",
        text,
    ):
        named = int(next(g for g in m.groups() if g))
        if page in ("index", "summary") and named > facts.year:
            yield "year", f"a headline on {named} in the edition on {facts.year}"


def parts(text: str, language: str) -> Found:
    """A part is no more than its whole."""
    n = PLAIN[language]
    if m := re.search(
        rf"({n}) (?:adviesvragen|requests for advice),.*?(?:[Oo]ver|[Oo]n|[Aa]bout) sextortion.*?: ({n}) (?:in plaats van|instead of)",
        text,
    ):
        whole, part = read_number(m[1], language)[0], read_number(m[2], language)[0]
        if part > whole:
            yield "parts", f"{part:g} of {whole:g} requests are about sextortion"
    if (
        m := re.search(
            rf"(?:meegemaakt|experienced)[^:;]*: ({n}) (?:mensen|people)[^;]*; (?:waarvan|of which)[^:]*: ({n}) ",
            text,
        )
    ) and read_number(m[2], language)[0] > read_number(m[1], language)[0]:
        yield "parts", f"{m[2]} of {m[1]} people"
    gaps = re.findall(rf"(?:tekort|gap) ({n})", text)
    if gaps and re.search(r"Per organisatie twee punten|Two points with a line", text):
        for piece in text.split(";"):
            told = [x.value for x in numbers(piece, language)]
            over = re.search(r"meer dan nodig|more than needed", piece) is not None
            rest = 0.0 if len(told) < 3 else (told[-3] - told[-2] if over else told[-2] - told[-3])
            if len(told) >= 3 and abs(rest - told[-1]) > 0.15:
                yield "parts", f"{told[-2]:g} needed and {told[-3]:g} there do not differ by {told[-1]:g}"


def judge_text(
    text: str,
    language: str,
    facts: Facts,
    *,
    section: str = "",
    page: str = "",
    pairs: Mapping[str, Limits] | None = None,
) -> list[Finding]:
    """Return the contradictions of one paragraph, item, caption or alt text."""
    found = [
        *broken(text, language),
        *ordered(text, language),
        *margin_of_value(text, language),
        *one_in(text, language),
        *possible(text, language),
        *sign_before_word(text, language),
        *compared(text, language),
        *against_figures(text, language, facts),
        *waves(text, language, facts),
        *named_direction(text, language, section, facts),
        *verdict(text, language),
        *latter(text, language, pairs or {}),
        *absent(text, language, section, facts),
        *only(text, language, facts),
        *counted(text, language, facts),
        *of_the_year(text, language, facts, page),
        *parts(text, language),
    ]
    return [Finding(kind, page, language, text, why) for kind, why in dict.fromkeys(found)]


# --- tables and charts ----------------------------------------------------------------------------------------


def judge_row(row: Block, language: str) -> list[tuple[str, str]]:
    """Return the contradictions inside one row of a table."""
    found: list[tuple[str, str]] = []
    for cell in row.cells:
        found += [*broken(cell, language), *ordered(cell, language)]
    arrow = re.search(rf"({PLAIN[language]}) → ({PLAIN[language]})", row.text)
    if arrow:
        old, new = (read_number(g, language)[0] for g in arrow.groups())
        after = row.text[arrow.end() :]
        told = next(iter(numbers(after, language)), None)
        if (
            old
            and told is not None
            and abs(100 * (new / old - 1) - told.value)
            > told.half + 50 * (0.5 / old + 0.5 / max(old, 1)) + 0.1
        ):
            found.append(
                (
                    "direction",
                    f"from {old:g} to {new:g} is {100 * (new / old - 1):.1f} percent, not {told.value:g}",
                )
            )
    return found


def judge_table(rows: Sequence[Block], language: str) -> list[tuple[str, str, str]]:
    """Return the contradictions between the rows of one table: parts that do not add up to their whole."""
    heads = rows[0].heads
    found = []
    share = next(
        (i for i, h in enumerate(heads) if re.match(r"Aandeel in procent|Share in percent", h)), None
    )
    year = next((i for i, h in enumerate(heads) if h in ("Jaar", "Year")), None)
    if share is not None and year is not None:
        for of_year, group in groupby(rows, key=lambda r: r.cells[year] if len(r.cells) > year else ""):
            told = [numbers(r.cells[share], language) for r in group if len(r.cells) > share]
            shares = [t[0].value for t in told if t]
            if shares and (
                abs(sum(shares) - 100) > 0.05 * len(shares) + 0.01 or min(shares) < 0 or max(shares) > 100
            ):
                found.append(("parts", f"{heads[share]} {of_year}", f"shares {shares} do not make a hundred"))
    return found


def pairs_of(told: Sequence[Block], language: str, year: int) -> dict[str, Limits]:
    """Return what the table of pairs of a page has for the two years of an edition."""
    found: dict[str, Limits] = {}
    for row in told:
        if row.kind == "row" and f"{year - 1}–{year}" in row.text and "→" in row.text:
            spans = [f for cell in row.cells for f in limits(cell, language)]
            name = (
                "sextortion"
                if "sextortion" in row.cells[0]
                else "helpwanted"
                if "Helpwanted" in row.cells[0]
                else row.cells[0]
            )
            if spans:
                found[name] = spans[0]
    return found


def judge_charts(charts: Mapping[tuple[str, str], Sequence[str]], facts: Facts) -> Iterator[Finding]:
    """Yield the contradictions in the words of charts; a chart's title is held against the rest of it."""
    for (language, name), told in charts.items():
        page = f"chart {name.removesuffix('-phone')}"
        for text in dict.fromkeys(told):
            yield from judge_text(text, language, facts, page=page)
            if m := re.search(r"(?:samen|together) ([+−-]?[\d.,]+)%,.*?sextortion ([+−-]?[\d.,]+)%", text):
                for key, group in ((HELP, m[1]), (SEXTORTION, m[2])):
                    step = facts.step(key, facts.year)
                    said = read_number(group.lstrip("+").rstrip(",."), language)[0]
                    if step is not None and step * said < 0:
                        yield Finding("direction", page, language, text, f"{key[0]} changed by {step:g}")
            if m := re.match(
                r"(\d+) (?:van|of) (\d+) (?:organisaties? kreg|authorities got|organisatie kreeg|authority got)",
                text,
            ):
                gaps = [
                    read_number(g, language)[0]
                    for w in told
                    for g in re.findall(rf"^(?:tekort|gap) ({PLAIN[language]})", w)
                ]
                if gaps and (int(m[2]) != len(gaps) or int(m[1]) != sum(g > 0 for g in gaps)):
                    yield Finding("count", page, language, text, f"the gaps in the chart are {gaps}")


# --- a whole world --------------------------------------------------------------------------------------------

PROSE = ("text", "item", "caption", "alt", "heading")
# pages that quote others, the report that is checked, or the project itself
NOT_OURS = re.compile(
    r"^(?:about|accessibility|archive|data|errata|help|methods|search|sources|claims|figure-claims.*)$"
)


def judge(
    pages: Mapping[tuple[str, str], str], charts: Mapping[tuple[str, str], Sequence[str]], facts: Facts
) -> list[Finding]:
    """Return every contradiction of the pages and charts of a world, each once."""
    found: list[Finding] = []
    read = {which: list(blocks(text)) for which, text in pages.items() if not NOT_OURS.match(which[1])}
    pairs = {lang: pairs_of(read.get((lang, "trend"), []), lang, facts.year) for lang, _ in read}
    for (language, page), told in read.items():
        for block in told:
            if block.kind == "row":
                found += [
                    Finding(k, page, language, block.text, why) for k, why in judge_row(block, language)
                ]
            else:
                found += judge_text(
                    block.text, language, facts, section=block.section, page=page, pairs=pairs[language]
                )
        found += _tables(told, page, language) + _sections(told, page, language, facts)
    found += list(judge_charts(charts, facts))
    found += _languages(read)
    return list(dict.fromkeys(found))


def _tables(told: Sequence[Block], page: str, language: str) -> list[Finding]:
    found = []
    for is_row, group in groupby(told, key=lambda b: b.kind == "row"):
        if is_row:
            found += [
                Finding(k, page, language, text, why) for k, text, why in judge_table(list(group), language)
            ]
    return found


def _sections(told: Sequence[Block], page: str, language: str, facts: Facts) -> list[Finding]:
    """Hold headings and introductions against the tables under them."""
    found = []
    for section, group in groupby(told, key=lambda b: b.section):
        blocks_ = list(group)
        rows = [b for b in blocks_ if b.kind == "row"]
        if rows and page == "changes" and (m := re.search(r"\((\d+)\)$", section)) and len(rows) != int(m[1]):
            found.append(Finding("count", page, language, section, f"{len(rows)} rows under it"))
        text = " ".join(b.text for b in blocks_ if b.kind == "text")
        if re.search(
            r"volgen drie antwoorden die elkaar tegenspreken|follow three answers that contradict each other",
            text,
        ):
            spans: dict[str, list[Limits]] = {}
            for row in rows:
                own = limits(row.cells[1], language) if len(row.cells) > 1 else []
                if own:
                    spans.setdefault(row.cells[0].split(",")[0], []).extend(own)
            if len(spans) != 3:
                found.append(
                    Finding(
                        "count", page, language, text, f"{len(spans)} answers in the table: {list(spans)}"
                    )
                )
            elif max(min(f.low for f in s) for s in spans.values()) <= min(
                max(f.high for f in s) for s in spans.values()
            ):
                found.append(Finding("contrast", page, language, text, "the answers in the table overlap"))
        series = [
            b
            for b in blocks_
            if re.search(r"(?:Van|For) (\d+) (?:reeksen stond geen|series there was no)", b.text)
        ]
        for b in series:
            m = re.search(r"(?:Van|For) (\d+)", b.text)
            if m and m[1] == "0":
                found.append(Finding("count", page, language, b.text, "of none, as if of some"))
    return found


def _languages(read: Mapping[tuple[str, str], list[Block]]) -> list[Finding]:
    """Hold both languages of a page against each other: the same numbers, block by block."""
    found = []
    for language, page in read:
        if language != "nl" or ("en", page) not in read or NOT_OURS.match(page):
            continue
        both = [[b for b in read[lang, page] if b.kind in ("text", "alt")] for lang in ("nl", "en")]
        if len(both[0]) != len(both[1]):
            continue
        for dutch, english in zip(*both, strict=True):
            told = [
                sorted(re.sub(r"[.,]", "", n) for n in re.findall(r"\d[\d.,]*", b.text))
                for b in (dutch, english)
            ]
            if told[0] != told[1]:
                found.append(Finding("twice", page, "nl", dutch.text, f"in English: {english.text[:120]}"))
    return found


__all__ = ["NUMBER", "Facts", "Finding", "facts_of", "is_year", "judge", "judge_text"]
