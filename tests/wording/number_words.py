"""Numbers written out by the rules of spelling, not by those of the reader under test."""

from tests.cases import words

LOW = words(
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien"
)
TENS = words("twintig dertig veertig vijftig zestig zeventig tachtig negentig")
EN_LOW = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
EN_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")


def dutch(n: int, after_e: str = "ën") -> str:
    """Write a number below a million as one Dutch word; `after_e` joins twee and drie to what follows."""
    if n < 20:
        return LOW[n]
    if n < 100:
        unit, ten = LOW[n % 10], TENS[n // 10 - 2]
        return f"{unit}{after_e if unit.endswith('e') else 'en'}{ten}" if n % 10 else ten
    head, scale, rest = (n // 100, "honderd", n % 100) if n < 1000 else (n // 1000, "duizend", n % 1000)
    return f"{dutch(head, after_e) if head > 1 else ''}{scale}{dutch(rest, after_e) if rest else ''}"


def english(n: int) -> list[str]:
    """Write a number below a million the way English does, with "and" after the hundreds."""
    if n < 20:
        return [EN_LOW[n]]
    if n < 100:
        return [EN_TENS[n // 10 - 2], *(["-", EN_LOW[n % 10]] if n % 10 else [])]
    if n < 1000:
        return [EN_LOW[n // 100], "hundred", *(["and", *english(n % 100)] if n % 100 else [])]
    return [*english(n // 1000), "thousand", *(english(n % 1000) if n % 1000 else [])]
