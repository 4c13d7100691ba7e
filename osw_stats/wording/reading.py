"""Read one figure at its place in a text: a number, a range, a share, a fraction or a vague count.

`parse` reads the first figure of a wording, `scan` all figures of a text; both use this reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from osw_stats.errors import InputError
from osw_stats.wording import words
from osw_stats.wording.hedges import Figure, apply_rule, one_in
from osw_stats.wording.printed import Printed, code_end, read_number, sign_before
from osw_stats.wording.tokens import Token, text_at
from osw_stats.wording.words import CURRENCY, UNIT_WORDS, WORDS, both, find_hedge, is_denied, phrase_at

_FRACTION_STEP = Decimal(5)  # percentage points: the precision of thirds and halves in speech
_ONE = {language: ones.split() for language, ones in WORDS["one"].items()}
_ONE_PERSON = frozenset(both(WORDS["one_person"]))
_OUT_OF = {language: [p.split() for p in links] for language, links in WORDS["out_of"].items()}
_OF_SCALE = [phrase.split() for phrase in both(WORDS["fraction_of_scale"])]
_PART_OF = [phrase.split() for phrase in both(WORDS["part_of"])]
_RANGE_LINKS = {language: links.split() for language, links in WORDS["range_links"].items()}
_BEFORE_SECOND = {*CURRENCY, "de", "the", "wel"}
_WIDEST_RANGE = 100  # times
_LARGEST_K = 1_000_000
_PRECISE = ("om precies te zijn ", "to be precise ")


class ContradictionError(InputError):
    """Words that contradict themselves; `end` is the token after them."""

    def __init__(self, problem: str, remedy: str, *, end: int = 0, **place: Any) -> None:
        super().__init__(problem, remedy, **place)
        self.end = end


@dataclass(frozen=True)
class Wording:
    """A tokenised text and the options for reading it."""

    tokens: Sequence[Token]
    language: str
    unit: str | None = None
    step: Decimal | None = None
    strict: bool = False
    careful: bool = False  # contradictory words are refused
    declared: bool = False  # the text is one figure: a range from high to low is an error, not a change

    def refuse(self, problem: str, remedy: str, end: int) -> None:
        """Refuse a contradiction if the reading is careful."""
        if self.careful:
            raise ContradictionError(problem, remedy, end=end)

    def hedge(self, at: int, end: int) -> str:
        """Return the rule of the hedge before a figure and its minus sign; two contradictory hedges are refused."""
        rule = find_hedge(self.tokens, at, self.language)[0]
        if not self.careful or rule == "none":
            return rule
        if hedges := words.excluded_hedge(self.tokens, at, self.language):
            self.refuse(f'the hedges "{hedges}" exclude each other', "Keep the one that was printed.", end)
        return rule

    def is_percentage(self, at: int) -> bool:
        """Return whether the number that ends at `at` is a percentage."""
        following = text_at(self.tokens, at) + text_at(self.tokens, at + 1)
        return self.unit == "percent" or following.startswith(("%", *words.PERCENT))


@dataclass(frozen=True)
class Reading:
    """A figure at tokens[start:end], without its hedge and its unit."""

    figure: Figure
    start: int
    end: int
    form: str  # number, range, share ("een op de acht"), fraction, vague or majority


def read_at(wording: Wording, at: int) -> Reading | None:
    """Return the figure that begins at token `at`, or None."""
    share = _share(wording, at)
    if wording.tokens[at].digits:
        return share or _number(wording, at)
    return share or _fraction(wording, at) or _number(wording, at) or _phrase(wording, at)


def is_year(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the number looks like a year: "83 in 2022" is no fraction."""
    text = tokens[at].text
    early = text[:2] in ("17", "18") and text_at(tokens, at - 1) in words.EARLY_YEAR_BEFORE
    return len(text) == 4 and text.isdigit() and (text[:2] in ("19", "20") or early)


def _share(wording: Wording, at: int) -> Reading | None:
    """Read "een op de acht" and "drie op de tien"."""
    tokens, language = wording.tokens, wording.language
    singular = tokens[at].text in _ONE[language]
    top = None if singular else read_number(tokens, at, language)
    dated = is_year(tokens, at) and text_at(tokens, at - 1) in words.YEAR_BEFORE  # "eind 2022 op 4.150"
    if (top is None and not singular) or dated:
        return None
    end = top.end if top else at + 1 + (text_at(tokens, at + 1) in _ONE_PERSON)  # "one man in ten"
    past = _past(tokens, end, _OUT_OF[language])
    part = not past
    if part and not singular:
        past = _past(tokens, end, _PART_OF)  # "zeven van de tien"
    base = read_number(tokens, past, language) if past else None
    m, k = top.value if top else Decimal(1), base.value if base else Decimal(0)
    if base is None or m % 1 or k % 1 or k > _LARGEST_K or is_year(tokens, past):
        return None
    if part and k not in WORDS["wholes"]:
        return None
    problem, remedy = f"tells a ratio of {m} of every {k}", "A ratio lies within all."
    # "12 op 1 juli" and "7 in 5 cities" are no ratios; "7 op de 5" and "7 in 5" alone would be
    meant = not part and (past > end + 1 or base.end == len(tokens))
    if part and m > k and text_at(tokens, base.end) != "-":  # "30 van de 10-jarigen"
        wording.refuse(problem, remedy, base.end)
    if not 0 < m <= k and meant:
        wording.refuse(problem, "A ratio lies above nothing and within all.", base.end)
    if not 0 < m <= k or (m == k and not meant):
        return None
    hedge = wording.hedge(at, base.end)
    if hedge == "circa":
        hedge = "none"  # "one in three" is an approximation already
    if m == 1 and k > 1:
        return Reading(one_in(int(k), hedge, strict=wording.strict), at, base.end, "share")
    if m == k and hedge in ("ruim", "meer_dan"):
        wording.refuse("tells more than all of them", remedy, base.end)
    rule = "m_op_k" if hedge == "none" else hedge
    figure = apply_rule(100 * m / k, 100 / k, rule, strict=wording.strict and m < k)
    if m == k:
        closed = figure.upper_closed or hedge == "none"
        figure = replace(figure, lower=max(figure.lower, 0.0), upper=100.0, upper_closed=closed)
    return Reading(figure, at, base.end, "share")


def _past(tokens: Sequence[Token], at: int, links: Sequence[Sequence[str]]) -> int:
    """Return the position after "op de" or "out of"; 0 if none of these stands at `at`."""
    texts = [t.text for t in tokens[at : at + 3]]
    return next((at + len(link) for link in links if texts[: len(link)] == link), 0)


def _fraction(wording: Wording, at: int) -> Reading | None:
    """Read "de helft" and "ruim een derde"; "een half jaar" and "de tweede helft" are periods."""
    tokens = wording.tokens
    phrase = phrase_at(tokens, at, words.FRACTIONS)
    if phrase is None or is_denied(tokens, at):
        return None
    (m, k), end = phrase
    after = next((t.text for t in tokens[end : end + 2] if t.text not in ("-", "a", "an")), "")
    ordinal = at > 1 and tokens[at - 1].word and tokens[at - 1].glued and tokens[at - 2].digits  # "1e helft"
    if ordinal or text_at(tokens, at - 1) in words.PERIOD_BEFORE or after in words.PERIOD_AFTER:
        return None
    unit = _past(tokens, end, _OF_SCALE) or end + (text_at(tokens, end) == "-")
    if scale := words.SCALES.get(text_at(tokens, unit)):  # "a quarter of a million" is a count
        part = Decimal(1).scaleb(scale) / k
        figure = apply_rule(m * part, wording.step or part, wording.hedge(at, end), strict=wording.strict)
        return Reading(figure, at, unit + 1, "number")
    step = wording.step or _FRACTION_STEP
    figure = fraction_figure(m, k, wording.hedge(at, end), step=step, strict=wording.strict)
    return Reading(figure, at, end, "fraction")


def fraction_figure(
    m: int, k: int, hedge: str, *, step: Decimal = _FRACTION_STEP, strict: bool = False
) -> Figure:
    """Return the figure of a fraction such as "twee derde" under its hedge, in percent."""
    rule = "breukwoord" if hedge in ("none", "circa") else hedge
    return apply_rule(Decimal(100 * m) / k, step, rule, strict=strict)


def _phrase(wording: Wording, at: int) -> Reading | None:
    """Read a vague count or a majority."""
    tokens = wording.tokens
    if is_denied(tokens, at):
        return None
    if vague := phrase_at(tokens, at, words.VAGUE):
        before = at - 1 - (text_at(tokens, at - 1) == "of")
        after = vague[1] + (text_at(tokens, vague[1]) == "of")
        if words.FACTORS.isdisjoint((text_at(tokens, before), text_at(tokens, after))):
            return Reading(vague_figure(*vague[0]), at, vague[1], "vague")
    if majority := phrase_at(tokens, at, words.MAJORITY):
        figure = Figure(None, 1.0, "majority", majority[0], 100.0, majority[0] == 70, True)
        return Reading(figure, at, majority[1], "majority")
    return None


def vague_figure(low: float, high: float) -> Figure:
    """Return the figure of a vague count such as "tientallen"."""
    return Figure(None, low / 2, "vague", low, high, True, False)


def _number(wording: Wording, at: int) -> Reading | None:
    tokens = wording.tokens
    first = sign_before(tokens, at)
    between = any(tokens[i].text in ("tussen", "between") for i in words.places_before(tokens, first)[-2:])
    number = read_number(tokens, at, wording.language, joined=not between)
    if number is None:
        return None
    span = _range(wording, number, between=between)
    if span:
        return span
    share = wording.is_percentage(number.end)
    width = wording.step or number.width(share=share)
    rule = wording.hedge(first, number.end)
    if number.value < 0 and rule in words.LITERAL:
        remedy = 'Write the size of the fall with its hedge, such as "daling van meer dan 5 procent".'
        wording.refuse("a fall with such a hedge can be read in two ways", remedy, number.end)
    exact = number.unrounded and not share and width == Decimal(1).scaleb(number.place)
    after = " ".join(t.text for t in tokens[number.end : number.end + 7] if t.text not in (",", "(", ":"))
    if rule == "none":
        rule = words.hedge_after(tokens, number.end)
    if rule == "none" and (exact or f"{after} ".startswith(_PRECISE)):
        rule = "exact"
    end = number.end
    if "".join(t.text for t in tokens[end : end + 2] if t.glued) == "-tal":  # "een 500-tal"
        rule, end = "circa" if rule in ("none", "exact") else rule, end + 2
    return Reading(apply_rule(number.value, width, rule, strict=wording.strict), at, end, "number")


def _range(wording: Wording, a: Printed, *, between: bool) -> Reading | None:
    """Read "7 à 8", "5 tot 6", "50-60" and, after "tussen", "70 en 80"."""
    at = a.end
    while text_at(wording.tokens, at) in UNIT_WORDS:
        at += 1
    second = _second(wording, at, between=between)
    if second is None:
        return None
    link, b = second
    share = wording.is_percentage(b.end)
    if wording.is_percentage(a.end) and not share:
        return None  # "rose 3% to 147,000"
    hyphen = link != "-" and text_at(wording.tokens, at) == "-"
    bare = at == a.end and text_at(wording.tokens, b.start - 1) not in CURRENCY
    scale = _shared_scale(a, b, hyphen=hyphen, far=bare and not between)
    a = a.scaled(scale) if scale else a
    if a.value > b.value:
        if between or link in ("à", "a") or wording.declared:
            problem = f"tells a range from {a.value:f} down to {b.value:f}"
            wording.refuse(problem, "Copy both ends as printed.", b.end)
        return None
    width = wording.step or min(a.width(share=share), b.width(share=share))
    if link not in ("à", "a"):
        figure = Figure(None, float(width), "tussen", float(a.value), float(b.value), True, True)
    else:
        low, high = a.value - width / 2, b.value + width / 2
        figure = Figure(None, float(width), "a_a_b", float(low), float(high), True, False)
    return Reading(figure, a.start, b.end, "range")


def _shared_scale(a: Printed, b: Printed, *, hyphen: bool, far: bool) -> int:
    """Return the scale that the first end of a range shares: the scale word of the second, or its thousands.

    A hyphen implies them, "10- tot 20.000", as does an implausibly wide range, "10 tot 20.000".
    """
    if a.scale or b.scale:
        return b.scale if not a.scale and a.value < 10 * b.value.scaleb(-b.scale) else 0
    if a.value <= 0 or not (hyphen or (far and 1 < a.value < b.value / _WIDEST_RANGE)):
        return 0
    return next((k for k in (6, 3) if not b.value % 10**k and a.value.scaleb(k) < b.value), 0)


def _second(wording: Wording, at: int, *, between: bool) -> tuple[str, Printed] | None:
    """Return the linking word of a range and the number after it."""
    tokens = wording.tokens
    if text_at(tokens, at) == "-" and text_at(tokens, at + 1) in ("tot", "à", "en", "to", "and"):
        at += 1  # "vijf- tot zesduizend"
    texts = [t.text for t in tokens[at : at + 3]]
    link = text_at(tokens, at)
    if link not in _RANGE_LINKS[wording.language] and not (between and link in ("en", "and")):
        if texts != ["t", "/", "m"]:
            return None
        at += 2
    at += 3 if texts == ["tot", "en", "met"] else 1
    while text_at(tokens, at) in _BEFORE_SECOND:
        at += 1
    signed = link != "-" and at + 1 < len(tokens) and sign_before(tokens, at + 1) <= at
    at += signed
    b = read_number(tokens, at, wording.language)
    if b is None or code_end(tokens, at, wording.language):
        return None
    return link, replace(b, value=-abs(b.value) if signed else abs(b.value))
