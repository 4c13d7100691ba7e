"""The figures that a world sees, and a paragraph with its place and the facts to check it against."""

import re
from collections import namedtuple

import pandas as pd

from tests.cases import beside
from tests.worlds.read import PLAIN, limits, read_number

# series, breakdown, sex, age
POLICE = ("police_reports", "", "total", "total")
HELP = ("helpwanted_requests", "", "total", "total")
GROWTH = ("helpwanted_requests_change", "", "total", "total")
SEXTORTION = ("helpwanted_requests_subject", "subject=sextortion", "total", "total")
SURVEY = ("cbs_osi_12m", "", "total", "16+")
GIRLS = ("cbs_osi_12m", "", "female", "16-17")
ABUSE = ("police_online_abuse_reports_change", "", "total", "total")
SUBJECTS = {"sextortion": SEXTORTION, "girls": GIRLS, "requests": HELP, "police": POLICE, "survey": SURVEY}
SUBJECTS |= {"abuse": ABUSE}
PATTERNS = {  # by name and language
    (name, lang): re.compile((text if isinstance(text, str) else text[lang]).replace("#", f"({number})"))
    for name, text in beside(__file__, "patterns.yml").items()
    for lang, number in PLAIN.items()
}


class Finding(namedtuple("Finding", "kind page language text why")):
    """One contradiction: its kind, place, text and reason."""

    def line(self):
        return f"{self.kind} [{self.page} {self.language}] “{self.text[:300]}” — {self.why}"


class Facts(namedtuple("Facts", "year rows titles definitions")):
    """The figures a world sees, by key and period; titles of series, and definitions of survey waves."""

    def value(self, key, period):
        row = self.rows.get((key, str(period)))
        return None if row is None or pd.isna(row["obs_value"]) else float(row["obs_value"])

    def years(self, key):
        return sorted(p for k, p in self.of_series(key[0]) if k == key and len(p) == 4)

    def of_series(self, series, period=""):
        """Return the keys and periods of a series with a value."""
        rows = [(k, p) for k, p in self.rows if k[0] == series and p.startswith(period)]
        return [(k, p) for k, p in rows if self.value(k, p) is not None]

    def titled(self, title, language):
        return next((s for s, t in self.titles.items() if t[language] == title), None)

    def step(self, key, year):
        """Return the change from the year before; for the survey, from its first wave with a figure."""
        if key[0] == SURVEY[0]:
            waves = [self.value(key, p) or 0 for p in self.years(key) if int(p) <= year]
            return waves[-1] - waves[0] if len(waves) > 1 else None
        current, previous = self.value(key, year), self.value(key, year - 1)
        if key == ABUSE:  # only its change is published
            return current
        if key == HELP and current is not None and previous is None:
            return self.value(GROWTH, year)
        return None if current is None or previous is None else current - previous


def facts_of(year, as_of, figures, series):
    """Return the facts of a world: the newest vintage of every figure public on the as-of day."""
    public = figures[figures["role"].eq("main") & figures["known_by"].le(as_of) & figures["region"].eq("NL")]
    rows = {}
    for row in public.sort_values("known_by", kind="stable").to_dict("records"):
        rows[(row["series_id"], row["breakdown"], row["sex"], row["age"]), row["time_period"]] = row
    breaks = [start[:4] for start, _ in series[SURVEY[0]]["breaks"]]
    definitions = {p: str(sum(start <= p for start in breaks)) for k, p in rows if k == SURVEY}
    return Facts(year, rows, {s: about["title"] for s, about in series.items()}, definitions)


class Paragraph(namedtuple("Paragraph", "text language facts section page pairs", defaults=("", "", {}))):
    """One paragraph, item, caption or alt text, with its place and the facts to check it against."""

    def all(self, name, text=None):
        """Return the matches of a pattern in the text or a part of it."""
        return list(PATTERNS[name, self.language].finditer(self.text if text is None else text))

    def first(self, name, text=None):
        return PATTERNS[name, self.language].search(self.text if text is None else text)

    def number(self, text):
        return read_number(text, self.language)

    def changed(self, text, word):
        """Return a change with the sign of its word, and half a unit of its last digit."""
        value, half = self.number(text)
        return (value if self.first("more", word) else -value), half

    def limits(self, text):
        return limits(text, self.language)

    def about(self, before, other=None):
        """Return the subject of a sentence: the last one named in `before`, or that of the section."""
        for text in (before, self.section):
            mentions = [(m.start(), key) for name, key in SUBJECTS.items() for m in self.all(name, text)]
            if mentions:
                return max(mentions, key=lambda pair: pair[0])[1]
        return POLICE if self.first("of_police", self.section) else other
