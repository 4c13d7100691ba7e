"""The unit of a number, its noun, or its age, as in "meisjes van 12 tot 18 jaar" but not in "12 jaar cel"."""

import re
from collections.abc import Sequence

from osw_stats.wording.reading import Reading
from osw_stats.wording.scan.words import DURATIONS, SETS, WORDS
from osw_stats.wording.tokens import Token, text_at
from osw_stats.wording.words import CURRENCY, is_currency

Unit = tuple[str, str, int]  # kind, name, and the token after it
_INITIALS = 3  # letters: "27 EU member states"
_OLDEST = 110
_PARTICIPLE = {
    "en": re.compile(r".*ed"),
    "nl": re.compile(r"(?:ge|be|ver|ont|her|toege|aange|uitge|opge)\w{2,}[dt]"),
}
_ADJECTIVE = {
    language: (tuple(rule["ends"]), tuple(rule["but"])) for language, rule in WORDS["adjective_ends"].items()
}


def unit_at(tokens: Sequence[Token], at: int, start: int) -> Unit | None:
    """Return kind, name and end of the unit of a number at tokens[start:at], or None without a unit."""
    here, after, third = (text_at(tokens, at + n) for n in range(3))
    earlier, before = (text_at(tokens, start - n) for n in (2, 1))
    if here in SETS["percent"]:
        points = here == "%" and after == "-" and third in SETS["points"]
        return "percent", "percent", at + (3 if points else 1)
    if (here == "per" and after == "cent") or (here == "percentage" and after in SETS["points"]):
        return "percent", "percent", at + 2
    if here == "," and after == "-" and tokens[at].glued and tokens[at + 1].glued and third in CURRENCY:
        return "money", CURRENCY[third], at + 3  # "2.500,- euro"
    of_next = here in ("€", "$", "£") and "0" <= after[:1] <= "9"  # "vanaf 2024 €20 miljoen"
    if is_currency(tokens, at) and not of_next:
        return "money", CURRENCY[here], at + 1 + (here == "us")  # "5 US dollars"
    if is_currency(tokens, start - 1) and (before != "pond" or earlier):
        return "money", CURRENCY[before], at
    if end := _posts_end(tokens, at + (here in SETS["of_posts"])):
        return "fte", "fte", end
    if before == "factor" or (before in ("of", "van") and earlier == "factor"):
        return "ratio", "ratio", at
    glued = here == "-" and tokens[at].glued
    if glued and after == "fold":
        return "ratio", "ratio", at + 2
    many_times = after in SETS["ratio_after"] or (here == "maal" and after not in SETS["per"])
    if here in SETS["times"] and many_times:
        return "ratio", "ratio", at + 1
    if here in DURATIONS:
        return "duration", DURATIONS[here], at + 1
    if after in DURATIONS and (here in SETS["time_adjectives"] or glued) and not _is_time(tokens, at):
        return "duration", DURATIONS[after], at + 2
    return None


def _posts_end(tokens: Sequence[Token], at: int) -> int | None:
    """Return the token after "fte" or "full-time equivalents"."""
    word = text_at(tokens, at)
    if word in SETS["fte"]:
        return at + 1
    near = range(at + 1, at + 5) if word in SETS["full_time"] else ()
    return next((n + 1 for n in near if text_at(tokens, n).startswith(("equivalent", "banen"))), None)


def noun_after(tokens: Sequence[Token], at: int, language: str, *, text: str = "") -> str | None:
    """Return the noun that a number before `at` counts, with its adjectives; None if none follows."""
    # with `text`, a table cell that ends after the number has no noun
    if (text and _is_cell(tokens, at, text)) or _is_time(tokens, at):
        return None
    phrase: list[str] = []
    while len(phrase) < 4 and at < len(tokens) and tokens[at].word:
        first = word = tokens[at].text
        if word in SETS["not_nouns"]:
            break
        joined = text_at(tokens, at + 1) == "-" and tokens[at + 1].glued
        if joined and at + 2 < len(tokens) and tokens[at + 2].word:
            word += ("-" if tokens[at + 2].glued else "") + tokens[at + 2].text
            at += 2
        phrase.append(word)
        at += 1
        if not _is_adjective(first, language) and not (language == "en" and len(word) <= _INITIALS):
            following = text_at(tokens, at)
            compound = language == "en" and not word.endswith("s") and following.endswith("s")
            if compound and following.isalpha() and following not in SETS["not_nouns"]:
                phrase.append(following)
            break
    # a participle is no noun: "4 miljoen bestemd", "14 reported"
    if phrase and _PARTICIPLE[language].fullmatch(phrase[-1]):
        phrase.pop()
    return " ".join(phrase) or None


def _is_time(tokens: Sequence[Token], at: int) -> bool:
    """Return whether "last year" follows, as in "1,536 last year"."""
    return text_at(tokens, at) in SETS["told_times"] and text_at(tokens, at + 1) in SETS["one_time"]


def _is_cell(tokens: Sequence[Token], at: int, text: str) -> bool:
    """Return whether a wide gap or line end separates the number before `at` from the next table cell."""
    if at >= len(tokens):
        return False
    after = text[tokens[at - 1].end : tokens[at].start]
    before = text[tokens[at - 2].end : tokens[at - 1].start] if at > 1 else ""
    if "\n" in after and text[tokens[at].start].isupper():
        return True  # the next row of a list
    return "\t" in after or "   " in after or ("  " in before and "\n" not in before and "\n" in after)


def _is_adjective(word: str, language: str) -> bool:
    ends, but = _ADJECTIVE[language]
    return word in SETS["adjectives"] or (len(word) > 4 and word.endswith(ends) and not word.endswith(but))


def age_end(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Return the token after an age that begins with the reading, or None for any other number."""
    figure = reading.figure
    ends = (figure.value,) if figure.value is not None else (figure.upper, figure.lower)
    if reading.form not in ("number", "range") or not 0 <= ends[0] <= _OLDEST or any(end % 1 for end in ends):
        return None
    return _glued_age(tokens, reading) or _age_in_years(tokens, reading) or _bare_age(tokens, reading)


def _glued_age(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Read "16-jarige", "16- en 17-jarigen", "14-year-old", "18+", "65-plussers"."""
    end, is_plus = reading.end, reading.figure.value in WORDS["plus"]
    first, second = text_at(tokens, end), text_at(tokens, end + 1)
    if first.startswith("jarig"):
        return end + 1
    if first == "plus" or (first == "+" and tokens[end].glued):
        things = SETS["counted"] - SETS["people"]  # "40+ cases"
        return end + 1 if is_plus and second not in things else None
    if first != "-" or not tokens[end].glued:
        return None
    if second.startswith(("jarig", "plus", "minner")):
        return end + 2
    old = text_at(tokens, end + 2) == "-" and text_at(tokens, end + 3).startswith("old")
    if second in SETS["age_units"] and old:
        return end + 4
    if second in ("en", "of", "tot", "and", "or", "to", ","):
        for at in range(end + 2, min(end + 9, len(tokens))):
            if text_at(tokens, at).startswith("jarig"):
                return at + 1
            if text_at(tokens, at) in SETS["age_units"] and text_at(tokens, at + 1) == "-":
                return at + 3
    return None


def _age_in_years(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Read "16 jaar oud", "18 jaar en ouder", "van 12 tot 18 jaar"."""
    start, end = reading.start, reading.end
    unit, after, second, third = (text_at(tokens, end + n) for n in range(4))
    if unit in ("en", "and", "of", "or") and second in SETS["age_units"] and third in ("oud", "old"):
        return end + 4  # "five and seven years old"
    if unit in ("en", "and") and second in SETS["age_units"] and _after_people(tokens, start):
        return end + 3  # "jongeren van 16 en 17 jaar"
    if unit not in SETS["age_units"]:
        return None
    if after in ("oud", "old"):
        return end + 2
    if (after in ("of", "en", "or", "and") and second in SETS["old"]) or (after, second) == ("of", "age"):
        return end + 3
    if text_at(tokens, start - 1 - (text_at(tokens, start - 1) == "de")) in ("onder", "boven", "vanaf"):
        return end + 1
    if after in SETS["time_after"]:
        return None
    if _after_people(tokens, start) or _of_an_age(tokens, start):
        return end + 1
    if reading.form != "range" or reading.figure.lower < 4:
        return None
    near = {text_at(tokens, at) for at in range(start - 4, start)}
    following = {text_at(tokens, at) for at in range(end + 1, end + 4)}
    return None if near & SETS["time_before"] or following & SETS["time_after"] else end + 1


def _bare_age(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Read an age without "jaar": "een meisje van 12", "onder de 18", "aged 16-17"."""
    end, start, value = reading.end, reading.start, reading.figure.value
    after = text_at(tokens, end)
    over = after in ("and", "or", "en", "of") and text_at(tokens, end + 1) in SETS["age_after"]
    with_over = end + 2 if over else end
    near = [text_at(tokens, at) for at in range(start - 4, start)]
    second, first = near[2:]
    if first in ("aged", "age", "ages"):
        return with_over
    if first == after == "," and second in SETS["people"] and reading.form == "number":
        return end  # "een man, 41, uit Houten"
    noun = after.isalpha() and after not in SETS["not_nouns"]
    no_age = after in ("%", "€", "-", "/", "naar", "procent", "percent", "per")
    if noun or no_age or reading.figure.upper < 3:
        return None
    person = after in ("toen", "when") or second in SETS["pronouns"] or _of_an_age(tokens, start)
    if first in ("was", "is", "werd") and person:
        return end
    if reading.form == "range" and {"age", "ages", "leeftijd", "leeftijden"}.intersection(near):
        return end
    bounded = f"{second} {first}" in WORDS["bounds_of_age"] and (value or 18) >= 3
    if bounded or _after_people(tokens, start, strict=True):
        return with_over
    closes = after in ("s", "", ".", ",")
    return end if first in ("under", "over") and closes and 10 <= (value or 0) <= 80 else None


def _of_an_age(tokens: Sequence[Token], start: int) -> bool:
    """Return whether the preceding words mention an age: "een leeftijdsgrens voor sociale media, van 15 jaar"."""
    near = [text_at(tokens, at) for at in range(start - 8, start)]
    extreme = {"oudste", "jongste", "oldest", "youngest"}.intersection(near[4:])
    return bool(extreme) or any(word.startswith(("leeftijd", "minimumleeftijd")) for word in near)


def _after_people(tokens: Sequence[Token], start: int, *, strict: bool = False) -> bool:
    """Return whether people or "leeftijd" precede a number and its links; `strict`: with "van" and without "aantal"."""
    linked = False
    for at in range(start - 1, start - 8, -1):
        word = text_at(tokens, at)
        if word in SETS["age_before"]:
            return True
        if word in SETS["people"]:
            counted = "aantal" in (text_at(tokens, at - 1), text_at(tokens, at - 2))
            return not strict or (linked and not counted)
        if word not in SETS["age_links"]:
            return False
        linked = linked or word in SETS["age_prepositions"]
    return False
