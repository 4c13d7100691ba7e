"""Output of `osw claims scan`: relations as text, JSON, page or annotations, and proposed rows of a ledger."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from importlib.resources import files
from itertools import chain, count
from string import ascii_lowercase
from typing import Any

from osw_stats.claims.relation import Relation
from osw_stats.data.register import UNSEEN
from osw_stats.data.rows import FORMULA
from osw_stats.errors import InputError
from osw_stats.text.words import word
from osw_stats.wording.parse import parse
from osw_stats.yamlfile import read_yaml

Row = dict[str, Any]
_WORDS = read_yaml(files("osw_stats.cli") / "checked.yml", "checked.yml")
_AROUND = 5  # words on each side
_ENDS = ("lower", "upper", "lower_closed", "upper_closed")
_STOP = re.compile(r"[.!?;:()]\s|\n[ \t\r]*\n|[•…]")


def printed(relations: Sequence[Relation], text: str, name: str, form: str, language: str) -> Iterator[str]:
    """Yield relations in a form: text, json, html or github."""
    spoken = language if form == "html" else "en"
    rows = list(_rows(relations, text, spoken))
    wrong = [row for row in rows if row["verdict"] == "inconsistent"]
    if form == "json":
        yield json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n"
    elif form == "html":
        yield _page(relations, rows, text, name, spoken)
    elif form == "github":
        for row in wrong:
            place = f"file={name},line={row['line']},col={row['column']}"
            message = row["arithmetic"].replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
            yield f"::warning {place},title={row['relation']}::{message} ({row['why']})\n"
    else:
        for row in rows:
            about = f"{row['arithmetic']} ({row['sure']}: {_word('why', row['why'], spoken)})"
            yield f"{row['line']:6} {row['verdict']:27}{row['relation']:10} {about}\n"
            yield f"{'':7}{' '.join(row['text'].split())[:200]}\n"
        counted = f"{len(wrong)} inconsistent, {len(rows) - len(wrong)} fit"
        yield f"\n{len(rows)} relations between figures: {counted}\n"


def _rows(relations: Sequence[Relation], text: str, language: str) -> Iterator[Row]:
    for relation in relations:
        row = relation.row(text)
        for side, interval in (("reported", relation.claimed), ("recomputed", relation.result)):
            for edge in ("lower", "upper"):
                number = getattr(interval, edge)
                row[f"{side}_{edge}"] = number if math.isfinite(number) else None
        row |= {"column": relation.start - text.rfind("\n", 0, relation.start), "why": relation.why}
        row["arithmetic"] = arithmetic(relation, language)
        keys = ("start", "end", "text")
        row["parts"] = [{"role": role} | {key: getattr(s, key) for key in keys} for role, s in relation.parts]
        yield row


def arithmetic(relation: Relation, language: str) -> str:
    """Return the arithmetic of a relation in one line."""
    values = {}
    for role, s in relation.parts:
        values[role] = f"{s.lower:g}..{s.upper:g}" if s.value is None else f"{s.value:.10g}"
    statement = " ".join(relation.parts[0][1].text.split())  # the words that are compared with the figures
    if relation.relation == "published":
        return f"{relation.formula}; {_word('page', 'says', language)} {statement}"
    low, high, as_reported = relation.result.lower, relation.result.upper, relation.reported
    result = f"{relation.recomputed:.4g}" + ("" if low == high else f" [{low:.4g}; {high:.4g}]")
    words = _word("direction", as_reported, language) if isinstance(as_reported, str) else statement
    return f"{relation.written(values)} = {result}; {_word('page', 'says', language)} {words}"


def _page(relations: Sequence[Relation], rows: list[Row], text: str, name: str, language: str) -> str:
    import jinja2

    of_figure: dict[tuple[int, int], int] = {}
    numbered = enumerate(relations, start=1)
    for number, relation in sorted(numbered, key=lambda pair: pair[1].verdict != "inconsistent"):
        for _, s in relation.parts:
            of_figure.setdefault((s.start, s.end), number)
    pieces: list[Row] = []
    first: dict[int, int] = {}
    position = 0
    for (start, end), number in sorted(of_figure.items()):
        if start < position:
            continue
        pieces.append({"text": text[position:start], "number": 0})
        pieces.append({"text": text[start:end], "number": number, "verdict": relations[number - 1].verdict})
        first.setdefault(number, len(pieces))
        position = end
    pieces.append({"text": text[position:], "number": 0})
    groups: dict[bool, list[Row]] = {True: [], False: []}  # keyed by whether the statement is wrong
    for number, row in enumerate(rows, start=1):
        spoken = {kind: _word(kind, row[kind], language) for kind in ("verdict", "sure", "why")}
        spoken["relation"] = word("checked", row["relation"], language)
        place = {"number": number, "piece": first.get(number, 1)}
        groups[row["verdict"] == "inconsistent"].append(row | spoken | place)
    template = (files("osw_stats.cli") / "checked.html.j2").read_text(encoding="utf-8")
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(template)
    words = {key: text[language] for key, text in _WORDS["page"].items()}
    context = {"language": language, "name": name, "words": words, "pieces": pieces}
    return page.render(context, findings=groups[True], fits=groups[False])


def _word(kind: str, code: str, language: str) -> str:
    return str(_WORDS[kind][code][language])


def proposals(rows: Iterable[Row], text: str, relations: Sequence[Relation], used: set[str]) -> Iterator[Row]:
    """Yield a ledger row for every claim not yet in a ledger; what only a person can judge is left out."""
    known, new = {}, []
    # a, b, ..., z, z1, z2, ...: continued for each stem, since a line may hold any number of claims
    suffixes: dict[str, Iterator[str]] = defaultdict(
        lambda: chain(ascii_lowercase, (f"z{n}" for n in count(1)))
    )
    for row in rows:
        if row["ledger"]:
            known[row["start"]] = row["ledger"][0]
        elif row["is_claim"] and not row["non_claim"]:
            stem = "s" + re.sub(r"[\W_]", "_", row["paragraph"].lower() or str(row["line"]))
            name = next(stem + suffix for suffix in suffixes[stem] if stem + suffix not in used)
            used.add(name)
            known[row["start"]] = name
            new.append(row | {"id": name})
    formulae: dict[int, str] = {}
    units: dict[int, str] = {}
    extra: list[Row] = []
    for relation in relations:
        names = {role: known.get(s.start, "") for role, s in relation.parts}
        if not all(names.values()):
            continue
        formula = relation.written(names)
        claimed = relation.parts[0][1]
        is_direction = relation.relation == "direction"
        if is_direction or (relation.relation == "sum" and "whole" not in names):
            total = {"lower": "100", "upper": "100", "unit": "percent"}
            figure: Row = {"as_reported": relation.reported} if is_direction else total
            figure |= {"claim_kind": "direction" if is_direction else "value", "formula": formula}
            place = {"id": f"relation_{len(extra) + 1}", "line": claimed.line, "language": claimed.language}
            extra.append(place | figure | {"text": _clause(text, relation.start, relation.end)})
        else:
            formulae.setdefault(claimed.start, formula)
            if relation.relation == "points" and relation.formula == "after - before":
                units[claimed.start] = "percentage_points"
            # a part may be counted in another word than its whole, so its unit is left open
            units |= {s.start: "" for _, s in relation.parts[1:] if s.kind == "count"}
    for row in new:
        start = row["start"]
        place = {name: row[name] for name in ("id", "paragraph", "line", "start", "language")}
        about = {"unit": units.get(start, row["unit"]), "claim_kind": "value", "formula": formulae.get(start)}
        yield place | about | {"text": _clause(text, start, row["end"])} | _figure(row)
    yield from extra


def _figure(row: Row) -> Row:
    """Return the words of a figure, or its bounds if a ledger would read the words differently."""
    words = " ".join(row["text"].split())
    readable = not FORMULA.match(words) and not UNSEEN.search(words)
    try:
        figure = parse(words, unit=row["unit"], language=row["language"]) if readable else None
    except InputError:
        figure = None
    if figure and all(getattr(figure, end) == row[end] for end in _ENDS):
        return {"as_reported": words}
    return {end: f"{Decimal(f'{row[end]:.12g}'):f}" for end in _ENDS[:2]}


def _clause(text: str, start: int, end: int) -> str:
    """Return the words of a figure with those around it in its clause; "…" replaces characters not allowed in a table."""
    before = text[max(0, start - 100) : start]
    after = text[end : end + 100]
    stops = [m.end() for m in _STOP.finditer(before)]
    before = before[stops[-1] :] if stops else before.partition(" ")[2] if len(before) == 100 else before
    stop = _STOP.search(after)
    after = after[: stop.start()] if stop else after.rpartition(" ")[0] if len(after) == 100 else after
    first, last = (re.findall(r"\s*\S+|\s+", part) for part in (before, after))
    words = "".join((*first[-_AROUND:], text[start:end], *last[:_AROUND]))
    clause = UNSEEN.sub("…", " ".join(words.split()))
    return f"… {clause}" if FORMULA.match(clause) else clause
