"""Checks of one paragraph (`t`, a `Paragraph`): each yields the kind of every contradiction, and the reason."""

import re

from tests.worlds.facts import GIRLS, GROWTH, HELP, PATTERNS, POLICE, SUBJECTS, SURVEY
from tests.worlds.read import Number, changes, numbers, sentences

NUMBERS = {"nl": ("één", "twee", "drie", "vier", "vijf"), "en": ("one", "two", "three", "four", "five")}


def broken(t):
    """Find text that no page prints on purpose."""
    if m := t.first("broken"):
        yield "broken", f"prints “{m[0]}”"


def ordered(t):
    """Lower limits are below upper ones, and values lie between their limits."""
    for span in t.limits(t.text):
        if span.low > span.high + 1e-9:
            yield "limits", f"{span.low:g} is above {span.high:g}"
    for m in t.all("with_limits"):
        value, half = t.number(m[1])
        for span in t.limits(f"({m[2]})")[:1]:
            slack = 2 * half + span.half
            if not span.low - slack <= value <= span.high + slack:
                yield "limits", f"{m[1]} lies outside {m[2]}"


def margin_of_value(t):
    """A value lies within the margin printed after it, if both have the same unit."""
    for m in t.all("margin"):
        rest = t.text[m.end() :]
        span = next((span for span in t.limits(rest) if span.start == 0), None)
        unit = t.first("unit", rest[span.end :]) if span else None
        if not span or not unit:
            continue
        before = numbers(t.text[: m.start()], t.language)
        for number in [n for n in before if re.match(rf"\s*{unit[1]}\b", t.text[n.end :])][-1:]:
            low, high = span.low - 2 * number.half, span.high + 2 * number.half
            if not low <= abs(number.value) <= high and not low <= number.value <= high:
                yield "limits", f"{number.value:g} lies outside its margin {span}"


def one_in(t):
    """A share and its "1 in k" agree."""
    for m in t.all("one_in"):
        share, half = t.number(m[1])
        if not 100 / (share + half) - 0.5 <= int(m[2]) <= 100 / max(share - half, 1e-9) + 0.5:
            yield "one_in", f"{m[1]} percent is 1 in {100 / max(share, 1e-9):.1f}, not 1 in {m[2]}"


def possible(t):
    """No share exceeds a hundred of every hundred."""
    for m in [*t.all("of_hundred"), *t.all("of_people")]:
        for part in filter(None, m.groups()):
            if not 0 <= t.number(part)[0] <= 100:
                yield "impossible", m[0]


def sign_before_word(t):
    """A signed number has no word of direction next to it; nor has zero."""
    for m in t.all("signed"):
        number = m[1] or m[2]
        if number[0] in "−-":
            yield "direction", f"a sign before a word of direction: {m[0]}"
        elif t.number(number)[0] == 0 and "tot" not in t.text[m.end() : m.end() + 5] and "fte" in m[0]:
            yield "direction", f"nought, and a word of direction: {m[0]}"


def compared(t):
    """A change and its two counts agree: "7.1 percent fewer: 4,648 instead of 5,005"."""
    for m in t.all("compared"):
        (change, half), new, old = t.changed(m[1], m[2]), t.number(m[3])[0], t.number(m[4])[0]
        if not old:
            yield "direction", f"a percentage of nought: {m[0]}"
        elif abs((real := 100 * (new / old - 1)) - change) > half + 0.06:
            yield "direction", f"from {old:g} to {new:g} is {real:.1f} percent, not {change:g}"


def against_figures(t):
    """Counts, shares and their changes equal those in the table."""
    for key, pattern in ((POLICE, "police_counted"), (HELP, "requests_counted")):
        for m in t.all(pattern):
            current, previous = t.facts.value(key, m[1]), t.facts.value(key, m[5])
            growth = t.facts.value(GROWTH, m[1]) if key == HELP else None
            change, tolerance = t.changed(m[3], m[4])
            if current is not None and abs(current - t.number(m[2])[0]) > 0.5:
                yield "twice", f"{key[0]} {m[1]} is {current:g} in the table"
            if current is not None and previous:
                if abs((real := 100 * (current / previous - 1)) - change) > tolerance + 0.6:
                    kind = "direction" if real * change < 0 else "twice"
                    yield kind, f"from {previous:g} to {current:g} is {real:.1f} percent"
            elif growth is not None and abs(growth - change) > tolerance + 0.01:
                yield "twice", f"the growth in the table is {growth:g}"
    for m in t.all("share_said"):
        current = t.facts.value(SURVEY, m[1])
        if current is not None and not abs(current - t.number(m[2])[0]) <= 0.051:
            yield "twice", f"the share of {m[1]} is {current:g} in the table"


def waves(t):
    """Statements on two survey waves agree with the figures, and with their difference."""
    comparisons = []  # two waves, and whether the second is called higher or lower than the first
    for m in t.all("two_waves"):
        up, down = (bool(t.first(word, m[2])) for word in ("higher", "lower"))
        comparisons.append((m[3], m[1], up, down))
        for span in t.limits(m[4] or "")[:1]:
            if (up and span.low <= 0) or (down and span.high >= 0):
                yield "verdict", f"the difference runs from {span}"
    comparisons += [(m[1], m[2], bool(m[3]), not m[3]) for m in t.all("only_two")]
    for first, second, up, down in comparisons:
        old, new = t.facts.value(SURVEY, first), t.facts.value(SURVEY, second)
        if old is not None and new is not None and ((up and new <= old) or (down and new >= old)):
            yield "direction", f"{old:g} in {first}, {new:g} in {second}"
    for m in t.all("then_and_now"):
        (a, a_tolerance), (b, b_tolerance), (change, tolerance) = (t.number(g) for g in m.groups())
        if abs(b - a - change) > a_tolerance + b_tolerance + tolerance:
            yield "direction", f"from {a:g} to {b:g} is not {change:g}"
    for m in t.all("growth"):
        for span in t.limits(t.text[m.end() :])[:1]:
            if (span.low > 0) == bool(m[1]):
                yield "verdict", f"{m[0]}, and the margin runs from {span}"


def named_direction(t):
    """A rise or fall in the text occurred in the subject of the sentence or section."""
    year = t.facts.year
    steps = [(t.about(t.text[: m.start()]), year, 1 if m[1] else -1, True) for m in t.all("step")]
    steps += [(t.about(t.text, GIRLS), 9999, 1 if m[1] else -1, True) for m in t.all("went")[:1]]
    spans, moves = t.limits(t.text), changes(t.text, t.language)
    shown = [c for c in moves if not any(span.start <= c.start < span.end for span in spans)]
    shown += [Number(1.0 if m[1] else -1.0, 0.5, *m.span()) for m in t.all("moved")]
    for change in shown if str(year) in t.text else ():  # figures of other years are not looked up
        rest = t.text[change.end :].lstrip()
        after = (key for name, key in SUBJECTS.items() if PATTERNS[name, t.language].match(rest))
        steps.append((next(after, None) or t.about(t.text[: change.start]), year, change.value, False))
    for key, target, sign, strict in steps:
        step = t.facts.step(key, target) if key else None
        if key and step is not None and (step * sign < 0 or (strict and step == 0)):
            yield "direction", f"{' '.join(key)} changed by {step:g} into {target}"
    if t.first("in_contrast") and len(moves) > 1 and (moves[0].value >= 0) == (moves[1].value >= 0):
        yield "contrast", f"“juist”, of {moves[0].value:g} and {moves[1].value:g} percent"


def verdict(t):
    """A verdict agrees with the nearest limits in the paragraph."""
    last, claimed_beyond = None, False
    for sentence in sentences(t.text):
        spans = [s for s in t.limits(sentence) if t.first("more_or_fewer", sentence[s.start : s.end])]
        within, beyond = t.first("within", sentence), t.first("beyond", sentence)
        if within and not spans and t.first("condition", sentence.replace(within[0], "", 1)):
            within = None  # "lies within ordinary variation once counts vary more than": no verdict
        if m := t.first("other_than", sentence):
            if spans and claimed_beyond and not spans[0].contains_zero:
                yield "contrast", f"{m[0]}, but there the limits are {spans[0]}: as before"
        elif match := beyond or within:
            claimed_beyond = bool(beyond)
            nearest = min(spans, key=lambda span: abs(span.start - match.end()), default=last)
            # the latter is judged against the table of pairs
            if nearest and not t.first("the_latter", sentence) and nearest.contains_zero == claimed_beyond:
                yield "verdict", f"the limits are {nearest}"
        last = spans[-1] if spans else last


def latter(t):
    """ "The latter may be ordinary variation" agrees with the row of the table of pairs."""
    m, span, requests_span = t.first("latter"), t.pairs.get("sextortion"), t.pairs.get("helpwanted")
    if m is None or span is None or "sextortion" not in t.text:
        return
    if bool(m[1]) != span.contains_zero:
        yield "verdict", f"the table of pairs has {span} for sextortion"
    as_well = not m[1] and ("Ook" in m[0] or "as well" in t.text)
    if as_well and requests_span is not None and requests_span.contains_zero:
        yield "contrast", f"“as well”, but the table of pairs has {requests_span} for all requests"


def absent(t):
    """Figures called unpublished, uncounted or underived are not in the table."""
    lookups, context = [(HELP, m[1]) for m in t.all("derived")], ""
    for sentence in sentences(t.text):
        year = t.first("year", sentence)
        if year and t.first("unpublished", sentence) and not t.first("distribution", sentence):
            lookups.append((t.about(context + sentence), year[0]))
        context += sentence + " "
    for key, period in lookups:
        if key and (figure := t.facts.value(key, period)) is not None:
            yield "absent", f"{' '.join(key)} {period} is in the table: {figure:g}"


def absent_by_title(t):
    """A series in a list of gaps lacks the listed figure."""
    present = []
    for m in t.all("no_figure"):
        known = t.facts.of_series(t.facts.titled(m[1], t.language))
        present += [pair for pair in known if pair[1].startswith(m[4])][-1:]
        latest = max((p for _, p in known), default="")
        if m[5][:4] >= m[4] or (latest > m[5] and latest[:4] != m[5][:4]):
            yield "absent", f"said: none for {m[4]}, the latest of {m[5]}; it is of {latest}"
    for m in t.all("no_figure_because"):
        if m[2] is None:
            known = t.facts.of_series(t.facts.titled(m[1], t.language), m[4])
            present += [(k, p) for k, p in known if k[1:] == ("", "total", "total") and p == m[4]]
    for key, period in present:
        yield "absent", f"{key[0]} {period} is in the table: {t.facts.value(key, period):g}"


def counted(t):
    """Counts in words and digits agree with the items counted."""
    if (m := t.first("dots")) and (listed := len(t.all("listed_wave"))) != int(m[1]):
        yield "count", f"{m[1]} waves, {listed} listed"
    rows = {year: t.facts.rows[POLICE, year] for year in t.facts.years(POLICE)}
    exact = [year for year, row in rows.items() if row["lower"] == row["upper"]]
    m, words = t.first("exact_totals"), NUMBERS[t.language]
    if m and m[1].lower() in words and words.index(m[1].lower()) + 1 != len(exact):
        yield "count", f"exact yearly totals of police reports in the table: {exact}"
    known, m = t.facts.definitions, t.first("concept_changed")
    if m and known.get(m[1], "") == known.get(m[2]):
        yield "count", f"the definition is the same in {m[1]} and {m[2]}"


def of_the_year(t):
    """Years in headlines agree with the year of the edition."""
    for m in t.all("headline_year") if t.page in ("index", "summary") else ():
        if int(m[m.lastindex or 1]) > t.facts.year:
            yield "year", f"a headline on {m[m.lastindex or 1]} in the edition on {t.facts.year}"


def parts(t):
    """A part does not exceed its whole, and the stated remainder is right."""
    for m in filter(None, map(t.first, ("part_of_requests", "part_of_people"))):
        if t.number(m[2])[0] > t.number(m[1])[0]:
            yield "parts", f"{m[2]} of {m[1]}"
    for piece in t.text.split(";") if t.first("two_points") else ():
        values = [n.value for n in numbers(piece, t.language)][-3:]
        surplus = t.first("over", piece)
        if len(values) == 3 and abs((values[0] - values[1]) * (1 if surplus else -1) - values[2]) > 0.15:
            yield "parts", f"{values[1]:g} needed and {values[0]:g} there do not differ by {values[2]:g}"


CHECKS = (
    *(broken, ordered, margin_of_value, one_in, possible, sign_before_word, compared, against_figures, waves),
    *(named_direction, verdict, latter, absent, absent_by_title, counted, of_the_year, parts),
)
