"""What `osw claims scan --check` prints: relations with place, verdict and arithmetic, as text, JSON, page or annotation."""

import json
import math
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from osw_stats.claims.relation import Relation
from osw_stats.yamlfile import read_yaml

Row = dict[str, Any]
_WORDS = read_yaml(files("osw_stats.cli") / "checked.yml", "checked.yml")


def printed(found: Sequence[Relation], text: str, name: str, form: str, language: str) -> Iterator[str]:
    """Yield relations in a form: text, json, html or github."""
    spoken = language if form == "html" else "en"
    rows = list(_rows(found, text, spoken))
    wrong = [row for row in rows if row["verdict"] == "inconsistent"]
    if form == "json":
        yield json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n"
    elif form == "html":
        yield _page(found, rows, text, name, spoken)
    elif form == "github":
        for row in wrong:
            place = f"file={name},line={row['line']},col={row['column']}"
            yield f"::warning {place},title={row['relation']}::{_escaped(row['arithmetic'])} ({row['why']})\n"
    else:
        for row in rows:
            about = f"{row['arithmetic']} ({row['sure']}: {_word('why', row['why'], spoken)})"
            yield f"{row['line']:6} {row['verdict']:27}{row['relation']:10} {about}\n"
            yield f"{'':7}{' '.join(row['text'].split())[:200]}\n"
        counted = f"{len(wrong)} inconsistent, {len(rows) - len(wrong)} fit"
        yield f"\n{len(rows)} relations between figures: {counted}\n"


def _rows(found: Sequence[Relation], text: str, language: str) -> Iterator[Row]:
    for relation in found:
        row = relation.row(text)
        for side, interval in (("reported", relation.claimed), ("recomputed", relation.result)):
            for edge in ("lower", "upper"):
                number = getattr(interval, edge)
                row[f"{side}_{edge}"] = number if math.isfinite(number) else None
        row |= {"column": relation.start - text.rfind("\n", 0, relation.start), "why": relation.why}
        row["arithmetic"] = arithmetic(relation, language)
        row["parts"] = [
            {"role": role, "start": s.start, "end": s.end, "text": s.text} for role, s in relation.parts
        ]
        yield row


def arithmetic(relation: Relation, language: str) -> str:
    """Return the arithmetic of a relation in one line."""
    values = {
        r: f"{s.lower:g}..{s.upper:g}" if s.value is None else f"{s.value:.10g}" for r, s in relation.parts
    }
    own = " ".join(relation.parts[0][1].text.split())  # the words that are held against the figures
    if relation.relation == "published":
        return f"{relation.formula}; {_word('page', 'says', language)} {own}"
    sides = relation.written(values)
    low, high = relation.result.lower, relation.result.upper
    result = (
        f"{relation.recomputed:.4g}" if low == high else f"{relation.recomputed:.4g} [{low:.4g}; {high:.4g}]"
    )
    said = relation.reported
    words = _word("direction", said, language) if isinstance(said, str) else own
    return f"{sides} = {result}; {_word('page', 'says', language)} {words}"


def _page(found: Sequence[Relation], rows: list[Row], text: str, name: str, language: str) -> str:
    import jinja2

    of_figure: dict[tuple[int, int], int] = {}
    numbered = enumerate(found, start=1)
    for number, relation in sorted(numbered, key=lambda pair: pair[1].verdict != "inconsistent"):
        for _, s in relation.parts:
            of_figure.setdefault((s.start, s.end), number)
    pieces: list[Row] = []
    first: dict[int, int] = {}
    at = 0
    for (start, end), number in sorted(of_figure.items()):
        if start < at:
            continue
        pieces.append({"text": text[at:start], "number": 0})
        pieces.append({"text": text[start:end], "number": number, "verdict": found[number - 1].verdict})
        first.setdefault(number, len(pieces))
        at = end
    pieces.append({"text": text[at:], "number": 0})
    told = []
    for number, row in enumerate(rows, start=1):
        spoken = {kind: _word(kind, row[kind], language) for kind in ("relation", "verdict", "sure", "why")}
        wrong = row["verdict"] == "inconsistent"
        told.append(row | spoken | {"number": number, "piece": first.get(number, 1), "wrong": wrong})
    template = (files("osw_stats.cli") / "checked.html.j2").read_text(encoding="utf-8")
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(template)
    return page.render(
        language=language,
        name=name,
        words={key: words[language] for key, words in _WORDS["page"].items()},
        pieces=pieces,
        findings=[row for row in told if row["wrong"]],
        fits=[row for row in told if not row["wrong"]],
    )


def _word(kind: str, code: str, language: str) -> str:
    return str(_WORDS[kind][code][language])


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
