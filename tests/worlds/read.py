"""Read a page as a reader does: its sentences, rows and charts, and the numbers and limits in them.

Independent of the product's own reading of numbers, so that an error cannot hide in both.
"""

import re
from collections import namedtuple

DIGITS = {"nl": r"[−-]?(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+)"}
DIGITS["en"] = r"[−-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+)"
MILLION = r"(?:\s+(?:miljoen|million)\b)?"
PLAIN = {lang: digits + MILLION for lang, digits in DIGITS.items()}
YEAR = re.compile(r"(?:19|20)\d\d")
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december "
MONTHS += "january february march may june july august october"
MONTH = re.compile(rf"\s+(?:{'|'.join(MONTHS.split())})\b", re.IGNORECASE)
CHANGE = r"({})\s+(?:procent|percent)\s+(?:(meer|more)|minder|fewer|less)"
TO = r"\s*(?:tot|to)\s+"
# a number as printed: its value, half a unit of its last digit, and its position
Number = namedtuple("Number", "value half start end")
# a piece of a page: heading, text, item, row of a table, caption, alt text or words of a chart
Block = namedtuple("Block", "kind text section cells heads", defaults=("", (), ()))


class Limits(namedtuple("Limits", "low high half start end")):
    """Two limits as printed, signed if they are of a change."""

    def __str__(self):
        return f"{self.low:g} to {self.high:g}"

    @property
    def contains_zero(self):
        """Whether zero lies between them."""
        return self.low <= 0 <= self.high


def read_number(text, language):
    """Return the value of a printed number and half a unit of its last digit."""
    digits = re.sub(r"\s*(?:miljoen|million)$", "", text)
    times = 1e6 if digits != text else 1.0
    if language == "nl":
        digits = digits.translate(str.maketrans(",.", ".,"))
    digits = digits.replace(",", "").replace("−", "-")
    return float(digits) * times, 0.5 * 10.0 ** -len(digits.partition(".")[2]) * times


def numbers(text, language):
    """Return the numbers in a text, except years and days of a month."""
    matches = re.finditer(rf"(?<![\w.,/]){DIGITS[language]}(?![\d]|[.,]\d){MILLION}", text)
    places = [m for m in matches if not YEAR.fullmatch(m[0]) and not MONTH.match(text, m.end())]
    return [Number(*read_number(m[0], language), *m.span()) for m in places]


def changes(text, language):
    """Return the changes in a text, signed by their word: "5,6 procent meer"."""
    results = []
    for m in re.finditer(rf"(?<![\w.,]){CHANGE.format(PLAIN[language])}\b", text):
        value, half = read_number(m[1], language)
        results.append(Number(value if m[2] else -value, half, *m.span()))
    return results


def limits(text, language):
    """Return every pair of limits in a text: "4,9 tot 5,5", "(4.9–5.5)", "6,6 procent minder tot 19,4 procent meer"."""
    n, change, results = PLAIN[language], CHANGE.format(PLAIN[language]), []
    for m in re.finditer(rf"(?<![\w.,]){change}{TO}{change}\b", text):
        (low, half), (high, _) = (read_number(number, language) for number in (m[1], m[3]))
        results.append(Limits(low if m[2] else -low, high if m[4] else -high, half, *m.span()))
    share = r"(?:\s*(?:procentpunt|procent|percentage points|percent|%))?"
    plain = rf"(?<![\w.,–])({n}){share}{TO}({n})(?![\w]|[.,]\d)"
    for m in [*re.finditer(plain, text), *re.finditer(rf"(?<=\()({n})–({n})(?=\))", text)]:
        if YEAR.fullmatch(m[1]) or YEAR.fullmatch(m[2]) or any(f.start <= m.start() < f.end for f in results):
            continue
        (low, half), (high, other) = (read_number(number, language) for number in m.groups())
        times = 1e6 if "mil" in m[2] and "mil" not in m[1] else 1
        results.append(Limits(low * times, high, max(half * times, other), *m.span()))
    return sorted(results, key=lambda f: f.start)


def sentences(text):
    return [s for s in re.split(r"(?<=[.!?])[*”)]*\s+(?=[“(*]*[A-ZÀ-Ý0-9])", text) if s.strip()]


def blocks(text):
    """Yield the blocks of a page in order, without code, attributes and addresses."""
    section, heads, paragraph = "", [], []
    text = re.sub(r"(?ms)^```.*?^```.*?$\n?", "", text)
    for line in [*text.splitlines(), ""]:
        stripped = line.strip()
        continues = stripped and not re.match(r"[#|:!>-]|\d+\. ", stripped)
        if paragraph and not continues:
            yield Block("text", " ".join(paragraph), section)
            paragraph = []
        if stripped.startswith("#"):
            section = plain(stripped.lstrip("# "))
            yield Block("heading", section, section)
        elif stripped.startswith("|"):
            cells = [plain(c) for c in re.split(r"(?<!\\)\|", stripped.strip("|"))]
            if heads and not all(re.fullmatch(r":?-+:?", c) for c in cells):
                yield Block("row", " | ".join(cells), section, cells, heads)
            heads = heads or cells
            continue
        elif stripped.startswith("!["):
            if caption := re.match(r"!\[((?:[^\]\\]|\\.)+)\]", stripped):
                yield Block("caption", plain(caption[1]), section)
            if alt := re.search(r'fig-alt="([^"]*)"', stripped):
                yield Block("alt", alt[1], section)
        elif stripped.startswith(": "):
            yield Block("caption", plain(stripped[2:]), section)
        elif re.match(r"[->] |\d+\. ", stripped):
            yield Block("item", plain(re.sub(r"^(?:[->]|\d+\.) ", "", stripped)), section)
        elif continues:
            paragraph.append(plain(stripped))
            continue
        heads = []


def plain(text):
    """Return the plain text of Markdown."""
    if not re.search(r"[\[\\{*]", text):
        return text.strip()
    text = re.sub(r"\[((?:[^\[\]\\]|\\.)*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\[\]\{[^}]*\}", "", text)
    text = re.sub(r"\{(?:[.#][^}]*|[\w-]+=\"[^}]*)\}", "", text)
    text = re.sub(r"\\(.)", r"\1", text)
    return re.sub(r"\*{1,2}([^*]+)\*{1,2}", r"\1", text).strip()
